"""Files that somebody brought, and what was loaded: the runs, the files, every row as it came, what was made of it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from casework.limits import local_day
from casework.models import Errand
from children.models import Child
from exchange.findings import LONGEST_SHOWN, Finding, Level
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


class Delivery(models.Model):
    """Files of a return or of visits that somebody brought: looked through first, then loaded or not, as somebody decides."""

    class Decision(models.TextChoices):
        """What somebody decided about the files."""

        LOAD = "load", "Load the good rows"
        NOTHING = "nothing", "Load nothing"

    class Kind(models.TextChoices):
        """What the files are."""

        RETURN = "return", "Statutory return"
        VISITS = "visits", "Visits"

    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.RETURN, db_default=Kind.RETURN)
    brought_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    authority_code = models.CharField(max_length=9, blank=True)
    """The ONS code of the authority whose files these are; visits belong to children who are on record already."""
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    """The collection year, where whoever brought the files said it."""
    since = models.DateField(null=True, blank=True)
    """The day from which on the files hold every visit, where whoever brought them said so."""
    look = models.OneToOneField(Errand, on_delete=models.PROTECT, related_name="+")
    """The errand that reads and links everything, and writes no record."""
    told = models.JSONField(default=dict)
    """The counts of the report: of the look, and once they are loaded of the load."""
    decision = models.CharField(max_length=10, choices=Decision.choices, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, **PERSON)
    load = models.OneToOneField(Errand, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """The errand that loads."""
    run = models.OneToOneField(ImportRun, on_delete=models.PROTECT, null=True, blank=True, related_name="delivery")
    files_gone_at = models.DateTimeField(null=True, blank=True)
    """When the files were deleted here: once loaded or not wanted, or after a week."""

    class Meta:
        verbose_name_plural = "deliveries"
        ordering = ("-brought_at", "-pk")
        indexes = [models.Index(fields=["brought_at"], condition=Q(files_gone_at=None), name="deliveries_with_files")]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="", decided_at=None, decided_by=None)
                | Q(decision__in=["load", "nothing"], decided_at__isnull=False, decided_by__isnull=False),
                name="decision_has_its_person",
                violation_error_message="A decision has its person and its time.",
            ),
            models.CheckConstraint(
                condition=Q(load=None) | Q(decision="load"),
                name="loads_what_was_decided",
                violation_error_message="Files are loaded once somebody has decided so.",
            ),
        ]

    def __str__(self):
        return f"Import of {self.brought_at:%-d %B %Y}"

    def get_absolute_url(self):
        """Its report."""
        return reverse("exchange:report", args=[self.pk])

    @property
    def folder_of_loose_files(self):
        """The folder in which files lie that were brought without one: as it is kept, and never shown."""
        return f"{local_day(self.brought_at):%Y-%m-%d}"


class DeliveredFile(models.Model):
    """One file as it was brought: a table of a return, or a zip of folders. Its bytes are kept until it is decided on."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=300)
    size = models.PositiveBigIntegerField(help_text="In bytes.")

    class Meta:
        ordering = ("pk",)

    def __str__(self):
        return self.name


class FilePart(models.Model):
    """A stretch of a file's bytes: kept in the database, so that every web server and worker finds it."""

    file = models.ForeignKey(DeliveredFile, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ("file", "number")
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="file_part_once")]

    def __str__(self):
        return f"Part {self.number} of {self.file_id}"


class Export(models.Model):
    """Visits of a period, written into a file for whoever asked; the file is kept for a week."""

    asked_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    from_on = models.DateField()
    to_on = models.DateField()
    """Inclusive."""
    errand = models.OneToOneField(Errand, on_delete=models.PROTECT, related_name="+")
    rows = models.PositiveIntegerField(null=True, blank=True)
    case_files = ArrayField(models.BigIntegerField(), default=list)
    """Whose visits the file holds: the read log hears of them when it is handed out."""
    file_gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-asked_at", "-pk")
        indexes = [models.Index(fields=["asked_at"], condition=Q(file_gone_at=None), name="exports_with_files")]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on__gte=F("from_on")),
                name="export_ends_after_it_begins",
                violation_error_message="The last day cannot lie before the first.",
            )
        ]

    def __str__(self):
        return f"Export of {self.asked_at:%-d %B %Y}"

    def get_absolute_url(self):
        """The page from which its file is downloaded."""
        return reverse("exchange:export", args=[self.pk])


class ExportPart(models.Model):
    """A stretch of an exported file's bytes: kept in the database, so that every web server finds it."""

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ("export", "number")
        constraints = [models.UniqueConstraint(fields=["export", "number"], name="export_part_once")]

    def __str__(self):
        return f"Part {self.number} of {self.export_id}"


class KeptFinding(models.Model):
    """One thing that a look or a load found, kept so that it can be filtered and downloaded."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="findings")
    is_of_reading = models.BooleanField()
    """Found while the files were read, before the children: said afresh whenever a load is taken up."""
    urgency = models.PositiveSmallIntegerField()
    """What to look at first: 0 refused, 1 warned, 2 linked, 3 loaded."""
    code = models.CharField(max_length=30)
    """Which reason (exchange.findings.REASONS)."""
    file = models.TextField()
    table = models.CharField(max_length=30, blank=True)
    row = models.PositiveIntegerField(null=True, blank=True)
    column = models.CharField(max_length=LONGEST_SHOWN, blank=True)
    value = models.CharField(max_length=LONGEST_SHOWN, blank=True)
    facts = models.JSONField(default=list)
    child = models.CharField(max_length=LONGEST_SHOWN, blank=True)
    """The child's code, where it is about one."""

    class Meta:
        ordering = ("urgency", "pk")
        indexes = [
            models.Index(fields=["delivery", "urgency", "id"], name="findings_in_order"),
            models.Index(fields=["delivery", "child"], name="findings_of_child"),
        ]

    def __str__(self):
        return f"{self.code} in {self.file}"

    @classmethod
    def of(cls, finding: Finding, *, delivery: Delivery, is_of_reading: bool) -> "KeptFinding":
        """A finding as it is kept."""
        return cls(
            delivery=delivery,
            is_of_reading=is_of_reading,
            urgency=URGENCY[finding.level],
            code=finding.code,
            file=finding.file,
            table=finding.table,
            row=finding.row,
            column=finding.column[:LONGEST_SHOWN],
            value=finding.value[:LONGEST_SHOWN],
            facts=list(finding.facts),
            child=finding.child[:LONGEST_SHOWN],
        )


URGENCY = {Level.REFUSED: 0, Level.WARNED: 1, Level.LINKED: 2, Level.LOADED: 3}
