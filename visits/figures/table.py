"""What is counted of visits: each figure with what it means in plain words, who says so, and its condition.

Read FIGURES from top to bottom as the page shows them. The condition of a row is the figure: the number is how many rows
it leaves, the list behind the number is those rows. `why` divides them further: of its reasons the first that holds counts,
so that every row has exactly one. What stands open is asked as of the month's last moment, or as of now in the month that
runs; what was made or ended belongs to the month in which it was.

Visits owed are the duties of both visit clocks, as the ledger holds them now: a fact recorded late changes past months.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any, Final

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast

from accounts.roles import Role
from casework.ledger import Closed
from casework.limits import local_day, start_of
from casework.models import Duty
from casework.wording import cited
from children.caseloads.reach import looked_after
from children.models import Child
from visits.after import rulebook as after
from visits.clocks import purposeful_rulebook, statutory_rulebook as rulebook
from visits.models import FormReading, PlannedVisit, Visit, VisitingForm, WhyNotAlone
from visits.states import FormState, PlanState, Reading

A_WEEK: Final = timedelta(days=7)

PURPOSEFUL: Final = frozenset(rule.kind for rule in purposeful_rulebook.RULES if rule.owed_by)
STATUTORY: Final = frozenset(rule.kind for rule in rulebook.RULES if rule.owed_by)
KINDS: Final = tuple(sorted(STATUTORY | PURPOSEFUL))
"""The codes under which the duties of both clocks stand."""
ABOUT_A_PLACEMENT: Final = "placements.placement:"
A_VISIT: Final = "visits.visit:"


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the calendar, as far as it has come by a moment."""

    first: date
    at: datetime

    @property
    def starts_at(self) -> datetime:
        """Its first moment."""
        return start_of(self.first)

    @property
    def ends_at(self) -> datetime:
        """The first moment after it."""
        return start_of(self.following)

    @property
    def following(self) -> date:
        """The first day of the month after."""
        return date(self.first.year + self.first.month // 12, self.first.month % 12 + 1, 1)

    @property
    def before(self) -> date:
        """The first day of the month before."""
        return date(self.first.year - (self.first.month == 1), (self.first.month - 2) % 12 + 1, 1)

    @property
    def is_running(self) -> bool:
        """Is it not over yet?"""
        return self.at < self.ends_at

    @property
    def as_of(self) -> datetime:
        """The moment as of which what stands open is counted: its last one, or now."""
        return self.at if self.is_running else self.ends_at - timedelta.resolution


class Of(Enum):
    """What the rows of a list are."""

    CHILDREN = "children"
    DUTIES = "duties"
    VISITS = "visits"
    AROUND_REVIEWS = "duties around reviews"
    READINGS = "readings"


Condition = Callable[[Month], Q]


@dataclass(frozen=True, slots=True)
class Why:
    """One reason into which the rows of a figure are divided."""

    code: str
    says: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the page, and the list behind it."""

    code: str
    label: str
    of: Of
    condition: Condition
    says: str
    """What it means, for whoever reads it."""
    cites: tuple[str, ...] = ()
    tone: str = "plain"
    """How it is shown where it is not nought."""
    why: tuple[Why, ...] = ()
    asks: str = ""
    """What the division answers: "Why overdue"."""

    @property
    def source(self) -> str:
        """Who says so, as a page cites it."""
        return cited(self.cites)


# Conditions: what stands open at a moment, what ended or was made in a month


def _open(month: Month) -> Q:
    return Q(opened_at__lte=month.as_of) & (Q(closed_at=None) | Q(closed_at__gt=month.as_of))


def _overdue(month: Month) -> Q:
    return _open(month) & Q(due_at__lte=month.as_of)


def _due(month: Month) -> Q:
    return _open(month) & Q(due_at__gt=month.as_of)


def _due_soon(month: Month) -> Q:
    return _due(month) & Q(due_at__lte=month.as_of + A_WEEK)


def _ended(month: Month, how: Closed) -> Q:
    return Q(closed_at__gte=month.starts_at, closed_at__lt=month.ends_at, closed_as=how)


def _in_time(month: Month) -> Q:
    return _ended(month, Closed.MET) & Q(closed_at__lt=F("due_at"))


def _late(month: Month) -> Q:
    return _ended(month, Closed.MET) & Q(closed_at__gte=F("due_at"))


def _missed(month: Month) -> Q:
    return _ended(month, Closed.MISSED)


def _visited(month: Month) -> Q:
    return Q(made_at__gte=month.starts_at, made_at__lt=month.ends_at)


def _made(month: Month) -> Q:
    return _visited(month) & Q(child_seen=True)


def _everybody(month: Month) -> Q:
    return Q()


# Why a visit is overdue, or was late. The rows are duties as `duties` gives them.


def _by_the_role(model: Any) -> Any:
    """Rows of a placement by whoever the duty names: a Personal Adviser counts as the social worker (C-41)."""
    return model.objects.filter(
        Q(role=OuterRef("role")) | Q(role=OuterRef("also_role")), placement=OuterRef("placement_of_duty")
    )


def _nobody_holds_it(month: Month) -> Q:
    return Q(owner=None) | ~Q(stands_in="")


def _form_is_missing(month: Month) -> Q:
    since = {"made_at__gte": OuterRef("opened_at"), "made_at__lte": month.as_of}
    seen = Exists(_by_the_role(Visit).filter(child_seen=True, **since))
    begun = Exists(_by_the_role(VisitingForm).filter(state=FormState.BEGUN, **since))
    return Q(kind__in=PURPOSEFUL) & (Q(seen) | Q(begun))


def _child_was_not_seen(month: Month) -> Q:
    went = _by_the_role(Visit).filter(child_seen=False, made_at__gte=OuterRef("opened_at"), made_at__lte=month.as_of)
    return Q(Exists(went))


def _is_planned(month: Month) -> Q:
    ahead = _by_the_role(PlannedVisit).filter(state=PlanState.PLANNED, planned_on__gte=local_day(month.as_of))
    return Q(Exists(ahead))


def _not_seen_in_time(month: Month) -> Q:
    went = _by_the_role(Visit).filter(
        child_seen=False, made_at__gte=OuterRef("opened_at"), made_at__lt=OuterRef("due_at")
    )
    return Q(Exists(went))


def _planned_in_time(month: Month) -> Q:
    planned = _by_the_role(PlannedVisit).filter(
        planned_at__gte=OuterRef("opened_at"), planned_on__gte=OuterRef("opened_at__date")
    )
    return Q(Exists(planned.filter(planned_on__lt=OuterRef("due_at__date"))))


NOTHING: Final = "nothing"
MISSING: Final = (
    Why("nobody", "Nobody holds the role; somebody stands in", _nobody_holds_it),
    Why("form", "The child was seen; the form is not complete", _form_is_missing),
    Why("planned", "A visit is planned", _is_planned),
    Why("not_seen", "Somebody went, and the child was not seen", _child_was_not_seen),
    Why(NOTHING, "No visit is recorded or planned", _everybody),
)
WHY_LATE: Final = (
    Why("not_seen", "Somebody went in time, and the child was not seen", _not_seen_in_time),
    Why("planned", "A visit was planned in time, and not made", _planned_in_time),
    Why(NOTHING, "No visit was recorded or planned in time", _everybody),
)
NOT_ALONE: Final = (
    *(
        Why(why.value, str(why.label), lambda month, value=why.value: Q(why_not_alone=value))  # type: ignore[misc]
        for why in WhyNotAlone
    ),
    Why(NOTHING, "No reason is recorded", _everybody),
)

# What an IRO does beside own visits


def _owed_as(*codes: str) -> Condition:
    return lambda month: _open(month) & Q(kind__in=codes)


def _concluded(how: Reading) -> Condition:
    return lambda month: Q(at__gte=month.starts_at, at__lt=month.ends_at, concludes=how)


FIGURES: Final = (
    Figure(
        "children",
        "children looked after",
        Of.CHILDREN,
        lambda month: looked_after(month.at),
        "Children who are looked after now, whichever month is shown.",
    ),
    Figure(
        "overdue",
        "visits overdue",
        Of.DUTIES,
        _overdue,
        "A visit is owed, its last day has passed, and none has been made that counts. It counts when the child was seen, "
        "by the role that owes it, and for a purposeful visit when the form is complete.",
        ("C-35",),
        "alarm",
        MISSING,
        "Why overdue",
    ),
    Figure(
        "soon",
        "due in the next 7 days",
        Of.DUTIES,
        _due_soon,
        "A visit is owed, and its last day is within the next seven days. These are among all that are due.",
        tone="watch",
    ),
    Figure(
        "due",
        "visits due in all",
        Of.DUTIES,
        _due,
        "A visit is owed, and there is still time for it.",
    ),
    Figure(
        "in_time",
        "met in time",
        Of.DUTIES,
        _in_time,
        "The visit that was owed was made in this month, by its last day.",
        ("C-35",),
    ),
    Figure(
        "late",
        "met late",
        Of.DUTIES,
        _late,
        "The visit that was owed was made in this month, after its last day. It counts as late, and the next visit is "
        "reckoned from the day on which it was made.",
        ("C-36",),
        "watch",
        WHY_LATE,
        "Why late",
    ),
    Figure(
        "missed",
        "missed",
        Of.DUTIES,
        _missed,
        "The visit was overdue when the child moved, left care or turned 18, or when the role no longer had to visit. "
        "Nobody can make it any more.",
        ("C-36",),
        "alarm",
        WHY_LATE,
        "Why missed",
    ),
    Figure(
        "made",
        "visits made",
        Of.VISITS,
        _made,
        "Somebody from the authority went, and the child was seen. One visit can meet a duty of each clock.",
        ("C-35",),
    ),
    Figure(
        "alone",
        "child seen alone",
        Of.VISITS,
        lambda month: _made(month) & Q(seen_alone=True),
        "Of the visits made, those at which the child was spoken to in private.",
        ("Care Planning Regulations, reg 29",),
    ),
    Figure(
        "not_alone",
        "seen, not alone",
        Of.VISITS,
        lambda month: _made(month) & Q(seen_alone=False),
        "Of the visits made, those at which the child was not spoken to in private. They count; the reason is recorded.",
        ("Care Planning Regulations, reg 29",),
        "plain",
        NOT_ALONE,
        "Why not alone",
    ),
    Figure(
        "not_seen",
        "child not seen",
        Of.VISITS,
        lambda month: _visited(month) & Q(child_seen=False),
        "Somebody went, and the child was not seen. It is recorded and is no visit made: what was owed stays due.",
        ("C-35",),
        "watch",
    ),
    Figure(
        "to_read",
        "forms to read",
        Of.AROUND_REVIEWS,
        _owed_as(after.READ_FIRST),
        "Complete forms of social workers and personal advisers that the IRO has still to read, overdue or not.",
        ("Kent placement procedure, lines 139 to 145", "C-37"),
        "watch",
    ),
    Figure(
        "to_talk",
        "private conversations to hold",
        Of.AROUND_REVIEWS,
        _owed_as(after.CONVERSATION),
        "Before each review the IRO speaks to the child privately. Counted from some weeks before the review until a "
        "conversation is recorded, or why there was none.",
        ("Care Planning Regulations, reg 36",),
        "watch",
    ),
    Figure(
        "to_decide",
        "to decide or to raise",
        Of.AROUND_REVIEWS,
        _owed_as(after.CONSIDER, after.MISSING, after.RAISE, after.EARLY_REVIEW),
        "What else the IRO owes around reviews: to look at everybody’s visits, to decide where a form is missing, to raise "
        "what was to be escalated, to have a review brought forward.",
        ("Kent placement procedure, lines 147 to 164", "C-34"),
        "watch",
    ),
    Figure(
        "escalated",
        "escalated formally",
        Of.READINGS,
        _concluded(Reading.FORMAL_ESCALATION),
        "Forms whose reader in this month escalated what they say formally.",
        ("Kent placement procedure, lines 384 to 388",),
        "alarm",
    ),
    Figure(
        "early_review",
        "reviews brought forward",
        Of.READINGS,
        _concluded(Reading.EARLY_REVIEW),
        "Forms whose reader in this month brought the child’s review forward.",
        ("Kent placement procedure, lines 384 to 388",),
        "watch",
    ),
)
BY_CODE: Final[Mapping[str, Figure]] = {figure.code: figure for figure in FIGURES}

STANDING: Final = ("children", "overdue", "soon", "due")
ENDED: Final = ("in_time", "late", "missed")
MADE: Final = ("made", "alone", "not_alone", "not_seen")
OF_IRO: Final = ("to_read", "to_talk", "to_decide", "escalated", "early_review")


# The rows that the conditions narrow


def rows(of: Of, children: "QuerySet[Child]") -> Any:
    """All rows of a kind about these children, as the conditions ask them."""
    whose = children.order_by().values("pk")
    if of is Of.CHILDREN:
        return children
    if of is Of.DUTIES:
        return duties(children)
    if of is Of.VISITS:
        return Visit.objects.filter(placement__child__in=whose)
    if of is Of.READINGS:
        return FormReading.objects.filter(version__form__child__in=whose)
    return Duty.objects.filter(case_file__in=children.order_by().values("case_file"), role=Role.IRO)


def around(of: Of, month: Month) -> Q:
    """The rows that a figure of a month can hold: what ended before it, or was made outside it, need not be looked at."""
    if of is Of.VISITS:
        return _visited(month)
    return Q(opened_at__lte=month.as_of) & (Q(closed_at=None) | Q(closed_at__gte=month.starts_at))


def duties(children: "QuerySet[Child]") -> "QuerySet[Duty]":
    """The duties of both clocks for these children."""
    files = children.order_by().values("case_file")
    return Duty.objects.filter(case_file__in=files, kind__in=KINDS, about__startswith=ABOUT_A_PLACEMENT)


def whom(of: Of) -> Any:
    """Whom a row counts for: a visit for whoever made it; a duty for whoever owes it, or owed it when it ended.

    Of a duty that was never seen open, as after an import, nobody is recorded: it counts for whoever met it.
    """
    if of is Of.VISITS:
        return F("visitor")
    met_by = Visit.objects.filter(pk=_number_in(OuterRef("evidence"))).values("visitor")
    met = When(owner=None, evidence__startswith=A_VISIT, then=Subquery(met_by))
    return Case(met, default=F("owner_id"), output_field=BigIntegerField())


def _number_in(label: Any) -> Any:
    """The number of the record that a label names, "visits.visit:9"."""
    number = Func(label, Value(":"), Value(2), function="split_part", output_field=CharField())
    return Cast(number, BigIntegerField())


def divided(found: Any, figure: Figure, month: Month) -> Any:
    """The rows of a figure, each with the first of its reasons that holds, as `reason`."""
    if figure.of is Of.DUTIES:
        adviser = Case(When(role=Role.SOCIAL_WORKER, then=Value(Role.PERSONAL_ADVISER.value)), default=F("role"))
        found = found.annotate(placement_of_duty=_number_in(F("about")), also_role=adviser)
    reasons = [When(why.condition(month), then=Value(why.code)) for why in figure.why if why.code != NOTHING]
    return found.annotate(reason=Case(*reasons, default=Value(NOTHING), output_field=CharField()))
