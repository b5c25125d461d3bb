"""The administration pages and the first administrator: people and places, never a child's record."""

import io
import re

import pytest
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
