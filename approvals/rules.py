"""What stands against a step of the chain: sentences about the record, never about the person.

Each function takes the case discussion and lists why not; an empty list means the step can be taken. No writes, no
clock, no web. Source: S0 2.3-2.7, C-33.
"""

from collections.abc import Collection
from typing import Any

from accounts.roles import Role
from approvals.rulebook import FOUR
from casework.limits import local_day
from casework.wording import said_day
from placements.states import Setting


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


def objections_to_putting(decision: Any) -> list[str]:
    """Why this cannot be put to whoever decides: what its kind asks of the child and of the arrangement first."""
    return [*_nothing_to_decide(decision), *decision.of_kind.objections(decision)]


def objections_to_deciding(decision: Any) -> list[str]:
    """Why this cannot be decided: the same, asked again at that moment."""
    return objections_to_putting(decision)


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
