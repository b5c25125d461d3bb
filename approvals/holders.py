"""Who can take the step that a chain waits for: one of those named in it, or who acts for that person; or who decides.

C-33, C-46. An acting appointment comes before the one that it covers. Who decides and signs is not named beforehand: it
is whoever holds the role here and has no other part in the chain.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.models import Appointment, User
from accounts.roles import Role
from approvals.models import CaseDiscussion
from approvals.permissions import may_agree, may_decide, may_record, may_sign_off
from approvals.rulebook import FOUR
from approvals.states import State

May = Callable[[Any, Any, datetime], bool]
DECIDES: Mapping[State, tuple[Role, May]] = {
    State.AGREED: (Role.HOS, may_decide),
    State.APPROVED: (Role.SERVICE_DIRECTOR, may_sign_off),
}
WAIT_FOR_SOMEBODY = (State.CONVENED, State.TO_AGREE, State.SENT_BACK, *DECIDES)
Named = Mapping[tuple[str, int], list[Any]]
"""Who stands for the person named in a role: whoever acts for that person first, then the person."""


@dataclass(frozen=True, slots=True)
class Able:
    """Who can do what one chain waits for."""

    deputy_id: int | None = None
    """The Deputy Head of Service who convened, or who acts for that person; None where neither can type the record."""
    to_agree: Mapping[Role, int] = field(default_factory=dict)
    """Who can agree the record in each of the roles that have yet to; a role is missing where nobody can."""
    decider_id: int | None = None
    """Who can decide, where the record waits for a decision."""
    lacks_decider: bool = False
    """Does it wait for a decision that nobody can take?"""


NOBODY = Able()


def able_in(discussions: Iterable[CaseDiscussion], at: datetime) -> Mapping[int, Able]:
    """By discussion, who can do now what it waits for; only for chains that wait. They come with placement and child."""
    waiting = [discussion for discussion in discussions if discussion.state in WAIT_FOR_SOMEBODY]
    named = _named(waiting, at)
    in_office = _in_office(waiting, at)
    return {discussion.pk: _able(discussion, named, in_office, at) for discussion in waiting}


def _able(discussion: CaseDiscussion, named: Named, in_office: Mapping[str, list[Any]], at: datetime) -> Able:
    def first(people: Iterable[Any], may: May) -> int | None:
        return next((person.pk for person in people if person.is_active and may(discussion, person, at)), None)

    def who(role: Role, may: May) -> int | None:
        return first(named[role, discussion.person_in(role)], may)

    if discussion.state in DECIDES:
        role, may = DECIDES[discussion.state]
        decider_id = first(in_office[role], may)
        return Able(decider_id=decider_id, lacks_decider=decider_id is None)
    roles = discussion.yet_to_agree if discussion.state == State.TO_AGREE else ()
    found = {role: who(role, may_agree) for role in roles}
    return Able(who(Role.DHOS, may_record), {role: person for role, person in found.items() if person})


def _in_office(discussions: Iterable[CaseDiscussion], at: datetime) -> Mapping[str, list[Any]]:
    """Who holds the roles that decide on these chains, whoever acts for somebody first."""
    roles = {DECIDES[discussion.state][0] for discussion in discussions if discussion.state in DECIDES}
    people: dict[str, list[Any]] = defaultdict(list)
    if roles:
        held = Appointment.objects.in_force(at).filter(role__in=roles).select_related("user")
        for appointment in sorted(held, key=lambda each: each.acting_for_id is None):
            people[appointment.role].append(appointment.user)
    return people


def _named(discussions: Iterable[CaseDiscussion], at: datetime) -> Named:
    """Who stands for the four people of each chain that waits for one of them."""
    four = {(role, each.person_in(role)) for each in discussions if each.state not in DECIDES for role in FOUR}
    if not four:
        return {}
    people = User.objects.in_bulk({person for _, person in four})
    acting: dict[tuple[str, int], list[Any]] = defaultdict(list)
    for appointment in Appointment.objects.in_force(at).filter(acting_for__in=people).select_related("user"):
        acting[appointment.role, appointment.acting_for_id].append(appointment.user)
    return {(role, person): [*acting[role, person], people[person]] for role, person in four}
