"""The table of kinds: each row says who prepares, checks, is consulted and decides, upon what, and who says so."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from approvals.kinds import KINDS
from approvals.kinds.table import SIGN_OFF
from approvals.kinds.written import document
from casework.procedures import declared
from tests.approvals.steps import signed_in_with_password, text_of
from tests.factories import World

ROWS = {
    # by code: who decides, and who is consulted (processes.md, timescales.md)
    "unregistered_setting": ({Role.SERVICE_DIRECTOR}, {"iro"}),
    "secure_accommodation": ({Role.SERVICE_DIRECTOR}, {"iro"}),
    "contact": ({Role.DHOS}, {"iro"}),
    "with_parents": ({Role.DECISION_MAKER}, {"iro"}),
    "with_parents_at_once": ({Role.DECISION_MAKER}, {"iro"}),
    "out_of_area": ({Role.DECISION_MAKER, Role.DCS}, {"relatives", "iro", "host"}),
    "ceasing": ({Role.DECISION_MAKER, Role.DCS}, {"relatives", "iro"}),
}


@pytest.mark.parametrize("code", ROWS)
def test_who_decides_and_who_is_consulted_is_as_the_sources_say(code):
    kind = KINDS[code]
    decides, consulted = ROWS[code]
    assert set(kind.deciders or (kind.decider(None),)) == decides
    assert {each.name for each in kind.consults} == consulted


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)
def test_every_row_says_everything(kind):
    assert kind.prepares
    assert kind.source
    assert kind.parts
    assert kind.decides_when or len(kind.deciders) < 2
    assert set(kind.rules) <= set(declared())


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)
def test_whoever_is_consulted_is_named_and_dated_in_the_record(kind):
    names = {part.name for part in kind.parts}
    assert {name for each in kind.consults for name in each.names} <= names


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)
def test_no_part_is_asked_twice_and_what_a_part_depends_on_is_asked_before_it(kind):
    names = [part.name for part in kind.parts]
    assert len(names) == len(set(names))
    for number, part in enumerate(kind.parts):
        if part.only_if:
            asks = next(each for each in kind.parts[:number] if each.name == part.only_if[0])
            assert part.only_if[1] in dict(asks.choices)


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.SOCIAL_WORKER, Role.IRO, Role.PERFORMANCE, Role.ADMINISTRATOR, Role.AUDITOR])
def test_everybody_reads_the_table(role):
    browser = signed_in_with_password(World().person(role))
    page = text_of(browser.get(reverse("approvals:who_decides")))
    for title in (SIGN_OFF, *(kind.title for kind in KINDS.values())):
        assert title in page
    assert "at a distance: before it is decided" in page
    assert reverse("approvals:who_decides") in browser.get(reverse("casework:procedures")).content.decode()


def test_the_document_holds_a_row_for_every_kind():
    lines = document().splitlines()
    for kind in KINDS.values():
        assert any(line.startswith(f"| {kind.title} |") for line in lines)


def test_how_long_a_yes_holds_is_said_with_the_limits_of_the_rules():
    said = document()
    assert "Holds until the day that the record names, 28 days at the longest" in said
    assert "Holds for the assessment 10 working days, then for the decision 10 working days" in said
    assert "{" not in said
