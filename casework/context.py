"""What every page knows: whose installation this is, whether its people are invented, and where one can go from here.

Each app adds its places to the navigation when it is loaded; a place says for itself to whom it is shown.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

NEUTRAL = "#26383c"
"""The header's colour where the authority has set none."""


def to_everyone(user, at) -> bool:
    """The place is shown to whoever is signed in."""
    return True


@dataclass(frozen=True)
class Place:
    """One entry of the navigation."""

    label: str
    url_name: str
    order: int
    shown_to: Callable[[Any, Any], bool] = to_everyone
    """`shown_to(user, at)`: does this person find it in the navigation at a moment?"""


_places: dict[str, Place] = {}


def add_place(label: str, url_name: str, *, order: int, shown_to: Callable[[Any, Any], bool] = to_everyone) -> None:
    """Add a place to the navigation of every page. Adding it again changes nothing."""
    _places[url_name] = Place(label, url_name, order, shown_to)


def authority(request):
    """The authority's name and colours, whether this is the demonstration, and whether people sign in by password."""
    colour = settings.AUTHORITY.get("colour", NEUTRAL)
    return {
        "authority": {
            "name": settings.AUTHORITY["name"],
            "colour": colour,
            "version": hashlib.sha256(colour.encode()).hexdigest()[:8],
        },
        "demonstration": getattr(settings, "DEMONSTRATION", False),
        "with_password": settings.HEARTH_PASSWORDS,
    }


def navigation(request):
    """Where the signed-in person can go, and the roles held now. Asked only by pages that show them."""
    at = getattr(request, "at", None) or timezone.now()
    return {
        "navigation": SimpleLazyObject(lambda: _places_for(request, at)),
        "my_roles": SimpleLazyObject(lambda: sorted(role.label for role in request.user.roles_at(at))),
    }


def _places_for(request, at):
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    places = [place for place in sorted(_places.values(), key=lambda place: place.order) if place.shown_to(user, at)]
    urls = [reverse(place.url_name) for place in places]
    above = [url for url in urls if url == request.path or (url != "/" and request.path.startswith(url))]
    here = max(above, key=len, default=None)
    return [
        {"label": place.label, "url": url, "current": url == here, "is_this_page": url == request.path}
        for place, url in zip(places, urls, strict=True)
    ]


@require_safe
@cache_control(public=True, max_age=86400)
def colours(request):
    """The authority's colours as a stylesheet: the content security policy allows none inside a page."""
    colour = authority(request)["authority"]["colour"]
    css = f":root{{--authority-colour:{colour};--authority-ink:{ink_on(colour)}}}\n"
    return HttpResponse(css, content_type="text/css")


def ink_on(colour: str) -> str:
    """Black or white, whichever contrasts more with a colour written #rrggbb (WCAG 2.2, relative luminance)."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#0b0c0c" if luminance > 0.179 else "#ffffff"
