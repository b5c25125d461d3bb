"""The purposeful clock: Kent's visiting timescales (K-01 to K-18), decisions C-04, C-12, C-13, C-27, C-39, C-49.

Each row of a table is one placement, the moment asked about, and the duty of one role that is open then.
"""

# ruff: noqa: E501 (a row of a table stays on one line)

from dataclasses import replace
from datetime import timedelta
from time import process_time

import pytest

from casework.limits import Days, Hours, Weeks
from casework.procedures import MaySet, OwnValue, RulesInForce, UnknownRule, rules_as_declared
from placements.states import Setting
from tests.visits.placed import day, moment, placed, seen
from visits.clocks.asked_for import asked_for_ledger
from visits.clocks.facts import AskedFor, LegalStatus, Registration, Review, Variation
from visits.clocks.purposeful import next_change, purposeful_ledger
from visits.clocks.purposeful_rulebook import ROWS, RULES, SCHEDULE, WITHOUT_PURPOSEFUL_VISITS
from visits.clocks.reviews import NotInDays
from visits.clocks.statutory import statutory_ledger

RULES_IN_FORCE = rules_as_declared()
START = "Mon 2026-01-05 10:00"
SW, IRO, SM, COMM = "social_worker", "iro", "service_manager", "commissioning"


def status(**of):
    """Where the home stands: registered="Wed 2020-01-01"."""
    return tuple(Registration(day(words), name) for name, words in of.items())


REGISTERED = {"registration": status(registered="Wed 2020-01-01")}
UNREGISTERED = {"registration": status(unregistered="Wed 2020-01-01")}


def registered(**facts):
    return placed(START, "childrens_home", **REGISTERED | facts)


def unregistered(**facts):
    return placed(START, "supported_accommodation", **UNREGISTERED | facts)


def lost_on(words, **facts):
    return registered(registration=status(registered="Wed 2020-01-01", unregistered=words), **facts)


def gained_on(words, **facts):
    return unregistered(registration=status(applied="Wed 2020-01-01", registered=words), **facts)


def by(role, *words, **more):
    """Visits of a role with a complete form."""
    return seen(*words, role=role, **{"form": "complete"} | more)


def reviews(*pairs):
    """Reviews: the day for which each was scheduled, or a pair of that and the day on which it was held."""
    pairs = [pair if isinstance(pair, tuple) else (pair, None) for pair in pairs]
    return tuple(Review(day(scheduled), day(held) if held else None) for scheduled, held in pairs)


def ledger(facts, at, rules=RULES_IN_FORCE):
    return purposeful_ledger(facts, rules, moment(at))


def the_open_duty(facts, role, at, rules=RULES_IN_FORCE):
    """Its code, its due day and whether it is overdue: "K-02 by Thu 2026-04-02, overdue"; None where none is open."""
    found = [entry for entry in ledger(facts, at, rules) if entry.is_open and entry.role == role]
    assert len(found) <= 1
    late = ", overdue" if found and found[0].due_at <= moment(at) else ""
    return f"{found[0].kind} by {found[0].due_on:%a %Y-%m-%d}{late}" if found else None


def table(*rows):
    """Each row begins with the policy that it shows."""
    marked = [pytest.param(*row[1:], id=row[0]) for row in rows]
    return pytest.mark.parametrize(("facts", "role", "at", "open_duty"), marked)


@pytest.mark.parametrize("setting", list(Setting))
def test_every_home_has_purposeful_visits_but_own_foster_homes_connected_persons_and_parents(setting):
    entries = ledger(placed(START, setting.value, **REGISTERED), "Tue 2026-01-06 12:00")
    assert bool(entries) == (setting not in WITHOUT_PURPOSEFUL_VISITS)
    assert {"in_house_foster", "connected_person", "parent"} == {each.value for each in WITHOUT_PURPOSEFUL_VISITS}


@table(
    ("20 working days where no review is planned", registered(), SW, "Tue 2026-01-06 12:00", "K-01 by Mon 2026-02-02"),
    ("the first review where that comes first", registered(reviews=reviews("Wed 2026-01-28")), SW, "Tue 2026-01-06 12:00", "K-01 by Wed 2026-01-28"),
    ("not a later one", registered(reviews=reviews("Tue 2026-02-10")), SW, "Tue 2026-01-06 12:00", "K-01 by Mon 2026-02-02"),
    ("a review held early brings it forward to that day", registered(reviews=reviews(("Wed 2026-01-28", "Fri 2026-01-23"))), SW, "Fri 2026-01-23 12:00", "K-01 by Fri 2026-01-23"),
    ("but not before it is held", registered(reviews=reviews(("Wed 2026-01-28", "Fri 2026-01-23"))), SW, "Thu 2026-01-22 12:00", "K-01 by Wed 2026-01-28"),
    ("a review that slips moves nothing", registered(reviews=reviews(("Wed 2026-01-28", "Tue 2026-02-10"))), SW, "Wed 2026-02-11 12:00", "K-01 by Wed 2026-01-28, overdue"),
    ("a review on the day of the move is none after it", registered(reviews=reviews(("Mon 2026-01-05", "Mon 2026-01-05"))), SW, "Tue 2026-01-06 12:00", "K-01 by Mon 2026-02-02"),
    ("overdue from midnight", registered(), SW, "Tue 2026-02-03 00:00", "K-01 by Mon 2026-02-02, overdue"),
    ("twelve weeks from the visit", registered(visits=by(SW, "Thu 2026-01-08")), SW, "Fri 2026-01-09 12:00", "K-02 by Thu 2026-04-02"),
    ("an adviser's counts", registered(visits=by("personal_adviser", "Thu 2026-01-08")), SW, "Fri 2026-01-09 12:00", "K-02 by Thu 2026-04-02"),
    ("a draft does not", registered(visits=by(SW, "Thu 2026-01-08", form="draft")), SW, "Fri 2026-01-09 12:00", "K-01 by Mon 2026-02-02"),
    ("nor a visit without a form", registered(visits=by(SW, "Thu 2026-01-08", form=None)), SW, "Fri 2026-01-09 12:00", "K-01 by Mon 2026-02-02"),
    ("nor one at which the child was not seen", registered(visits=by(SW, "Thu 2026-01-08", seen=False)), SW, "Fri 2026-01-09 12:00", "K-01 by Mon 2026-02-02"),
    ("a form made on the 28th day before the move counts on its day", registered(visits=by(SW, "Mon 2025-12-08", seen=False)), SW, "Tue 2026-01-06 12:00", "K-02 by Mon 2026-03-30"),
    ("not one made on the 29th", registered(visits=by(SW, "Sun 2025-12-07", seen=False)), SW, "Tue 2026-01-06 12:00", "K-01 by Mon 2026-02-02"),
    ("nor the IRO's", registered(concern_at_start=True, visits=by(IRO, "Fri 2026-01-02")), IRO, "Tue 2026-01-06 12:00", "K-18 by Mon 2026-01-19"),
)  # fmt: skip
def test_the_social_worker_in_a_registered_home(facts, role, at, open_duty):
    assert the_open_duty(facts, role, at) == open_duty


TWO_REVIEWS = {"reviews": reviews(("Mon 2026-02-02", "Mon 2026-02-02"), "Thu 2026-04-30")}


@table(
    ("before the second review", registered(**TWO_REVIEWS), IRO, "Tue 2026-02-03 12:00", "K-05 by Thu 2026-04-30"),
    ("three months after the child's very first where it is not planned", registered(reviews=reviews("Mon 2026-02-02")), IRO, "Tue 2026-01-06 12:00", "K-05 by Sat 2026-05-02"),
    ("else six months, at latest 182 days from the move", registered(reviews=reviews(("Mon 2025-12-01", "Mon 2025-12-01"), "Thu 2026-01-15")), IRO, "Tue 2026-01-06 12:00", "K-05 by Mon 2026-07-06"),
    ("after one review in care the next is three months from it", registered(reviews=reviews(("Mon 2025-12-01", "Mon 2025-12-01"))), SW, "Tue 2026-01-06 12:00", "K-01 by Mon 2026-02-02"),
    ("a visit on the day of the first review does not meet it", registered(**TWO_REVIEWS, visits=by(IRO, "Mon 2026-02-02")), IRO, "Tue 2026-02-03 12:00", "K-05 by Thu 2026-04-30"),
    ("one a day later does", registered(**TWO_REVIEWS, visits=by(IRO, "Tue 2026-02-03")), IRO, "Wed 2026-02-04 12:00", "K-06 by Tue 2026-08-04"),
    ("26 weeks from each visit", registered(**TWO_REVIEWS, visits=by(IRO, "Tue 2026-02-03", "Thu 2026-03-05")), IRO, "Fri 2026-03-06 12:00", "K-06 by Thu 2026-09-03"),
    ("a review scheduled before the move and held after it counts on its day", placed("Mon 2026-03-02 10:00", "ifa_foster", care_started_on=day("Mon 2026-02-02"), reviews=reviews(("Fri 2026-02-27", "Tue 2026-03-10")), **REGISTERED), IRO, "Fri 2026-03-20 12:00", "K-05 by Wed 2026-06-10"),
    ("a concern at the move: two weeks", registered(concern_at_start=True), IRO, "Tue 2026-01-06 12:00", "K-18 by Mon 2026-01-19"),
    ("a concern and a review on that very day", registered(concern_at_start=True, reviews=reviews("Mon 2026-01-19")), IRO, "Tue 2026-01-06 12:00", "K-18 by Mon 2026-01-19"),
    ("a concern and a review before it", registered(concern_at_start=True, reviews=reviews("Sun 2026-01-18")), IRO, "Tue 2026-01-06 12:00", "K-17 by Sun 2026-01-18"),
    ("the form about the concern does not replace the visit", registered(concern_at_start=True, **TWO_REVIEWS, visits=by(IRO, "Fri 2026-01-16")), IRO, "Tue 2026-02-03 12:00", "K-05 by Thu 2026-04-30"),
    ("made after the first review it does", registered(concern_at_start=True, **TWO_REVIEWS, visits=by(IRO, "Tue 2026-02-03")), IRO, "Wed 2026-02-04 12:00", "K-06 by Tue 2026-08-04"),
    ("the Service Manager owes nothing there", registered(), SM, "Mon 2026-06-01 12:00", None),
    ("nor does Commissioning", registered(), COMM, "Mon 2026-06-01 12:00", None),
)  # fmt: skip
def test_everybody_else_in_a_registered_home(facts, role, at, open_duty):
    assert the_open_duty(facts, role, at) == open_duty


WEEKS = ["Mon 2026-01-12", "Mon 2026-01-19", "Mon 2026-01-26", "Mon 2026-02-02", "Mon 2026-02-09"]
FIRST = "Mon 2026-01-05 15:00"
DAILY = [
    f"{name} 2026-01-{number:02}"
    for name, number in zip(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"], range(12, 19), strict=True)
]
FORTNIGHT = {"variations": (Variation(day("Mon 2026-02-16"), 14),)}


@table(
    ("24 hours to the minute", unregistered(), SW, "Tue 2026-01-06 09:59", "K-11 by Tue 2026-01-06"),
    ("and overdue", unregistered(), SW, "Tue 2026-01-06 10:01", "K-11 by Tue 2026-01-06, overdue"),
    ("no registration recorded is none", placed(START, "hotel"), SW, "Tue 2026-01-06 09:59", "K-11 by Tue 2026-01-06"),
    ("applied is not registered (C-13)", unregistered(registration=status(applied="Wed 2020-01-01")), SW, "Tue 2026-01-06 09:59", "K-11 by Tue 2026-01-06"),
    ("nor is a transitional application", unregistered(registration=status(transitional="Wed 2020-01-01")), SW, "Tue 2026-01-06 09:59", "K-11 by Tue 2026-01-06"),
    ("a form from before the move meets it", unregistered(visits=by(SW, "Fri 2026-01-02", seen=False)), SW, "Mon 2026-01-05 12:00", "K-12 by Mon 2026-01-12"),
    ("and counts once with a visit on the day", unregistered(visits=by(SW, "Fri 2026-01-02", FIRST, *WEEKS, "Sun 2026-02-15")), SW, "Tue 2026-02-17 12:00", "K-12 by Sun 2026-02-22"),
    ("weekly after that", unregistered(visits=by(SW, FIRST)), SW, "Tue 2026-01-06 12:00", "K-12 by Mon 2026-01-12"),
    ("six of them, and six weeks gone by: monthly", unregistered(visits=by(SW, FIRST, *WEEKS, "Mon 2026-02-16")), SW, "Tue 2026-02-17 12:00", "K-13 by Mon 2026-03-16"),
    ("six of them a day too soon: weekly", unregistered(visits=by(SW, FIRST, *WEEKS, "Sun 2026-02-15")), SW, "Tue 2026-02-17 12:00", "K-12 by Sun 2026-02-22"),
    ("five of them: weekly, however late", unregistered(visits=by(SW, FIRST, *WEEKS[:4], "Mon 2026-03-02")), SW, "Tue 2026-03-03 12:00", "K-12 by Mon 2026-03-09"),
    ("daily visits do not end the weeks", unregistered(visits=by(SW, FIRST, *DAILY)), SW, "Mon 2026-01-19 12:00", "K-12 by Sun 2026-01-25"),
    ("another interval agreed with the IRO", unregistered(**FORTNIGHT, visits=by(SW, FIRST, *WEEKS, "Mon 2026-02-16")), SW, "Tue 2026-02-17 12:00", "K-13 by Mon 2026-03-02"),
    ("agreed after the visit: from the next one on", unregistered(variations=(Variation(day("Tue 2026-02-17"), 14),), visits=by(SW, FIRST, *WEEKS, "Mon 2026-02-16")), SW, "Wed 2026-02-18 12:00", "K-13 by Mon 2026-03-16"),
    ("agreed in the first weeks it changes nothing yet", unregistered(variations=(Variation(day("Tue 2026-01-06"), 14),), visits=by(SW, FIRST, "Mon 2026-01-12")), SW, "Tue 2026-01-13 12:00", "K-12 by Mon 2026-01-19"),
    ("Commissioning: ten days", unregistered(), COMM, "Tue 2026-01-06 12:00", "K-15 by Thu 2026-01-15"),
    ("met without seeing the child", unregistered(visits=by(COMM, "Fri 2026-01-09", seen=False)), COMM, "Sat 2026-01-10 12:00", None),
    ("not by a draft", unregistered(visits=by(COMM, "Fri 2026-01-09", form="draft")), COMM, "Sat 2026-01-10 12:00", "K-15 by Thu 2026-01-15"),
    ("Service Manager: a month", unregistered(), SM, "Tue 2026-01-06 12:00", "K-16 by Thu 2026-02-05"),
    ("clipped to the month's end", placed("Sat 2026-01-31 10:00", "hotel"), SM, "Sun 2026-02-01 12:00", "K-16 by Sat 2026-02-28"),
    ("then yearly", unregistered(visits=by(SM, "Tue 2026-01-20")), SM, "Wed 2026-01-21 12:00", "K-16 by Wed 2027-01-20"),
    ("IRO: two weeks", unregistered(), IRO, "Tue 2026-01-06 12:00", "K-18 by Mon 2026-01-19"),
    ("or the first review", unregistered(reviews=reviews("Fri 2026-01-16")), IRO, "Tue 2026-01-06 12:00", "K-17 by Fri 2026-01-16"),
    ("then quarterly", unregistered(visits=by(IRO, "Mon 2026-01-12")), IRO, "Tue 2026-01-13 12:00", "K-17 by Sun 2026-04-12"),
)  # fmt: skip
def test_everybody_in_a_home_that_is_not_registered(facts, role, at, open_duty):
    assert the_open_duty(facts, role, at) == open_duty


def test_24_hours_run_to_the_minute_over_the_hour_lost():
    facts = placed("Sat 2026-03-28 16:00", "hotel")
    (first,) = [entry for entry in ledger(facts, "Sat 2026-03-28 16:00") if entry.role == SW]
    assert first.due_at == moment("Sun 2026-03-29 17:00")


VISITED = by(SW, "Thu 2026-01-08", "Fri 2026-03-20") + by(IRO, "Mon 2026-04-20")
MAY = "Mon 2026-05-11"


@table(
    ("a day for the worker", lost_on(MAY, visits=VISITED), SW, "Mon 2026-05-11 12:00", "K-11 by Tue 2026-05-12"),
    ("the day that stood, where that is earlier", lost_on("Thu 2026-06-11", visits=VISITED), SW, "Thu 2026-06-11 12:00", "K-11 by Fri 2026-06-12"),
    ("on its last day the code that stood", lost_on("Fri 2026-06-12", visits=VISITED), SW, "Fri 2026-06-12 12:00", "K-02 by Fri 2026-06-12"),
    ("an overdue one stays", lost_on("Sat 2026-06-13", visits=VISITED), SW, "Sat 2026-06-13 12:00", "K-02 by Fri 2026-06-12, overdue"),
    ("until a visit is made, which is the first of the weekly ones", lost_on("Sat 2026-06-13", visits=VISITED + by(SW, "Sun 2026-06-14")), SW, "Sun 2026-06-14 12:00", "K-12 by Sun 2026-06-21"),
    ("a visit on the day itself is the first", lost_on(MAY, visits=VISITED + by(SW, MAY)), SW, "Mon 2026-05-11 12:00", "K-12 by Mon 2026-05-18"),
    ("two weeks for the IRO", lost_on(MAY, visits=VISITED), IRO, "Mon 2026-05-11 12:00", "K-18 by Mon 2026-05-25"),
    ("or a planned review before", lost_on(MAY, visits=VISITED, reviews=reviews("Wed 2026-05-20")), IRO, "Mon 2026-05-11 12:00", "K-17 by Wed 2026-05-20"),
    ("ten days for Commissioning", lost_on(MAY, visits=VISITED), COMM, "Mon 2026-05-11 12:00", "K-15 by Thu 2026-05-21"),
    ("a month for the Service Manager", lost_on(MAY, visits=VISITED), SM, "Mon 2026-05-11 12:00", "K-16 by Thu 2026-06-11"),
    ("a review held early on the very day changes nothing of the day that stood", lost_on("Wed 2026-01-28", reviews=reviews(("Thu 2026-01-29", "Wed 2026-01-28"))), SW, "Wed 2026-01-28 12:00", "K-11 by Thu 2026-01-29"),
)  # fmt: skip
def test_a_home_that_loses_its_registration_starts_the_stricter_schedule(facts, role, at, open_duty):
    assert the_open_duty(facts, role, at) == open_duty


@table(
    ("the worker's next is twelve weeks from the last", gained_on("Tue 2026-01-13", visits=by(SW, FIRST, "Mon 2026-01-12")), SW, "Tue 2026-01-13 12:00", "K-02 by Mon 2026-04-06"),
    ("an overdue one stays", gained_on("Tue 2026-01-20", visits=by(SW, FIRST, "Mon 2026-01-12")), SW, "Tue 2026-01-20 12:00", "K-12 by Mon 2026-01-19, overdue"),
    ("overdue the day before", gained_on("Wed 2026-01-21", visits=by(SW, FIRST, "Tue 2026-01-13")), SW, "Thu 2026-01-22 12:00", "K-12 by Tue 2026-01-20, overdue"),
    ("until a visit", gained_on("Wed 2026-01-21", visits=by(SW, FIRST, "Tue 2026-01-13", "Fri 2026-01-23")), SW, "Sat 2026-01-24 12:00", "K-02 by Fri 2026-04-17"),
    ("nothing made yet, within the day", gained_on("Tue 2026-01-06"), SW, "Tue 2026-01-06 12:00", "K-01 by Mon 2026-02-02"),
    ("the IRO's visit before the second review", gained_on("Tue 2026-01-13", visits=by(IRO, "Mon 2026-01-12")), IRO, "Tue 2026-01-13 12:00", "K-05 by Sat 2026-05-02"),
    ("an overdue form of the IRO stays", gained_on("Tue 2026-01-20"), IRO, "Tue 2026-01-20 12:00", "K-18 by Mon 2026-01-19, overdue"),
    ("and any visit meets it", gained_on("Tue 2026-01-20", visits=by(IRO, "Wed 2026-01-21")), IRO, "Thu 2026-01-22 12:00", "K-05 by Sat 2026-05-02"),
    ("Commissioning owes nothing more", gained_on("Tue 2026-01-13"), COMM, "Tue 2026-01-13 12:00", None),
    ("nor does the Service Manager", gained_on("Tue 2026-01-13"), SM, "Tue 2026-01-13 12:00", None),
)  # fmt: skip
def test_a_home_that_becomes_registered_goes_over_to_the_wider_schedule(facts, role, at, open_duty):
    assert the_open_duty(facts, role, at) == open_duty


def told(facts, role, at):
    """The whole ledger of a role: code, due day, how and on which day it ended, evidence."""
    entries = [entry for entry in ledger(facts, at) if entry.role == role]
    return [
        f"{e.kind} by {e.due_on} {e.closed_as or 'open'} {'late ' if e.was_late else ''}{e.evidence}".strip()
        for e in entries
    ]


def test_the_whole_ledger_stays_with_what_was_met_late_and_missed():
    facts = gained_on("Mon 2026-03-02", visits=by(SW, "Wed 2026-01-07", "Wed 2026-01-14", "Tue 2026-02-24"))
    assert told(facts, SW, "Tue 2026-03-03 12:00") == [
        "K-11 by 2026-01-06 met late visits.visit:1",
        "K-12 by 2026-01-14 met visits.visit:2",
        "K-12 by 2026-01-21 met late visits.visit:3",
        "K-02 by 2026-05-19 open",
    ]
    assert told(facts, COMM, "Tue 2026-03-03 12:00") == ["K-15 by 2026-01-15 missed"]
    assert told(facts, SM, "Tue 2026-03-03 12:00") == ["K-16 by 2026-02-05 missed"]


def test_at_the_end_what_was_overdue_is_missed_and_the_rest_no_longer_due():
    facts = unregistered(ended_on=day("Fri 2026-01-16"))
    assert {entry.kind: entry.closed_as for entry in ledger(facts, "Fri 2026-01-16 00:00")} == {
        "K-11": "missed",
        "K-15": "missed",
        "K-16": "no_longer_due",
        "K-18": "no_longer_due",
    }
    within_a_day = unregistered(ended_on=day("Tue 2026-01-06"))
    assert {entry.closed_as for entry in ledger(within_a_day, "Wed 2026-01-07 00:00")} == {"no_longer_due"}


@pytest.mark.parametrize(
    ("facts", "role", "at", "says"),
    [
        (registered(), SW, "Tue 2026-01-06 12:00", "First purposeful visit to a registered home, by the first review after the move, not planned yet, by law on 2 February 2026, so by 2 February 2026. Kent placement procedure, lines 115 to 131."),
        (registered(reviews=reviews("Tue 2026-02-10")), SW, "Tue 2026-01-06 12:00", "First purposeful visit to a registered home, where the first review is later, within 20 working days of the move on 5 January 2026, so by 2 February 2026. Decision C-39; the limit is a local default, no source."),
        (registered(visits=by(SW, "Thu 2026-01-08")), SW, "Fri 2026-01-09 12:00", "Purposeful visits to a registered home, at most 12 weeks apart: last made 8 January 2026, so by 2 April 2026. Kent placement procedure, lines 133 to 137."),
        (unregistered(), SW, "Mon 2026-01-05 12:00", "First purposeful visit to a home that is not registered, within 24 hours of the move on 5 January 2026 at 10:00, so by 6 January 2026 at 10:00. Kent placement procedure, lines 182 to 200."),
        (unregistered(**FORTNIGHT, visits=by(SW, FIRST, *WEEKS, "Mon 2026-02-16")), SW, "Tue 2026-02-17 12:00", "Monthly purposeful visits to a home that is not registered, at most 14 days apart, as agreed with the IRO from 16 February 2026: last made 16 February 2026, so by 2 March 2026. Kent placement procedure, line 190; Decision C-12."),
        (lost_on("Fri 2026-06-12", visits=VISITED), SW, "Fri 2026-06-12 12:00", "Purposeful visits to a registered home, at most 12 weeks apart: last made 20 March 2026; this day stood when the home lost its registration on 12 June 2026, so by 12 June 2026. Kent placement procedure, lines 133 to 137."),
        (lost_on("Sat 2026-06-13", visits=VISITED), SW, "Sat 2026-06-13 12:00", "Purposeful visits to a registered home, at most 12 weeks apart: last made 20 March 2026; it was overdue when the home’s registration changed on 13 June 2026, and stays, so by 12 June 2026. Kent placement procedure, lines 133 to 137."),
        (registered(known_from=day("Mon 2026-06-01")), SW, "Tue 2026-06-02 12:00", "First purposeful visit to a registered home, by the first review after the move, not planned yet, by law on 2 February 2026; no visits are on record from before 1 June 2026, so by 1 June 2026. Kent placement procedure, lines 115 to 131."),
    ],
)  # fmt: skip
def test_every_date_says_why(facts, role, at, says):
    assert [entry.says for entry in ledger(facts, at) if entry.role == role][-1] == says


def test_the_facts_used_are_named():
    facts = lost_on(MAY, visits=VISITED + by(SW, MAY))
    latest = [entry for entry in ledger(facts, "Tue 2026-05-12 12:00") if entry.role == SW][-1]
    assert latest.facts == (
        ("Placement began", "5 January 2026"),
        ("The home is", "Not registered since 11 May 2026"),
        ("Last purposeful visit", "11 May 2026"),
        ("Weekly visits after the first", "0 visits of 6, and at least until 22 June 2026"),
    )


def own(code, limit, since="Thu 2026-01-01"):
    """The declared rules with one value of the authority's own."""
    return RulesInForce(RULES_IN_FORCE.rules, {code: (OwnValue(code, limit, day(since)),)})


LATER_REVIEW = {"reviews": reviews(("Mon 2026-02-02", "Mon 2026-02-02"), "Mon 2026-09-07")}
EVERY_LIMIT = [
    ("C-39", registered(), SW, "Tue 2026-01-06 12:00", "K-01 by Thu 2026-01-08"),
    ("C-49", registered(**LATER_REVIEW), IRO, "Tue 2026-01-06 12:00", "K-05 by Thu 2026-01-08"),
    ("K-02", registered(visits=by(SW, "Mon 2026-01-05")), SW, "Tue 2026-01-06 12:00", "K-02 by Thu 2026-01-08"),
    ("K-06", registered(**TWO_REVIEWS, visits=by(IRO, "Tue 2026-02-03")), IRO, "Wed 2026-02-04 12:00", "K-06 by Fri 2026-02-06"),
    ("K-11", unregistered(), SW, "Mon 2026-01-05 12:00", "K-11 by Thu 2026-01-08"),
    ("K-11-after-loss", lost_on(MAY, visits=VISITED), SW, "Mon 2026-05-11 12:00", "K-11 by Thu 2026-05-14"),
    ("K-12", unregistered(visits=by(SW, FIRST)), SW, "Tue 2026-01-06 12:00", "K-12 by Thu 2026-01-08"),
    ("K-13", unregistered(visits=by(SW, FIRST, *WEEKS, "Mon 2026-02-16")), SW, "Tue 2026-02-17 12:00", "K-13 by Thu 2026-02-19"),
    ("K-15", unregistered(), COMM, "Tue 2026-01-06 12:00", "K-15 by Thu 2026-01-08"),
    ("K-16", unregistered(), SM, "Tue 2026-01-06 12:00", "K-16 by Thu 2026-01-08"),
    ("K-16-yearly", unregistered(visits=by(SM, "Tue 2026-01-20")), SM, "Wed 2026-01-21 12:00", "K-16 by Fri 2026-01-23"),
    ("K-17-quarterly", unregistered(visits=by(IRO, "Mon 2026-01-12")), IRO, "Tue 2026-01-13 12:00", "K-17 by Thu 2026-01-15"),
    ("K-18", unregistered(), IRO, "Tue 2026-01-06 12:00", "K-18 by Thu 2026-01-08"),
    ("K-12-weeks", unregistered(visits=by(SW, FIRST, "Thu 2026-01-08")), SW, "Thu 2026-01-08 12:00", "K-13 by Sun 2026-02-08"),
    ("K-01-before-the-move", registered(visits=by(SW, "Thu 2026-01-01", seen=False)), SW, "Tue 2026-01-06 12:00", "K-01 by Mon 2026-02-02"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "facts", "role", "at", "open_duty"), EVERY_LIMIT, ids=[row[0] for row in EVERY_LIMIT])
def test_every_limit_is_a_rule_that_an_authority_can_set(rule, facts, role, at, open_duty):
    """Three days in each place."""
    assert the_open_duty(facts, role, at, own(rule, Days(3))) == open_duty


def test_no_limit_is_left_out_of_that_table():
    set_by_authorities = {rule.code for rule in RULES if rule.limit and rule.may_set is not MaySet.NOTHING}
    assert {row[0] for row in EVERY_LIMIT} == set_by_authorities


def test_a_longer_time_of_weekly_visits_asks_for_as_many_more():
    facts = unregistered(visits=by(SW, FIRST, *WEEKS, "Mon 2026-02-16"))
    assert the_open_duty(facts, SW, "Tue 2026-02-17 12:00", own("K-12-weeks", Weeks(8))) == "K-12 by Mon 2026-02-23"


def test_limits_that_cannot_be_used_are_refused():
    with pytest.raises(NotInDays, match="K-12-weeks is set to 24 hours"):
        ledger(unregistered(), "Mon 2026-01-05 12:00", own("K-12-weeks", Hours(24)))
    with pytest.raises(UnknownRule):
        ledger(registered(), "Mon 2026-01-05 12:00", RulesInForce({}))


def test_every_row_of_the_schedule_is_asked_and_names_rules_that_exist():
    codes = {rule.code for rule in RULES}
    assert {code for row in SCHEDULE for code, _ in row.due} <= codes
    assert sum(len(rows) for rows in ROWS.values()) == len(SCHEDULE)
    assert all(rule.cites for rule in RULES)


AHEAD = [
    (lost_on(MAY), "Tue 2026-01-06 12:00", "Mon 2026-05-11 00:00", "the registration changes"),
    (registered(reviews=reviews(("Mon 2026-02-02", "Mon 2026-02-02"))), "Tue 2026-01-06 12:00", "Mon 2026-02-02 00:00", "a review is held"),
    (registered(visits=by(IRO, "Mon 2026-01-12")), "Tue 2026-01-06 12:00", "Mon 2026-01-12 10:00", "a visit"),
    (registered(ended_on=day("Mon 2026-01-19")), "Tue 2026-01-06 12:00", "Mon 2026-01-19 00:00", "the end"),
    (registered(), "Sun 2026-01-04 12:00", "Mon 2026-01-05 00:00", "the move"),
    (registered(), "Tue 2026-01-06 12:00", None, "nothing"),
    (registered(ended_on=day("Mon 2026-01-19"), visits=by(IRO, "Mon 2026-03-02")), "Mon 2026-01-19 00:00", None, "it is over"),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "at", "change", "what"), AHEAD, ids=[row[3] for row in AHEAD])
def test_the_next_moment_at_which_time_alone_changes_the_ledger(facts, at, change, what):
    assert next_change(facts, moment(at)) == (moment(change) if change else None)


# Visits asked for


def asked(**more):
    return AskedFor(**{"at": moment("Wed 2026-02-04 15:00"), "by": "child", "record": "visits.visitaskedfor:4"} | more)


@pytest.mark.parametrize(
    ("facts", "at", "stands"),
    [
        (registered(asked_for=(asked(),)), "Wed 2026-02-04 16:00", "2026-02-11 open"),
        (registered(asked_for=(asked(agreed_for=day("Mon 2026-02-16")),)), "Wed 2026-02-04 16:00", "2026-02-16 open"),
        (registered(asked_for=(asked(),), visits=seen("Thu 2026-02-05")), "Thu 2026-02-05 16:00", "2026-02-11 met visits.visit:1"),
        (registered(asked_for=(asked(),), visits=seen("Wed 2026-02-04 14:59")), "Thu 2026-02-05 16:00", "2026-02-11 open"),
        (registered(asked_for=(asked(),), visits=seen("Thu 2026-02-05", seen=False)), "Thu 2026-02-05 16:00", "2026-02-11 open"),
        (registered(asked_for=(asked(),), visits=seen("Thu 2026-02-05", role=IRO)), "Thu 2026-02-05 16:00", "2026-02-11 open"),
        (registered(asked_for=(asked(taken_back_at=moment("Fri 2026-02-06 09:00")),)), "Fri 2026-02-06 09:00", "2026-02-11 no_longer_due"),
        (registered(asked_for=(asked(),), ended_on=day("Thu 2026-02-12")), "Thu 2026-02-12 00:00", "2026-02-11 missed"),
        (registered(asked_for=(asked(),), ended_on=day("Mon 2026-02-02")), "Wed 2026-02-04 16:00", None),
        (registered(asked_for=(asked(),)), "Wed 2026-02-04 14:59", None),
    ],
)  # fmt: skip
def test_a_visit_asked_for_is_due_in_a_week_or_on_the_day_agreed_and_met_by_the_next_visit(facts, at, stands):
    entries = asked_for_ledger(facts, RULES_IN_FORCE, moment(at))
    assert [f"{e.due_on} {e.closed_as or 'open'} {e.evidence}".strip() for e in entries] == ([stands] if stands else [])


def test_a_visit_asked_for_says_why():
    (entry,) = asked_for_ledger(registered(asked_for=(asked(),)), RULES_IN_FORCE, moment("Thu 2026-02-05 09:00"))
    assert entry.says == (
        "Visit asked for by the child on 4 February 2026, within 7 days, so by 11 February 2026. "
        "Care Planning Regulations, reg 28(6) to (8); the limit is a local default, no source."
    )


# How long it takes


def of_many(placements, visits):
    """A child with many placements one after the other, of both regimes, and visits of every role in each."""
    roles, length, each = [SW, SW, IRO, SM, COMM], timedelta(days=125), visits // placements
    (one,) = by(SW, "Thu 2012-01-05")
    made = []
    for number in range(placements):
        start_at = moment("Tue 2012-01-03 10:00") + number * length
        start = start_at.date()
        rounds = [(start_at + length * nth / each + timedelta(hours=1), roles[nth % len(roles)]) for nth in range(each)]
        made.append(
            replace(
                registered(),
                start_at=start_at,
                ended_on=start + length,
                legal=(LegalStatus(start, "C2"),),
                reviews=tuple(Review(day("Tue 2012-01-31") + timedelta(180 * nth)) for nth in range(28)),
                registration=(Registration(start, "registered"), Registration(start + length / 2, "unregistered")),
                visits=tuple(replace(one, at=at, role=role) for at, role in rounds),
            )
        )
    return made


def milliseconds(placements):
    """Of this process alone, the best of several: both clocks over every placement."""

    def once():
        began = process_time()
        for facts in placements:
            statutory_ledger(facts, RULES_IN_FORCE, moment("Tue 2030-01-01 12:00"))
            purposeful_ledger(facts, RULES_IN_FORCE, moment("Tue 2030-01-01 12:00"))
        return process_time() - began

    return 1000 * min(once() for _ in range(9))


def test_the_ledger_of_one_child_takes_less_than_5_milliseconds():
    assert milliseconds(of_many(2, 60)) < 5


def test_the_ledger_of_40_placements_and_800_visits_takes_less_than_50_milliseconds():
    assert milliseconds(of_many(40, 800)) < 50


def test_the_work_grows_with_the_number_of_visits_and_not_faster():
    assert milliseconds(of_many(2, 400)) < 10 * milliseconds(of_many(2, 100))
