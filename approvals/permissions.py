"""Who may take which step towards a signature (C-33). Each answers for one person at one moment; about the record, ask
`rules`.

Nobody appears twice in one chain: the four who agree are four people; the Head of Service and the Service Director are
two more, who neither convened nor typed, are not among the four, and are not the child's allocated worker. Absence is
covered by an acting appointment, and whoever acts is the person he or she is. Scope comes first: whoever may not see
the child may do nothing here; then the role must be held here, for this child, and not for another.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from accounts.models import User
from accounts.roles import Role
from approvals.kinds import GOING_HOME
from approvals.kinds.kind import listed, said_role
from approvals.rulebook import FOUR
from approvals.states import DecisionState
from casework.forms import in_a_sentence
from children.access import SIGHTS, Scope, people_named, way_to
from children.permissions import holds_for, is_allocated_for, may_see
from placements.permissions import may_record_move

AUTHORED = frozenset({"convene", "record", "note"})
"""Whoever convenes, types, or writes the case note of the meeting does not approve the own work."""
AGREED = frozenset({"agree"})
DECIDED_AS_HOS = frozenset({"approve", "send_back", "refuse", "feed_back"})
DECIDED_AS_DIRECTOR = frozenset({"sign_off", "dissent"})
DECIDED = DECIDED_AS_HOS | DECIDED_AS_DIRECTOR


def may_convene(discussion: Any, user: Any, at: datetime) -> bool:
    """The Deputy Head of Service of the child's service area."""
    return holds_for(discussion.placement.child, Role.DHOS, user, at)


def may_record(discussion: Any, user: Any, at: datetime) -> bool:
    """The Deputy Head of Service of the child's service area: the one who convened, a successor, or who acts for either."""
    return holds_for(discussion.placement.child, Role.DHOS, user, at) and not discussion.acts_of(user) & DECIDED


def may_agree(discussion: Any, user: Any, at: datetime) -> bool:
    """One of the four named people, or who acts for one of them; once per version, and always in the same role."""
    role = agrees_as(discussion, user, at)
    return (
        role is not None
        and _is_no_stranger(discussion.placement.child, user, at)
        and discussion.roles_signed_by(user) <= {role}
        and not discussion.acts_of(user) & DECIDED
        and not discussion.signatures_now.filter(role=role).exists()
    )


def may_decide(discussion: Any, user: Any, at: datetime) -> bool:
    """The Head of Service of the child's service area, who has no other part in this chain."""
    other = DECIDED_AS_DIRECTOR
    return holds_for(discussion.placement.child, Role.HOS, user, at) and _has_no_other_part(discussion, user, at, other)


def may_sign_off(discussion: Any, user: Any, at: datetime) -> bool:
    """The Service Director, who has no other part in this chain."""
    other = DECIDED_AS_HOS
    return holds_for(discussion.placement.child, Role.SERVICE_DIRECTOR, user, at) and _has_no_other_part(
        discussion, user, at, other
    )


def may_feed_back(discussion: Any, user: Any, at: datetime) -> bool:
    """The Head of Service, who speaks for the approval: nobody who wrote the record, and not who dissented from it."""
    return may_decide(discussion, user, at)


def may_communicate(discussion: Any, user: Any, at: datetime) -> bool:
    """The Head of Service of the child's service area."""
    return holds_for(discussion.placement.child, Role.HOS, user, at)


def may_file(discussion: Any, user: Any, at: datetime) -> bool:
    """The child's allocated social worker."""
    return (
        user.holds(Role.SOCIAL_WORKER, at=at)
        and _is_allocated(discussion, user.pk, at, Role.SOCIAL_WORKER)
        and may_see(discussion.placement.child, user, at)
    )


def may_withdraw(discussion: Any, user: Any, at: datetime) -> bool:
    """The Deputy Head of Service of the area, or the manager of the child's team."""
    return holds_for(discussion.placement.child, Role.DHOS, user, at) or holds_for(
        discussion.placement.child, Role.TEAM_MANAGER, user, at
    )


def may_renew(discussion: Any, user: Any, at: datetime) -> bool:
    """The Head of Service of the child's service area, who has no other part in this chain: the one who approved, or not."""
    return may_decide(discussion, user, at) and discussion.roles_signed_by(user) <= {Role.HOS}


def may_know(discussion: Any, user: Any, at: datetime) -> bool:
    """Somebody who was told what came of it, and has not confirmed yet."""
    return knows_as(discussion, user, at) is not None


def knows_as(discussion: Any, user: Any, at: datetime) -> Role | None:
    """In which role a person confirms to know what came of it: one that was told, and that he or she now holds for the
    child. The social worker is the one allocated at that moment.
    """
    roles = discussion.yet_to_know
    held = (
        role for role in roles if role in user.roles_at(at) and holds_for(discussion.placement.child, role, user, at)
    )
    return next((role for role in held if role != Role.SOCIAL_WORKER or may_file(discussion, user, at)), None)


def who_is_to_know(discussion: Any) -> str:
    """Whoever was told what came of it and has not confirmed yet, inside a sentence."""
    roles = discussion.yet_to_know if discussion.pk else ()
    return (
        " or ".join(f"the {said_role(role.label)} responsible for this child" for role in roles)
        or "the person who was told"
    )


def agrees_as(discussion: Any, user: Any, at: datetime) -> Role | None:
    """In which of the four roles a person agrees the record: one of those named, while still in that role, or who acts
    for one. The social worker is the one allocated at that moment: last week's allocation does not count.
    """
    named = discussion.role_of(user)
    if named is not None:
        roles = [named] if user.holds(named, at=at) else []
    else:
        covered = {(a.role, a.acting_for_id) for a in user.appointments_at(at) if a.acting_for_id}
        roles = [role for role in FOUR if (role, discussion.person_in(role)) in covered]
    role = next(iter(roles), None)
    if role == Role.SOCIAL_WORKER and not _is_allocated(discussion, discussion.social_worker_id, at, role):
        return None
    return role


def _is_no_stranger(child: Any, user: Any, at: datetime) -> bool:
    """May the person see the child otherwise than by break-glass, which is for seeing? Of a restricted one, those named."""
    return may_see(child, user, at) and (
        not way_to(child, user, at).is_restricted or user.pk in people_named(child, at)
    )


def _has_no_other_part(discussion: Any, user: Any, at: datetime, other: frozenset[str]) -> bool:
    return (
        discussion.role_of(user) is None
        and not discussion.acts_of(user) & (AUTHORED | AGREED | other)
        and not _is_allocated(discussion, user.pk, at, Role.SOCIAL_WORKER, Role.PERSONAL_ADVISER)
    )


def _is_allocated(discussion: Any, person: int | None, at: datetime, *roles: Role) -> bool:
    return _is_allocated_to(discussion.placement.child, person, at, *roles)


def _is_allocated_to(child: Any, person: int | None, at: datetime, *roles: Role) -> bool:
    return any(a.person_id == person and a.role in roles for a in child.allocations_at(at))


# Other senior decisions

WROTE = frozenset({"prepare", "put"})
"""Whoever begins it says what it is about, and has a hand in what is decided."""
HANDED_BACK_UNCHECKED = "hand_back_unchecked"
"""Handing back by whoever checks; `hand_back` alone is by whoever decides (`Decision.acts_of`)."""
CHECKED = frozenset({"confirm", HANDED_BACK_UNCHECKED})
WAS_CONSULTED = frozenset({"say"})
TOOK = frozenset({"decide", "decline", "hand_back"})
NOT_TO_CHECK = WROTE | TOOK | WAS_CONSULTED
NOT_TO_DECIDE = WROTE | CHECKED | WAS_CONSULTED


def may_prepare(decision: Any, user: Any, at: datetime) -> bool:
    """Who prepares this kind, for this child, and neither checked nor decided; a worker for the own child."""
    prepares = any(
        (is_allocated_for if role in GOING_HOME else holds_for)(decision.child, role, user, at)
        for role in decision.of_kind.prepares
    )
    return prepares and not (decision.pk and decision.acts_of(user) & (CHECKED | TOOK | WAS_CONSULTED))


def may_say_when_consulted(decision: Any, user: Any, at: datetime) -> bool:
    """Who is consulted about this kind and allocated to the child as such, with no other part in it."""
    return bool(consulted_as(decision, user, at)) and not decision.acts_of(user) & (WROTE | CHECKED | TOOK)


def consulted_as(decision: Any, user: Any, at: datetime) -> list[Any]:
    """As whom of those consulted a person can answer: the IRO of the child."""
    asked = decision.of_kind.asks_in_hearth
    return [each for each in asked if is_allocated_for(decision.child, each.role, user, at)]


def may_confirm(decision: Any, user: Any, at: datetime) -> bool:
    """Who reads it before it goes up, and did not write it."""
    return holds_for(decision.child, decision.of_kind.checks, user, at) and not decision.acts_of(user) & NOT_TO_CHECK


def may_take_decision(decision: Any, user: Any, at: datetime) -> bool:
    """Who decides on it, and has no other part in it: neither wrote nor checked it, nor works with the child."""
    return (
        holds_for(decision.child, decision.decider, user, at)
        and not decision.acts_of(user) & NOT_TO_DECIDE
        and not _is_allocated_to(decision.child, user.pk, at, *GOING_HOME)
    )


def may_hand_back(decision: Any, user: Any, at: datetime) -> bool:
    """Who is to read it now."""
    reads = may_confirm if decision.state == DecisionState.TO_CHECK else may_take_decision
    return reads(decision, user, at)


def may_say_that_the_child_moved(decision: Any, user: Any, at: datetime) -> bool:
    """Whoever records where the child lives."""
    return may_record_move(decision.child, user, at)


def who_says_that_the_child_moved(decision: Any) -> str:
    """Who records where the child lives, inside a sentence."""
    return "the child’s worker, the workers and manager of the child’s team, and the placement service"


def to_be_invited(role: Role, at: datetime) -> Iterable[Any]:
    """Whoever holds a role that sees only what is put to it."""
    return User.objects.holding(role, at=at) if SIGHTS[role].scope == Scope.INVITED else ()


def who_prepares(decision: Any) -> str:
    """Who prepares it, inside a sentence."""
    first, *others = (str(role.label) for role in decision.of_kind.prepares)
    return f"the child’s {listed((said_role(first), *others))}"


def who_is_consulted(decision: Any) -> str:
    """Who is consulted, inside a sentence."""
    return " or ".join(f"the child’s {said_role(each.role.label)}" for each in decision.of_kind.asks_in_hearth)


def who_checks(decision: Any) -> str:
    """Who reads it before it goes up, inside a sentence."""
    checks = decision.of_kind.checks
    if checks is None:
        return "somebody who checks it first, whom this kind of decision does not have,"
    return f"the {in_a_sentence(checks.label)}, who did not write it,"


def who_decides(decision: Any) -> str:
    """Who decides, inside a sentence."""
    return f"the {decision.decider.label}, with no other part in it,"


def who_reads_now(decision: Any) -> str:
    """Who is to read it now, inside a sentence."""
    return who_checks(decision) if decision.state == DecisionState.TO_CHECK else who_decides(decision)
