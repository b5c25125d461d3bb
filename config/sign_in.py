"""Signing in: no sign-up, a lock after failed attempts, and a second factor where it is required."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.shortcuts import redirect, render

from accounts.roles import SIGNING, Role

METHODS_STRONG_ENOUGH = {"mfa", "socialaccount"}  # the authority's directory asks for its own second factor
WHERE_IT_IS_SET_UP = "/accounts/"


class ClosedAccounts(DefaultAccountAdapter):
    """Accounts are made by administrators only."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": "The username or the password is wrong.",
    }

    def is_open_for_signup(self, request):
        """Never."""
        return False

    def pre_authenticate(self, request, **credentials):
        """Wrong passwords are counted by axes; what allauth limits is wrong codes, for whoever knows the password."""


class ClosedSocialAccounts(DefaultSocialAccountAdapter):
    """The directory says who somebody is, not that they may come in: the account must exist here."""

    def is_open_for_signup(self, request, sociallogin):
        """Never."""
        return False


class SecondFactorMiddleware:
    """Sends whoever signs records or grants rights, and came in with a password alone, to set up a second factor."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """Called before every page; what is open to strangers stays open."""
        is_open = not getattr(view, "login_required", True) or request.path.startswith(WHERE_IT_IS_SET_UP)
        if settings.HEARTH_SECOND_FACTOR_REQUIRED and not is_open and self.is_missing(request):
            return redirect("mfa_activate_totp")
        return None

    def is_missing(self, request):
        """Whether this person needs a second factor and has none."""
        if not request.user.is_authenticated:
            return False
        if not request.user.holds(*SIGNING, Role.ADMINISTRATOR, at=request.at):
            return False
        methods = {record.get("method") for record in get_authentication_records(request)}
        return not (methods & METHODS_STRONG_ENOUGH or is_mfa_enabled(request.user))


def username_tried(request, credentials):
    """Under which name axes counts this attempt: allauth ignores case, so two spellings are one name."""
    name = (credentials or {}).get("username") or request.POST.get("login") or ""
    return name.casefold()


def locked_out(request, credentials=None, *args, **kwargs):
    """The page after too many failed attempts."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    return render(request, "account/locked_out.html", {"minutes": minutes}, status=429)
