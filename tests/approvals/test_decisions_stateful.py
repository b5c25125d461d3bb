"""Every kind of senior decision driven at random, against a book that is kept beside it (Hypothesis).

Before each attempt the book, which is written from the procedures and knows nothing of the code, says whether that person
may do that now; Hearth has to agree, both ways. So no path signs out of order, twice, by the wrong person or upon changed
content. What goes past the door, the database refuses.
"""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, Phase, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.models import Appointment
from accounts.roles import Role
from approvals.kinds import KINDS
from approvals.models import Decision, DecisionSignature, DecisionVersion
from casework import diary
from casework.events import faults_in_chains, label_of
from casework.models import Duty, Event
from casework.steps import NotYou, Refused, carry_out
from children.models import AgreedCeasing
from placements.models import Authorisation
from tests.approvals.book_of_decisions import (
    DCS,
    DHOS,
    DIRECTOR,
    HOS,
    IN_A_TEAM,
    IN_AN_AREA,
    OFFICER,
    PROCEDURES,
    SW,
    TM,
    Authority,
    Book,
    Office,
)
from tests.approvals.matters import MATTERS
from tests.factories import NOW, a, allocated_to, appointed, restricted_to

STEPS = ("put", "confirm", "decide", "decline", "hand_back", "take_back", "say")
NEXT = {
    "begun": ("put",),
    "handed back": ("put",),
    "checking": ("confirm", "confirm", "hand_back"),
    "deciding": ("decide", "decide", "hand_back", "decline"),
}
STATES = {
    "begun": "prepared",
    "checking": "to_check",
    "deciding": "put",
    "handed back": "handed_back",
    "yes": "granted",
    "no": "declined",
    "taken back": "taken_back",
}


class DecisionAtRandom(RuleBasedStateMachine):
    """One matter, and the people of an authority who try one step after another."""

    world = matter = None

    @initialize(data=st.data(), count=st.integers(0, 4))
    def begin(self, data, count):
        self.savepoint = transaction.savepoint()
        world, matter = self.world, self.matter
        for role in Role:
            fresh(world.person(role))
        self.child = world.a_child(worker=world.social_worker, **matter.child)
        self.about = matter.situation(world, self.child)
        self.keeper = a(TM, team=world.second_team)
        self.authority = Authority(world.team, world.area, NOW, world.social_worker, everybody(world), world.iro)
        self.begin_anew(world.social_worker)
        self.the_matter_goes_on(data, count)

    def teardown(self):
        transaction.savepoint_rollback(self.savepoint)

    @property
    def at(self):
        return self.authority.at

    @property
    def decision(self):
        return Decision.objects.get(pk=self.pk)

    @property
    def versions(self):
        return DecisionVersion.objects.filter(decision=self.pk).order_by("number")

    def begin_anew(self, person):
        self.book = Book(self.matter.kind, self.authority, self.matter.for_director)
        child = type(self.child).objects.get(pk=self.child.pk)
        decision = Decision(kind=self.matter.kind, child=child, **self.about)
        self.pk = carry_out(decision.prepare, by=fresh(person), at=self.at).pk
        self.book.write("prepare", person, {})

    def attempt(self, step, person, data):
        """Try a step. The book has said before what comes of it; a refusal is a sentence, and leaves nothing behind."""
        said, told = self.said(step, data)
        expected, before = self.book.allows(step, person, said), written()
        attempted = f"{step} by {person.username}, {said}: {self.book!r}"
        refused = None
        try:
            carry_out(getattr(self.decision, step), by=fresh(person), at=self.at, because="So.", **told)
        except Refused as why:
            refused = why
        assert expected in (None, refused is None), f"{attempted}: {refused or 'was allowed'}"
        if refused:
            assert self.book.sees(person) or isinstance(refused, NotYou), f"{attempted} learns: {refused}"
            assert all(sentence.endswith(".") for sentence in refused.sentences or ["nothing"])
            assert written() == before
        else:
            self.book.write(step, person, said)

    def said(self, step, data):
        """What is said with a step, as the book takes it and as Hearth does."""
        digests = list(self.versions.values_list("digest", flat=True))
        last = digests[-1:] or [None]
        if step != "put":
            digest = data.draw(st.sampled_from([*last * 4, *digests, "of another record"]), label="read")
            told = {"digest": digest} if step in ("confirm", "decide") else {}
            told |= {"says": "It is right for the child."} if step == "say" else {}
            return {"is_current": digest == last[0]}, told
        said = {
            "text": data.draw(st.sampled_from("ABC"), label="text"),
            "is_complete": data.draw(st.sampled_from([True] * 6 + [False]), label="complete"),
            "said_by": data.draw(st.sampled_from(self.who_might_say_yes()), label="by telephone"),
        }
        digest = data.draw(st.sampled_from([*last * 4, *digests]), label="upon")
        content = self.matter.content(said["text"], is_complete=said["is_complete"])
        by_telephone = {"said_by": said["said_by"], "said_at": self.at} if said["said_by"] else {}
        return {**said, "is_current": digest == last[0]}, {"content": content, "digest": digest, **by_telephone}

    def who_might_say_yes(self):
        senior = (DHOS, HOS, DIRECTOR, DCS, OFFICER)
        return [None] * 8 + [person for role in senior for person in sorted(self.authority.holders(role), key=by_name)]

    # What happens

    @rule(hours=st.integers(1, 9))
    def time_goes_by(self, hours):
        self.authority.at += timedelta(hours=hours)

    @rule(step=st.sampled_from(STEPS), data=st.data())
    def anybody_tries_anything(self, step, data):
        self.attempt(step, self.anybody(data), data)

    @rule(data=st.data(), count=st.integers(1, 4))
    def it_goes_on(self, data, count):
        self.the_matter_goes_on(data, count)

    def the_matter_goes_on(self, data, count):
        """Whoever may takes the next step, several times: else no run would come far."""
        for _ in range(count):
            able = self.book.able
            if able:
                step = data.draw(st.sampled_from(NEXT[self.book.stage]), label="step")
                self.attempt(step, data.draw(st.sampled_from(able), label="who"), data)

    @rule(data=st.data())
    def it_is_written_anew(self, data):
        self.attempt("put", self.authority.allocated, data)

    @precondition(lambda self: self.book.stage in ("no", "taken back"))
    @rule()
    def it_is_put_forward_once_more(self):
        if self.book.may_prepare(self.authority.allocated):
            self.begin_anew(self.authority.allocated)

    @rule(data=st.data(), role=st.sampled_from([TM, DHOS, DIRECTOR, DCS]))
    def somebody_is_promoted(self, data, role):
        self.gives_office(self.anybody(data), role)

    @rule(data=st.data(), role=st.sampled_from([TM, DHOS, DIRECTOR, OFFICER]))
    def somebody_acts_for_a_day(self, data, role):
        person, covered = self.anybody(data), self.world.person(role)
        if person != covered:
            self.gives_office(person, role, until=self.at + timedelta(days=1), acts_for=covered)

    def gives_office(self, person, role, until=None, acts_for=None):
        team = self.world.team if role == TM else None
        area = self.world.area if role == DHOS else None
        appointed(person, role, since=self.at, until=until, acting_for=acts_for, team=team, area=area)
        self.authority.people[person].append(Office(role, team or area, until, acts_for))

    @rule(data=st.data())
    def somebody_leaves_every_office(self, data):
        person = self.anybody(data)
        for office in Appointment.objects.filter(user=person).in_force(self.at).filter(starts_at__lt=self.at):
            Appointment.objects.filter(pk=office.pk).update(ends_at=self.at)
        held = Appointment.objects.filter(user=person, starts_at=self.at)
        kept = [(one.role, one.ends_at) for one in held]
        offices = self.authority.people[person]
        self.authority.people[person] = [each for each in offices if (each.role, each.until) in kept]

    @rule(data=st.data())
    def the_child_is_allocated_anew(self, data):
        worker = data.draw(st.sampled_from([self.world.social_worker, self.world.colleague]), label="worker")
        since = self.child.allocations.in_force(self.at).get(role=SW).starts_at
        if worker != self.authority.allocated and since < self.at:
            allocated_to(self.child, worker, since=self.at, by=self.keeper)
            self.authority.allocated = worker

    @precondition(lambda self: self.authority.named is None)
    @rule(data=st.data(), is_restricted=st.sampled_from([False, False, True]))
    def the_record_is_restricted(self, data, is_restricted):
        if is_restricted:
            named = data.draw(st.sets(st.sampled_from([*self.authority.people]), min_size=3, max_size=9), label="named")
            restricted_to(self.child, *named, since=self.at, by=self.keeper)
            self.authority.named = named

    # Past the door

    @precondition(lambda self: self.book.versions)
    @rule(data=st.data(), act=st.sampled_from(["confirm", "decide"]))
    def somebody_signs_past_the_door(self, data, act):
        """Out of turn, under an earlier version, with another part in it: the database refuses it of itself."""
        person, version = self.anybody(data), data.draw(st.sampled_from([*self.versions]), label="version")
        stage, other = {"confirm": ("checking", "decide"), "decide": ("deciding", "confirm")}[act]
        is_in_turn = self.book.stage == stage and version.number == len(self.book.versions)
        hands = {author for _, author in self.book.versions} | {by for done, by, _ in self.book.signed if done == other}
        if not is_in_turn or person in hands:
            told = {"act": act, "role": DIRECTOR, "by": person, "at": self.at, "digest": version.digest}
            with pytest.raises(DatabaseError), transaction.atomic():
                DecisionSignature.objects.create(version=version, **told)

    @precondition(lambda self: self.book.stage != "yes")
    @rule()
    def somebody_calls_it_decided_past_the_door(self):
        with pytest.raises(DatabaseError), transaction.atomic():
            Decision.objects.filter(pk=self.pk).update(state="granted")

    @precondition(lambda self: self.book.versions)
    @rule()
    def somebody_rewrites_what_was_read_past_the_door(self):
        with pytest.raises(DatabaseError), transaction.atomic():
            self.versions.update(content={"why": "Something else."})

    def anybody(self, data):
        return data.draw(st.sampled_from(list(self.authority.people)), label="who")

    # What holds

    @invariant()
    def hearth_stands_where_the_book_stands(self):
        assert self.decision.state == STATES[self.book.stage]
        assert [version.typed_by for version in self.versions] == [author for _, author in self.book.versions]
        assert all(version.is_intact for version in self.versions)

    @invariant()
    def every_signature_is_one_of_the_book_and_none_is_lost(self):
        found = DecisionSignature.objects.filter(version__decision=self.pk).order_by("pk").select_related("version")
        assert [(signature.act, signature.by, signature.version.number) for signature in found] == self.book.signed
        assert all(signature.digest == signature.version.digest for signature in found)

    @invariant()
    def the_events_tell_the_same_story(self):
        events = Event.objects.filter(record=label_of(self.decision)).order_by("number")
        assert [(event.act, event.by) for event in events] == self.book.log
        assert all(one.to_state == two.from_state for one, two in pairwise(events))

    @invariant()
    def nothing_follows_from_what_nobody_decided(self):
        if self.book.stage != "yes":
            record = label_of(self.decision)
            assert not Authorisation.objects.filter(record=record).exists()
            assert not AgreedCeasing.objects.filter(record=record).exists()

    @invariant()
    def whoever_owes_the_next_step_can_take_it(self):
        diary.refresh([self.child.case_file_id], at=self.at)
        owed = Duty.objects.open().filter(key__contains=f":{label_of(self.decision)}:").exclude(role=Role.IRO)
        assert owed.exists() or self.book.stage in ("begun", "handed back") or not self.book.is_under_way
        if self.book.stage in ("checking", "deciding") and self.book.able:
            assert {duty.owner for duty in owed} <= {*self.book.able}, self.book


def everybody(world):
    """Who takes part, each with the offices that he or she holds."""
    places = dict.fromkeys(IN_A_TEAM, world.team) | dict.fromkeys(IN_AN_AREA, world.area)
    roles = (*places, DIRECTOR, DCS, OFFICER, Role.ASSISTANT_DIRECTOR, Role.IRO, Role.LEGAL, Role.ADMINISTRATOR)
    return {world.person(role): [Office(role, places.get(role))] for role in roles} | {
        world.colleague: [Office(SW, world.team)],
        world.second_teams_manager: [Office(TM, world.second_team)],
        world.elsewhere(DHOS): [Office(DHOS, world.other_area)],
        a(TM, team=world.team): [Office(TM, world.team)],
        a(OFFICER): [Office(OFFICER)],
        a(DIRECTOR): [Office(DIRECTOR)],
    }


def fresh(person):
    """The person, whose offices are read anew."""
    person.__dict__.pop("_appointments_read", None)
    return person


def by_name(person):
    return person.username


def written():
    """How much is on record of what can be signed."""
    return Event.objects.count(), DecisionSignature.objects.count(), DecisionVersion.objects.count()


def test_the_book_knows_every_kind():
    assert set(PROCEDURES) == set(KINDS) == {matter.kind for matter in MATTERS.values()}


@pytest.mark.django_db
@pytest.mark.parametrize("matter", MATTERS)
def test_whatever_people_try(world, matter):
    DecisionAtRandom.world, DecisionAtRandom.matter = world, MATTERS[matter]
    run_state_machine_as_test(
        DecisionAtRandom,
        settings=settings(
            max_examples=3 * settings().max_examples // 100,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.reuse, Phase.generate],  # making a failure smaller outlasts the test's time
        ),
    )
    assert list(faults_in_chains()) == []
