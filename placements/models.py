"""Providers, homes, carers and placements, with the dated facts that make an arrangement lawful or not."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Q

from accounts.append_only import AppendOnly
from casework.models import CaseFile
from children import access
from children.models import Child, DatedQuerySet, span
from placements.guards import OfTheChild
from placements.states import (
    OUTSIDE,
    ApprovalKind,
    AuthorisationKind,
    FactKind,
    FosteringSector,
    Lawfulness,
    ListedSetting,
    RegistrationStatus,
    Regulation,
    Regulator,
    SecureBasis,
    SecureFinding,
    Setting,
)

PERSON = {"on_delete": models.PROTECT, "related_name": "+"}


def period_constraint(name: str) -> models.CheckConstraint:
    """A period of days that ends after it starts; the end is exclusive."""
    return models.CheckConstraint(
        condition=Q(to_on__isnull=True) | Q(to_on__gt=F("from_on")),
        name=name,
        violation_error_message="The end comes after the start.",
    )


class OnRecordManager(models.Manager):
    """What counts: without the rows that were struck out."""

    def get_queryset(self):
        """All but what was recorded by mistake."""
        return super().get_queryset().filter(struck_out=False)


class WithStruckOutManager(models.Manager):
    """Every row, also what was recorded by mistake."""


class Recorded(models.Model):
    """A fact that is struck out where it was recorded by mistake: the row stays, and counts no longer."""

    struck_out = models.BooleanField(default=False, editable=False)

    objects = OnRecordManager()

    class Meta:
        abstract = True


class Provider(models.Model):
    """An organisation that runs homes or fostering services."""

    case_file = models.OneToOneField(CaseFile, on_delete=models.PROTECT, related_name="provider")
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ("name",)

    def __str__(self):
        return self.name


class Home(models.Model):
    """A home that is not a family: a children's home, supported accommodation, a school, a centre."""

    case_file = models.OneToOneField(CaseFile, on_delete=models.PROTECT, related_name="home")
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, null=True, blank=True, related_name="homes")
    name = models.CharField(max_length=200)
    setting = models.CharField(max_length=30, choices=Setting.choices)
    listed_as = models.CharField(max_length=30, choices=ListedSetting.choices, blank=True)
    """Set where the place is on the law's lists without being a setting of its own."""
    regulator = models.CharField(max_length=10, choices=Regulator.choices, blank=True)
    """The regulator that this home needs; blank for the usual one of its setting."""
    urn = models.CharField("regulator’s number", max_length=8, blank=True)
    address = models.TextField(blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    run_by_authority = models.BooleanField(default=False)

    class Meta:
        ordering = ("name",)
        indexes = [models.Index(fields=["urn"])]

    def __str__(self):
        return self.name


class HomeRegistration(Recorded):
    """Where a home stands with its regulator, from a day until the next row."""

    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="registrations")
    status = models.CharField(max_length=20, choices=RegistrationStatus.choices)
    regulator = models.CharField(max_length=10, choices=Regulator.choices, default=Regulator.OFSTED)
    from_on = models.DateField()
    accepted_on = models.DateField(null=True, blank=True, help_text="The day on which the application was accepted.")

    class Meta:
        ordering = ("from_on",)
        constraints = [
            models.UniqueConstraint(
                fields=["home", "from_on"], condition=Q(struck_out=False), name="one_registration_status_per_day"
            )
        ]

    def __str__(self):
        return f"{self.get_status_display()} from {self.from_on}"


class Inspection(models.Model):
    """The regulator inspected a home, and what it judged."""

    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="inspections")
    inspected_on = models.DateField()
    judgement = models.CharField(max_length=100)

    class Meta:
        ordering = ("-inspected_on",)

    def __str__(self):
        return f"{self.judgement}, {self.inspected_on}"


class RegulatorNotice(models.Model):
    """The regulator told the authority of a concern about a home."""

    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="notices")
    given_on = models.DateField()
    says = models.TextField(blank=True)

    class Meta:
        ordering = ("given_on",)

    def __str__(self):
        return f"Notice of {self.given_on}"


class Carer(models.Model):
    """A family that cares for children: foster carers, connected persons, parents."""

    name = models.CharField(max_length=200)
    address = models.TextField(blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    sector = models.CharField(max_length=20, choices=FosteringSector.choices, blank=True)
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, null=True, blank=True, related_name="carers")

    class Meta:
        ordering = ("name",)

    def __str__(self):
        return self.name


class CarerApproval(Recorded):
    """A period in which a carer is approved: as a foster carer, or temporarily."""

    carer = models.ForeignKey(Carer, on_delete=models.PROTECT, related_name="approvals")
    kind = models.CharField(max_length=30, choices=ApprovalKind.choices)
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True, help_text="The first day on which it holds no longer.")
    decided_by = models.CharField(max_length=200, blank=True)

    objects = OnRecordManager()
    with_struck_out = WithStruckOutManager()

    class Meta:
        ordering = ("from_on",)
        constraints = [period_constraint("carer_approval_ends_after_it_starts")]

    def __str__(self):
        return f"{self.get_kind_display()} from {self.from_on}"


class PlacementQuerySet(models.QuerySet):
    """Placements, reached through their children."""

    def visible_to(self, user, *, at):
        """The placements of children whom this person may see."""
        return self.filter(access.children_visible_to(user, at, "child"))

    def live(self, at):
        """Those in which a child lives at a moment."""
        return self.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=at), started_at__lte=at)


class Placement(Recorded):
    """Where a child lives, from a moment until a moment. The record of a fact: no rule ever stops it (C-45)."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="placements")
    setting = models.CharField(max_length=30, choices=Setting.choices)
    home = models.ForeignKey(Home, on_delete=models.PROTECT, null=True, blank=True, related_name="placements")
    carer = models.ForeignKey(Carer, on_delete=models.PROTECT, null=True, blank=True, related_name="placements")
    relationship = models.CharField(max_length=100, blank=True, help_text="How the carer and the child are connected.")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    why_ended = models.CharField(max_length=200, blank=True)
    approval_recorded = models.BooleanField(default=True)
    """False where the source hides whether the carer is approved, as codes U1-U3 of the return do (D-08)."""
    approval_recorded_at = models.DateTimeField(null=True, blank=True)
    """When somebody found out what the source hid."""
    concern_at_start = models.BooleanField(default=False)
    source_code = models.CharField(max_length=3, blank=True)
    source_provider_code = models.CharField(max_length=3, blank=True)
    source_postcode = models.CharField(max_length=8, blank=True)
    not_confirmed_since = models.DateField(null=True, blank=True)
    """Set where a later return no longer mentions an open placement."""

    objects = OnRecordManager.from_queryset(PlacementQuerySet)()
    with_struck_out = PlacementQuerySet.as_manager()

    class Meta:
        ordering = ("-started_at",)
        indexes = [models.Index(fields=["child", "-started_at"]), models.Index(fields=["home", "-started_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gt=F("started_at")),
                name="placement_ends_after_it_starts",
                violation_error_message="A placement ends after it starts.",
            ),
            ExclusionConstraint(
                name="one_placement_at_a_time",
                expressions=[
                    ("child", RangeOperators.EQUAL),
                    (span("started_at", "ended_at"), RangeOperators.OVERLAPS),
                ],
                condition=Q(struck_out=False),
                violation_error_message="The child lives somewhere else at that time: end that placement first.",
            ),
        ]

    def __str__(self):
        return f"{self.get_setting_display()} from {self.started_at:%-d %B %Y}"

    @property
    def case_file_id(self):
        """A placement belongs to the child's file."""
        return self.child.case_file_id

    def is_live(self, at):
        """Does the child live here at a moment?"""
        return self.started_at <= at and (self.ended_at is None or at < self.ended_at)

    @property
    def usual_home(self):
        """The home to which the child will go back from a short stay elsewhere; this one where it is no such stay."""
        if self.setting != Setting.TEMPORARY:
            return self
        before = self.child.placements.filter(started_at__lt=self.started_at).exclude(setting=Setting.TEMPORARY)
        return before.order_by("-started_at").first() or self

    @property
    def outside_area(self):
        """The fact that the home lies outside the authority's area; None where that is not on record."""
        return next((fact for fact in self.facts.all() if fact.kind in OUTSIDE), None)

    @property
    def with_whom(self):
        """The home's or the carer's name; what is known where neither is recorded."""
        return str(self.home or self.carer or self.get_setting_display())


class ProposedHome(models.Model):
    """A home or a family that is proposed for a child who does not live there: what is decided before the move.

    Never changed: what was decided about it stays about it.
    """

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="proposed_homes")
    setting = models.CharField(max_length=30, choices=Setting.choices)
    home = models.ForeignKey(Home, on_delete=models.PROTECT, null=True, blank=True, related_name="proposed_for")
    carer = models.ForeignKey(Carer, on_delete=models.PROTECT, null=True, blank=True, related_name="proposed_for")
    relationship = models.CharField(max_length=100, blank=True)
    proposed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(home__isnull=True) ^ Q(carer__isnull=True),
                name="a_home_or_a_family_is_proposed",
                violation_error_message="Say which family or home is proposed.",
            )
        ]
        triggers = [AppendOnly()]

    def __str__(self):
        return f"{self.get_setting_display()}, proposed on {self.proposed_at:%-d %B %Y}"

    @property
    def case_file_id(self):
        """What is proposed for a child belongs to the child's file."""
        return self.child.case_file_id

    @property
    def told_apart_by(self) -> str:
        """What tells it from another proposal for the child: which home, or which family."""
        return f"home {self.home_id}" if self.home_id else f"family {self.carer_id}"

    def is_where(self, placement: "Placement") -> bool:
        """Is this the home or the family that the proposal was about?"""
        same = (placement.home_id, placement.carer_id) == (self.home_id, self.carer_id)
        return same and placement.child_id == self.child_id and placement.setting == self.setting


class PlacementFact(Recorded):
    """A dated fact about a placement that the visit clocks and the law ask for."""

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="facts")
    kind = models.CharField(max_length=30, choices=FactKind.choices)
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)
    assessed_on = models.DateField(null=True, blank=True)
    """For a stay under reg 19: the day on which the assessment was complete."""

    class Meta:
        ordering = ("from_on",)
        constraints = [period_constraint("placement_fact_ends_after_it_starts")]

    def __str__(self):
        return f"{self.get_kind_display()} from {self.from_on}"


class Authorisation(models.Model):
    """Senior managers' oversight of an arrangement, from a moment until a moment. It never makes it lawful (C-00)."""

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="authorisations")
    kind = models.CharField(max_length=30, choices=AuthorisationKind.choices)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    as_permanence = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    record = models.CharField(max_length=100)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ("starts_at",)

    def __str__(self):
        return f"{self.get_kind_display()} from {self.starts_at}"


class SecureAuthority(Recorded):
    """What lets a child be kept in secure accommodation, in whichever secure home: an order, an approval."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="secure_authorities")
    kind = models.CharField(max_length=30, choices=SecureBasis.choices)
    given_at = models.DateTimeField()
    to_on = models.DateField(null=True, blank=True, help_text="The first day on which it holds no longer.")
    given_by = models.CharField(max_length=200)
    """Which court made it; the reference of the letter."""

    class Meta:
        verbose_name_plural = "secure authorities"
        ordering = ("given_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["child", "kind", "given_at"],
                condition=Q(struck_out=False),
                name="one_secure_authority_at_a_moment",
                violation_error_message="This is on record already.",
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} of {self.given_at:%-d %B %Y}"


class SecureReview(Recorded):
    """Three people reviewed whether a child has to be kept in secure accommodation."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="secure_reviews")
    held_on = models.DateField()
    first_member = models.CharField(max_length=200)
    second_member = models.CharField(max_length=200)
    independent_member = models.CharField(max_length=200)
    """The one whom no local authority employs."""
    finding = models.CharField(max_length=10, choices=SecureFinding.choices)
    says = models.TextField()

    class Meta:
        ordering = ("held_on",)
        constraints = [
            models.UniqueConstraint(
                fields=["child", "held_on"],
                condition=Q(struck_out=False),
                name="one_secure_review_a_day",
                violation_error_message="A review of that day is on record already.",
            )
        ]

    def __str__(self):
        return f"Review of the keeping, {self.held_on:%-d %B %Y}"


class PresentStanding(models.Model):
    """Where a placement stands now in regulation and law: derived from the facts, kept for lists."""

    placement = models.OneToOneField(Placement, on_delete=models.PROTECT, related_name="standing")
    child = models.ForeignKey(
        Child,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    """The placement's; the database itself keeps it here."""
    regulation = models.CharField(max_length=30, choices=Regulation.choices)
    lawfulness = models.CharField(max_length=30, choices=Lawfulness.choices)
    until_on = models.DateField(null=True, blank=True)
    since_on = models.DateField()
    """The first day of the unbroken time with this regulation."""
    reason = models.TextField()
    cites = ArrayField(models.CharField(max_length=100), default=list)
    missing = ArrayField(models.TextField(), default=list)
    is_alarm = models.BooleanField(default=False)
    """Does a child live here now, and needs oversight from the first minute (D-00)?"""

    class Meta:
        indexes = [
            models.Index(
                fields=["since_on"],
                include=["placement", "child", "lawfulness"],
                condition=Q(is_alarm=True),
                name="live_alarms",
            )
        ]
        triggers = [OfTheChild()]

    def __str__(self):
        return f"{self.get_regulation_display()}, {self.get_lawfulness_display()}"
