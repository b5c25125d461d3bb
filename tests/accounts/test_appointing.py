"""Appointments: given where the role makes sense, from a day until a day, held longer, ended, called off (C-33, C-46)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from accounts.models import GrantRequest, ServiceArea, Team
from accounts.roles import Role
from tests.factories import NOW, a, a_person, appointed, days_before

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 9)


@pytest.fixture
def client(signed_in):
    return signed_in(a(Role.ADMINISTRATOR, name="administrator"))


@pytest.fixture
def area(db):
    return ServiceArea.objects.create(name="East")


@pytest.fixture
def team(area):
    return Team.objects.create(name="Alder team", area=area)


@pytest.fixture
def person(db):
    return a_person("sam-field")


def appoint(client, send, person, **typed):
    answers = {"role": Role.IRO, "where": "authority", "from_on": TODAY, "because": "She joins the service."}
    return send(client, reverse("people:person_appoint", args=[person.pk]), **{**answers, **typed})


def test_a_role_that_signs_nothing_is_held_at_once(client, send, person):
    answer = appoint(client, send, person)
    assert answer["Location"] == reverse("people:person", args=[person.pk])
    held = person.appointments.get()
    assert (held.role, held.starts_at, held.ends_at, held.grant) == (Role.IRO, NOW, None, None)
    assert "The appointment is recorded." in client.get(answer["Location"]).content.decode()


def test_a_last_day_is_included_by_the_local_clock(client, send, person):
    appoint(client, send, person, from_on=date(2026, 3, 20), until_on=date(2026, 3, 31))
    held = person.appointments.get()
    assert held.starts_at == datetime(2026, 3, 20, tzinfo=UTC)
    assert held.ends_at == datetime(2026, 3, 31, 23, tzinfo=UTC), "the clocks went forward on the 29th"


@pytest.mark.parametrize(
    ("role", "where", "says"),
    [
        (Role.PERSONAL_ADVISER, "authority", "Personal adviser is a role in a team, not in the whole authority."),
        (Role.SERVICE_MANAGER, "team", "Service manager is a role in a service area, not in a team."),
        (Role.IRO, "area", "Independent reviewing officer is a role in the whole authority, not in a service area."),
    ],
)
def test_a_role_is_given_only_where_it_makes_sense(client, send, person, area, team, role, where, says):
    place = {"team": f"team:{team.pk}", "area": f"area:{area.pk}"}.get(where, where)
    answer = appoint(client, send, person, role=role, where=place)
    assert (answer.status_code, says in answer.content.decode()) == (422, True)
    assert not person.appointments.exists()


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"from_on": TODAY - timedelta(days=1)}, "nobody is appointed for the past"),
        ({"until_on": TODAY - timedelta(days=1)}, "Last day must not be before the first"),
        ({"because": ""}, "Answer “Why?”"),
        ({"role": "king"}, "Select one of the answers listed"),
        ({"where": "team:0"}, "Select one of the answers listed"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(client, send, person, typed, says):
    answer = appoint(client, send, person, **typed)
    assert (answer.status_code, says in answer.content.decode()) == (422, True)
    assert not person.appointments.exists()


@pytest.mark.parametrize(
    ("since", "until", "again"),
    [
        (days_before(9), None, False),
        (days_before(9), NOW + timedelta(days=5), False),
        (NOW + timedelta(days=5), None, False),
        (days_before(9), NOW, True),
        (NOW + timedelta(days=5), NOW + timedelta(days=5), True),
    ],
    ids=["holds", "holds for some days", "is to hold", "held until now", "was called off"],
)
def test_nobody_holds_one_role_twice_so_that_it_ends_when_it_is_ended(client, send, person, since, until, again):
    appointed(person, Role.IRO, since=since, until=until)
    answer = appoint(client, send, person, role=Role.IRO, where="authority")
    assert (answer.status_code == 302) is again
    assert person.appointments.count() == (2 if again else 1)
    if not again:
        assert "holds this from" in answer.content.decode()


def test_an_acting_appointment_ends(client, send, person):
    covered = a(Role.LADO)
    answer = appoint(client, send, person, role=Role.LADO, acting_for=covered.pk)
    assert "Enter the last day: an acting appointment ends" in answer.content.decode()
    appoint(client, send, person, role=Role.LADO, acting_for=covered.pk, until_on=TODAY)
    held = person.appointments.get()
    assert (held.acting_for, held.ends_at) == (covered, datetime(2026, 3, 10, tzinfo=UTC))


def test_a_closed_team_is_not_offered(client, send, person, team):
    team.closed_at = NOW
    team.save()
    answer = appoint(client, send, person, role=Role.PERSONAL_ADVISER, where=f"team:{team.pk}")
    assert answer.status_code == 422


def test_somebody_who_left_is_not_appointed(client, send, person):
    person.is_active = False
    person.save()
    answer = appoint(client, send, person)
    assert "has left. Open the sign-in again first." in answer.content.decode()
    assert client.get(reverse("people:person_appoint", args=[person.pk])).status_code == 409


def end(client, send, appointment, **typed):
    answers = {"when": "now", "because": "The service was reorganised."}
    return send(client, reverse("people:appointment_end", args=[appointment.pk]), **{**answers, **typed})


def test_one_administrator_ends_any_appointment_and_the_session_goes_with_it(client, send, signed_in):
    director = a(Role.DCS)
    theirs = signed_in(director)
    assert theirs.get("/").status_code == 200
    end(client, send, director.appointments.get())
    assert director.appointments.get().ends_at == NOW
    assert theirs.get("/").status_code == 302


def test_an_appointment_ends_after_a_day_that_lies_ahead(client, send):
    held = a(Role.DCS).appointments.get()
    assert end(client, send, held, when="later", last_on=TODAY - timedelta(days=1)).status_code == 422
    end(client, send, held, when="later", last_on=TODAY + timedelta(days=1))
    held.refresh_from_db()
    assert held.ends_at == datetime(2026, 3, 11, tzinfo=UTC)


def test_an_end_is_not_moved_later_by_ending(client, send, person):
    appointed(person, Role.DCS, until=NOW + timedelta(days=1))
    answer = end(client, send, person.appointments.get(), when="later", last_on=TODAY + timedelta(days=9))
    assert "It ends by then already." in answer.content.decode()


def test_what_has_not_begun_is_called_off(client, send, person):
    appointed(person, Role.IRO, since=NOW + timedelta(days=3))
    end(client, send, person.appointments.get())
    held = person.appointments.get()
    assert held.ends_at == held.starts_at
    assert not person.holds(Role.IRO, at=held.starts_at)
    page = client.get(reverse("people:person", args=[person.pk])).content.decode()
    assert "called off before it began" in page


def test_what_is_over_is_not_ended_again(client, send, person):
    appointed(person, Role.IRO, until=days_before(1))
    over = person.appointments.get()
    assert client.get(reverse("people:appointment_end", args=[over.pk])).status_code == 409
    assert "It ends by then already." in end(client, send, over).content.decode()


def test_what_is_held_longer_is_an_appointment_that_begins_when_the_first_ends(client, send, person):
    ends = datetime(2026, 3, 20, tzinfo=UTC)
    appointed(person, Role.IRO, until=ends, line_manager=a(Role.ASSISTANT_DIRECTOR))
    first = person.appointments.get()
    address = reverse("people:appointment_longer", args=[first.pk])
    assert send(client, address, until_on=date(2026, 3, 19), because="Still needed.").status_code == 422
    send(client, address, until_on=date(2026, 6, 30), because="Still needed.")
    _, second = person.appointments.order_by("starts_at")
    assert (second.starts_at, second.ends_at) == (ends, datetime(2026, 6, 30, 23, tzinfo=UTC))
    assert (second.role, second.line_manager) == (first.role, first.line_manager)
    assert person.holds(Role.IRO, at=ends)


def test_a_role_that_signs_is_held_longer_only_as_confirmed(client, send, person):
    appointed(person, Role.DCS, until=NOW + timedelta(days=4))
    address = reverse("people:appointment_longer", args=[person.appointments.get().pk])
    answer = send(client, address, because="Still needed.")
    assert "once another administrator has confirmed it" in client.get(answer["Location"]).content.decode()
    assert (person.appointments.count(), GrantRequest.objects.get().ends_at) == (1, None)


def test_an_appointment_without_an_end_is_not_held_longer(client, person):
    appointed(person, Role.IRO)
    address = reverse("people:appointment_longer", args=[person.appointments.get().pk])
    assert client.get(address).status_code == 409


def test_the_line_manager_changes(client, send, person):
    appointed(person, Role.IRO)
    manager = a(Role.ASSISTANT_DIRECTOR)
    address = reverse("people:appointment_line-manager", args=[person.appointments.get().pk])
    send(client, address, line_manager=manager.pk, because="She left.")
    assert person.appointments.get().line_manager == manager
    send(client, address, line_manager="", because="He left.")
    assert person.appointments.get().line_manager is None
