"""Recording a fact about a child: who may, what is refused with a sentence, and that nothing is lost or doubled.

C-45: a fact is never stopped by a rule; quality: idempotency, what bad input gets; roles, last table.
"""

import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.roles import Role
from casework.models import Draft, Event
from children.changes import CHANGES
from children.models import Allocation, Child, LegalStatus
from tests.factories import NOW, TODAY, a, allocated_to, days_before, restricted_to, review

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

YESTERDAY = TODAY - timedelta(days=1)


def url(child, act):
    return reverse(f"children:{act}", args=[child.pk])


def errors(response):
    assert response.status_code == 422
    return response.context["form"].errors


# Who may

FORMS = {
    "change_legal_status": {"code": "C1", "from_on": YESTERDAY},
    "schedule_review": {"scheduled_on": TODAY + timedelta(days=20)},
    "hold_review": {"held_on": YESTERDAY},
    "allocate": {"from_on": TODAY},
    "change_team": {"from_on": TODAY},
    "change_name": {"forename": "Alex", "surname": "Newname"},
}
WORKERS = {Role.SOCIAL_WORKER, Role.PERSONAL_ADVISER, Role.TEAM_MANAGER}
MAY = {
    "change_legal_status": WORKERS,
    "schedule_review": WORKERS | {Role.IRO},
    "hold_review": WORKERS | {Role.IRO},
    "allocate": {Role.TEAM_MANAGER, Role.SERVICE_MANAGER},
    "change_team": {Role.TEAM_MANAGER, Role.SERVICE_MANAGER},
    "change_name": WORKERS,
}
DIRECTORS = {Role.SERVICE_DIRECTOR, Role.ASSISTANT_DIRECTOR, Role.DCS}
"""They say who reviews a child that a team holds, and not who works with it."""


@pytest.fixture
def answers(world):
    """What each form is sent with."""
    return FORMS | {
        "allocate": {"who": f"social_worker:{world.colleague.pk}", "from_on": TODAY},
        "change_team": {"team": world.second_team.pk, "from_on": TODAY},
    }


@pytest.mark.parametrize("act", MAY)
@pytest.mark.parametrize("role", Role)
def test_each_fact_is_recorded_by_whom_it_concerns_and_by_nobody_else(world, signed_in, send, answers, act, role):
    answer = send(signed_in(world.person(role)), url(world.own_child, act), **answers[act])
    recorded = Event.objects.filter(case_file=world.own_child.case_file, act=act, by=world.person(role))
    assert recorded.exists() == (role in MAY[act])
    if act == "allocate" and role in DIRECTORS:
        assert errors(answer) == {"who": ["Select one of the answers listed"]}
    else:
        assert answer.status_code in ({302} if role in MAY[act] else {403, 404})


@pytest.mark.parametrize("act", MAY)
def test_the_right_role_with_the_wrong_child_records_nothing(world, signed_in, send, answers, act):
    for person in (
        world.second_teams_worker,
        world.second_teams_manager,
        world.elsewhere(Role.SOCIAL_WORKER),
        world.elsewhere(Role.TEAM_MANAGER),
        world.elsewhere(Role.SERVICE_MANAGER),
        a(Role.TEAM_MANAGER, team=world.team, until=days_before(1)),
    ):
        assert send(signed_in(person), url(world.own_child, act), **answers[act]).status_code in (403, 404)
    assert not Event.objects.filter(act=act).exists()


def test_two_roles_do_not_add_up_to_a_right_that_neither_gives(world, signed_in, send):
    """A worker of another team who also holds a role that sees every child may look, and not record."""
    person = a(Role.SOCIAL_WORKER, team=world.second_team)
    a_second = {"role": Role.COMMISSIONING, "starts_at": days_before(5)}
    person.appointments.create(**a_second)
    client = signed_in(person)
    assert client.get(reverse("children:child", args=[world.own_child.pk])).status_code == 200
    assert send(client, url(world.own_child, "change_legal_status"), code="C1", from_on=YESTERDAY).status_code == 403


def test_nobody_records_about_a_restricted_child_without_being_named(world, signed_in, send):
    restricted_to(world.own_child, world.colleague, by=world.service_manager)
    address = url(world.own_child, "change_legal_status")
    assert send(signed_in(world.social_worker), address, code="C1", from_on=YESTERDAY).status_code == 404
    assert send(signed_in(world.colleague), address, code="C1", from_on=YESTERDAY).status_code == 302


def test_the_menu_offers_what_one_may_record_and_nothing_else(world, signed_in):
    def offered(person):
        page = signed_in(person).get(reverse("children:child", args=[world.own_child.pk]))
        return {change["label"] for change in page.context["changes"]}

    names = {change.act: change.label for change in CHANGES}
    assert {names["change_legal_status"], "The child moved"} <= offered(world.social_worker)
    assert names["allocate"] not in offered(world.social_worker)
    assert {names["allocate"], names["change_team"]} <= offered(world.team_manager)
    assert offered(world.iro) == {names["schedule_review"], names["hold_review"]}
    assert offered(world.dhos) == set()


# What is written


def test_a_legal_status_holds_from_its_day(world, signed_in, send):
    answer = send(
        signed_in(world.social_worker), url(world.own_child, "change_legal_status"), code="C1", from_on=YESTERDAY
    )
    assert answer.url == reverse("children:child", args=[world.own_child.pk])
    assert LegalStatus.objects.filter(child=world.own_child).last().code == "C1"


def test_a_review_that_is_moved_stays_one_record(world, signed_in, send):
    client, address = signed_in(world.social_worker), url(world.own_child, "schedule_review")
    send(client, address, scheduled_on=TODAY + timedelta(days=10))
    send(client, address, scheduled_on=TODAY + timedelta(days=17))
    assert [row.scheduled_on for row in world.own_child.reviews.all()] == [TODAY + timedelta(days=17)]


def test_a_review_that_was_held_can_say_when_the_next_one_is(world, signed_in, send):
    review(world.own_child, YESTERDAY)
    send(
        signed_in(world.iro),
        url(world.own_child, "hold_review"),
        held_on=YESTERDAY,
        participation="PN1",
        next_on=TODAY + timedelta(days=90),
    )
    held, following = world.own_child.reviews.all()
    assert (held.scheduled_on, held.held_on, held.participation) == (YESTERDAY, YESTERDAY, "PN1")
    assert (following.scheduled_on, following.held_on) == (TODAY + timedelta(days=90), None)


def test_an_allocation_ends_the_one_before_and_withdraws_its_rights_at_once(world, signed_in, send):
    child = world.a_child(worker=world.second_teams_worker, team=world.second_team, by=world.second_teams_manager)
    former = a(Role.SOCIAL_WORKER, team=world.team)
    allocated_to(child, former, since=days_before(10), by=world.second_teams_manager)
    assert signed_in(former).get(reverse("children:child", args=[child.pk])).status_code == 200
    answer = send(
        signed_in(world.second_teams_manager),
        url(child, "allocate"),
        who=f"social_worker:{world.second_teams_worker.pk}",
        from_on=TODAY,
    )
    assert answer.status_code == 302
    assert (
        Allocation.objects.in_force(NOW).get(child=child, role=Role.SOCIAL_WORKER).person == world.second_teams_worker
    )
    assert signed_in(former).get(reverse("children:child", args=[child.pk])).status_code == 404


def test_only_people_who_hold_the_role_in_the_area_are_offered_for_allocation(world, signed_in):
    page = signed_in(world.team_manager).get(url(world.own_child, "allocate"))
    assert world.colleague.name in page.text
    assert world.second_teams_worker.name in page.text
    assert world.iro.name in page.text
    assert world.elsewhere(Role.SOCIAL_WORKER).username not in {
        person.username for person in [world.colleague, world.second_teams_worker]
    }
    offered = dict(page.context["form"].fields["who"].choices)
    values = [value for label, group in offered.items() if isinstance(group, list) for value, _ in group]
    assert f"social_worker:{world.elsewhere(Role.SOCIAL_WORKER).pk}" not in values
    assert f"social_worker:{world.team_manager.pk}" not in values


def test_a_change_of_team_takes_the_record_along(world, signed_in, send):
    send(signed_in(world.team_manager), url(world.own_child, "change_team"), team=world.second_team.pk, from_on=TODAY)
    page = reverse("children:child", args=[world.own_child.pk])
    assert signed_in(world.second_teams_manager).get(page).status_code == 200
    assert signed_in(world.team_manager).get(page).status_code == 404
    assert signed_in(world.social_worker).get(page).status_code == 200, "still allocated"


def test_a_former_name_still_finds_the_child(world, signed_in, send):
    before = world.own_child.name
    client = signed_in(world.social_worker)
    send(client, url(world.own_child, "change_name"), forename="Alex", surname="Newname", known_as="Lexi")
    child = Child.objects.get(pk=world.own_child.pk)
    assert child.name == "Alex Newname"
    for words in (before, "newname", "lexi"):
        assert "Alex Newname" in client.post("/search/", {"q": words}).text


# What is refused


@pytest.mark.parametrize(
    ("act", "typed", "field", "sentence"),
    [
        ("change_legal_status", {"code": "", "from_on": YESTERDAY}, "code", "Select the legal status"),
        ("change_legal_status", {"code": "XX", "from_on": YESTERDAY}, "code", "Select one of the answers listed"),
        ("change_legal_status", {"code": "C1"}, "from_on", "Enter the first day"),
        (
            "change_legal_status",
            {"code": "C1", "from_on": TODAY + timedelta(days=1)},
            "from_on",
            "today or in the past",
        ),
        ("change_legal_status", {"code": "C1", "from_on": date(2001, 1, 1)}, "from_on", "was born"),
        ("hold_review", {"held_on": TODAY + timedelta(days=1)}, "held_on", "today or in the past"),
        ("hold_review", {"held_on": YESTERDAY, "next_on": YESTERDAY}, "next_on", "must be after this review"),
        ("schedule_review", {"scheduled_on_day": "31", "scheduled_on_month": "2"}, "scheduled_on", "year"),
        ("change_name", {"forename": "", "surname": ""}, "surname", "Enter a first or a last name"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence_at_its_field(world, signed_in, send, act, typed, field, sentence):
    refused = errors(send(signed_in(world.social_worker), url(world.own_child, act), **typed))
    assert field in refused
    assert sentence in str(refused[field])


def test_a_second_status_on_one_day_is_refused_by_the_database_with_a_sentence(world, signed_in, send):
    day = world.own_child.legal_statuses.get().from_on
    refused = send(signed_in(world.social_worker), url(world.own_child, "change_legal_status"), code="C1", from_on=day)
    assert errors(refused) == {"from_on": ["A legal status is on record from that day already"]}
    assert "Interim care order" in refused.text, "what was typed is kept"


def test_two_workers_in_one_role_are_refused_with_a_sentence(world, signed_in, send):
    allocated_to(world.own_child, world.colleague, since=NOW + timedelta(days=5), by=world.team_manager)
    who = f"social_worker:{world.second_teams_worker.pk}"
    refused = send(
        signed_in(world.team_manager), url(world.own_child, "allocate"), who=who, from_on=TODAY - timedelta(days=400)
    )
    assert errors(refused) == {"from_on": ["Another person is allocated in this role at that time."]}


def test_a_form_that_was_refused_keeps_every_word_and_leaves_nothing_behind(world, signed_in, send):
    events = Event.objects.count()
    page = send(signed_in(world.social_worker), url(world.own_child, "change_name"), known_as="K" * 300, surname="New")
    assert "K" * 300 in page.text
    assert "There is a problem" in page.text
    assert "Error:" in page.text
    assert Event.objects.count() == events


# Nothing doubled, nothing lost


def test_a_form_that_is_sent_twice_records_once(world, signed_in, send):
    client, address, key = signed_in(world.social_worker), url(world.own_child, "change_legal_status"), uuid.uuid4()
    first = send(client, address, key=key, code="C1", from_on=YESTERDAY)
    again = send(client, address, key=key, code="C1", from_on=YESTERDAY)
    assert (first.status_code, first.url) == (again.status_code, again.url)
    assert world.own_child.legal_statuses.count() == 2
    assert Event.objects.filter(act="change_legal_status").count() == 1


def test_a_form_comes_back_filled_with_what_was_typed_and_not_sent(world, signed_in, send):
    address = url(world.own_child, "change_name")
    Draft.objects.create(
        user=world.social_worker, form=address, content={"surname": ["Half-typed"]}, saved_at=days_before(1)
    )
    client = signed_in(world.social_worker)
    assert "Half-typed" in client.get(address).text
    assert "Half-typed" not in signed_in(world.colleague).get(address).text
    send(client, address, forename="Alex", surname="Done")
    assert not Draft.objects.exists()


def test_a_repeat_gets_its_answer_also_where_what_it_did_forbids_doing_it_again(world, signed_in, send):
    """A manager gives the case away, and the second click of a double click comes after that."""
    client, address, key = signed_in(world.team_manager), url(world.own_child, "change_team"), uuid.uuid4()
    answers = {"key": key, "team": world.second_team.pk, "from_on": TODAY}
    assert send(client, address, **answers).url == "/"
    assert send(client, address, **answers).url == "/"
    assert client.get(address).status_code == 404
    assert Event.objects.filter(act="change_team").count() == 1


# A new child

NEW = {
    "forename": "Noor",
    "surname": "Hart",
    "date_of_birth": date(2015, 5, 4),
    "sex": "F",
    "reference": "N000001",
    "started_on": YESTERDAY,
    "code": "V2",
}


@pytest.fixture
def new(world):
    return NEW | {"team": world.team.pk, "who": f"social_worker:{world.social_worker.pk}"}


def test_opening_a_file_writes_every_first_fact_and_lets_its_workers_in(world, signed_in, send, new):
    client = signed_in(world.social_worker)
    answer = send(client, "/children/new/", **new, former_name="Nora Quill", known_as="Nou")
    child = Child.objects.get(reference="N000001")
    assert answer.url == reverse("children:child", args=[child.pk])
    assert client.get(answer.url).status_code == 200
    assert child.care_periods.get().started_on == YESTERDAY
    assert child.legal_statuses.get().code == "V2"
    assert child.holdings.get().team == world.team
    assert child.allocations.get().person == world.social_worker
    assert child.known_as == "Nou"
    assert "Noor Hart" in client.post("/search/", {"q": "quill"}).text
    assert Event.objects.get(case_file=child.case_file).act == "open"


@pytest.mark.parametrize("role", [Role.HOS, Role.IRO, Role.PLACEMENT_SERVICE, Role.ADMINISTRATOR])
def test_who_works_in_no_team_opens_no_file(world, signed_in, send, new, role):
    assert send(signed_in(world.person(role)), "/children/new/", **new).status_code == 403
    assert not Child.objects.filter(reference="N000001").exists()


def test_no_file_is_opened_for_another_team(world, signed_in, send, new):
    refused = send(signed_in(world.social_worker), "/children/new/", **(new | {"team": world.second_team.pk}))
    assert "team" in errors(refused)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"date_of_birth": TODAY + timedelta(days=1)}, "date_of_birth"),
        ({"started_on": date(2015, 5, 3)}, "started_on"),
        ({"started_on": TODAY + timedelta(days=1)}, "started_on"),
        ({"forename": ""}, "forename"),
        ({"surname": "x" * 100}, "surname"),
        ({"reference": "x" * 21}, "reference"),
        ({"sex": "Q"}, "sex"),
        ({"who": "social_worker:0"}, "who"),
    ],
)
def test_a_file_that_cannot_be_is_refused_at_its_field(world, signed_in, send, new, typed, field):
    assert field in errors(send(signed_in(world.social_worker), "/children/new/", **(new | typed)))
    assert not Child.objects.filter(surname="Hart").exists()


def test_a_number_in_use_is_refused(world, signed_in, send, new):
    refused = send(
        signed_in(world.social_worker), "/children/new/", **(new | {"reference": world.other_areas_child.reference})
    )
    assert errors(refused) == {"reference": ["This number is in use for another child"]}
    assert world.other_areas_child.name not in refused.text


def test_the_same_child_is_not_opened_twice_by_accident(world, signed_in, send, new):
    client = signed_in(world.social_worker)
    send(client, "/children/new/", **new)
    again = new | {"reference": "N000002"}
    refused = send(client, "/children/new/", **again)
    assert "is on file as N000001" in str(errors(refused)["is_another"])
    assert send(client, "/children/new/", **again, is_another="on").status_code == 302
    assert Child.objects.filter(surname="Hart").count() == 2
