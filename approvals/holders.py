"""Who can take a step that is owed by somebody named in a chain: the person named, or who acts for that person.

C-33, C-46. An acting appointment comes before the one that it covers. Who decides and signs is not named beforehand:
the diary finds the holder of the role.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import prefetch_related_objects

from accounts.models import Appointment
from accounts.roles import Role
from approvals.models import CaseDiscussion
from approvals.permissions import may_agree, may_record
from approvals.rulebook import FOUR
from approvals.states import State

WAIT_FOR_ONE_OF_THE_FOUR = (State.CONVENED, State.TO_AGREE, State.SENT_BACK)
Covers = Mapping[tuple[str, int], list[Any]]


@dataclass(frozen=True, slots=True)
class Able:
    """Who of the people named in one chain can do what they owe."""

    deputy_id: int | None = None
    """The Deputy Head of Service who convened, or who acts for that person; None where neither can type the record."""
    to_agree: Mapping[Role, int] = field(default_factory=dict)
    """Who can agree the record in each of the roles that have yet to; a role is missing where nobody can."""


NOBODY = Able()


def able_in(discussions: Iterable[CaseDiscussion], at: datetime) -> Mapping[int, Able]:
    """By discussion, who can do now what one of the four owes; only for chains that wait for one of them."""
    waiting = [discussion for discussion in discussions if discussion.state in WAIT_FOR_ONE_OF_THE_FOUR]
    prefetch_related_objects(waiting, "placement__child", *(role.value for role in FOUR))
    covers = _covers(waiting, at)
    return {discussion.pk: _able(discussion, covers, at) for discussion in waiting}


def _able(discussion: CaseDiscussion, covers: Covers, at: datetime) -> Able:
    def who(role: Role, may: Callable[[Any, Any, datetime], bool]) -> int | None:
        candidates = [*covers[role, discussion.person_in(role)], discussion.four_people[role]]
        return next((person.pk for person in candidates if person.is_active and may(discussion, person, at)), None)

    roles = discussion.yet_to_agree if discussion.state == State.TO_AGREE else ()
    found = {role: who(role, may_agree) for role in roles}
    return Able(who(Role.DHOS, may_record), {role: person for role, person in found.items() if person})


def _covers(discussions: Iterable[CaseDiscussion], at: datetime) -> Covers:
    """Who acts for whom in which of the four roles."""
    covers: dict[tuple[str, int], list[Any]] = defaultdict(list)
    named = {discussion.person_in(role) for discussion in discussions for role in FOUR}
    if named:
        acting = Appointment.objects.in_force(at).filter(role__in=FOUR, acting_for__in=named)
        for appointment in acting.select_related("user"):
            covers[appointment.role, appointment.acting_for_id].append(appointment.user)
    return covers
