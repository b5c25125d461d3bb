"""What an interim approval makes due, without a database, by tables of real dates: C-30 (28 days), C-48 (three renewals)."""

from dataclasses import replace

import pytest

from accounts.roles import Role
from approvals.chain import Held, case_note_entry, convening_entries
from approvals.renewals import renewal_entries, renewals_left, to_renew
from approvals.states import State
from approvals.telling import telling_entries, yet_to_know
from casework.ledger import Closed
from casework.limits import Days
from casework.procedures import OwnValue, RulesInForce, declared
from tests.approvals.test_chain_duties import ABOUT, RECORD, RULES, alarm, chain, in_london
from tests.visits.placed import day, moment

MET, MISSED, GONE = Closed.MET, Closed.MISSED, Closed.NO_LONGER_DUE
SIGNED = (
    "Mon 2026-03-02 10:00 convene",
    "Mon 2026-03-02 12:00 record",
    "Mon 2026-03-02 15:00 agree",
    "Tue 2026-03-03 10:00 approve",
    "Wed 2026-03-04 10:00 sign_off",
)
FIRST_END, SECOND_END = "Thu 2026-04-02 00:00", "Mon 2026-04-27 00:00"
RENEWED = "Sun 2026-03-29 15:00 renew"
SECOND, THIRD = "Mon 2026-04-20 10:00 renew", "Mon 2026-05-11 10:00 renew"
LAST_END = "Tue 2026-06-09 00:00"


def interim(*acts, ends, record=RECORD):
    """A chain that was approved as interim, with the oversight that it gave: each until the day given."""
    facts = chain(*acts, record=record)
    given = [act.at for act in facts.acts if act.name in ("sign_off", "renew")]
    cut = [*given[1:], None][: len(given)]
    held = [Held(at, then or moment(until)) for at, until, then in zip(given, ends, cut, strict=True)]
    return replace(facts, is_interim=True, held=tuple(held))


def renewing(facts, later=(), over=None, rules=RULES):
    entries = renewal_entries(facts, later, ABOUT, moment(over) if over else None, rules)
    return [(e.kind, str(e.role), in_london(e.due_at), e.closed_as, in_london(e.closed_at)) for e in entries]


# How long it holds


@pytest.mark.parametrize(
    ("signed", "due"),
    [
        ("Mon 2026-03-02 10:00", "Tue 2026-03-31 00:00"),  # over the clock change: 28 days, not 672 hours
        ("Wed 2026-03-04 23:59", "Thu 2026-04-02 00:00"),
        ("Sat 2026-10-03 00:00", "Sun 2026-11-01 00:00"),  # days, weekends included
        ("Tue 2028-02-01 09:00", "Wed 2028-03-01 00:00"),  # over a leap day
    ],
)
def test_an_interim_approval_is_to_be_renewed_before_its_28_days_are_over(signed, due):
    facts = interim(*SIGNED[:4], f"{signed} sign_off", ends=[due])
    assert renewing(facts) == [("C-30", "hos", due, None, None)]


def test_a_permanence_plan_is_never_renewed():
    facts = replace(chain(*SIGNED), held=(Held(moment("Wed 2026-03-04 10:00"), None),))
    assert renewing(facts) == []


def test_what_is_not_signed_off_is_not_renewed():
    assert renewing(interim(*SIGNED[:4], ends=[])) == []


def test_a_renewal_meets_the_duty_and_makes_the_next():
    facts = interim(*SIGNED, RENEWED, ends=[FIRST_END, SECOND_END])
    assert renewing(facts) == [
        ("C-30", "hos", FIRST_END, MET, "Sun 2026-03-29 15:00"),
        ("C-30", "hos", SECOND_END, None, None),
    ]


def test_a_renewal_that_comes_late_meets_it_late():
    late = "Mon 2026-04-06 09:00 renew"
    first, _ = renewal_entries(interim(*SIGNED, late, ends=[FIRST_END, "Tue 2026-05-05 00:00"]), (), ABOUT, None, RULES)
    assert first.was_late


def test_its_end_is_the_one_that_was_signed_though_the_authority_sets_another_limit_later():
    own = {"C-30": (OwnValue("C-30", Days(14), since=day("Mon 2026-03-09"), takes_running_along=True),)}
    facts = interim(*SIGNED, ends=[FIRST_END])
    assert [row[2] for row in renewing(facts, rules=RulesInForce(declared(), own))] == [FIRST_END]


@pytest.mark.parametrize(
    ("over", "closed_as"),
    [("Fri 2026-03-20 10:00", GONE), ("Thu 2026-04-02 00:00", MISSED), ("Fri 2026-04-10 10:00", MISSED)],
)
def test_it_is_owed_no_more_when_the_arrangement_ended_or_another_chain_was_decided(over, closed_as):
    facts = interim(*SIGNED, ends=[FIRST_END])
    assert renewing(facts, over=over) == [("C-30", "hos", FIRST_END, closed_as, over)]


# Three times


def test_after_the_third_renewal_the_whole_chain_again():
    facts = interim(*SIGNED, RENEWED, SECOND, THIRD, ends=[FIRST_END, SECOND_END, "Tue 2026-05-19 00:00", LAST_END])
    *three, anew = renewing(facts)
    assert [row[:1] + row[3:4] for row in three] == [("C-30", MET)] * 3
    assert anew == ("D-01", "dhos", "Tue 2026-05-19 00:00", None, None), "in time to be signed before it is over"
    assert renewals_left(facts) == 0


def test_a_discussion_convened_after_the_third_renewal_meets_it():
    facts = interim(*SIGNED, RENEWED, SECOND, THIRD, ends=[FIRST_END, SECOND_END, "Tue 2026-05-19 00:00", LAST_END])
    later = chain("Thu 2026-05-14 10:00 convene", record="approvals.casediscussion:6")
    assert renewing(facts, [later])[-1] == ("D-01", "dhos", "Tue 2026-05-19 00:00", MET, "Thu 2026-05-14 10:00")
    before = chain("Fri 2026-05-08 10:00 convene", record="approvals.casediscussion:6")
    assert renewing(facts, [before])[-1][3:] == (MET, "Mon 2026-05-11 10:00"), "one that was under way counts"


def test_one_that_was_withdrawn_before_the_third_renewal_does_not_meet_it():
    facts = interim(*SIGNED, RENEWED, SECOND, THIRD, ends=[FIRST_END, SECOND_END, "Tue 2026-05-19 00:00", LAST_END])
    fell = chain("Mon 2026-05-04 10:00 convene", "Tue 2026-05-05 10:00 withdraw", record="approvals.casediscussion:6")
    assert renewing(facts, [fell])[-1][3] is None


# Lapsing


def lapsed_at(end, facts):
    """The duties to convene that an alarm makes which opened when an approval was over."""
    return list(convening_entries([alarm(end)], [facts], RULES))


def test_when_it_lapses_it_is_renewed_and_no_discussion_is_convened_beside():
    facts = interim(*SIGNED, ends=[FIRST_END])
    assert lapsed_at(FIRST_END, facts) == []
    renewed_late = interim(*SIGNED, "Mon 2026-04-06 09:00 renew", ends=[FIRST_END, "Tue 2026-05-05 00:00"])
    as_it_was = replace(renewed_late, held=(Held(facts.held[0].from_at, moment(FIRST_END)), *renewed_late.held[1:]))
    assert lapsed_at(FIRST_END, as_it_was) == [], "nor afterwards"


def test_an_alarm_for_another_reason_makes_a_discussion_due():
    facts = interim(*SIGNED, ends=[FIRST_END])
    assert [e.kind for e in lapsed_at("Fri 2026-05-01 00:00", facts)] == ["D-01"]


def test_what_can_still_be_renewed_is_the_last_that_was_decided():
    since = moment("Mon 2026-01-05 10:00")
    facts = interim(*SIGNED, ends=[FIRST_END])
    later = ("Mon 2026-03-16 10:00 convene", "Mon 2026-03-16 12:00 record", "Mon 2026-03-16 15:00 agree")
    under_way = chain(*later, record="approvals.casediscussion:6")
    refused = chain(*later, "Tue 2026-03-17 10:00 refuse", record="approvals.casediscussion:6")
    assert to_renew([facts], since) == to_renew([facts, under_way], since) == moment(FIRST_END)
    assert to_renew([facts, refused], since) is None
    assert to_renew([facts], moment("Fri 2026-03-06 10:00")) is None, "signed before it was regulated in between"
    three = interim(*SIGNED, RENEWED, SECOND, THIRD, ends=[FIRST_END, SECOND_END, "Tue 2026-05-19 00:00", LAST_END])
    assert to_renew([three], since) is None
    assert to_renew([], since) is None


# The case note: S0 2.4


def note_of(facts):
    entry = case_note_entry(facts, ABOUT, RULES)
    return entry.kind, str(entry.role), in_london(entry.due_at), entry.closed_as, in_london(entry.closed_at)


def test_the_case_note_is_owed_with_the_record_within_72_hours_of_the_end_of_the_discussion():
    facts = chain("Fri 2026-03-27 12:00 convene", held="Fri 2026-03-27 10:00")
    assert note_of(facts) == ("D-02", "dhos", "Mon 2026-03-30 11:00", None, None), (
        "elapsed hours, over the clock change"
    )
    noted = chain("Fri 2026-03-27 12:00 convene", "Sat 2026-03-28 09:00 note", held="Fri 2026-03-27 10:00")
    assert note_of(noted)[3:] == (MET, "Sat 2026-03-28 09:00")


def test_it_is_owed_though_the_arrangement_is_refused_and_not_when_the_discussion_is_withdrawn():
    refused = chain(*SIGNED[:3], "Tue 2026-03-03 10:00 refuse")
    assert note_of(refused)[3] is None
    assert note_of(chain(*SIGNED[:2], "Tue 2026-03-03 10:00 withdraw"))[3] == GONE
    assert note_of(chain(*SIGNED[:2], "Fri 2026-03-06 10:00 withdraw"))[3] == MISSED


# Who knows: S0 2.6, 2.7


def knowing(facts):
    return {
        (e.kind, str(e.role)): (in_london(e.due_at), e.closed_as, in_london(e.closed_at))
        for e in telling_entries(facts, ABOUT, RULES)
    }


def test_deputy_head_team_manager_and_social_worker_each_confirm_that_they_know():
    told = chain(*SIGNED, "Thu 2026-04-02 10:00 communicate")
    owed = ("Thu 2026-04-09 00:00", None, None)
    assert knowing(told) == {("D-05", "dhos"): owed, ("D-05", "team_manager"): owed}, (
        "the social worker owes the filing"
    )
    one = chain(*SIGNED, "Thu 2026-04-02 10:00 communicate", "Fri 2026-04-03 09:00 know team_manager")
    assert knowing(one)[("D-05", "team_manager")] == ("Thu 2026-04-09 00:00", MET, "Fri 2026-04-03 09:00")
    assert yet_to_know(one.acts) == [Role.DHOS, Role.SOCIAL_WORKER]


def three_told():
    return ("dhos", "team_manager", "social_worker")


def test_whoever_files_the_record_shows_that_he_or_she_knows():
    filed = chain(*SIGNED, "Thu 2026-04-02 10:00 communicate", "Fri 2026-04-03 09:00 file")
    assert yet_to_know(filed.acts) == [Role.DHOS, Role.TEAM_MANAGER]


def test_what_was_agreed_after_a_dissent_is_told_to_the_same_three():
    acts = (*SIGNED[:4], "Wed 2026-03-04 10:00 dissent", "Fri 2026-03-06 10:00 feed_back")
    assert set(knowing(chain(*acts))) == {("D-05", role) for role in three_told()}
    typed = chain(*acts, "Mon 2026-03-09 10:00 record")
    assert yet_to_know(typed.acts) == [Role.TEAM_MANAGER, Role.SOCIAL_WORKER], "who types it anew knows why"
    withdrawn = chain(*acts, "Mon 2026-03-09 10:00 withdraw")
    assert {how for _, how, _ in knowing(withdrawn).values()} == {GONE}


def test_a_confirmation_from_before_is_none_of_what_came_after():
    acts = (*SIGNED[:4], "Wed 2026-03-04 10:00 dissent", "Fri 2026-03-06 10:00 feed_back")
    acts += ("Fri 2026-03-06 11:00 know team_manager", "Mon 2026-03-09 10:00 dissent", "Tue 2026-03-10 10:00 feed_back")
    assert Role.TEAM_MANAGER in yet_to_know(chain(*acts).acts)


def test_the_service_director_is_told_of_each_renewal():
    facts = interim(*SIGNED, RENEWED, ends=[FIRST_END, SECOND_END])
    assert knowing(facts) == {("C-48", "service_director"): ("Wed 2026-04-08 00:00", None, None)}
    assert facts.acts[-1].to_state == State.SIGNED_OFF, "a renewal moves the chain nowhere"
