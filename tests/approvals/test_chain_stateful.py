"""The chain driven at random, over people, steps and changes of office (Hypothesis), against a book kept beside it.

Before each attempt the book, which is written from S0 and knows nothing of the code, says whether that person may do that
now; Hearth has to agree, both ways. And whatever happens: signatures stand under the record as it reads, what is void is
kept, events explain every state, the alarm is open exactly while nobody has signed off, and somebody owes the next step.
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
from casework.steps import NotYou, Refused, carry_out
from tests.approvals.book_of_a_chain import ChainBook
from tests.approvals.book_of_decisions import IN_A_TEAM, IN_AN_AREA, Authority, Office
from tests.factories import NOW, a, allocated_to, appointed, ended, with_unapproved_relative

STEPS = ("convene", "record", "agree", "approve", "send_back", "refuse")
STEPS += ("sign_off", "dissent", "feed_back", "communicate", "file", "withdraw", "note", "know", "renew")
NEXT = {
    "to_convene": ("convene",),
    "convened": ("record", "record", "note"),
    "to_agree": ("agree", "agree", "agree", "agree", "agree", "note", "record", "withdraw"),
    "agreed": ("approve", "approve", "approve", "send_back", "refuse", "record"),
    "approved": ("sign_off", "sign_off", "sign_off", "dissent", "record"),
    "signed_off": ("communicate", "communicate", "renew"),
    "communicated": ("file", "know", "renew"),
    "sent_back": ("record", "record", "know"),
    "dissented": ("feed_back", "feed_back", "withdraw"),
}
INTERIM_DAYS = 28
"""How long an interim approval holds before it is renewed (C-30)."""
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
        for role in Role:
            fresh(world.person(role))
        self.seen, self.overseen_until, self.is_live = {}, None, True
        self.child = world.a_child(worker=world.social_worker)
        self.placement = with_unapproved_relative(self.child)
        self.authority = Authority(world.team, world.area, NOW, world.social_worker, everybody(world))
        self.book = ChainBook(self.authority)
        self.the_chain_goes_on(data, steps)

    def teardown(self):
        transaction.savepoint_rollback(self.savepoint)

    @property
    def at(self):
        return self.authority.at

    @property
    def discussion(self):
        found = CaseDiscussion.objects.filter(placement=self.placement).order_by("-pk").first()
        return found if found and found.state not in ENDED else to_convene(self.placement)

    def anybody(self, data):
        return data.draw(st.sampled_from(list(self.authority.people)), label="who")

    def attempt(self, step, person, data):
        """Try a step. The book has said before what comes of it; a refusal is a sentence, and leaves nothing behind."""
        discussion = self.discussion
        if discussion.pk is None and step != "convene":
            return
        said, told = self.said(step, discussion, data)
        expected, before = self.book.allows(step, person, said), written()
        attempted = f"{step} by {person.username}, {said}: {self.book!r}"
        refused = None
        try:
            carry_out(getattr(discussion, step), by=fresh(person), at=self.at, because="So.", **told)
        except Refused as why:
            refused = why
        assert expected in (None, refused is None), f"{attempted}: {refused or 'was allowed'}"
        if refused:
            assert self.book.sees(person) or isinstance(refused, NotYou), f"{attempted} learns: {refused}"
            assert all(sentence.endswith(".") for sentence in refused.sentences or ["nothing"])
            assert written() == before
            return
        self.book.write(step, person, said)
        self.keep_oversight(step)
        if self.book.is_over:
            self.book = ChainBook(self.authority, is_live=self.is_live)

    def keep_oversight(self, step):
        """Sign-off as permanence has no end; as interim it holds 28 days, and as long again each time it is renewed."""
        if step in ("sign_off", "renew"):
            days = timedelta(days=INTERIM_DAYS if self.book.is_interim else 36500)
            self.overseen_until = self.authority.today + days
        if step == "refuse":
            self.overseen_until = None

    @property
    def is_overseen(self):
        return self.overseen_until is not None and self.authority.today <= self.overseen_until

    def said(self, step, discussion, data):
        """What is said with a step, as the book takes it and as Hearth does."""
        digests = list(discussion.versions.order_by("number").values_list("digest", flat=True)) if discussion.pk else []
        last = digests[-1:] or [None]
        digest = data.draw(st.sampled_from([*last * 4, *digests]), label="read")
        said = {"is_current": digest == last[0]}
        match step:
            case "convene":
                legal = data.draw(st.sampled_from([self.world.legal, self.world.legal, self.world.hos]), label="legal")
                people = {"social_worker": self.authority.allocated, "team_manager": self.world.team_manager}
                people["legal"] = legal
                return {"four": {Role(role): one for role, one in people.items()}}, {**people, "held_at": self.at}
            case "record":
                text = data.draw(st.sampled_from("ABC"), label="text")
                return {**said, "text": text}, {"content": {**CONTENT, "discussion": text}, "digest": digest}
            case "agree" | "sign_off":
                return said, {"digest": digest}
            case "approve":
                approved_as = data.draw(st.sampled_from(ApprovedAs), label="as")
                said["is_interim"] = approved_as == ApprovedAs.INTERIM
                return said, {"digest": digest, "approved_as": approved_as}
            case "feed_back":
                changes = data.draw(st.booleans(), label="changes")
                return {"record_changes": changes}, {"record_changes": changes}
            case "renew":
                content = {"search": "Three agencies were asked again.", "why": "None is near."}
                return said, {"digest": digest, "content": content}
            case "file":
                return said, {"reference": "DOC-1"}
        return said, {}

    # What happens

    @rule(hours=st.integers(1, 60))
    def time_goes_by(self, hours):
        self.authority.at += timedelta(hours=hours)

    @rule(step=st.sampled_from(STEPS), data=st.data())
    def anybody_tries_anything(self, step, data):
        self.attempt(step, self.anybody(data), data)

    @rule(data=st.data(), count=st.integers(1, 9))
    def it_goes_on(self, data, count):
        self.the_chain_goes_on(data, count)

    def the_chain_goes_on(self, data, count):
        """Whoever the book says may takes the next step, several times: else no run would come far."""
        for _ in range(count):
            step = data.draw(st.sampled_from(NEXT[self.book.stage]), label="step")
            able = [person for person in self.authority.people if self.book.may(step, person)]
            if able:
                self.attempt(step, data.draw(st.sampled_from(able), label="who"), data)

    @rule(data=st.data(), role=st.sampled_from([Role.HOS, Role.SERVICE_DIRECTOR, Role.DHOS, Role.TEAM_MANAGER]))
    def somebody_is_promoted(self, data, role):
        self.gives_office(self.anybody(data), role)

    @rule(data=st.data(), role=st.sampled_from(FOUR))
    def somebody_acts_for_a_day(self, data, role):
        person, covered = self.anybody(data), self.world.person(Role(role))
        if person != covered:
            self.gives_office(person, Role(role), until=self.at + timedelta(days=1), acts_for=covered)

    def gives_office(self, person, role, until=None, acts_for=None):
        team = self.world.team if role in IN_A_TEAM else None
        area = self.world.area if role in IN_AN_AREA else None
        appointed(person, role, since=self.at, until=until, acting_for=acts_for, team=team, area=area)
        self.authority.people[person].append(Office(role, team or area, until, acts_for))

    @rule(data=st.data())
    def the_child_is_allocated_anew(self, data):
        worker = data.draw(st.sampled_from([self.world.social_worker, self.world.colleague]), label="worker")
        since = self.child.allocations.in_force(self.at).get(role=Role.SOCIAL_WORKER).starts_at
        if since < self.at:
            allocated_to(self.child, worker, since=self.at, by=self.world.team_manager)
            self.authority.allocated = worker

    @precondition(lambda self: self.is_live)
    @rule(ends=st.sampled_from([False] * 9 + [True]))
    def the_child_moves_away(self, ends):
        if ends:
            ended(self.placement, on=self.at, by=self.world.team_manager)
            self.is_live = self.book.is_live = False

    # What holds

    @invariant()
    def hearth_stands_where_the_book_stands(self):
        discussion = self.discussion
        assert discussion.state == self.book.stage
        if discussion.pk:
            found = Signature.objects.filter(version__discussion=discussion).select_related("version").order_by("pk")
            assert [(s.act, s.role, s.by, s.version.number) for s in found] == self.book.signed
            events = Event.objects.filter(record=label_of(discussion)).order_by("number")
            assert [(event.act, event.by) for event in events] == self.book.log

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
        is_alarm = self.is_live and not self.is_overseen
        assert len(by_kind.get("D-00", [])) == is_alarm
        under_way = self.discussion.pk and self.discussion.is_under_way
        is_to_convene = is_alarm and not self.discussion.pk
        if self.overseen_until is None:
            assert len(by_kind.get("D-01", [])) == is_to_convene
        elif is_to_convene:
            assert by_kind.keys() & {"D-01", "C-30"}, "lapsed: it is renewed, or the case is discussed anew"
        of_the_chain = sum(len(by_kind.get(kind, [])) for kind in ("D-02", "D-03", "D-04", "D-05"))
        if is_alarm and under_way:
            assert of_the_chain >= 1
        if is_alarm:
            assert all(duty.owner_id for duties in by_kind.values() for duty in duties)

    @invariant()
    def one_chain_runs_at_a_time(self):
        assert CaseDiscussion.objects.running().filter(placement=self.placement).count() <= 1


def everybody(world):
    """Who takes part, each with the offices that he or she holds."""
    places = dict.fromkeys(IN_A_TEAM, world.team) | dict.fromkeys(IN_AN_AREA, world.area)
    roles = [Role(role) for role in (*FOUR, "hos", "service_director", "iro", "administrator")]
    return {world.person(role): [Office(role, places.get(role))] for role in roles} | {
        world.colleague: [Office(Role.SOCIAL_WORKER, world.team)],
        world.elsewhere(Role.DHOS): [Office(Role.DHOS, world.other_area)],
        world.elsewhere(Role.HOS): [Office(Role.HOS, world.other_area)],
        a(Role.HOS, area=world.area): [Office(Role.HOS, world.area)],
    }


def fresh(person):
    """The person, whose offices are read anew."""
    person.__dict__.pop("_appointments_read", None)
    return person


def written():
    """How much is on record of what can be signed."""
    return Event.objects.count(), Signature.objects.count()


@pytest.mark.django_db
def test_whatever_people_try(world):
    ChainAtRandom.world = world
    a(Role.LEGAL)
    run_state_machine_as_test(
        ChainAtRandom,
        settings=settings(
            max_examples=12 * settings().max_examples // 100,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.reuse, Phase.generate],  # making a failure smaller outlasts the test's time
        ),
    )
    assert list(faults_in_chains()) == []
