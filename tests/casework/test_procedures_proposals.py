"""A value of the authority's own: asked for by an administrator, looked at by a preview, decided by a senior manager."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.roles import Role
from casework import diary, errands, preview, proposals
from casework.ledger import Entry
from casework.limits import Days, start_of
from casework.models import Duty, Event, MovedDuty, OutgoingMail, RuleProposal, RuleValue
from casework.previewed import figures
from casework.procedures import RulesInForce, declared
from casework.rule_values import A_SWITCH, Answer, Moves, Variant
from casework.steps import NotYet, NotYou
from placements.states import Setting
from tests.factories import (
    NOW,
    TODAY,
    a,
    allocated_to,
    appointed,
    placed,
    restricted_to,
    visited,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SINCE = TODAY + 3 * DAY
"""Thursday 12 March 2026."""
SHORTER = {"code": "D-08", "count": 1, "unit": "working_days"}


def asked_for(world, **but):
    said = {
        **SHORTER,
        "since": SINCE,
        "because": "Five days are too long.",
        "asked_by": world.administrator,
        "asked_at": NOW,
        "decider": world.service_director,
    }
    return proposals.propose(RuleProposal(**said | but))


def worked_out(world, **but):
    proposal = asked_for(world, **but)
    errands.do(RuleProposal.objects.get(pk=proposal.pk).preview_id)
    return RuleProposal.objects.get(pk=proposal.pk)


def decided(proposal, by, **but):
    said = {"by": by, "at": NOW + timedelta(hours=1), "takes_running_along": False, "because": "Agreed."}
    return proposals.decide(proposal, **said | but)


def moved(proposal, variant=Variant.TAKE_ALONG):
    return MovedDuty.objects.filter(errand=proposal.preview_id, variant=variant)


# Asking


def test_whoever_is_to_decide_is_told_by_a_mail_that_leads_to_the_page(world):
    world.service_director.email = "director@council.example"
    world.service_director.save()
    proposal = asked_for(world)
    mail = OutgoingMail.objects.get()
    assert mail.to == world.service_director
    assert proposal.get_absolute_url() in mail.body
    assert RuleProposal.objects.get().preview.kind == preview.KIND


def test_what_cannot_stand_is_not_asked_for(world):
    for refused, says in (
        ({"asked_by": world.service_director, "decider": world.dcs}, "asked for by administrators"),
        ({"since": TODAY}, "from the day after the decision"),
        ({"count": 5}, "what D-08 says already"),
        ({"code": "L-02", "count": 7, "unit": "weeks"}, "never longer"),
        ({"code": "C-41", **A_SWITCH, "is_on": True}, "what C-41 says already"),
        ({"decider": world.team_manager}, "must be a senior manager"),
        ({"code": "D-04", "count": 3}, "whom this rule’s deadline does not bind"),
    ):
        with pytest.raises((NotYou, NotYet), match=says):
            asked_for(world, **refused)
    assert not RuleProposal.objects.exists()
    asked_for(world, code="D-04", count=3, decider=world.dcs)


def test_one_value_of_a_rule_waits_at_a_time(world):
    asked_for(world)
    with pytest.raises(ValidationError, match="waits for its decision already"):
        asked_for(world, count=2)


def test_nobody_decides_what_they_ask_for(world):
    both = appointed(world.administrator, Role.DCS)
    assert both not in proposals.deciders(declared()["D-08"][0], asked_by=both, at=NOW)
    with pytest.raises(ValidationError, match="Somebody else decides"):
        asked_for(world, decider=both)
    row = RuleProposal(**SHORTER, since=SINCE, because="-", asked_by=both, asked_at=NOW, decider=both)
    with pytest.raises(IntegrityError, match="nobody_decides_what_they_ask_for"), transaction.atomic():
        row.save()


# Looking


def test_the_preview_foretells_what_the_look_of_the_first_day_then_does_and_writes_nothing_itself(owed):
    before = list(Duty.objects.order_by("pk").values())
    events = Event.objects.count()
    proposal = worked_out(owed)
    assert list(Duty.objects.order_by("pk").values()) == before
    assert Event.objects.count() == events
    assert not moved(proposal, Variant.KEEP).exists(), "what runs keeps its day"
    foretold = {(line.case_file_id, line.due_before, line.due_after) for line in moved(proposal)}
    assert foretold
    was = {duty["id"]: duty for duty in before}
    decided(proposal, owed.service_director, takes_running_along=True)
    diary.refresh([child.case_file_id for child in owed.children], at=start_of(SINCE))
    changed = {
        (duty.case_file_id, was[duty.pk]["due_at"], duty.due_at)
        for duty in Duty.objects.open()
        if duty.due_at != was[duty.pk]["due_at"]
    }
    assert changed == foretold


def test_a_preview_that_is_worked_out_twice_counts_once_and_says_what_it_found(owed):
    proposal = asked_for(owed)
    errand = RuleProposal.objects.get(pk=proposal.pk).preview
    outcomes = [preview.work_out(errands.UnderWay(errand)) for _ in range(2)]
    assert outcomes == [{"files": 5, "duties": Duty.objects.open().count()}] * 2
    found = moved(RuleProposal.objects.get(pk=proposal.pk))
    assert {(line.how, line.kind, line.role) for line in found} == {(Moves.EARLIER, "D-08", Role.TEAM_MANAGER)}
    assert [line.is_overdue_at_once for line in found] == [True] * 3, "one working day from Monday is Tuesday"
    assert set(found.values_list("team__name", flat=True)) == {"Alder team", "Cedar team"}


def test_a_restricted_child_is_counted_for_the_people_named_only(owed):
    proposal = worked_out(owed)

    def counted(person):
        by_variant = {each.variant: each for each in figures(proposal, person, NOW)}
        return by_variant[Variant.TAKE_ALONG].all

    in_sight = {person: moved(proposal).visible_to(person, at=NOW).count() for person in (owed.dhos, owed.hos)}
    assert in_sight == {owed.dhos: 2, owed.hos: 1}
    assert counted(owed.dhos) == 2, "named on the restriction, but counts in sight only"
    assert counted(owed.hos) == 2, "own child and the other area's"
    assert counted(owed.administrator) == counted(owed.dcs) == 2
    assert counted(owed.social_worker) == 1
    assert counted(owed.legal) == 0
    restricted_to(owed.other_areas_child, owed.hos, by=owed.elsewhere(Role.TEAM_MANAGER))
    assert (counted(owed.hos), counted(owed.dcs)) == (2, 1)


def test_a_switch_shows_what_would_be_due_had_it_been_switched_before(world):
    child = allocated_to(world.own_child, world.personal_adviser, role=Role.PERSONAL_ADVISER, since=NOW - 100 * DAY)
    placement = placed(child, Setting.CHILDRENS_HOME, since=NOW - 70 * DAY)
    visited(placement, NOW - 68 * DAY)
    visited(placement, NOW - 10 * DAY, by=world.personal_adviser, role=Role.PERSONAL_ADVISER)
    proposal = worked_out(world, code="C-41", **A_SWITCH, is_on=False)
    assert not moved(proposal, Variant.KEEP).exists()
    (line,) = moved(proposal, Variant.AS_IF)
    assert (line.how, line.kind, line.is_overdue_at_once) == (Moves.EARLIER, "L-02", True)


def test_what_ends_in_one_place_of_a_clock_and_opens_in_another_is_one_that_moves():
    def entry(key, about="placement:1", role=Role.SOCIAL_WORKER):
        return Entry("L-02", key, role, about, NOW, NOW + DAY, "says")

    before = {(1, "a"): entry("a"), (1, "b"): entry("b"), (2, "c"): entry("c", about="placement:2")}
    after = {(1, "b"): entry("b"), (1, "d"): entry("d"), (1, "e"): entry("e")}
    assert list(preview.pairs_of(before, after)) == [
        (1, entry("b"), entry("b")),
        (1, entry("a"), entry("d")),
        (1, None, entry("e")),
        (2, entry("c", about="placement:2"), None),
    ]


# Deciding


def test_a_decision_is_kept_with_who_asked_who_decided_why_and_what_the_preview_showed(owed):
    proposal = worked_out(owed)
    value = decided(proposal, owed.service_director, takes_running_along=True)
    proposal.refresh_from_db()
    assert (proposal.answer, proposal.value) == (Answer.CONFIRMED, value)
    assert (value.asked_by, value.decided_by, value.decided_as) == (
        owed.administrator,
        owed.service_director,
        Role.SERVICE_DIRECTOR,
    )
    assert (value.limit, value.since, value.takes_running_along) == (proposal.limit, SINCE, True)
    keep, along = value.seen["figures"]
    assert (keep["how"], along["how"], along["overdue_at_once"]) == ({}, {"earlier": 2}, 2)
    assert along["by"]["team"] == [["Alder team", 1, 1], ["Cedar team", 1, 1]]
    assert value.seen["asked_because"] == "Five days are too long."
    with pytest.raises(NotYet, match="answered: decided"):
        decided(proposal, owed.service_director)
    assert RuleValue.objects.count() == 1


def test_what_is_kept_with_a_decision_betrays_no_restricted_child_of_whoever_decided(owed):
    """The people named count it; whoever reads the decision later is not named."""
    proposal = worked_out(owed)
    restricted_to(owed.other_areas_child, owed.service_director, by=owed.elsewhere(Role.TEAM_MANAGER))
    counted = {person: figures(proposal, person, NOW)[1].all for person in (owed.service_director, owed.administrator)}
    assert counted == {owed.service_director: 2, owed.administrator: 1}
    _, along = decided(proposal, owed.service_director).seen["figures"]
    assert along["how"] == {"earlier": 1}


def test_nobody_else_decides(owed):
    proposal = worked_out(owed)
    for person in (owed.administrator, owed.dcs, owed.hos, a(Role.SERVICE_DIRECTOR)):
        with pytest.raises(NotYou):
            decided(proposal, person)
        with pytest.raises(NotYou):
            proposals.decline(proposal, by=person, at=NOW, because="No.")
    owed.service_director.appointments.update(ends_at=NOW)
    with pytest.raises(NotYou, match="decides this, while a senior manager"):
        decided(proposal, type(owed.service_director).objects.get(pk=owed.service_director.pk))
    assert not RuleValue.objects.exists()


def test_nobody_decides_blindly_or_too_late(owed):
    proposal = asked_for(owed)
    with pytest.raises(NotYet, match="still being worked out"):
        decided(proposal, owed.service_director)
    with pytest.raises(NotYet, match="from the day after the decision"):
        decided(proposal, owed.service_director, at=start_of(SINCE))
    under_way = RuleProposal.objects.get().preview_id
    proposals.look_again(proposal, by=owed.service_director, at=NOW)
    assert RuleProposal.objects.get().preview_id == under_way, "what goes on goes on"
    errands.do(under_way)
    other = worked_out(owed, code="D-09", count=2)
    decided(other, owed.service_director)
    with pytest.raises(NotYet, match="Another value was decided since"):
        decided(proposal, owed.service_director)
    proposals.look_again(proposal, by=owed.service_director, at=NOW + 2 * DAY)
    errands.do(RuleProposal.objects.get(pk=proposal.pk).preview_id)
    decided(proposal, owed.service_director, at=NOW + 2 * DAY)


def test_a_preview_of_more_than_a_week_ago_is_worked_out_again(world):
    proposal = worked_out(world, since=TODAY + 30 * DAY)
    assert proposals.objections_to_decision(proposal, NOW + 7 * DAY) == []
    (says,) = proposals.objections_to_decision(proposal, NOW + 7 * DAY + timedelta(seconds=1))
    assert "more than a week ago" in says


def test_it_can_be_declined_and_taken_back(world):
    for answer, act in (
        (Answer.DECLINED, lambda p: proposals.decline(p, by=world.service_director, at=NOW, because="No.")),
        (Answer.WITHDRAWN, lambda p: proposals.take_back(p, by=world.administrator, at=NOW, because="A slip.")),
    ):
        proposal = asked_for(world)
        act(proposal)
        proposal.refresh_from_db()
        assert (proposal.answer, proposal.value) == (answer, None)
        with pytest.raises(NotYet):
            act(proposal)
    with pytest.raises(NotYou):
        proposals.take_back(asked_for(world), by=world.service_director, at=NOW, because="-")


def test_the_lists_of_old_previews_are_forgotten(owed):
    proposal = worked_out(owed)
    assert preview.forget(NOW + preview.KEPT_FOR) == 0
    assert preview.forget(NOW + preview.KEPT_FOR + DAY) == 3
    assert not moved(proposal).exists()


def test_an_own_value_added_to_the_rules_leaves_the_rest():
    rules = RulesInForce(declared())
    proposal = RuleProposal(**SHORTER, since=date(2026, 3, 12))
    values = preview.variants_of(proposal)
    assert list(values) == [Variant.KEEP, Variant.TAKE_ALONG]
    with_it = rules.with_own(values[Variant.KEEP])
    assert str(with_it.limit("D-08", SINCE)) == "1 working day"
    assert with_it.limit("C-38", SINCE) == Days(7)
