"""What meetings make due, by table: dated facts in, duties out. S0 2.3; S3 lines 383 to 388; the rest local defaults.

Monday 2 March 2026 is the day of the meeting; Friday 3 April is Good Friday, Monday 6 April Easter Monday.
"""

from datetime import UTC, date, datetime

import pytest

from accounts.roles import Role
from casework.ledger import Closed
from casework.limits import end_of
from casework.meetings.duties import ActionAct, ActionFacts, MeetingFacts, looks_again_at, meeting_entries
from casework.procedures import rules_as_declared
from tests.meetings.story import DISRUPTION

RULES = rules_as_declared()
CHAIR, TAKER, OWNER = 1, 2, 3


def at(day, hour=10):
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def met(**but):
    """A meeting arranged on 27 February for Monday 2 March, held, and recorded on the same day."""
    usual = {
        "record": "meetings.meeting:5",
        "kind": DISRUPTION,
        "arranged_at": datetime(2026, 2, 27, 10, tzinfo=UTC),
        "starts_at": at(2),
        "ends_at": at(2, 11),
        "chair_role": Role.SERVICE_MANAGER,
        "chair_id": CHAIR,
        "recorded_at": at(2, 12),
    }
    return MeetingFacts(**{**usual, **but})


def action(*acts, due=date(2026, 3, 11), **but):
    """An action of the social worker, agreed on 2 March, by Wednesday 11 March."""
    first = ActionAct("agree", at(2, 12), due)
    usual = {"record": "meetings.action:7", "owner": "Social worker", "role": Role.SOCIAL_WORKER, "holder_id": OWNER}
    return ActionFacts(**{**usual, "acts": (first, *acts), **but})


def due(facts, *, now=None, kind=None):
    """The duties of a meeting, each as its rule, its holder, its due day and how it ended."""
    entries = meeting_entries(facts, now or at(3), RULES)
    return [
        (each.kind, each.owner_id, each.due_on.day, each.closed_as) for each in entries if kind in (None, each.kind)
    ]


def test_until_it_is_held_it_is_owed_to_record_who_came():
    assert due(met(recorded_at=None)) == [("M-01", CHAIR, 3, None)]


def test_the_day_after_a_meeting_before_easter_is_the_tuesday():
    thursday = datetime(2026, 4, 2, 10, tzinfo=UTC)
    [duty] = meeting_entries(met(recorded_at=None, starts_at=thursday, ends_at=thursday), at(3), RULES)
    assert duty.due_on == date(2026, 4, 7)


def test_calling_it_off_ends_what_was_owed():
    assert due(met(called_off=True)) == [("M-01", CHAIR, 3, Closed.NO_LONGER_DUE)]


def test_a_meeting_that_was_called_off_after_its_day_was_missed():
    assert due(met(called_off=True, recorded_at=at(4))) == [("M-01", CHAIR, 3, Closed.MISSED)]


def test_once_held_its_minutes_are_owed_by_whoever_takes_them():
    assert due(met()) == [("M-01", CHAIR, 3, Closed.MET), ("M-02", CHAIR, 9, None)]
    taken = met(taker_role=Role.TEAM_MANAGER, taker_id=TAKER)
    assert due(taken, kind="M-02") == [("M-02", TAKER, 9, None)]


def test_minutes_count_from_the_end_of_the_meeting_however_late_it_was_recorded():
    assert due(met(recorded_at=at(9, 15)), kind="M-02") == [("M-02", CHAIR, 9, None)]


def test_what_is_typed_is_to_be_sent_round_in_two_working_days():
    typed = met(typed=(at(5),))
    assert due(typed, kind="M-02") == [("M-02", CHAIR, 9, Closed.MET)]
    assert due(typed, kind="M-03") == [("M-03", CHAIR, 9, None)]  # Thursday, then Monday
    assert due(met(typed=(at(5),), sent={1: at(6)}), kind="M-03") == [("M-03", CHAIR, 9, Closed.MET)]


def test_typing_anew_before_they_are_sent_gives_no_more_time():
    assert due(met(typed=(at(5), at(6))), kind="M-03") == [("M-03", CHAIR, 9, None)]


def test_typing_anew_after_they_were_sent_makes_them_due_again():
    again = met(typed=(at(5), at(10)), sent={1: at(6)})
    assert due(again, kind="M-03") == [("M-03", CHAIR, 9, Closed.MET), ("M-03", CHAIR, 12, None)]


def test_an_action_is_owed_by_its_own_day():
    facts = met(actions=[action()])
    assert due(facts, kind="M-04") == [("M-04", OWNER, 11, None)]
    assert looks_again_at(facts, at(3)) == end_of(date(2026, 3, 11))


def test_for_somebody_from_outside_whoever_chaired_sees_to_it():
    outside = action(is_outside=True, owner="Grandmother", role=Role.SERVICE_MANAGER, holder_id=CHAIR)
    [duty] = [each for each in meeting_entries(met(actions=[outside]), at(3), RULES) if each.kind == "M-04"]
    assert duty.owner_id == CHAIR
    assert "see that grandmother does" in duty.says


@pytest.mark.parametrize(
    ("now", "codes"),
    [
        (end_of(date(2026, 3, 11)) - datetime.resolution, ["M-04"]),
        (end_of(date(2026, 3, 11)), ["M-04", "M-05"]),
    ],
)
def test_from_the_end_of_its_day_it_is_to_be_asked_for(now, codes):
    actions = [row for row in due(met(actions=[action()]), now=now) if row[0] not in ("M-01", "M-02")]
    assert [row[0] for row in actions] == codes
    assert due(met(actions=[action()]), now=now, kind="M-05") in ([], [("M-05", CHAIR, 16, None)])


def test_what_was_asked_for_in_vain_is_taken_higher_and_settled_there():
    late = [action(ActionAct("chase", at(12)), ActionAct("escalate", at(17)))]
    facts = met(actions=late)
    assert due(met(actions=[action(ActionAct("chase", at(12)))]), now=at(13), kind="M-06") == [
        ("M-06", CHAIR, 19, None)
    ]
    assert due(facts, now=at(18), kind="M-05") == [("M-05", CHAIR, 16, Closed.MET)]
    assert due(facts, now=at(18), kind="M-06") == [("M-06", CHAIR, 19, Closed.MET)]
    [settling] = [each for each in meeting_entries(facts, at(18), RULES) if each.kind == "M-07"]
    assert (settling.role, settling.owner_id, settling.due_on.day) == (Role.HOS, None, 24)
    assert settling.says.startswith("Head of Service: settle")


def test_nobody_asks_themselves_what_the_chair_owes_goes_higher_at_once():
    own = action(role=Role.SERVICE_MANAGER, holder_id=CHAIR, is_chairs_own=True)
    assert due(met(actions=[own]), now=at(13))[2:] == [("M-04", CHAIR, 11, None), ("M-07", None, 19, None)]
    done = action(ActionAct("finish", at(13)), is_chairs_own=True)
    assert due(met(actions=[done]), now=at(14), kind="M-07") == [("M-07", None, 19, Closed.MET)]


def test_asking_before_its_day_is_over_meets_nothing():
    early = met(actions=[action(ActionAct("chase", at(9)))])
    assert due(early, now=at(13), kind="M-05") == [("M-05", CHAIR, 16, None)]


def test_once_it_is_done_nothing_is_owed():
    done = met(actions=[action(ActionAct("chase", at(12)), ActionAct("finish", at(13)))])
    ends = {row[0]: row[3] for row in due(done, now=at(20))}
    assert (ends["M-04"], ends["M-05"], ends["M-06"]) == (Closed.MET, Closed.MET, Closed.NO_LONGER_DUE)
    assert looks_again_at(done, at(20)) is None


def test_what_is_done_in_time_was_never_to_be_asked_for():
    assert due(met(actions=[action(ActionAct("finish", at(11, 20)))]), now=at(20), kind="M-05") == []


@pytest.mark.parametrize(("day", "closed"), [(11, Closed.NO_LONGER_DUE), (12, Closed.MISSED)])
def test_what_need_not_be_done_any_more_was_missed_where_it_was_late(day, closed):
    dropped = met(actions=[action(ActionAct("drop", at(day)))])
    assert due(dropped, now=at(20), kind="M-04") == [("M-04", OWNER, 11, closed)]


def test_another_day_is_another_duty_and_the_first_stays_as_it_ended():
    moved = action(ActionAct("chase", at(12)), ActionAct("change", at(13), date(2026, 3, 20)))
    facts = met(actions=[moved])
    assert due(facts, now=at(14), kind="M-04") == [("M-04", OWNER, 11, Closed.MISSED), ("M-04", OWNER, 20, None)]
    assert due(facts, now=at(14), kind="M-06") == [("M-06", CHAIR, 19, Closed.NO_LONGER_DUE)]
    assert due(facts, now=at(21), kind="M-05")[1:] == [("M-05", CHAIR, 24, None)]


def test_every_duty_has_a_key_of_its_own():
    acts = (ActionAct("chase", at(12)), ActionAct("escalate", at(17)), ActionAct("change", at(18), date(2026, 3, 20)))
    facts = met(typed=(at(5), at(10)), sent={1: at(6)}, actions=[action(*acts), action(record="meetings.action:8")])
    keys = [entry.key for entry in meeting_entries(facts, at(25), RULES)]
    assert len(keys) == len(set(keys))
