"""The provider that allauth finds by the name of this module."""

from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider

from config.directory.views import Adapter


class Directory(OpenIDConnectProvider):
    """The authority's directory."""

    oauth2_adapter_class = Adapter


provider_classes = [Directory]
