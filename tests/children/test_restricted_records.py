"""Restricting a record: who may, who is named, and that everybody else finds nothing from the next request on.

Quality, who may see what: restricted children are invisible outside the named people; C-46: their duties.
"""

import pytest
from django.urls import reverse

from accounts.roles import Role
from casework import diary
from casework.models import CaseFile, Event, OutgoingMail
from casework.steps import NotYet, NotYou
from children import access, restricting
from children.models import Child, Restriction
from tests.factories import NOW, a, restricted_to, with_unapproved_relative

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
WHO = {Role.SERVICE_MANAGER, Role.HOS, Role.SERVICE_DIRECTOR, Role.ASSISTANT_DIRECTOR, Role.DCS}
SAID = {"why": "relative_of_staff", "because": "The aunt works in the placement service."}


def url(child, name):
    return reverse(f"children:{name}", args=[child.pk])


def sees(person, child):
    return Child.objects.visible_to(person, at=NOW).filter(pk=child.pk).exists()


def errors(answer):
    assert answer.status_code == 422
    return answer.context["form"].errors


def restrict(send, client, child, *people, **more):
    return send(
        client, url(child, "restrict"), people=[person.pk for person in people], all_the_same="on", **SAID, **more
    )


def look():
    diary.refresh(CaseFile.objects.values_list("pk", flat=True), at=NOW)


# Who may


def test_who_leads_the_area_or_the_authority_restricts_and_nobody_else(world):
    assert {role for role in Role if restricting.may_restrict(world.own_child, world.person(role), NOW)} == WHO


def test_the_right_role_in_the_wrong_area_is_no_right(world):
    for role in (Role.SERVICE_MANAGER, Role.HOS):
        assert not restricting.may_restrict(world.own_child, world.elsewhere(role), NOW)


def test_on_a_restricted_record_only_somebody_named_changes_anything(world):
    people = [world.person(role) for role in Role if role != Role.DHOS]
    assert not any(restricting.may_restrict(world.restricted_child, person, NOW) for person in people)
    for person in people:
        access.name_on_restriction(person, world.restricted_child, at=NOW, because="Named")
    assert {role for role in Role if restricting.may_restrict(world.restricted_child, world.person(role), NOW)} == WHO


def test_to_be_named_is_not_enough_to_name_others(world):
    assert not restricting.may_restrict(world.restricted_child, world.colleague, NOW)


def test_break_glass_is_for_seeing_and_changes_no_names(world):
    row = access.breaking_glass(
        world.hos.pk, world.restricted_child.pk, at=NOW, until=NOW.replace(hour=12), because="A reason"
    )
    row.save()
    assert sees(world.hos, world.restricted_child)
    assert not restricting.may_restrict(world.restricted_child, world.hos, NOW)


def test_the_child_page_offers_it_to_whom_it_is_for(world, signed_in):
    assert "Restrict the record to people named" in signed_in(world.hos).get(url(world.own_child, "child")).text
    assert "Restrict the record" not in signed_in(world.team_manager).get(url(world.own_child, "child")).text
    assert "Who may see this restricted record" in signed_in(world.dhos).get(url(world.restricted_child, "child")).text


# Restricting


def test_who_is_not_named_finds_nothing_on_the_next_request(world, signed_in, send):
    worker, hos = signed_in(world.social_worker), signed_in(world.hos)
    assert worker.get(url(world.own_child, "child")).status_code == 200
    answer = restrict(send, hos, world.own_child, world.hos, world.team_manager)
    assert answer.headers["Location"] == url(world.own_child, "restriction")
    assert worker.get(url(world.own_child, "child")).status_code == 404
    assert sees(world.team_manager, world.own_child)
    restriction = Restriction.objects.get(child=world.own_child)
    assert (restriction.why, restriction.by) == ("relative_of_staff", world.hos)
    event = Event.objects.get(act="restrict", case_file=world.own_child.case_file_id)
    assert event.because == SAID["because"]
    assert set(event.details["people"]) == {world.hos.name, world.team_manager.name}


def test_who_restricts_without_naming_themselves_is_led_away(world, signed_in, send):
    answer = restrict(send, signed_in(world.hos), world.own_child, world.team_manager)
    assert answer.headers["Location"] == "/"


def test_nobody_named_is_no_restriction(world, signed_in, send):
    answer = send(signed_in(world.hos), url(world.own_child, "restrict"), **SAID)
    assert errors(answer) == {"people": ["Select at least one person"]}
    assert not Restriction.objects.filter(child=world.own_child).exists()


def test_the_steps_that_nobody_named_can_take_are_said_first(world, signed_in, send):
    with_unapproved_relative(world.own_child)
    look()
    address = url(world.own_child, "restrict")
    client = signed_in(world.hos)
    said = errors(send(client, address, people=[world.hos.pk], **SAID))["all_the_same"][0]
    for role in ("Social worker", "Team manager", "Legal", "Deputy Head of Service", "Service Director"):
        assert role in said
    assert "Head of Service," not in said.replace("Deputy Head of Service,", "")
    assert send(client, address, people=[world.hos.pk], all_the_same="on", **SAID).status_code == 302


def test_nothing_is_warned_of_where_everybody_is_named(world, signed_in, send):
    people = [world.hos, world.social_worker, world.team_manager, world.iro]
    answer = send(signed_in(world.hos), url(world.own_child, "restrict"), people=[p.pk for p in people], **SAID)
    assert answer.status_code == 302


def test_nobody_who_could_lift_it_is_warned_of(world):
    people = [world.social_worker.pk, world.team_manager.pk, world.iro.pk]
    assert restricting.warnings_about(world.own_child, people, NOW) == [
        "Nobody named can name others or lift the restriction. The privacy officer would have to step in."
    ]


def test_a_record_is_restricted_once(world, signed_in, send):
    access.name_on_restriction(world.hos, world.restricted_child, at=NOW, because="Named")
    client = signed_in(world.hos)
    assert client.get(url(world.restricted_child, "restrict")).status_code == 409
    answer = restrict(send, client, world.restricted_child, world.hos)
    assert errors(answer)["__all__"] == [restricting.RESTRICTED_ALREADY]
    assert Restriction.objects.filter(child=world.restricted_child).count() == 1


def test_whoever_is_named_is_told_without_the_child(world, signed_in, send):
    world.team_manager.email = "manager@example.org"
    world.team_manager.save()
    restrict(send, signed_in(world.hos), world.own_child, world.hos, world.team_manager)
    mail = OutgoingMail.objects.get()
    assert mail.to == world.team_manager
    key = Restriction.objects.get(child=world.own_child).key
    assert f"/restricted/{key}/record/" in mail.body
    for secret in (world.own_child.forename, world.own_child.surname, world.own_child.reference):
        assert secret not in mail.body + mail.subject
    assert signed_in(world.team_manager).get(f"/restricted/{key}/record/").headers["Location"] == url(
        world.own_child, "restriction"
    )
    assert signed_in(world.social_worker).get(f"/restricted/{key}/record/").status_code == 404


# Names


@pytest.fixture
def restricted(world):
    """The restricted child, on whose record the Head of Service is named as well."""
    access.name_on_restriction(world.hos, world.restricted_child, at=NOW, because="To lead")
    return world.restricted_child


def test_another_person_is_named_from_now_on(world, signed_in, send, restricted):
    client = signed_in(world.hos)
    answer = send(client, url(restricted, "name_person"), person=world.legal.pk, because="A case discussion.")
    assert answer.status_code == 302
    assert sees(world.legal, restricted)
    page = client.get(url(restricted, "restriction"))
    assert [row[0] for row in page.context["rows"]] == [
        world.colleague.name,
        world.dhos.name,
        world.hos.name,
        world.legal.name,
    ]
    assert Event.objects.get(act="name_person").because == "A case discussion."


def test_a_person_taken_off_finds_nothing(world, signed_in, send, restricted):
    look()
    address = url(restricted, "take_off")
    answer = send(signed_in(world.hos), address, person=world.colleague.pk, because="Moved on.", all_the_same="on")
    assert answer.status_code == 302
    assert not sees(world.colleague, restricted)
    assert Event.objects.get(act="take_off").details == {"people": [world.colleague.name]}


def test_the_last_name_is_never_taken_off(world, signed_in, send):
    child = restricted_to(world.own_child, world.hos, by=world.service_manager)
    answer = send(signed_in(world.hos), url(child, "take_off"), person=world.hos.pk, because="No.", all_the_same="on")
    assert errors(answer)["person"] == [restricting.LAST_ONE]
    with pytest.raises(NotYet, match="Nobody else is named"):
        restricting.take_off(child, world.hos, because="No.", by=world.hos, at=NOW)
    assert sees(world.hos, child)


def test_whoever_has_left_does_not_count_as_the_one_who_stays(world):
    gone = a(Role.SOCIAL_WORKER, team=world.team)
    child = restricted_to(world.own_child, gone, world.hos, by=world.service_manager)
    gone.is_active = False
    gone.save()
    with pytest.raises(NotYet):
        restricting.take_off(child, world.hos, because="No.", by=world.hos, at=NOW)


def test_lifting_it_gives_the_record_back_to_roles_and_names_nobody_any_more(world, signed_in, send, restricted):
    outsider = world.elsewhere(Role.HOS)
    access.name_on_restriction(outsider, restricted, at=NOW, because="Named")
    answer = send(signed_in(world.hos), url(restricted, "lift_restriction"), because="The relative has left.")
    assert answer.headers["Location"] == url(restricted, "child")
    assert sees(world.social_worker, restricted)
    assert not sees(outsider, restricted)
    assert Event.objects.get(act="lift_restriction").because == "The relative has left."


def test_nobody_changes_names_on_a_record_that_is_not_restricted(world, signed_in, send):
    client = signed_in(world.hos)
    for name in ("name_person", "take_off", "lift_restriction", "restriction"):
        assert client.get(url(world.own_child, name)).status_code == 409, name
    with pytest.raises(NotYet):
        restricting.lift(world.own_child, because="No.", by=world.hos, at=NOW)


def test_whoever_may_not_change_names_is_told_who_can(world, signed_in, send, restricted):
    client = signed_in(world.dhos)
    assert client.get(url(restricted, "restriction")).status_code == 200
    for name in ("name_person", "take_off", "lift_restriction"):
        answer = client.get(url(restricted, name))
        assert answer.status_code == 403, name
        assert "directors, can do this; and they must be named on the record." in answer.text
    with pytest.raises(NotYou):
        restricting.name_person(restricted, world.legal, because="No.", by=world.dhos, at=NOW)


def test_the_page_says_what_will_wait(world, signed_in, restricted):
    page = signed_in(world.dhos).get(url(restricted, "restriction"))
    assert "Nobody named holds these roles: Team manager, Independent reviewing officer." in page.text
    assert "A relative works for the council." in page.text


def test_the_pages_ask_the_same_of_the_database_for_two_names_and_for_ten(world, signed_in, asked, restricted):
    client = signed_in(world.hos)
    for name in ("restriction", "name_person", "take_off"):
        client.get(url(restricted, name))
        with asked() as few:
            client.get(url(restricted, name))
        for _ in range(8):
            access.name_on_restriction(a(Role.SOCIAL_WORKER, team=world.team), restricted, at=NOW, because="Named")
        with asked() as many:
            client.get(url(restricted, name))
        assert len(many) == len(few), name
