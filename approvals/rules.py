"""What stands against a step of the chain: sentences about the record, never about the person.

Each function takes the case discussion and lists why not; an empty list means the step can be taken. No writes, no
clock, no web. Source: S0 2.3-2.7, C-33.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from accounts.roles import Role
from approvals.rulebook import FOUR, INTERIM, RENEWALS, UNTIL_THE_MOVE
from approvals.states import ApprovedAs
from casework.limits import local_day
from casework.rules_in_force import rules_in_force
from casework.wording import said_day
from placements.states import Regulation, Setting
from placements.where import standing_of


def objections_to_convening(discussion: Any) -> list[str]:
    """Why the case discussion cannot be convened: the chain is for a connected person's home, and needs four people."""
    return _nothing_to_sign_off(discussion)


def objections_to_the_four(discussion: Any) -> list[str]:
    """Why these people cannot agree the record: four different people must be named."""
    people = discussion.four_people
    objections = [f"{role.label} is not named." for role, person in people.items() if person is None]
    named = [person.pk for person in people.values() if person is not None]
    if len(set(named)) < len(named):
        objections.append("Four different people agree the record: nobody can be named twice.")
    return objections


def objections_to_approval(discussion: Any) -> list[str]:
    """Why the Head of Service cannot approve: all four must have agreed this version of an arrangement that goes on."""
    return [*_nothing_to_sign_off(discussion), *_not_agreed(discussion.roles_signed_now)]


def objections_to_sign_off(discussion: Any) -> list[str]:
    """Why the Service Director cannot sign: the agreements and the approval must be of this version."""
    signed = discussion.roles_signed_now
    objections = [*_nothing_to_sign_off(discussion), *_not_agreed(signed)]
    if Role.HOS not in signed:
        objections.append("The Head of Service has not approved this version of the record.")
    return objections


def objections_to_noting(discussion: Any) -> list[str]:
    """Why the case note cannot be written: it is written once."""
    return [
        "The case note of this meeting is written already, and stands in the child’s timeline."
    ] * discussion.is_noted


def objections_to_renewal(discussion: Any) -> list[str]:
    """Why an approval cannot be renewed: it has no end, was renewed as often as can be, or holds no longer for another
    reason than time.
    """
    if discussion.approved_as != ApprovedAs.INTERIM:
        return ["It was approved as the child’s permanence plan: that has no end, and is not renewed."]
    objections = _nothing_to_sign_off(discussion)
    if discussion.renewals.count() >= RENEWALS:
        objections.append(f"It was renewed {RENEWALS} times: the case is to be discussed, agreed and signed off anew.")
    if discussion.is_replaced:
        objections.append("Another case discussion about this arrangement was decided since.")
    return objections or _regulated_since(discussion)


def interim_until(at: datetime) -> datetime:
    """Until when an interim approval holds that is signed or renewed at a moment (exclusive)."""
    return rules_in_force().limit(INTERIM, local_day(at)).after(at)


def _regulated_since(discussion: Any) -> list[str]:
    """Sign-off is for the unbroken time in which it was given: once regulated in between, it is asked for anew."""
    standing = standing_of(discussion.placement)
    if standing is None:
        return []
    if standing.regulation != Regulation.UNREGULATED_CONNECTED:
        return ["The arrangement is not unregulated any more: there is nothing to renew."]
    if standing.since_on > local_day(discussion.signed_off_at):
        return ["The arrangement was regulated in between: the case is to be discussed and signed off anew."]
    return []


def objections_to_putting(decision: Any) -> list[str]:
    """Why this cannot be put to whoever decides: what its kind asks of the child and of the arrangement first."""
    return [*_nothing_to_decide(decision), *decision.of_kind.objections(decision)]


def objections_to_deciding(decision: Any) -> list[str]:
    """Why this cannot be decided: the same, asked again at that moment."""
    return objections_to_putting(decision)


def objections_to_telephone(decision: Any, at: datetime) -> list[str]:
    """Why what was said by telephone cannot have been said so: it has a moment, and a person who decides such things."""
    said_at, said_by = decision.said_at, decision.said_by
    if said_at is None and said_by is None:
        return []
    if not decision.of_kind.by_telephone:
        return ["This is decided in writing only: nobody can say yes to it by telephone."]
    if said_at is None or said_by is None:
        return ["Say both who said yes by telephone, and when."]
    if said_at > at:
        return ["The telephone call must have been made: it cannot lie ahead."]
    if not said_by.holds(decision.decider, at=said_at):
        return [f"{said_by} was not {decision.decider.label} at that moment: only whoever decides can say yes."]
    return []


def objections_to_taking_effect(decision: Any) -> list[str]:
    """Why what was decided about a home cannot take effect: the child has to be on record as living there."""
    if not decision.has_yet_to_move:
        return ["This is about where the child lives already."]
    if decision.home_moved_to() is None:
        return ["The child is not on record as living there: record the move first."]
    return []


def last_moment_to_move(decided_at: datetime) -> datetime:
    """Until when a child has to have moved to a home that was agreed to (exclusive); after that it is decided anew."""
    return rules_in_force().limit(UNTIL_THE_MOVE, local_day(decided_at)).after(decided_at)


def _nothing_to_decide(decision: Any) -> list[str]:
    """The arrangement must be on record, and go on."""
    placement = decision.placement
    if placement is None:
        return []
    if placement.struck_out:
        return ["The arrangement was struck out as a mistake: there is nothing to decide."]
    if placement.ended_at is not None:
        return [f"The arrangement ended on {said_day(local_day(placement.ended_at))}: there is nothing left to decide."]
    return []


def _not_agreed(signed: Collection[str]) -> list[str]:
    return [f"{role.label} has not agreed the record yet." for role in FOUR if role not in signed]


def _nothing_to_sign_off(discussion: Any) -> list[str]:
    """The arrangement must be one of those that are signed off here, and go on."""
    placement = discussion.placement
    if placement.struck_out:
        return ["The arrangement was struck out as a mistake: there is nothing to approve."]
    objections = []
    if placement.ended_at is not None:
        day = said_day(local_day(placement.ended_at))
        objections.append(f"The arrangement ended on {day}: there is nothing left to approve.")
    if placement.setting != Setting.CONNECTED_PERSON:
        objections.append("This sign-off is for children who live with a connected person only.")
    return objections
