"""The child, the dated facts about the child's care, and who is allocated."""

from datetime import date, datetime
from operator import attrgetter

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Upper
from django.utils.functional import cached_property
from guardian.managers import UserObjectPermissionManager
from guardian.models import UserObjectPermissionBase

from accounts.append_only import AppendOnly
from accounts.models import Team
from accounts.roles import Role
from casework import reading
from casework.models import CaseFile
from children import access
from children.ages import age_on
from children.states import ALLOCATED_ROLES, LegalCode, ReviewOutcome, Sex, WhyOpened, WhyRestricted
from children.triggers import Folded, NotTheirOwn

PERSON = {"on_delete": models.PROTECT, "related_name": "+"}
WHEN_IT_ENDED = attrgetter("ends_at")


class MomentRange(Func):
    """The span from one moment up to, but not on, another."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


def span(starts: str, ends: str) -> MomentRange:
    """The span between two fields, the second exclusive; open while it is null."""
    return MomentRange(starts, ends, RangeBoundary())


class DatedQuerySet(models.QuerySet):
    """Rows that hold from a moment (`starts_at`, inclusive) until another (`ends_at`, exclusive)."""

    def in_force(self, at: datetime):
        """Those that hold at a moment."""
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at), starts_at__lte=at)


class Dated:
    """A row that holds from a moment (`starts_at`, inclusive) until another (`ends_at`, exclusive)."""

    starts_at: datetime
    ends_at: datetime | None

    def holds_at(self, at: datetime) -> bool:
        """Does it hold at a moment?"""
        return self.starts_at <= at and not self.is_over(at)

    def is_over(self, at: datetime) -> bool:
        """Does it hold no longer?"""
        return self.ends_at is not None and self.ends_at <= at


class IsOneOf(Func):
    """Is it one of an array? Where few are like what is asked, `pk__in` has the database read all children for them."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY("
    output_field = models.BooleanField()


class ChildQuerySet(models.QuerySet):
    """Children, always reached through the person who asks."""

    def visible_to(self, user, *, at: datetime):
        """The children whom this person may see at a moment, in one sub-select."""
        return self.filter(access.children_visible_to(user, at))

    def named(self, pieces, *, nearly=False):
        """Those with every piece in one of their names, present or former; `nearly`, with a name that sounds like each.

        Pieces are folded (`children.search`); how alike is near, the database's setting says.
        """
        lookup = "folded__trigram_word_similar" if nearly else "folded__contains"
        found = self
        for piece in pieces:
            of_this_name = ChildName.objects.filter(**{lookup: piece}).values("child")
            found = found.filter(IsOneOf(F("pk"), ArraySubquery(of_this_name)) if nearly else Q(pk__in=of_this_name))
        return found

    def numbered(self, *numbers):
        """Those with one of these numbers: the authority's own, or the unique pupil number."""
        said = {said for number in numbers for said in (number, number.upper())}
        return self.filter(Q(reference__in=said) | Q(upn__in=said))


class Child(models.Model):
    """A child whom the authority looks after or has looked after."""

    case_file = models.OneToOneField(CaseFile, on_delete=models.PROTECT, related_name="child")
    reference = models.CharField(max_length=20, unique=True, help_text="The authority's own number for the child.")
    upn = models.CharField("unique pupil number", max_length=13, blank=True)
    forename = models.CharField(max_length=100, blank=True)
    surname = models.CharField(max_length=100, blank=True)
    date_of_birth = models.DateField()
    sex = models.CharField(max_length=1, choices=Sex.choices, default=Sex.UNKNOWN)
    ethnicity = models.CharField(max_length=4, blank=True)
    visits_known_from = models.DateField(null=True, blank=True)
    """The day from which every visit is on record, where a history of visits was brought; else the file's own day holds."""

    objects = ChildQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "children"
        ordering = ("surname", "forename", "pk")
        indexes = [models.Index(fields=["upn"])]
        permissions = (
            ("be_named_on_restriction", "Is named on the restriction of the child's record"),
            ("be_invited", "Is invited to the child's record"),
            ("break_glass", "Sees the record for a stated reason and a short time"),
        )

    def __str__(self):
        return self.name

    @classmethod
    def from_db(cls, db, field_names, values):
        """Loading a child is reading the child's file: the request's read log hears of it."""
        child = super().from_db(db, field_names, values)
        reading.note(child.case_file_id)
        return child

    @cached_property
    def known_as(self) -> str:
        """What the child wants to be called; empty where that is the name."""
        return next((name.name for name in self.names.all() if name.kind == ChildName.Kind.KNOWN_AS), "")

    @property
    def name(self):
        """The child's name; the authority's number where no name is known, as after an import of the return."""
        return f"{self.forename} {self.surname}".strip() or f"Child {self.reference}"

    def allocations_at(self, at: datetime):
        """Who is allocated at a moment, read once per moment."""
        return tuple(row for row in self._allocations(at) if row.holds_at(at))

    def allocations_before(self, at: datetime):
        """Who was allocated and is no longer, the latest first; read once per moment, with who is."""
        return tuple(sorted((row for row in self._allocations(at) if row.is_over(at)), key=WHEN_IT_ENDED, reverse=True))

    def holding_at(self, at: datetime):
        """Which team holds the case at a moment, read once per moment; None where none does."""
        return next((row for row in self._holdings(at) if row.holds_at(at)), None)

    def holdings_before(self, at: datetime):
        """Which teams held the case and no longer do, the latest first; read once per moment, with the one that does."""
        return tuple(sorted((row for row in self._holdings(at) if row.is_over(at)), key=WHEN_IT_ENDED, reverse=True))

    def _allocations(self, at: datetime):
        return self._read_once("_allocations_read", at, lambda: self._with("allocations", "person"))

    def _holdings(self, at: datetime):
        return self._read_once("_holdings_read", at, lambda: self._with("holdings", "team"))

    def _with(self, name, related):
        """Rows that hang on the child, each with its person or team, unless they were read with the child."""
        read = getattr(self, "_prefetched_objects_cache", {}).get(name)
        return getattr(self, name).select_related(related) if read is None else read

    def _read_once(self, name, at, read):
        read_at, rows = self.__dict__.get(name, (None, ()))
        if read_at != at:
            rows = tuple(read())
            self.__dict__[name] = (at, rows)
        return rows

    @property
    def legal_status(self):
        """The latest legal status on record; None where none is."""
        return max(self.legal_statuses.all(), key=lambda status: status.from_on, default=None)

    def left_care_on(self, day: date) -> date | None:
        """The last day of care, where it lies before `day` and no care has begun since; None where none is on record."""
        ends = [period.ended_on for period in self.care_periods.all() if period.started_on <= day]
        return max(ends) if ends and all(end is not None and end < day for end in ends) else None

    def age_on(self, day: date) -> int:
        """Full years of age on a day."""
        return age_on(self.date_of_birth, day)


class ChildName(models.Model):
    """A name by which the child is or was known: what search looks through."""

    class Kind(models.TextChoices):
        PRESENT = "present", "Present name"
        KNOWN_AS = "known_as", "Known as"
        FORMER = "former", "Former name"

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="names")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=200)
    folded = models.TextField(null=True, editable=False)  # noqa: DJ001 - null until the database has filled it in
    """The name as search looks through it: without accents, apostrophes and hyphens. The database keeps it."""

    class Meta:
        indexes = [
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="child_name_parts"),
            GinIndex(OpClass("folded", name="gin_trgm_ops"), name="child_name_folded"),
        ]
        triggers = [Folded()]

    def __str__(self):
        return self.name


class CarePeriod(models.Model):
    """From the day on which the child became looked after until the day on which that ended."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="care_periods")
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    how_ended = models.CharField(max_length=10, blank=True)
    end_recorded_at = models.DateTimeField(null=True, blank=True)
    """When somebody recorded here that it ended; null where a return said so."""

    class Meta:
        ordering = ("started_on",)
        constraints = [
            models.UniqueConstraint(
                fields=["child"], condition=Q(ended_on__isnull=True), name="one_open_care_period_per_child"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="care_ends_after_it_starts",
                violation_error_message="Care cannot end before it starts.",
            ),
        ]

    def __str__(self):
        return f"Looked after from {self.started_on}"


class AgreedCeasing(models.Model):
    """Senior managers agreed that a child stops being looked after, from a day on (regulation 39)."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="agreed_ceasings")
    ceases_on = models.DateField()
    """The last day of care, as it was planned."""
    how = models.CharField(max_length=10)
    """How care was to end, by the code of the statutory return."""
    agreed_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    role = models.CharField(max_length=40, choices=Role.choices)
    record = models.CharField(max_length=100)
    """The record that was signed, "approvals.decision:5"."""

    class Meta:
        ordering = ("agreed_at",)
        triggers = [AppendOnly()]

    def __str__(self):
        return f"Agreed on {self.agreed_at:%-d %B %Y}: looked after until {self.ceases_on}"


class LegalStatus(models.Model):
    """The legal basis on which the child is looked after, from a day until the next one."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="legal_statuses")
    code = models.CharField(max_length=2, choices=LegalCode.choices)
    from_on = models.DateField()

    class Meta:
        verbose_name_plural = "legal statuses"
        ordering = ("from_on",)
        constraints = [models.UniqueConstraint(fields=["child", "from_on"], name="one_legal_status_per_day")]

    def __str__(self):
        return f"{self.get_code_display()} from {self.from_on}"


class LookedAfterReview(models.Model):
    """One review of the child's plan: scheduled, and held. One record, also when it is moved."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="reviews")
    scheduled_on = models.DateField()
    held_on = models.DateField(null=True, blank=True)
    participation = models.CharField(max_length=3, blank=True)

    class Meta:
        ordering = ("scheduled_on",)

    def __str__(self):
        return f"Review of {self.held_on or self.scheduled_on}"


class Allocation(Dated, models.Model):
    """A worker is allocated to the child, in a role, from a moment until a moment."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="allocations")
    role = models.CharField(max_length=40, choices=[(role.value, role.label) for role in ALLOCATED_ROLES])
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="allocations")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ("starts_at",)
        indexes = [models.Index(fields=["person", "role", "starts_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="allocation_ends_after_it_starts",
            ),
            ExclusionConstraint(
                name="one_allocated_person_per_role",
                expressions=[
                    ("child", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (span("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="Another person is allocated in this role at that time.",
            ),
        ]

    def __str__(self):
        return f"{self.person}, {Role(self.role).label}"


class TeamHolding(Dated, models.Model):
    """A team holds the child's case, from a moment until a moment."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="holdings")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="holdings")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ("starts_at",)
        indexes = [models.Index(fields=["team"], include=["child", "starts_at", "ends_at"], name="held_by_team")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")), name="holding_ends_after_it_starts"
            ),
            ExclusionConstraint(
                name="one_team_at_a_time",
                expressions=[
                    ("child", RangeOperators.EQUAL),
                    (span("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="Another team holds this case at that time.",
            ),
        ]

    def __str__(self):
        return f"{self.team} from {self.starts_at}"


class Restriction(models.Model):
    """The child's record is seen only by people named on it, whatever their role."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="restrictions")
    why = models.CharField(max_length=20, choices=WhyRestricted.choices, blank=True, default="", db_default="")
    """Blank for one made before reasons were kept apart."""
    because = models.TextField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    key = models.UUIDField(unique=True, editable=False, db_default=RandomUUID())
    """What the privacy officer knows it by, who must not learn whose record it is."""

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_restriction_at_a_time",
                expressions=[
                    ("child", RangeOperators.EQUAL),
                    (span("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="This record is restricted already.",
            ),
        ]

    def __str__(self):
        return f"Restricted from {self.starts_at}"


class ChildUserObjectPermission(UserObjectPermissionBase):
    """A named exception: this person, this child, for one reason, from a moment until a moment; named on a restriction,
    invited, or break-glass. One that is over stays on record.
    """

    content_object = models.ForeignKey(Child, on_delete=models.CASCADE)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    because = models.TextField()

    objects = UserObjectPermissionManager.from_queryset(DatedQuerySet)()

    class Meta:
        indexes = [models.Index(fields=["user", "content_object"])]


class BreakGlassUse(models.Model):
    """Somebody opened one record that is out of their sight: for which reason, from when until when."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="break_glass_uses")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    why = models.CharField(max_length=20, choices=WhyOpened.choices)
    because = models.TextField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    told = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, **PERSON)
    """Whom the alert went to; null where there was nobody to tell."""

    objects = DatedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["by", "starts_at"], name="break_glass_by_person")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="break_glass_ends_after_it_starts"),
        ]
        triggers = [AppendOnly()]

    def __str__(self):
        return f"Break-glass {self.pk} until {self.ends_at}"


class BreakGlassAttempt(models.Model):
    """Somebody tried to open a record by break-glass, and none was opened. What was looked for is not kept."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    at = models.DateTimeField()
    why = models.CharField(max_length=20, choices=WhyOpened.choices)
    because = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["by", "at"], name="break_glass_attempts")]
        triggers = [AppendOnly()]

    def __str__(self):
        return f"Attempt at {self.at}"


class BreakGlassReview(models.Model):
    """What somebody else found who looked at a use of break-glass. The latest counts."""

    use = models.ForeignKey(BreakGlassUse, on_delete=models.PROTECT, related_name="reviews")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=20, choices=ReviewOutcome.choices)
    says = models.TextField(blank=True)

    class Meta:
        ordering = ("at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="in_order") | ~Q(says=""),
                name="break_glass_review_says_why",
                violation_error_message="Say what is not in order, or what is to be explained.",
            ),
        ]
        triggers = [AppendOnly(), NotTheirOwn()]

    def __str__(self):
        return f"{self.get_outcome_display()}, {self.at}"
