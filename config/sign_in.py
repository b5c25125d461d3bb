"""Signing in: no sign-up, a lock after failed attempts, a second factor where it is required, and the council's directory."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.views import LogoutView
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.utils import is_mfa_enabled
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.db.models import Q
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.models import User
from accounts.roles import GUARDED
from casework.pages import Holds, page
from casework.people import letters

METHODS_STRONG_ENOUGH = {"mfa", "socialaccount"}  # the authority's directory asks for its own second factor
WHERE_IT_IS_SET_UP = "/accounts/"
SIGNED_OUT, NOTE_STAYS = "signed_out", 365 * 24 * 60 * 60
"""The note that somebody signed out here: a cookie that a script reads and takes away."""


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

    def authenticate(self, request, **credentials):
        """Where everybody signs in by the directory, a password opens nothing, even one of before."""
        return super().authenticate(request, **credentials) if settings.HEARTH_PASSWORDS else None

    def send_password_reset_mail(self, user, email, context):
        """The same link that administrators send: through the outbox, to the address on the person's page only."""
        if settings.HEARTH_PASSWORDS and email.casefold() == user.email.casefold():
            letters.send_link(user, at=timezone.now())


class ClosedSocialAccounts(DefaultSocialAccountAdapter):
    """The directory says who somebody is, not that they may come in: an administrator has added the person here."""

    def is_open_for_signup(self, request, sociallogin):
        """Never."""
        return False

    def pre_social_login(self, request, sociallogin):
        """The person's page alone says who it is, each time: nothing is connected, so nothing outlives a change there."""
        person = person_of(sociallogin)
        if person is None or sociallogin.state.get("process") == "connect":
            raise ImmediateHttpResponse(render(request, "account/not_known_here.html", status=403))
        sociallogin.user = person


def person_of(sociallogin):
    """Whom the directory has recognised, among those who are here; None where nobody is, or more than one.

    By the name in the directory that stands on the person's page; where none stands there, by the mail address, if the
    directory vouches for it.
    """
    vouched = {address.email for address in sociallogin.email_addresses if address.verified and address.email}
    by_address = Q(pk__in=[])
    for email in vouched:
        by_address |= Q(email__iexact=email)
    here = User.objects.filter(is_active=True)
    known = here.filter(directory_name=sociallogin.account.uid)
    found = list(known or here.filter(by_address, directory_name=None)[:2])
    return found[0] if len(found) == 1 else None


class SignOut(LogoutView):
    """The library's page. The next page of this browser takes what it had kept for this person with it, key and all."""

    def post(self, *args, **kwargs):
        """Signs out, and leaves a note for the scripts of the next page."""
        person = self.request.user.pk
        response = super().post(*args, **kwargs)
        if person:
            how = {"max_age": NOTE_STAYS, "secure": settings.SESSION_COOKIE_SECURE, "samesite": "Lax"}
            response.set_cookie(SIGNED_OUT, str(person), **how)
        return response


sign_out = page(Holds.NOTHING_PERSONAL)(SignOut.as_view())


@page(Holds.NOTHING_PERSONAL)
def address_for_mail(request):
    """In the place of the library's page for adding addresses: the one address is kept by administrators."""
    return render(request, "account/address_for_mail.html")


class SecondFactorMiddleware:
    """Sends whoever signs, grants rights or guards the read log, and came in with a password alone, to a second factor."""

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
        if not request.user.holds(*GUARDED, at=request.at):
            return False
        methods = {record.get("method") for record in get_authentication_records(request, request.user)}
        return not (methods & METHODS_STRONG_ENOUGH or is_mfa_enabled(request.user))


def username_tried(request, credentials):
    """Under which name axes counts this attempt: allauth ignores case, so two spellings are one name."""
    name = (credentials or {}).get("username") or request.POST.get("login") or ""
    return name.casefold()


def locked_out(request, credentials=None, *args, **kwargs):
    """The page after too many failed attempts."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    return render(request, "account/locked_out.html", {"minutes": minutes}, status=429)
