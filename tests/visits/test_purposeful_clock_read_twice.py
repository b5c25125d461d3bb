"""The purposeful clock against a second, naive reading of the same text, and what must hold whatever the facts are."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import assume, given, settings, strategies as st

from casework.ledger import Closed
from casework.procedures import rules_as_declared
from tests.visits.naive_purposeful_clock import naive_ledger
from visits.clocks import purposeful as purposeful_clock, statutory as statutory_clock
from visits.clocks.facts import LegalStatus, Period, PlacementFacts, Registration, Review, Variation, VisitMade
from visits.clocks.purposeful import next_change, purposeful_ledger

RULES = rules_as_declared()
SETTINGS = ["childrens_home", "supported_accommodation", "ifa_foster"] * 3 + [
    "in_house_foster",
    "connected_person",
    "parent",
]
ROLES = ["social_worker", "iro", "service_manager", "commissioning"]
SPAN = 430  # days of a placement that are looked at


def ledger(facts, now):
    return purposeful_ledger(facts, RULES, now)


def offsets(first=-40, last=SPAN):
    """Days from the start: anywhere, or on and around the days on which the limits of the schedule end."""
    ends = (0, 1, 7, 10, 14, 20, 28, 31, 35, 42, 49, 56, 84, 91, 92, 182, 365)
    near = [n + around for n in ends for around in (-1, 0, 1)]
    return st.one_of(st.sampled_from([n for n in near if first <= n <= last]), st.integers(first, last))


def days(start, first=-40, last=SPAN):
    return offsets(first, last).map(lambda n: start + timedelta(days=n))


def some(strategy, most=2):
    return st.lists(strategy, max_size=most).map(tuple)


def visit(day, hour, role, *, seen=True, form="complete"):
    at = datetime(day.year, day.month, day.day, hour, 30, tzinfo=UTC)
    return VisitMade(at, role, seen, form=form, record=f"visits.visit:{at:%y%m%d%H%M}{role}{seen}{form}")


@st.composite
def visits(draw, start):
    """Visits now and then, and a worker who comes every few days for a while; most are seen, with a complete form."""
    hours = st.sampled_from([0, 8, 13, 22, 23])
    scattered = [
        visit(
            start + timedelta(days=draw(offsets(-30))),
            draw(hours),
            draw(st.sampled_from([*ROLES, "social_worker", "iro", "personal_adviser", "health"])),
            seen=draw(st.sampled_from([True] * 4 + [False])),
            form=draw(st.sampled_from(["complete"] * 6 + ["draft", None])),
        )
        for _ in range(draw(st.integers(0, 10)))
    ]
    first, every = start + timedelta(days=draw(offsets(-2, 200))), draw(st.sampled_from([1, 6, 7, 7, 8, 30]))
    regular = [visit(first + timedelta(days=n * every), 10, "social_worker") for n in range(draw(st.integers(0, 10)))]
    return tuple(scattered + regular)


@st.composite
def placements(draw):
    start = draw(
        st.sampled_from([date(2024, 2, 29), date(2023, 12, 31)]) | st.dates(date(2023, 1, 1), date(2025, 12, 31))
    )
    slips = st.sampled_from([0, 0, -20, -3, 1, 9, 40]).map(timedelta)
    reviews = st.builds(
        lambda day, slip, is_held: Review(day, day + slip if is_held else None), days(start, -300), slips, st.booleans()
    )
    statuses = st.sampled_from(["registered", "registered", "applied", "unregistered"])
    registered_before = st.builds(Registration, st.just(start - timedelta(90)), statuses)
    seldom = st.none() | st.none() | st.none()
    return PlacementFacts(
        about="placements.placement:17",
        start_at=datetime(start.year, start.month, start.day, draw(st.sampled_from([1, 9, 22])), tzinfo=UTC),
        setting=draw(st.sampled_from(SETTINGS)),
        care_started_on=start - timedelta(days=draw(st.sampled_from([0, 0, 20, 28, 300]))),
        ended_on=draw(seldom | days(start, 0)),
        care_ended_on=draw(seldom | days(start, 0)),
        born_on=draw(seldom | days(start, 0).map(lambda day: day.replace(year=day.year - 18, day=min(day.day, 28)))),
        reviews=draw(some(reviews, most=4)),
        visits=draw(visits(start)),
        concern_at_start=draw(st.booleans()),
        registration=(
            *draw(some(registered_before, 1)),
            *draw(some(st.builds(Registration, days(start), statuses), 3)),
        ),
        variations=draw(some(st.builds(Variation, days(start), st.sampled_from([10, 14, 28, 60])))),
        known_from=draw(seldom | days(start)),
    )


@st.composite
def placements_and_moments(draw):
    facts = draw(placements())
    return facts, facts.start_at + timedelta(days=draw(offsets(-1)), hours=draw(st.integers(0, 23)))


def by_role(entries):
    """The ledger as the naive reading tells it: role by role."""
    rows = [(e.role, e.opened_at, e.kind, e.due_at, e.closed_at, e.closed_as, e.evidence) for e in entries]
    return [row for role in ROLES for row in rows if row[0] == role]


@settings(max_examples=120, deadline=None)
@given(placements_and_moments())
def test_two_readings_of_the_text_agree_on_the_whole_ledger(placement_and_moment):
    facts, now = placement_and_moment
    assert by_role(ledger(facts, now)) == naive_ledger(facts, now)


@settings(max_examples=40, deadline=None)
@given(placements_and_moments())
def test_each_role_has_one_open_duty_at_most_and_its_duties_follow_one_another(placement_and_moment):
    entries = ledger(*placement_and_moment)
    assert len({entry.key for entry in entries}) == len(entries)
    for role in ROLES:
        of_role = [entry for entry in entries if entry.role == role]
        for earlier, later in pairwise(of_role):
            assert earlier.closed_at <= later.opened_at
            assert earlier.opened_at <= earlier.closed_at
        if role in ("social_worker", "iro"):  # these two always owe the next visit
            assert all(earlier.closed_at == later.opened_at for earlier, later in pairwise(of_role))


@settings(max_examples=40, deadline=None)
@given(placements_and_moments(), st.integers(1, 200))
def test_a_duty_once_opened_never_disappears_and_the_ledger_grows_only_at_its_end(placement_and_moment, later):
    facts, now = placement_and_moment
    assume(facts.known_from is None)
    then, before = ledger(facts, now + timedelta(days=later)), ledger(facts, now)
    assert [entry.key for entry in then][: len(before)] == [entry.key for entry in before]
    closed = [entry for entry in before if not entry.is_open]
    assert [entry for entry in then if entry.key in {each.key for each in closed}] == closed


@settings(max_examples=40, deadline=None)
@given(placements_and_moments(), st.integers(1, 200))
def test_an_overdue_duty_does_not_move_whatever_happens_later(placement_and_moment, later):
    facts, now = placement_and_moment
    evening = now.replace(hour=22, minute=59)  # nothing more happens that day
    afterwards = {entry.key: entry for entry in ledger(facts, evening + timedelta(days=later))}
    for entry in ledger(facts, evening):
        if entry.is_open and entry.due_on < evening.date() and entry.key in afterwards:
            assert (afterwards[entry.key].due_at, afterwards[entry.key].kind) == (entry.due_at, entry.kind)


@settings(max_examples=40, deadline=None)
@given(placements_and_moments())
def test_while_the_child_lives_there_worker_and_reviewing_officer_always_owe_a_visit(placement_and_moment):
    facts, now = placement_and_moment
    entries = ledger(facts, now)
    assume(entries and not facts.is_over(now.date()))
    assert {"social_worker", "iro"} <= {entry.role for entry in entries if entry.is_open}


@settings(max_examples=40, deadline=None)
@given(placements_and_moments())
def test_a_visit_without_a_complete_form_and_facts_of_the_other_clock_change_nothing(placement_and_moment):
    facts, now = placement_and_moment
    day, tomorrow = facts.start + timedelta(days=3), now.date() + timedelta(days=2)
    noise = (
        *(visit(day, 9, role, form=form) for role in ROLES for form in ("draft", None)),
        *(visit(day, 9, role, seen=False) for role in ROLES[:3]),
        visit(day, 9, "health"),
        visit(facts.start - timedelta(days=29), 9, "social_worker"),
        *(visit(facts.start - timedelta(days=2), 9, role) for role in ROLES[1:]),
        *(visit(tomorrow, 9, role) for role in ROLES),
    )
    with_noise = replace(
        facts,
        visits=facts.visits + noise,
        registration=(*facts.registration, Registration(tomorrow, "registered")),
        reviews=tuple(r if r.held_on else replace(r, held_on=tomorrow) for r in facts.reviews),
        legal=(LegalStatus(day, "C2"),),
        notices=(day,),
        temporary_approval=(Period(day),),
        meant_to_last_to_18=(Period(day),),
        fewer_visits_agreed=(Period(day),),
    )
    assert ledger(with_noise, now) == ledger(facts, now)


@settings(max_examples=40, deadline=None)
@given(placements_and_moments(), st.sampled_from(ROLES))
def test_a_visit_of_one_role_changes_no_other_roles_duties(placement_and_moment, role):
    facts, now = placement_and_moment
    one_more = replace(facts, visits=(*facts.visits, visit(facts.start + timedelta(days=12), 11, role)))
    others = [entry for entry in ledger(facts, now) if entry.role != role]
    assert [entry for entry in ledger(one_more, now) if entry.role != role] == others


@settings(max_examples=40, deadline=None)
@given(placements_and_moments())
def test_what_was_agreed_about_intervals_and_concerns_changes_only_the_role_it_is_about(placement_and_moment):
    facts, now = placement_and_moment
    agreed = replace(facts, variations=(*facts.variations, Variation(facts.start + timedelta(days=50), 45)))
    worried = replace(facts, concern_at_start=not facts.concern_at_start)
    plain = by_role(ledger(facts, now))
    assert [row for row in by_role(ledger(agreed, now)) if row[0] != "social_worker"] == [
        row for row in plain if row[0] != "social_worker"
    ]
    assert [row for row in by_role(ledger(worried, now)) if row[0] != "iro"] == [
        row for row in plain if row[0] != "iro"
    ]


@settings(max_examples=40, deadline=None)
@given(placements_and_moments(), st.randoms(use_true_random=False))
def test_the_order_in_which_facts_are_listed_does_not_matter(placement_and_moment, chance):
    facts, now = placement_and_moment
    for rows in (facts.registration, facts.variations):
        assume(len({row.from_on for row in rows}) == len(rows))  # on one day the last one listed holds
    names = ("registration", "variations", "visits", "reviews")
    shuffled = {name: tuple(chance.sample(getattr(facts, name), len(getattr(facts, name)))) for name in names}
    assert ledger(replace(facts, **shuffled), now) == ledger(facts, now)


@settings(max_examples=40, deadline=None)
@given(placements_and_moments(), st.floats(0, 1), st.sampled_from([purposeful_clock, statutory_clock]))
def test_until_the_next_change_the_ledger_stands(placement_and_moment, part, clock):
    facts, now = placement_and_moment
    tell = clock.purposeful_ledger if clock is purposeful_clock else clock.statutory_ledger
    change = clock.next_change(facts, now)
    until = change - timedelta(microseconds=1) if change else now + timedelta(days=400)
    assert tell(facts, RULES, now + (until - now) * part) == tell(facts, RULES, now)
    assert tell(facts, RULES, until) == tell(facts, RULES, now)


@settings(max_examples=40, deadline=None)
@given(placements_and_moments())
def test_where_the_clock_does_not_run_there_is_nothing_to_look_at_again(placement_and_moment):
    facts, now = placement_and_moment
    exempt = replace(facts, setting="connected_person")
    assert ledger(exempt, now) == ()
    assert next_change(exempt, now) is None


@settings(max_examples=40, deadline=None)
@given(placements_and_moments())
def test_nothing_is_overdue_before_visits_are_on_record(placement_and_moment):
    facts, now = placement_and_moment
    entries = ledger(replace(facts, known_from=now.date() + timedelta(days=1)), now)
    assert all(each.due_at > now and not each.was_late and each.closed_as != Closed.MISSED for each in entries)
