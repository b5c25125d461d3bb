"""The navigation of every page: places appear by registration, and each says for itself to whom it is shown."""

from types import SimpleNamespace

import pytest
from django.urls import path

from casework import context

pytestmark = pytest.mark.urls(__name__)
urlpatterns = [path(name, print, name=name or "start") for name in ("", "team/", "reports/", "leaving/")]


@pytest.fixture(autouse=True)
def _places(monkeypatch):
    monkeypatch.setattr(context, "_places", {})
    context.add_place("Reports", "reports/", order=3)
    context.add_place("Leaving", "leaving/", order=4, shown_to=lambda user, at: user.is_leaving)
    context.add_place("My work", "start", order=1)
    context.add_place("My team", "team/", order=2)


@pytest.fixture
def shown(rf):
    def places(address, **person):
        request = rf.get(address)
        request.user = SimpleNamespace(**{"is_authenticated": True, "is_leaving": False, **person})
        return list(context.navigation(request)["navigation"])

    return places


def test_places_stand_in_their_order_and_only_for_whom_they_are(shown):
    assert [place["label"] for place in shown("/")] == ["My work", "My team", "Reports"]
    assert [place["label"] for place in shown("/", is_leaving=True)] == ["My work", "My team", "Reports", "Leaving"]


def test_adding_a_place_again_changes_nothing(shown):
    context.add_place("My work", "start", order=1)
    assert len(shown("/")) == 3


@pytest.mark.parametrize(
    ("address", "current", "is_this_page"),
    [("/", "My work", True), ("/team/", "My team", True), ("/team/3/", "My team", False), ("/elsewhere/", None, None)],
)
def test_the_place_where_one_is_is_marked(shown, address, current, is_this_page):
    marked = {place["label"]: place["is_this_page"] for place in shown(address) if place["current"]}
    assert marked == ({current: is_this_page} if current else {})


def test_who_is_not_signed_in_is_shown_nothing(shown):
    assert shown("/", is_authenticated=False) == []


def test_the_authoritys_colours_are_a_stylesheet_of_their_own(rf, settings):
    settings.AUTHORITY = {"name": "Ashmere", "colour": "#f4a259"}
    answer = context.colours(rf.get("/colours.css"))
    assert answer["Content-Type"] == "text/css"
    assert answer.content == b":root{--authority-colour:#f4a259;--authority-ink:#0b0c0c}\n"


def test_a_new_colour_is_a_new_address(rf, settings):
    def version():
        return context.authority(rf.get("/"))["authority"]["version"]

    settings.AUTHORITY = {"name": "Ashmere"}
    neutral = version()
    settings.AUTHORITY = {"name": "Ashmere", "colour": "#f4a259"}
    assert version() != neutral
