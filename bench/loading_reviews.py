"""Takes a child's looked-after reviews into the database, and what the IRO did before and at each, for `bench.loading`."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any

from django.db.models import Model

from accounts.roles import Role
from bench.loading_homes import at_hour
from bench.plan import ReviewPlan
from bench.rhythm import working_days_before
from casework.limits import local_day
from children.models import LookedAfterReview
from children.permissions import may_record_review
from visits.models import PrivateConversation, VisitsConsidered
from visits.states import HowSpoken

SPOKEN_TO, SPOKEN_AHEAD = 0.95, 0.4
"""Before how many reviews that were held the IRO spoke to the child, and before how many that are ahead already."""
HOW = (*5 * (HowSpoken.IN_PERSON,), HowSpoken.BY_TELEPHONE, HowSpoken.DECLINED)


def reviews_of(file: Any) -> Iterator[dict[str, Any]]:
    """The first review is scheduled; each is held, and the next one scheduled there. Each as a deed of the file."""
    plans: list[ReviewPlan] = file.child.reviews
    records = [LookedAfterReview(child=file.record, scheduled_on=plan.scheduled_on) for plan in plans]
    rng = Random(f"{file.plan.seed} {file.child.reference} reviews")
    if plans:
        yield {"at": file.opened_at, "act": "schedule_review", "by": file.manager, "facts": lambda: records[:1]}
    for number, plan in enumerate(plans):
        yield from _spoken_to(file, plan, records[number], rng)
        if plan.held_on:
            held_at = at_hour(plan.held_on, 14)
            reviewer = file.manager if file.child.restricted_because else file.child.worker_at(held_at, Role.IRO)
            facts = partial(_held, plan, records[number : number + 2])
            yield {"at": held_at, "act": "hold_review", "by": reviewer, "facts": facts, "may": may_record_review}


def _held(plan: ReviewPlan, records: list[LookedAfterReview]) -> list[Model]:
    records[0].held_on, records[0].participation = plan.held_on, plan.participation
    return [*records]


def _spoken_to(file: Any, plan: ReviewPlan, record: LookedAfterReview, rng: Random) -> Iterator[dict[str, Any]]:
    """A private conversation some days before, and at the review a look at everybody's visits (L-38, K-04)."""
    days, how, chance = rng.randint(1, 6), rng.choice(HOW), rng.random()
    spoken_at = at_hour(working_days_before(plan.held_on or plan.scheduled_on, days), 15)
    reviewer = file.child.worker_at(spoken_at, Role.IRO)
    is_on_record = file.opened_at < spoken_at < file.plan.at
    if file.child.restricted_because or not reviewer or not is_on_record:
        return
    said = {"child": file.record, "review": record, "by": file.people[reviewer]}
    deed = {"by": reviewer, "may": may_record_review}
    if chance < (SPOKEN_TO if plan.held_on else SPOKEN_AHEAD):
        spoke = {"held_on": local_day(spoken_at), "how": how, "at": spoken_at}
        yield {
            **deed,
            "at": spoken_at,
            "act": "speak_privately",
            "facts": lambda: [PrivateConversation(**said, **spoke)],
        }
    if plan.held_on:
        at = at_hour(plan.held_on, 14) + timedelta(minutes=30)
        says = "Everybody goes as planned; nothing more is needed."
        considered = {"at": at, "says": says}
        yield {**deed, "at": at, "act": "consider_visits", "facts": lambda: [VisitsConsidered(**said, **considered)]}
