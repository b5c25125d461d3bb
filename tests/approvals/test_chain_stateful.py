"""The chain driven at random, over people, steps and changes of office (Hypothesis): what holds whatever happens.

No sign-off is skipped, nobody signs two steps, signatures stand under the record as it reads, what is void is kept,
events explain every state, the alarm is open exactly while nobody has signed off, and somebody always owes the next step.
"""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.roles import Role
from approvals.models import CaseDiscussion, Signature
from approvals.states import ENDED, SIGNED, ApprovedAs, State
from bench.chains import CONTENT, to_convene
from casework import diary
from casework.events import faults_in_chains, label_of
from casework.models import Duty, Event
from casework.steps import Refused, carry_out
from tests.factories import NOW, a, allocated_to, appointed, ended, with_unapproved_relative

STEPS = ("convene", "record", "agree", "approve", "send_back", "refuse")
STEPS += ("sign_off", "dissent", "feed_back", "communicate", "file", "withdraw")
LEADS_ON = ("convene", "agree", "approve", "sign_off", "feed_back", "communicate", "file")
FOUR = ("social_worker", "team_manager", "legal", "dhos")
ALL_SIX = {*FOUR, "hos", "service_director"}
NEEDED = {State.AGREED: {*FOUR}, State.APPROVED: ALL_SIX - {"service_director"}, **dict.fromkeys(SIGNED, ALL_SIX)}


class ChainAtRandom(RuleBasedStateMachine):
    """One child with an unapproved relative, and the people of an authority who try one step after another."""

    world = None

    @initialize(data=st.data(), steps=st.integers(0, 12))
    def begin(self, data, steps):
        self.savepoint = transaction.savepoint()
        world = self.world
        self.at, self.seen, self.overseen, self.is_live = NOW, {}, False, True
        self.child = world.a_child(worker=world.social_worker)
        self.placement = with_unapproved_relative(self.child)
        known = [world.person(Role(role)) for role in (*FOUR, "hos", "service_director", "iro", "administrator")]
        self.people = [*known, world.colleague, world.elsewhere(Role.DHOS), world.elsewhere(Role.HOS)]
        self.the_chain_goes_on(data, steps)

    def teardown(self):
        transaction.savepoint_rollback(self.savepoint)

    @property
    def discussion(self):
        found = CaseDiscussion.objects.filter(placement=self.placement).order_by("-pk").first()
        return found if found and found.state not in ENDED else to_convene(self.placement)

    def person(self, data):
        person = data.draw(st.sampled_from(self.people), label="who")
        person.__dict__.pop("_appointments_read", None)
        return person

    def attempt(self, step, person, data):
        """Try a step; a refusal must leave nothing behind."""
        discussion = self.discussion
        if discussion.pk is None and step != "convene":
            return
        before = Event.objects.count(), Signature.objects.count()
        try:
            taken = carry_out(
                getattr(discussion, step), by=person, at=self.at, because="So.", **self.said(step, discussion, data)
            )
        except Refused:
            assert (Event.objects.count(), Signature.objects.count()) == before
            return
        if step == "sign_off":
            self.overseen = True
        if step == "refuse":
            self.overseen = False
        assert taken.stands_since <= self.at

    def said(self, step, discussion, data):
        version = discussion.version if discussion.pk else None
        versions = list(discussion.versions.values_list("digest", flat=True)) if discussion.pk else []
        digest = data.draw(st.sampled_from([*[version.digest] * 3, *versions]), label="digest") if version else ""
        match step:
            case "convene":
                legal = data.draw(st.sampled_from([self.world.legal, self.world.legal, self.world.hos]), label="legal")
                people = {"social_worker": self.allocation.person, "team_manager": self.world.team_manager}
                return {**people, "legal": legal, "held_at": self.at}
            case "record":
                return {"content": {**CONTENT, "discussion": data.draw(st.sampled_from("ABC"), label="text")}}
            case "agree" | "sign_off":
                return {"digest": digest}
            case "approve":
                return {"digest": digest, "approved_as": data.draw(st.sampled_from(ApprovedAs), label="as")}
            case "feed_back":
                return {"record_changes": data.draw(st.booleans(), label="changes")}
            case "file":
                return {"reference": "DOC-1"}
        return {}

    @property
    def allocation(self):
        return self.child.allocations.in_force(self.at).get(role=Role.SOCIAL_WORKER)

    # What happens

    @rule(hours=st.integers(1, 60))
    def time_goes_by(self, hours):
        self.at += timedelta(hours=hours)

    @rule(step=st.sampled_from(STEPS), data=st.data())
    def anybody_tries_anything(self, step, data):
        self.attempt(step, self.person(data), data)

    @rule(data=st.data(), count=st.integers(1, 9))
    def it_goes_on(self, data, count):
        self.the_chain_goes_on(data, count)

    def the_chain_goes_on(self, data, count):
        """Whoever may takes the next step, several times, and sometimes one that turns it: else no run would come far."""
        for _ in range(count):
            discussion = self.discussion
            here = {transition.name: transition for transition in discussion.get_available_state_transitions()}
            to_type = discussion.state in (State.CONVENED, State.SENT_BACK)
            on = [name for name in here if name in LEADS_ON or (name == "record" and to_type)]
            if not here:
                return
            step = data.draw(st.sampled_from([*on, *here, *on, *on]), label="step")
            first = data.draw(st.integers(0, len(self.people) - 1), label="who")
            for person in (*self.people[first:], *self.people[:first]):
                person.__dict__.pop("_appointments_read", None)
                if here[step].permission(discussion, person, self.at):
                    self.attempt(step, person, data)
                    break

    @rule(data=st.data(), role=st.sampled_from([Role.HOS, Role.SERVICE_DIRECTOR, Role.DHOS, Role.TEAM_MANAGER]))
    def somebody_is_promoted(self, data, role):
        where = {"team": self.world.team} if role == Role.TEAM_MANAGER else {"area": self.world.area}
        appointed(self.person(data), role, since=self.at, **({} if role == Role.SERVICE_DIRECTOR else where))

    @rule(data=st.data(), role=st.sampled_from(FOUR))
    def somebody_acts_for_a_day(self, data, role):
        covered = self.world.person(Role(role))
        where = {"area": self.world.area} if role == "dhos" else {"team": self.world.team} if role != "legal" else {}
        until = self.at + timedelta(days=1)
        appointed(self.person(data), Role(role), since=self.at, until=until, acting_for=covered, **where)

    @rule(data=st.data())
    def the_child_is_allocated_anew(self, data):
        worker = data.draw(st.sampled_from([self.world.social_worker, self.world.colleague]), label="worker")
        if self.allocation.starts_at < self.at:
            allocated_to(self.child, worker, since=self.at, by=self.world.team_manager)

    @precondition(lambda self: self.is_live)
    @rule(ends=st.sampled_from([False] * 9 + [True]))
    def the_child_moves_away(self, ends):
        if ends:
            ended(self.placement, on=self.at, by=self.world.team_manager)
            self.is_live = False

    # What holds

    @invariant()
    def signatures_stand_under_the_record_as_it_reads_and_nobody_signs_two_steps(self):
        for discussion in CaseDiscussion.objects.filter(placement=self.placement):
            signatures = list(Signature.objects.filter(version__discussion=discussion))
            roles_of = {}
            for signature in signatures:
                roles_of.setdefault(signature.by_id, set()).add(signature.role)
                assert signature.digest == signature.version.digest
            assert all(len(roles) == 1 for roles in roles_of.values())
            now = {s.role for s in signatures if s.version_id == getattr(discussion.version, "pk", None)}
            assert now >= NEEDED.get(discussion.state, set())
            for version in discussion.versions.all():
                under = [s for s in signatures if s.version_id == version.pk]
                assert len({s.by_id for s in under}) == len({s.role for s in under}) == len(under)
                in_order = [s.role for s in sorted(under, key=lambda s: s.pk)]
                assert not set(in_order[:4]) - {*FOUR}
                assert in_order[4:] == ["hos", "service_director"][: len(in_order[4:])]

    @invariant()
    def what_was_signed_is_kept(self):
        rows = Signature.objects.filter(version__discussion__placement=self.placement)
        now = {row["id"]: row for row in rows.values()}
        assert all(now[pk] == row for pk, row in self.seen.items())
        self.seen = now

    @invariant()
    def events_explain_every_state(self):
        for discussion in CaseDiscussion.objects.filter(placement=self.placement):
            stood = State.TO_CONVENE
            for event in Event.objects.filter(record=label_of(discussion)).order_by("number"):
                assert event.from_state == stood
                stood = event.to_state
            assert stood == discussion.state

    @invariant()
    def the_alarm_is_open_exactly_while_nobody_has_signed_off(self):
        diary.refresh([self.child.case_file_id], at=self.at)
        open_now = Duty.objects.open().filter(case_file=self.child.case_file_id)
        by_kind = {}
        for duty in open_now:
            by_kind.setdefault(duty.kind, []).append(duty)
        is_alarm = self.is_live and not self.overseen
        assert len(by_kind.get("D-00", [])) == is_alarm
        under_way = self.discussion.pk and self.discussion.is_under_way
        assert len(by_kind.get("D-01", [])) == (is_alarm and not self.discussion.pk)
        of_the_chain = sum(len(by_kind.get(kind, [])) for kind in ("D-02", "D-03", "D-04", "D-05"))
        if is_alarm and under_way:
            assert of_the_chain >= 1
        if is_alarm:
            assert all(duty.owner_id for duties in by_kind.values() for duty in duties)

    @invariant()
    def one_chain_runs_at_a_time(self):
        assert CaseDiscussion.objects.running().filter(placement=self.placement).count() <= 1


@pytest.mark.django_db
def test_whatever_people_try(world):
    ChainAtRandom.world = world
    a(Role.LEGAL)
    run_state_machine_as_test(
        ChainAtRandom,
        settings=settings(
            max_examples=12,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.reuse, Phase.generate],  # making a failure smaller outlasts the test's time
        ),
    )
    assert list(faults_in_chains()) == []
