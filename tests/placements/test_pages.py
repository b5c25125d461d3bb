"""The pages of a placement, a home and a provider: where, with whom, on what basis, and how it stood on every day.

Experience, pages; roles, last table: homes are seen by every role that may know an address, who lives there by scope.
"""

from datetime import date

import pytest
from django.urls import reverse

from accounts.roles import Role
from casework import diary, duty_links
from casework.models import CaseFile, Duty, Reading
from children.access import invite
from placements.models import PlacementFact
from placements.states import FactKind, RegistrationStatus
from tests.factories import (
    NOW,
    TODAY,
    a_home,
    approved_from,
    days_before,
    in_childrens_home,
    in_foster_care,
    note,
    registration,
    restricted_to,
    under,
    with_parent,
    with_relative_of_unknown_approval,
    with_temporary_approval,
    with_unapproved_relative,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

SEE_NO_HOMES = {
    Role.LADO,
    Role.HEALTH,
    Role.PERFORMANCE,
    Role.ADMINISTRATOR,
    Role.PRIVACY_OFFICER,
    Role.AUDITOR,
}


def look():
    diary.refresh(CaseFile.objects.values_list("pk", flat=True), at=NOW)


def url(record, name="placement"):
    return reverse(f"placements:{name}", args=[record.pk])


def in_a_home_of_unknown_registration(child):
    return in_childrens_home(child, registered=None)


def with_parent_before_assessment(child):
    return with_parent(child, assessed=False)


def outside_the_carers_terms(child):
    placement = in_foster_care(child)
    note(
        PlacementFact(placement=placement, kind=FactKind.OUTSIDE_TERMS, from_on=TODAY), act="outside_terms", child=child
    )
    return placement


def test_the_page_says_where_with_whom_since_when_and_on_what_basis(world, signed_in):
    placement = with_unapproved_relative(world.own_child)
    under(world.own_child, "C1", since=days_before(5))
    page = signed_in(world.social_worker).get(url(placement))
    rows = {row["label"]: row["says"] for row in page.context["rows"]}
    assert rows["With"].startswith(placement.carer.name)
    assert rows["Relationship"] == "Maternal aunt"
    assert rows["Address"] == "1 Invented Lane"
    assert rows["Dates"] == "Since 17 February 2026"
    assert rows["Legal basis"] == "Full care order\nInterim care order"


def test_the_standing_is_told_over_the_whole_life_the_latest_first(world, signed_in):
    """Approved for a time on 8 February, 16 weeks: lawful until 31 May; before that, not."""
    placement = with_unapproved_relative(world.own_child, since=days_before(60))
    approved_from(placement, since=days_before(29))
    page = signed_in(world.social_worker).get(url(placement))
    told = [(row[0], row[1]["says"], row[2]["says"]) for row in page.context["periods"]]
    assert told == [
        ("From 8 February 2026", "Regulated", "Lawful"),
        ("8 January 2026 to 7 February 2026", "Unregulated (connected person)", "Not lawful"),
    ]
    assert "Approved foster carer. From 8 February 2026 (Panel)" in page.text


def test_what_is_lawful_until_a_day_says_the_day(world, signed_in):
    placement = with_temporary_approval(world.own_child, since=date(2026, 2, 7))
    look()
    page = signed_in(world.social_worker).get(url(placement))
    assert "Lawful until 29 May 2026" in page.text


def test_the_registration_history_of_the_home_stands_on_the_page(world, signed_in):
    placement = in_childrens_home(world.own_child)
    registration(placement.home, RegistrationStatus.UNREGISTERED, since=days_before(3), by=world.commissioning)
    look()
    page = signed_in(world.social_worker).get(url(placement))
    assert "Not registered with Ofsted, from 6 March 2026" in page.text
    assert page.context["standing"][0]["says"] == "Unregistered (setting)"


def test_an_event_on_a_home_is_looked_at_for_every_child_living_there(world, django_capture_on_commit_callbacks):
    placement = in_childrens_home(world.own_child)
    look()
    assert not placement.__class__.objects.get(pk=placement.pk).standing.is_alarm
    with django_capture_on_commit_callbacks(execute=True):
        registration(placement.home, RegistrationStatus.UNREGISTERED, since=days_before(3), by=world.commissioning)
    assert placement.__class__.objects.get(pk=placement.pk).standing.is_alarm


def test_what_is_recorded_of_carers_is_looked_at_for_every_child_with_them(world, django_capture_on_commit_callbacks):
    first = with_unapproved_relative(world.own_child)
    second = with_unapproved_relative(world.teams_child)
    second.carer = first.carer
    second.save()
    look()
    with django_capture_on_commit_callbacks(execute=True):
        approved_from(first, since=days_before(10))
    second.refresh_from_db()
    assert not second.standing.is_alarm


def test_who_may_not_know_the_address_sees_neither_names_nor_the_home(world, signed_in):
    placement = in_childrens_home(world.own_child, since=days_before(9))
    placement.home.address = "7 Hidden Street"
    placement.home.save()
    invite(world.lado, world.own_child, at=days_before(1), until=None, because="Allegation")
    page = signed_in(world.lado).get(url(placement))
    assert page.status_code == 200
    for secret in (placement.home.name, "7 Hidden Street", url(placement.home, "home")):
        assert secret not in page.text


@pytest.mark.parametrize(
    ("situation", "code", "leads_to"),
    [
        (with_relative_of_unknown_approval, "D-08", "approve_carer"),
        (in_a_home_of_unknown_registration, "C-26", "placement"),
        (with_parent_before_assessment, "L-16", "record_regulation_19"),
        (outside_the_carers_terms, "L-17", "outside_terms"),
    ],
)
def test_every_duty_about_a_home_leads_to_where_it_is_met(world, signed_in, situation, code, leads_to):
    placement = situation(world.own_child)
    look()
    duty = Duty.objects.open().get(kind=code, about=f"placements.placement:{placement.pk}")
    assert duty_links.label_of(duty)
    answer = signed_in(world.team_manager).get(duty_links.url_of(duty))
    assert answer.url == url(placement, leads_to)
    assert signed_in(world.team_manager).get(answer.url).status_code == 200


@pytest.mark.parametrize("person", ["second_teams_worker", "administrator", "legal", "auditor"])
def test_a_stranger_learns_nothing(world, signed_in, person):
    placement = with_unapproved_relative(world.own_child)
    client = signed_in(getattr(world, person))
    for address in (url(placement), url(placement, "end_placement"), url(world.own_child, "homes_of_child")):
        assert client.get(address).status_code == 404
    assert not Reading.objects.exists()


def test_the_page_writes_into_the_read_log(world, signed_in):
    placement = with_unapproved_relative(world.own_child)
    signed_in(world.social_worker).get(url(placement))
    reading = Reading.objects.get()
    assert (reading.page, reading.case_files) == (url(placement), [world.own_child.case_file_id])


def test_every_home_so_far_is_listed(world, signed_in):
    for day in range(300, 0, -30):
        in_childrens_home(world.own_child, since=days_before(day))
    client = signed_in(world.social_worker)
    assert "Every home so far" in client.get(reverse("children:child", args=[world.own_child.pk])).text
    assert len(client.get(url(world.own_child, "homes_of_child")).context["homes"]) == 10


@pytest.mark.parametrize("role", Role)
def test_homes_are_seen_by_every_role_that_may_know_an_address(world, signed_in, role):
    home = in_childrens_home(world.other_areas_child, by=world.elsewhere(Role.TEAM_MANAGER)).home
    expected = 403 if role in SEE_NO_HOMES else 200
    client = signed_in(world.person(role))
    assert client.get(url(home, "home")).status_code == expected
    assert client.get(url(home.provider, "provider")).status_code == expected


def test_who_lives_in_a_home_is_named_only_as_far_as_one_may_see_and_counted_beyond(world, signed_in):
    home = in_childrens_home(world.own_child).home
    in_childrens_home(world.other_areas_child, home=home, by=world.elsewhere(Role.TEAM_MANAGER))
    restricted = in_childrens_home(world.teams_child, home=home).child
    restricted_to(restricted, world.colleague, by=world.service_manager)
    page = signed_in(world.social_worker).get(url(home, "home"))
    assert [child["says"] for child in page.context["living"]] == [world.own_child.name]
    assert "2 children of this authority" in page.text, "whoever is restricted to others is not counted either"
    assert world.other_areas_child.name not in page.text
    assert Reading.objects.get().case_files == [world.own_child.case_file_id]


def test_the_home_page_asks_the_same_of_the_database_for_one_and_for_many_children(world, signed_in, asked):
    home = in_childrens_home(world.own_child).home
    client = signed_in(world.team_manager)
    with asked() as one:
        client.get(url(home, "home"))
    for _ in range(8):
        in_childrens_home(world.a_child(), home=home)
    with asked() as many:
        assert len(client.get(url(home, "home")).context["living"]) == 9
    assert len(many) == len(one)


def test_the_placements_page_asks_the_same_of_the_database_for_a_short_and_a_long_life(world, signed_in, asked):
    client = signed_in(world.team_manager)

    def moved_in(days):
        placement = in_childrens_home(world.own_child, since=days_before(days))
        registration(placement.home, RegistrationStatus.APPLIED, since=days_before(days - 1), by=world.commissioning)
        return placement

    def count(placement):
        look()
        with asked() as queries:
            client.get(url(placement))
        return len(queries)

    short = count(moved_in(290))
    for day in range(280, 10, -10):
        under(world.own_child, "C1", since=days_before(day))
        with_parent(world.own_child, since=days_before(day))
        latest = moved_in(day - 5)
    assert count(latest) == short


def test_a_home_says_who_runs_it_and_a_placement_its_kind_and_its_name_once(world, signed_in):
    placement = in_childrens_home(world.own_child)
    client, home = signed_in(world.commissioning), placement.home
    rows = {row["label"]: row["says"] for row in client.get(url(home, "home")).context["rows"]}
    assert rows["Run by"] == home.provider.name
    page = signed_in(world.social_worker).get(url(placement))
    rows = {row["label"]: row["says"] for row in page.context["rows"]}
    assert (rows["Kind of home"], rows["With"]) == ("Children’s home", home.name)


def test_the_page_of_a_placement_is_headed_by_the_name_alone_where_it_may_be_known(world, signed_in):
    placement = in_childrens_home(world.own_child)
    page = signed_in(world.social_worker).get(url(placement))
    assert (page.context["where"], page.context["caption"]) == (placement.home.name, "Where the child lives")
    assert reverse("children:child", args=[placement.child_id]) == page.context["back_url"]
    invite(world.lado, world.own_child, at=days_before(1), until=None, because="Allegation")
    assert signed_in(world.lado).get(url(placement)).context["where"] == "Children’s home"


def test_a_home_leads_to_who_runs_it_and_back_to_the_homes(world, signed_in):
    home = in_childrens_home(world.own_child).home
    page = signed_in(world.commissioning).get(url(home, "home"))
    assert f'href="{url(home.provider, "provider")}"' in page.text
    for about in (page, signed_in(world.commissioning).get(url(home.provider, "provider"))):
        assert about.context["back_url"] == url_of_homes()


def test_where_no_registration_is_on_record_none_is_offered_to_be_struck_out(world, signed_in):
    home, client = a_home(registered=None), signed_in(world.commissioning)
    assert url(home, "strike_out_registration") not in client.get(url(home, "home")).text
    page = client.get(url(home, "strike_out_registration"))
    assert page.status_code == 409
    assert "No registration is on record, so none can be struck out." in page.text


def test_homes_are_found_by_name_number_and_postcode_with_where_they_stand(world, signed_in, asked):
    home = a_home(name="Larch House", postcode="ZZ1 1ZZ")
    a_home(name="Birch House", registered=RegistrationStatus.APPLIED)
    client = signed_in(world.commissioning)
    for words in ("larch", home.urn, "zz1"):
        page = client.get(url_of_homes(), {"q": words})
        assert [row[0]["says"] for row in page.context["rows"]] == ["Larch House"]
    with asked() as two:
        page = client.get(url_of_homes())
    assert [row[2]["says"] for row in page.context["rows"]] == ["Applied, not yet registered", "Registered"]
    for _ in range(5):
        a_home()
    with asked() as seven:
        client.get(url_of_homes())
    assert len(seven) == len(two)
    assert "No home found" in client.get(url_of_homes(), {"q": "zzqq"}).text
    assert client.get(url_of_homes(), {"q": "\x00", "page": "x"}).status_code == 200


def test_that_a_home_is_not_registered_is_marked_in_the_list_and_first_on_its_page(world, signed_in):
    client = signed_in(world.commissioning)
    home, registered = a_home(registered=RegistrationStatus.UNREGISTERED), a_home()
    tones = {row[0]["says"]: row[2]["tone"] for row in client.get(url_of_homes()).context["rows"]}
    assert tones == {home.name: "alarm", registered.name: ""}
    assert "hearth-tag--alarm" in client.get(reverse("placements:home", args=[home.pk])).text
    assert "hearth-tag" not in client.get(reverse("placements:home", args=[registered.pk])).text


def url_of_homes():
    return reverse("placements:homes")
