"""The report on relatives and friends as files: who did not become a foster carer, why, and how many. S0 2.2."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from approvals.connected.report import READERS
from approvals.connected.states import HowEnded, Pathway, WhyNot
from approvals.models import ConnectedPerson
from casework.limits import local_day
from casework.models import Reading
from casework.steps import carry_out
from children.access import SIGHTS, Extent
from exchange.connected_csv import COLUMNS, KNOW_CARERS
from placements.models import Carer
from tests.approvals.connected_steps import approved_for_a_time, asked_about, looked_into
from tests.approvals.steps import signed_in_with_password
from tests.factories import World

pytestmark = pytest.mark.django_db
LIST, COUNTS = "exchange:connected_csv", "exchange:connected_figures_csv"


@pytest.fixture
def world():
    return World(at=timezone.now())


def lines(client, name, **query):
    answer = client.get(reverse(name), query)
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def withdrew(world, *, because="They are too old, they say.", **about):
    ended = {"ended_on": local_day(world.at), "how_ended": HowEnded.WITHDREW, "why_not": WhyNot.THEIR_CHOICE}
    person = asked_about(world, at=world.at, **about)
    return carry_out(person.take_no_further, by=world.social_worker, at=world.at, because=because, **ended)


def test_a_line_says_who_and_why_in_words(world):
    withdrew(world)
    person = looked_into(world, at=world.at, carer=Carer(name="Bea Friend"))
    approved_for_a_time(world, person, at=world.at)
    today = local_day(world.at).isoformat()
    heading, approved, ended = lines(signed_in_with_password(world.person(Role.HOS)), LIST)
    assert tuple(heading) == COLUMNS
    name = world.own_child.name
    assert ended[:8] == [
        name, "Ada Aunt", "Aunt", today, "They withdrew", today, "They decided against it", "They are too old, they say."
    ]  # fmt: skip
    assert approved[:9] == [name, "Bea Friend", "Aunt", today, "Being looked into", "", "", "", today]


def test_it_is_narrowed_as_the_page_is_and_the_page_leads_there(world):
    withdrew(world)
    asked_about(world, at=world.at, carer=Carer(name="Bea Friend"))
    client = signed_in_with_password(world.person(Role.HOS))
    assert [row[1] for row in lines(client, LIST, outcome="withdrew")[1:]] == ["Ada Aunt"]
    page = client.get(reverse("approvals:connected_persons"), {"outcome": "withdrew"}).content.decode()
    assert f"{reverse(LIST)}?outcome=withdrew" in page


def test_the_counts_are_those_of_the_page(world):
    withdrew(world)
    counts = dict(lines(signed_in_with_password(world.person(Role.PERFORMANCE)), COUNTS))
    assert (counts["Asked about"], counts["They withdrew"]) == ("1", "1")
    assert counts["Reason: They decided against it"] == "1"


def test_performance_gets_counts_and_nobody(world):
    withdrew(world)
    assert lines(signed_in_with_password(world.person(Role.PERFORMANCE)), LIST) == [list(COLUMNS)]


def test_others_learn_nothing_of_a_restricted_child(world):
    person = withdrew(world)
    ConnectedPerson.objects.filter(pk=person.pk).update(child=world.restricted_child)
    client = signed_in_with_password(world.person(Role.HOS))
    assert lines(client, LIST) == [list(COLUMNS)]
    assert dict(lines(client, COUNTS))["Asked about"] == "0"


def test_nothing_in_it_acts_as_a_formula(world):
    withdrew(world, because="=1+1", carer=Carer(name="@SUM(A1)"))
    row = lines(signed_in_with_password(world.person(Role.HOS)), LIST)[1]
    assert (row[1], row[7]) == ("'@SUM(A1)", "'=1+1")


def test_every_child_in_it_is_a_reading(world):
    person = withdrew(world)
    lines(signed_in_with_password(world.person(Role.HOS)), LIST)
    assert Reading.objects.filter(page=reverse(LIST), case_files__contains=[person.case_file_id]).exists()


def test_an_enquiry_opened_by_mistake_is_in_neither(world):
    person = asked_about(world, at=world.at)
    person = carry_out(person.strike_out, by=world.social_worker, at=world.at, because="The wrong child.")
    assert person.state == Pathway.STRUCK_OUT
    client = signed_in_with_password(world.person(Role.HOS))
    assert lines(client, LIST) == [list(COLUMNS)]
    assert dict(lines(client, COUNTS))["Asked about"] == "0"


def test_whoever_reads_it_by_role_may_know_carers_and_read_what_workers_wrote():
    assert {role for role in READERS if SIGHTS[role].address == SIGHTS[role].narrative == Extent.YES} == KNOW_CARERS


def test_it_asks_as_often_for_one_as_for_many(world):
    client = signed_in_with_password(world.person(Role.HOS))
    withdrew(world)
    lines(client, LIST)
    before = queries_of(client)
    for number in range(3):
        withdrew(world, child=world.a_child(worker=world.social_worker), carer=Carer(name=f"Carer {number}"))
    assert queries_of(client) == before


def queries_of(client):
    with CaptureQueriesContext(connection) as asked:
        lines(client, LIST)
    return len(asked)
