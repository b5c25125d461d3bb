"""Secure accommodation: 72 hours in any 28 days without an order, how long orders count, under 13, reviews. L-31, C-43."""

from datetime import timedelta

import pytest

from casework.ledger import Closed
from casework.procedures import rules_as_declared
from placements import rulebook
from placements.arrangement import Span
from placements.secure import (
    Order,
    Review,
    SecureFacts,
    Time,
    kept_without_order,
    next_turn,
    orders_as_they_count,
    secure_entries,
    used_up_at,
)
from tests.visits.placed import day, moment

assert rulebook.RULES
RULES = rules_as_declared()
ABOUT = "children.child:7"
START = "Mon 2026-03-02 08:00"
FOURTEEN, TWELVE = "Thu 2011-12-01", "Mon 2013-12-02"


def kept(*stays, born=FOURTEEN, orders=(), approvals=(), remands=(), reviews=()):
    """A child of fourteen, kept between these moments."""
    return SecureFacts(
        born_on=day(born),
        stays=tuple(Time(moment(start), moment(end) if end else None) for start, end in stays or ((START, None),)),
        orders=tuple(Order(moment(made), day(to) if to else None) for made, to in orders),
        approvals=tuple(map(moment, approvals)),
        remands=tuple(Span(day(start), day(end) if end else None) for start, end in remands),
        reviews=tuple(Review(day(held), leave) for held, leave in reviews),
    )


def owed(facts, code, now):
    """The duties of one rule, as they stand at a moment."""
    return [entry for entry in secure_entries(facts, RULES, about=ABOUT, now=moment(now)) if entry.kind == code]


def hours_end(facts):
    """When the 72 hours of the last time without an order are used up."""
    times = kept_without_order(facts, RULES)
    return used_up_at(times, len(times) - 1, RULES)


class TestSeventyTwoHours:
    """Without an order, in any 28 days, in one piece or in several."""

    def test_they_run_in_hours_over_the_weekend_from_the_first_minute(self):
        facts = kept(("Fri 2026-03-06 21:30", None))
        (entry,) = owed(facts, "L-31", "Sat 2026-03-07 09:00")
        assert (entry.opened_at, entry.due_at) == (moment("Fri 2026-03-06 21:30"), moment("Mon 2026-03-09 21:30"))
        assert entry.is_open

    def test_they_are_72_real_hours_when_the_clocks_go_forward(self):
        facts = kept(("Sat 2026-03-28 12:00", None))
        assert hours_end(facts) == moment("Tue 2026-03-31 13:00")

    @pytest.mark.parametrize(
        ("before", "ends"),
        [
            ((("Mon 2026-03-02 08:00", "Tue 2026-03-03 08:00"),), "Thu 2026-03-12 08:00"),
            (
                (("Mon 2026-03-02 08:00", "Wed 2026-03-04 08:00"), ("Fri 2026-03-06 08:00", "Fri 2026-03-06 20:00")),
                "Tue 2026-03-10 20:00",
            ),
            ((("Mon 2026-03-02 08:00", "Thu 2026-03-05 08:00"),), "Tue 2026-03-10 08:00"),
            ((("Mon 2026-03-02 08:00", "Fri 2026-03-06 08:00"),), "Tue 2026-03-10 08:00"),
        ],
        ids=["24 hours before", "60 in two pieces", "all of them", "more than all"],
    )
    def test_what_was_used_up_before_counts(self, before, ends):
        assert hours_end(kept(*before, ("Tue 2026-03-10 08:00", None))) == moment(ends)

    def test_what_lies_more_than_28_days_back_counts_no_longer(self):
        facts = kept(("Mon 2026-02-02 08:00", "Thu 2026-02-05 08:00"), ("Thu 2026-03-05 08:00", None))
        assert hours_end(facts) == moment("Sun 2026-03-08 08:00")

    def test_hours_drop_out_of_the_28_days_while_the_child_stays(self):
        # 60 hours from 2 February, 08:00. On 2 March at 08:00 they begin to drop out, as fast as new ones come.
        facts = kept(("Mon 2026-02-02 08:00", "Wed 2026-02-04 20:00"), ("Mon 2026-03-02 00:00", None))
        assert hours_end(facts) == moment("Thu 2026-03-05 00:00")

    def test_used_up_during_the_days_in_which_older_hours_still_count(self):
        facts = kept(("Wed 2026-02-04 08:00", "Fri 2026-02-06 20:00"), ("Mon 2026-03-02 00:00", None))
        assert hours_end(facts) == moment("Mon 2026-03-02 12:00")

    def test_another_secure_home_begins_no_new_hours(self):
        facts = kept((START, "Tue 2026-03-03 08:00"), ("Tue 2026-03-03 08:00", None))
        (entry,) = owed(facts, "L-31", "Tue 2026-03-03 12:00")
        assert entry.due_at == moment("Thu 2026-03-05 08:00")

    def test_an_order_in_time_meets_it_and_one_after_it_comes_late(self):
        (met,) = owed(kept(orders=[("Wed 2026-03-04 11:00", None)]), "L-31", "Wed 2026-03-04 12:00")
        assert (met.closed_at, met.closed_as, met.was_late) == (moment("Wed 2026-03-04 11:00"), Closed.MET, False)
        (late,) = owed(kept(orders=[("Thu 2026-03-05 08:01", None)]), "L-31", "Thu 2026-03-05 12:00")
        assert late.was_late

    @pytest.mark.parametrize(
        ("left", "closed_as"), [("Thu 2026-03-05 07:59", Closed.NO_LONGER_DUE), ("Thu 2026-03-05 08:00", Closed.MISSED)]
    )
    def test_the_child_left_in_time_or_not(self, left, closed_as):
        (entry,) = owed(kept((START, left)), "L-31", "Fri 2026-03-06 12:00")
        assert entry.closed_as == closed_as

    def test_remanded_the_child_is_kept_by_that_court(self):
        assert owed(kept(remands=[("Mon 2026-03-02", None)]), "L-31", "Fri 2026-03-13 08:00") == []

    def test_when_the_remand_ends_the_hours_begin(self):
        facts = kept(remands=[("Mon 2026-03-02", "Mon 2026-03-09")])
        (entry,) = owed(facts, "L-31", "Mon 2026-03-09 08:00")
        assert entry.due_at == moment("Thu 2026-03-12 00:00")

    def test_a_child_who_is_to_come_owes_nothing_yet(self):
        assert list(secure_entries(kept(), RULES, about=ABOUT, now=moment("Mon 2026-03-02 07:59"))) == []


class TestOrders:
    """Three months the first, six each that follows."""

    @pytest.mark.parametrize(
        ("orders", "ends"),
        [
            ([(START, None)], ["Wed 2026-06-03"]),
            ([(START, "Thu 2026-04-02")], ["Thu 2026-04-02"]),
            ([(START, "Wed 2026-09-02")], ["Wed 2026-06-03"]),
            ([(START, "Thu 2026-04-02"), ("Wed 2026-04-01 10:00", None)], ["Thu 2026-04-02", "Fri 2026-10-02"]),
            ([(START, "Thu 2026-04-02"), ("Fri 2026-04-03 10:00", None)], ["Thu 2026-04-02", "Sat 2026-07-04"]),
        ],
        ids=["none stated", "its own", "longer than the law", "one that follows", "one after a break"],
    )
    def test_an_order_counts_as_long_as_it_says_and_the_law_lets_it(self, orders, ends):
        counted = orders_as_they_count(kept(orders=orders), RULES)
        assert [time.to_at for time in counted] == [moment(f"{words} 00:00") for words in ends]

    def test_its_end_is_owed_from_the_day_it_was_made(self):
        facts = kept(orders=[("Wed 2026-03-04 11:00", "Thu 2026-04-02")])
        (entry,) = owed(facts, "L-31b", "Mon 2026-03-09 08:00")
        assert (entry.due_at, entry.is_open) == (moment("Thu 2026-04-02 00:00"), True)
        assert "1 April 2026" in entry.says

    def test_the_next_order_meets_it(self):
        facts = kept(orders=[(START, "Thu 2026-04-02"), ("Wed 2026-04-01 10:00", None)])
        first, second = (owed(facts, code, "Fri 2026-04-03 08:00")[0] for code in ("L-31b", "L-31c"))
        assert (first.closed_as, second.is_open) == (Closed.MET, True)
        assert owed(facts, "L-31", "Fri 2026-04-03 08:00") == []

    def test_as_it_runs_out_the_72_hours_begin_anew_by_time_alone(self):
        facts = kept(orders=[(START, "Thu 2026-04-02")])
        assert next_turn(facts, RULES, moment("Mon 2026-03-09 08:00")) == moment("Thu 2026-04-02 00:00")
        (hours,) = owed(facts, "L-31", "Thu 2026-04-02 08:00")
        assert hours.due_at == moment("Sun 2026-04-05 00:00")
        assert owed(facts, "L-31b", "Thu 2026-04-02 08:00")[0].is_open

    def test_where_the_child_leaves_first_it_is_owed_no_longer(self):
        facts = kept((START, "Mon 2026-03-23 10:00"), orders=[(START, "Thu 2026-04-02")])
        assert owed(facts, "L-31b", "Tue 2026-03-24 08:00")[0].closed_as == Closed.NO_LONGER_DUE


class TestUnder13:
    """The Secretary of State approves it before."""

    def test_it_is_overdue_from_the_first_minute(self):
        (entry,) = owed(kept(born=TWELVE), "L-31f", START)
        assert (entry.due_at, entry.role) == (moment(START), "service_director")

    def test_approved_before_nothing_is_owed(self):
        assert owed(kept(born=TWELVE, approvals=["Fri 2026-02-27 15:00"]), "L-31f", START) == []

    def test_approved_after_it_was_met_late(self):
        (entry,) = owed(kept(born=TWELVE, approvals=["Wed 2026-03-04 15:00"]), "L-31f", "Thu 2026-03-05 08:00")
        assert entry.was_late

    @pytest.mark.parametrize(("born", "asked"), [("Sat 2013-03-02", False), ("Sun 2013-03-03", True)])
    def test_it_is_asked_until_the_thirteenth_birthday(self, born, asked):
        assert bool(owed(kept(born=born), "L-31f", START)) == asked

    def test_nobody_asks_of_a_child_who_is_remanded(self):
        assert owed(kept(born=TWELVE, remands=[("Mon 2026-03-02", None)]), "L-31f", START) == []


class TestReviews:
    """By three people, within a month, and then every three."""

    def test_the_first_within_a_month(self):
        (entry,) = owed(kept(), "L-31d", START)
        assert entry.due_at == moment("Fri 2026-04-03 00:00")

    def test_held_it_is_met_and_the_next_is_owed_three_months_later(self):
        facts = kept(reviews=[("Mon 2026-03-23", False)])
        assert owed(facts, "L-31d", "Tue 2026-03-24 08:00")[0].closed_as == Closed.MET
        (following,) = owed(facts, "L-31e", "Tue 2026-03-24 08:00")
        assert following.due_at == moment("Wed 2026-06-24 00:00")

    def test_a_review_of_an_earlier_stay_is_none_of_this_one(self):
        facts = kept(
            ("Mon 2026-01-05 08:00", "Mon 2026-02-02 08:00"), (START, None), reviews=[("Mon 2026-01-26", False)]
        )
        assert [entry.is_open for entry in owed(facts, "L-31d", START)] == [False, True]

    def test_found_without_reason_the_child_leaves_at_once(self):
        facts = kept(reviews=[("Mon 2026-03-23", True)])
        (entry,) = owed(facts, "L-31g", "Tue 2026-03-24 08:00")
        assert (entry.due_at, entry.is_open) == (moment("Wed 2026-03-25 00:00"), True)
        gone = kept((START, "Tue 2026-03-24 17:00"), reviews=[("Mon 2026-03-23", True)])
        assert owed(gone, "L-31g", "Tue 2026-03-24 18:00")[0].closed_as == Closed.MET

    def test_a_later_review_may_find_otherwise(self):
        facts = kept(reviews=[("Mon 2026-03-23", True), ("Tue 2026-03-24", False)])
        assert owed(facts, "L-31g", "Wed 2026-03-25 08:00")[0].closed_as == Closed.NO_LONGER_DUE


def test_every_key_is_its_own_and_none_is_due_before_it_opened():
    facts = kept(
        ("Mon 2026-01-05 08:00", "Wed 2026-01-07 08:00"),
        (START, None),
        born=TWELVE,
        orders=[("Wed 2026-03-04 11:00", "Thu 2026-04-02"), ("Wed 2026-04-01 10:00", None)],
        reviews=[("Mon 2026-03-23", True), ("Tue 2026-04-21", False)],
    )
    entries = list(secure_entries(facts, RULES, about=ABOUT, now=moment("Fri 2026-05-01 08:00")))
    assert len({entry.key for entry in entries}) == len(entries)
    assert not [entry for entry in entries if entry.due_at < entry.opened_at]
    assert not [entry for entry in entries if entry.closed_at and entry.closed_at < entry.opened_at - timedelta(0)]


class TestSundaysAndPublicHolidays:
    """Regulation 10(3): more than 48 hours used up in the 27 days before, and the rest ends around a day off."""

    SIXTY_BEFORE = ("Mon 2026-03-02 08:00", "Wed 2026-03-04 20:00")
    FORTY_EIGHT_BEFORE = ("Mon 2026-03-02 08:00", "Wed 2026-03-04 08:00")

    @pytest.mark.parametrize(
        ("came", "ends"),
        [
            ("Fri 2026-03-06 23:59", "Sat 2026-03-07 11:59"),
            ("Sat 2026-03-07 00:00", "Mon 2026-03-09 12:00"),
            ("Sat 2026-03-07 18:00", "Mon 2026-03-09 12:00"),
            ("Sun 2026-03-08 20:00", "Mon 2026-03-09 12:00"),
            ("Mon 2026-03-09 00:00", "Mon 2026-03-09 12:00"),
            ("Mon 2026-03-09 00:01", "Mon 2026-03-09 12:01"),
        ],
    )
    def test_what_ends_between_noon_and_noon_ends_at_noon_of_monday(self, came, ends):
        assert hours_end(kept(self.SIXTY_BEFORE, (came, None))) == moment(ends)

    def test_before_easter_monday_it_goes_on_until_tuesday(self):
        before = ("Mon 2026-03-30 08:00", "Wed 2026-04-01 20:00")
        assert hours_end(kept(before, ("Sat 2026-04-04 18:00", None))) == moment("Tue 2026-04-07 12:00")

    def test_around_a_public_holiday_in_the_week_too(self):
        before = ("Mon 2026-12-14 08:00", "Wed 2026-12-16 20:00")
        assert hours_end(kept(before, ("Thu 2026-12-24 06:00", None))) == moment("Tue 2026-12-29 12:00")

    def test_48_hours_are_not_more_than_48(self):
        facts = kept(self.FORTY_EIGHT_BEFORE, ("Sat 2026-03-07 12:00", None))
        assert hours_end(facts) == moment("Sun 2026-03-08 12:00")

    def test_a_first_stay_over_a_weekend_goes_on_no_longer(self):
        assert hours_end(kept(("Thu 2026-03-05 18:00", None))) == moment("Sun 2026-03-08 18:00")

    def test_what_was_used_up_before_the_child_came_goes_on_no_longer(self):
        all_before = ("Mon 2026-03-02 08:00", "Thu 2026-03-05 08:00")
        assert hours_end(kept(all_before, ("Sun 2026-03-08 08:00", None))) == moment("Sun 2026-03-08 08:00")

    def test_the_duty_says_so(self):
        (*_, entry) = owed(kept(self.SIXTY_BEFORE, ("Sat 2026-03-07 18:00", None)), "L-31", "Sun 2026-03-08 09:00")
        assert entry.due_at == moment("Mon 2026-03-09 12:00")
        assert "until noon after the Sunday or public holiday" in entry.says


class TestAfterAnOrder:
    """Regulation 10(2): what was used up before an order counts no more when the child comes again after it."""

    def test_the_hours_before_the_order_are_disregarded(self):
        order = ("Wed 2026-03-04 20:00", "Mon 2026-03-09")
        facts = kept(("Mon 2026-03-02 08:00", "Mon 2026-03-09 00:00"), ("Tue 2026-03-10 08:00", None), orders=[order])
        assert hours_end(facts) == moment("Fri 2026-03-13 08:00")

    def test_those_after_it_count(self):
        order = ("Mon 2026-03-02 20:00", "Wed 2026-03-04")
        facts = kept(("Mon 2026-03-02 08:00", "Thu 2026-03-05 00:00"), ("Tue 2026-03-10 08:00", None), orders=[order])
        assert hours_end(facts) == moment("Thu 2026-03-12 08:00")

    def test_for_a_child_who_has_not_left_since_they_count_on(self):
        order = ("Mon 2026-03-02 20:00", "Wed 2026-03-04")
        facts = kept(("Mon 2026-03-02 08:00", None), orders=[order])
        assert hours_end(facts) == moment("Fri 2026-03-06 12:00")
