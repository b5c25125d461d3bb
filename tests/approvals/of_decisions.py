"""Steps of other senior decisions, for tests: begun, put forward, confirmed, decided, each by whoever does it."""

from datetime import timedelta

from accounts.roles import Role
from approvals.kinds import KINDS
from approvals.models import Decision
from casework.sections.parts import Asks
from casework.steps import carry_out
from placements.models import Carer, ProposedHome
from placements.states import Setting
from tests.factories import NOW

LATER = NOW + timedelta(hours=2)
SOME_DAY = "2026-03-02"
"""The Monday before the story's."""


def answers(code, **said):
    """An answer to every part of a kind: a text, a day in the past, the first choice; and what a test says itself."""
    filled = {part.name: _answer(part) for part in KINDS[code].parts}
    filled |= said
    return {part.name: filled[part.name] if part.is_asked(filled) else "" for part in KINDS[code].parts}


def _answer(part):
    match part.asks:
        case Asks.DAY:
            return SOME_DAY
        case Asks.CHOICE:
            return part.choices[0][0]
    return f"About this: {part.label}"


def a_parent(name="The father"):
    """A parent with whom the child does not live."""
    return Carer(name=name, address="2 Invented Lane")


def at_a_parents(child, carer=None, *, at=NOW):
    """A parent's home, proposed for a child."""
    return ProposedHome(
        child=child, setting=Setting.PARENT, carer=carer or a_parent(), relationship="Father", proposed_at=at
    )


def begun(world, code, child, *, placement=None, proposed=None, by=None, at=NOW):
    """A decision that somebody writes up."""
    decision = Decision(kind=code, child=child, placement=placement)
    return carry_out(decision.prepare, by=by or world.social_worker, at=at, proposed=proposed)


def put(world, code, child, *, placement=None, proposed=None, by=None, at=NOW, **said):
    """A decision that is put forward."""
    decision = begun(world, code, child, placement=placement, proposed=proposed, by=by, at=at)
    return carry_out(decision.put, by=by or world.social_worker, at=at, content=answers(code, **said))


def decided(world, decision, *, at=LATER, by=None):
    """The decision, confirmed by the team manager and agreed to by whoever decides."""
    digest = decision.version.digest
    decision = carry_out(decision.confirm, by=world.team_manager, at=at, digest=digest)
    return carry_out(decision.decide, by=by or world.person(Role(decision.decider)), at=at, digest=digest)
