"""What a standing makes due: the alarm (D-00, S0 3.1, K-10, C-00), what is to be found out (D-08, C-26), and the limits of
emergencies (L-16, L-17)."""

from dataclasses import replace

import pytest

from casework.ledger import Closed
from casework.limits import LONDON, Days, local_day, start_of
from casework.procedures import OwnValue
from placements.duties import NextStep, Oversight, alarm_entries, alarm_spells, approval_entries, not_known_entries
from placements.emergencies import emergency_entries
from placements.lawfulness import standings_over
from tests.placements.arrangements import (
    APPROVED,
    RULES,
    TEMPORARY,
    approval,
    arrangement,
    before_assessment,
    order,
    outside_terms,
    registered,
    span,
    stands,
    with_carer,
)
from tests.visits.placed import day, moment

ABOUT = "placements.placement:17"
NEXT = NextStep("dhos", "Next: the Deputy Head of Service convenes the case discussion.", 42)


def alarms(facts, now, *oversight):
    """The alarms of an arrangement at a moment."""
    at = moment(now)
    periods = standings_over(facts, RULES, local_day(at))
    return alarm_entries(facts, periods, oversight, NEXT, about=ABOUT, now=at)


def signed(from_words, to_words=None):
    """The Service Director's signature, until it lapses."""
    return Oversight(
        moment(from_words), moment(to_words) if to_words else None, "service_director", "approvals.casediscussion:5"
    )


def in_london(at):
    """A moment as the tables write it."""
    return f"{at.astimezone(LONDON):%a %Y-%m-%d %H:%M}"


def told(entries):
    """Opened, closed, how: in local words."""
    return [(in_london(e.opened_at), e.closed_at and in_london(e.closed_at), e.closed_as) for e in entries]


class TestTheAlarm:
    """From the first minute until final sign-off, the end, or regulation."""

    def test_it_is_due_and_overdue_from_the_first_minute(self):
        (alarm,) = alarms(with_carer(), "Mon 2026-01-05 10:00")
        assert alarm.opened_at == alarm.due_at == moment("Mon 2026-01-05 10:00")
        assert alarm.is_open
        assert (alarm.kind, alarm.key) == ("D-00", "D-00:placements.placement:17:2026-01-05")
        assert (alarm.role, alarm.owner_id, alarm.about) == ("dhos", 42, ABOUT)

    def test_it_says_what_is_not_regulated_since_when_and_who_holds_the_next_step(self):
        (alarm,) = alarms(with_carer(), "Mon 2026-01-05 10:00")
        assert alarm.says == (
            "Unregulated (connected person) since 5 January 2026, not signed off. The connected person is not approved "
            "as a foster carer, and the home is not a place that the law lists. "
            "Next: the Deputy Head of Service convenes the case discussion."
        )
        assert alarm.facts == (
            ("Regulation", "Unregulated (connected person)"),
            ("Lawfulness", "Not lawful"),
            ("Since", "5 January 2026"),
        )

    def test_nothing_before_the_child_is_there(self):
        assert alarms(with_carer(), "Mon 2026-01-05 09:59") == []

    def test_it_opens_with_the_first_minute_of_the_day_on_which_approval_ran_out(self):
        facts = with_carer(approval(TEMPORARY, "Mon 2026-01-05"))
        assert alarms(facts, "Sun 2026-04-26 23:59") == []
        # Summer time: midnight on 27 April is 23:00 UTC the day before.
        (alarm,) = alarms(facts, "Mon 2026-04-27 00:00")
        assert alarm.opened_at == start_of(day("Mon 2026-04-27")) == moment("Mon 2026-04-27 00:00")
        assert alarm.key.endswith(":2026-04-27")

    def test_final_sign_off_meets_it_and_changes_nothing_in_law(self):
        facts, signature = with_carer(), signed("Mon 2026-01-19 15:30")
        (alarm,) = alarms(facts, "Mon 2026-03-02 10:00", signature)
        assert (alarm.closed_at, alarm.closed_as) == (moment("Mon 2026-01-19 15:30"), Closed.MET)
        assert (alarm.role, alarm.owner_id) == ("service_director", None)
        assert alarm.evidence == "approvals.casediscussion:5"
        assert alarm.was_late
        assert stands(facts, "Mon 2026-03-02").lawfulness == "not_lawful"

    def test_a_signature_to_come_ends_nothing_yet(self):
        (alarm,) = alarms(with_carer(), "Mon 2026-01-19 15:29", signed("Mon 2026-01-19 15:30"))
        assert alarm.is_open

    def test_it_opens_again_when_the_sign_off_lapses(self):
        facts, signature = with_carer(), signed("Mon 2026-01-19 15:30", "Mon 2026-02-16 15:30")
        assert len(alarms(facts, "Mon 2026-02-16 15:29", signature)) == 1
        first, again = alarms(facts, "Mon 2026-02-16 15:30", signature)
        assert first.closed_as == Closed.MET
        assert (again.opened_at, again.is_open) == (moment("Mon 2026-02-16 15:30"), True)
        assert again.key == "D-00:placements.placement:17:2026-02-16"
        assert "since 5 January 2026, sign-off lapsed on 16 February 2026." in again.says

    def test_a_renewal_in_time_lets_no_alarm_open(self):
        entries = alarms(
            with_carer(),
            "Fri 2026-05-01 10:00",
            signed("Mon 2026-01-19 15:30", "Mon 2026-02-16 15:30"),
            signed("Fri 2026-02-13 11:00", "Fri 2026-03-13 11:00"),
            signed("Fri 2026-03-13 11:00"),
        )
        assert [entry.closed_as for entry in entries] == [Closed.MET]

    def test_two_alarms_of_one_day_have_keys_of_their_own(self):
        entries = alarms(
            with_carer(),
            "Mon 2026-03-02 10:00",
            signed("Mon 2026-01-05 12:00", "Mon 2026-01-05 14:00"),
            signed("Mon 2026-01-05 16:00", "Mon 2026-01-05 17:00"),
        )
        assert [entry.key.rpartition(":17:")[2] for entry in entries] == ["2026-01-05", "2026-01-05:2", "2026-01-05:3"]

    def test_authorisation_before_the_placement_lets_no_alarm_begin(self):
        facts = arrangement("childrens_home", registrations=(registered("Thu 2026-01-01", "unregistered"),))
        assert alarms(facts, "Mon 2026-03-02 10:00", signed("Fri 2026-01-02 09:00")) == []
        assert alarms(facts, "Mon 2026-03-02 10:00", signed("Mon 2026-01-05 10:00")) == []
        (alarm,) = alarms(facts, "Mon 2026-03-02 10:00", signed("Mon 2026-01-05 10:01"))
        assert alarm.closed_as == Closed.MET

    def test_it_is_no_longer_due_when_the_arrangement_ends(self):
        facts = with_carer(ended="Fri 2026-02-06 14:00")
        (alarm,) = alarms(facts, "Fri 2026-02-06 13:59")
        assert alarm.is_open
        (alarm,) = alarms(facts, "Mon 2026-03-02 10:00")
        assert (alarm.closed_at, alarm.closed_as) == (moment("Fri 2026-02-06 14:00"), Closed.NO_LONGER_DUE)
        assert "Next" not in alarm.says

    def test_an_arrangement_of_some_hours_has_its_alarm_too(self):
        facts = with_carer(ended="Mon 2026-01-05 18:00")
        (alarm,) = alarms(facts, "Mon 2026-01-05 20:00")
        assert (alarm.opened_at, alarm.closed_at) == (moment("Mon 2026-01-05 10:00"), moment("Mon 2026-01-05 18:00"))

    def test_it_is_no_longer_due_when_the_arrangement_becomes_regulated(self):
        facts = with_carer(approval(APPROVED, "Mon 2026-02-02"))
        assert told(alarms(facts, "Mon 2026-03-02 10:00")) == [
            ("Mon 2026-01-05 10:00", "Mon 2026-02-02 00:00", Closed.NO_LONGER_DUE)
        ]

    def test_it_ends_with_childhood(self):
        facts = with_carer(born="Sat 2008-02-02")
        assert told(alarms(facts, "Mon 2026-03-02 10:00")) == [
            ("Mon 2026-01-05 10:00", "Mon 2026-02-02 00:00", Closed.NO_LONGER_DUE)
        ]

    def test_an_application_does_not_interrupt_it(self):
        facts = arrangement(
            "childrens_home",
            registrations=(registered("Thu 2026-01-01", "unregistered"), registered("Mon 2026-02-02", "applied")),
        )
        (alarm,) = alarms(facts, "Mon 2026-03-02 10:00")
        assert alarm.opened_at == moment("Mon 2026-01-05 10:00")
        assert alarm.says.startswith("Unregistered: application made since 5 January 2026")

    def test_each_time_that_it_becomes_unregulated_it_opens_anew(self):
        facts = arrangement(
            "childrens_home",
            registrations=(
                registered("Thu 2026-01-01", "unregistered"),
                registered("Mon 2026-02-02"),
                registered("Mon 2026-03-02", "unregistered"),
            ),
        )
        assert told(alarms(facts, "Mon 2026-03-09 10:00", signed("Mon 2026-01-19 15:30", "Mon 2026-02-16 15:30"))) == [
            ("Mon 2026-01-05 10:00", "Mon 2026-01-19 15:30", Closed.MET),
            ("Mon 2026-03-02 00:00", None, None),
        ]

    @pytest.mark.parametrize(
        ("facts", "count"),
        [
            (arrangement("hotel"), 1),
            (arrangement("supported_accommodation"), 1),
            (arrangement("childrens_home", registrations=(registered("Thu 2026-01-01", "applied"),)), 1),
            (with_carer(setting="ifa_foster"), 1),
            (arrangement("childrens_home"), 0),
            (arrangement("connected_person", approvals=None), 0),
            (arrangement("childrens_home", registrations=(registered("Thu 2026-01-01"),)), 0),
            (arrangement("parent"), 0),
            (arrangement("other"), 0),
        ],
    )
    def test_what_needs_it(self, facts, count):
        assert len(alarms(facts, "Mon 2026-03-02 10:00")) == count

    def test_the_same_facts_give_the_same_ledger_and_time_only_adds(self):
        facts = with_carer(ended="Fri 2026-02-06 14:00")
        history = (signed("Mon 2026-01-12 12:00", "Mon 2026-01-26 12:00"),)
        earlier = alarms(facts, "Tue 2026-01-27 10:00", *history)
        later = alarms(facts, "Mon 2026-03-02 10:00", *history)
        assert [entry.key for entry in earlier] == [entry.key for entry in later]
        assert earlier[0] == later[0]
        assert [entry.is_open for entry in later] == [False, False]

    def test_spells_are_told_with_their_moments(self):
        facts = with_carer(approval(APPROVED, "Mon 2026-02-02"), ended="Fri 2026-03-06 14:00")
        at = moment("Mon 2026-03-02 10:00")
        (spell,) = alarm_spells(facts, standings_over(facts, RULES, local_day(at)), at)
        assert (spell.starts_at, spell.ends_at) == (moment("Mon 2026-01-05 10:00"), moment("Mon 2026-02-02 00:00"))
        assert not spell.covers(moment("Mon 2026-01-05 09:59"))
        assert spell.covers(moment("Mon 2026-01-05 10:00"))
        assert spell.covers(moment("Sun 2026-02-01 23:59"))
        assert not spell.covers(moment("Mon 2026-02-02 00:00"))


UNRECORDED = arrangement("connected_person", start="Thu 2026-04-02 10:00", approvals=None)


def to_find_out(facts, now, **known):
    """The duties of D-08 at a moment."""
    return approval_entries(facts, RULES, about=ABOUT, now=moment(now), **known)


class TestTheApprovalThatNobodyRecorded:
    """D-08: the team manager, 5 working days, a local default."""

    def test_five_working_days_run_over_easter(self):
        # Thursday 2 April 2026 is day 0; Good Friday, the weekend and Easter Monday do not count: Friday 10 is day 4,
        # Monday 13 is day 5.
        (duty,) = to_find_out(UNRECORDED, "Thu 2026-04-02 10:00")
        assert duty.due_at == moment("Tue 2026-04-14 00:00")
        assert duty.due_on == day("Mon 2026-04-13")
        assert (duty.kind, duty.role, duty.is_open) == ("D-08", "team_manager", True)
        assert duty.key == "D-08:placements.placement:17:2026-04-02"

    def test_it_says_why_by_when_and_that_the_limit_is_local(self):
        (duty,) = to_find_out(UNRECORDED, "Thu 2026-04-02 10:00")
        assert duty.says == (
            "It is not recorded whether the carer is approved, and only an approved carer makes this arrangement lawful. "
            "To be found out within 5 working days of 2 April 2026. D-08; the limit is a local default, no source."
        )

    def test_an_imported_placement_is_owed_from_the_import_on(self):
        (duty,) = to_find_out(UNRECORDED, "Wed 2026-07-01 09:00", known_from=moment("Mon 2026-06-01 08:00"))
        assert duty.opened_at == moment("Mon 2026-06-01 08:00")
        assert duty.due_on == day("Mon 2026-06-08")
        assert duty.key.endswith(":2026-06-01")

    def test_a_placement_that_ended_before_the_import_owes_nothing(self):
        facts = replace(UNRECORDED, ended_at=moment("Mon 2026-05-04 10:00"))
        assert to_find_out(facts, "Wed 2026-07-01 09:00", known_from=moment("Mon 2026-06-01 08:00")) == []
        assert to_find_out(facts, "Wed 2026-07-01 09:00", known_from=facts.ended_at) == []

    def test_nothing_before_the_import_or_the_start(self):
        assert to_find_out(UNRECORDED, "Thu 2026-04-02 09:59") == []
        assert to_find_out(UNRECORDED, "Sun 2026-05-31 09:00", known_from=moment("Mon 2026-06-01 08:00")) == []

    @pytest.mark.parametrize("found", [(), (approval(APPROVED, "Thu 2026-04-02"),)], ids=["none", "approved"])
    @pytest.mark.parametrize(
        ("confirmed", "late"),
        [("Mon 2026-04-13 23:59", False), ("Tue 2026-04-14 00:00", True)],
        ids=["in time", "late"],
    )
    def test_it_is_met_when_the_approval_or_its_absence_is_recorded(self, found, confirmed, late):
        facts = replace(UNRECORDED, approvals=found)
        (duty,) = to_find_out(
            facts, "Wed 2026-07-01 09:00", confirmed_at=moment(confirmed), evidence="placements.carer:3"
        )
        assert (duty.closed_at, duty.closed_as, duty.was_late) == (moment(confirmed), Closed.MET, late)
        assert (duty.key, duty.evidence) == ("D-08:placements.placement:17:2026-04-02", "placements.carer:3")

    def test_absence_of_approval_becomes_the_alarm(self):
        facts = replace(UNRECORDED, approvals=())
        assert stands(facts, "Wed 2026-07-01").regulation == "unregulated_connected"
        assert len(alarms(facts, "Wed 2026-07-01 09:00")) == 1

    def test_what_was_on_record_from_the_start_owes_nothing(self):
        assert to_find_out(with_carer(), "Mon 2026-03-02 10:00") == []
        facts = replace(UNRECORDED, approvals=())
        assert to_find_out(facts, "Wed 2026-07-01 09:00", confirmed_at=facts.started_at) == []

    @pytest.mark.parametrize(
        ("ended", "how"), [("Mon 2026-04-13 23:00", Closed.NO_LONGER_DUE), ("Tue 2026-04-14 00:00", Closed.MISSED)]
    )
    def test_it_ends_with_the_arrangement_and_is_missed_where_it_was_overdue(self, ended, how):
        facts = replace(UNRECORDED, ended_at=moment(ended))
        (duty,) = to_find_out(facts, "Wed 2026-07-01 09:00")
        assert (duty.closed_at, duty.closed_as) == (moment(ended), how)

    def test_what_is_found_out_after_the_end_does_not_meet_it(self):
        facts = replace(UNRECORDED, ended_at=moment("Wed 2026-04-08 12:00"), approvals=())
        (duty,) = to_find_out(facts, "Wed 2026-07-01 09:00", confirmed_at=moment("Wed 2026-04-08 12:00"))
        assert duty.closed_as == Closed.NO_LONGER_DUE

    def test_it_ends_with_childhood(self):
        facts = replace(UNRECORDED, born_on=day("Mon 2008-04-07"))
        (duty,) = to_find_out(facts, "Wed 2026-07-01 09:00")
        assert (duty.closed_at, duty.closed_as) == (moment("Tue 2026-04-07 00:00"), Closed.NO_LONGER_DUE)

    def test_an_authoritys_own_limit_takes_the_place_of_the_default(self):
        own = replace(RULES, own={"D-08": (OwnValue("D-08", Days(2), day("Wed 2026-04-01")),)})
        (duty,) = approval_entries(UNRECORDED, own, about=ABOUT, now=moment("Wed 2026-07-01 09:00"))
        assert duty.due_on == day("Sat 2026-04-04")
        assert "within 2 days of" in duty.says

    @pytest.mark.parametrize("setting", ["childrens_home", "parent", "other", "hotel"])
    def test_only_carers_need_an_approval(self, setting):
        assert to_find_out(arrangement(setting), "Mon 2026-03-02 10:00") == []

    def test_a_short_stay_elsewhere_leaves_it_to_the_usual_home(self):
        stay = arrangement("temporary", start="Mon 2026-04-06 10:00", usual=UNRECORDED)
        assert stands(stay, "Wed 2026-04-08").regulation == "not_known"
        assert to_find_out(stay, "Wed 2026-07-01 09:00") == []


def not_known(facts, now, **known):
    """The duties of C-26 at a moment."""
    at = moment(now)
    periods = standings_over(facts, RULES, local_day(at))
    return not_known_entries(facts, periods, RULES, about=ABOUT, now=at, **known)


class TestWhatElseIsNotKnown:
    """C-26: whatever is missing to be sure, somebody finds out; 5 working days, a local default."""

    def test_a_home_of_unknown_registration_is_for_the_placement_service_to_look_up(self):
        # Thursday 2 April 2026 is day 0: Good Friday, the weekend and Easter Monday do not count.
        (duty,) = not_known(arrangement("childrens_home", start="Thu 2026-04-02 10:00"), "Thu 2026-04-02 10:00")
        assert (duty.kind, duty.role, duty.is_open) == ("C-26", "placement_service", True)
        assert duty.due_on == day("Mon 2026-04-13")
        assert dict(duty.facts)["Missing"].startswith("the home’s registration")

    @pytest.mark.parametrize("facts", [{"setting": "parent"}, {"setting": "other"}, {"setting": "temporary"}])
    def test_everything_else_is_for_the_team_manager(self, facts):
        (duty,) = not_known(arrangement(**facts), "Mon 2026-03-02 10:00")
        assert duty.role == "team_manager"

    def test_a_missing_approval_is_not_asked_for_twice(self):
        assert not_known(UNRECORDED, "Wed 2026-07-01 09:00") == []

    def test_a_short_stay_elsewhere_asks_nothing_that_the_usual_home_does(self):
        stay = arrangement("temporary", usual=arrangement("childrens_home"))
        assert not_known(stay, "Mon 2026-03-02 10:00") == []

    @pytest.mark.parametrize(
        ("facts", "how"),
        [
            ({"registrations": (registered("Mon 2026-02-02"),)}, Closed.MET),
            ({"registrations": (registered("Mon 2026-02-02", "unregistered"),)}, Closed.MET),
            ({"ended": "Mon 2026-02-02 00:00"}, Closed.MISSED),
            ({"ended": "Wed 2026-01-07 00:00"}, Closed.NO_LONGER_DUE),
            ({"born": "Sat 2008-02-02"}, Closed.MISSED),
        ],
    )
    def test_it_is_met_by_the_answer_and_ends_with_the_arrangement_or_childhood(self, facts, how):
        (duty,) = not_known(arrangement("childrens_home", **facts), "Mon 2026-03-02 10:00")
        assert duty.closed_as == how

    def test_an_imported_home_is_owed_from_the_import_on(self):
        facts = arrangement("childrens_home")
        (duty,) = not_known(facts, "Wed 2026-07-01 09:00", known_from=moment("Mon 2026-06-01 08:00"))
        assert (duty.opened_at, duty.due_on) == (moment("Mon 2026-06-01 08:00"), day("Mon 2026-06-08"))


def emergencies(facts, now):
    """The duties of L-16 and L-17 at a moment: code, due day, closed how."""
    at = moment(now)
    entries = emergency_entries(facts, standings_over(facts, RULES, local_day(at)), RULES, about=ABOUT, now=at)
    return [(entry.kind, f"{entry.due_on:%a %Y-%m-%d}", entry.closed_as) for entry in entries]


class TestTheLimitsOfEmergencies:
    """L-16: assessed within 10 working days, decided within 10 more. L-17: 6 working days outside the carer's terms."""

    # Placed on Monday 5 January 2026: day 10 is Monday 19, day 10 from there Monday 2 February.
    WITH_PARENT = {"legal": (order("C2"),)}

    def stay(self, **facts):
        stay = before_assessment("Mon 2026-01-05", facts.pop("to", None), facts.pop("assessed", None))
        return arrangement("parent", before_assessment=(stay,), **self.WITH_PARENT, **facts)

    @pytest.mark.parametrize("now", ["Mon 2026-01-05 10:00", "Wed 2026-07-01 09:00"])
    def test_assessment_and_decision_stay_due_while_the_child_stays(self, now):
        assert emergencies(self.stay(), now) == [
            ("L-16", "Mon 2026-01-19", None),
            ("L-16b", "Mon 2026-02-02", None),
        ]

    def test_the_assessment_meets_one_and_brings_the_other_forward(self):
        # Assessed on Monday 12 January: day 10 is Monday 26.
        assert emergencies(self.stay(assessed="Mon 2026-01-12"), "Tue 2026-01-27 09:00") == [
            ("L-16", "Mon 2026-01-19", Closed.MET),
            ("L-16b", "Mon 2026-01-26", None),
        ]

    def test_the_decision_meets_what_is_left(self):
        stay = self.stay(assessed="Mon 2026-01-12", to="Thu 2026-01-22")
        assert [how for _, _, how in emergencies(stay, "Tue 2026-01-27 09:00")] == [Closed.MET, Closed.MET]
        assert not stands(stay, "Tue 2026-01-27").missing, "the decision and its day are on record"

    @pytest.mark.parametrize(
        ("ended", "how"), [("Tue 2026-01-20 09:00", Closed.NO_LONGER_DUE), ("Tue 2026-02-03 09:00", Closed.MISSED)]
    )
    def test_a_child_who_left_before_the_decision(self, ended, how):
        assert emergencies(self.stay(ended=ended), "Wed 2026-07-01 09:00")[1] == ("L-16b", "Mon 2026-02-02", how)

    def test_a_stay_outside_the_carers_terms_stays_due_until_they_cover_it(self):
        # Thursday 2 April 2026 is day 0, over Easter day 6 is Tuesday 14.
        began = {"start": "Thu 2026-04-02 18:00"}
        assert emergencies(outside_terms(span("Thu 2026-04-02"), **began), "Wed 2026-07-01 09:00") == [
            ("L-17", "Tue 2026-04-14", None)
        ]
        varied = outside_terms(span("Thu 2026-04-02", "Fri 2026-04-10"), **began)
        assert emergencies(varied, "Wed 2026-07-01 09:00") == [("L-17", "Tue 2026-04-14", Closed.MET)]

    def test_the_end_of_the_carers_approval_does_not_meet_it(self):
        approved = (approval(APPROVED, "Mon 2024-01-01", "Mon 2026-04-20"),)
        facts = outside_terms(span("Thu 2026-04-02"), approvals=approved, start="Thu 2026-04-02 18:00")
        assert emergencies(facts, "Wed 2026-07-01 09:00") == [("L-17", "Tue 2026-04-14", Closed.MISSED)]

    def test_another_child_with_the_same_carers_owes_nothing(self):
        assert emergencies(with_carer(approval(APPROVED, "Mon 2024-01-01")), "Wed 2026-07-01 09:00") == []
