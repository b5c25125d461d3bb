"""Something to decide of every kind: a child in the situation for which the kind is made, and answers that fit it."""

from dataclasses import dataclass, field
from datetime import timedelta

from approvals.kinds import KINDS
from casework.sections.parts import Asks
from casework.steps import carry_out
from children.states import LegalCode
from placements.states import RegistrationStatus, Setting
from tests.approvals.connected_steps import approved_for_a_time, asked_about, looked_into
from tests.approvals.of_decisions import answers
from tests.factories import NOW, a_home, days_before, in_childrens_home, placed, with_parent


def in_unregistered_setting(world, child):
    placement = in_childrens_home(child, since=days_before(1), registered=RegistrationStatus.UNREGISTERED)
    return {"placement": placement}


def in_secure_home(world, child):
    home = a_home(Setting.SECURE_HOME)
    return {"placement": placed(child, Setting.SECURE_HOME, since=NOW - timedelta(hours=3), home=home)}


def since_today_at_a_parents(world, child):
    return {"placement": placed(child, Setting.PARENT, since=NOW, carer=None, relationship="Father")}


def after_a_stay_at_a_parents(world, child):
    return {"placement": with_parent(child, since=days_before(7), assessed=False)}


def in_a_home_elsewhere(world, child):
    return {"placement": in_childrens_home(child, since=NOW)}


def looked_after(world, child):
    return {}


def with_an_enquiry(world, child):
    return {"connected_person": asked_about(world, child=child)}


def with_a_viable_aunt(world, child):
    return {"connected_person": looked_into(world, child=child)}


def with_an_aunt_approved_for_a_time(world, child):
    person = looked_into(world, child=child)
    approved_for_a_time(world, person)
    return {"connected_person": person}


def with_an_aunt_in_review(world, child):
    person = with_an_aunt_approved_for_a_time(world, child)["connected_person"]
    told = {"by": world.social_worker, "at": NOW}
    person = carry_out(person.refuse_in_full, decided_on=NOW.date(), why_not="care", because="Too many risks.", **told)
    return {"connected_person": carry_out(person.ask_for_review, asked_on=NOW.date(), **told)}


@dataclass(frozen=True)
class Matter:
    """Something to decide: its kind, where the child stands, and the answers that have to fit that."""

    kind: str
    situation: object
    said: dict = field(default_factory=dict)
    child: dict = field(default_factory=dict)
    for_director: bool = False
    """Is it for the Director of Children's Services?"""

    def content(self, text="as it is", *, is_complete=True):
        """Answers to everything asked; the first text says `text`, and the last is blank where it is not complete."""
        content = answers(self.kind, **self.said)
        asked = [part for part in KINDS[self.kind].parts if part.is_asked(content)]
        texts = [part.name for part in asked if part.asks == Asks.TEXT and part.required]
        content[texts[0]] = f"It is {text}."
        if not is_complete:
            content[texts[-1]] = "  "
        return content


TODAY = NOW.date().isoformat()
PANEL = {"panel_on": TODAY, "iro_on": TODAY}
MATTERS = {
    "unregistered setting": Matter("unregistered_setting", in_unregistered_setting, {"until": "2026-03-30"}),
    "secure accommodation": Matter("secure_accommodation", in_secure_home, {"footing": "order"}, {"age": 14}),
    "contact": Matter("contact", looked_after, {"starts_on": "2026-04-03", "ends_on": "2026-04-05"}),
    "viability": Matter("viability", with_an_enquiry),
    "temporary approval": Matter("temporary_approval", with_a_viable_aunt, {"until": "", "assess_by": "2026-05-04"}),
    "extension": Matter(
        "extension", with_an_aunt_approved_for_a_time, {**PANEL, "until": "", "assess_by": "2026-07-20"}
    ),
    "extension for a review": Matter("extension_for_review", with_an_aunt_in_review, PANEL),
    "with a parent": Matter("with_parents", after_a_stay_at_a_parents),
    "with a parent at once": Matter("with_parents_at_once", since_today_at_a_parents),
    "next to our area": Matter("out_of_area", in_a_home_elsewhere, {"distance": "next_to_it", "at_once": "no"}),
    "at a distance": Matter(
        "out_of_area", in_a_home_elsewhere, {"distance": "at_a_distance", "at_once": "no"}, for_director=True
    ),
    "end of care": Matter("ceasing", looked_after, {"ceases_on": "2026-04-20"}, {"age": 12}),
    "end of care at 16": Matter(
        "ceasing", looked_after, {"ceases_on": "2026-04-20"}, {"age": 16, "legal": LegalCode.V2}, for_director=True
    ),
}
