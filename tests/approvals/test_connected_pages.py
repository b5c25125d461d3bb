"""The pages about relatives and friends: from the enquiry to the countdown, the carers' page, and the report. S0 2.2."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from approvals.connected.states import CheckFound, HowEnded, Pathway, WhyNot
from approvals.models import ConnectedPerson, Decision
from approvals.states import DecisionState
from casework import diary
from casework.limits import local_day
from casework.steps import carry_out
from casework.wording import said_day
from placements.models import Carer
from placements.states import ApprovalKind
from tests.approvals.connected_steps import (
    FOR_A_TIME,
    VIABLE,
    approved_for_a_time,
    asked_about,
    lives_there,
    looked_into,
)
from tests.approvals.steps import give_password, signed_in_with_password, text_of
from tests.approvals.test_decision_pages import send
from tests.factories import World, days_before, with_unapproved_relative

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World(at=timezone.now())


@pytest.fixture
def placement(world):
    placement = with_unapproved_relative(world.own_child, since=days_before(1, at=world.at))
    diary.refresh([placement.case_file_id])
    return placement


def boxes(name, day):
    """A day as it is typed into three boxes."""
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def today(world):
    return local_day(world.at)


def page_of(person):
    return reverse("approvals:connected_person", args=[person.pk])


def asks(client, world, **typed):
    return send(client, enquiry(world), **{**boxes("asked_on", today(world)), **typed})


def enquiry(world):
    return reverse("approvals:enquire", args=[world.own_child.pk])


def taken_no_further(world, person, *, how=HowEnded.WITHDREW, why=WhyNot.THEIR_CHOICE):
    ended = {"ended_on": today(world), "how_ended": how, "why_not": why}
    return carry_out(person.take_no_further, by=world.social_worker, at=world.at, because="They told us.", **ended)


def test_from_the_enquiry_to_the_countdown(world, placement):
    worker = signed_in_with_password(world.social_worker)
    child_url = reverse("children:child", args=[world.own_child.pk])
    assert enquiry(world) in worker.get(child_url).content.decode()
    assert asks(worker, world, who="lives_with").status_code == 302
    person = ConnectedPerson.objects.get()
    assert (person.carer, person.relationship) == (placement.carer, "Maternal aunt")

    checks = {"police_found": CheckFound.NOTHING, "authority_found": CheckFound.NOTHING}
    days = {**boxes("police_checked_on", today(world)), **boxes("authority_checked_on", today(world))}
    days |= boxes("born_on", today(world) - timedelta(days=15000))
    household = reverse("approvals:add_to_household", args=[person.pk])
    assert send(worker, household, name="Ada Aunt", is_who="carer", **checks, **days).status_code == 302

    viability = written(worker, person, "viability", {**VIABLE, "visited_on": ""}, **boxes("visited_on", today(world)))
    manager = signed_in_with_password(world.team_manager)
    assert send(manager, reverse("approvals:take_decision", args=[viability.pk, "decide"])).status_code == 302

    by = boxes("assess_by", today(world) + timedelta(weeks=8))
    approval = written(worker, person, "temporary_approval", {**FOR_A_TIME, "assess_by": ""}, **by)
    give_password(manager)
    assert send(manager, reverse("approvals:take_decision", args=[approval.pk, "confirm"])).status_code == 302
    officer = signed_in_with_password(world.person(Role.DECISION_MAKER))
    read = text_of(officer.get(reverse("approvals:take_decision", args=[approval.pk, "decide"])))
    assert VIABLE["pets_risk"] in read, "what it rests on is on the page that is signed"
    assert "No decision of a senior manager changes this" not in read
    assert send(officer, reverse("approvals:take_decision", args=[approval.pk, "decide"])).status_code == 302
    assert person.carer.approvals.get().kind == ApprovalKind.TEMPORARY

    pages = [child_url, page_of(person), reverse("placements:placement", args=[placement.pk])]
    for address in [*pages, reverse("approvals:carer", args=[person.carer_id])]:
        assert "111 days left" in text_of(worker.get(address)), address


def written(client, person, kind, content, **typed):
    assert send(client, reverse("approvals:begin_about_person", args=[person.pk, kind])).status_code == 302
    decision = Decision.objects.get(kind=kind, state=DecisionState.PREPARED)
    answers = {name: text for name, text in content.items() if text}
    sent = send(client, reverse("approvals:take_decision", args=[decision.pk, "put"]), **answers, **typed)
    assert sent.status_code == 302, text_of(sent)
    return decision


def test_somebody_with_whom_the_child_does_not_live_is_named(world):
    worker = signed_in_with_password(world.social_worker)
    sent = asks(worker, world, name="Zoë Ångström-O’Neill 👵", relationship="Grandmother", postcode="zz1 1zz")
    assert sent.status_code == 302
    person = ConnectedPerson.objects.select_related("carer").get()
    assert (person.carer.name, person.carer.postcode) == ("Zoë Ångström-O’Neill 👵", "ZZ1 1ZZ")
    assert "Zoë Ångström-O’Neill 👵" in text_of(worker.get(page_of(person)))


def test_the_child_moves_to_the_very_person_who_was_approved(world):
    person = looked_into(world, at=world.at)
    worker = signed_in_with_password(world.social_worker)
    moved = f"{reverse('placements:moved', args=[world.own_child.pk])}?proposed={person.proposed_home.pk}"
    assert moved not in worker.get(page_of(person)).content.decode(), "not before somebody approved it"
    approved_for_a_time(world, person, at=world.at)
    assert moved in worker.get(page_of(person)).content.decode()
    started = {**boxes("started_at", today(world)), "started_at_time": "00:05"}
    sent = send(worker, moved, approved="yes", which=str(person.carer_id), **started)
    assert sent.status_code == 302, text_of(sent)
    placement = world.own_child.placements.get(ended_at=None)
    assert placement.carer == person.carer
    assert sent["Location"] == reverse("placements:placement", args=[placement.pk])


def test_an_enquiry_that_cannot_be_comes_back_with_every_word(world):
    worker = signed_in_with_password(world.social_worker)
    tomorrow = boxes("asked_on", today(world) + timedelta(days=1))
    answer = asks(worker, world, name="", relationship="Grandmother on the father’s side", **tomorrow)
    assert answer.status_code == 422
    said = text_of(answer)
    assert "Enter the name" in said
    assert "must be today or in the past" in said
    assert "Grandmother on the father’s side" in answer.content.decode().replace("&#x27;", "'")


def test_nobody_is_looked_into_twice_at_a_time(world, placement):
    worker = signed_in_with_password(world.social_worker)
    asks(worker, world, who="lives_with")
    answer = asks(worker, world, who="lives_with")
    assert answer.status_code == 422
    assert "This person is being looked into for this child already." in text_of(answer)


def test_what_is_known_of_somebody_is_written_down(world):
    person = asked_about(world, at=world.at)
    worker = signed_in_with_password(world.social_worker)
    url = reverse("approvals:household_member", args=[person.pk, person.household.get().pk])
    answer = send(worker, url, police_found=CheckFound.SOMETHING, **boxes("police_checked_on", today(world)))
    assert answer.status_code == 422
    assert "Write down what is known, and how it is weighed" in text_of(answer)


def test_a_check_that_came_back_has_its_day(world):
    person = asked_about(world, at=world.at, checked=False)
    worker = signed_in_with_password(world.social_worker)
    url = reverse("approvals:household_member", args=[person.pk, person.household.get().pk])
    answer = send(worker, url, police_found=CheckFound.NOTHING)
    assert answer.status_code == 422
    assert "When did the police check come back?" in text_of(answer)


@pytest.mark.parametrize(("role", "reads"), [(Role.SOCIAL_WORKER, True), (Role.PLACEMENT_SERVICE, False)])
def test_what_the_police_know_is_for_those_who_read_what_workers_write(world, role, reads):
    person = asked_about(world, at=world.at)
    says = {"says": "A caution in 2011.", "police_found": CheckFound.SOMETHING, "name": "Sam Son", "is_who": "son"}
    lives_there(world, person, at=world.at, **says)
    page = text_of(signed_in_with_password(world.person(role)).get(page_of(person)))
    assert ("A caution in 2011." in page) is reads
    assert ("Something is known" in page) is reads
    assert ("Add somebody" in page) is reads


def test_a_refusal_leads_to_the_review_on_the_same_page(world):
    person = looked_into(world, at=world.at)
    worker = signed_in_with_password(world.social_worker)
    refuse = reverse("approvals:take_about_person", args=[person.pk, "refuse_in_full"])
    before = boxes("decided_on", today(world) - timedelta(days=3))
    answer = send(worker, refuse, why_not=WhyNot.CARE, because="Too many risks.", **before)
    assert "They were asked about on" in text_of(answer)
    told = boxes("decided_on", today(world))
    assert send(worker, refuse, why_not=WhyNot.CARE, because="Too many risks.", **told).status_code == 302
    assert ConnectedPerson.objects.get().state == Pathway.REFUSED
    assert "They asked for an independent review" in text_of(worker.get(page_of(person)))
    late = worker.get(refuse)
    assert late.status_code == 409


@pytest.mark.parametrize("role", [Role.PLACEMENT_SERVICE, Role.IRO, Role.HOS])
def test_others_see_the_way_and_cannot_open_an_enquiry(world, role):
    person = asked_about(world, at=world.at)
    client = signed_in_with_password(world.person(role))
    assert client.get(page_of(person)).status_code == 200
    assert client.get(enquiry(world)).status_code == 403
    assert client.get(reverse("approvals:add_to_household", args=[person.pk])).status_code == 403


@pytest.mark.parametrize("role", [Role.SOCIAL_WORKER, Role.TEAM_MANAGER, Role.HOS])
def test_the_other_area_learns_nothing(world, role):
    person = asked_about(world, at=world.at)
    client = signed_in_with_password(world.elsewhere(role))
    for address in (page_of(person), enquiry(world), reverse("approvals:carer", args=[person.carer_id])):
        assert client.get(address).status_code == 404


def test_a_carers_page_shows_only_children_in_sight(world, placement):
    sibling = with_unapproved_relative(world.other_areas_child, since=days_before(1, at=world.at))
    sibling.carer = placement.carer
    sibling.save()
    asked_about(world, carer=placement.carer, at=world.at)
    page = text_of(
        signed_in_with_password(world.social_worker).get(reverse("approvals:carer", args=[placement.carer_id]))
    )
    assert world.own_child.name in page
    assert world.other_areas_child.name not in page


# The report


def test_the_report_counts_who_did_not_become_a_foster_carer_and_why(world):
    taken_no_further(world, asked_about(world, at=world.at))
    taken_no_further(world, asked_about(world, at=world.at), how=HowEnded.NOT_VIABLE, why=WhyNot.HEALTH)
    asked_about(world, at=world.at)
    client = signed_in_with_password(world.person(Role.HOS))
    page = client.get(reverse("approvals:connected_persons"))
    figures = {row[0]: row[1]["says"] for row in page.context["figures"]}
    assert figures["Asked about"] == "3"
    assert (figures["They withdrew"], figures["Not viable"], figures["Still being looked into"]) == ("1", "1", "1")
    assert len(page.context["rows"]) == 3
    behind = client.get(reverse("approvals:connected_persons"), {"outcome": "withdrew"})
    assert [row[3]["note"] for row in behind.context["rows"]] == ["They decided against it"]
    assert behind.context["narrowed_to"] == "They withdrew"


def test_each_belongs_to_the_year_from_april_in_which_they_were_asked_about(world):
    asked_about(world, at=world.at)
    client = signed_in_with_password(world.person(Role.HOS))
    day = today(world)
    year = day.year if day.month >= 4 else day.year - 1
    for chosen, count in ((year, "1"), (year - 1, "0")):
        page = client.get(reverse("approvals:connected_persons"), {"year": chosen})
        assert page.context["figures"][0][1]["says"] == count


def test_whose_temporary_approval_ran_out_undecided_is_counted(world):
    person = looked_into(world, at=world.at)
    approved_for_a_time(world, person, at=world.at)
    person.carer.approvals.update(from_on=today(world) - timedelta(days=30), to_on=today(world))
    page = signed_in_with_password(world.person(Role.HOS)).get(reverse("approvals:connected_persons"))
    assert page.context["figures"][-1][1]["says"] == "1"
    worker = signed_in_with_password(world.social_worker)
    way = worker.get(page_of(person))
    assert f"Ran out on {said_day(today(world) - timedelta(days=1))}" in text_of(way)
    assert reverse("approvals:begin_about_person", args=[person.pk, "extension"]) not in way.content.decode()


def test_performance_sees_figures_and_nobody(world):
    taken_no_further(world, asked_about(world, at=world.at))
    page = signed_in_with_password(world.person(Role.PERFORMANCE)).get(reverse("approvals:connected_persons"))
    assert page.context["figures"][0][1]["says"] == "1"
    assert page.context["rows"] == []
    assert "Ada Aunt" not in text_of(page)


def test_the_report_of_a_restricted_child_shows_and_counts_nobody_to_others(world):
    person = asked_about(world, at=world.at)
    ConnectedPerson.objects.filter(pk=person.pk).update(child=world.restricted_child)
    page = signed_in_with_password(world.person(Role.HOS)).get(reverse("approvals:connected_persons"))
    assert page.context["figures"][0][1]["says"] == "0"


def test_pages_ask_as_often_for_one_as_for_many(world, placement, django_assert_max_num_queries):
    client = signed_in_with_password(world.person(Role.HOS))
    addresses = [reverse("children:child", args=[world.own_child.pk]), reverse("approvals:connected_persons")]

    def asked(address):
        with django_assert_max_num_queries(200) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    person = asked_about(world, carer=placement.carer, at=world.at)
    addresses += [page_of(person), reverse("approvals:carer", args=[placement.carer_id])]
    for address in addresses:
        client.get(address)
    before = [asked(address) for address in addresses]
    for number in range(3):
        asked_about(world, carer=Carer(name=f"Carer {number}"), at=world.at)
        lives_there(world, person, at=world.at, name=f"Son {number}", is_who="son")
    assert [asked(address) for address in addresses] == before
