"""What the approvals app adds to the pages below: oversight beside the law (C-00), the approvals, where duties are met."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from approvals.panels import what_to_do, where_met
from approvals.states import ApprovedAs, State
from casework import diary
from casework.models import Duty
from tests.approvals.steps import page_of, text_of
from tests.factories import NOW, approved_from, chain_at, day, days_before, in_childrens_home, with_unapproved_relative


@pytest.fixture
def placement(world):
    return with_unapproved_relative(world.own_child)


@pytest.fixture
def pages(signed_in):
    """What the child's and the placement's page say to somebody."""

    def says(placement, person):
        diary.refresh([placement.case_file_id], at=NOW)
        client = signed_in(person)
        urls = (
            reverse("children:child", args=[placement.child_id]),
            reverse("placements:placement", args=[placement.pk]),
        )
        return [text_of(client.get(url)) for url in urls]

    return says


def test_an_unapproved_arrangement_is_an_alarm_on_both_pages_and_says_for_whom_it_waits(world, placement, pages):
    for page in pages(placement, world.social_worker):
        assert "Oversight Not signed off" in page
        assert f"Waits for {world.dhos}, Deputy Head of Service." in page
        assert "Not lawful" in page


@pytest.mark.parametrize(
    ("approved_as", "says"), [(ApprovedAs.PERMANENCE, "permanence plan"), (ApprovedAs.INTERIM, "interim arrangement")]
)
def test_signed_off_it_says_as_what_and_stays_unlawful(world, placement, pages, approved_as, says):
    chain_at(State.FILED, placement, approved_as=approved_as)
    for page in pages(placement, world.social_worker):
        assert f"Oversight Signed off as {says}" in page
        assert f"By {world.service_director}." in page
        assert "Not lawful" in page


def test_a_regulated_home_calls_for_none(world, pages):
    for page in pages(in_childrens_home(world.own_child), world.social_worker):
        assert "Oversight None is called for" in page


def test_the_way_to_convene_is_shown_to_the_deputy_alone(world, placement, pages):
    assert "Convene the case discussion" in pages(placement, world.dhos)[1]
    for person in (world.social_worker, world.hos, world.elsewhere(Role.SOCIAL_WORKER)):
        assert "Convene the case discussion" not in pages(placement, person)[1].partition("What is due")[0]
    chain_at(State.REFUSED, placement)
    page = pages(placement, world.dhos)[1]
    assert "Convene another case discussion" in page
    assert "Case discussion of 27 February 2026 Refused by the Head of Service" in page
    chain_at(State.CONVENED, placement)
    assert "Convene another case discussion" not in pages(placement, world.dhos)[1]


def test_the_timeline_tells_it_as_the_field_does(world, placement, signed_in):
    chain_at(State.FILED, placement)
    url = reverse("children:timeline", args=[placement.child_id])
    page = text_of(signed_in(world.iro).get(url))
    assert "Case discussion held about where the child lives" in page
    assert f"There were: {world.social_worker} (Social worker), {world.team_manager} (Team manager)," in page
    assert "Approved by the Head of Service" in page
    assert "An interim arrangement, while a regulated home is found." in page
    assert "Filed as DOC-" in page
    assert "DOC-" not in text_of(signed_in(world.commissioning).get(url)), "what workers wrote is withheld"


# Where duties are met


def duty(placement, kind):
    diary.refresh([placement.case_file_id], at=NOW)
    return Duty.objects.open().filter(kind=kind, about=f"placements.placement:{placement.pk}").first()


def test_a_duty_leads_to_the_page_on_which_it_is_met(world, placement):
    home = reverse("placements:placement", args=[placement.pk])
    assert where_met(duty(placement, "D-00")) == home
    assert where_met(duty(placement, "D-01")) == reverse("approvals:convene", args=[placement.pk])
    discussion = chain_at(State.AGREED, placement)
    for kind in ("D-00", "D-03"):
        assert where_met(duty(placement, kind)) == page_of(discussion)


def test_the_link_says_what_one_does_there(world, placement):
    assert what_to_do(duty(placement, "D-00")) == "Not signed off: see who is next"
    assert what_to_do(duty(placement, "D-01")) == "Convene the case discussion"
    chain_at(State.AGREED, placement)
    assert what_to_do(duty(placement, "D-03")) == "Decide on the arrangement"


@pytest.mark.parametrize(
    ("state", "kind", "says"),
    [
        (
            State.CONVENED,
            "D-02",
            {"Type up or agree the record of the case discussion", "Write the case note of the meeting"},
        ),
        (
            State.TO_AGREE,
            "D-02",
            {"Agree the record of the case discussion", "Type up or agree the record of the case discussion"},
        ),
        (State.APPROVED, "D-04", {"Give final sign-off, or dissent"}),
        (State.SIGNED_OFF, "D-05", {"Tell the others what was decided"}),
        (State.COMMUNICATED, "D-05", {"File the signed record", "Confirm that you know what was decided"}),
    ],
)
def test_whoever_owes_a_step_of_the_chain_reads_in_the_link_which(world, placement, state, kind, says):
    chain_at(state, placement)
    diary.refresh([placement.case_file_id], at=NOW)
    assert {what_to_do(duty) for duty in Duty.objects.open().filter(kind=kind)} == says


def test_my_work_of_the_next_holder_shows_it(world, placement, signed_in):
    chain_at(State.APPROVED, placement)
    diary.refresh([placement.case_file_id], at=NOW)
    page = text_of(signed_in(world.service_director).get("/"))
    assert "Not signed off: see who is next" in page
    assert "Service Director: give final sign-off or dissent" in page
    approved_from(placement, since=day(days_before(1)))
    diary.refresh([placement.case_file_id], at=NOW)
    assert "Not signed off" not in text_of(signed_in(world.service_director).get("/"))
