"""What is asked for and agreed beside the clocks: visits, another interval, what the IRO does around a review."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from accounts.append_only import AppendOnly
from children import access
from children.models import Child, LookedAfterReview
from placements.models import Placement
from visits.models.form import FormReading, VisitingForm
from visits.states import AskedBy, FormKind, HowRaised, HowSpoken

PERSON = {"on_delete": models.PROTECT, "related_name": "+"}
SHORTEST, LONGEST = 1, 184


class OfPlacementQuerySet(models.QuerySet):
    """Rows about a placement, reached through its child."""

    def visible_to(self, user, *, at):
        """Those about children whom this person may see."""
        return self.filter(access.children_visible_to(user, at, "placement__child"))


class OfPlacement(models.Model):
    """A fact about the visits to one placement; it belongs to the child's file."""

    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    recorded_at = models.DateTimeField()

    objects = OfPlacementQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def case_file_id(self):
        """It belongs to the child's file."""
        return self.placement.child.case_file_id


class VisitAskedFor(OfPlacement):
    """Somebody asked for a visit: due in 7 days unless another day was agreed (L-08, local default)."""

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="visits_asked_for")
    asked_by = models.CharField(max_length=10, choices=AskedBy.choices)
    asked_at = models.DateTimeField()
    agreed_for = models.DateField(null=True, blank=True)
    """Another day that was agreed with whoever asked."""
    says = models.TextField(blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    why_taken_back = models.TextField(blank=True, db_default="", default="")

    class Meta:
        ordering = ("asked_at",)

    def __str__(self):
        return f"Visit asked for by {self.get_asked_by_display().lower()}"


class VariationOfVisits(OfPlacement):
    """Another interval of visits to a home without registration, agreed with the IRO at a review (K-13)."""

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="variations_of_visits")
    from_on = models.DateField()
    days = models.PositiveSmallIntegerField(validators=[MinValueValidator(SHORTEST), MaxValueValidator(LONGEST)])
    review = models.ForeignKey(LookedAfterReview, null=True, blank=True, **PERSON)
    iro = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    """The IRO with whom it was agreed."""
    because = models.TextField()

    class Meta:
        ordering = ("from_on",)
        constraints = [
            models.CheckConstraint(
                condition=Q(days__gte=SHORTEST, days__lte=LONGEST),
                name="visits_vary_within_half_a_year",
                violation_error_message=f"Between {SHORTEST} and {LONGEST} days can lie between two visits.",
            ),
            models.UniqueConstraint(
                fields=["placement", "from_on"],
                name="one_variation_from_a_day",
                violation_error_message="Another interval is agreed from that day already.",
            ),
        ]
        triggers = [AppendOnly()]

    def __str__(self):
        return f"Every {self.days} days from {self.from_on}"


class AroundReview(models.Model):
    """What the IRO does around one review of a child."""

    child = models.ForeignKey(Child, **PERSON)
    review = models.ForeignKey(LookedAfterReview, **PERSON)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    at = models.DateTimeField()
    says = models.TextField(blank=True)

    class Meta:
        abstract = True

    @property
    def case_file_id(self):
        """It belongs to the child's file."""
        return self.child.case_file_id


class PrivateConversation(AroundReview):
    """The IRO spoke with the child alone before a review (reg 36, L-38), or why that was not so."""

    held_on = models.DateField()
    how = models.CharField(max_length=20, choices=HowSpoken.choices)

    class Meta:
        ordering = ("held_on",)
        triggers = [AppendOnly()]

    def __str__(self):
        return f"Private conversation of {self.held_on}"


class VisitsConsidered(AroundReview):
    """At a review the IRO looked at everybody's visits, and what extra visits were agreed (K-04)."""

    class Meta:
        ordering = ("at",)
        triggers = [AppendOnly()]

    def __str__(self):
        return f"Visits considered at a review, {self.pk}"


class HealthAsked(OfPlacement):
    """The IRO suggests that a health professional fills in the placement assurance tool (K-14)."""

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="health_asked")
    professional = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    wanted_by = models.DateField(null=True, blank=True)
    says = models.TextField(blank=True)
    shared_at = models.DateTimeField(null=True, blank=True)
    """When the tool that came of it was shared with the social worker."""

    class Meta:
        ordering = ("recorded_at",)

    def __str__(self):
        return f"Placement assurance tool asked for, {self.pk}"

    @property
    def tool(self):
        """The first tool about the child that the professional completed since; None while there is none."""
        written = VisitingForm.objects.complete().filter(kind=FormKind.HEALTH, author=self.professional_id)
        since = written.filter(child=self.placement.child_id, completed_at__gte=self.recorded_at)
        return since.order_by("completed_at").first()


class ProviderReport(OfPlacement):
    """The provider's report on the child's development arrived (K-26)."""

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="provider_reports")
    received_on = models.DateField()
    says = models.TextField(blank=True)

    class Meta:
        ordering = ("received_on",)
        triggers = [AppendOnly()]

    def __str__(self):
        return f"Report of the provider, {self.received_on}"


class ReportsAgreed(OfPlacement):
    """How often the provider reports, from a day on (K-26)."""

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="reports_agreed")
    from_on = models.DateField()
    days = models.PositiveSmallIntegerField(validators=[MinValueValidator(SHORTEST), MaxValueValidator(LONGEST)])

    class Meta:
        ordering = ("from_on",)
        triggers = [AppendOnly()]

    def __str__(self):
        return f"A report every {self.days} days from {self.from_on}"


class Incident(OfPlacement):
    """Something happened in the home, and when the provider told the authority (K-20: within 24 hours, in writing)."""

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="incidents")
    happened_at = models.DateTimeField()
    told_at = models.DateTimeField()
    account_received_at = models.DateTimeField(null=True, blank=True)
    says = models.TextField()

    class Meta:
        ordering = ("happened_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(told_at__gte=F("happened_at")),
                name="told_of_after_it_happened",
                violation_error_message="Nobody can be told of an incident before it happens.",
            )
        ]

    def __str__(self):
        return f"Incident {self.pk}"


class ContractQuestion(OfPlacement):
    """The contract with the provider needs changing, or the provider does not answer: put to Commissioning (K-28)."""

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="contract_questions")
    says = models.TextField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, **PERSON)
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ("recorded_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="whoever_answers_says_when",
            )
        ]

    def __str__(self):
        return f"Question about a contract, {self.pk}"


class RaisedByIroQuerySet(models.QuerySet):
    """What was raised, reached through the child: some of it is about a home to which the child has not moved yet."""

    def visible_to(self, user, *, at):
        """What is about children whom this person may see."""
        return self.filter(access.children_visible_to(user, at, "child"))


class RaisedByIro(OfPlacement):
    """What the IRO did about a form that is missing (S3, L164), or about what a form shows (S3, L384 to L388)."""

    placement = models.ForeignKey(Placement, null=True, blank=True, on_delete=models.PROTECT, related_name="raised")
    child = models.ForeignKey(Child, **PERSON)
    reading = models.ForeignKey(FormReading, null=True, blank=True, on_delete=models.PROTECT, related_name="raised")
    """The reading that it follows from; None for a form that is missing."""
    how = models.CharField(max_length=20, choices=HowRaised.choices)
    awaited_until = models.DateField(null=True, blank=True)
    """Until which day the IRO waits for a form."""
    says = models.TextField()
    """With whom it was raised, and what was agreed."""

    objects = RaisedByIroQuerySet.as_manager()

    class Meta:
        ordering = ("recorded_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(how=HowRaised.AWAITED, awaited_until__isnull=False)
                | (~Q(how=HowRaised.AWAITED) & Q(awaited_until__isnull=True)),
                name="awaited_until_a_day",
                violation_error_message="Say until which day the form is awaited.",
            ),
            models.CheckConstraint(
                condition=Q(placement__isnull=False) | Q(reading__isnull=False),
                name="raised_about_a_home_or_a_reading",
            ),
        ]
        triggers = [AppendOnly()]

    def __str__(self):
        return f"Raised by the IRO, {self.pk}"

    @property
    def case_file_id(self):
        """It belongs to the child's file."""
        return self.child.case_file_id
