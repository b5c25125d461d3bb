"""Signing in: nobody signs up, guessing is locked out, and a second factor is asked for where it is required."""

import time
from urllib.parse import urlencode

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.roles import GUARDED, Role
from config.settings import base
from tests.factories import PASSWORD as EVERYBODYS_PASSWORD, a

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


@pytest.mark.parametrize("role", sorted(GUARDED))
def test_every_role_that_two_administrators_grant_needs_more_than_a_password(client, settings, db, role):
    settings.HEARTH_SECOND_FACTOR_REQUIRED = True
    client.force_login(a(role))
    assert is_sent_to_set_one_up(client, "/")


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
    assert client.get("/people/").status_code == 302
    assert client.get(reverse("healthy")).content == b"ok"


# The second factor, walked


def code_of(secret, *, ahead=0):
    """What the authenticator shows; `ahead` periods from now, for a code that was not used yet."""
    now = int(time.time()) // 30
    return format_hotp_value(hotp_value(secret, now + ahead))


def test_a_head_of_service_sets_up_a_second_factor_and_is_asked_for_it_from_then_on(client, head_of_service):
    sign_in = {"login": head_of_service.username, "password": EVERYBODYS_PASSWORD}
    client.post(reverse("account_login"), sign_in)
    assert is_sent_to_set_one_up(client, "/")

    set_up = reverse("mfa_activate_totp")
    assert client.get(set_up).headers["Location"].startswith(reverse("account_reauthenticate"))
    again = client.post(f"{reverse('account_reauthenticate')}?next={set_up}", {"password": EVERYBODYS_PASSWORD})
    assert again.headers["Location"] == set_up
    client.get(set_up)
    secret = client.session["mfa.totp.secret"]
    assert client.post(set_up, {"code": "000000"}).status_code == 200
    assert client.post(set_up, {"code": code_of(secret)}).status_code == 302
    assert not is_sent_to_set_one_up(client, "/")

    client.post(reverse("account_logout"))
    asked = client.post(reverse("account_login"), sign_in)
    assert asked.headers["Location"] == reverse("mfa_authenticate")
    assert client.get("/").headers["Location"].startswith(reverse("account_login")), "the password alone opens nothing"
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret, ahead=1)})
    assert client.get("/").status_code == 200


def test_after_five_wrong_codes_even_the_right_one_waits(client, head_of_service, settings):
    """Whoever has found out a password has not found out the code."""
    settings.ACCOUNT_RATE_LIMITS = base.ACCOUNT_RATE_LIMITS
    cache.clear()
    secret = generate_totp_secret()
    TOTP.activate(head_of_service, secret)
    try_to_sign_in(client, head_of_service.username, EVERYBODYS_PASSWORD)
    for _ in range(5):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert client.get("/").headers["Location"].startswith(reverse("account_login"))
    cache.clear()
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert client.get("/").status_code == 200


def test_nobody_is_locked_out_by_wrong_passwords_from_elsewhere(client, person, settings):
    settings.AXES_ENABLED, settings.ACCOUNT_RATE_LIMITS = True, base.ACCOUNT_RATE_LIMITS
    cache.clear()
    for _ in range(7):
        Client(REMOTE_ADDR="10.9.9.9").post(reverse("account_login"), {"login": "sam", "password": "wrong"})
    assert try_to_sign_in(client, "sam", PASSWORD).status_code == 302


# A browser that was left open


def test_signing_in_takes_a_new_session(client, person, settings):
    """Whoever laid a session into the browser beforehand does not share it afterwards."""
    laid = client.session
    laid["by"] = "a stranger"
    laid.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = laid.session_key
    try_to_sign_in(client, "sam", PASSWORD)
    assert client.session.session_key != laid.session_key
    stranger = Client()
    stranger.cookies[settings.SESSION_COOKIE_NAME] = laid.session_key
    assert stranger.get("/").status_code == 302


@pytest.mark.parametrize(
    "next_", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "http:evil.example"]
)
def test_signing_in_leads_to_no_other_site(client, person, next_):
    for name in ("account_login", "account_reauthenticate", "account_logout"):
        form = {"login": "sam", "password": PASSWORD, "next": next_}
        answer = client.post(f"{reverse(name)}?{urlencode({'next': next_})}", form)
        assert answer.headers["Location"] in ("/", reverse("account_login")), name


def test_a_request_under_another_name_of_this_machine_is_refused(client, person, settings):
    assert client.get(reverse("account_login"), headers={"host": "evil.example"}).status_code == 400
    answer = client.post(
        reverse("account_reset_password"), {"email": "sam@example.org"}, headers={"host": "evil.example"}
    )
    assert answer.status_code == 400
    assert not mail.outbox


def test_a_form_from_another_site_is_refused(person):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person)
    for address in (reverse("children:search"), reverse("casework:save_draft"), reverse("account_logout")):
        assert strict.post(address, {"q": "x"}).status_code == 403


def test_guessing_the_password_for_a_signature_is_locked_out_too(client, person, settings):
    settings.AXES_ENABLED = True
    try_to_sign_in(client, "sam", PASSWORD)
    again = f"{reverse('account_reauthenticate')}?next=/"
    answers = [client.post(again, {"password": "wrong"}).status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    assert client.post(again, {"password": PASSWORD}).status_code == 429


def test_whoever_sends_more_than_people_can_is_told_to_wait(client, person, settings):
    settings.ACCOUNT_RATE_LIMITS = {"reauthenticate": "2/m/user"}
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    again = f"{reverse('account_reauthenticate')}?next=/"
    answers = [client.post(again, {"password": PASSWORD}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert "Wait a minute, go back, and send it again" in answers[-1].content.decode()
