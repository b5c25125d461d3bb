"""Visits to the same children sent at the same moment: from two phones, and by two people in opposite order."""

import uuid

import pytest
from django.urls import reverse

from casework.events import faults_in_chains
from tests.approvals.racing import together
from tests.factories import NOW, days_before, in_childrens_home
from visits.models import SharedVisit, Visit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def homes(world):
    own = in_childrens_home(world.own_child)
    return own, in_childrens_home(world.teams_child, home=own.home)


def sending(client, send, home, other, key):
    """Send a visit to both, from the page of one of them; the address that it is answered with."""
    told = {"seen": "alone", "account": "We talked.", "worries": "no"}
    of_other = {f"{name}_{other.pk}": answer for name, answer in told.items()}
    address = reverse("visits:record", args=[home.pk])
    return lambda: send(client, address, key=key, made_at=days_before(1), also=[str(other.pk)], **told, **of_other).url


def test_two_phones_that_send_one_form_record_one_visit(world, homes, signed_in, send):
    key, phones = uuid.uuid4(), [signed_in(world.social_worker), signed_in(world.social_worker)]
    answers = together(*(sending(phone, send, *homes, key) for phone in phones))
    assert answers[0] == answers[1]
    assert Visit.objects.count() == 2
    assert SharedVisit.objects.count() == 1


def test_two_people_who_visited_the_same_children_do_not_wait_for_each_other(world, homes, signed_in, send):
    own, other = homes
    first = sending(signed_in(world.social_worker), send, own, other, uuid.uuid4())
    second = sending(signed_in(world.team_manager), send, other, own, uuid.uuid4())
    answers = together(first, second)
    assert all(answer.startswith("/visits/") for answer in answers)
    assert Visit.objects.filter(made_at=days_before(1), recorded_at=NOW).count() == 4
    assert SharedVisit.objects.count() == 2
    assert list(faults_in_chains()) == []
