"""What holds of regulation and lawfulness whatever the facts: arrangements drawn at random. Eligibility §2; C-00."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings, strategies as st

from casework.limits import local_day, start_of
from children.ages import birthday
from placements.arrangement import (
    Approval,
    ArrangementFacts,
    BeforeAssessment,
    LegalBasis,
    Registration,
    Span,
)
from placements.duties import NextStep, Oversight, alarm_entries
from placements.lawfulness import is_alarm, next_change, standing_on, standings_over
from placements.states import ApprovalKind, ListedSetting, RegistrationStatus, Regulator, Setting
from tests.placements.arrangements import RULES

DAY = timedelta(days=1)
FIRST, LAST = date(2020, 1, 1), date(2025, 6, 30)

days = st.one_of(
    st.dates(FIRST, LAST),
    # around the days on which the law changed
    st.sampled_from([date(2020, 4, 24), date(2020, 9, 26), date(2021, 9, 9), date(2023, 10, 28)]).flatmap(
        lambda law: st.integers(-3, 3).map(lambda n: law + n * DAY)
    ),
)
births = st.one_of(
    st.dates(date(2002, 1, 1), date(2024, 12, 31)), st.sampled_from([date(2004, 2, 29), date(2008, 2, 29)])
)


@st.composite
def spans(draw, of=Span, **facts):
    """A period of some kind, open or closed."""
    from_on = draw(days)
    to_on = draw(st.none() | st.integers(1, 300).map(lambda n: from_on + n * DAY))
    return of(from_on, to_on, **{name: draw(values) for name, values in facts.items()})


approvals = st.lists(spans(Approval, kind=st.sampled_from(ApprovalKind)), max_size=4).map(tuple)
legal = st.lists(st.builds(LegalBasis, days, st.sampled_from(["C1", "C2", "V2", "L1", "E1"])), max_size=3).map(tuple)
registrations = st.lists(
    st.builds(
        Registration,
        days,
        st.sampled_from(RegistrationStatus),
        st.sampled_from([Regulator.OFSTED, Regulator.OFSTED, Regulator.CQC]),
        st.none() | days,
    ),
    max_size=4,
    unique_by=lambda row: row.from_on,
).map(tuple)


def facts_of(setting, usual):
    """Arrangements in a setting."""
    some_spans = st.lists(spans(), max_size=2).map(tuple)
    started_on = days
    return st.builds(
        ArrangementFacts,
        born_on=births,
        setting=setting,
        started_at=started_on.map(lambda day: start_of(day) + timedelta(hours=10)),
        legal=legal,
        approvals=st.none() | approvals,
        registrations=registrations,
        regulator=st.sampled_from([None, None, Regulator.CQC]),
        listed_as=st.sampled_from([None, None, *ListedSetting]),
        with_parent_decided_on=st.none() | days,
        before_assessment=st.lists(spans(BeforeAssessment, assessed_on=st.none() | days), max_size=2).map(tuple),
        outside_terms=some_spans,
        with_looked_after_parent=some_spans,
        secure_authority=some_spans,
        usual=usual,
    )


lasting = facts_of(st.sampled_from([s for s in Setting if s != Setting.TEMPORARY]), st.none())
short_stays = facts_of(st.just(Setting.TEMPORARY), st.none() | lasting).map(
    lambda stay: replace(stay, usual=stay.usual and replace(stay.usual, born_on=stay.born_on))
)
arrangements = st.one_of(lasting, lasting, lasting, short_stays)


@st.composite
def ended(draw):
    """Arrangements, some of which have ended."""
    facts = draw(arrangements)
    hours = draw(st.none() | st.integers(1, 24 * 700))
    return replace(facts, ended_at=facts.started_at + timedelta(hours=hours)) if hours else facts


@settings(max_examples=150, deadline=None)
@given(ended(), st.integers(0, 900))
def test_the_life_agrees_with_every_single_day(facts, length):
    until = facts.started_on + length * DAY
    periods = standings_over(facts, RULES, until)
    day = facts.started_on
    for period in periods:
        assert period.from_on == day
        end = period.to_on or until + DAY
        while day < end:
            assert standing_on(facts, day, RULES) == period.standing, day
            day += DAY
    assert day == (facts.ended_on if facts.ended_on and facts.ended_on <= until else until + DAY)
    for earlier, later in pairwise(periods):
        assert earlier.standing != later.standing


@settings(max_examples=150, deadline=None)
@given(ended(), days, st.integers(0, 23))
def test_the_next_change_is_the_first_day_that_differs(facts, today, hour):
    now = start_of(today) + timedelta(hours=hour)
    change = next_change(facts, RULES, now)

    def stood(day):
        there = facts.started_on <= day and (facts.ended_on is None or day < facts.ended_on)
        return standing_on(facts, day, RULES) if there else None

    horizon = max([LAST, birthday(facts.born_on, 18), facts.ended_on or LAST]) + timedelta(days=800)
    day = today + DAY
    while day < horizon and stood(day) == stood(today):
        day += DAY
    assert change == (start_of(day) if day < horizon else None)


@given(arrangements, days)
def test_there_is_an_answer_for_every_arrangement_on_every_day(facts, day):
    standing = standing_on(facts, day, RULES)
    assert standing.reason
    assert standing.cites
    assert standing.row
    if "not_known" in (standing.regulation, standing.lawfulness):
        assert standing.missing
    assert (standing.until_on is not None) == (standing.lawfulness == "lawful_until")
    if standing.until_on:
        assert day <= standing.until_on
        assert standing_on(facts, standing.until_on + DAY, RULES) != standing


def known(standing):
    """Does the standing say in regulation what the arrangement is?"""
    return standing.regulation != "not_known"


FORGET = (
    lambda facts: replace(facts, approvals=None),
    lambda facts: replace(facts, legal=()),
    lambda facts: replace(facts, registrations=()),
    lambda facts: replace(facts, registrations=tuple(replace(r, accepted_on=None) for r in facts.registrations)),
    lambda facts: replace(facts, listed_as=None),
    lambda facts: replace(facts, with_parent_decided_on=None),
    lambda facts: replace(facts, before_assessment=()),
    lambda facts: replace(facts, secure_authority=()),
    lambda facts: replace(facts, usual=None),
)


@settings(max_examples=300, deadline=None)
@given(arrangements, days, st.sampled_from(FORGET))
def test_knowing_more_never_turns_what_is_known_into_not_known(facts, day, forget):
    if known(standing_on(forget(facts), day, RULES)):
        assert known(standing_on(facts, day, RULES))


@given(arrangements, days)
def test_from_18_on_no_arrangement_has_a_standing(facts, day):
    standing = standing_on(facts, day, RULES)
    assert (standing.row == "0-adult") == (birthday(facts.born_on, 18) <= day)


@given(arrangements, days)
def test_an_arrangement_that_needs_oversight_is_never_lawful(facts, day):
    standing = standing_on(facts, day, RULES)
    if is_alarm(standing):
        assert standing.lawfulness in ("not_lawful", "not_known")


@given(arrangements, days)
def test_the_order_in_which_facts_were_recorded_does_not_matter(facts, day):
    turned = replace(
        facts,
        legal=facts.legal[::-1] if len({row.from_on for row in facts.legal}) == len(facts.legal) else facts.legal,
        registrations=facts.registrations[::-1],
        approvals=facts.approvals and facts.approvals[::-1],
    )
    assert standing_on(turned, day, RULES).row == standing_on(facts, day, RULES).row


@st.composite
def oversights(draw):
    """Some sign-offs, open or lapsing."""
    found = []
    for _ in range(draw(st.integers(0, 3))):
        from_at = start_of(draw(days)) + timedelta(hours=draw(st.integers(0, 23)))
        hours = draw(st.none() | st.integers(1, 24 * 200))
        found.append(Oversight(from_at, from_at + timedelta(hours=hours) if hours else None, "service_director"))
    return found


@settings(max_examples=200, deadline=None)
@given(ended(), oversights(), days, st.integers(0, 600), st.integers(0, 23))
def test_an_alarm_runs_at_a_moment_exactly_where_oversight_is_needed_and_missing(facts, signed, day, later, hour):
    moment = start_of(day) + timedelta(hours=hour)
    now = moment + timedelta(days=later)
    periods = standings_over(facts, RULES, local_day(now))
    entries = alarm_entries(facts, periods, signed, NextStep("dhos", "Next."), about="placements.placement:1", now=now)
    assert len({entry.key for entry in entries}) == len(entries)
    assert all(entry.opened_at <= now and (entry.closed_at is None or entry.closed_at <= now) for entry in entries)
    assert all(earlier.closed_at <= later.opened_at for earlier, later in pairwise(entries))

    there = facts.started_at <= moment and (facts.ended_at is None or moment < facts.ended_at)
    # On its last day the arrangement stands as it stood the day before.
    last = facts.ended_on - DAY if facts.ended_on else day
    needed = there and is_alarm(standing_on(facts, min(day, last), RULES))
    overseen = any(o.from_at <= moment and (o.to_at is None or moment < o.to_at) for o in signed)
    running = [e for e in entries if e.opened_at <= moment and (e.closed_at is None or moment < e.closed_at)]
    assert len(running) == (needed and not overseen)
