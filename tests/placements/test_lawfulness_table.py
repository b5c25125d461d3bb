"""The decision table itself: every row can be reached, every row cites, every sentence reads. Eligibility §2 and §4."""

import re
from itertools import pairwise

import pytest

from placements.decision_table import ROWS_OF, TABLE, always
from placements.lawfulness import is_alarm
from placements.rulebook import RULES as DATED_RULES
from placements.situation import Situation
from placements.states import Lawfulness, Regulation, Setting
from tests.placements.arrangements import EXAMPLES, stands

ALLOWED = {
    Regulation.REGULATED: {
        Lawfulness.LAWFUL,
        Lawfulness.LAWFUL_UNTIL,
        Lawfulness.NOT_LAWFUL,
        Lawfulness.NOT_APPLICABLE,
    },
    Regulation.UNREGULATED_CONNECTED: {Lawfulness.NOT_LAWFUL, Lawfulness.NOT_KNOWN},
    Regulation.UNREGISTERED_SETTING: {Lawfulness.NOT_LAWFUL},
    Regulation.UNREGISTERED_APPLIED: {Lawfulness.NOT_LAWFUL},
    Regulation.NOT_PERMITTED: {Lawfulness.NOT_LAWFUL},
    Regulation.NOT_KNOWN: {Lawfulness.NOT_KNOWN},
    Regulation.NOT_LOOKED_AFTER: {Lawfulness.NOT_APPLICABLE},
}


def test_there_is_an_example_for_every_row_and_no_other():
    assert list(EXAMPLES) == [row.code for row in TABLE]


@pytest.mark.parametrize("code", EXAMPLES)
def test_every_row_is_reached(code):
    facts, day = EXAMPLES[code]
    assert stands(facts, day).row == code


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.code)
def test_every_row_says_why_and_cites(row):
    assert row.says.endswith(".")
    assert row.cites
    assert all(row.cites)
    assert re.fullmatch(r"\d+(-[a-z0-9-]+)?", row.code)
    assert int(row.code.split("-")[0]) <= 10


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.code)
def test_a_row_pairs_the_two_results_as_the_domain_does(row):
    assert row.lawfulness in ALLOWED[row.regulation]


@pytest.mark.parametrize("code", EXAMPLES)
def test_every_sentence_is_complete(code):
    standing = stands(*EXAMPLES[code])
    assert "{" not in standing.reason
    assert "  " not in standing.reason
    assert " until ." not in standing.reason
    assert all(standing.missing)


@pytest.mark.parametrize("code", EXAMPLES)
def test_what_is_not_known_says_what_is_missing(code):
    standing = stands(*EXAMPLES[code])
    if Lawfulness.NOT_KNOWN in (standing.lawfulness, standing.regulation):
        assert standing.missing


@pytest.mark.parametrize("code", EXAMPLES)
def test_lawful_until_a_date_names_the_date_and_nothing_else_has_one(code):
    standing = stands(*EXAMPLES[code])
    assert (standing.until_on is not None) == (standing.lawfulness == Lawfulness.LAWFUL_UNTIL)


@pytest.mark.parametrize("code", EXAMPLES)
def test_the_alarm_is_for_what_is_unregulated_unregistered_or_not_permitted(code):
    standing = stands(*EXAMPLES[code])
    assert is_alarm(standing) == (
        standing.regulation
        in {"unregulated_connected", "unregistered_setting", "unregistered_applied", "not_permitted"}
    )


@pytest.mark.parametrize("setting", Setting)
def test_no_row_stands_below_one_that_always_applies(setting):
    *before, last = ROWS_OF[setting]
    assert all(row.applies is not always for row in before)
    # Where registration decides, the rows not recorded, registered, applied and not registered leave nothing over.
    assert last.applies is always or last.applies is Situation.is_not_registered


def test_every_dated_rule_cites_and_says():
    assert all(rule.cites and rule.says for rule in DATED_RULES)


def test_rows_of_one_code_follow_each_other_without_gap_or_overlap():
    by_code = {}
    for rule in DATED_RULES:
        by_code.setdefault(rule.code, []).append(rule)
    for rules in by_code.values():
        for earlier, later in pairwise(rules):
            assert earlier.until == later.since is not None
