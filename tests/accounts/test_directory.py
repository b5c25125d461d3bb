"""Who the council's directory says somebody is: recognised by what stands on the person's page, each time anew."""

from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from config.sign_in import person_of
from tests.factories import PASSWORD, a, a_person

pytestmark = pytest.mark.django_db


def known_as(uid="unknown", *addresses):
    """What the directory says: a name, and addresses each with whether it vouches for it."""
    emails = [SimpleNamespace(email=email, verified=verified) for email, verified in addresses]
    return SimpleNamespace(account=SimpleNamespace(uid=uid), email_addresses=emails)


def on_record(name, **traits):
    person = a_person(name)
    User.objects.filter(pk=person.pk).update(**traits)
    return person


def test_the_name_in_the_directory_on_the_persons_page_decides():
    sam = on_record("sam", directory_name="7f3a", email="sam@example.org")
    on_record("alex", email="other@example.org")
    assert person_of(known_as("7f3a", ("other@example.org", True))) == sam
    assert person_of(known_as("7F3A")) is None


def test_without_a_name_on_record_a_vouched_mail_address_decides():
    sam = on_record("sam", email="Sam@example.org")
    assert person_of(known_as("7f3a", ("sam@EXAMPLE.org", True))) == sam


def test_an_address_for_which_the_directory_does_not_vouch_opens_nothing():
    on_record("sam", email="sam@example.org")
    assert person_of(known_as("7f3a", ("sam@example.org", False))) is None


def test_an_address_opens_nothing_where_another_name_is_on_record():
    on_record("sam", email="sam@example.org", directory_name="7f3a")
    assert person_of(known_as("stranger", ("sam@example.org", True))) is None


def test_an_address_of_two_people_or_of_somebody_who_left_opens_nothing():
    for name in ("sam", "sam-again"):
        on_record(name, email="sam@example.org")
    on_record("gone", email="gone@example.org", is_active=False)
    on_record("nobodys")
    assert person_of(known_as("x", ("sam@example.org", True))) is None
    assert person_of(known_as("x", ("gone@example.org", True))) is None
    assert person_of(known_as("x", ("", True))) is None
    assert person_of(known_as("", ("", True))) is None


def test_where_everybody_signs_in_by_the_directory_no_password_opens_anything(settings):
    a(Role.IRO, name="sam")
    settings.HEARTH_PASSWORDS = False
    client = Client()
    page = client.get(reverse("account_login")).content.decode()
    assert 'name="password"' not in page
    client.post(reverse("account_login"), {"login": "sam", "password": PASSWORD})
    assert client.get("/").status_code == 302


def test_nobody_gives_themselves_another_address_for_links(client):
    person = on_record("sam", email="sam@example.org")
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    form = {"action_add": "", "email": "thief@example.org"}
    answer = client.post(reverse("account_email"), form)
    assert "To change it, ask the administrators" in answer.content.decode()
    assert not person.emailaddress_set.exists()
    assert User.objects.get(pk=person.pk).email == "sam@example.org"
