"""Recording where a child lives, and what is known of carers and homes: a fact is always accepted (C-45).

C-19: what came before the end of a placement is asked and stops nothing. D-08: whether a carer is approved is found out.
"""

import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.roles import Role
from casework import diary
from casework.events import label_of
from casework.models import Duty, Event
from placements.models import Carer, CarerApproval, Home, Placement, PresentStanding
from placements.states import ApprovalKind, FactKind, Lawfulness, Regulation, Setting
from tests.factories import (
    NOW,
    TODAY,
    a_home,
    days_before,
    in_childrens_home,
    in_foster_care,
    restricted_to,
    settled,
    with_approved_relative,
    with_parent,
    with_relative_of_unknown_approval,
    with_unapproved_relative,
)
from visits.after import agreed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

AN_HOUR_AGO = NOW - timedelta(hours=1)
WORKERS = {Role.SOCIAL_WORKER, Role.PERSONAL_ADVISER, Role.TEAM_MANAGER}


def url(record, name):
    return reverse(f"placements:{name}", args=[record.pk])


def errors(response):
    assert response.status_code == 422
    return response.context["form"].errors


def moved(client, child, send, **answers):
    typed = {"where": "in_house_foster", "started_at": AN_HOUR_AGO, **answers}
    return send(client, url(child, "moved"), **typed)


# The child moved


def test_a_move_ends_the_home_before_in_the_same_act(world, signed_in, send):
    before = in_childrens_home(world.own_child)
    answer = moved(
        signed_in(world.social_worker), world.own_child, send, name="The Bakers", why_ended="The child asked"
    )
    placement = world.own_child.placements.get(ended_at=None)
    assert answer.url == url(placement, "placement")
    before.refresh_from_db()
    assert (before.ended_at, before.why_ended) == (AN_HOUR_AGO, "The child asked")
    assert (placement.setting, placement.started_at, placement.carer.name) == (
        "in_house_foster",
        AN_HOUR_AGO,
        "The Bakers",
    )
    acts = Event.objects.filter(case_file=world.own_child.case_file, at=NOW).values_list("act", flat=True)
    assert list(acts) == ["end_placement", "place"]


def test_a_home_whose_name_nobody_knew_is_named_later(world, signed_in, send):
    """C-26: only a home that is on record can have a registration."""
    client = signed_in(world.social_worker)
    moved(client, world.own_child, send, where="place", setting="childrens_home")
    placement = world.own_child.placements.get(ended_at=None)
    answers = {"name": "Larch House", "address": "1 Larch Lane", "postcode": "mq1 1aa"}
    assert send(client, url(placement, "name_home"), **answers).url == url(placement, "placement")
    placement.refresh_from_db()
    home = placement.home
    assert (home.name, home.setting, home.postcode) == ("Larch House", "childrens_home", "MQ1 1AA")
    assert Event.objects.filter(case_file=home.case_file, act="open").count() == 1
    assert last_event(placement).act == "name_home"
    again = client.get(url(placement, "name_home"))
    assert again.status_code == 409
    assert "strike it out" in again.content.decode()


def test_a_relative_named_later_brings_the_approval_that_is_on_record(world, signed_in, send):
    approved = with_approved_relative(world.teams_child)
    client = signed_in(world.social_worker)
    moved(client, world.own_child, send, where="connected_person", approved="unknown")
    placement = world.own_child.placements.get(ended_at=None)
    asked_which = send(client, url(placement, "name_home"), name=approved.carer.name)
    assert "which" in errors(asked_which)
    send(client, url(placement, "name_home"), name=approved.carer.name, which=approved.carer.pk)
    placement.refresh_from_db()
    assert (placement.carer, placement.approval_recorded) == (approved.carer, True)
    assert last_event(placement).record == label_of(placement), "a family that is known already is not written again"


def test_the_first_home_of_a_child_ends_nothing(world, signed_in, send):
    assert moved(signed_in(world.social_worker), world.own_child, send).status_code == 302
    assert world.own_child.placements.get().carer is None


@pytest.mark.parametrize("where", [*(setting.value for setting in Setting)])
def test_wherever_the_child_is_it_can_be_recorded(world, signed_in, send, where):
    """C-45: also in a hotel, also under 16 in supported accommodation."""
    families = {"in_house_foster", "ifa_foster", "connected_person", "parent", "adoptive"}
    answers = {"where": where} if where in families else {"where": "place", "setting": where}
    answers |= {"approved": "unknown"} if where == "connected_person" else {}
    answer = moved(signed_in(world.social_worker), world.own_child, send, **answers, name="Somewhere")
    assert answer.status_code == 302
    placement = world.own_child.placements.get()
    assert placement.setting == where
    assert (placement.home is None) == (where in families)


def test_a_new_home_gets_a_file_of_its_own(world, signed_in, send):
    answers = {"where": "place", "setting": "childrens_home", "name": "Larch House", "postcode": "zz1 1zz"}
    moved(signed_in(world.social_worker), world.own_child, send, **answers, address="1 Larch Lane")
    home = Home.objects.get(name="Larch House")
    assert (home.postcode, home.setting) == ("ZZ1 1ZZ", "childrens_home")
    assert Event.objects.get(case_file=home.case_file).act == "open"


def test_a_known_home_is_offered_and_not_recorded_twice(world, signed_in, send):
    home = a_home(name="Larch House")
    client = signed_in(world.social_worker)
    answers = {"where": "place", "setting": "childrens_home", "name": "larch"}
    asked_which = moved(client, world.own_child, send, **answers)
    assert "which" in errors(asked_which)
    assert "Larch House, children’s home" in asked_which.text
    assert moved(client, world.own_child, send, **answers, which=home.pk).status_code == 302
    assert world.own_child.placements.get().home == home
    assert Home.objects.count() == 1


def test_a_family_that_only_strangers_live_with_is_not_offered(world, signed_in, send):
    """The relative of a child of another area is nobody's business; a foster carer may be chosen."""
    relative = with_unapproved_relative(world.other_areas_child, by=world.elsewhere(Role.TEAM_MANAGER)).carer
    foster = in_foster_care(world.second_teams_child, by=world.second_teams_manager).carer
    Carer.objects.filter(pk__in=[relative.pk, foster.pk]).update(name="Morgan")
    asked_which = moved(signed_in(world.social_worker), world.own_child, send, name="Morgan")
    values = [value for value, _ in asked_which.context["form"].fields["which"].choices]
    assert values == [str(foster.pk), "new"]


def test_a_family_chosen_out_of_sight_is_refused(world, signed_in, send):
    relative = with_unapproved_relative(world.other_areas_child, by=world.elsewhere(Role.TEAM_MANAGER)).carer
    foster = in_foster_care(world.second_teams_child, by=world.second_teams_manager).carer
    refused = moved(signed_in(world.social_worker), world.own_child, send, name=foster.name, which=relative.pk)
    assert "which" in errors(refused)


def test_a_relative_whom_nobody_approved_raises_the_alarm(world, signed_in, send, django_capture_on_commit_callbacks):
    client = signed_in(world.social_worker)
    with django_capture_on_commit_callbacks(execute=True):
        moved(
            client,
            world.own_child,
            send,
            where="connected_person",
            name="Aunt May",
            relationship="Aunt",
            approved="no",
        )
    placement = world.own_child.placements.get()
    assert placement.relationship == "Aunt"
    assert placement.standing.regulation == Regulation.UNREGULATED_CONNECTED
    assert placement.standing.is_alarm


def test_a_relative_of_unknown_approval_is_not_known_and_not_called_unlawful(
    world, signed_in, send, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        moved(
            signed_in(world.social_worker),
            world.own_child,
            send,
            where="connected_person",
            name="May",
            approved="unknown",
        )
    assert world.own_child.placements.get().standing.regulation == Regulation.NOT_KNOWN


def test_whoever_says_that_a_relative_is_approved_is_led_to_record_it(world, signed_in, send):
    answer = moved(
        signed_in(world.social_worker), world.own_child, send, where="connected_person", name="May", approved="yes"
    )
    assert answer.url == url(world.own_child.placements.get(), "approve_carer")


@pytest.mark.parametrize(
    ("answers", "field", "sentence"),
    [
        (
            {"started_at": NOW + timedelta(hours=1)},
            "started_at",
            "The date in “When did the child move?” must be today or in the past",
        ),
        ({"started_at": days_before(5000)}, "started_at", "must be after"),
        ({"started_at": days_before(100)}, "started_at", "Another home is on record from that very moment"),
        ({"where": ""}, "where", "Answer “Where does the child live now?”"),
        ({"where": "place"}, "setting", "Answer “What kind of place is it?”"),
        ({"where": "connected_person"}, "approved", "Answer"),
        ({"name": "x" * 201}, "name", "200 characters"),
        ({"postcode": "much too long"}, "postcode", "8 characters"),
        ({"started_at_day": "30", "started_at_month": "2"}, "started_at", "real date"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_the_text_is_kept(world, signed_in, send, answers, field, sentence):
    in_childrens_home(world.own_child)
    typed = {"name": "Aunt May", **answers}
    refused = moved(signed_in(world.social_worker), world.own_child, send, **typed)
    assert sentence in str(errors(refused)[field])
    assert typed["name"] in refused.text
    assert world.own_child.placements.count() == 1


def test_two_homes_at_once_are_refused_by_the_database_with_a_sentence(world, signed_in, send):
    """The child is known to move on next week: the stay that is corrected must not reach into that home."""
    home = in_childrens_home(world.own_child, ended=NOW - timedelta(days=7))
    in_childrens_home(world.own_child, since=NOW - timedelta(days=7))
    answers = {"setting": "childrens_home", "started_at": home.started_at, "ended_at": NOW, "wrong": "Misread."}
    refused = send(signed_in(world.social_worker), url(home, "correct_placement"), **answers)
    assert errors(refused) == {
        "started_at": ["Another home is on record at that time: correct that home first"],
    }


def test_a_move_that_is_sent_twice_is_one_move(world, signed_in, send):
    client, key = signed_in(world.social_worker), uuid.uuid4()
    first = moved(client, world.own_child, send, key=key, name="The Bakers")
    again = moved(client, world.own_child, send, key=key, name="The Bakers")
    assert first.url == again.url
    assert world.own_child.placements.count() == 1
    assert Carer.objects.count() == 1


# What nobody knew of, and what happened in a day


def lived(child):
    """Where the child lived, oldest first: the home's or family's name, from when to when."""
    return [
        (placement.with_whom, placement.started_at, placement.ended_at)
        for placement in child.placements.order_by("started_at")
    ]


def test_a_child_moves_twice_in_a_day_and_at_two_in_the_morning(world, signed_in, send):
    client, night = signed_in(world.social_worker), NOW.replace(hour=2)
    moved(client, world.own_child, send, name="The Bakers", started_at=night)
    moved(client, world.own_child, send, name="The Smiths", started_at=NOW.replace(hour=9, minute=30))
    assert lived(world.own_child) == [
        ("The Bakers", night, NOW.replace(hour=9, minute=30)),
        ("The Smiths", NOW.replace(hour=9, minute=30), None),
    ]


def test_a_stay_that_nobody_knew_of_is_recorded_between_the_homes_on_record(world, signed_in, send):
    """C-45: it ends the home of that time, and lasts as long as that one did, until the way back is recorded too."""
    home = in_childrens_home(world.own_child)
    later = in_childrens_home(world.own_child, since=days_before(20))
    client = signed_in(world.social_worker)
    with_aunt = {"where": "connected_person", "name": "Aunt May", "approved": "no"}
    moved(client, world.own_child, send, **with_aunt, started_at=days_before(60))
    back = {"where": "place", "setting": "childrens_home", "name": home.home.name, "which": home.home.pk}
    moved(client, world.own_child, send, **back, started_at=days_before(57))
    assert lived(world.own_child) == [
        (home.with_whom, days_before(100), days_before(60)),
        ("Aunt May", days_before(60), days_before(57)),
        (home.with_whom, days_before(57), days_before(20)),
        (later.with_whom, days_before(20), None),
    ]


def test_where_a_child_lived_before_the_first_home_on_record_is_recorded_late(world, signed_in, send):
    home = in_childrens_home(world.own_child, since=days_before(20))
    moved(signed_in(world.social_worker), world.own_child, send, name="The Bakers", started_at=days_before(40))
    assert lived(world.own_child) == [
        ("The Bakers", days_before(40), days_before(20)),
        (home.with_whom, days_before(20), None),
    ]


def test_an_unapproved_relative_whose_name_nobody_knows_raises_the_alarm(
    world, signed_in, send, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        moved(signed_in(world.social_worker), world.own_child, send, where="connected_person", approved="no")
    assert world.own_child.placements.get().standing.regulation == Regulation.UNREGULATED_CONNECTED


# Who may


@pytest.mark.parametrize("role", Role)
def test_a_move_is_recorded_by_the_childs_workers_and_the_placement_service(world, signed_in, send, role):
    answer = moved(signed_in(world.person(role)), world.own_child, send)
    assert (answer.status_code == 302) == (role in WORKERS | {Role.PLACEMENT_SERVICE})
    assert answer.status_code in (302, 403, 404)


def test_the_near_misses_record_no_move(world, signed_in, send):
    for person in (
        world.second_teams_worker,
        world.second_teams_manager,
        world.elsewhere(Role.SOCIAL_WORKER),
        world.elsewhere(Role.TEAM_MANAGER),
    ):
        assert moved(signed_in(person), world.own_child, send).status_code == 404
    restricted_to(world.own_child, world.colleague, by=world.service_manager)
    for person in (world.social_worker, world.placement_service):
        assert moved(signed_in(person), world.own_child, send).status_code == 404
    assert not Placement.objects.exists()


@pytest.mark.parametrize("role", Role)
def test_a_registration_is_recorded_by_the_placement_service_and_commissioning(world, signed_in, send, role):
    home = a_home(registered=None)
    answer = send(
        signed_in(world.person(role)),
        url(home, "change_registration"),
        status="registered",
        regulator="ofsted",
        from_on=TODAY,
    )
    assert home.registrations.exists() == (role in {Role.PLACEMENT_SERVICE, Role.COMMISSIONING})
    assert answer.status_code == (302 if home.registrations.exists() else 403)


# The end


def test_an_end_says_why_and_what_came_before(world, signed_in, send):
    placement = in_childrens_home(world.own_child)
    send(
        signed_in(world.social_worker),
        url(placement, "end_placement"),
        ended_at=AN_HOUR_AGO,
        why_ended="Allegation, section 47",
        before="risk",
        reasons="The home could not keep her safe at night.",
    )
    placement.refresh_from_db()
    assert (placement.ended_at, placement.why_ended) == (AN_HOUR_AGO, "Allegation, section 47")
    event = Event.objects.get(case_file=world.own_child.case_file, act="end_placement")
    assert event.because == "The home could not keep her safe at night."
    assert event.details["before"].startswith("No review: immediate risk")
    page = reverse("children:child", args=[world.own_child.pk])
    assert "could not keep her safe" in signed_in(world.social_worker).get(page).text
    assert "could not keep her safe" not in signed_in(world.placement_service).get(page).text


def test_an_end_without_a_review_is_recorded_all_the_same(world, signed_in, send):
    placement = in_childrens_home(world.own_child)
    address = url(placement, "end_placement")
    client = signed_in(world.social_worker)
    assert send(client, address, ended_at=AN_HOUR_AGO, why_ended="Other", before="neither").status_code == 302
    assert client.get(address).status_code == 409, "it has ended"


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"ended_at": days_before(100)}, "ended_at"),
        ({"ended_at": NOW + timedelta(minutes=1)}, "ended_at"),
        ({"why_ended": ""}, "why_ended"),
        ({"before": ""}, "before"),
        ({"before": "risk"}, "reasons"),
        ({"before": "review"}, "review_on"),
    ],
)
def test_an_end_that_cannot_be_is_refused_at_its_field(world, signed_in, send, answers, field):
    placement = in_childrens_home(world.own_child)
    typed = {"ended_at": AN_HOUR_AGO, "why_ended": "Other", "before": "neither", **answers}
    refused = send(signed_in(world.social_worker), url(placement, "end_placement"), **typed)
    assert field in errors(refused)


def test_the_end_of_care_ends_the_home_too(world, signed_in, send):
    settled(world.own_child)
    client = signed_in(world.social_worker)
    send(client, url(world.own_child, "care_ended"), ended_on=TODAY - timedelta(days=1), how="E4A")
    period, placement = world.own_child.care_periods.get(), world.own_child.placements.get()
    assert (period.ended_on, period.how_ended) == (TODAY - timedelta(days=1), "E4A")
    assert placement.ended_at.date() == TODAY - timedelta(days=1)
    assert client.get(url(world.own_child, "care_ended")).status_code == 409


@pytest.mark.parametrize("day", [TODAY + timedelta(days=1), date(2024, 1, 1), TODAY - timedelta(days=260)])
def test_care_cannot_end_before_it_or_the_home_began_nor_in_the_future(world, signed_in, send, day):
    settled(world.own_child)
    refused = send(signed_in(world.social_worker), url(world.own_child, "care_ended"), ended_on=day, how="E4A")
    assert "ended_on" in errors(refused)


# Carers


def test_an_approval_holds_up_to_and_with_its_last_day(world, signed_in, send):
    placement = with_unapproved_relative(world.own_child)
    send(
        signed_in(world.placement_service),
        url(placement, "approve_carer"),
        kind=ApprovalKind.TEMPORARY,
        from_on=TODAY,
        last_on=TODAY + timedelta(days=111),
        decided_by="Nominated officer",
    )
    approval = placement.carer.approvals.get()
    assert (approval.from_on, approval.to_on) == (TODAY, TODAY + timedelta(days=112))


def test_finding_out_that_nobody_is_approved_is_an_answer_too(world, signed_in, send):
    """D-08: recorded, with the moment, and the arrangement is no longer “not known”."""
    placement = with_relative_of_unknown_approval(world.own_child)
    send(signed_in(world.team_manager), url(placement, "approve_carer"), kind="none")
    placement.refresh_from_db()
    assert (placement.approval_recorded, placement.approval_recorded_at) == (True, NOW)
    assert not placement.carer.approvals.exists()


def test_carers_whom_nobody_named_are_named_with_their_approval(world, signed_in, send):
    """As after an import of the return, which holds no names."""
    placement = with_relative_of_unknown_approval(world.own_child)
    Placement.objects.update(carer=None)
    client, address = signed_in(world.social_worker), url(placement, "approve_carer")
    assert "name" in errors(send(client, address, kind="approved", from_on=TODAY))
    send(client, address, kind="approved", from_on=TODAY, name="The Bakers")
    placement.refresh_from_db()
    assert placement.carer.name == "The Bakers"
    assert placement.carer.approvals.get().kind == ApprovalKind.APPROVED


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"kind": "approved"}, "from_on"),
        ({"kind": "approved", "from_on": TODAY, "last_on": TODAY - timedelta(days=1)}, "last_on"),
        ({"kind": "approved", "from_on": TODAY + timedelta(days=1)}, "from_on"),
        ({"kind": "nonsense", "from_on": TODAY}, "kind"),
    ],
)
def test_an_approval_that_cannot_be_is_refused_at_its_field(world, signed_in, send, answers, field):
    placement = with_unapproved_relative(world.own_child)
    refused = send(signed_in(world.social_worker), url(placement, "approve_carer"), **answers)
    assert field in errors(refused)


def test_an_approval_that_was_ended_holds_no_longer(world, signed_in, send):
    placement = in_foster_care(world.own_child)
    client, address = signed_in(world.social_worker), url(placement, "approve_carer")
    assert "first day without it" in str(errors(send(client, address, kind="none"))["from_on"])
    send(client, address, kind="none", from_on=TODAY - timedelta(days=2))
    assert placement.carer.approvals.get().to_on == TODAY - timedelta(days=2)
    assert "to 6 March 2026" in last_event(placement).details["what"]
    look_at(placement)
    assert Placement.objects.get(pk=placement.pk).standing.lawfulness == Lawfulness.NOT_LAWFUL


def test_a_home_that_is_no_family_has_no_approval_to_record(world, signed_in):
    placement = in_childrens_home(world.own_child)
    assert signed_in(world.social_worker).get(url(placement, "approve_carer")).status_code == 409


# Facts


def test_a_stay_before_assessment_is_recorded_and_ended_as_one_fact(world, signed_in, send):
    placement = with_parent(world.own_child, since=days_before(30))
    client, address = signed_in(world.social_worker), url(placement, "record_regulation_19")
    start = days_before(30).date()
    send(client, address, from_on=start)
    send(client, address, from_on=start, assessed_on=TODAY - timedelta(days=16), last_on=TODAY - timedelta(days=5))
    fact = placement.facts.get()
    assert (fact.kind, fact.from_on, fact.to_on) == (FactKind.REG19, start, TODAY - timedelta(days=4))
    assert fact.assessed_on == TODAY - timedelta(days=16)
    told = last_event(placement).details
    assert "7 February 2026" in told["before"]
    assert "assessed on 21 February 2026" in told["after"]


@pytest.mark.parametrize("kind", [FactKind.MEANT_TO_LAST_TO_18, FactKind.FEWER_VISITS_AGREED])
def test_a_fact_about_a_foster_home_holds_from_its_day(world, signed_in, send, kind):
    placement = in_foster_care(world.own_child)
    send(signed_in(world.social_worker), url(placement, kind), from_on=TODAY)
    fact = placement.facts.get()
    assert (fact.kind, fact.from_on, fact.to_on) == (kind, TODAY, None)


def test_a_fact_that_started_before_the_child_moved_in_is_refused(world, signed_in, send):
    placement = in_foster_care(world.own_child, since=days_before(10))
    address = url(placement, FactKind.FEWER_VISITS_AGREED)
    refused = send(signed_in(world.social_worker), address, from_on=TODAY - timedelta(days=11))
    assert "before the child moved in on 27 February 2026" in str(errors(refused)["from_on"])


def test_a_fact_that_makes_no_sense_of_a_home_is_not_offered_and_not_asked(world, signed_in):
    placement = in_childrens_home(world.own_child)
    client = signed_in(world.social_worker)
    assert client.get(url(placement, "record_regulation_19")).status_code == 409
    labels = {change["label"] for change in client.get(url(placement, "placement")).context["changes"]}
    of_visits = {row.label for row in agreed.ABOUT_HOME}
    assert labels - of_visits == {
        "The child left this home",
        "This home lies outside the authority’s area",
        "Correct when the child lived here",
        "Strike out what was never so",
    }


# Mistakes


def look_at(placement):
    diary.refresh([placement.child.case_file_id], at=NOW)


def last_event(record):
    return Event.objects.filter(case_file=record.case_file_id).latest("number")


def test_a_wrong_day_is_corrected_and_what_stood_there_stays_with_the_reason(world, signed_in, send):
    placement = in_childrens_home(world.own_child)
    client = signed_in(world.social_worker)
    answers = {"setting": "childrens_home", "started_at": days_before(98), "wrong": "Read the wrong letter."}
    send(client, url(placement, "correct_placement"), **answers)
    placement.refresh_from_db()
    assert (placement.started_at, placement.ended_at) == (days_before(98), None)
    event = last_event(placement)
    assert (event.act, event.because) == ("correct_placement", "Read the wrong letter.")
    assert "from 29 November 2025" in event.details["before"]
    assert "from 1 December 2025" in event.details["after"]
    page = client.get(reverse("children:child", args=[world.own_child.pk])).text
    assert "Read the wrong letter." in page
    assert event.details["before"] in page


def test_an_end_that_was_none_is_taken_back(world, signed_in, send):
    placement = in_childrens_home(world.own_child, ended=days_before(3))
    answers = {"setting": "childrens_home", "started_at": placement.started_at, "wrong": "She came back that night."}
    send(signed_in(world.social_worker), url(placement, "correct_placement"), **answers)
    placement.refresh_from_db()
    assert (placement.ended_at, placement.why_ended) == (None, "")


def test_a_correction_gives_a_reason(world, signed_in, send):
    placement = in_childrens_home(world.own_child)
    answers = {"setting": "childrens_home", "started_at": days_before(98)}
    assert "wrong" in errors(send(signed_in(world.social_worker), url(placement, "correct_placement"), **answers))


def test_a_parent_who_turns_out_to_be_a_relative_is_asked_about_approval(world, signed_in, send):
    placement = with_parent(world.own_child)
    answers = {"setting": "connected_person", "started_at": placement.started_at, "wrong": "She is his aunt."}
    send(signed_in(world.social_worker), url(placement, "correct_placement"), **answers)
    look_at(placement)
    placement.refresh_from_db()
    assert placement.standing.regulation == Regulation.NOT_KNOWN
    assert Duty.objects.open().get(kind="D-08").about == f"placements.placement:{placement.pk}"


def test_an_approval_that_was_never_given_is_struck_out_and_the_alarm_sounds(world, signed_in, send):
    placement = with_approved_relative(world.own_child)
    (approval,) = placement.carer.approvals.all()
    answers = {"which": f"carerapproval-{approval.pk}", "wrong": "It was another family’s."}
    send(signed_in(world.social_worker), url(placement, "strike_out"), **answers)
    look_at(placement)
    assert Placement.objects.get(pk=placement.pk).standing.is_alarm
    assert CarerApproval._base_manager.get(pk=approval.pk).struck_out
    assert "Approved foster carer" in last_event(placement).details["what"]


def test_a_home_in_which_the_child_never_lived_is_struck_out_and_counts_no_longer(world, signed_in, send):
    placement = with_unapproved_relative(world.own_child)
    look_at(placement)
    client = signed_in(world.social_worker)
    answers = {"which": f"placement-{placement.pk}", "wrong": "Recorded for the wrong sister."}
    answer = send(client, url(placement, "strike_out"), **answers)
    look_at(placement)
    assert answer.url == reverse("children:child", args=[world.own_child.pk])
    assert not world.own_child.placements.exists()
    assert not PresentStanding.objects.exists()
    assert not Duty.objects.open().exists()
    assert "Recorded for the wrong sister." in client.get(answer.url).text
    page = client.get(url(placement, "placement"))
    assert "changes" not in page.context
    for says in ("Struck out: the child never lived here", world.social_worker.name, "Recorded for the wrong sister."):
        assert says in page.text
    assert client.get(url(placement, "correct_placement")).status_code == 404
    assert signed_in(world.second_teams_worker).get(url(placement, "placement")).status_code == 404
    assert moved(client, world.own_child, send, started_at=placement.started_at).status_code == 302


def test_a_registration_on_record_by_mistake_is_struck_out_and_the_right_one_recorded(world, signed_in, send):
    home = a_home()
    (wrong,) = home.registrations.all()
    client = signed_in(world.commissioning)
    answers = {"which": f"homeregistration-{wrong.pk}", "wrong": "It is the number of the home next door."}
    send(client, url(home, "strike_out_registration"), **answers)
    right = {"status": "unregistered", "regulator": "ofsted", "from_on": wrong.from_on}
    send(client, url(home, "change_registration"), **right)
    assert [row.status for row in home.registrations.all()] == ["unregistered"]


def test_a_strangers_row_cannot_be_struck_out(world, signed_in, send):
    placement = with_unapproved_relative(world.own_child)
    (approval,) = with_approved_relative(
        world.other_areas_child, by=world.elsewhere(Role.TEAM_MANAGER)
    ).carer.approvals.all()
    answers = {"which": f"carerapproval-{approval.pk}", "wrong": "A guess."}
    assert "which" in errors(send(signed_in(world.social_worker), url(placement, "strike_out"), **answers))


# Homes


def test_a_second_registration_on_one_day_is_refused_with_a_sentence(world, signed_in, send):
    home = a_home()
    day = home.registrations.get().from_on
    answers = {"status": "unregistered", "regulator": "ofsted", "from_on": day}
    refused = send(signed_in(world.commissioning), url(home, "change_registration"), **answers)
    assert errors(refused) == {"from_on": ["A registration is on record from that day already"]}


def test_inspections_and_notices_are_recorded_on_the_homes_own_file(world, signed_in, send):
    home = a_home()
    client = signed_in(world.commissioning)
    send(client, url(home, "record_inspection"), inspected_on=TODAY, judgement="Requires improvement")
    send(client, url(home, "record_notice"), given_on=TODAY, says="Staffing at night.")
    page = client.get(url(home, "home"))
    assert "9 March 2026: Requires improvement" in page.text
    assert "9 March 2026: Staffing at night." in page.text
    told = dict(Event.objects.filter(case_file=home.case_file).values_list("act", "details"))
    assert told["record_inspection"]["what"] == "9 March 2026: Requires improvement"
    assert told["record_notice"]["what"] == "9 March 2026: Staffing at night."


def test_what_stood_on_record_of_a_home_stays_in_its_history(world, signed_in, send):
    home = a_home(name="Larch House", urn="9900001")
    client = signed_in(world.commissioning)
    answers = {"name": "Larch Lodge", "urn": home.urn, "address": home.address, "postcode": home.postcode}
    send(client, url(home, "describe_home"), **answers, regulator="ciw")
    page = client.get(url(home, "home")).text
    assert "name: Larch House; regulator that has to register it: the usual one. Now:" in page
    assert "name: Larch Lodge; regulator that has to register it: Care Inspectorate Wales." in page
    offered = client.get(url(home, "change_registration")).context["form"]
    assert offered["regulator"].value() == "ciw"
    send(client, url(home, "change_registration"), status="unregistered", regulator="ciw", from_on=TODAY)
    assert "Not registered with Care Inspectorate Wales, from 9 March 2026" in last_event(home).details["what"]


def test_a_home_in_wales_is_registered_by_the_regulator_that_it_needs(world, signed_in, send):
    """C-42; and a number that nobody knew is added later."""
    placement = in_childrens_home(world.own_child, home=a_home(registered=None, urn=""))
    client, home = signed_in(world.commissioning), placement.home
    answers = {"name": home.name, "regulator": "ciw", "urn": "W1234567", "postcode": "cf1 1aa"}
    send(client, url(home, "describe_home"), **answers)
    send(
        client, url(home, "change_registration"), status="registered", regulator="ciw", from_on=days_before(200).date()
    )
    home.refresh_from_db()
    look_at(placement)
    assert (home.urn, home.postcode) == ("W1234567", "CF1 1AA")
    assert Placement.objects.get(pk=placement.pk).standing.lawfulness == Lawfulness.LAWFUL
