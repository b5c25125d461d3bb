"""The statutory clock against a second, naive reading of the same text, and what must hold whatever the facts are."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import assume, given, settings, strategies as st

from casework.procedures import rules_as_declared
from tests.visits.naive_statutory_clock import naive_ledger
from visits.clocks.facts import LegalStatus, Period, PlacementFacts, Registration, Review, Variation, VisitMade
from visits.clocks.statutory import next_change, statutory_ledger

RULES = rules_as_declared()
SETTINGS = ["in_house_foster", "ifa_foster", "connected_person", "parent", "childrens_home", "supported_accommodation"]
SPAN = 560  # days of a placement that are looked at: one year and what comes after it


def ledger(facts, now):
    return statutory_ledger(facts, RULES, now)


def offsets(first=-40, last=SPAN):
    """Days from the start: anywhere, or on and around the days on which weeks, six weeks and years end."""
    near = [n * 7 + around for n in (0, 1, 2, 3, 4, 6, 12, 18) for around in (-1, 0, 1)] + [364, 365, 366, 367]
    return st.one_of(st.sampled_from([n for n in near if first <= n <= last]), st.integers(first, last))


def days(start, first=-40, last=SPAN):
    return offsets(first, last).map(lambda n: start + timedelta(days=n))


def some(strategy, most=2):
    return st.lists(strategy, max_size=most).map(tuple)


@st.composite
def periods(draw, start):
    from_on = draw(days(start))
    return Period(from_on, draw(st.none() | st.integers(1, 200).map(lambda n: from_on + timedelta(days=n))))


@st.composite
def visits(draw, start):
    """A visit now and then; most are seen, by a social worker."""
    day = start + timedelta(days=draw(offsets(-2)))
    at = datetime(day.year, day.month, day.day, draw(st.sampled_from([0, 8, 9, 13, 23])), 30, tzinfo=UTC)
    role = draw(st.sampled_from(["social_worker"] * 4 + ["personal_adviser", "iro", "service_manager"]))
    return VisitMade(
        at, role, draw(st.sampled_from([True] * 5 + [False])), record=f"visits.visit:{at:%y%m%d%H%M}{role}"
    )


@st.composite
def placements(draw):
    start = draw(
        st.sampled_from([date(2024, 2, 29), date(2023, 12, 31)]) | st.dates(date(2023, 1, 1), date(2025, 12, 31))
    )
    held = days(start).flatmap(
        lambda day: st.sampled_from([Review(day, day), Review(day), Review(day, day + timedelta(9))])
    )
    seldom = st.none() | st.none() | st.none()
    return PlacementFacts(
        about="placements.placement:17",
        start_at=datetime(start.year, start.month, start.day, draw(st.sampled_from([0, 9, 22])), tzinfo=UTC),
        setting=draw(st.sampled_from(SETTINGS)),
        care_started_on=start,
        ended_on=draw(seldom | days(start, 0)),
        care_ended_on=draw(seldom | days(start, 0)),
        born_on=draw(seldom | days(start, 0).map(lambda day: day.replace(year=day.year - 18, day=min(day.day, 28)))),
        legal=draw(some(st.builds(LegalStatus, days(start), st.sampled_from(["C1", "C2", "V2"])), most=4)),
        temporary_approval=draw(some(periods(start))),
        carer_approved=draw(some(periods(start))),
        reg19=draw(some(periods(start))),
        meant_to_last_to_18=draw(some(periods(start))),
        fewer_visits_agreed=draw(some(periods(start))),
        reviews=draw(some(held, most=3)),
        notices=draw(some(days(start), most=3)),
        visits=draw(some(visits(start), most=25)),
        known_from=draw(seldom | days(start)),
    )


@st.composite
def placements_and_moments(draw):
    facts = draw(placements())
    return facts, facts.start_at + timedelta(days=draw(offsets(-1)), hours=draw(st.integers(0, 23)))


def as_naive(entries):
    return [(each.opened_at, each.kind, each.due_on, each.closed_at, each.closed_as, each.evidence) for each in entries]


@settings(max_examples=400, deadline=None)
@given(placements_and_moments())
def test_two_readings_of_the_text_agree_on_the_whole_ledger(placement_and_moment):
    facts, now = placement_and_moment
    assert as_naive(ledger(facts, now)) == naive_ledger(facts, now)


@settings(deadline=None)
@given(placements_and_moments())
def test_duties_follow_one_another_without_gap_or_overlap_and_only_the_last_is_open(placement_and_moment):
    entries = ledger(*placement_and_moment)
    for earlier, later in pairwise(entries):
        assert earlier.closed_at == later.opened_at
        assert earlier.closed_as == "met"
    assert len({each.key for each in entries}) == len(entries)
    assert all(each.key.startswith("S:placements.placement:17:") for each in entries)


@settings(deadline=None)
@given(placements_and_moments(), st.integers(1, 200))
def test_a_duty_once_opened_never_disappears(placement_and_moment, later):
    facts, now = placement_and_moment
    assume(facts.known_from is None)
    then = {each.key for each in ledger(facts, now + timedelta(days=later))}
    assert {each.key for each in ledger(facts, now)} <= then


@settings(deadline=None)
@given(placements_and_moments(), st.integers(1, 200))
def test_an_overdue_duty_does_not_move_whatever_happens_later(placement_and_moment, later):
    facts, now = placement_and_moment
    evening = now.replace(hour=22, minute=59)  # nothing more happens that day
    afterwards = {each.key: each for each in ledger(facts, evening + timedelta(days=later))}
    for each in ledger(facts, evening):
        if each.is_open and each.due_at <= evening and each.key in afterwards:
            assert (afterwards[each.key].due_at, afterwards[each.key].kind) == (each.due_at, each.kind)


@settings(deadline=None)
@given(placements_and_moments())
def test_facts_that_the_clock_does_not_read_change_nothing(placement_and_moment):
    facts, now = placement_and_moment
    day = facts.start_at + timedelta(days=3)
    noise = (
        VisitMade(day, "iro", seen=True, form="complete"),
        VisitMade(day, "service_manager", seen=True, form="complete"),
        VisitMade(day, "commissioning", seen=False, form="complete"),
        VisitMade(day, "social_worker", seen=False, form="complete"),
        VisitMade(facts.start_at - timedelta(minutes=1), "social_worker", seen=True, form="complete"),
        VisitMade(now + timedelta(minutes=1), "social_worker", seen=True, form="complete"),
    )
    tomorrow = now.date() + timedelta(days=2)
    with_noise = replace(
        facts,
        visits=facts.visits + noise,
        registration=(
            Registration(facts.start, "registered"),
            Registration(facts.start + timedelta(9), "unregistered"),
        ),
        variations=(Variation(facts.start + timedelta(9), 14),),
        concern_at_start=True,
        reviews=(*facts.reviews, Review(facts.start), Review(facts.start, facts.start), Review(facts.start, tomorrow)),
        notices=(*facts.notices, facts.start, tomorrow),
        temporary_approval=(*facts.temporary_approval, Period(tomorrow)),
        carer_approved=(*facts.carer_approved, Period(tomorrow)),
        legal=(*facts.legal, LegalStatus(tomorrow, "C2")),
    )
    assert ledger(with_noise, now) == ledger(facts, now)


@settings(deadline=None)
@given(placements_and_moments(), st.randoms(use_true_random=False))
def test_the_order_in_which_facts_are_listed_does_not_matter(placement_and_moment, chance):
    facts, now = placement_and_moment
    assume(len({status.from_on for status in facts.legal}) == len(facts.legal))  # on one day the last one listed holds
    names = ("legal", "visits", "reviews", "notices", "temporary_approval", "carer_approved")
    shuffled = {name: tuple(chance.sample(getattr(facts, name), len(getattr(facts, name)))) for name in names}
    entries, again = ledger(facts, now), ledger(replace(facts, **shuffled), now)
    assert as_naive(entries) == as_naive(again)


@settings(deadline=None)
@given(placements_and_moments(), st.floats(0, 1))
def test_until_the_next_change_the_ledger_stands(placement_and_moment, part):
    facts, now = placement_and_moment
    change = next_change(facts, now)
    until = change - timedelta(microseconds=1) if change else now + timedelta(days=400)
    assert ledger(facts, now + (until - now) * part) == ledger(facts, now)
    assert ledger(facts, until) == ledger(facts, now)


@settings(deadline=None)
@given(placements_and_moments())
def test_nothing_is_overdue_before_visits_are_on_record(placement_and_moment):
    facts, now = placement_and_moment
    facts = replace(facts, known_from=now.date() + timedelta(days=1))
    entries = ledger(facts, now)
    assert all(each.due_at > now and not each.was_late and each.closed_as != "missed" for each in entries)
