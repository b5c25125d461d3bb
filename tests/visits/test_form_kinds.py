"""The table of visiting forms: each a row, with what the sources name in it; another kind is another row. S3 L106-L328."""

import dataclasses
import re

import pytest

from accounts.roles import Role
from casework.sections.parts import Asks, Part, Section
from casework.sections.rules import Bounds, objections_to_content
from tests.factories import TODAY
from visits.states import FormKind
from visits.visiting_forms import purposeful, standards
from visits.visiting_forms.kinds import BY_CODE, KINDS, Kind
from visits.visiting_forms.known import BY_NAME

BOUNDS = Bounds(TODAY, TODAY, "the visit")
EVERY_KIND = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code.value)


def parts_of(kind):
    return [part for section in kind.sections for part in section.parts]


def test_every_form_that_the_sources_name_is_a_row():
    assert {kind.code for kind in KINDS} == set(FormKind)


def test_who_fills_in_what():
    visit_children = {
        Role.SOCIAL_WORKER,
        Role.PERSONAL_ADVISER,
        Role.IRO,
        Role.SERVICE_MANAGER,
        Role.TEAM_MANAGER,
    }
    assert {kind.code: set(kind.roles) for kind in KINDS} == {
        FormKind.PURPOSEFUL: visit_children,
        FormKind.CHECKLIST: {Role.SOCIAL_WORKER, Role.PERSONAL_ADVISER},
        FormKind.COMMISSIONING: {Role.COMMISSIONING},
        FormKind.HEALTH: {Role.HEALTH},
    }


def test_only_a_worker_looks_at_a_home_before_the_move():
    before = {kind.code: kind.before_move for kind in KINDS if kind.before_move}
    workers = (Role.SOCIAL_WORKER, Role.PERSONAL_ADVISER)
    assert before == {FormKind.PURPOSEFUL: workers, FormKind.CHECKLIST: workers}


@EVERY_KIND
def test_no_two_parts_of_a_form_have_one_name(kind):
    names = [part.name for part in parts_of(kind)]
    assert len(names) == len(set(names))


@EVERY_KIND
def test_no_part_of_given_rows_can_be_taken_for_another(kind):
    """What is typed into given rows is known by how its name begins."""
    names = [part.name for part in parts_of(kind)]
    given = [part.name for part in parts_of(kind) if part.asks == Asks.GIVEN]
    assert [(name, begins) for name in names for begins in given if name.startswith(f"{begins}_")] == []


@EVERY_KIND
def test_no_given_row_has_to_be_looked_at(kind):
    given = [part for part in parts_of(kind) if part.asks == Asks.GIVEN]
    assert not any(part.required for part in given)
    content = {part.name: [{"of": r.code, "said": r.says} for r in part.given] for part in given}
    assert objections_to_content(content, given, BOUNDS) == []


@EVERY_KIND
def test_what_is_shown_beside_a_section_is_known(kind):
    assert {name for section in kind.sections for name in section.facts} <= set(BY_NAME)


def test_the_standards_are_those_of_the_source():
    """S3 L243 to L326, row by row, and K-20, K-26, K-28."""
    codes = {row.code for row in (*standards.OF_CHILD, *standards.OF_HOME, *standards.OWED_BY_PROVIDER)}
    assert codes == {
        *("care_plan", "risk_plan", "daily_log", "incident_log", "restraint_log", "rota", "visitors", "regulation_44"),
        *("safety", "training", "medication", "policies", "purpose", "sanctions", "activities", "insurance"),
        *("incidents_told", "reports", "contract"),
    }


def test_every_standard_says_where_it_is_held_or_what_to_ask():
    for row in (*standards.OF_CHILD, *standards.OF_HOME):
        assert row.hint, row.code
        assert row.asks_after, row.code


def test_what_is_easily_missed_of_the_staff_is_asked():
    asked = {part.name for section in purposeful.SECTIONS if section.name == "staff" for part in section.parts}
    assert {"qualified", "first_aid", "training"} <= asked


def test_the_wording_is_the_products_own():
    """Of no question more than a few words stand in the source in that order."""
    source = (
        "Who has a copy of the child/young person’s support plan? Who is responsible for implementing the support plan?"
    )
    words = re.findall(r"[a-z]+", source.lower())
    runs = {" ".join(words[n : n + 6]) for n in range(len(words) - 5)}
    ours = " ".join(question for row in standards.OF_CHILD for question in row.asks_after).lower()
    assert not [run for run in runs if run in ours]


def test_another_kind_is_one_row_with_its_sections():
    sections = (Section("one", "One thing", (Part("seen", "What did you see?"),)),)
    kind = Kind(FormKind.HEALTH, (Role.LADO,), (sections,))
    assert kind.edition == "1"
    assert [part.name for part in kind.parts_of({"form": "1", "seen": "A cat."})] == ["seen"]


def test_an_edition_that_was_typed_is_read_as_it_was_asked():
    """A second edition is added; what was typed in the first keeps its questions."""
    first = BY_CODE["health"].sections
    second = (Section("other", "Other", (Part("other", "Something else"),)),)
    kind = dataclasses.replace(BY_CODE["health"], editions=(first, second))
    assert kind.edition == "2"
    assert [part.name for part in kind.parts_of({"form": "1", "home": "Warm.", "seen": "yes"})] == ["seen", "home"]
    assert [part.name for part in kind.parts_of({"form": "2", "other": "It."})] == ["other"]
