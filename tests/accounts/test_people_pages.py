"""The list of people and the page of a person: whom administrators find, what they read, and what the pages never say."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.urls import reverse

from accounts.models import GrantRequest, User
from accounts.roles import Role
from casework import diary
from tests.accounts.administering import second_administrator
from tests.factories import NOW, a, a_person, appointed, days_before, in_a_hotel

pytestmark = pytest.mark.django_db
PEOPLE = "/people/"


@pytest.fixture
def administrator(db):
    return a(Role.ADMINISTRATOR, name="jo-admin")


@pytest.fixture
def client(administrator, signed_in):
    return signed_in(administrator)


def page_of(client, person):
    return client.get(reverse("people:person", args=[person.pk])).content.decode()


def listed(client, address=PEOPLE, **sent):
    answer = client.post(address, sent) if sent else client.get(address)
    return {row[1] for row in answer.context["rows"]}


def test_people_are_found_by_parts_of_their_names_and_the_address_does_not_tell(client):
    for name in ("maya-singh", "maya-stone", "tom-singh"):
        a_person(name)
    assert listed(client, q="maya sin") == {"maya-singh"}
    assert listed(client, q="SINGH") == {"maya-singh", "tom-singh"}
    assert "Nobody found" in client.post(PEOPLE, {"q": "nobody"}).content.decode()
    answer = client.post(PEOPLE, {"q": "maya"})
    assert (answer.status_code, answer.request["QUERY_STRING"]) == (200, "")


def test_the_list_is_narrowed_by_role_team_and_whether_somebody_left(client, world, signed_in):
    gone = a_person("gone")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert listed(client, f"{PEOPLE}?here=left") == {"gone"}
    assert "gone" not in listed(client, f"{PEOPLE}?here=here")
    team = f"{PEOPLE}?team={world.second_team.pk}"
    assert listed(client, team) == {"second-teams-worker", "second-teams-manager"}
    assert listed(client, f"{team}&role={Role.TEAM_MANAGER}") == {"second-teams-manager"}
    assert listed(client, f"{team}&role={Role.TEAM_MANAGER}", q="worker") == set()


def test_a_role_of_yesterday_or_of_tomorrow_is_not_held_now(client):
    appointed(a_person("yesterday"), Role.IRO, until=days_before(1))
    appointed(a_person("tomorrow"), Role.IRO, since=NOW + timedelta(days=1))
    a(Role.IRO, name="today")
    assert listed(client, f"{PEOPLE}?role={Role.IRO}") == {"today"}


def test_a_long_list_has_pages(client):
    User.objects.bulk_create(User(username=f"person-{number:03}", last_name="Many") for number in range(60))
    first = client.get(PEOPLE)
    assert (len(first.context["rows"]), first.context["page"].paginator.num_pages) == (50, 2)
    assert len(client.get(f"{PEOPLE}?page=2").context["rows"]) == 11
    found = client.post(PEOPLE, {"q": "person"})
    assert "Here are the first 50: type more of the name" in " ".join(found.content.decode().split())


def test_the_only_administrator_is_told_how_a_second_one_is_made(client):
    assert "appoint_administrator" in client.get(PEOPLE).content.decode()
    second_administrator()
    assert "appoint_administrator" not in client.get(PEOPLE).content.decode()


def test_a_persons_page_says_who_how_they_sign_in_and_each_appointment(client, administrator, world):
    person = a_person("sam-field")
    User.objects.filter(pk=person.pk).update(email="sam@example.org", directory_name="s.field@merrow")
    appointed(person, Role.IRO, since=days_before(10), until=NOW + timedelta(days=5), line_manager=world.hos)
    appointed(person, Role.LADO, until=days_before(3))
    appointed(person, Role.DHOS, area=world.area, since=NOW + timedelta(days=2), acting_for=world.dhos)
    page = page_of(client, person)
    for says in (
        "Sam Field",
        "sam-field",
        "sam@example.org",
        "s.field@merrow",
        "Not set up",
        "Independent reviewing officer, the whole authority",
        "From 27 February 2026 until 14 March 2026",
        "Hos Person",
        "LADO service, the whole authority",
        "Deputy Head of Service, East of the river, acting for Dhos Person",
    ):
        assert says in page, says
    titles = [part["title"] for part in client.get(reverse("people:person", args=[person.pk])).context["posts"]]
    assert titles == ["Now", "Ahead", "Past"]


def test_the_page_says_whether_a_second_factor_is_set_up(client):
    person = a_person("sam-field")
    assert "Not set up" in page_of(client, person)
    TOTP.activate(person, generate_totp_secret())
    page = page_of(client, person)
    assert "Not set up" not in page
    assert reverse("people:person_second-factor", args=[person.pk]) in page


def test_work_is_told_as_numbers_and_no_child_is_named(client, world):
    in_a_hotel(world.own_child, since=days_before(40))
    diary.refresh([world.own_child.case_file_id], at=NOW)
    page = page_of(client, world.social_worker)
    assert "1 child allocated" in page
    assert "to do" in page
    for child in world.children:
        assert child.surname not in page
        assert child.reference not in page


def test_nobody_changes_their_own_account(client, administrator):
    page = page_of(client, administrator)
    assert "This is your own account" in page
    assert "Make a change" not in page
    for name in ("appoint", "name", "sign-in", "link", "leave"):
        address = reverse(f"people:person_{name}", args=[administrator.pk])
        assert client.get(address).status_code == 403, name
    own = reverse("people:appointment_end", args=[administrator.appointments.get().pk])
    assert client.get(own).status_code == 403


@pytest.mark.parametrize("until", [days_before(1), NOW])
def test_an_administrator_whose_appointment_has_ended_gets_no_page(signed_in, until):
    former = appointed(a_person("former"), Role.ADMINISTRATOR, until=until)
    client = signed_in(former)
    assert client.get(PEOPLE).status_code == 403


def test_whoever_covers_an_administrator_is_one_until_that_ends(signed_in, administrator):
    covers = appointed(a_person("cover"), Role.ADMINISTRATOR, until=NOW + timedelta(days=1), acting_for=administrator)
    assert signed_in(covers).get(PEOPLE).status_code == 200


def test_the_list_asks_as_much_for_sixty_people_as_for_five(client, asked):
    for number in range(5):
        a(Role.IRO, name=f"few-{number}")
    with asked() as few:
        client.get(PEOPLE)
    for number in range(55):
        a(Role.IRO, name=f"many-{number}")
    with asked() as many:
        client.get(PEOPLE)
    assert len(few) == len(many)


def test_a_person_page_asks_as_much_for_ten_appointments_as_for_two(client, world, asked):
    person = a_person("sam-field")

    def hold(count):
        for number in range(count):
            since = days_before(400 - number)
            appointed(person, Role.DHOS, area=world.area, since=since, acting_for=world.hos, line_manager=world.dcs)

    hold(2)
    page = reverse("people:person", args=[person.pk])
    client.get(page)
    with asked() as few:
        client.get(page)
    hold(8)
    with asked() as many:
        client.get(page)
    assert len(few) == len(many)


def test_what_waits_stands_above_the_whole_list_and_not_above_what_was_looked_for(client, world):
    person = a_person("sam-field")
    GrantRequest.objects.create(
        kind="return", person=person, asked_by=second_administrator(), asked_at=NOW, because="Back from leave."
    )
    says = "Sam Field is to come back"
    assert says in client.get(PEOPLE).content.decode()
    assert says not in client.post(PEOPLE, {"q": "field"}).content.decode()
    assert says not in client.get(f"{PEOPLE}?role={Role.IRO}").content.decode()
