"""Nothing that counts, lists, finds, tells or refuses betrays a restricted child: with and without one, the same answers.

The walk takes its pages from the tables of `tests/test_access.py`, so that a new page is walked from its first day.
Quality, who may see what: restricted children are invisible outside the named people.
"""

import re
from datetime import date

import pytest
from django.urls import reverse

from accounts.roles import Role
from approvals.models import CaseDiscussion
from approvals.states import State
from casework import diary, notifications
from casework.models import CaseFile, Duty, Notification, OutgoingMail
from children import breaking_glass
from children.models import Child, ChildName
from placements.models import Carer
from placements.states import Setting
from tests.factories import (
    NOW,
    TODAY,
    a_home,
    chain_at,
    days_before,
    in_childrens_home,
    placed,
    restricted_to,
    visited,
)
from tests.test_access import PAGES_OF_A_CHILD, PAGES_OF_NO_ONE_CHILD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
OBSERVERS = (Role.TEAM_MANAGER, Role.SERVICE_DIRECTOR, Role.PERFORMANCE, Role.ADMINISTRATOR)
"""Who leads the restricted child's own team, who sees every child, who counts them all, who keeps the people."""
READS_THE_SIBLING = Role.TEAM_MANAGER
NAMES = {"forename": "Quintilla", "surname": "Hiddenname"}
NUMBER, UPN, BORN = "ZZ98765", "Z999999999999", date(2016, 2, 3)
TOKENS = re.compile(
    r'(name="(csrfmiddlewaretoken|key|typist)" value=")[^"]*|(id="[^"]*" )?value="[0-9a-f-]{36}"'
    r"|([?]v=)[0-9a-f]+|found=[\w-]+"
)
"""What is new with every page: tokens of the form, of the typist, of the request."""
NOT_WALKED = {"approvals:document"}
"""A document takes half a second to make, and says what the approval's page says."""


@pytest.fixture
def family(world):
    """A sibling whom everybody here sees, with an aunt whom nobody approved, and in a home that others know."""
    world.own_child.surname = NAMES["surname"]
    world.own_child.save()
    placement = placed(world.own_child, Setting.CONNECTED_PERSON, since=days_before(20), carer=_aunt())
    chain_at(State.AGREED, placement, held_at=days_before(10))
    visited(placement, days_before(3), by=world.social_worker)
    world.legal.appointments.update(ends_at=days_before(1))
    look()
    return placement


def _aunt():
    return Carer(name="The aunt", address="9 Family Lane")


def look():
    diary.refresh(CaseFile.objects.values_list("pk", flat=True), at=NOW)
    notifications.tell_of(CaseFile.objects.values_list("pk", flat=True), at=NOW)


def hide_one(world, placement):
    """A restricted brother or sister in the same place, in every kind of trouble; named are a worker and a manager."""
    child = world.a_child(worker=world.colleague, born=BORN, **NAMES)
    Child.objects.filter(pk=child.pk).update(reference=NUMBER, upn=UPN)
    ChildName.objects.create(child=child, kind=ChildName.Kind.FORMER, name="Quintilla Formername")
    placed(child, Setting.CONNECTED_PERSON, since=days_before(40), carer=placement.carer)
    restricted_to(child, world.colleague, world.hos, by=world.service_manager)
    breaking_glass.open_record(child, hours=4, why="danger", because="A long reason.", by=world.dhos, at=NOW)
    look()
    assert Duty.objects.open().filter(case_file=child.case_file_id).exists()
    return child


def plain(answer):
    return (answer.status_code, answer.headers.get("Location"), TOKENS.sub("", answer.content.decode()))


def records_of(placement):
    child = placement.child
    return {
        None: [],
        "child": [child.pk],
        "placement": [placement.pk],
        "visit": [placement.visits.get().pk],
        "approval": [CaseDiscussion.objects.get(placement=placement).pk],
        "duty": [Duty.objects.open().filter(case_file=child.case_file_id).order_by("pk").first().pk],
    }


def pages(role, placement, home, people):
    """Every page of the house that this observer can ask for, by its name."""
    records = records_of(placement) | {"home": [home.pk], "provider": [home.provider_id], **people}
    for name, (roles, about) in PAGES_OF_NO_ONE_CHILD.items():
        if role in roles and about in records:
            yield name, reverse(name, args=records[about])
    if role == READS_THE_SIBLING:
        for name, row in PAGES_OF_A_CHILD.items():
            if name not in NOT_WALKED and row.about in records:
                yield name, reverse(name, args=records[row.about])


def everything(world, signed_in, placement, home):
    answers = {}
    people = {"person": [world.colleague.pk], "team": [world.team.pk], "area": [world.area.pk]}
    for role in OBSERVERS:
        client = signed_in(world.person(role))
        for name, address in pages(role, placement, home, people):
            answers[role, name] = plain(client.get(address))
    return answers


def test_every_page_is_the_same_with_and_without_a_restricted_child(world, signed_in, family):
    home = a_home()
    in_childrens_home(world.teams_child, home=home)
    look()
    without = everything(world, signed_in, family, home)
    child = hide_one(world, family)
    placed(child, Setting.CHILDRENS_HOME, since=days_before(1), home=home)
    look()
    with_one = everything(world, signed_in, family, home)
    assert len(without) > 80
    assert {page for page in without if without[page] != with_one[page]} == set()


def test_nobody_who_is_not_named_is_told_of_it(world, family):
    before = told_to_people()
    hide_one(world, family)
    named = {world.colleague.pk, world.hos.pk, world.privacy_officer.pk}
    assert {person for person, _ in told_to_people() - before} <= named


def told_to_people():
    told = {(row.person_id, f"{row.duty_id} {row.threshold}") for row in Notification.objects.all()}
    return told | {(mail.to_id, f"mail {mail.pk}") for mail in OutgoingMail.objects.all()}


SEARCHES = (
    "Quintilla",
    "Hiddenname",
    "quintila hidenname",
    "Quintilla Formername",
    "Formername",
    "Q",
    "uin",
    NUMBER,
    NUMBER.lower(),
    UPN,
    f"Hiddenname {NUMBER}",
)


def test_search_finds_the_same(world, signed_in, family):
    def found():
        for role in (Role.TEAM_MANAGER, Role.SERVICE_DIRECTOR):
            client = signed_in(world.person(role))
            for words in SEARCHES:
                yield role, words, plain(client.post(reverse("children:search"), {"q": words}))

    without = list(found())
    hide_one(world, family)
    assert list(found()) == without


def test_an_address_of_a_restricted_record_is_answered_like_one_that_never_was(world, signed_in, family):
    child = hide_one(world, family)
    nobody = 10**9
    hidden = {
        "child": child.pk,
        "placement": child.placements.get().pk,
        "duty": Duty.objects.open().filter(case_file=child.case_file_id).first().pk,
    }
    client = signed_in(world.person(READS_THE_SIBLING))
    for name, row in PAGES_OF_A_CHILD.items():
        if row.about in hidden:
            theirs, none = (reverse(name, args=[pk]) for pk in (hidden[row.about], nobody))
            there, nowhere = plain(client.get(theirs)), plain(client.get(none))
            assert there[0] == nowhere[0], name
            assert there[2].replace(theirs, "") == nowhere[2].replace(none, ""), name


def test_a_number_that_is_taken_is_refused_in_one_sentence_whosever_it_is(world, signed_in, send, family):
    hide_one(world, family)
    client = signed_in(world.social_worker)
    said = {"forename": "New", "surname": "Child", "date_of_birth": date(2015, 1, 2), "sex": "U", "code": "V2"}
    said |= {"team": world.team.pk, "started_on": TODAY}
    taken = (NUMBER, world.own_child.reference, world.other_areas_child.reference)
    refusals = []
    for number in taken:
        answer = send(client, reverse("children:new_child"), reference=number, **said)
        refusals.append((answer.status_code, dict(answer.context["form"].errors)))
    assert refusals[0] == refusals[1] == refusals[2]


def test_a_new_child_like_a_restricted_one_is_taken_as_any_other(world, signed_in, send, family):
    hide_one(world, family)
    said = {"date_of_birth": BORN, "sex": "U", "code": "V2", "team": world.team.pk, "started_on": TODAY, **NAMES}
    answer = send(signed_in(world.social_worker), reverse("children:new_child"), reference="NEW1", upn=UPN, **said)
    assert answer.status_code == 302


def test_the_walk_would_notice(world, signed_in, family):
    """A child who is not restricted changes the pages of those who see it."""
    home = a_home()
    in_childrens_home(world.teams_child, home=home)
    director = signed_in(world.service_director)
    addresses = [reverse("placements:home", args=[home.pk]), reverse("tracking:dashboard")]
    before = [plain(director.get(address)) for address in addresses]
    child = world.a_child(worker=world.colleague)
    placed(child, Setting.CONNECTED_PERSON, since=days_before(5), carer=_aunt(), ended=days_before(2))
    placed(child, Setting.HOTEL, since=days_before(2), home=home)
    look()
    after = [plain(director.get(address)) for address in addresses]
    assert all(was != now for was, now in zip(before, after, strict=True))
