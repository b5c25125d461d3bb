"""Somebody new: added without a password, told by mail, who then chooses one by the link and signs in."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from casework.models import OutgoingMail
from config.logs import without_query
from tests.factories import a, a_person

pytestmark = pytest.mark.django_db
NEW = {
    "first_name": "Noor",
    "last_name": "Hart",
    "username": "noor.hart",
    "email": "noor@example.org",
    "directory_name": "",
}
CHOSEN = "three words that do not belong"


@pytest.fixture
def client(signed_in):
    return signed_in(a(Role.ADMINISTRATOR, name="administrator"))


def add(client, send, **typed):
    return send(client, reverse("people:add"), **{**NEW, **typed})


def link_in(mail):
    return re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", mail.body).group(1)


def choose_password(link, password=CHOSEN):
    browser = Client()
    form = browser.get(link, follow=True)
    typed = {"password1": password, "password2": password}
    return browser, browser.post(form.redirect_chain[-1][0] if form.redirect_chain else link, typed)


def test_somebody_is_added_without_a_password_and_gets_a_link(client, send):
    answer = add(client, send)
    person = User.objects.get(username="noor.hart")
    assert answer["Location"] == reverse("people:person", args=[person.pk])
    assert (person.name, person.email, person.has_usable_password()) == ("Noor Hart", "noor@example.org", False)
    mail = OutgoingMail.objects.get()
    assert mail.to == person
    assert "Your user name is: noor.hart" in mail.body


def test_the_form_has_no_box_for_a_password(client):
    assert 'type="password"' not in client.get(reverse("people:add")).content.decode()


def test_the_link_chooses_a_password_once(client, send):
    add(client, send)
    link = link_in(OutgoingMail.objects.get())
    browser, answer = choose_password(link)
    assert answer["Location"] == reverse("account_reset_password_from_key_done")
    signed_in = browser.post(reverse("account_login"), {"login": "noor.hart", "password": CHOSEN})
    assert signed_in["Location"] == "/"
    assert "This link no longer works" in Client().get(link, follow=True).content.decode()


def test_a_form_that_is_sent_twice_adds_one_person_and_sends_one_mail(client, send):
    key = "5d7e1a34-5c0e-4f3a-8a8e-0d7d3f6c5b11"
    first, second = (send(client, reverse("people:add"), key=key, **NEW) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert (User.objects.filter(username="noor.hart").count(), OutgoingMail.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"username": "TAKEN"}, "Somebody has this user name already"),
        ({"email": "Taken@Example.org"}, "Somebody else has this mail address"),
        ({"directory_name": "taken"}, "Somebody else has this name in the directory"),
        ({"username": "two words"}, "valid username"),
        ({"email": ""}, "Enter the mail address"),
        ({"last_name": ""}, "Enter the last name"),
    ],
)
def test_what_is_taken_or_missing_is_said_and_nothing_is_lost(client, send, typed, says):
    taken = a_person("taken")
    User.objects.filter(pk=taken.pk).update(email="taken@example.org", directory_name="taken")
    answer = add(client, send, **typed)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert "Noor" in answer.content.decode()
    assert not OutgoingMail.objects.exists()


def test_a_new_link_goes_to_the_address_on_record_and_the_last_one_stays_good(client, send):
    add(client, send)
    person = User.objects.get(username="noor.hart")
    send(client, reverse("people:person_link", args=[person.pk]))
    assert [mail.to for mail in OutgoingMail.objects.all()] == [person, person]
    _, answer = choose_password(link_in(OutgoingMail.objects.last()))
    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("traits", "says"), [({"email": ""}, "no mail address on record"), ({"is_active": False}, "has left")]
)
def test_no_link_is_sent_to_nowhere_nor_to_somebody_who_left(client, send, traits, says):
    person = a_person("sam-field")
    User.objects.filter(pk=person.pk).update(**{"email": "sam@example.org", **traits})
    answer = send(client, reverse("people:person_link", args=[person.pk]))
    assert says in answer.content.decode()
    assert not OutgoingMail.objects.exists()


def test_a_forgotten_password_goes_the_same_way_and_never_to_an_address_of_before(db):
    person = a_person("sam-field")
    User.objects.filter(pk=person.pk).update(email="sam@example.org")
    person.emailaddress_set.create(email="before@example.org", verified=True, primary=True)
    for address in ("before@example.org", "nobody@example.org", "sam@example.org"):
        Client().post(reverse("account_reset_password"), {"email": address})
    assert [mail.to for mail in OutgoingMail.objects.all()] == [person]


def test_where_everybody_signs_in_by_the_directory_the_mail_holds_no_link(client, send, settings):
    settings.HEARTH_PASSWORDS = False
    add(client, send)
    mail = OutgoingMail.objects.get()
    assert "password" not in mail.body
    assert "council account" in mail.body


def test_a_link_does_not_stand_in_the_logs(client, send):
    add(client, send)
    link = link_in(OutgoingMail.objects.get())
    logged = without_query(None, "info", {"request": f"GET {link}"})["request"]
    assert logged == "GET /accounts/password/reset/key/.../"
