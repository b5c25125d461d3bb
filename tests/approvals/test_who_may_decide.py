"""Who may take which step of every other senior decision (C-33): roles, relations to the matter, and near misses.

`MAY` is read row by row, for a child of the first team: who prepares, who checks, who decides, and nobody else of the
whole authority. Then the same person stands in one relation after another to the matter, for every kind.
"""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import Error, transaction

from accounts.models import Appointment
from accounts.roles import Role
from approvals.kinds import KINDS
from approvals.models import Decision
from approvals.states import DecisionState
from casework.models import Event
from casework.steps import NotYou, Refused, carry_out, steps_of
from children import access
from children.permissions import may_see
from tests.approvals.matters import MATTERS
from tests.factories import NOW, a, a_person, allocated_to, appointed, days_before, restricted_to

WORKER, WRITERS = {"social-worker"}, {"social-worker", "team-manager"}
ON_CALL = {*WRITERS, "service-manager", "dhos"}
MAY = {
    "unregistered setting": (ON_CALL, "team-manager", "service-director"),
    "secure accommodation": (ON_CALL, "team-manager", "service-director"),
    "contact": (WRITERS, "team-manager", "dhos"),
    "viability": (WORKER, None, "team-manager"),
    "temporary approval": (WRITERS, "team-manager", "decision-maker"),
    "extension": (WRITERS, "team-manager", "decision-maker"),
    "extension for a review": (WRITERS, "team-manager", "decision-maker"),
    "with a parent": (WRITERS, "team-manager", "decision-maker"),
    "with a parent at once": (WRITERS, "team-manager", "decision-maker"),
    "next to our area": (WRITERS, "team-manager", "decision-maker"),
    "at a distance": (WRITERS, "team-manager", "dcs"),
    "end of care": (WRITERS, "team-manager", "decision-maker"),
    "end of care at 16": (WRITERS, "team-manager", "dcs"),
}
"""By matter: who prepares it, who checks, who decides; each by user name."""
OF_EVERY_DECIDER = ("unregistered setting", "contact", "viability", "with a parent", "end of care at 16")
"""One matter for each who decides: relations are asked of these; the steps of every kind are the same."""
CHECKED = [name for name in OF_EVERY_DECIDER if MAY[name][1]]


class Story:
    """One matter about a child of the first team, and where it stands."""

    def __init__(self, world, name, *, by=None):
        self.world, self.matter = world, MATTERS[name]
        _, self.checks, self.decides = MAY[name]
        self.child = world.a_child(worker=world.social_worker, **self.matter.child)
        about = self.matter.situation(world, self.child)
        decision = Decision(kind=self.matter.kind, child=type(self.child).objects.get(pk=self.child.pk), **about)
        self.pk = carry_out(decision.prepare, by=by or world.social_worker, at=NOW).pk

    @property
    def decision(self):
        return Decision.objects.get(pk=self.pk)

    @property
    def checker(self):
        return self.named(self.checks)

    @property
    def decider(self):
        return self.named(self.decides)

    def named(self, username):
        return self.world.person(Role(username.replace("-", "_")))

    def take(self, step, by, text="as it is"):
        digest = self.decision.version.digest if self.decision.version else None
        said = {
            "put": {"content": self.matter.content(text), "digest": digest},
            "confirm": {"digest": digest},
            "decide": {"digest": digest},
        }.get(step, {})
        carry_out(getattr(self.decision, step), by=by, at=NOW, because="Because it is so.", **said)
        return self

    def to_check(self, by=None):
        return self.take("put", by or self.world.social_worker)

    def to_decide(self, by=None, checked_by=None):
        self.to_check(by)
        return self.take("confirm", checked_by or self.checker) if self.checks else self

    def may(self, step, person, at=NOW):
        person.__dict__.pop("_appointments_read", None)
        person.__dict__.pop("_has_in_scope", None)
        return next(each.allowed for each in steps_of(self.decision, by=person, at=at) if each.name == step)


@pytest.fixture
def story(world):
    """`story(name)` begins a matter."""
    return lambda name, **told: Story(world, name, **told)


def everybody(world):
    """Every person of the authority: each role here and in the other area, colleagues, another team, and nobody's role."""
    here = [world.person(role) for role in Role]
    west = [world.elsewhere(role) for role in (*world._elsewhere,)]
    noise = [world.colleague, world.second_teams_worker, world.second_teams_manager, a_person("without-a-role")]
    return [*here, *west, *noise]


def in_office(world, person, role, **told):
    """The person, who holds a role where the child is as well."""
    where = {"team": world.team} if role == Role.TEAM_MANAGER else {"area": world.area} if role == Role.DHOS else {}
    return appointed(person, role, **{**where, **told})


def role_of(username):
    return Role(username.replace("-", "_"))


# The table


def test_every_kind_has_a_row():
    assert {MATTERS[name].kind for name in MAY} == set(KINDS)
    assert MAY.keys() == MATTERS.keys()


@pytest.mark.parametrize("name", MAY)
def test_each_step_is_open_to_these_people_and_to_nobody_else(world, story, name):
    prepares, checks, decides = MAY[name]
    told = story(name)
    people = everybody(world)

    def who(*steps):
        """Who may take each of these steps, all of which wait for the same people."""
        decision, may = told.decision, {step: set() for step in steps}
        for person in people:
            for step in steps_of(decision, by=person, at=NOW):
                if step.allowed and step.name in may:
                    may[step.name].add(person.username)
        assert all(found == may[steps[0]] for found in may.values()), may
        return may[steps[0]]

    assert who("put", "take_back") == prepares
    told.to_check()
    if checks:
        assert who("confirm", "hand_back") == {checks}
        told.take("confirm", told.checker)
    assert who("decide", "decline", "hand_back") == {decides}
    told.take("hand_back", told.decider)
    assert who("put") == prepares - {checks, decides}, "whoever read it does not write it"


# Two parts of one decision


@pytest.mark.parametrize("name", CHECKED)
def test_who_began_it_or_wrote_it_neither_checks_nor_decides_it_in_any_other_role(world, story, name):
    told = story(name).to_check()
    author = in_office(world, world.social_worker, role_of(told.checks))
    in_office(world, author, role_of(told.decides))
    assert not told.may("confirm", author)
    assert not told.may("hand_back", author)
    told.take("confirm", told.checker)
    assert not told.may("decide", author)
    assert not told.may("decline", author)
    assert not told.may("hand_back", author)


@pytest.mark.parametrize("name", CHECKED)
def test_who_began_it_and_let_somebody_else_write_it_is_its_author_too(world, story, name):
    manager = world.team_manager
    told = story(name, by=manager).to_check(by=world.social_worker)
    assert not told.may("confirm", manager)
    told.take("confirm", a(Role.TEAM_MANAGER, team=world.team))
    assert not told.may("decide", in_office(world, manager, role_of(told.decides)))


@pytest.mark.parametrize("name", CHECKED)
def test_who_checked_it_does_not_decide_it_after_promotion(world, story, name):
    told = story(name).to_decide()
    promoted = in_office(world, world.team_manager, role_of(told.decides))
    assert not told.may("decide", promoted)
    with pytest.raises(NotYou, match="with no other part in it"):
        told.take("decide", promoted)


@pytest.mark.parametrize("name", CHECKED)
def test_nor_does_who_handed_it_back_unchecked(world, story, name):
    told = story(name).to_check().take("hand_back", world.team_manager)
    told.take("put", world.social_worker, "otherwise").take("confirm", a(Role.TEAM_MANAGER, team=world.team))
    assert not told.may("decide", in_office(world, world.team_manager, role_of(told.decides)))


@pytest.mark.parametrize("name", CHECKED)
def test_who_handed_it_back_as_decider_checks_no_later_version_and_writes_none(world, story, name):
    told = story(name).to_decide().take("hand_back", decider := world.person(role_of(MAY[name][2])))
    in_office(world, decider, Role.TEAM_MANAGER)
    assert not told.may("put", decider)
    told.take("put", world.social_worker, "otherwise")
    assert not told.may("confirm", decider)
    told.take("confirm", world.team_manager)
    assert told.may("decide", decider), "it is still for the same person to decide"


@pytest.mark.parametrize("name", CHECKED)
def test_who_acts_for_the_checker_checks_and_is_out_of_the_decision(world, story, name):
    told = story(name).to_check()
    acting = in_office(world, a_person("acting"), Role.TEAM_MANAGER, since=NOW, acting_for=world.team_manager)
    told.take("confirm", acting)
    in_office(world, acting, role_of(told.decides), since=NOW, acting_for=told.decider)
    assert not told.may("decide", acting)
    assert told.may("decide", told.decider)


@pytest.mark.parametrize("name", OF_EVERY_DECIDER)
def test_the_author_who_covers_whoever_decides_does_not_decide(world, story, name):
    told = story(name).to_decide()
    covers = in_office(world, world.social_worker, role_of(told.decides), since=NOW, acting_for=told.decider)
    assert not told.may("decide", covers)


# Relations to the matter


@pytest.mark.parametrize("name", OF_EVERY_DECIDER)
def test_who_acts_for_whoever_decides_does_so_until_the_last_day(world, story, name):
    told = story(name).to_decide()
    until = NOW + timedelta(days=2)
    about = {"since": days_before(3), "until": until, "acting_for": told.decider}
    acting = in_office(world, a_person("acting"), role_of(told.decides), **about)
    assert told.may("decide", acting)
    assert not told.may("decide", acting, at=until)


@pytest.mark.parametrize("name", OF_EVERY_DECIDER)
def test_who_held_the_role_until_yesterday_decides_nothing(world, story, name):
    told = story(name).to_decide()
    former = in_office(world, a_person("former"), role_of(told.decides), until=days_before(1))
    Appointment.objects.filter(user=told.decider, role=role_of(told.decides)).update(ends_at=NOW)
    assert not told.may("decide", former)
    assert not told.may("decide", told.decider)
    assert told.may("decide", in_office(world, a_person("successor"), role_of(told.decides), since=NOW)) is not (
        told.decides == "decision-maker"
    ), "it was put to those who held the role then; an officer appointed since is not invited"


@pytest.mark.parametrize("name", OF_EVERY_DECIDER)
def test_the_childs_own_worker_does_not_decide_and_last_months_does(world, story, name):
    told = story(name).to_decide()
    decider = told.decider
    allocated_to(told.child, decider, since=days_before(30))
    appointed(decider, Role.SOCIAL_WORKER, team=world.team)
    assert not told.may("decide", decider)
    allocated_to(told.child, world.social_worker, since=NOW)
    assert told.may("decide", decider)


@pytest.mark.parametrize("name", [name for name in MAY if MAY[name][2] in ("team-manager", "dhos")])
def test_the_same_role_of_another_team_or_area_decides_nothing_even_of_a_child_one_sees(world, story, name):
    told = story(name).to_decide()
    west = world.elsewhere(role_of(told.decides))
    appointed(west, Role.SOCIAL_WORKER, team=world.team)
    assert may_see(told.child, west, NOW)
    assert not told.may("decide", west)


@pytest.mark.parametrize("name", OF_EVERY_DECIDER)
def test_to_manage_the_author_or_the_decider_is_no_right(world, story, name):
    told = story(name).to_decide()
    Appointment.objects.filter(user__in=[world.social_worker, told.decider]).update(line_manager=world.service_manager)
    assert not told.may("decide", world.service_manager)


@pytest.mark.parametrize("name", OF_EVERY_DECIDER)
def test_of_a_restricted_child_only_those_named_check_and_decide(world, story, name):
    """Nobody inherits the sight of whoever he or she acts for, and break-glass is for reading."""
    told = story(name).to_decide()
    about = {"since": days_before(1), "acting_for": told.decider}
    acting = in_office(world, a_person("acting"), role_of(told.decides), **about)
    restricted_to(told.child, world.social_worker, told.decider, since=NOW, by=world.service_manager)
    assert told.may("decide", told.decider)
    assert not told.may("decide", acting)
    access.breaking_glass(acting.pk, told.child.pk, at=NOW, until=NOW + timedelta(hours=1), because="To see.").save()
    assert not told.may("decide", acting)


@pytest.mark.parametrize("name", OF_EVERY_DECIDER)
def test_somebody_who_left_the_authority_decides_nothing(world, story, name):
    told = story(name).to_decide()
    told.decider.is_active = False
    told.decider.save()
    assert not told.may("decide", told.decider)


# Once it is decided


@pytest.mark.parametrize("name", OF_EVERY_DECIDER)
def test_what_is_decided_is_not_written_checked_or_decided_again_by_anybody(world, story, name):
    told = story(name).to_decide()
    told.take("decide", told.decider)
    assert told.decision.state == DecisionState.GRANTED
    author, checker = world.social_worker, world.team_manager
    tried = [("put", author), ("take_back", author), ("confirm", checker)]
    for step, person in [*tried, *((step, told.decider) for step in ("decide", "decline", "hand_back"))]:
        with pytest.raises(Refused):
            told.take(step, person)


# Past the door: what web's own login cannot write


def sign_past_the_door(told, act, person, role):
    """A check or a decision written by plain SQL."""
    version = told.decision.version
    with transaction.atomic():
        return version.signatures.create(act=act, role=role, by=person, at=NOW, digest=version.digest)


@pytest.mark.parametrize("name", OF_EVERY_DECIDER)
def test_the_database_refuses_whoever_began_it_or_does_not_hold_the_role(world, story, name):
    told = story(name, by=world.team_manager if MAY[name][1] else world.social_worker)
    told.to_decide(by=world.social_worker, checked_by=a(Role.TEAM_MANAGER, team=world.team))
    role = role_of(told.decides)
    began = Event.objects.filter(act="prepare").latest("pk").by
    with pytest.raises(Error, match=r"two parts in one decision|nobody checks or decides what they wrote"):
        sign_past_the_door(told, "decide", in_office(world, began, role), role)
    with pytest.raises(Error, match="in a role that he or she holds"):
        sign_past_the_door(told, "decide", world.iro, role)
    with pytest.raises(Error, match="in the role to which it was put"):
        sign_past_the_door(told, "decide", world.hos, Role.HOS)


@pytest.mark.parametrize("name", CHECKED)
def test_the_database_refuses_a_decision_that_nobody_checked(world, story, name):
    told = story(name)
    about = {"number": 1, "content": told.matter.content(), "typed_by": world.social_worker, "typed_at": NOW}
    told.decision.versions.create(**about)
    Decision.objects.filter(pk=told.pk).update(state=DecisionState.PUT)
    with pytest.raises(Error, match="it is checked first"):
        sign_past_the_door(told, "decide", told.decider, role_of(told.decides))


def test_the_database_refuses_who_handed_it_back_in_another_part(world, story):
    told = story("contact").to_check().take("hand_back", world.team_manager)
    told.take("put", world.social_worker, "otherwise").take("confirm", a(Role.TEAM_MANAGER, team=world.team))
    with pytest.raises(Error, match="two parts in one decision"):
        sign_past_the_door(told, "decide", in_office(world, world.team_manager, Role.DHOS), Role.DHOS)


def test_no_page_of_an_admin_site_writes_what_goes_up():
    """There is no admin site: `manage.py` has no command that takes a step, and every other way is the door."""
    assert not apps.is_installed("django.contrib.admin")


def test_who_comes_to_the_office_later_decides_on_what_was_put_before(world):
    story = Story(world, "with a parent").to_decide()
    successor = appointed(a_person("New Officer"), Role.DECISION_MAKER, since=NOW + timedelta(minutes=1))
    later = NOW + timedelta(minutes=2)
    assert may_see(story.child, successor, later)
    carry_out(story.decision.decide, by=successor, at=later, digest=story.decision.version.digest)
    assert story.decision.state == DecisionState.GRANTED
    assert not may_see(story.child, successor, later + timedelta(minutes=1)), "what is decided is out of sight again"


def test_who_comes_to_the_office_sees_nothing_to_which_a_predecessor_was_invited_in_another_role(world):
    access.invite(world.legal, world.own_child, at=days_before(9), until=None, because="A case discussion")
    appointed(world.legal, Role.DECISION_MAKER, since=days_before(3))
    successor = appointed(a_person("New Officer"), Role.DECISION_MAKER, since=NOW - timedelta(minutes=1))
    assert not may_see(world.own_child, successor, NOW)
