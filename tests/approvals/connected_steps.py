"""The way of a connected person as tests take it: through the door, saying what each step asks for."""

from datetime import timedelta

from accounts.roles import Role
from approvals.connected.states import CheckFound
from approvals.models import ConnectedPerson, Decision, HouseholdMember
from casework.limits import local_day
from casework.steps import carry_out, write_down
from children.permissions import may_record
from placements.models import Carer
from tests.factories import NOW

VIABLE = {
    "visited_on": "2020-04-01",
    "present": "Two workers, the aunt and her partner.",
    "bond": "She has known him since he was born.",
    "care": "She raised two sons.",
    "health": "No concerns.",
    "family": "She sees his mother each week.",
    "history": "She grew up nearby.",
    "offences": "None are known.",
    "income": "She works in a school.",
    "neighbourhood": "Quiet; his school is ten minutes away.",
    "home": "He would have a room of his own.",
    "pets": "yes",
    "pets_risk": "A spaniel, kept in the kitchen at night.",
    "views": "He wants to live with her.",
    "risks": "His father knows the address.",
    "viable": "yes",
    "conclusion": "She can keep him safe.",
}
FOR_A_TIME = {
    "suits": "He knows her and the house.",
    "now": "The foster home ends on Friday.",
    "views": "All agree.",
    "risks": "His father is told not to come.",
    "support": "Fostering allowance and a weekly visit.",
    "conditions": "",
    "assessor": "The kinship team",
    "until": "",
}
STILL = {
    "still": "yes",
    "why_still": "He has settled.",
    "panel_says": "The panel supports it.",
    "iro_says": "",
}


def day_of(at):
    """A day as records keep it."""
    return local_day(at).isoformat()


def asked_about(world, *, child=None, carer=None, at=NOW, household=True, checked=True):
    """An enquiry about an aunt for the social worker's own child, with her household."""
    child = child or world.own_child
    carer = carer or Carer(name="Ada Aunt", address="1 Invented Lane")
    about = {"carer": carer, "relationship": "Aunt", "asked_on": local_day(at)}
    person = carry_out(ConnectedPerson(child=child).enquire, by=world.social_worker, at=at, **about)
    if household:
        lives_there(world, person, at=at, checked=checked)
    return person


def lives_there(world, person, *, at=NOW, checked=True, **about):
    """Somebody of the household, with or without checks that came back."""
    about = {
        "name": "Ada Aunt",
        "is_who": "carer",
        "born_on": local_day(at).replace(year=local_day(at).year - 40),
        **about,
    }
    day, found = (local_day(at), CheckFound.NOTHING) if checked else (None, "")
    checks = {"police_checked_on": day, "police_found": found, "authority_checked_on": day, "authority_found": found}
    member = HouseholdMember(person=person, **{**checks, **about})
    write_down(member, act="keep_household", about=person.child, may=may_record, by=world.social_worker, at=at)
    return member


def put(world, person, kind, *, at=NOW, content):
    """A decision about the person, written up and put forward by the social worker."""
    decision = Decision(kind=kind, child=person.child, connected_person=person, placement=person.lives_with_child)
    decision = carry_out(decision.prepare, by=world.social_worker, at=at)
    return carry_out(decision.put, by=world.social_worker, at=at, content=content)


def take(decision, step, *, by, at):
    """One step of a decision."""
    said = {"digest": decision.version.digest} if step in ("confirm", "decide") else {}
    return carry_out(getattr(decision, step), by=by, at=at, because="So it is.", **said)


def found_viable(world, person, *, at=NOW, **content):
    """The viability assessment, confirmed by the team manager."""
    decision = put(world, person, "viability", at=at, content={**VIABLE, "visited_on": day_of(at), **content})
    take(decision, "decide", by=world.team_manager, at=at)
    return person


def decided(world, decision, *, at=NOW):
    """Checked by the team manager, and decided by the nominated officer."""
    take(decision, "confirm", by=world.team_manager, at=at)
    return take(decision, "decide", by=world.person(Role.DECISION_MAKER), at=at)


def approved_for_a_time(world, person, *, at=NOW, weeks=8, **content):
    """The nominated officer's temporary approval; the full assessment is to be complete after so many weeks."""
    said = {**FOR_A_TIME, "assess_by": day_of(at + timedelta(weeks=weeks)), **content}
    return decided(world, put(world, person, "temporary_approval", at=at, content=said), at=at)


def extended(world, person, *, at, **content):
    """The one extension of reg 25(2)."""
    said = {**STILL, "panel_on": day_of(at), "iro_on": day_of(at), "until": "", **content}
    said = {"why_not_in_time": "A reference is late.", "assess_by": day_of(at + timedelta(weeks=8)), **said}
    return decided(world, put(world, person, "extension", at=at, content=said), at=at)


def extended_for_review(world, person, *, at, **content):
    """The extension of reg 25(3)."""
    said = {**STILL, "panel_on": day_of(at), "iro_on": day_of(at), **content}
    return decided(world, put(world, person, "extension_for_review", at=at, content=said), at=at)


def looked_into(world, *, at=NOW, **about):
    """An aunt whose viability is confirmed."""
    return found_viable(world, asked_about(world, at=at, **about), at=at)
