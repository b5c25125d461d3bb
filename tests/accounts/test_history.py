"""The history of people and places in sentences: who changed what, from what to what, when and why."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Decision, GrantRequest, Team, User
from accounts.roles import Role
from casework.people import acts, history
from casework.wording import said_day
from tests.accounts.administering import second_administrator
from tests.factories import a, a_person, appointed

pytestmark = pytest.mark.django_db


@pytest.fixture
def jo(db):
    return a(Role.ADMINISTRATOR, name="jo-admin")


@pytest.fixture
def person(db):
    return a_person("sam-field")


def told_of(person):
    """The sentences, the newest first, without the day with which each begins."""
    begins = f"On {said_day(timezone.localdate())} "
    told = history.of_person(User.objects.get(pk=person.pk))
    assert all(one.says.startswith(begins) for one in told)
    return [(one.says.removeprefix(begins), one.because) for one in told]


def test_another_mail_address_is_told_with_the_one_before_and_why(jo, person, client):
    now = timezone.now()
    for email in ("before@example.org", "after@example.org"):
        wanted = GrantRequest(kind=GrantRequest.Kind.SIGN_IN, person=person, email=email, because="She asked me.")
        acts.ask(wanted, by=jo, at=now)
    assert told_of(person) == [
        ("Jo Admin changed the mail address from before@example.org to after@example.org.", "She asked me."),
        ("Jo Admin recorded the mail address before@example.org.", "She asked me."),
        ("somebody at the server’s command line added Sam Field, to sign in as sam-field with no mail address.", ""),
    ]


def test_names_leaving_and_coming_back_are_told(jo, person):
    now = timezone.now()
    acts.rename(person, first_name="Samira", last_name="Field", by=jo, at=now)
    acts.leave(person, by=jo, at=now, because="A new post.")
    wanted = GrantRequest(kind=GrantRequest.Kind.RETURN, person=person, because="It was a mistake.")
    acts.ask(wanted, by=jo, at=timezone.now())
    assert told_of(person)[:3] == [
        ("Jo Admin opened the sign-in again.", "It was a mistake."),
        ("Jo Admin closed the sign-in, because of leaving.", "A new post."),
        ("Jo Admin changed the name from Sam Field to Samira Field.", ""),
    ]


def test_an_appointment_its_line_manager_and_its_end_are_told(jo, person):
    manager = a_person("lee-boss")
    appointed(person, Role.IRO, since=timezone.now())
    held = person.appointments.get()
    acts.change_line_manager(held, manager=manager, by=jo, at=timezone.now(), because="")
    now = timezone.now()
    acts.end(held, ends_at=now, by=jo, at=now, because="Moved on.")
    ended, managed, made, _ = told_of(person)
    post = "Independent reviewing officer, the whole authority"
    assert ended[0].startswith(f"Jo Admin set the end of the appointment as {post} to ")
    assert ended[1] == "Moved on."
    assert managed[0] == f"Jo Admin made Lee Boss the line manager in the appointment as {post}."
    assert made[0].startswith(f"somebody at the server’s command line recorded the appointment as {post}, from ")


def test_what_was_asked_and_decided_is_told_with_both_administrators(jo, person):
    wanted = GrantRequest(
        kind=GrantRequest.Kind.APPOINTMENT,
        person=person,
        role=Role.DCS,
        starts_at=timezone.now(),
        because="She starts.",
    )
    acts.ask(wanted, by=jo, at=timezone.now())
    acts.decide(wanted, Decision.CONFIRMED, by=second_administrator(), at=timezone.now())
    said = " ".join(says for says, _ in told_of(person))
    assert "Jo Admin asked for this person to be appointed Director of Children’s Services, the whole authority" in said
    assert "Administrator 2 confirmed that this person is to be appointed Director of Children’s Services" in said
    assert "Administrator 2 recorded the appointment as Director of Children’s Services" in said


def test_a_page_tells_the_history_with_who_did_it(jo, person, client, send):
    client.force_login(jo, backend="allauth.account.auth_backends.AuthenticationBackend")
    send(client, reverse("people:person_name", args=[person.pk]), first_name="Samira", last_name="Field")
    page = client.get(reverse("people:history", args=[person.pk])).content.decode()
    assert "Jo Admin changed the name from Sam Field to Samira Field." in page


def test_the_history_of_a_team_is_told(jo, world_today):
    team, now = world_today.team, timezone.now()
    team.name, team.area = "Ash team", world_today.other_area
    acts.keep_place(team, by=jo, at=now, because="Reorganised.")
    acts.close(team, closed_at=now, by=jo, at=now, because="Too small.")
    acts.open_again(team, by=jo, at=now, because="Needed.")
    told = [one.says.partition("Jo Admin ")[2] for one in history.of_place(Team.objects.get(pk=team.pk))]
    assert told[0] == "opened Ash team again."
    assert told[1].startswith("closed Ash team from ")
    assert set(told[2:4]) == {
        "changed the name from Alder team to Ash team.",
        "moved Ash team from East of the river to West of the river.",
    }
