"""The pages that show visits: one visit, all visits of a child, and the panels on the pages of child and home."""

import uuid

import pytest
from django.urls import reverse

from casework import diary
from casework.models import Duty
from children import access
from tests.factories import (
    NOW,
    days_before,
    ended,
    in_childrens_home,
    note,
    photographed,
    visited,
    with_unapproved_relative,
)
from visits.models import Visit
from visits.panels import where_met

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(world):
    return with_unapproved_relative(world.own_child)


@pytest.fixture
def visit(home):
    return visited(home, days_before(3), account="She likes the garden.", has_concerns=True, concerns="The stairs.")


def page_of(visit):
    return reverse("visits:visit", args=[visit.pk])


def looked_at(*children):
    diary.refresh([child.case_file_id for child in children], at=NOW)


def test_a_visit_is_shown_as_it_was_recorded(world, signed_in, home, visit):
    looked_at(world.own_child)
    page = signed_in(world.social_worker).get(page_of(visit)).content.decode()
    for said in (
        "Visit of 6 March 2026",
        "Seen alone",
        home.carer.name,
        "She likes the garden.",
        "The stairs.",
        "Due in 4 days",
        "by 13 March 2026",
    ):
        assert said in page


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"seen": False}, "Not seen"),
        ({"alone": False, "why_not_alone": "refused"}, "Seen, not alone: the child did not want to"),
        ({"has_concerns": True}, "Something worries the visitor: see below."),
        ({}, "Nothing worries the visitor."),
    ],
)
def test_each_way_of_seeing_is_said_in_words(world, signed_in, home, how, said):
    assert said in signed_in(world.social_worker).get(page_of(visited(home, days_before(3), **how))).content.decode()


def test_where_no_visit_is_due_the_page_says_so(world, signed_in, home, visit):
    ended(home, on=days_before(1))
    looked_at(world.own_child)
    assert "No visit is due at this home." in signed_in(world.social_worker).get(page_of(visit)).content.decode()


def test_whoever_may_not_read_the_account_reads_that_there_was_a_visit(world, signed_in, visit):
    page = signed_in(world.placement_service).get(page_of(visit)).content.decode()
    assert "Seen alone" in page
    assert "She likes the garden." not in page
    assert "The stairs." not in page


def test_who_wrote_it_reads_it_whatever_the_role_sees(world, signed_in, home):
    """Commissioning reads its own visits only."""
    own = visited(home, days_before(2), by=world.commissioning, role="commissioning", account="The door was locked.")
    assert "The door was locked." in signed_in(world.commissioning).get(page_of(own)).content.decode()


def test_whoever_may_not_know_the_address_does_not_read_whose_home_it_is(world, signed_in, home, visit):
    access.invite(world.lado, world.own_child, at=days_before(1), until=None, because="An allegation.")
    page = signed_in(world.lado).get(page_of(visit)).content.decode()
    assert "Home of a relative, friend or other connected person" in page
    assert home.carer.name not in page


def test_a_visit_is_404_to_whoever_does_not_see_the_child(world, signed_in, visit):
    for stranger in (world.second_teams_worker, world.performance, world.legal):
        assert signed_in(stranger).get(page_of(visit)).status_code == 404


# Lists


def test_the_panel_shows_the_latest_visits_and_leads_to_all(world, signed_in, home):
    for number in range(12):
        visited(home, days_before(number + 1))
    page = signed_in(world.social_worker).get(reverse("children:child", args=[world.own_child.pk])).content.decode()
    assert "8 March 2026 at 10:00" in page
    assert page.count('data-label="Child"') == 5
    assert reverse("visits:visits_of_child", args=[world.own_child.pk]) in page
    assert reverse("visits:record", args=[home.pk]) in page


def test_the_panel_says_what_will_appear_there(world, signed_in, home):
    page = signed_in(world.social_worker).get(reverse("placements:placement", args=[home.pk])).content.decode()
    assert "No visit is on record" in page


def test_whoever_does_not_visit_is_not_offered_to_record_one(world, signed_in, home):
    page = signed_in(world.hos).get(reverse("children:child", args=[world.own_child.pk])).content.decode()
    assert reverse("visits:record", args=[home.pk]) not in page


def test_all_visits_in_all_homes_the_latest_first(world, signed_in):
    child = world.own_child
    before = in_childrens_home(child, since=days_before(90))
    visited(before, days_before(80))
    now = with_unapproved_relative(child, since=days_before(10))
    visited(now, days_before(4), seen=False)
    page = signed_in(world.social_worker).get(reverse("visits:visits_of_child", args=[child.pk])).content.decode()
    assert page.index("5 March 2026 at 10:00") < page.index("19 December 2025 at 10:00")
    assert "Not seen" in page


def test_the_list_of_visits_is_paged(world, signed_in, home):
    for number in range(55):
        visited(home, days_before(number % 20, at=NOW).replace(minute=number))
    client, address = signed_in(world.social_worker), reverse("visits:visits_of_child", args=[world.own_child.pk])
    assert "Showing 1 to 50 of 55" in client.get(address).content.decode()
    assert "Showing 51 to 55 of 55" in client.get(address, {"page": 2}).content.decode()
    assert client.get(address, {"page": "x"}).status_code == 200


@pytest.mark.parametrize("name", ["visits:visits_of_child", "visits:visit"])
def test_the_pages_ask_the_same_for_one_visit_and_for_many(world, signed_in, home, visit, asked, name):
    client = signed_in(world.social_worker)
    address = reverse(name, args=[visit.pk if name == "visits:visit" else world.own_child.pk])

    def count():
        client.get(address)
        with asked() as queries:
            client.get(address)
        return len(queries)

    once = count()
    for number in range(30):
        visited(home, days_before(1).replace(minute=number))
    assert count() == once <= 15


def test_a_duty_to_visit_leads_to_the_form(world, home):
    looked_at(world.own_child)
    duty = Duty.objects.open().get(source="visits")
    assert where_met(duty) == reverse("visits:record", args=[home.pk])


# For what a visit counts, and who made it


def test_the_page_says_what_the_visit_meets_by_when_it_was_due_and_whether_that_was_kept(world, signed_in, home, visit):
    looked_at(world.own_child)
    page = signed_in(world.social_worker).get(page_of(visit)).content.decode()
    assert "Meets" in page
    assert "L-01</a>, due 24 February 2026, late." in page
    in_time = visited(home, days_before(1))
    looked_at(world.own_child)
    page = signed_in(world.social_worker).get(page_of(in_time)).content.decode()
    assert "C-38</a>, due 13 March 2026, in time." in page


def test_a_visit_that_meets_nothing_says_so(world, signed_in, home, visit):
    by_manager = visited(home, days_before(2), by=world.team_manager, role="team_manager")
    not_seen = visited(home, days_before(1), seen=False)
    looked_at(world.own_child)
    client = signed_in(world.social_worker)
    assert "It meets no date that was due." in client.get(page_of(by_manager)).content.decode()
    page = client.get(page_of(not_seen)).content.decode()
    assert "The child was not seen at this visit, so it does not count: a visit stays due." in page
    assert "Meets" not in page


@pytest.fixture
def brought(home):
    """A visit that came in a file from another system, which does not say who made it."""
    visit = Visit(
        placement=home,
        role="social_worker",
        made_at=days_before(5),
        recorded_at=days_before(1),
        child_seen=True,
        seen_alone=True,
        key=uuid.uuid4(),
        brought_as="V-17",
    )
    return note(visit, act="load_visits", child=home.child, at=days_before(1))


@pytest.mark.parametrize("name", ["visits:visits_of_child", "visits:visit", "children:child", "placements:placement"])
def test_of_a_visit_that_was_brought_every_page_says_where_from(world, signed_in, home, brought, name):
    about = {"visits:visit": brought.pk, "placements:placement": home.pk}.get(name, world.own_child.pk)
    page = signed_in(world.social_worker).get(reverse(name, args=[about])).content.decode()
    assert "From the former system, Social worker" in page
    assert "None, " not in page


def test_nobody_passes_for_the_visitor_of_a_visit_that_was_brought(world, signed_in, brought):
    """Whoever does not read accounts is not its author either, and adds no photograph."""
    page = signed_in(world.placement_service).get(page_of(brought)).content.decode()
    assert "What was seen and heard" not in page
    page = signed_in(world.social_worker).get(page_of(brought)).content.decode()
    assert "Add a photograph" not in page
    assert "This visit was recorded by mistake</a>" not in page
    assert (
        "This visit was recorded by mistake</a>" in signed_in(world.team_manager).get(page_of(brought)).content.decode()
    )


def test_the_list_is_narrowed_by_role(world, signed_in, home, visit):
    visited(home, days_before(2), by=world.iro, role="iro")
    client, address = signed_in(world.social_worker), reverse("visits:visits_of_child", args=[world.own_child.pk])
    both, iros = client.get(address).content.decode(), client.get(address, {"role": "iro"}).content.decode()
    assert both.count('data-label="Child"') == 2
    assert iros.count('data-label="Child"') == 1
    assert world.iro.name in iros
    assert "Visited by: Independent reviewing officer" in iros
    nobodys = client.get(address, {"role": "commissioning"}).content.decode()
    assert "No such visit is on record" in nobodys
    assert client.get(address, {"role": "x"}).status_code == 200


def test_the_list_says_which_forms_and_photographs_there_are(world, signed_in, home, visit):
    photographed(visit)
    photographed(visit)
    page = signed_in(world.social_worker).get(reverse("visits:visits_of_child", args=[world.own_child.pk]))
    row = page.context["rows"][0]
    assert row[3:] == ["", 2]
