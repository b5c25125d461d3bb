"""The forms of signing in, in the product's words: the library's own questions, with our labels, hints and refusals.

LABELS and HINTS are by the name of the question, wherever it is asked.
"""

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn

from casework.forms import Speaking

LABELS = {
    "email": "Mail address",
    "oldpassword": "Current password",
    "password1": "New password",
    "password2": "New password again",
    "passwordless": "It signs me in on its own, without a password",
}
HINTS = {
    "password1": "At least 12 characters. Three words that do not belong together are good.",
    "name": "By which you know it again.",
    "passwordless": "It then asks for its number, your finger or your face.",
}


class Worded(Speaking):
    """Says what is missing in the words of the label."""

    def _say_in_their_words(self):
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.help_text = HINTS.get(name, field.help_text)
        super()._say_in_their_words()


class LoginForm(Worded, account.LoginForm):
    """Who signs in."""


class ReauthenticateForm(Worded, account.ReauthenticateForm):
    """The password once more."""


class ChangePasswordForm(Worded, account.ChangePasswordForm):
    """Another password, with the present one."""


class SetPasswordForm(Worded, account.SetPasswordForm):
    """A first password beside the directory."""


class ResetPasswordForm(Worded, account.ResetPasswordForm):
    """Where the link is sent."""


class ResetPasswordKeyForm(Worded, account.ResetPasswordKeyForm):
    """A new password, from the link."""


class CodeForm(Worded, mfa.AuthenticateForm):
    """The second factor at sign-in."""


class CodeAgainForm(Worded, mfa.ReauthenticateForm):
    """The second factor once more."""


class ActivateForm(Worded, totp.ActivateTOTPForm):
    """The first number of an authenticator app."""


class AddKeyForm(Worded, webauthn.AddWebAuthnForm):
    """A security key or passkey."""
