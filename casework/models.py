"""What every case has: a file, its events, its duties; and what the jobs and pages need to lose and double nothing."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property

from accounts.append_only import AppendOnly
from accounts.roles import Role
from casework import scope
from casework.ledger import Closed
from casework.rule_values import MovedDuty, RuleProposal, RuleValue  # noqa: F401 - models of this app
from casework.scope import ScopedQuerySet

PERSON = {"on_delete": models.PROTECT, "related_name": "+"}
LONGEST_LOOK = timedelta(minutes=30)
"""Looks go on as of the moment at which they began; Celery ends whatever takes longer."""


class CaseFileQuerySet(models.QuerySet):
    """Case files, asked by who may see them and by when they need a look."""

    def visible_to(self, user, *, at: datetime):
        """Those whose child, home or provider this person may see at a moment."""
        return self.filter(scope.case_files_visible_to(user, at))

    def counted_for(self, user, *, at: datetime):
        """Those that this person may count at a moment."""
        return self.filter(scope.case_files_counted_for(user, at))

    def due_a_look(self, at: datetime):
        """Those for which time alone has changed something by a moment.

        Also those looked at as of a much later one, because a clock was wrong or somebody tried a moment out: how they
        stand is how they would stand then. A little later they were looked at while a look as of this moment ran.
        """
        return self.filter(Q(look_again_at__lte=at) | Q(looked_at__gt=at + LONGEST_LOOK))


class CaseFile(models.Model):
    """One child, home or provider: the head of its chain of events and the row to lock."""

    class Kind(models.TextChoices):
        CHILD = "child", "Child"
        HOME = "home", "Home"
        PROVIDER = "provider", "Provider"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    opened_at = models.DateTimeField()
    last_number = models.PositiveIntegerField(default=0)
    last_digest = models.CharField(max_length=64, blank=True)
    look_again_at = models.DateTimeField(null=True, blank=True)
    """The next moment at which time alone changes what is due; null where nothing is ahead."""
    looked_at = models.DateTimeField(null=True, blank=True)
    """The moment as of which its duties were last worked out."""
    known_from = models.DateTimeField(null=True, blank=True)
    """When an import brought this file: what went before is known only as far as the file says."""

    objects = CaseFileQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["look_again_at"], condition=Q(look_again_at__isnull=False), name="due_a_look"),
            models.Index(fields=["looked_at"], name="looked_at"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} file {self.pk}"

    @cached_property
    def open_duties(self):
        """What is still owed of it, soonest first, each with its owner; read once."""
        return list(self.duties.open().soonest_first().select_related("owner"))


class Event(models.Model):
    """One act on a case file: who, when, from, to and why, chained by digest to the event before it."""

    case_file = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    act = models.CharField(max_length=100)
    record = models.CharField(max_length=100)
    """The record acted on, "approvals.casediscussion:5"."""
    from_state = models.CharField(max_length=40, blank=True)
    to_state = models.CharField(max_length=40, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    because = models.TextField(blank=True)
    details = models.JSONField(default=dict)
    previous_digest = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ("case_file", "number")
        constraints = [models.UniqueConstraint(fields=["case_file", "number"], name="event_number_once")]
        indexes = [models.Index(fields=["record"])]
        triggers = [AppendOnly()]

    def __str__(self):
        return f"{self.act} ({self.case_file} no. {self.number})"


class Reading(models.Model):
    """One answer that held children's data: who read which case files, on which page, when."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    case_files = ArrayField(models.BigIntegerField())
    page = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["user", "at"]),
            GinIndex(fields=["case_files"], name="readings_of_a_file"),
        ]
        triggers = [AppendOnly()]

    def __str__(self):
        return f"{self.page} read at {self.at}"


class DutyQuerySet(ScopedQuerySet):
    """Duties, asked by owner and by time. Overdue is a question put to the database."""

    def open(self) -> Self:
        """Those still owed."""
        return self.filter(closed_at__isnull=True)

    def overdue(self, at: datetime):
        """Those still owed after their time."""
        return self.open().filter(due_at__lte=at)

    def owed_by(self, user):
        """Those that are this person's to do."""
        return self.open().filter(owner=user)

    def soonest_first(self):
        """In the order in which they fall due."""
        return self.order_by("due_at", "pk")


class Duty(models.Model):
    """One thing that somebody must do by a time, because of a rule. Met by evidence, never ticked off."""

    case_file = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="duties")
    source = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    about = models.CharField(max_length=100)
    role = models.CharField(max_length=40, choices=Role.choices)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, **PERSON)
    stands_in = models.CharField(max_length=200, blank=True)
    """Why the owner is not a holder of the role, where nobody holds it (C-46)."""
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    """The first moment at which it is overdue."""
    says = models.TextField()
    facts = models.JSONField(default=list)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_as = models.CharField(max_length=20, choices=Closed.choices, blank=True)
    evidence = models.CharField(max_length=100, blank=True)
    announced = models.BooleanField(default=True)
    """False for what an import opened: no mail is sent for it."""

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "duties"
        constraints = [
            models.UniqueConstraint(fields=["case_file", "key"], name="duty_once"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_as="") | Q(closed_at__isnull=False) & ~Q(closed_as=""),
                name="duty_closed_as_something",
                violation_error_message="A closed duty says how it ended.",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "due_at"], condition=Q(closed_at__isnull=True), name="open_by_owner"),
            models.Index(
                fields=["kind", "due_at"],
                include=["about", "source"],
                condition=Q(closed_at__isnull=True),
                name="open_of_kind",
            ),
            models.Index(fields=["role", "due_at"], condition=Q(closed_at__isnull=True), name="open_by_role"),
            models.Index(fields=["about"], condition=Q(closed_at__isnull=True), name="open_by_record"),
            models.Index(fields=["case_file", "due_at"], condition=Q(closed_at__isnull=True), name="open_by_file"),
        ]

    def __str__(self):
        return f"{self.kind}: {self.says}"

    def is_overdue(self, at: datetime):
        """Is it still owed after its time?"""
        return self.closed_at is None and self.due_at <= at


class Notification(models.Model):
    """One person told of one duty at one threshold; once, ever, however often the job runs."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="notifications")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notifications")
    threshold = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["duty", "person", "threshold"], name="told_once")]

    def __str__(self):
        return f"{self.person} told of {self.duty_id} at {self.threshold}"


class OutgoingMailQuerySet(models.QuerySet):
    """Mails, asked by whether they still have to go out."""

    def waiting(self, at: datetime):
        """Those not sent that may be tried (again) at a moment, those that waited longest first."""
        return self.filter(Q(try_again_at__isnull=True) | Q(try_again_at__lte=at), sent_at__isnull=True).order_by(
            "written_at", "pk"
        )


class OutgoingMail(models.Model):
    """A mail that must go out: written in the transaction that made it necessary, sent when the broker rings."""

    to = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    written_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    try_again_at = models.DateTimeField(null=True, blank=True)
    """Until then whoever took it last may still be sending it."""

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["written_at"], condition=Q(sent_at__isnull=True), name="mail_waiting")]

    def __str__(self):
        return f"Mail {self.pk} to {self.to}"


class JobRun(models.Model):
    """One run of a job, for one time of its timetable; there is never a second one for the same time."""

    job = models.CharField(max_length=60)
    slot = models.DateTimeField()
    """The time of the timetable that this run answers."""
    run_by = models.CharField(max_length=50, blank=True)
    """The number of the task that runs it; blank once it has failed, so that another may run it."""
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    outcome = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "slot"], name="one_run_per_job_and_time")]

    def __str__(self):
        return f"{self.job} at {self.slot}"


class ErrandQuerySet(models.QuerySet):
    """Errands, asked by whose they are and by whether they go on."""

    def not_ended(self) -> Self:
        """Those that still have to be done, or are under way."""
        return self.filter(ended_at__isnull=True)

    def asked_by(self, user) -> Self:
        """Those that this person asked for, the latest first."""
        return self.filter(by=user).order_by("-asked_at", "-pk")


class Errand(models.Model):
    """Long work that somebody asked for: what, how far it is, and what came of it."""

    kind = models.CharField(max_length=40)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    asked_at = models.DateTimeField()
    told = models.JSONField(default=dict)
    """What it needs to be done, as plain values."""
    attempts = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True, blank=True)
    alive_at = models.DateTimeField(null=True, blank=True)
    """When it last said how far it is."""
    done = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(null=True, blank=True)
    """Null where nobody knows how much there is to do."""
    says = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.JSONField(default=dict)
    failed = models.TextField(blank=True)
    """Why it could not be done, as a sentence."""

    objects = ErrandQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["asked_at"], condition=Q(ended_at__isnull=True), name="errands_not_ended"),
            models.Index(fields=["by", "asked_at"], name="errands_by_person"),
        ]

    def __str__(self):
        return f"{self.kind} {self.pk}"

    def get_absolute_url(self) -> str:
        """The page that says how far it is."""
        return reverse("casework:errand", args=[self.pk])

    @property
    def share_done(self):
        """How much of it is done, in whole per cent; None where nobody knows how much there is."""
        return min(100, 100 * self.done // self.of) if self.of else None


class LongDocument(models.Model):
    """A long document while it is made for one person, and for a short while after."""

    errand = models.OneToOneField(Errand, on_delete=models.PROTECT, related_name="document")
    made_for = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    text_digest = models.CharField(max_length=64)
    """Of the text, without the moment at which it is made."""
    text = models.TextField()
    pdf = models.BinaryField(null=True, blank=True)
    asked_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["made_for", "text_digest"], name="long_documents_of_a_person")]

    def __str__(self):
        return f"Document {self.pk}"


class FailedCheck(models.Model):
    """Somebody typed a digest under which there is no record, or none that this person may see."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["by", "-at"], name="failed_checks_of_a_person")]

    def __str__(self):
        return f"Failed check at {self.at}"


class AnsweredPost(models.Model):
    """A form that was sent once: its key, what it held and the answer, so that sending it again does nothing more."""

    key = models.UUIDField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    content_digest = models.CharField(max_length=64)
    answer = models.CharField(max_length=300)
    at = models.DateTimeField()

    def __str__(self):
        return f"Answer to {self.key}"


class Draft(models.Model):
    """What somebody has typed into a form and not yet sent."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    form = models.CharField(max_length=200)
    """The path of the form's page."""
    content = models.JSONField(default=dict)
    saved_at = models.DateTimeField()
    typed_in = models.CharField(max_length=36, blank=True, default="", db_default="")
    """In which opening of the page it was typed, in whichever browser; empty where no script said so."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "form"], name="one_draft_per_form")]

    def __str__(self):
        return f"Draft of {self.form}"


class Authority(models.Model):
    """The one authority whose children this installation holds."""

    code = models.CharField(max_length=9, help_text="The authority's ONS code, for instance E06000015.")
    name = models.CharField(max_length=100, blank=True)
    set_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "authorities"
        constraints = [
            models.UniqueConstraint(models.Value(1), name="one_authority"),
        ]

    def __str__(self):
        return self.name or self.code
