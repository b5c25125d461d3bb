"""An authority's own values for rules: asked for, looked at before they are decided, decided, and kept for good."""

from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.append_only import AppendOnly
from accounts.models import Team
from accounts.roles import Role
from casework.guards import AsAskedAndDecided, StaysAsAsked
from casework.limits import Limit, local_day, type_of_unit
from casework.own_values import objections_to, said_value
from casework.procedures import OwnValue
from casework.scope import ScopedQuerySet

PERSON = {"on_delete": models.PROTECT, "related_name": "+"}
UNITS = [(unit, unit.replace("_", " ")) for unit in type_of_unit]
MOST_OF_A_UNIT = 1_000
A_SWITCH = {"count": 0, "unit": "days"}
"""What stands in the columns of the number where a rule is switched."""


class Said(models.Model):
    """What is set for a rule: a number with its unit, or whether the rule holds; from which day on."""

    code = models.CharField(max_length=20)
    count = models.PositiveIntegerField()
    unit = models.CharField(max_length=20, choices=UNITS)
    is_on = models.BooleanField(null=True, blank=True)
    """For a rule that is switched: does it hold? Null for a number."""
    since = models.DateField()
    because = models.TextField()

    class Meta:
        abstract = True

    @property
    def limit(self) -> Limit | None:
        """The number with its unit, as rules count; None for a switch."""
        return type_of_unit[self.unit](self.count) if self.is_on is None else None

    @property
    def says(self) -> str:
        """The value in words: 5 working days; Yes; No."""
        return said_value(self.limit, self.is_on)

    def as_own_value(self, *, takes_running_along: bool) -> OwnValue:
        """The same as the rules in force take it."""
        return OwnValue(self.code, self.limit, self.since, self.is_on, takes_running_along)


def at_most(name):
    """The constraint on the columns of a number."""
    return models.CheckConstraint(
        condition=Q(count__lte=MOST_OF_A_UNIT),
        name=name,
        violation_error_message=f"A limit is at most {MOST_OF_A_UNIT:,} of its unit: say it in a larger one.",
    )


class RuleValue(Said):
    """An authority's own value for a rule, from a day on: who asked for it, who decided it, and why."""

    takes_running_along = models.BooleanField(default=False, db_default=False)
    """Does it hold also for deadlines that run on its first day? Decided after the preview."""
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, **PERSON)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    decided_as = models.CharField(max_length=40, blank=True, default="", db_default="", choices=Role.choices)
    decided_at = models.DateTimeField()
    seen = models.JSONField(null=True, blank=True)
    """The preview as it was shown to whoever decided: counts, no names."""

    class Meta:
        ordering = ("code", "since")
        constraints = [
            models.UniqueConstraint(
                fields=["code", "since"],
                name="one_value_of_a_rule_per_day",
                violation_error_message="This rule has a number of its own from that day on already.",
            ),
            at_most("own_number_that_can_be_counted"),
        ]
        triggers = [AppendOnly(), AsAskedAndDecided()]

    def __str__(self):
        return f"{self.code}: {self.says} from {self.since}"

    def save(self, **how: Any) -> None:
        """A value that no rule can count with is refused here: once it stands, it is never changed or removed."""
        self.full_clean()
        super().save(**how)

    def clean(self):
        """What stands against this value, as sentences."""
        if self.unit in type_of_unit and self.count is not None and self.since and self.decided_at:
            own = self.as_own_value(takes_running_along=self.takes_running_along)
            objections = objections_to(own, decided_on=local_day(self.decided_at))
            if objections:
                raise ValidationError(objections)


class Answer(models.TextChoices):
    """What became of a proposal."""

    CONFIRMED = "confirmed", "Decided"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


class RuleProposalQuerySet(models.QuerySet):
    """Proposals, asked by whether somebody still has to decide, and who."""

    def waiting(self) -> Self:
        """Those not answered yet."""
        return self.filter(answer="")


class RuleProposal(Said):
    """A value that somebody asked for: a named senior manager looks at whom it would concern, and decides."""

    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    asked_at = models.DateTimeField()
    decider = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    preview = models.ForeignKey("casework.Errand", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """The latest errand that worked out whom it would concern."""
    answer = models.CharField(max_length=20, blank=True, choices=Answer.choices)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, **PERSON)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_because = models.TextField(blank=True)
    value = models.OneToOneField(RuleValue, on_delete=models.PROTECT, null=True, blank=True, related_name="proposal")
    """What was decided, where it was."""

    objects = RuleProposalQuerySet.as_manager()

    class Meta:
        ordering = ("-asked_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(answer=""),
                name="one_open_proposal_of_a_rule",
                violation_error_message="Another value for this rule waits for its decision already.",
            ),
            models.CheckConstraint(
                condition=~Q(decider=models.F("asked_by")),
                name="nobody_decides_what_they_ask_for",
                violation_error_message="Somebody else decides: nobody decides what he or she asked for.",
            ),
            at_most("proposed_number_that_can_be_counted"),
        ]
        triggers = [StaysAsAsked()]

    def __str__(self):
        return f"{self.code}: {self.says} from {self.since}, proposed"

    def get_absolute_url(self) -> str:
        """The page on which it is looked at and decided."""
        return reverse("casework:proposal", args=[self.pk])


class Moves(models.TextChoices):
    """What a value does to a duty on its first day."""

    EARLIER = "earlier", "Due earlier"
    LATER = "later", "Due later"
    OPENS = "opens", "Opens"
    NO_LONGER_DUE = "no_longer_due", "No longer due"


class Variant(models.TextChoices):
    """With what a preview compares the rules in force."""

    KEEP = "keep", "Deadlines that run keep their day"
    TAKE_ALONG = "take_along", "Deadlines that run are taken along"
    AS_IF = "as_if", "Had it held for the last three months already"


class MovedDuty(models.Model):
    """One duty that a proposed value would move, open or end on its first day, as a preview found it."""

    errand = models.ForeignKey("casework.Errand", on_delete=models.CASCADE, related_name="moved")
    variant = models.CharField(max_length=20, choices=Variant.choices)
    case_file = models.ForeignKey("casework.CaseFile", on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """The team that holds the case."""
    kind = models.CharField(max_length=10)
    role = models.CharField(max_length=40, choices=Role.choices)
    how = models.CharField(max_length=20, choices=Moves.choices)
    is_overdue_at_once = models.BooleanField()
    """Is it overdue on the first day, and would not be without the value?"""
    due_before = models.DateTimeField(null=True, blank=True)
    due_after = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "moved duties"
        indexes = [models.Index(fields=["errand", "variant", "case_file"], name="moved_by_preview")]

    def __str__(self):
        return f"{self.kind} {self.how} ({self.variant})"
