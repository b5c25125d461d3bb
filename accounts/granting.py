"""The rule of two administrators: who may grant what, and who must confirm it. Why: C-33, nobody grants alone what signs.

One administrator alone appoints to most roles. To a role that signs records, administers or guards the read log (GUARDED),
one asks and another confirms; so too for whatever lets somebody into such a role: another mail address or name in the
directory (the link for a new password goes there), a sign-in opened again, a second factor taken away. To end something
needs one administrator only. Nobody acts for themselves. Where no administrator is left but the one who asks and the one
whom it is about, the Director of Children's Services decides: two people, always, and nothing that nobody can decide.

`not_theirs_*` is about the person, `objections_to_*` about the request: each lists sentences, none where all is well.
Facts and moments come in, answers go out; moments are aware, lengths in days.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final

from accounts.roles import GUARDED, Role

LAPSES_AFTER: Final = timedelta(days=30)
"""After how long a request that nobody decided can be decided no longer. Local default, no source."""

STANDS_IN: Final = Role.DCS
"""Who decides where no other administrator is left who could: whoever answers for the service by law."""

NOBODY_CAN: Final = (
    "Nobody here can decide this now. Another administrator is needed, or the Director of Children’s Services; "
    "whoever runs the server makes an administrator with the command manage.py appoint_administrator."
)
NOT_FOR_YOURSELF: Final = "You cannot change your own account or appointments. Another administrator can."


def needs_second(*, role: str = "", roles_of_person: Collection[str] = ()) -> bool:
    """Must a second administrator confirm an appointment to `role`, or a change of how a person signs in?

    `roles_of_person` are the roles that the person holds, will hold, or is asked to be given.
    """
    return bool(role in GUARDED if role else GUARDED.intersection(roles_of_person))


def lapses_at(asked_at: datetime) -> datetime:
    """The first moment at which a request can be decided no longer."""
    return asked_at + LAPSES_AFTER


def has_lapsed(asked_at: datetime, at: datetime) -> bool:
    """Has a request waited too long?"""
    return at >= lapses_at(asked_at)


def objections_to_asking(*, person: Any, asks_the_same: bool, returns: bool) -> list[str]:
    """Why something cannot be asked for or done for a person, whoever asks."""
    objections = []
    if returns and person.is_active:
        objections.append(f"{person.name} is here: there is nothing to open again.")
    if not returns and not person.is_active:
        objections.append(f"{person.name} has left. Open the sign-in again first.")
    if asks_the_same:
        objections.append("The same is asked for already, and waits for a second administrator.")
    return objections


def not_theirs_to_confirm(request: Any, by: Any) -> list[str]:
    """Why whoever asked for something, or is asked for, can neither confirm nor refuse it."""
    if by.pk == request.asked_by_id:
        return ["You asked for this yourself. Another administrator decides; you can withdraw it."]
    if by.pk == request.person_id:
        return ["This is about you. Another administrator decides."]
    return []


def not_a_decider(by: Any, deciders: Collection[Any]) -> list[str]:
    """Why somebody cannot decide a request that those in `deciders` can decide."""
    if by in deciders:
        return []
    return [f"This is decided by {' or '.join(each.name for each in deciders)}." if deciders else NOBODY_CAN]


def not_theirs_to_withdraw(request: Any, by: Any) -> list[str]:
    """Why this administrator cannot withdraw a request."""
    return [] if by.pk == request.asked_by_id else ["Only whoever asked can withdraw this. You can refuse it."]


def objections_to_deciding(request: Any, at: datetime) -> list[str]:
    """Why a request cannot be decided any more, by whomever."""
    if request.decision:
        return [f"This was decided before: {request.get_decision_display().lower()} by {request.decided_by}."]
    if has_lapsed(request.asked_at, at):
        return [f"This request is older than {LAPSES_AFTER.days} days and has lapsed. Ask for it again."]
    return []


def objections_to_confirming(request: Any, at: datetime) -> list[str]:
    """Why a request that can be decided cannot be confirmed."""
    objections = objections_to_deciding(request, at)
    if request.kind == request.Kind.RETURN:
        if request.person.is_active:
            objections.append(f"{request.person.name} is here already.")
    elif not request.person.is_active:
        objections.append(f"{request.person.name} has left since this was asked for.")
    if request.ends_at and request.ends_at <= at:
        objections.append("The appointment asked for would be over already.")
    place = request.team or request.area
    if place and place.is_closed(max(at, request.starts_at)):
        objections.append(f"{place.name} is closed by then.")
    return objections
