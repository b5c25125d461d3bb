"""What was loaded from files: the runs, the files, every row as it came, and what was made of it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from children.models import Child
from exchange.ssda903.history import Mark
from placements.models import Placement

PERSON = {"on_delete": models.PROTECT, "related_name": "+"}


class ImportRun(models.Model):
    """Files were loaded: by whom, when, and what came of it."""

    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    outcome = models.JSONField(default=dict)

    class Meta:
        ordering = ("-started_at",)

    def __str__(self):
        return f"Import of {self.started_at:%-d %B %Y}"


class SourceFile(models.Model):
    """One file of a return. Its digest tells it from every other: the same bytes are loaded once."""

    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=300, help_text="With the folder's name.")
    table = models.CharField(max_length=30)
    year = models.PositiveSmallIntegerField(help_text="The year in which the collection year ends.")
    batch = models.PositiveIntegerField()
    """The files of one folder are one batch; a later batch was loaded later."""
    digest = models.CharField(max_length=64, unique=True)
    columns = ArrayField(models.TextField())
    """The line of column names, as it stands."""
    loaded_at = models.DateTimeField(null=True, blank=True)
    """Null while it is being loaded, and where that was interrupted: loading it again goes on."""

    class Meta:
        ordering = ("batch", "pk")

    def __str__(self):
        return f"{self.name}, {self.table} {self.year}"


class SourceRow(models.Model):
    """One row of a file, every cell as it stands there, and what became of it."""

    file = models.ForeignKey(SourceFile, on_delete=models.PROTECT, related_name="rows")
    row = models.PositiveIntegerField(help_text="As a spreadsheet numbers it: the line of column names is row 1.")
    cells = models.JSONField()
    """A list, in the order of the file's columns."""
    code = models.TextField(blank=True)
    """The child's code, without blanks around it; empty where the row has none."""
    child = models.ForeignKey(Child, on_delete=models.PROTECT, null=True, blank=True, related_name="source_rows")
    mark = models.CharField(max_length=10, choices=[(mark.value, mark.value.capitalize()) for mark in Mark])
    because = models.TextField(blank=True)
    """Why nothing was made of it; empty where something was, or where its table is only kept."""

    class Meta:
        ordering = ("file", "row")
        constraints = [models.UniqueConstraint(fields=["file", "row"], name="source_row_once")]
        indexes = [
            models.Index(fields=["code"]),
            models.Index(fields=["child"]),
            models.Index(fields=["mark"], condition=~models.Q(mark__in=["used", "kept"]), name="source_rows_marked"),
        ]

    def __str__(self):
        return f"Row {self.row} of {self.file_id}"


class ImportedPlacement(models.Model):
    """A placement as the files last told it: how a later file knows whether somebody has changed it here since."""

    placement = models.OneToOneField(Placement, on_delete=models.PROTECT, related_name="imported")
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    """The first day after it."""
    setting = models.CharField(max_length=30)
    why_ended = models.CharField(max_length=200, blank=True)
    place = models.TextField(blank=True)
    provider = models.TextField(blank=True)
    postcode = models.TextField(blank=True)
    home_postcode = models.TextField(blank=True)
    urn = models.TextField(blank=True)
    stays = models.JSONField(default=list)
    """Short times away while it went on: [first day, first day after or null, code]."""
    year = models.PositiveSmallIntegerField()
    """The latest collection year that tells it."""

    class Meta:
        indexes = [models.Index(fields=["year"], condition=models.Q(ended_on__isnull=True), name="open_by_year")]

    def __str__(self):
        return f"{self.place} from {self.started_on}"
