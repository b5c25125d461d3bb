"""Every answer that holds a child's data is preceded by a committed row: who, which case files, what page, when."""

import uuid

import pytest
from django.db import connection, connections
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from casework import diary, reading
from casework.models import CaseFile, Reading
from children.models import Child
from placements.models import Placement
from placements.states import Setting
from tests.factories import NOW, World, a_home, days_before, placed, settled, visited, with_unapproved_relative
from visits.models import Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def written(world):
    """The children live somewhere, were visited, and the diary has looked at them."""
    for child in world.children:
        with_unapproved_relative(child)
    visited(world.own_child.placements.get(), days_before(2))
    home = a_home(name="The home")
    world.in_home = [world.a_child(worker=world.colleague), world.a_child(worker=world.colleague)]
    for child in world.in_home:
        placed(child, Setting.CHILDRENS_HOME, since=days_before(9), home=home)
    world.home = home
    diary.refresh(CaseFile.objects.values_list("pk", flat=True), at=NOW)
    return world


def pk_of(model, child):
    found = {
        "child": child.pk,
        "placement": Placement.objects.get(child=child).pk,
        "visit": getattr(Visit.objects.filter(placement__child=child).first(), "pk", None),
    }
    return found[model]


PAGES_OF_ONE = {
    "children:child": "child",
    "children:timeline": "child",
    "children:change_legal_status": "child",
    "placements:placement": "placement",
    "placements:homes_of_child": "child",
    "visits:record": "placement",
    "visits:visit": "visit",
    "visits:visits_of_child": "child",
}


@pytest.mark.parametrize("name", PAGES_OF_ONE)
def test_a_page_about_a_child_leaves_one_row(written, signed_in, name):
    child = written.own_child
    address = reverse(name, args=[pk_of(PAGES_OF_ONE[name], child)])
    assert signed_in(written.social_worker).get(address).status_code == 200
    row = Reading.objects.get()
    assert (row.user, row.case_files, row.page, row.at) == (
        written.social_worker,
        [child.case_file_id],
        address,
        NOW,
    )


def files(*children):
    return sorted(child.case_file_id for child in children)


def test_a_list_leaves_one_row_with_exactly_the_children_listed(written, signed_in):
    worker = signed_in(written.social_worker)
    worker.get(reverse("tracking:dashboard"))
    assert Reading.objects.get().case_files == files(written.own_child, written.teams_child)


def test_a_list_that_is_narrowed_to_nobody_leaves_none(written, signed_in):
    signed_in(written.social_worker).get(reverse("tracking:dashboard"), {"oversight": "signed"})
    assert not Reading.objects.exists()


def test_my_work_names_the_children_of_my_duties(written, signed_in):
    signed_in(written.social_worker).get(reverse("children:my_work"))
    assert Reading.objects.get().case_files == files(written.own_child)


def test_search_is_read_as_far_as_it_finds(written, signed_in):
    worker = signed_in(written.social_worker)
    worker.post(reverse("children:search"), {"q": written.own_child.forename})
    assert written.own_child.case_file_id in Reading.objects.get().case_files
    worker.post(reverse("children:search"), {"q": "Nobodyofthisname"})
    assert Reading.objects.count() == 1


def test_a_home_is_read_with_those_children_who_are_named_on_its_page(written, signed_in):
    page = reverse("placements:home", args=[written.home.pk])
    signed_in(written.social_worker).get(page)
    assert Reading.objects.get().case_files == files(*written.in_home)
    signed_in(written.supervising_social_worker).get(page)
    assert Reading.objects.count() == 1, "the second reader is told a number"


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("casework:session", Role.SOCIAL_WORKER),
        ("children:new_child", Role.SOCIAL_WORKER),
        ("children:my_work", Role.AUDITOR),
        ("tracking:dashboard", Role.PERFORMANCE),
    ],
)
def test_a_page_without_children_leaves_no_row(written, signed_in, name, role):
    assert signed_in(written.person(role)).get(reverse(name)).status_code < 300
    assert not Reading.objects.exists()


def test_what_a_stranger_is_refused_leaves_no_row(written, signed_in):
    stranger = signed_in(written.second_teams_worker)
    assert stranger.get(reverse("children:child", args=[written.own_child.pk])).status_code == 404
    assert not Reading.objects.exists()


def test_acting_is_an_event_and_no_reading(written, signed_in):
    """The answer to a form that was recorded leads on and shows nothing."""
    form = reverse("visits:record", args=[pk_of("placement", written.own_child)])
    answers = {"made_at_day": 9, "made_at_month": 3, "made_at_year": 2026, "made_at_time": "9:30", "seen": "alone"}
    key = {"key": str(uuid.uuid4()), "account": "We talked.", "worries": "no"}
    assert signed_in(written.social_worker).post(form, answers | key).status_code == 302
    assert not Reading.objects.exists()


def test_a_form_that_comes_back_with_errors_is_read(written, signed_in):
    form = reverse("visits:record", args=[pk_of("placement", written.own_child)])
    assert signed_in(written.social_worker).post(form, {}).status_code == 422
    assert Reading.objects.get().case_files == files(written.own_child)


@pytest.fixture
def unwritable(written):
    """The table of the read log is gone, until the test is over."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE casework_reading RENAME TO casework_reading_gone")
    return written


@pytest.mark.parametrize("name", ["children:child", "visits:record", "visits:visit"])
def test_what_cannot_be_logged_is_not_shown(unwritable, signed_in, name):
    child = unwritable.own_child
    answer = signed_in(unwritable.social_worker).get(reverse(name, args=[pk_of(PAGES_OF_ONE[name], child)]))
    assert answer.status_code == 503
    assert child.surname not in answer.content.decode()
    assert child.forename not in answer.content.decode()


def test_a_list_that_cannot_be_logged_is_not_shown(unwritable, signed_in):
    answer = signed_in(unwritable.social_worker).get(reverse("tracking:dashboard"))
    assert answer.status_code == 503
    assert unwritable.own_child.name not in answer.content.decode()


def test_a_page_without_children_needs_no_log(unwritable, signed_in):
    assert signed_in(unwritable.performance).get(reverse("tracking:dashboard")).status_code == 200


def test_loading_a_child_notes_its_file_whoever_loads_it(written):
    with reading.noting() as noted:
        assert [placement.child.pk for placement in Placement.objects.select_related("child")[:1]]
    assert len(noted) == 1
    with reading.noting() as noted:
        written.own_child.refresh_from_db()
        list(Child.objects.only("case_file").filter(pk=written.teams_child.pk))
    assert noted == set(files(written.own_child, written.teams_child))


def test_nothing_is_noted_outside_a_request(written):
    written.own_child.refresh_from_db()
    with reading.noting() as noted:
        pass
    assert noted == set()


@pytest.mark.django_db(transaction=True)
def test_the_row_is_committed_when_the_answer_is_there(now):
    world = World()
    settled(world.own_child)
    client = Client()
    client.force_login(world.social_worker, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get(reverse("children:child", args=[world.own_child.pk]))
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT case_files FROM casework_reading")
            assert cursor.fetchall() == [([world.own_child.case_file_id],)]
    finally:
        other.close()


def test_an_answer_in_pieces_is_refused(rf):
    """Its children would be loaded after the row is written, and be in no row."""
    middleware = reading.ReadLogMiddleware(lambda request: StreamingHttpResponse(iter(["a name"])))
    with pytest.raises(RuntimeError, match="in one piece"):
        middleware(rf.get("/"))
