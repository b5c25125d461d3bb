"""Five years made by the project's own generator, loaded as one history: each child is the one it was planned to be."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from bench import names
from bench.generator import make_plan
from bench.ssda903_files import episodes_of, write_years, years_of
from casework.limits import local_day
from children.models import Child
from exchange.models import Delivery
from exchange.ssda903.tables import year_ended
from tests.exchange.bringing import brought, decide, work, zipped

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
CHILDREN = 20


@pytest.fixture(scope="module")
def plan():
    """A small authority in November 2026, whose five years have ended."""
    return make_plan(NOW, children=CHILDREN)


@pytest.fixture
def loaded(plan, tmp_path, jess):
    """Five years in one zip, in no order, by page."""
    years = years_of(plan)
    assert len(years) == 5
    folders = write_years(tmp_path, plan, years)
    files = [(f"{path.parent.name}/{path.name}", path.read_bytes()) for folder in folders for path in folder.iterdir()]
    with time_machine.travel(NOW, tick=False):
        client = Client()
        client.force_login(jess, backend="allauth.account.auth_backends.AuthenticationBackend")
        packed = zipped(sorted(files, reverse=True))
        delivery = brought(client, ("five-years.zip", packed), authority=names.AUTHORITY_CODE)
        decide(client, delivery, "load")
        work()
    return Delivery.objects.get()


def planned(child, until):
    """What five years can tell of a child's plan: care, where the child lived, on what legal basis, and reviews."""

    def told(day):
        return day if day and day <= until else None

    episodes = [episode for episode in episodes_of(child) if episode.starts_on <= until]
    homes = []
    for episode in episodes:
        moved = not homes or homes[-1][2] is not episode.placement
        if moved:
            homes.append([episode.starts_on, None, episode.placement])
        homes[-1][1] = told(episode.ends_on)
    return {
        "care": [(child.care_from, told(child.care_to))],
        "homes": [(starts, ends) for starts, ends, _ in homes],
        "legal": [(since, code) for since, code in child.legal if since <= until],
        "reviews": sorted(review.held_on for review in child.reviews if review.held_on and review.held_on <= until),
    }


def on_record(child):
    """What is on record about the child."""
    placements = child.placements.order_by("started_at").values_list("started_at", "ended_at")
    return {
        "care": list(child.care_periods.order_by("started_on").values_list("started_on", "ended_on")),
        "homes": [(local_day(starts), local_day(ends) if ends else None) for starts, ends in placements],
        "legal": list(child.legal_statuses.order_by("from_on").values_list("from_on", "code")),
        "reviews": sorted(child.reviews.values_list("held_on", flat=True)),
    }


def test_five_years_are_one_unbroken_history_for_each_child(plan, loaded):
    until = year_ended(years_of(plan)[-1])
    children = {child.reference: child for child in plan.children if child.care_from <= until}
    assert set(Child.objects.values_list("reference", flat=True)) == set(children)
    assert len(children) > 60
    assert loaded.told["levels"]["refused"] == 0
    for child in Child.objects.all():
        plan_of_child = children[child.reference]
        assert child.date_of_birth == plan_of_child.born_on
        assert on_record(child) == planned(plan_of_child, until), (child.reference, plan_of_child.story)
