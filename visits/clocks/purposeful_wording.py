"""Why a purposeful visit is due on its day: one sentence with its source, and the facts used."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from casework.limits import Hours, Limit, local_day
from casework.procedures import Rule
from casework.wording import counted, due_on, said_day, said_moment, source
from visits.clocks.purposeful_rulebook import REGISTERED, CountedFrom, Standing
from visits.clocks.reviews import Known

REVIEW_IS: Final = {
    Known.HELD: "held on",
    Known.SCHEDULED: "planned for",
    Known.RECKONED: "not planned yet, by law on",
}
ORDER: Final = {CountedFrom.FIRST_REVIEW: "first", CountedFrom.SECOND_REVIEW: "second"}
WEEKLY: Final = "K-12"


@dataclass(frozen=True, slots=True)
class Due:
    """By when a visit is due, by which rule, and what that was counted from."""

    at: datetime
    """The first moment at which it is overdue."""
    rule: Rule
    counted_from: CountedFrom
    standing: Standing
    limit: Limit | None = None
    """None for a visit that is due by a review."""
    counted_at: datetime | None = None
    agreed_on: date | None = None
    """The day from which another interval is agreed with the IRO (K-13)."""
    on_record_from: date | None = None
    """The day before which nobody knows who visited, where that put the visit off."""
    stood_until: date | None = None
    """The day on which the home lost its registration, where the day that stood until then is the earlier one."""
    overdue_on: date | None = None
    """The day on which the home's registration changed, where the visit was overdue: it stays until one is made."""

    @property
    def on(self) -> date:
        """The last day on which it is in time."""
        return local_day(self.at - timedelta.resolution)


def why_this_day(due: Due) -> str:
    """The rule, what it is counted from, the due day and the source, as one sentence and its citation."""
    reason = f"{due.rule.says}, {_counted(due)}"
    if due.stood_until:
        reason += f"; this day stood when the home lost its registration on {said_day(due.stood_until)}"
    if due.overdue_on:
        reason += f"; it was overdue when the home’s registration changed on {said_day(due.overdue_on)}, and stays"
    if due.on_record_from:
        reason += f"; no visits are on record from before {said_day(due.on_record_from)}"
    return f"{reason}, so by {due_on(due.at)}. {source(due.rule)}"


def facts_used(due: Due, started_on: date) -> tuple[tuple[str, str], ...]:
    """The facts on which the day hangs, each with its name."""
    standing = due.standing
    is_registered = standing.regime is REGISTERED
    used = [("Placement began", said_day(started_on))]
    used.append(("The home is", "Registered" if is_registered else _unregistered_since(standing, started_on)))
    if standing.last_visit:
        used.append(("Last purposeful visit", said_day(standing.last_visit)))
    if due.counted_from in ORDER:
        used += [(f"{ORDER[due.counted_from].capitalize()} review", _review(due))]
    if due.rule.code == WEEKLY:
        made = f"{counted(standing.visits - 1, 'visit')} of {standing.visits_in_weekly_time}"
        used.append(("Weekly visits after the first", f"{made}, and at least until {said_day(standing.weekly_until)}"))
    if due.agreed_on:
        used.append(("Interval agreed with the IRO", f"{due.limit}, from {said_day(due.agreed_on)}"))
    if due.on_record_from:
        used.append(("Visits on record from", said_day(due.on_record_from)))
    return tuple(used)


def _counted(due: Due) -> str:
    if due.counted_from in ORDER:
        return f"by the {ORDER[due.counted_from]} review after {_beginning(due.standing)}, {_review(due)}"
    if due.counted_from is CountedFrom.LAST_VISIT:
        agreed = f", as agreed with the IRO from {said_day(due.agreed_on)}" if due.agreed_on else ""
        return f"at most {due.limit} apart{agreed}: last made {said_day(due.counted_at)}"
    counted_from = said_moment(due.counted_at) if isinstance(due.limit, Hours) else said_day(due.counted_at)
    return f"within {due.limit} of {_beginning(due.standing)} on {counted_from}"


def _review(due: Due) -> str:
    reviews = due.standing.reviews
    review = reviews.first if due.counted_from is CountedFrom.FIRST_REVIEW else reviews.second
    return f"{REVIEW_IS[review.known]} {said_day(review.on)}"


def _beginning(standing: Standing) -> str:
    return "the loss of registration" if standing.after_loss else "the move"


def _unregistered_since(standing: Standing, started_on: date) -> str:
    return f"Not registered since {said_day(standing.since)}" if standing.after_loss else "Not registered"
