"""The administration pages and the first administrator: people and places, never a child's record."""

import io
import re

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from accounts.models import Appointment, User
from accounts.roles import Role

pytestmark = pytest.mark.django_db


def test_the_first_administrator_can_sign_in_and_holds_only_that_role():
    said = io.StringIO()
    call_command("appoint_administrator", "first", stdout=said)
    password = re.search(r"password is (\S+);", said.getvalue()).group(1)
    assert authenticate(username="first", password=password)
    assert User.objects.get(username="first").roles_at(timezone.now()) == {Role.ADMINISTRATOR}


def test_a_name_that_is_taken_is_refused_with_a_sentence():
    call_command("appoint_administrator", "first", stdout=io.StringIO())
    with pytest.raises(CommandError, match="already"):
        call_command("appoint_administrator", "first")


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_nobody_else_reaches_the_administration_pages(world_today, client, role):
    client.force_login(world_today.person(role))
    assert client.get(reverse("admin:index")).status_code == 302


def test_an_administrator_reaches_people_and_no_child(world_today, client):
    client.force_login(world_today.person(Role.ADMINISTRATOR))
    page = client.get(reverse("admin:index")).content.decode()
    assert "People" in page
    assert "Child" not in page
    assert client.get(reverse("admin:accounts_user_changelist")).status_code == 200


def test_nobody_changes_their_own_appointments(world_today, client):
    administrator = world_today.person(Role.ADMINISTRATOR)
    client.force_login(administrator)
    own = administrator.appointments.get()
    address = reverse("admin:accounts_appointment_change", args=[own.pk])
    assert client.post(address, {"role": Role.SERVICE_DIRECTOR}).status_code == 403
    assert Appointment.objects.get(pk=own.pk).role == Role.ADMINISTRATOR


def test_nothing_is_deleted(world_today, client):
    client.force_login(world_today.person(Role.ADMINISTRATOR))
    somebody = world_today.person(Role.SOCIAL_WORKER)
    assert client.post(reverse("admin:accounts_user_delete", args=[somebody.pk])).status_code == 403


@pytest.fixture
def administrator(world_today, client):
    """Signed in."""
    client.force_login(world_today.person(Role.ADMINISTRATOR))
    return world_today.person(Role.ADMINISTRATOR)


def an_appointment(user, role):
    """What the form of an appointment sends."""
    return {"user": user.pk, "role": role.value, "starts_at_0": "2026-03-01", "starts_at_1": "09:00:00"}


def test_an_administrator_appoints_somebody_else(world_today, client, administrator):
    form = an_appointment(world_today.social_worker, Role.TEAM_MANAGER)
    assert client.post(reverse("admin:accounts_appointment_add"), form).status_code == 302
    assert world_today.social_worker.holds(Role.TEAM_MANAGER, at=timezone.now())


def test_nobody_appoints_themselves(world_today, client, administrator):
    form = an_appointment(administrator, Role.SERVICE_DIRECTOR)
    assert client.post(reverse("admin:accounts_appointment_add"), form).status_code == 200
    assert [a.role for a in Appointment.objects.filter(user=administrator)] == [Role.ADMINISTRATOR]


def test_nobody_takes_over_the_appointment_of_another(world_today, client, administrator):
    theirs = world_today.service_director.appointments.get()
    address = reverse("admin:accounts_appointment_change", args=[theirs.pk])
    assert client.post(address, an_appointment(administrator, Role.SERVICE_DIRECTOR)).status_code == 200
    assert Appointment.objects.get(pk=theirs.pk).user == world_today.service_director


def test_nobody_appoints_themselves_on_their_own_page(world_today, client, administrator):
    rows = {"TOTAL_FORMS": 1, "INITIAL_FORMS": 0, "0-role": Role.DCS.value}
    row = {"0-starts_at_0": "2026-03-01", "0-starts_at_1": "09:00:00"}
    person = {"username": administrator.username, "first_name": "A", "last_name": "B", "is_active": "on"}
    form = person | {f"appointments-{name}": value for name, value in (rows | row).items()}
    client.post(reverse("admin:accounts_user_change", args=[administrator.pk]), form)
    assert [a.role for a in Appointment.objects.filter(user=administrator)] == [Role.ADMINISTRATOR]


def test_the_history_says_who_changed_an_appointment_and_from_where(world_today, client, administrator):
    theirs = world_today.social_worker.appointments.get()
    address = reverse("admin:accounts_appointment_change", args=[theirs.pk])
    form = an_appointment(world_today.social_worker, Role.SOCIAL_WORKER) | {"team": world_today.second_team.pk}
    assert client.post(address, form).status_code == 302
    kept = apps.get_model("accounts", "AppointmentEvent").objects.filter(pgh_obj=theirs).latest("pgh_id")
    assert (kept.pgh_label, kept.team) == ("update", world_today.second_team)
    assert kept.pgh_context == {"user": administrator.pk, "url": address}
