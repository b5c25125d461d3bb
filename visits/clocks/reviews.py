"""The looked-after reviews on which purposeful visits hang: the first and the second after a day.

Each review counts on the earlier of the day for which it was first scheduled and the day on which it was held, so that one
that slips moves nothing, and one held early does. One that was scheduled on or before the day asked about, and held later,
counts on the day on which it was held. What is not held by the day from which one looks counts as scheduled; what lies on
or before the day asked about and was not held, does not count at all.

Where no review is on record, the law's latest day takes its place (reg 33; L-22, L-23).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

from casework.limits import DayLimit
from casework.procedures import RulesInForce
from visits.clocks.facts import PlacementFacts, Review

FIRST_REVIEW: Final = "L-22-reckoned"
SECOND_REVIEW: Final = "L-23-reckoned"
LATER_REVIEW: Final = "L-23-reckoned-later"


class Known(Enum):
    """How the day of a review is known."""

    HELD = "held"
    SCHEDULED = "scheduled"
    RECKONED = "reckoned"


@dataclass(frozen=True, slots=True)
class ReviewDay:
    """The day on which a review counts, and how it is known."""

    on: date
    known: Known


@dataclass(frozen=True, slots=True)
class ReviewsAfter:
    """The first and the second review after a day."""

    first: ReviewDay
    second: ReviewDay


class NotInDays(ValueError):
    """A limit for reviews is set in hours; these limits end with a day."""


def reviews_after(day: date, facts: PlacementFacts, rules: RulesInForce, *, known_on: date) -> ReviewsAfter:
    """The first and second review later than `day`, as they are known by the end of another day.

    Raises UnknownRule where the rules lack a limit for reviews.
    """
    counted = list(_days_counted(facts.reviews, day, known_on))
    before = sorted(review.on for review in counted if review.on <= day)
    after = sorted((review for review in counted if review.on > day), key=lambda review: review.on)
    first = after[0] if after else _reckoned(day, before, facts.care_started_on, rules)
    if len(after) > 1:
        return ReviewsAfter(first, after[1])
    following = SECOND_REVIEW if not before else LATER_REVIEW
    return ReviewsAfter(first, ReviewDay(_limit(following, rules, first.on).on(first.on), Known.RECKONED))


def _days_counted(reviews: Iterable[Review], day: date, known_on: date) -> Iterable[ReviewDay]:
    for review in reviews:
        scheduled_on = review.scheduled_on
        held_on = review.held_on if review.held_on and review.held_on <= known_on else None
        if held_on is None:
            if scheduled_on > day:
                yield ReviewDay(scheduled_on, Known.SCHEDULED)
        elif scheduled_on <= day < held_on or held_on <= scheduled_on:
            yield ReviewDay(held_on, Known.HELD)
        else:
            yield ReviewDay(scheduled_on, Known.SCHEDULED)


def _reckoned(day: date, held: list[date], care_started_on: date, rules: RulesInForce) -> ReviewDay:
    """The law's latest day for the next review after those held; 20 working days from `day` where that is past."""
    if not held:
        latest = _limit(FIRST_REVIEW, rules, care_started_on).on(care_started_on)
    else:
        latest = _limit(SECOND_REVIEW if len(held) == 1 else LATER_REVIEW, rules, held[-1]).on(held[-1])
    return ReviewDay(latest if latest > day else _limit(FIRST_REVIEW, rules, day).on(day), Known.RECKONED)


def _limit(code: str, rules: RulesInForce, on: date) -> DayLimit:
    limit = rules.limit(code, on)
    if not isinstance(limit, DayLimit):
        raise NotInDays(f"{code} is set to {limit}; the limits of reviews are days or longer.")
    return limit
