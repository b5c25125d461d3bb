"""What the IRO does before and at a review: speaks to the child alone (L-38), and looks at everybody's visits (K-04).

Both are owed by the day of the review, and stay owed where it was held without them: a review swallows neither. When the
next review is held, they can be made up no more and are missed; what is before that one is owed for itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache

from accounts.roles import Role
from casework.limits import DayLimit, Limit, end_of, start_of
from casework.procedures import RulesInForce
from casework.wording import said_day
from visits.after.facts import AfterFacts, AtReview, ReviewOnRecord
from visits.after.owed import Owed
from visits.after.rulebook import AHEAD, CONSIDER, CONVERSATION
from visits.after.wording import owed
from visits.clocks.facts import PlacementFacts
from visits.clocks.purposeful_rulebook import WITHOUT_PURPOSEFUL_VISITS


def reviews_owed(facts: AfterFacts, rules: RulesInForce) -> Iterator[Owed]:
    """What is owed because of every review on record."""
    first_after_a_move = _first_after_a_move(facts)
    for review in facts.reviews:
        if facts.known_from and review.on < facts.known_from:
            continue
        ends = [start_of(facts.over_on) if facts.over_on else None, _next_held(facts, review)]
        over_at = min((moment for moment in ends if moment), default=None)
        yield _before(
            review,
            CONVERSATION,
            "speak to the child privately before it",
            _first_about(facts.conversations, review),
            rules,
            over_at=over_at,
        )
        if review.record in first_after_a_move:
            ends_on = first_after_a_move[review.record].ends_on
            ends = [over_at, start_of(ends_on) if ends_on else None]
            yield _before(
                review,
                CONSIDER,
                "the first since the child moved: look at everybody’s visits",
                _first_about(facts.considered, review),
                rules,
                over_at=min((moment for moment in ends if moment), default=None),
            )


def _next_held(facts: AfterFacts, review: ReviewOnRecord) -> datetime | None:
    """The end of the day on which the next review was held: what was not done before this one is missed, and owed anew."""
    later = [each.held_on for each in facts.reviews if each.held_on and each.on > review.on]
    return end_of(min(later)) if later else None


def _before(
    review: ReviewOnRecord,
    code: str,
    what: str,
    done: AtReview | None,
    rules: RulesInForce,
    *,
    over_at: datetime | None,
) -> Owed:
    ahead = first_day_ahead(review.on, rules.limit(AHEAD, review.on))
    held = f"held on {said_day(review.held_on)}" if review.held_on else f"planned for {said_day(review.scheduled_on)}"
    return owed(
        code,
        rules,
        key=f"{review.record}:{code}",
        role=Role.IRO,
        about=review.record,
        opened_at=start_of(ahead),
        due_at=end_of(review.on),
        because=f"Review {held}: {what}",
        met_at=max(done.at, start_of(ahead)) if done else None,
        evidence=done.record if done else "",
        over_at=over_at,
    )


def _first_about(written: Sequence[AtReview], review: ReviewOnRecord) -> AtReview | None:
    return next((each for each in written if each.review == review.record), None)


def _first_after_a_move(facts: AfterFacts) -> Mapping[str, PlacementFacts]:
    """The first review after each move into a home that has purposeful visits, while the child lives there."""
    found = {}
    for placement in facts.placements:
        if placement.setting in WITHOUT_PURPOSEFUL_VISITS:
            continue
        after = [review for review in facts.reviews if review.on > placement.start]
        first = min(after, key=lambda review: review.on, default=None)
        if first and not placement.is_over(first.on):
            found[first.record] = placement
    return found


@lru_cache(maxsize=10_000)
def first_day_ahead(day: date, limit: Limit) -> date:
    """The first day from which a day lies within a limit; the day itself for a limit in hours."""
    first = day
    while isinstance(limit, DayLimit) and limit.on(first - timedelta(days=1)) >= day:
        first -= timedelta(days=1)
    return first
