"""The secrets of second factors lie encrypted in the database: a copy of its tables opens no account.

The key comes from SECRET_KEY. Whoever changes that keeps the old one among SECRET_KEY_FALLBACKS, so that what was
encrypted with it can still be read, until `manage.py renew_second_factors` has encrypted everything anew.
"""

import base64
import hashlib
import hmac

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings

ENCRYPTED = "encrypted:"
PURPOSE = b"hearth second factors"


class EncryptedSecrets(DefaultMFAAdapter):
    """Writes every secret encrypted, and still reads those that were written before."""

    def encrypt(self, text):
        """As it is kept."""
        return ENCRYPTED + _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        """As it is used."""
        if not encrypted_text.startswith(ENCRYPTED):
            return encrypted_text
        return _keys().decrypt(encrypted_text.removeprefix(ENCRYPTED).encode()).decode()

    def generate_authenticator_name(self, user, type):  # noqa: A002 - the library's word
        """What a security key is called until somebody renames it."""
        return "Security key"


SECRETS = ("secret", "seed")
"""What is secret of a second factor: of an authenticator app, of recovery codes."""


def renewed(data):
    """The same second factor, encrypted with the present key."""
    adapter = EncryptedSecrets()
    return data | {name: adapter.encrypt(adapter.decrypt(data[name])) for name in SECRETS if name in data}


def _keys():
    return MultiFernet([Fernet(_key(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret):
    return base64.urlsafe_b64encode(hmac.digest(secret.encode(), PURPOSE, hashlib.sha256))
