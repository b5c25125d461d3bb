"""What a chain makes due, without a database, by tables of real dates: S0 2.3-2.7, C-08 (72 hours), C-30 (own limits).

2026: clocks forward on Sunday 29 March, back on Sunday 25 October; Good Friday 3 April, Easter Monday 6 April, early May
bank holiday 4 May, Christmas Day on a Friday with Monday 28 December in place of Boxing Day.
"""

import pytest

from accounts.roles import Role
from approvals import rulebook
from approvals.chain import (
    Act,
    ChainFacts,
    chain_entries,
    convening_entries,
    last_stay,
    row_of,
    stays_of,
)
from approvals.states import ENDED, State
from casework.ledger import Closed, Entry
from casework.limits import LONDON, Hours
from casework.procedures import OwnValue, RulesInForce, rules_as_declared
from tests.visits.placed import day, moment

assert rulebook.RULES
RULES = rules_as_declared()
RECORD, ABOUT = "approvals.casediscussion:5", "placements.placement:17"
PEOPLE = {Role.SOCIAL_WORKER: 1, Role.TEAM_MANAGER: 2, Role.LEGAL: 3, Role.DHOS: 4}
FOUR = (Role.SOCIAL_WORKER, Role.TEAM_MANAGER, Role.LEGAL, Role.DHOS)
LEADS_TO = {  # what is not named here leads nowhere
    "convene": State.CONVENED,
    "record": State.TO_AGREE,
    "agree": State.TO_AGREE,
    "approve": State.APPROVED,
    "send_back": State.SENT_BACK,
    "refuse": State.REFUSED,
    "sign_off": State.SIGNED_OFF,
    "dissent": State.DISSENTED,
    "feed_back": State.SENT_BACK,
    "go_on": State.APPROVED,
    "communicate": State.COMMUNICATED,
    "file": State.FILED,
    "withdraw": State.WITHDRAWN,
}
MET, MISSED, GONE = Closed.MET, Closed.MISSED, Closed.NO_LONGER_DUE


def chain(*acts, held=None, able=FOUR, record=RECORD):
    """A chain written down as "Thu 2026-03-05 11:00 convene", "... agree legal"; "... agree" stands for all four."""
    taken, agreed = [], set()
    for words in acts:
        weekday, date, time, name, *role = words.split()
        at = moment(f"{weekday} {date} {time}")
        roles = [Role(value) for value in role] or (FOUR if name == "agree" else [""])
        for role in roles:
            agreed.add(role)
            to_state = State.AGREED if name == "agree" and agreed >= set(FOUR) else LEADS_TO.get(name)
            to_state = to_state or taken[-1].to_state
            taken.append(Act("feed_back" if name == "go_on" else name, to_state, at, PEOPLE.get(role, 9), role))
        if name == "record":
            agreed.clear()
    return ChainFacts(
        record=record,
        held_at=moment(held) if held else taken[0].at,
        acts=tuple(taken),
        deputy_id=4,
        to_agree={role: PEOPLE[role] for role in able},
    )


def entries(facts, ends=None, rules=RULES):
    return chain_entries(facts, ABOUT, moment(ends) if ends else None, rules)


def in_london(at):
    return at and f"{at.astimezone(LONDON):%a %Y-%m-%d %H:%M}"


def told(found):
    """What is due, to whom, by when, and how it closed."""
    return [(e.kind, str(e.role), in_london(e.due_at), e.closed_as, in_london(e.closed_at)) for e in found]


def the_last(facts, **more):
    return entries(facts, **more)[-1]


# When


@pytest.mark.parametrize(
    ("held", "due"),
    [
        ("Mon 2026-03-02 10:00", "Thu 2026-03-05 10:00"),
        ("Thu 2026-03-05 16:00", "Sun 2026-03-08 16:00"),  # weekends are included
        ("Fri 2026-04-03 09:15", "Mon 2026-04-06 09:15"),  # over Easter
        ("Fri 2026-03-27 10:00", "Mon 2026-03-30 11:00"),  # the clocks go forward: an hour later by the clock
        ("Fri 2026-10-23 10:00", "Mon 2026-10-26 09:00"),  # the clocks go back: an hour earlier by the clock
        ("Mon 2028-02-28 23:59", "Thu 2028-03-02 23:59"),  # over a leap day
    ],
)
def test_the_72_hours_run_from_the_end_of_the_discussion_in_elapsed_time(held, due):
    facts = chain(f"{held} convene", held=held)
    assert [in_london(e.due_at) for e in entries(facts)] == [due]
    typed = chain(f"{held} convene", f"{due} record", held=held)
    assert {in_london(e.due_at) for e in entries(typed)} == {due}, "typing late gives nobody more time"


@pytest.mark.parametrize(
    ("agreed", "due"),
    [
        ("Mon 2026-03-02 10:00", "Tue 2026-03-10 00:00"),  # Tue 1, Wed 2, Thu 3, Fri 4, Mon 5
        ("Mon 2026-06-15 23:59", "Tue 2026-06-23 00:00"),  # a minute before midnight here: Monday is day 0
        ("Tue 2026-06-16 00:00", "Wed 2026-06-24 00:00"),  # at midnight: Tuesday is
        ("Sat 2026-03-07 12:00", "Sat 2026-03-14 00:00"),  # Mon 1 ... Fri 5
        ("Wed 2026-04-01 10:00", "Sat 2026-04-11 00:00"),  # Thu 1, (Good Friday, Easter Monday), Tue 2 ... Fri 5
        ("Thu 2026-04-30 10:00", "Sat 2026-05-09 00:00"),  # Fri 1, (bank holiday), Tue 2 ... Fri 5
        ("Wed 2026-12-23 10:00", "Tue 2027-01-05 00:00"),  # Thu 1, (25, 28), Tue 2, Wed 3, Thu 4, (1 January), Mon 5
        ("Fri 2028-02-25 10:00", "Sat 2028-03-04 00:00"),  # Mon 1, Tue 29 February 2, Wed 3, Thu 4, Fri 5
    ],
)
def test_the_head_of_service_has_five_working_days(agreed, due):
    held = agreed
    facts = chain(f"{held} convene", f"{held} record", f"{agreed} agree")
    last = the_last(facts)
    assert (last.kind, last.role, in_london(last.due_at)) == ("D-03", Role.HOS, due)


def test_the_director_has_five_and_communicating_and_filing_two_each():
    to_sign = ("Mon 2026-03-02 10:00 convene", "Mon 2026-03-02 12:00 record", "Mon 2026-03-02 15:00 agree")
    acts = (*to_sign, "Wed 2026-04-01 10:00 approve")
    last = the_last(chain(*acts))
    assert (last.kind, last.role, in_london(last.due_at)) == ("D-04", Role.SERVICE_DIRECTOR, "Sat 2026-04-11 00:00")
    acts = (*acts, "Thu 2026-04-02 10:00 sign_off")  # (Good Friday, Easter Monday), Tue 1, Wed 2
    last = the_last(chain(*acts))
    assert (last.kind, last.role, in_london(last.due_at)) == ("D-05", Role.HOS, "Thu 2026-04-09 00:00")
    last = the_last(chain(*acts, "Wed 2026-12-23 10:00 communicate"))  # Thu 1, (25, 28), Tue 2
    assert (last.kind, last.role, in_london(last.due_at)) == ("D-05", Role.SOCIAL_WORKER, "Wed 2026-12-30 00:00")
    assert (last.closed_as, entries(chain(*acts))[-2].closed_as) == (None, MET)


def test_an_authoritys_own_limit_holds_for_what_starts_on_its_first_day_or_later():
    own = RulesInForce(RULES.rules, {"D-02": (OwnValue("D-02", Hours(48), day("Wed 2026-03-04")),)})
    before = entries(chain("Tue 2026-03-03 10:00 convene"), rules=own)
    after = entries(chain("Wed 2026-03-04 10:00 convene"), rules=own)
    assert [in_london(e.due_at) for e in (*before, *after)] == ["Fri 2026-03-06 10:00", "Fri 2026-03-06 10:00"]


# Who, and how it closes: one table per path

TO_AGREE = ("Mon 2026-03-02 10:00 convene", "Mon 2026-03-02 15:00 record")
AGREED = (*TO_AGREE, "Tue 2026-03-03 09:00 agree")
APPROVED = (*AGREED, "Wed 2026-03-04 09:00 approve")
SEVENTY_TWO = "Thu 2026-03-05 10:00"


def test_each_of_the_four_owes_an_agreement_of_his_or_her_own():
    found = entries(chain(*TO_AGREE, "Tue 2026-03-03 09:00 agree legal", "Thu 2026-03-05 10:00 agree dhos"))
    assert told(found) == [
        ("D-02", "dhos", SEVENTY_TWO, MET, "Mon 2026-03-02 15:00"),
        ("D-02", "social_worker", SEVENTY_TWO, None, None),
        ("D-02", "team_manager", SEVENTY_TWO, None, None),
        ("D-02", "legal", SEVENTY_TWO, MET, "Tue 2026-03-03 09:00"),
        ("D-02", "dhos", SEVENTY_TWO, MET, "Thu 2026-03-05 10:00"),
    ]
    assert [e.owner_id for e in found] == [None, 1, 2, 3, 4]
    assert [e.was_late for e in found] == [False, False, False, False, True], "at 72 hours to the minute it is late"
    assert len({e.key for e in found}) == 5


def test_whoever_acted_for_one_of_them_met_the_duty():
    facts = chain(*TO_AGREE)
    acts = (*facts.acts, Act("agree", State.TO_AGREE, moment("Tue 2026-03-03 09:00"), 77, Role.TEAM_MANAGER))
    found = {e.role: e for e in entries(ChainFacts(RECORD, facts.held_at, acts, 4, {}))[1:]}
    assert (found["team_manager"].closed_as, found["team_manager"].owner_id) == (MET, 77)


def test_where_nobody_can_agree_in_a_role_any_more_the_deputy_convenes_anew():
    (_, *found) = entries(chain(*TO_AGREE, able=(Role.SOCIAL_WORKER, Role.LEGAL, Role.DHOS)))
    assert [(str(e.role), e.owner_id) for e in found] == [("social_worker", 1), ("dhos", 4), ("legal", 3), ("dhos", 4)]
    assert found[1].says.startswith(
        "Deputy Head of Service: withdraw and convene anew: the Team manager named cannot agree the record any more"
    )


def test_what_an_earlier_stay_closed_does_not_change_with_who_can_agree_now():
    acts = (*TO_AGREE, "Tue 2026-03-03 09:00 agree legal", "Tue 2026-03-03 11:00 record")
    (_, *found) = entries(chain(*acts, able=()))
    assert [str(e.role) for e in found[:4]] == ["social_worker", "team_manager", "legal", "dhos"]
    assert [str(e.role) for e in found[4:]] == ["dhos"] * 4


PATHS = {
    "typed anew while it is being agreed: the 72 hours go on": (
        (*TO_AGREE, "Tue 2026-03-03 09:00 agree legal", "Wed 2026-03-04 12:00 record"),
        [
            ("D-02", "dhos", SEVENTY_TWO, MET, "Mon 2026-03-02 15:00"),
            ("D-02", "social_worker", SEVENTY_TWO, GONE, "Wed 2026-03-04 12:00"),
            ("D-02", "team_manager", SEVENTY_TWO, GONE, "Wed 2026-03-04 12:00"),
            ("D-02", "legal", SEVENTY_TWO, MET, "Tue 2026-03-03 09:00"),
            ("D-02", "dhos", SEVENTY_TWO, GONE, "Wed 2026-03-04 12:00"),
            *[("D-02", str(role), SEVENTY_TWO, None, None) for role in FOUR],
        ],
    ),
    "typed anew after 72 hours: what was overdue by then was missed": (
        (*TO_AGREE, "Fri 2026-03-06 12:00 record"),
        [
            ("D-02", "dhos", SEVENTY_TWO, MET, "Mon 2026-03-02 15:00"),
            *[("D-02", str(role), SEVENTY_TWO, MISSED, "Fri 2026-03-06 12:00") for role in FOUR],
            *[("D-02", str(role), SEVENTY_TWO, None, None) for role in FOUR],
        ],
    ),
    "typed anew after agreement: another round of 72 hours": (
        (*AGREED, "Wed 2026-03-04 12:00 record"),
        [
            ("D-02", "dhos", SEVENTY_TWO, MET, "Mon 2026-03-02 15:00"),
            *[("D-02", str(role), SEVENTY_TWO, MET, "Tue 2026-03-03 09:00") for role in FOUR],
            ("D-03", "hos", "Wed 2026-03-11 00:00", GONE, "Wed 2026-03-04 12:00"),
            *[("D-02", str(role), "Sat 2026-03-07 12:00", None, None) for role in FOUR],
        ],
    ),
    "typed anew after approval: the Director's duty is gone as well": (
        (*APPROVED, "Thu 2026-03-05 12:00 record"),
        [
            ("D-02", "dhos", SEVENTY_TWO, MET, "Mon 2026-03-02 15:00"),
            *[("D-02", str(role), SEVENTY_TWO, MET, "Tue 2026-03-03 09:00") for role in FOUR],
            ("D-03", "hos", "Wed 2026-03-11 00:00", MET, "Wed 2026-03-04 09:00"),
            ("D-04", "service_director", "Thu 2026-03-12 00:00", GONE, "Thu 2026-03-05 12:00"),
            *[("D-02", str(role), "Sun 2026-03-08 12:00", None, None) for role in FOUR],
        ],
    ),
    "sent back: the 72 hours for typing and agreeing run from then": (
        (*AGREED, "Fri 2026-03-06 17:00 send_back", "Sat 2026-03-07 17:00 record"),
        [
            ("D-02", "dhos", SEVENTY_TWO, MET, "Mon 2026-03-02 15:00"),
            *[("D-02", str(role), SEVENTY_TWO, MET, "Tue 2026-03-03 09:00") for role in FOUR],
            ("D-03", "hos", "Wed 2026-03-11 00:00", MET, "Fri 2026-03-06 17:00"),
            ("D-02", "dhos", "Mon 2026-03-09 17:00", MET, "Sat 2026-03-07 17:00"),
            *[("D-02", str(role), "Mon 2026-03-09 17:00", None, None) for role in FOUR],
        ],
    ),
    "dissent: the Head of Service feeds back, then the record goes round": (
        (*APPROVED, "Thu 2026-03-05 12:00 dissent", "Mon 2026-03-09 12:00 feed_back"),
        [
            ("D-02", "dhos", SEVENTY_TWO, MET, "Mon 2026-03-02 15:00"),
            *[("D-02", str(role), SEVENTY_TWO, MET, "Tue 2026-03-03 09:00") for role in FOUR],
            ("D-03", "hos", "Wed 2026-03-11 00:00", MET, "Wed 2026-03-04 09:00"),
            ("D-04", "service_director", "Thu 2026-03-12 00:00", MET, "Thu 2026-03-05 12:00"),
            ("D-05", "hos", "Tue 2026-03-10 00:00", MET, "Mon 2026-03-09 12:00"),
            ("D-02", "dhos", "Thu 2026-03-12 12:00", None, None),
        ],
    ),
    "dissent with nothing to change, and dissent again": (
        (
            *APPROVED,
            "Thu 2026-03-05 12:00 dissent",
            "Fri 2026-03-06 12:00 go_on",
            "Mon 2026-03-09 12:00 dissent",
            "Thu 2026-03-12 12:00 go_on",
        ),
        [
            ("D-02", "dhos", SEVENTY_TWO, MET, "Mon 2026-03-02 15:00"),
            *[("D-02", str(role), SEVENTY_TWO, MET, "Tue 2026-03-03 09:00") for role in FOUR],
            ("D-03", "hos", "Wed 2026-03-11 00:00", MET, "Wed 2026-03-04 09:00"),
            ("D-04", "service_director", "Thu 2026-03-12 00:00", MET, "Thu 2026-03-05 12:00"),
            ("D-05", "hos", "Tue 2026-03-10 00:00", MET, "Fri 2026-03-06 12:00"),
            ("D-04", "service_director", "Sat 2026-03-14 00:00", MET, "Mon 2026-03-09 12:00"),
            ("D-05", "hos", "Thu 2026-03-12 00:00", MET, "Thu 2026-03-12 12:00"),
            ("D-04", "service_director", "Fri 2026-03-20 00:00", None, None),
        ],
    ),
    "refused: the chain owes nothing more": (
        (*AGREED, "Thu 2026-03-12 09:00 refuse"),
        [
            ("D-02", "dhos", SEVENTY_TWO, MET, "Mon 2026-03-02 15:00"),
            *[("D-02", str(role), SEVENTY_TWO, MET, "Tue 2026-03-03 09:00") for role in FOUR],
            ("D-03", "hos", "Wed 2026-03-11 00:00", MET, "Thu 2026-03-12 09:00"),
        ],
    ),
    "withdrawn in time and too late": (
        (*TO_AGREE, "Wed 2026-03-04 12:00 agree legal", "Thu 2026-03-05 10:00 withdraw"),
        [
            ("D-02", "dhos", SEVENTY_TWO, MET, "Mon 2026-03-02 15:00"),
            ("D-02", "social_worker", SEVENTY_TWO, MISSED, "Thu 2026-03-05 10:00"),
            ("D-02", "team_manager", SEVENTY_TWO, MISSED, "Thu 2026-03-05 10:00"),
            ("D-02", "legal", SEVENTY_TWO, MET, "Wed 2026-03-04 12:00"),
            ("D-02", "dhos", SEVENTY_TWO, MISSED, "Thu 2026-03-05 10:00"),
        ],
    ),
}


@pytest.mark.parametrize("path", PATHS)
def test_a_path_of_the_chain(path):
    acts, expected = PATHS[path]
    found = entries(chain(*acts))
    assert told(found) == expected
    assert len({e.key for e in found}) == len(found)


def test_what_the_end_of_the_arrangement_leaves_and_what_not():
    ends = "Thu 2026-03-05 09:59"
    assert entries(chain(*TO_AGREE), ends=ends)[-2].closed_as == GONE
    assert entries(chain(*TO_AGREE), ends=SEVENTY_TWO)[-2].closed_as == MISSED
    dissented = chain(*APPROVED, "Thu 2026-03-05 09:00 dissent")
    assert entries(dissented, ends=ends)[-2].closed_as == GONE
    signed = chain(*APPROVED, "Thu 2026-03-05 09:00 sign_off")
    assert the_last(signed, ends=ends).is_open, "what is signed is communicated and filed all the same"


def test_what_was_not_signed_off_by_the_end_is_to_be_withdrawn():
    ends = "Thu 2026-03-05 09:59"
    due = ("D-09", "dhos", "Fri 2026-03-13 00:00")  # Fri 1, Mon 2, Tue 3, Wed 4, Thu 12 March 5
    assert told(entries(chain(*AGREED), ends=ends))[-1] == (*due, None, None)
    withdrawn = chain(*AGREED, "Tue 2026-03-10 09:00 withdraw")
    assert told(entries(withdrawn, ends=ends))[-1] == (*due, MET, "Tue 2026-03-10 09:00")
    signed = chain(*APPROVED, "Tue 2026-03-10 09:00 sign_off")
    assert (*due, GONE, "Tue 2026-03-10 09:00") in told(entries(signed, ends=ends))
    for act in ("withdraw", "refuse"):
        before = chain(*AGREED, f"Wed 2026-03-04 09:00 {act}")
        assert "D-09" not in [entry.kind for entry in entries(before, ends=ends)]


def test_no_duty_closes_before_it_opened():
    """The chain went on although the arrangement had been regulated for a day."""
    late = entries(chain(*AGREED, "Wed 2026-03-04 09:00 approve"), ends="Mon 2026-03-02 18:00")[-2]
    assert late.opened_at == late.closed_at == moment("Wed 2026-03-04 09:00")


def test_a_sentence_says_who_what_how_long_from_when_and_by_which_source():
    assert the_last(chain(*AGREED)).says == (
        "Head of Service: decide on the record, within 5 working days of 3 March 2026 at 09:00. "
        "Unregulated placements procedure 2.5a; Decision C-30; the limit is a local default, no source."
    )
    assert entries(chain(*TO_AGREE))[2].says == (
        "Team manager: agree that the record is accurate, or say what is wrong, within 72 hours of 2 March 2026 at 10:00. "
        "Unregulated placements procedure 2.4; Decision C-08."
    )


def test_every_state_is_owed_by_somebody_or_is_the_end():
    assert {state for state in State if row_of(state) is None} == set(ENDED)


def test_stays_follow_each_other_without_a_gap():
    facts = chain(*APPROVED, "Thu 2026-03-05 12:00 dissent", "Mon 2026-03-09 12:00 feed_back")
    stays = list(stays_of(facts))
    assert [stay.number for stay in stays] == list(range(len(stays)))
    assert [stay.led_on_by.at for stay in stays[:-1]] == [stay.since for stay in stays[1:]]
    assert last_stay(facts).state == State.SENT_BACK


# Convening: D-01


def alarm(opened, closed=None, how=MET, number=""):
    at = moment(opened)
    return Entry(
        kind="D-00",
        key=f"D-00:{ABOUT}:{at:%Y-%m-%d}{number}",
        role="dhos",
        about=ABOUT,
        opened_at=at,
        due_at=at,
        says="Not signed off.",
        closed_at=moment(closed) if closed else None,
        closed_as=how if closed else None,
    )


def convening(*alarms, chains=()):
    found = list(convening_entries(alarms, chains, RULES))
    assert len({e.key for e in found}) == len(found)
    assert all(e.role == Role.DHOS and e.kind == "D-01" and e.about == ABOUT for e in found)
    return [(in_london(e.opened_at), in_london(e.due_at), e.closed_as, in_london(e.closed_at)) for e in found]


SINCE = "Wed 2026-04-01 15:00"
DUE = "Sat 2026-04-11 00:00"  # Thu 1, (Good Friday, Easter Monday), Tue 2, Wed 3, Thu 4, Fri 10 April 5


class TestConvening:
    """From the moment at which the alarm opens, or a chain falls through while it stands."""

    def test_it_is_due_within_five_working_days_of_the_alarm(self):
        assert convening(alarm(SINCE)) == [(SINCE, DUE, None, None)]

    def test_a_chain_meets_it(self):
        late = chain("Mon 2026-04-13 10:00 convene")
        assert convening(alarm(SINCE), chains=(late,)) == [(SINCE, DUE, MET, "Mon 2026-04-13 10:00")]

    @pytest.mark.parametrize(("ended", "how"), [("Fri 2026-04-10 23:59", GONE), ("Sat 2026-04-11 00:00", MISSED)])
    def test_the_end_of_the_arrangement_closes_it(self, ended, how):
        assert convening(alarm(SINCE, ended, GONE)) == [(SINCE, DUE, how, ended)]

    def test_a_chain_convened_ahead_of_the_lapse_leaves_nothing_to_convene(self):
        ahead = chain("Tue 2026-03-31 10:00 convene")
        assert convening(alarm(SINCE), chains=(ahead,)) == []

    @pytest.mark.parametrize("fell", ["refuse", "withdraw"])
    def test_once_it_fell_through_another_is_due(self, fell):
        acts = ("Thu 2026-04-02 10:00 convene", "Thu 2026-04-02 12:00 record", "Thu 2026-04-02 15:00 agree")
        first = chain(*acts, f"Tue 2026-04-07 10:00 {fell}")
        opened, due = "Tue 2026-04-07 10:00", "Wed 2026-04-15 00:00"
        met = (SINCE, DUE, MET, "Thu 2026-04-02 10:00")
        assert convening(alarm(SINCE), chains=(first,)) == [met, (opened, due, None, None)]
        second = chain("Wed 2026-04-08 10:00 convene", record="approvals.casediscussion:6")
        again = (opened, due, MET, "Wed 2026-04-08 10:00")
        assert convening(alarm(SINCE), chains=(first, second)) == [met, again]

    def test_after_a_refusal_it_is_about_moving_the_child(self):
        acts = ("Thu 2026-04-02 10:00 convene", "Thu 2026-04-02 12:00 record", "Thu 2026-04-02 15:00 agree")
        refused = chain(*acts, "Tue 2026-04-07 10:00 refuse")
        *_, found = convening_entries([alarm(SINCE)], [refused], RULES)
        assert "convene a case discussion on moving the child" in found.says

    def test_a_refusal_that_ends_an_earlier_sign_off_opens_alarm_and_convening_at_once(self):
        """And what is convened and withdrawn within that very moment leaves the next one owed."""
        acts = ("Thu 2026-04-02 10:00 convene", "Thu 2026-04-02 12:00 record", "Thu 2026-04-02 15:00 agree")
        refused = chain(*acts, "Tue 2026-04-07 10:00 refuse")
        opened, due = "Tue 2026-04-07 10:00", "Wed 2026-04-15 00:00"
        (found,) = convening_entries([alarm(opened)], [refused], RULES)
        assert "convene a case discussion on moving the child" in found.says
        at_once = chain(f"{opened} convene", f"{opened} withdraw", record="approvals.casediscussion:6")
        met = (opened, due, MET, opened)
        assert convening(alarm(opened), chains=(refused, at_once)) == [met, (opened, due, None, None)]

    def test_a_chain_that_fell_through_before_the_alarm_is_no_matter(self):
        old = chain("Mon 2026-03-30 10:00 convene", "Tue 2026-03-31 10:00 withdraw")
        assert convening(alarm(SINCE), chains=(old,)) == [(SINCE, DUE, None, None)]

    def test_withdrawn_after_the_arrangement_ended_nothing_is_due(self):
        acts = ("Thu 2026-04-02 10:00 convene", "Wed 2026-04-08 10:00 withdraw")
        found = convening(alarm(SINCE, "Tue 2026-04-07 10:00", GONE), chains=(chain(*acts),))
        assert found == [(SINCE, DUE, MET, "Thu 2026-04-02 10:00")]

    def test_each_alarm_asks_for_its_own(self):
        """Signed off, regulated for a while, and lapsed again."""
        first = chain(
            "Thu 2026-04-02 10:00 convene",
            "Thu 2026-04-02 12:00 record",
            "Thu 2026-04-02 15:00 agree",
            "Tue 2026-04-07 10:00 approve",
            "Wed 2026-04-08 10:00 sign_off",
        )
        again = alarm("Mon 2026-06-15 00:00")
        assert convening(alarm(SINCE, "Wed 2026-04-08 10:00"), again, chains=(first,)) == [
            (SINCE, DUE, MET, "Thu 2026-04-02 10:00"),
            ("Mon 2026-06-15 00:00", "Tue 2026-06-23 00:00", None, None),
        ]
