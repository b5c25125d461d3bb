"""The statutory clock: Care Planning Regulations reg 28 (L-01 to L-08), decisions C-35, C-36, C-38, C-40, C-41.

Each row of a table is one placement, the moment asked about, and the duty open then.
"""

# ruff: noqa: E501 (a row of a table stays on one line)

from dataclasses import replace
from datetime import date, timedelta
from time import process_time

import pytest

from casework.limits import Days, Hours, Months, Weeks
from casework.procedures import OwnValue, RulesInForce, UnknownRule, rules_as_declared
from children.ages import birthday
from tests.visits.placed import ABOUT, day, days, moment, period, placed, seen
from visits.clocks.facts import LegalStatus, Review
from visits.clocks.statutory import NotInDays, next_change, statutory_ledger
from visits.clocks.statutory_rulebook import ASKED_FOR, INTERVALS, RULES

RULES_IN_FORCE = rules_as_declared()


def ledger(facts, at, rules=RULES_IN_FORCE):
    return statutory_ledger(facts, rules, moment(at))


def the_open_duty(facts, at, rules=RULES_IN_FORCE):
    """Its code, its due day and whether it is overdue: "L-02 by Wed 2026-02-25, overdue"; None where none is open."""
    found = [each for each in ledger(facts, at, rules) if each.is_open]
    assert len(found) <= 1
    late = ", overdue" if found and found[0].due_at <= moment(at) else ""
    return f"{found[0].kind} by {found[0].due_on:%a %Y-%m-%d}{late}" if found else None


def held(*words):
    """Reviews held on the days for which they were scheduled."""
    return tuple(Review(each, each) for each in days(*words))


def legal(**codes):
    """Legal status: C1="Fri 2026-01-09"."""
    return tuple(LegalStatus(day(words), code) for code, words in codes.items())


def table(*rows):
    """Each row begins with the policy that it shows."""
    return pytest.mark.parametrize(("facts", "at", "open_duty"), [pytest.param(*row[1:], id=row[0]) for row in rows])


@table(
    ("Friday to Friday", placed(), "Fri 2026-01-09 16:00", "L-01 by Fri 2026-01-16"),
    ("the due day counts to its end", placed(), "Fri 2026-01-16 23:59", "L-01 by Fri 2026-01-16"),
    ("overdue from midnight", placed(), "Sat 2026-01-17 00:00", "L-01 by Fri 2026-01-16, overdue"),
    ("Christmas stops nothing", placed("Fri 2025-12-19 10:00"), "Fri 2025-12-26 23:59", "L-01 by Fri 2025-12-26"),
    (
        "late at night is that day",
        placed("Fri 2026-01-09 23:59"),
        "Sat 2026-01-17 00:00",
        "L-01 by Fri 2026-01-16, overdue",
    ),
    ("midnight in summer time", placed("Fri 2026-07-03 00:30"), "Fri 2026-07-10 12:00", "L-01 by Fri 2026-07-10"),
    ("over 29 February", placed("Sun 2024-02-25 10:00"), "Sun 2024-03-03 23:59", "L-01 by Sun 2024-03-03"),
    ("over the hour lost", placed("Sun 2026-03-22 10:00"), "Sun 2026-03-29 23:59", "L-01 by Sun 2026-03-29"),
    (
        "overdue after the hour lost",
        placed("Sun 2026-03-22 10:00"),
        "Mon 2026-03-30 00:00",
        "L-01 by Sun 2026-03-29, overdue",
    ),
    ("over the hour gained", placed("Sun 2026-10-18 10:00"), "Sun 2026-10-25 23:59", "L-01 by Sun 2026-10-25"),
)
def test_the_first_visit_is_due_a_week_after_the_move(facts, at, open_duty):
    assert the_open_duty(facts, at) == open_duty


def test_there_is_no_duty_before_the_day_of_the_move():
    assert ledger(placed(), "Thu 2026-01-08 23:59") == ()


WED_14 = seen("Wed 2026-01-14")


@table(
    ("a visit at the very moment asked about", placed(visits=WED_14), "Wed 2026-01-14 10:00", "L-02 by Wed 2026-02-25"),
    ("a visit later today is no fact yet", placed(visits=WED_14), "Wed 2026-01-14 09:59", "L-01 by Fri 2026-01-16"),
    ("not seen: it stays due (C-35)", placed(visits=seen("Wed 2026-01-14", seen=False)), "Thu 2026-01-15 12:00", "L-01 by Fri 2026-01-16"),
    ("seen, not alone", placed(visits=seen("Wed 2026-01-14", alone=False)), "Thu 2026-01-15 12:00", "L-02 by Wed 2026-02-25"),
    ("a Personal Adviser (C-41)", placed(visits=seen("Wed 2026-01-14", role="personal_adviser")), "Thu 2026-01-15 12:00", "L-02 by Wed 2026-02-25"),
    ("the IRO is nobody's representative", placed(visits=seen("Wed 2026-01-14", role="iro")), "Thu 2026-01-15 12:00", "L-01 by Fri 2026-01-16"),
    ("as they arrive", placed(visits=seen("Fri 2026-01-09 16:00")), "Thu 2026-01-15 12:00", "L-02 by Fri 2026-02-20"),
    ("a minute before they arrive", placed(visits=seen("Fri 2026-01-09 15:59")), "Thu 2026-01-15 12:00", "L-01 by Fri 2026-01-16"),
    ("two visits on one day are one", placed(visits=seen("Wed 2026-01-14 09:00", "Wed 2026-01-14 15:00")), "Thu 2026-01-15 12:00", "L-02 by Wed 2026-02-25"),
    ("late, and counted from the visit made (C-36)", placed(visits=seen("Tue 2026-01-20")), "Wed 2026-01-21 12:00", "L-02 by Tue 2026-03-03"),
)  # fmt: skip
def test_what_satisfies_the_clock(facts, at, open_duty):
    assert the_open_duty(facts, at) == open_duty


MOVED = "Mon 2024-02-26 10:00"
ANNIVERSARY, DAY_BEFORE = "Wed 2025-02-26", "Tue 2025-02-25"
LONG_TERM = {"meant_to_last_to_18": (period("Mon 2024-07-01"),)}
FEWER = {"fewer_visits_agreed": (period("Mon 2024-07-01"),)}
TEMPORARY = {"temporary_approval": (period("Mon 2024-02-26", "Mon 2024-06-17"),)}
APPROVED = {"carer_approved": (period("Mon 2024-02-26"),)}
REG_19 = {"reg19": (period("Mon 2024-02-26", "Mon 2024-06-17"),)}
ICO, FULL_ORDER = {"legal": legal(C1="Mon 2024-02-26")}, {"legal": legal(C2="Mon 2024-02-26")}
FRIDAY, APRIL = "Fri 2024-03-01", "Fri 2024-04-05"
REVIEW = {"reviews": held("Thu 2024-03-21")}


def lived(setting, last_seen, *more):
    """In a placement since 26 February 2024, seen the day after the move and last on a day; with more facts."""
    facts = {"visits": seen("Tue 2024-02-27", last_seen)}
    for each in more:
        facts |= each
    return placed(MOVED, setting, **facts)


@table(
    ("row 1: temporary approval, weekly", lived("connected_person", FRIDAY, TEMPORARY), "Fri 2024-03-01 12:00", "L-06 by Fri 2024-03-08"),
    ("row 1: four-weekly after the review", lived("connected_person", APRIL, TEMPORARY, REVIEW), "Fri 2024-04-05 12:00", "L-06 by Fri 2024-05-03"),
    ("row 1 also for an approved carer", lived("connected_person", FRIDAY, TEMPORARY, APPROVED), "Fri 2024-03-01 12:00", "L-06 by Fri 2024-03-08"),
    ("row 1: interim order at home", lived("parent", FRIDAY, ICO), "Fri 2024-03-01 12:00", "L-06 by Fri 2024-03-08"),
    ("row 1 before row 3", lived("parent", APRIL, ICO, REG_19, REVIEW), "Fri 2024-04-05 12:00", "L-06 by Fri 2024-05-03"),
    ("an interim order elsewhere is row 5", lived("childrens_home", FRIDAY, ICO), "Fri 2024-03-01 12:00", "L-02 by Fri 2024-04-12"),
    ("row 2: no approval", lived("connected_person", FRIDAY), "Fri 2024-03-01 12:00", "C-38 by Fri 2024-03-08"),
    ("row 2: after the review", lived("connected_person", APRIL, REVIEW), "Fri 2024-04-05 12:00", "C-38 by Fri 2024-05-03"),
    ("row 3: reg 19, weekly", lived("parent", FRIDAY, REG_19, FULL_ORDER), "Fri 2024-03-01 12:00", "L-05 by Fri 2024-03-08"),
    ("row 3: six-weekly after the review", lived("parent", APRIL, REG_19, FULL_ORDER, REVIEW), "Fri 2024-04-05 12:00", "L-05 by Fri 2024-05-17"),
    ("row 4: full order at home", lived("parent", FRIDAY, FULL_ORDER), "Fri 2024-03-01 12:00", "L-07 by Fri 2024-04-12"),
    ("row 4 also after the first year", lived("parent", ANNIVERSARY, FULL_ORDER, LONG_TERM), "Wed 2025-02-26 12:00", "L-07 by Wed 2025-04-09"),
    ("row 5: an approved relative", lived("connected_person", FRIDAY, APPROVED), "Fri 2024-03-01 12:00", "L-02 by Fri 2024-04-12"),
    ("row 5: the day before the anniversary", lived("ifa_foster", DAY_BEFORE, LONG_TERM, FEWER), "Tue 2025-02-25 12:00", "L-02 by Tue 2025-04-08"),
    ("row 6: on the anniversary", lived("ifa_foster", ANNIVERSARY, LONG_TERM, FEWER), "Wed 2025-02-26 12:00", "L-04 by Tue 2025-08-26"),
    ("row 6: an approved relative too", lived("connected_person", ANNIVERSARY, APPROVED, FEWER), "Wed 2025-02-26 12:00", "L-04 by Tue 2025-08-26"),
    ("row 6 is for foster homes only", lived("childrens_home", ANNIVERSARY, LONG_TERM, FEWER), "Wed 2025-02-26 12:00", "L-03 by Mon 2025-05-26"),
    ("row 7: meant to last", lived("childrens_home", ANNIVERSARY, LONG_TERM), "Wed 2025-02-26 12:00", "L-03 by Mon 2025-05-26"),
    ("row 7: months are clipped", lived("childrens_home", "Sun 2025-11-30", LONG_TERM), "Sun 2025-11-30 12:00", "L-03 by Sat 2026-02-28"),
    ("row 8: everything else", lived("childrens_home", ANNIVERSARY), "Wed 2025-02-26 12:00", "L-03 by Wed 2025-04-09"),
)  # fmt: skip
def test_the_first_row_of_the_table_that_applies_gives_the_interval(facts, at, open_duty):
    assert the_open_duty(facts, at) == open_duty


@table(
    ("29 February: the year ends on the 28th", placed("Thu 2024-02-29 10:00", visits=seen("Fri 2024-03-01", "Fri 2025-02-28")), "Fri 2025-02-28 12:00", "L-03 by Fri 2025-04-11"),
    ("the 27th lies within it", placed("Thu 2024-02-29 10:00", visits=seen("Fri 2024-03-01", "Thu 2025-02-27")), "Fri 2025-02-28 12:00", "L-02 by Thu 2025-04-10"),
)  # fmt: skip
def test_the_first_year_of_a_placement_that_began_on_a_leap_day(facts, at, open_duty):
    assert the_open_duty(facts, at) == open_duty


def test_a_review_counts_as_held_only_if_later_than_the_move():
    """C-40, on both sides: a review on the day of the move, and on the day after."""
    same_day = lived("connected_person", FRIDAY, TEMPORARY, {"reviews": held("Mon 2024-02-26")})
    next_day = lived("connected_person", FRIDAY, TEMPORARY, {"reviews": held("Tue 2024-02-27")})
    assert the_open_duty(same_day, "Fri 2024-03-01 12:00") == "L-06 by Fri 2024-03-08"
    assert the_open_duty(next_day, "Fri 2024-03-01 12:00") == "L-06 by Fri 2024-03-29"


def with_relative(**facts):
    """With a connected person since Monday 5 January 2026, seen on Thursday the 8th."""
    return placed("Mon 2026-01-05 10:00", "connected_person", **{"visits": seen("Thu 2026-01-08")} | facts)


def approved(*words):
    return {"carer_approved": (period(*words),)}


@table(
    ("longer: from the last visit", with_relative(**approved("Wed 2026-01-14")), "Wed 2026-01-14 12:00", "L-02 by Thu 2026-02-19"),
    ("a change on the due day finds it not overdue", with_relative(**approved("Thu 2026-01-15")), "Thu 2026-01-15 12:00", "L-02 by Thu 2026-02-19"),
    ("a change the day after finds it overdue: it stays", with_relative(**approved("Fri 2026-01-16")), "Fri 2026-01-16 12:00", "C-38 by Thu 2026-01-15, overdue"),
    ("the review relaxes", with_relative(reviews=held("Wed 2026-01-14")), "Wed 2026-01-14 12:00", "C-38 by Thu 2026-02-05"),
    ("a review tomorrow does not", with_relative(reviews=held("Thu 2026-01-15")), "Wed 2026-01-14 12:00", "C-38 by Thu 2026-01-15"),
    ("shorter: an interval after the change", with_relative(**approved("Mon 2026-01-05", "Mon 2026-01-26")), "Mon 2026-01-26 12:00", "C-38 by Mon 2026-02-02"),
    ("shorter, but already due sooner", with_relative(**approved("Mon 2026-01-05", "Mon 2026-02-16")), "Mon 2026-02-16 12:00", "C-38 by Thu 2026-02-19"),
    ("approval ends tomorrow: not yet", with_relative(**approved("Mon 2026-01-05", "Mon 2026-01-26")), "Sun 2026-01-25 23:59", "L-02 by Thu 2026-02-19"),
    ("same interval: the day stands under the new code", with_relative(temporary_approval=(period("Mon 2026-01-12", "Mon 2026-04-27"),)), "Mon 2026-01-12 12:00", "L-06 by Thu 2026-01-15"),
    ("two changes on one day are one", with_relative(**approved("Wed 2026-01-14"), reviews=held("Wed 2026-01-14")), "Wed 2026-01-14 12:00", "L-02 by Thu 2026-02-19"),
    ("shorter, then longer: from the last visit, even into the past", with_relative(**approved("Mon 2026-01-05", "Mon 2026-02-09"), reviews=held("Wed 2026-02-11")), "Wed 2026-02-11 12:00", "C-38 by Thu 2026-02-05, overdue"),
    ("a visit that day reads the interval after the change", with_relative(**approved("Wed 2026-01-14"), visits=seen("Thu 2026-01-08", "Wed 2026-01-14")), "Wed 2026-01-14 12:00", "L-02 by Wed 2026-02-25"),
    ("not seen that day: no visit was made", with_relative(**approved("Wed 2026-01-14"), visits=seen("Thu 2026-01-08") + seen("Wed 2026-01-14", seen=False)), "Wed 2026-01-14 12:00", "L-02 by Thu 2026-02-19"),
    ("the first visit never moves", with_relative(**approved("Wed 2026-01-07"), visits=()), "Wed 2026-01-07 12:00", "L-01 by Mon 2026-01-12"),
    ("overdue, and one more change", with_relative(**approved("Fri 2026-01-16", "Mon 2026-01-19")), "Mon 2026-01-19 12:00", "C-38 by Thu 2026-01-15, overdue"),
)  # fmt: skip
def test_a_change_without_a_visit_that_day_moves_the_duty(facts, at, open_duty):
    assert the_open_duty(facts, at) == open_duty


@table(
    ("the anniversary passes", lived("childrens_home", "Mon 2025-01-20", LONG_TERM), "Mon 2025-03-03 12:00", "L-02 by Mon 2025-03-03"),
    ("long term from a day in the second year", lived("childrens_home", ANNIVERSARY, {"meant_to_last_to_18": (period("Mon 2025-03-10"),)}), "Mon 2025-03-10 12:00", "L-03 by Mon 2025-05-26"),
    ("long term, but last seen in the first year", lived("childrens_home", DAY_BEFORE, {"meant_to_last_to_18": (period("Mon 2025-03-10"),)}), "Mon 2025-03-10 12:00", "L-02 by Tue 2025-04-08"),
    ("fewer visits agreed", lived("ifa_foster", ANNIVERSARY, LONG_TERM, {"fewer_visits_agreed": (period("Mon 2025-03-10"),)}), "Mon 2025-03-10 12:00", "L-04 by Tue 2025-08-26"),
    ("and taken back", lived("ifa_foster", ANNIVERSARY, {"fewer_visits_agreed": (period("Mon 2024-07-01", "Mon 2025-03-10"),)}), "Mon 2025-03-10 12:00", "L-03 by Mon 2025-04-21"),
)  # fmt: skip
def test_reaching_a_year_changes_nothing_until_the_next_visit(facts, at, open_duty):
    assert the_open_duty(facts, at) == open_duty


NOTICE = {"notices": days("Wed 2026-03-04")}


def in_home(*last_seen, **facts):
    """In a children's home since Monday 12 January 2026."""
    return placed("Mon 2026-01-12 10:00", "childrens_home", visits=seen(*last_seen), **facts)


def at_home(*last_seen, **facts):
    """With a parent since Monday 5 January 2026, accommodated, seen at once and on some days."""
    return placed("Mon 2026-01-05 10:00", "parent", visits=seen("Tue 2026-01-06", *last_seen), **facts)


VOLUNTARY_THEN_C2 = legal(V2="Mon 2026-01-05", C2="Tue 2026-02-10")


@table(
    ("a notice asks for a visit in a week", in_home("Wed 2026-02-25", **NOTICE), "Wed 2026-03-11 23:59", "L-08 by Wed 2026-03-11"),
    ("and is overdue then", in_home("Wed 2026-02-25", **NOTICE), "Thu 2026-03-12 00:00", "L-08 by Wed 2026-03-11, overdue"),
    ("a visit the day before does not meet it", in_home("Tue 2026-03-03", **NOTICE), "Wed 2026-03-04 12:00", "L-08 by Wed 2026-03-11"),
    ("a visit that day does", in_home("Wed 2026-03-04", **NOTICE), "Wed 2026-03-04 12:00", "L-02 by Wed 2026-04-15"),
    ("before that visit it stands", in_home("Wed 2026-02-25", "Wed 2026-03-04", **NOTICE), "Wed 2026-03-04 09:59", "L-08 by Wed 2026-03-11"),
    ("due sooner anyway", in_home("Tue 2026-01-27", **NOTICE), "Wed 2026-03-04 12:00", "L-02 by Tue 2026-03-10"),
    ("due the same day anyway: its own code", in_home("Wed 2026-01-28", **NOTICE), "Wed 2026-03-04 12:00", "L-02 by Wed 2026-03-11"),
    ("two notices: the earlier", in_home("Wed 2026-02-25", notices=days("Fri 2026-03-06", "Wed 2026-03-04")), "Fri 2026-03-06 12:00", "L-08 by Wed 2026-03-11"),
    ("on the day of the move: an initial fact", in_home("Wed 2026-01-14", notices=days("Mon 2026-01-12")), "Thu 2026-01-15 12:00", "L-02 by Wed 2026-02-25"),
    ("the first visit is due sooner than any notice", in_home(notices=days("Tue 2026-01-13")), "Tue 2026-01-13 12:00", "L-01 by Mon 2026-01-19"),
    ("overdue stays overdue", in_home("Tue 2026-01-13", **NOTICE), "Wed 2026-03-04 12:00", "L-02 by Tue 2026-02-24, overdue"),
    ("a full order at home asks for a visit in a week", at_home("Fri 2026-01-30", legal=VOLUNTARY_THEN_C2), "Tue 2026-02-10 12:00", "L-07 by Tue 2026-02-17"),
    ("an order and a notice on one day: the notice", at_home("Fri 2026-01-30", legal=VOLUNTARY_THEN_C2, notices=days("Tue 2026-02-10")), "Tue 2026-02-10 12:00", "L-08 by Tue 2026-02-17"),
    ("an order the day before a notice: the order", at_home("Fri 2026-01-30", legal=VOLUNTARY_THEN_C2, notices=days("Wed 2026-02-11")), "Wed 2026-02-11 12:00", "L-07 by Tue 2026-02-17"),
    ("the limit stands, whatever else changes", at_home("Fri 2026-01-30", legal=legal(V2="Mon 2026-01-05", C2="Tue 2026-02-10", E1="Thu 2026-02-12")), "Thu 2026-02-12 12:00", "L-07 by Tue 2026-02-17"),
    ("the order goes on: no second limit", at_home("Wed 2026-02-11", legal=(*VOLUNTARY_THEN_C2, LegalStatus(date(2026, 2, 20), "C2"))), "Fri 2026-02-20 12:00", "L-07 by Wed 2026-03-25"),
    ("an order on the day of the move: an initial fact", at_home(legal=legal(C2="Mon 2026-01-05")), "Tue 2026-01-06 12:00", "L-07 by Tue 2026-02-17"),
    ("an order for a child elsewhere asks for nothing", in_home("Wed 2026-02-25", legal=legal(C1="Mon 2026-01-12", C2="Wed 2026-03-04")), "Wed 2026-03-04 12:00", "L-02 by Wed 2026-04-08"),
)  # fmt: skip
def test_limits_on_top(facts, at, open_duty):
    assert the_open_duty(facts, at) == open_duty


def test_a_shorter_interval_is_held_against_the_duty_s_own_day_not_against_a_limit_on_top():
    """The notice brings 11 February forward; the lapse on the 9th is reckoned from the duty's own 19 February."""
    facts = with_relative(**approved("Mon 2026-01-05", "Mon 2026-02-09"), notices=days("Wed 2026-02-04"))
    assert the_open_duty(facts, "Mon 2026-02-09 12:00") == "L-08 by Wed 2026-02-11"
    facts = with_relative(**approved("Mon 2026-01-05", "Mon 2026-02-02"), notices=days("Wed 2026-02-04"))
    assert the_open_duty(facts, "Wed 2026-02-04 12:00") == "C-38 by Mon 2026-02-09"


def test_a_duty_overdue_by_a_limit_on_top_is_overdue_and_stays_as_it_is():
    """Due on 27 January by the notice; the review of the 30th would put the duty's own day, 2 February, on the 26th."""
    facts = placed(
        "Mon 2025-12-22 10:00",
        "connected_person",
        visits=seen("Mon 2025-12-29"),
        notices=days("Tue 2026-01-20"),
        reviews=held("Fri 2026-01-30"),
        **approved("Mon 2025-12-22", "Mon 2026-01-26"),
    )
    assert the_open_duty(facts, "Fri 2026-01-30 12:00") == "L-08 by Tue 2026-01-27, overdue"


@pytest.mark.parametrize(
    ("facts", "last_day"),
    [
        pytest.param({"ended_on": day("Wed 2026-01-14")}, "Tue 2026-01-13 23:59", id="the placement ends"),
        pytest.param({"care_ended_on": day("Wed 2026-01-14")}, "Tue 2026-01-13 23:59", id="care ends"),
        pytest.param({"born_on": date(2008, 1, 14)}, "Tue 2026-01-13 23:59", id="eighteenth birthday"),
        pytest.param(
            {"born_on": date(2008, 1, 14), "ended_on": day("Fri 2026-01-30")}, "Tue 2026-01-13 23:59", id="first"
        ),
    ],
)
def test_from_the_day_of_an_end_nothing_is_due(facts, last_day):
    facts = placed(**facts)
    assert the_open_duty(facts, last_day) == "L-01 by Fri 2026-01-16"
    assert the_open_duty(facts, "Wed 2026-01-14 00:00") is None
    (closed,) = ledger(facts, "Wed 2026-01-14 00:00")
    assert (closed.closed_as, closed.closed_at) == ("no_longer_due", moment("Wed 2026-01-14 00:00"))


@pytest.mark.parametrize(
    ("ended_on", "closed_as"),
    [("Fri 2026-01-16", "no_longer_due"), ("Sat 2026-01-17", "missed"), ("Sun 2026-01-18", "missed")],
)
def test_a_duty_overdue_at_the_end_is_missed(ended_on, closed_as):
    """Due on Friday the 16th: overdue from Saturday."""
    (closed,) = ledger(placed(ended_on=day(ended_on)), "Mon 2026-02-02 12:00")
    assert closed.closed_as == closed_as


def test_a_visit_on_the_day_of_the_end_meets_nothing():
    facts = placed(ended_on=day("Wed 2026-01-14"), visits=seen("Wed 2026-01-14 08:00"))
    assert [each.closed_as for each in ledger(facts, "Wed 2026-01-14 12:00")] == ["no_longer_due"]


def test_a_placement_that_ends_on_the_day_it_began_never_had_a_duty():
    assert ledger(placed(ended_on=day("Fri 2026-01-09")), "Mon 2026-02-02 12:00") == ()


def test_an_eighteenth_birthday_on_a_leap_day_is_kept_on_the_first_of_march():
    assert birthday(date(2008, 2, 29), 18) == date(2026, 3, 1)
    assert birthday(date(2008, 3, 31), 18) == date(2026, 3, 31)


def test_the_ledger_keeps_every_duty_with_its_evidence_and_whether_it_was_late():
    """Due 16 January, met on the 14th; due 25 February, met a day late on the 26th."""
    facts = placed(visits=seen("Wed 2026-01-14", "Thu 2026-02-26"))
    first, second, third = ledger(facts, "Fri 2026-02-27 12:00")
    assert (first.key, first.kind, first.opened_at) == (f"S:{ABOUT}:first", "L-01", facts.start_at)
    assert (first.closed_as, first.closed_at, first.was_late) == ("met", moment("Wed 2026-01-14 10:00"), False)
    assert (first.evidence, first.role, first.about) == ("visits.visit:1", "social_worker", ABOUT)
    assert (second.key, second.kind) == (f"S:{ABOUT}:after:2026-01-14", "L-02")
    assert (second.opened_at, second.due_at) == (moment("Wed 2026-01-14 10:00"), moment("Thu 2026-02-26 00:00"))
    assert (second.closed_as, second.was_late, second.evidence) == ("met", True, "visits.visit:2")
    assert (third.key, third.is_open, third.due_on) == (f"S:{ABOUT}:after:2026-02-26", True, day("Thu 2026-04-09"))


def test_of_several_visits_on_one_day_the_first_is_the_evidence():
    visits = seen("Wed 2026-01-14 15:00", "Wed 2026-01-14 09:00", "Wed 2026-01-14 09:00")
    first, second = ledger(placed(visits=visits), "Wed 2026-01-14 16:00")
    assert (first.evidence, first.closed_at) == ("visits.visit:2", moment("Wed 2026-01-14 09:00"))
    assert second.opened_at == moment("Wed 2026-01-14 09:00")


KNOWN_FROM = {"known_from": day("Mon 2026-06-01")}


@table(
    ("due before: due on the first day on record", placed(**KNOWN_FROM), "Mon 2026-06-01 12:00", "L-01 by Mon 2026-06-01"),
    ("overdue from the day after", placed(**KNOWN_FROM), "Tue 2026-06-02 00:00", "L-01 by Mon 2026-06-01, overdue"),
    ("due after: as it is", placed("Fri 2026-05-29 10:00", **KNOWN_FROM), "Mon 2026-06-01 12:00", "L-01 by Fri 2026-06-05"),
    ("a visit of before is still a visit", placed(visits=WED_14, **KNOWN_FROM), "Mon 2026-06-01 12:00", "L-02 by Mon 2026-06-01"),
)  # fmt: skip
def test_nothing_is_overdue_before_visits_are_on_record(facts, at, open_duty):
    assert the_open_duty(facts, at) == open_duty


def test_visits_made_before_the_record_begins_are_never_late_and_ends_never_missed():
    late_otherwise = placed(visits=seen("Mon 2026-02-02"), ended_on=day("Mon 2026-06-01"), **KNOWN_FROM)
    assert [each.closed_as for each in ledger(late_otherwise, "Tue 2026-06-02 12:00")] == ["met", "no_longer_due"]
    assert not any(each.was_late for each in ledger(late_otherwise, "Tue 2026-06-02 12:00"))
    ended_before = placed(visits=seen("Mon 2026-02-02"), ended_on=day("Sun 2026-05-31"), **KNOWN_FROM)
    assert ledger(ended_before, "Tue 2026-06-02 12:00") == ()
    ended_after = placed(ended_on=day("Tue 2026-06-02"), **KNOWN_FROM)
    assert [each.closed_as for each in ledger(ended_after, "Tue 2026-06-02 12:00")] == ["missed"]


@pytest.mark.parametrize(
    ("facts", "at", "says"),
    [
        (placed(), "Fri 2026-01-09 17:00", "First visit within 1 week of the move on 9 January 2026, so by 16 January 2026. Care Planning Regulations, reg 28(2)(a)."),
        (placed(visits=WED_14), "Wed 2026-01-14 12:00", "Visits in the first year of a placement, at most 6 weeks apart: last seen 14 January 2026, so by 25 February 2026. Care Planning Regulations, reg 28(2)(b)."),
        (in_home("Wed 2026-02-25", **NOTICE), "Wed 2026-03-04 12:00", "Visit within 1 week of the regulator’s notice of concern about the home on 4 March 2026, so by 11 March 2026. Care Planning Regulations, reg 28(6) to (8)."),
        (at_home("Fri 2026-01-30", legal=VOLUNTARY_THEN_C2), "Tue 2026-02-10 12:00", "Visit within 1 week of the full care order made while living with a parent on 10 February 2026, so by 17 February 2026. Care Planning Regulations, reg 28(5)."),
        (with_relative(**approved("Mon 2026-01-05", "Mon 2026-01-26")), "Mon 2026-01-26 12:00", "Visits while a connected person cares for the child without any approval, until the first review, at most 7 days apart: last seen 8 January 2026, this interval in force and counted from 26 January 2026, so by 2 February 2026. Decision C-38; the limit is a local default, no source."),
        (with_relative(**approved("Mon 2026-01-05", "Mon 2026-02-16")), "Mon 2026-02-16 12:00", "Visits while a connected person cares for the child without any approval, until the first review, at most 7 days apart: last seen 8 January 2026, due on the day that stood when this interval came into force on 16 February 2026, so by 19 February 2026. Decision C-38; the limit is a local default, no source."),
        (placed(**KNOWN_FROM), "Mon 2026-06-01 12:00", "First visit within 1 week of the move on 9 January 2026; no visits are on record from before 1 June 2026, so by 1 June 2026. Care Planning Regulations, reg 28(2)(a)."),
    ],
)  # fmt: skip
def test_every_date_says_why(facts, at, says):
    assert ledger(facts, at)[-1].says == says


def test_the_facts_used_are_named():
    facts = in_home("Wed 2026-02-25", reviews=held("Mon 2026-02-09"), **NOTICE)
    assert ledger(facts, "Wed 2026-03-04 12:00")[-1].facts == (
        ("Placement began", "12 January 2026"),
        ("Last seen", "25 February 2026"),
        ("First review since the placement began", "9 February 2026"),
        ("Notice of concern about the home", "4 March 2026"),
    )


def own(code, limit, since="Thu 2026-01-01"):
    """The declared rules with one value of the authority's own."""
    return RulesInForce(RULES_IN_FORCE.rules, {code: (OwnValue(code, limit, day(since)),)})


EVERY_INTERVAL = [
    ("L-01", placed(), "Fri 2026-01-09 17:00", "L-01 by Mon 2026-01-12"),
    ("L-02", placed(visits=WED_14), "Wed 2026-01-14 12:00", "L-02 by Sat 2026-01-17"),
    ("L-03", lived("childrens_home", "Wed 2026-01-14"), "Wed 2026-01-14 12:00", "L-03 by Sat 2026-01-17"),
    ("L-03-long-term", lived("childrens_home", "Wed 2026-01-14", LONG_TERM), "Wed 2026-01-14 12:00", "L-03 by Sat 2026-01-17"),
    ("L-04", lived("ifa_foster", "Wed 2026-01-14", FEWER), "Wed 2026-01-14 12:00", "L-04 by Sat 2026-01-17"),
    ("L-05", at_home("Wed 2026-01-14", reg19=(period("Mon 2026-01-05"),)), "Wed 2026-01-14 12:00", "L-05 by Sat 2026-01-17"),
    ("L-05-after-review", at_home("Wed 2026-01-14", reg19=(period("Mon 2026-01-05"),), reviews=held("Tue 2026-01-13")), "Wed 2026-01-14 12:00", "L-05 by Sat 2026-01-17"),
    ("L-06", at_home("Wed 2026-01-14", legal=legal(C1="Mon 2026-01-05")), "Wed 2026-01-14 12:00", "L-06 by Sat 2026-01-17"),
    ("L-06-after-review", at_home("Wed 2026-01-14", legal=legal(C1="Mon 2026-01-05"), reviews=held("Tue 2026-01-13")), "Wed 2026-01-14 12:00", "L-06 by Sat 2026-01-17"),
    ("L-07", at_home("Wed 2026-01-14", legal=legal(C2="Mon 2026-01-05")), "Wed 2026-01-14 12:00", "L-07 by Sat 2026-01-17"),
    ("L-07-order", at_home("Wed 2026-01-14", legal=legal(C2="Thu 2026-01-15")), "Thu 2026-01-15 12:00", "L-07 by Sun 2026-01-18"),
    ("L-08", placed(visits=WED_14, notices=days("Thu 2026-01-15")), "Thu 2026-01-15 12:00", "L-08 by Sun 2026-01-18"),
    ("C-38", with_relative(), "Thu 2026-01-08 12:00", "C-38 by Sun 2026-01-11"),
    ("C-38-after-review", with_relative(reviews=held("Wed 2026-01-07")), "Thu 2026-01-08 12:00", "C-38 by Sun 2026-01-11"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "facts", "at", "open_duty"), EVERY_INTERVAL, ids=[row[0] for row in EVERY_INTERVAL])
def test_an_authority_sets_every_limit_itself(rule, facts, at, open_duty):
    """Three days in each place: three days after the visit of the day asked about, or after what asks for a visit."""
    assert the_open_duty(facts, at, own(rule, Days(3))) == open_duty


def test_no_limit_is_left_out_of_that_table():
    assert {row[0] for row in EVERY_INTERVAL} == {rule.code for rule in RULES if rule.limit and rule.code != ASKED_FOR}


def test_the_value_in_force_on_the_day_of_the_visit_holds():
    """A duty that runs keeps the value under which it began; the next takes the new one."""
    rules = own("L-02", Weeks(4), since="Thu 2026-01-15")
    facts = placed(visits=seen("Wed 2026-01-14", "Fri 2026-01-16"))
    assert [each.due_on for each in ledger(facts, "Sat 2026-01-17 12:00", rules)][1:] == [
        *days("Wed 2026-02-25", "Fri 2026-02-13")
    ]


def test_an_authority_may_end_the_default_for_personal_advisers():
    without = RulesInForce({code: rows for code, rows in RULES_IN_FORCE.rules.items() if code != "C-41"})
    facts = placed(visits=seen("Wed 2026-01-14", role="personal_adviser"))
    assert the_open_duty(facts, "Thu 2026-01-15 12:00", without) == "L-01 by Fri 2026-01-16"


def test_fewer_visits_exist_only_since_the_regulations_were_amended():
    """L-04 holds from 1 April 2015; a visit the day before finds row 7."""
    facts = placed("Mon 2014-01-06 10:00", "ifa_foster", fewer_visits_agreed=(period("Mon 2014-01-06"),), meant_to_last_to_18=(period("Mon 2014-01-06"),), visits=seen("Tue 2015-03-31"))  # fmt: skip
    assert the_open_duty(facts, "Tue 2015-03-31 12:00") == "L-03 by Tue 2015-06-30"
    facts = placed("Mon 2014-01-06 10:00", "ifa_foster", fewer_visits_agreed=(period("Mon 2014-01-06"),), visits=seen("Wed 2015-04-01"))  # fmt: skip
    assert the_open_duty(facts, "Wed 2015-04-01 12:00") == "L-04 by Thu 2015-10-01"


def test_limits_that_cannot_be_used_are_refused():
    with pytest.raises(NotInDays, match="L-01 is set to 24 hours"):
        ledger(placed(), "Fri 2026-01-09 17:00", own("L-01", Hours(24)))
    with pytest.raises(UnknownRule):
        ledger(placed(), "Fri 2026-01-09 17:00", RulesInForce({}))


def test_every_row_of_the_table_names_rules_that_exist_and_have_a_limit():
    limits = {rule.code: rule.limit for rule in RULES}
    for row in INTERVALS:
        assert all([limits[row.code], limits[row.until_review], limits[row.after_review]])
    assert all(rule.cites for rule in RULES)


AHEAD = [
    ({}, "Fri 2026-01-09 12:00", "Fri 2026-01-09 00:00", None),
    ({}, "Thu 2026-01-08 12:00", "Fri 2026-01-09 00:00", "the move"),
    (NOTICE, "Tue 2026-03-03 23:59", "Wed 2026-03-04 00:00", "a notice"),
    ({"temporary_approval": (period("Fri 2026-01-09", "Fri 2026-05-01"),)}, "Mon 2026-01-12 12:00", "Fri 2026-05-01 00:00", "an approval runs out"),
    (approved("Mon 2026-02-02", "Mon 2026-06-01"), "Mon 2026-02-02 00:00", "Mon 2026-06-01 00:00", "midnight in summer time"),
    ({"reg19": (period("Fri 2026-01-09", "Fri 2026-02-06"),)}, "Mon 2026-01-12 12:00", "Fri 2026-02-06 00:00", "reg 19 ends"),
    ({"legal": legal(C1="Fri 2026-01-09", C2="Mon 2026-03-02")}, "Mon 2026-01-12 12:00", "Mon 2026-03-02 00:00", "an order made for later"),
    ({"reviews": held("Thu 2026-02-05")}, "Mon 2026-01-12 12:00", "Thu 2026-02-05 00:00", "a review"),
    ({"meant_to_last_to_18": (period("Mon 2026-03-02"),)}, "Mon 2026-01-12 12:00", "Mon 2026-03-02 00:00", "meant to last"),
    ({"visits": WED_14}, "Mon 2026-01-12 12:00", "Wed 2026-01-14 10:00", "a visit"),
    ({"born_on": date(2008, 7, 1)}, "Mon 2026-01-12 12:00", "Wed 2026-07-01 00:00", "the eighteenth birthday"),
    ({"ended_on": day("Mon 2026-01-19"), "born_on": date(2008, 7, 1)}, "Mon 2026-01-12 12:00", "Mon 2026-01-19 00:00", "the end"),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "at", "change", "what"), AHEAD, ids=[str(row[3]) for row in AHEAD])
def test_the_next_moment_at_which_time_alone_changes_the_ledger(facts, at, change, what):
    assert next_change(placed(**facts), moment(at)) == (moment(change) if what else None)


def test_nothing_lies_ahead_of_a_placement_that_has_ended():
    facts = placed(ended_on=day("Mon 2026-01-19"), born_on=date(2008, 7, 1), **NOTICE)
    assert next_change(facts, moment("Mon 2026-01-19 00:00")) is None


def test_the_work_grows_with_the_number_of_visits_and_not_faster():
    (one,) = seen("Thu 2020-01-09")

    def seconds(count):
        visits = tuple(replace(one, at=one.at + timedelta(days=7 * number)) for number in range(count))
        facts = placed("Mon 2020-01-06 10:00", "connected_person", visits=visits)
        return min(seconds_taken_by(lambda: ledger(facts, "Tue 2030-01-01 12:00")) for _ in range(5))

    assert seconds(400) < 10 * seconds(100)


def seconds_taken_by(act):
    """Seconds of this process alone."""
    began = process_time()
    act()
    return process_time() - began


def test_months_and_weeks_are_limits_like_any_other():
    facts = placed(visits=WED_14)
    assert the_open_duty(facts, "Wed 2026-01-14 12:00", own("L-02", Months(1))) == "L-02 by Sat 2026-02-14"
