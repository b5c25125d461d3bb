"""Signing in: nobody signs up, guessing is locked out, and a second factor is asked for where it is required."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth import get_user_model
from django.urls import reverse

from accounts.roles import Role
from tests.factories import a

PASSWORD = "a long enough password"


@pytest.fixture
def person(db):
    return get_user_model().objects.create_user("sam", password=PASSWORD)


def try_to_sign_in(client, username, password):
    return client.post(reverse("account_login"), {"login": username, "password": password})


def test_the_right_password_signs_in(client, person):
    assert try_to_sign_in(client, "sam", PASSWORD).status_code == 302


@pytest.mark.parametrize("spellings", [["sam"] * 6, ["sam", "SAM", "Sam", "sAm", "saM", "sam"]])
def test_after_five_wrong_passwords_even_the_right_one_waits(client, person, settings, spellings):
    settings.AXES_ENABLED = True
    answers = [try_to_sign_in(client, spelling, "wrong").status_code for spelling in spellings]
    assert answers == [200, 200, 200, 200, 429, 429]
    locked = try_to_sign_in(client, "sam", PASSWORD)
    assert locked.status_code == 429
    assert "15 minutes" in locked.content.decode()


def test_somebody_else_is_not_locked_out(client, person, settings):
    settings.AXES_ENABLED = True
    for _ in range(6):
        try_to_sign_in(client, "alex", "wrong")
    assert try_to_sign_in(client, "sam", PASSWORD).status_code == 302


@pytest.mark.django_db
def test_nobody_signs_up(client):
    stranger = {"username": "stranger", "password1": PASSWORD, "password2": PASSWORD}
    client.post(reverse("account_signup"), stranger)
    assert not get_user_model().objects.filter(username="stranger").exists()


@pytest.fixture
def head_of_service(db, settings):
    settings.HEARTH_SECOND_FACTOR_REQUIRED = True
    return a(Role.HOS)


def is_sent_to_set_one_up(client, address):
    return client.get(address).headers.get("Location") == reverse("mfa_activate_totp")


def test_somebody_who_signs_records_needs_more_than_a_password(client, head_of_service):
    client.force_login(head_of_service)
    assert is_sent_to_set_one_up(client, "/")
    assert not is_sent_to_set_one_up(client, reverse("mfa_activate_totp"))
    assert not is_sent_to_set_one_up(client, reverse("healthy"))


def test_somebody_with_a_second_factor_goes_on(client, head_of_service):
    TOTP.activate(head_of_service, generate_totp_secret())
    client.force_login(head_of_service)
    assert not is_sent_to_set_one_up(client, "/")


def test_somebody_who_signs_nothing_goes_on(client, person, settings):
    settings.HEARTH_SECOND_FACTOR_REQUIRED = True
    client.force_login(person)
    assert not is_sent_to_set_one_up(client, "/")


@pytest.mark.django_db
def test_every_page_asks_to_sign_in_unless_it_says_otherwise(client):
    assert client.get("/admin/").status_code == 302
    assert client.get(reverse("healthy")).content == b"ok"
