"""Signing in by the authority's directory: the whole way, with a directory that answers, and with one that lies."""

import runpy
import time
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings as true_settings
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from config import environment
from config.environment import Told
from tests.config import directory_server
from tests.factories import a

OUT = reverse("openid_connect_login", args=["authority"])


@pytest.fixture
def directory():
    with directory_server.running() as running:
        yield running


@pytest.fixture
def here(directory, settings, monkeypatch):
    """This installation, told of the directory by its settings."""
    told = {
        "SECRET_KEY": "x",
        "EVENT_KEY": "x",
        "DATABASE_URL": "postgres://x/x",
        "REDIS_URL": "redis://x",
        "EMAIL_URL": "smtp://x",
        "ALLOWED_HOSTS": "testserver",
        "SINGLE_SIGN_ON_SERVER": directory.address,
        "SINGLE_SIGN_ON_CLIENT": directory_server.CLIENT,
        "SINGLE_SIGN_ON_SECRET": directory_server.SECRET,
        "SINGLE_SIGN_ON_NAME": "Merrowshire account",
    }
    with monkeypatch.context() as only_here:
        only_here.setattr(environment.env, "ENVIRON", Told(told))
        base = runpy.run_path(str(true_settings.BASE_DIR / "config/settings/base.py"))
    settings.SOCIALACCOUNT_PROVIDERS = base["SOCIALACCOUNT_PROVIDERS"]


@pytest.fixture
def person(db):
    found = a(Role.SOCIAL_WORKER, name="sam")
    User.objects.filter(pk=found.pk).update(email="sam@example.gov.uk", directory_name="p-1")
    return found


def goes_out(client):
    """Where the browser is sent, and what it carries."""
    sent = client.post(OUT)
    assert sent.status_code == 302
    return sent.headers["Location"]


def comes_back(client, **changed):
    """The answer to the browser that comes back from the directory, perhaps with something changed on the way."""
    back = requests.get(goes_out(client), allow_redirects=False, timeout=5).headers["Location"]
    said = {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}
    return client.get(urlsplit(back).path, said | changed)


def is_in(client):
    return client.get("/").status_code == 200


def test_the_sign_in_page_offers_the_directory_by_its_name(client, here, db):
    assert "Sign in with Merrowshire account" in client.get(reverse("account_login")).content.decode()


def test_a_known_person_comes_in(client, here, person):
    assert comes_back(client).headers["Location"] == "/"
    assert is_in(client)
    assert client.get("/").wsgi_request.user == person
    assert not SocialAccount.objects.exists() or SocialAccount.objects.get().user == person


def test_every_sign_in_has_a_state_a_nonce_and_a_challenge_of_its_own(client, here, person):
    asked = [parse_qs(urlsplit(goes_out(client)).query) for _ in range(2)]
    for name in ("state", "nonce", "code_challenge"):
        assert asked[0][name] != asked[1][name]
        assert len(asked[0][name][0]) >= 16


def test_an_unknown_person_is_refused_in_a_sentence_and_nobody_is_made(client, here, person, directory):
    directory.person = {"sub": "p-2", "email": "alex@example.gov.uk", "email_verified": True}
    answer = comes_back(client)
    assert answer.status_code == 403
    assert "no administrator has added you here" in answer.content.decode()
    assert User.objects.count() == 1
    assert not is_in(client)


def test_a_person_who_has_left_is_refused(client, here, person):
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert comes_back(client).status_code in {302, 403}
    assert not is_in(client)


def test_whoever_signs_records_needs_no_second_factor_of_ours(client, here, db, settings):
    settings.HEARTH_SECOND_FACTOR_REQUIRED = True
    head_of_service = a(Role.HOS)
    User.objects.filter(pk=head_of_service.pk).update(directory_name="p-1")
    comes_back(client)
    assert client.get("/").headers.get("Location") is None


def test_what_only_the_signed_token_says_can_be_the_name_in_the_directory(client, here, person, directory, settings):
    """As the object identifier of Entra ID, which its user info does not hold."""
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["uid_field"] = "oid"
    directory.person = {"sub": "other"}
    directory.lies = {"oid": "p-1"}
    comes_back(client)
    assert is_in(client)


# A directory, or somebody on the way, that lies


def somebody_elses_key():
    return rsa.generate_private_key(65537, 2048)


def long_ago():
    return int(time.time()) - 3600


LIES = {
    "the token was made for another application": {"aud": "another"},
    "the token is of another directory": {"iss": "https://elsewhere.example"},
    "the token has expired": {"exp": long_ago()},
    "the token never expires": {"exp": None},
    "the token is not valid yet": {"nbf": int(time.time()) + 3600},
    "the token belongs to another sign-in": {"nonce": "of another"},
    "the token belongs to no sign-in": {"nonce": None},
    "the token names nobody": {"sub": None},
    "the token names somebody else than the user info": {"sub": "p-9"},
}


def refused(client, answer):
    said = answer.content.decode()
    return answer.status_code in {401, 403} and "Signing in did not work" in said and not is_in(client)


@pytest.mark.parametrize("lies", LIES.values(), ids=LIES)
def test_a_token_that_lies_lets_nobody_in(client, here, person, directory, lies):
    directory.lies = lies
    assert refused(client, comes_back(client))


def test_a_token_signed_by_somebody_else_lets_nobody_in(client, here, person, directory):
    directory.signs_with = somebody_elses_key()
    assert refused(client, comes_back(client))


@pytest.mark.parametrize(("algorithm", "key"), [("none", None), ("HS256", directory_server.SECRET * 3)])
def test_a_token_that_anybody_could_have_signed_lets_nobody_in(client, here, person, directory, algorithm, key):
    directory.algorithm, directory.signs_with = algorithm, key
    assert refused(client, comes_back(client))


def test_a_state_of_another_browser_lets_nobody_in(client, here, person):
    of_another = parse_qs(urlsplit(goes_out(Client())).query)["state"][0]
    assert refused(client, comes_back(client, state=of_another))


def test_a_state_that_was_made_up_lets_nobody_in(client, here, person):
    assert refused(client, comes_back(client, state="made-up"))


def test_a_code_of_another_sign_in_lets_nobody_in(client, here, person):
    """Its challenge was made from what another browser keeps."""
    back = requests.get(goes_out(Client()), allow_redirects=False, timeout=5).headers["Location"]
    stolen = parse_qs(urlsplit(back).query)["code"][0]
    assert refused(client, comes_back(client, code=stolen))


def test_a_code_works_once(client, here, person):
    back = requests.get(goes_out(client), allow_redirects=False, timeout=5).headers["Location"]
    assert client.get(back).status_code == 302
    again = Client()
    assert refused(again, again.get(back))


def test_a_directory_that_is_down_is_said_in_a_sentence(client, here, person, settings):
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = "http://127.0.0.1:1"
    answer = client.post(OUT)
    assert answer.status_code < 500
    assert "Signing in did not work" in answer.content.decode()
