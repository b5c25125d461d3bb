"""Signing in speaks as the rest of Hearth does: what is missing is named, and mails about a change are plain."""

from datetime import UTC, datetime

import pytest
from allauth.account.models import EmailAddress
from django.template.loader import render_to_string
from django.urls import reverse

from tests.factories import PASSWORD, a_person

pytestmark = pytest.mark.django_db
CHOSEN = "river-lantern-plough"
NOTIFICATIONS = [
    *(f"account/email/{change}" for change in ("password_changed", "password_reset", "password_set")),
    *(f"mfa/email/{change}" for change in ("totp_activated", "totp_deactivated", "recovery_codes_generated")),
    *(f"mfa/email/{change}" for change in ("webauthn_added", "webauthn_removed")),
]
"""What the library tells somebody by mail about the own sign-in."""


@pytest.fixture
def person(db):
    someone = a_person("noor")
    someone.email = "noor@example.org"
    someone.save()
    EmailAddress.objects.create(user=someone, email=someone.email, primary=True, verified=True)
    return someone


def test_what_is_missing_is_named(person, client):
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.post(reverse("account_change_password"), {}).content.decode()
    for missing in ("Enter the current password", "Enter the new password", "Enter the new password again"):
        assert f">{missing}</a>" in page
    assert "field is required" not in page


def test_whoever_changes_the_password_is_told_in_plain_words(person, client, mailoutbox):
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    typed = {"oldpassword": PASSWORD, "password1": CHOSEN, "password2": CHOSEN}
    assert client.post(reverse("account_change_password"), typed).status_code == 302
    (mail,) = mailoutbox
    assert mail.subject == "Hearth: your password was changed"
    assert mail.body.startswith("The password of your account in Hearth was changed.")
    assert "tell the administrators of Hearth at once" in mail.body


@pytest.mark.parametrize("prefix", NOTIFICATIONS)
def test_every_mail_about_the_own_sign_in_is_in_our_words(prefix):
    context = {"timestamp": datetime(2026, 3, 9, 10, tzinfo=UTC), "ip": "192.0.2.1", "user_agent": "A browser"}
    body = render_to_string(f"{prefix}_message.txt", context)
    assert "in Hearth" in body
    assert "9 March 2026 at 10:00" in body
    assert "Thank you for using" not in body
    assert render_to_string(f"{prefix}_subject.txt", context)[0].islower()
