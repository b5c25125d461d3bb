"""Somebody leaves: appointments end, sessions end, the work that is left behind is told as a number; and may come back."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Decision, GrantRequest, User
from accounts.roles import Role
from casework import bell, diary, watch
from casework.models import Duty, OutgoingMail
from casework.people import acts
from tests.accounts.administering import second_administrator
from tests.factories import NOW, a, a_person, appointed, days_before, with_relative_of_unknown_approval

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(world, signed_in):
    return signed_in(world.administrator)


def leave(client, send, person):
    return send(client, reverse("people:person_leave", args=[person.pk]), because="A new post elsewhere.")


def test_leaving_ends_what_runs_calls_off_what_lies_ahead_and_leaves_what_is_over(client, send):
    person = a_person("sam-field")
    appointed(person, Role.IRO, until=days_before(5))
    appointed(person, Role.LADO)
    appointed(person, Role.HEALTH, until=NOW + timedelta(days=9))
    appointed(person, Role.AUDITOR, since=NOW + timedelta(days=3))
    leave(client, send, person)
    ends = dict(person.appointments.values_list("role", "ends_at"))
    ahead = person.appointments.get(role=Role.AUDITOR)
    assert ends == {
        Role.IRO: days_before(5),
        Role.LADO: NOW,
        Role.HEALTH: NOW,
        Role.AUDITOR: ahead.starts_at,
    }
    assert not User.objects.get(pk=person.pk).is_active


def test_sessions_end_at_once(client, send, signed_in, world):
    theirs = signed_in(world.social_worker)
    assert theirs.get("/").status_code == 200
    leave(client, send, world.social_worker)
    assert theirs.get("/")["Location"].startswith(reverse("account_login"))


@pytest.fixture
def alarmed(world):
    """A duty of the team manager, who is alone in that."""
    with_relative_of_unknown_approval(world.own_child, since=NOW)
    diary.refresh([world.own_child.case_file_id], at=NOW)
    return Duty.objects.open().get(case_file=world.own_child.case_file_id, kind="D-08")


@pytest.fixture
def rung(monkeypatch):
    """What workers are asked for."""
    tasks = []
    monkeypatch.setattr(bell, "ring", lambda task, *numbers: tasks.append((task, *numbers)))
    return tasks


def a_worker_comes(rung, at):
    """Does what somebody rang for, and what that rings for."""
    assert ("casework.tasks.hand_over",) in rung
    watch.hand_over(at)
    for first, last in [numbers for task, *numbers in rung if task == "casework.tasks.look_at_stretch"]:
        watch.look_at_stretch(first, last, at=at)


@pytest.mark.parametrize("goes", ["leaves", "loses the role"])
def test_what_somebody_owed_falls_to_others_at_once(world, alarmed, rung, django_capture_on_commit_callbacks, goes):
    manager = alarmed.owner
    with django_capture_on_commit_callbacks(execute=True):
        why = {"by": world.administrator, "at": NOW, "because": "A new post."}
        if goes == "leaves":
            acts.leave(manager, **why)
        else:
            acts.end(manager.appointments.get(), ends_at=NOW, **why)
    a_worker_comes(rung, NOW)
    alarmed.refresh_from_db()
    assert alarmed.owner != manager
    assert alarmed.stands_in


def test_whoever_is_appointed_owes_at_once_what_nobody_held(world, alarmed, rung, django_capture_on_commit_callbacks):
    post = alarmed.owner.appointments.get()
    acts.leave(alarmed.owner, by=world.administrator, at=NOW, because="A new post.")
    next_one = a_person("next")
    told = {"role": post.role, "team": post.team, "starts_at": NOW, "because": "The post is free."}
    wanted = GrantRequest(kind=GrantRequest.Kind.APPOINTMENT, person=next_one, **told)
    acts.ask(wanted, by=world.administrator, at=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        acts.decide(wanted, Decision.CONFIRMED, by=second_administrator(), at=NOW)
    a_worker_comes(rung, NOW)
    alarmed.refresh_from_db()
    assert (alarmed.owner, alarmed.stands_in) == (next_one, "")


def test_the_page_says_that_children_are_left_behind_and_who_hands_them_over_and_names_none(client, send, world):
    answer = leave(client, send, world.social_worker)
    page = " ".join(client.get(answer["Location"]).content.decode().split())
    assert "1 child allocated. To be handed over by the team manager: Team Manager (Alder team)" in page
    for child in world.children:
        assert child.surname not in page


def test_where_no_manager_is_left_the_page_says_so(client, send, world):
    world.team_manager.appointments.update(ends_at=days_before(1))
    page = client.get(leave(client, send, world.social_worker)["Location"]).content.decode()
    assert "nobody holds that role now" in page


def test_leaving_needs_a_reason_and_happens_once(client, send):
    person = a_person("sam-field")
    address = reverse("people:person_leave", args=[person.pk])
    assert send(client, address, because="").status_code == 422
    leave(client, send, person)
    assert "has left already" in leave(client, send, person).content.decode()
    assert client.get(address).status_code == 409


def test_who_comes_back_signs_in_by_a_new_link_and_holds_nothing(client, send, world):
    person = world.hos
    User.objects.filter(pk=person.pk).update(email="hos@example.org")
    leave(client, send, person)
    send(client, reverse("people:person_return", args=[person.pk]), because="Back from the other post.")
    person = User.objects.get(pk=person.pk)
    assert person.is_active
    assert person.roles_at(NOW) == frozenset()
    assert OutgoingMail.objects.get(to=person).subject == "Hearth: choose your password"


def test_who_would_come_back_into_a_guarded_role_needs_a_second_administrator(world):
    person = world.hos
    User.objects.filter(pk=person.pk).update(is_active=False)
    request = GrantRequest(kind=GrantRequest.Kind.RETURN, person=person, because="Closed by mistake.")
    assert acts.ask(request, by=world.administrator, at=NOW) is False
    assert not User.objects.get(pk=person.pk).is_active
    acts.decide(request, Decision.CONFIRMED, by=second_administrator(), at=NOW)
    assert User.objects.get(pk=person.pk).is_active


def test_whoever_is_here_is_not_brought_back(client):
    assert client.get(reverse("people:person_return", args=[a(Role.IRO).pk])).status_code == 409


def test_the_page_says_what_somebody_else_will_have_to_do(client, world):
    with_relative_of_unknown_approval(world.own_child, since=days_before(12))
    diary.refresh([world.own_child.case_file_id], at=NOW)
    page = client.get(reverse("people:person_leave", args=[world.social_worker.pk])).content.decode()
    assert "1 child allocated" in page
    assert "to do" in page
