"""What is counted against guessing is counted by all web processes together, and by each alone while the broker is down."""

import json
from io import StringIO

import pytest
import redis
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.management import call_command

from accounts.roles import Role
from config import shared_cache
from config.second_factor import ENCRYPTED, EncryptedSecrets
from config.shared_cache import SharedCache
from tests.factories import a


@pytest.fixture
def a_process(broker, monkeypatch):
    """`a_process()` is the cache of another web process."""
    monkeypatch.setattr(shared_cache.quiet, "until", 0.0)
    yield lambda: SharedCache(broker, {"KEY_PREFIX": "tried"})
    SharedCache(broker, {"KEY_PREFIX": "tried"}).clear()


def test_what_one_process_counts_another_sees(a_process):
    one, other = a_process(), a_process()
    one.set("guesses", [1.5, 2.5], 60)
    assert other.get("guesses") == [1.5, 2.5]
    assert one.add("code", True, 60)
    assert not other.add("code", True, 60)
    one.set("count", 1)
    assert other.incr("count") == 2
    other.delete("guesses")
    assert one.get("guesses", []) == []


def test_it_lies_in_the_broker_as_text_that_runs_nothing(a_process, broker):
    a_process().set("guesses", [1.5])
    with redis.Redis.from_url(broker) as raw:
        assert json.loads(raw.get("tried:1:guesses")) == [1.5]


def test_while_the_broker_is_down_each_process_counts_by_itself(monkeypatch):
    monkeypatch.setattr(shared_cache.quiet, "until", 0.0)
    alone = SharedCache("redis://127.0.0.1:1/0", {})
    alone.set("guesses", [1.5])
    assert alone.get("guesses") == [1.5]
    assert not alone.add("guesses", [])
    alone.clear()
    assert alone.get("guesses") is None


# Second factors at rest


@pytest.fixture
def person(db):
    return a(Role.HOS)


def kept(person, kind):
    return Authenticator.objects.get(user=person, type=kind).data


def test_the_secrets_of_second_factors_lie_encrypted(person):
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    RecoveryCodes.activate(person)
    assert kept(person, "totp")["secret"].startswith(ENCRYPTED)
    assert secret not in json.dumps(kept(person, "totp"))
    assert kept(person, "recovery_codes")["seed"].startswith(ENCRYPTED)


def test_an_encrypted_secret_works(person):
    from tests.config.test_sign_in import code_of

    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    authenticator = Authenticator.objects.get(user=person, type="totp")
    assert TOTP(authenticator).validate_code(code_of(secret))


def test_a_secret_from_before_is_still_read():
    assert EncryptedSecrets().decrypt("JBSWY3DPEHPK3PXP") == "JBSWY3DPEHPK3PXP"


def test_a_secret_stays_readable_when_the_key_is_changed(settings):
    before = EncryptedSecrets().encrypt("JBSWY3DPEHPK3PXP")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"
    assert EncryptedSecrets().decrypt(before) == "JBSWY3DPEHPK3PXP"


def test_once_second_factors_are_renewed_the_key_of_before_can_go(person, settings):
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(person)
    codes = RecoveryCodes(Authenticator.objects.get(user=person, type="recovery_codes")).get_unused_codes()
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"
    call_command("renew_second_factors", stdout=(said := StringIO()))
    assert said.getvalue() == "2 second factors are encrypted with the present key.\n"
    settings.SECRET_KEY_FALLBACKS = []
    assert EncryptedSecrets().decrypt(kept(person, "totp")["secret"]) == "JBSWY3DPEHPK3PXP"
    assert RecoveryCodes(Authenticator.objects.get(user=person, type="recovery_codes")).get_unused_codes() == codes
