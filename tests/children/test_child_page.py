"""The child's page: who this is, how things stand, what is due and why, and what has happened; to each as far as may be.

Experience, pages; roles, last table (address, narrative); C-00: lawfulness beside oversight.
"""

import pytest
from django.db import DatabaseError
from django.urls import reverse

from accounts.roles import Role
from casework import diary
from casework.models import CaseFile, Reading
from casework.reading import ReadLogMiddleware
from children.access import invite
from children.models import CarePeriod, ChildName
from tests.factories import (
    NOW,
    TODAY,
    a,
    allocated_to,
    days_before,
    in_childrens_home,
    note,
    review,
    settled,
    under,
    visited,
    with_unapproved_relative,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def look():
    diary.refresh(CaseFile.objects.values_list("pk", flat=True), at=NOW)


def url(child, name="child"):
    return reverse(f"children:{name}", args=[child.pk])


def test_the_bar_says_who_this_is_where_the_child_lives_and_who_is_allocated(world, signed_in):
    placement = with_unapproved_relative(world.own_child)
    page = signed_in(world.social_worker).get(url(world.own_child))
    said = {line["label"]: line["says"] for line in page.context["identity"]["lines"]}
    assert said["Age"] == "9, born 1 November 2016"
    assert said["Legal status"] == "Full care order"
    assert said["Living"] == f"{placement.carer.name} (connected person)"
    assert said["Social worker"] == world.social_worker.name
    assert said["Team"] == "Alder team"


def test_nobody_allocated_and_no_home_are_said_and_not_left_out(world, signed_in):
    child = world.a_child()
    page = signed_in(world.team_manager).get(url(child))
    assert "Nobody is allocated" in page.text
    assert "No home is on record" in page.text


def test_the_bar_says_what_the_child_wants_to_be_called_and_asks_as_much_where_that_is_nothing(world, signed_in, asked):
    client = signed_in(world.social_worker)
    with asked() as before:
        client.get(url(world.own_child))
    child = world.own_child
    note(ChildName(child=child, kind=ChildName.Kind.KNOWN_AS, name="Wren"), act="change_name", child=child)
    with asked() as after:
        page = client.get(url(child))
    assert page.context["identity"]["known_as"] == "Wren"
    assert "known as <strong>Wren</strong>" in page.text
    assert len(after) == len(before)


def test_what_is_missing_is_seen_at_once_on_a_phone_too(world, signed_in):
    """Who the child is and where the child lives matter always; the workers, where nobody is allocated."""
    with_unapproved_relative(world.own_child)
    page = signed_in(world.social_worker).get(url(world.own_child))
    assert matters(page) == ["Age", "Living"]
    page = signed_in(world.team_manager).get(url(world.a_child()))
    assert matters(page) == ["Age", "Living", "Social worker"]


def matters(page):
    return [line["label"] for line in page.context["identity"]["lines"] if line.get("matters")]


def test_no_legal_status_outlives_care_and_no_home_is_missed_then(world, signed_in):
    child, client = world.own_child, signed_in(world.social_worker)
    for ended_on, says, how, offered in (
        (TODAY, "Full care order", "No home is on record", False),
        (days_before(3).date(), "Not looked after: care ended on 6 March 2026", "Not looked after", False),
        (None, "Full care order", "No home is on record", True),
    ):
        child.care_periods.update(ended_on=ended_on)
        page = client.get(url(child))
        assert {line["label"]: line["says"] for line in page.context["identity"]["lines"]}["Legal status"] == says
        assert [part["says"] for part in page.context["standing"]][:1] == [how]
        assert (reverse("placements:care_ended", args=[child.pk]) in page.text) == offered
        assert ("Record where the child lives" in page.text) == (how == "No home is on record")


def test_a_child_who_came_back_into_care_is_looked_after(world, signed_in):
    child = world.own_child
    child.care_periods.update(ended_on=days_before(30).date())
    CarePeriod.objects.create(child=child, started_on=days_before(3).date())
    page = signed_in(world.social_worker).get(url(child))
    assert "Not looked after" not in page.text


def test_regulation_and_lawfulness_stand_beside_oversight(world, signed_in):
    with_unapproved_relative(world.own_child)
    look()
    parts = signed_in(world.social_worker).get(url(world.own_child)).context["standing"]
    assert [part["label"] for part in parts] == ["Regulation", "Lawfulness", "Oversight"]
    regulation, lawfulness, oversight = parts
    assert (regulation["says"], regulation["tone"]) == ("Unregulated (connected person)", "alarm")
    assert regulation["since"] == days_before(20).date()
    assert lawfulness["says"] == "Not lawful"
    assert "No sign-off makes it lawful." in lawfulness["because"]
    assert oversight["tone"] == "alarm"


def test_what_is_missing_to_be_sure_is_said(world, signed_in):
    in_childrens_home(world.own_child, registered=None)
    look()
    page = signed_in(world.social_worker).get(url(world.own_child))
    assert "To be sure, find out: the home’s registration" in page.text


def test_what_is_due_is_said_with_its_reason_soonest_first(world, signed_in):
    with_unapproved_relative(world.own_child)
    look()
    lines = signed_in(world.social_worker).get(url(world.own_child)).context["lines"]
    assert [line.due_at for line in lines] == sorted(line.due_at for line in lines)
    assert "Unregulated placements procedure" in lines[0].rule
    assert all(line.says and line.owner for line in lines)


def test_the_timeline_tells_the_newest_first_and_goes_on_over_pages(world, signed_in):
    for day in range(30, 0, -1):
        under(world.own_child, "C1" if day % 2 else "C2", since=days_before(day))
    client = signed_in(world.social_worker)
    page = client.get(url(world.own_child))
    assert page.context["events"][0].title == "The legal status changed"
    assert page.context["is_more_to_tell"]
    first = client.get(url(world.own_child, "timeline"))
    second = client.get(url(world.own_child, "timeline") + "?page=2")
    assert (len(first.context["events"]), len(second.context["events"])) == (25, 6)
    assert second.context["events"][-1].title == "The child’s file was opened"


def test_who_does_not_read_narratives_sees_that_something_happened_and_not_why(world, signed_in):
    status = world.own_child.legal_statuses.get()
    note(status, act="change_legal_status", child=world.own_child, because="The mother told us about the night.")
    assert "The mother told us" in signed_in(world.social_worker).get(url(world.own_child)).text
    page = signed_in(world.placement_service).get(url(world.own_child))
    assert "The legal status changed" in page.text
    assert "The mother told us" not in page.text


def test_who_may_not_know_the_address_sees_the_kind_of_home_only(world, signed_in):
    placement = with_unapproved_relative(world.own_child)
    invite(world.health, world.own_child, at=days_before(1), until=None, because="Asked about the child")
    page = signed_in(world.health).get(url(world.own_child))
    assert page.status_code == 200
    assert placement.carer.name not in page.text
    assert placement.carer.address not in page.text
    assert "Your role does not see the address" in page.text


def test_a_restricted_record_says_so_to_the_people_named(world, signed_in):
    page = signed_in(world.dhos).get(url(world.restricted_child))
    assert "Only people named on this record can see it." in page.text


@pytest.mark.parametrize("role", Role)
def test_a_stranger_learns_nothing(world, signed_in, role):
    """Another area's child, for everybody whose role does not reach the whole authority."""
    everywhere = {
        Role.SERVICE_DIRECTOR,
        Role.ASSISTANT_DIRECTOR,
        Role.DCS,
        Role.PLACEMENT_SERVICE,
        Role.COMMISSIONING,
    }
    client = signed_in(world.person(role))
    expected = 200 if role in everywhere else 404
    for name in ("child", "timeline"):
        assert client.get(url(world.other_areas_child, name)).status_code == expected
        assert client.get(url(world.restricted_child, name)).status_code == (200 if role == Role.DHOS else 404)
    assert client.get("/children/999999999999999999999/").status_code == 404


def test_last_weeks_worker_learns_nothing(world, signed_in):
    former = a(Role.SOCIAL_WORKER, team=world.second_team)
    child = world.a_child(worker=former)
    client = signed_in(former)
    assert client.get(url(child)).status_code == 200
    allocated_to(child, world.social_worker, since=days_before(7))
    assert client.get(url(child)).status_code == 404


def test_every_look_at_a_child_is_in_the_read_log(world, signed_in):
    client = signed_in(world.social_worker)
    for name in ("child", "timeline", "change_legal_status", "schedule_review"):
        client.get(url(world.own_child, name))
    readings = Reading.objects.order_by("pk")
    assert [reading.page for reading in readings] == [
        url(world.own_child, name) for name in ("child", "timeline", "change_legal_status", "schedule_review")
    ]
    assert {tuple(reading.case_files) for reading in readings} == {(world.own_child.case_file_id,)}


def test_no_record_is_shown_that_cannot_be_logged(world, signed_in, monkeypatch):
    def refuse(*args, **kwargs):
        raise DatabaseError("The disk is full.")

    monkeypatch.setattr(Reading.objects, "create", refuse)
    page = signed_in(world.social_worker).get(url(world.own_child))
    assert page.status_code == 503
    assert world.own_child.name not in page.text
    assert ReadLogMiddleware


def test_the_page_asks_the_same_of_the_database_for_a_short_and_for_a_long_life(world, signed_in, asked):
    client = signed_in(world.team_manager)
    settled(world.own_child, since=days_before(290))
    look()
    with asked() as short:
        client.get(url(world.own_child))
    for day in range(280, 0, -10):
        placement = in_childrens_home(world.own_child, since=days_before(day))
        visited(placement, days_before(day - 1), by=world.social_worker)
        under(world.own_child, "C1", since=days_before(day))
        review(world.own_child, days_before(day), held_on=days_before(day))
    look()
    with asked() as long:
        page = client.get(url(world.own_child))
    assert "Every home so far" in page.text
    assert len(long) <= len(short) <= 30
