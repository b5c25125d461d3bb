"""The two addresses of a sign-in: to the directory, and back from it."""

import hashlib

import jwt
from allauth.account.internal.decorators import login_not_required
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.internal.jwtkit import lookup_kid_jwk
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404
from requests import RequestException

ALGORITHMS = ("RS256", "PS256", "ES256")
SECONDS_OF_CLOCKS_APART = 60
MUST_SAY = ["iss", "sub", "aud", "exp", "iat", "nonce"]


def nonce_of(state):
    """What the identity token must carry: it belongs to the sign-in that this browser began."""
    return hashlib.sha256(f"nonce of {state}".encode()).hexdigest()


class Client(OAuth2Client):
    """Sends the nonce along with the state."""

    def get_redirect_url(self, authorization_url, scope, extra_params):
        """Where the browser is sent to sign in."""
        return super().get_redirect_url(authorization_url, scope, extra_params | {"nonce": nonce_of(self.state)})


class Adapter(OpenIDConnectOAuth2Adapter):
    """Believes nothing that is not signed."""

    client_class = Client

    def complete_login(self, request, app, token, **kwargs):
        """The login of whom the token names. Raises OAuth2Error, which the page answers with a sentence."""
        try:
            signed = self._checked(app, kwargs["response"]["id_token"], nonce_of(request.GET["state"]))
            said = self._fetch_user_info(token.token) if "userinfo_endpoint" in self.openid_config else signed
            if said["sub"] != signed["sub"]:
                raise OAuth2Error("The directory speaks of two people.")
            return self.get_provider().sociallogin_from_response(request, {"userinfo": said | signed})
        except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
            raise OAuth2Error("This is not what the directory would send.") from error

    def _checked(self, app, token, nonce):
        config = self.openid_config
        with get_adapter().get_requests_session() as session:
            found = session.get(config["jwks_uri"])
            found.raise_for_status()
        key = lookup_kid_jwk(found.json(), jwt.get_unverified_header(token)["kid"])
        if key is None:
            raise OAuth2Error("The directory does not know the key that signed this.")
        said = jwt.decode(
            token,
            key=key,
            algorithms=ALGORITHMS,
            issuer=config["issuer"],
            audience=app.client_id,
            leeway=SECONDS_OF_CLOCKS_APART,
            options={"require": MUST_SAY},
        )
        if said["nonce"] != nonce:
            raise OAuth2Error("This token belongs to another sign-in.")
        return said


@login_not_required
def login(request, provider_id):
    """To the directory."""
    return _answer(OAuth2LoginView, request, provider_id)


@login_not_required
def callback(request, provider_id):
    """Back from the directory."""
    return _answer(OAuth2CallbackView, request, provider_id)


def _answer(view, request, provider_id):
    try:
        adapter = Adapter(request, provider_id)
        return view.adapter_view(adapter)(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except RequestException as error:
        return render_authentication_error(request, adapter.get_provider(), exception=error)
