"""The privacy officer has somebody named on a restricted record without learning whose it is. C-46."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from casework import diary
from casework.models import CaseFile, Duty, Event, OutgoingMail, Reading
from casework.steps import NotYou
from children import access, restricting
from children.models import Child, Restriction
from tests.factories import NOW, a, days_before, in_foster_care, with_unapproved_relative

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def look():
    diary.refresh(CaseFile.objects.values_list("pk", flat=True), at=NOW)


@pytest.fixture
def restricted(world):
    """A restricted child with an aunt whom nobody approved, and a Head of Service named; the chain needs six people."""
    with_unapproved_relative(world.restricted_child, by=world.colleague)
    access.name_on_restriction(world.hos, world.restricted_child, at=NOW, because="To lead")
    Child.objects.filter(pk=world.restricted_child.pk).update(forename="Secretforename", surname="Secretsurname")
    look()
    return Restriction.objects.get(child=world.restricted_child)


def url(name, restriction):
    return reverse(f"children:{name}", args=[restriction.key])


def tells_of_child(page, restriction):
    child = Child.objects.get(pk=restriction.child_id)
    said = (child.forename, child.surname, child.reference, f"/children/{child.pk}/", f"file {child.case_file_id}")
    return [secret for secret in said if secret in page.text]


@pytest.fixture
def waiting(world, restricted):
    """One role with a step to take that nobody named holds."""
    Duty.objects.filter(case_file=world.restricted_child.case_file_id).exclude(role=Role.SOCIAL_WORKER).delete()
    duty = Duty.objects.filter(case_file=world.restricted_child.case_file_id).first()
    duty.pk, duty.key, duty.role, duty.owner = None, "legal", Role.LEGAL, world.privacy_officer
    duty.stands_in = restricting.NOBODY_NAMED
    duty.save()
    return restricted


def test_my_work_leads_to_the_list_and_names_no_child(world, signed_in, waiting):
    page = signed_in(world.privacy_officer).get("/")
    assert "Have somebody named" in page.text
    assert "nobody named who can do this: Legal" in page.text
    assert reverse("children:names_wanted") in page.text
    assert tells_of_child(page, waiting) == []


def test_the_list_says_which_role_is_missing_behind_a_key_that_says_nothing(world, signed_in, waiting):
    client = signed_in(world.privacy_officer)
    page = client.get(reverse("children:names_wanted"))
    assert "Legal" in page.text
    assert f"Restricted record {str(waiting.key)[:8]}" in page.text
    one = client.get(url("name_wanted", waiting))
    assert world.hos.name in one.text
    for each in (page, one, client.get(url("ask_to_name", waiting)), client.get(url("name_by_role", waiting))):
        assert each.status_code == 200
        assert tells_of_child(each, waiting) == []
    assert not Reading.objects.exists()


def test_the_record_itself_stays_shut_to_the_officer(world, signed_in, waiting):
    client = signed_in(world.privacy_officer)
    assert client.get(url("restricted_record", waiting)).status_code == 404
    assert client.get(reverse("children:child", args=[waiting.child_id])).status_code == 404


def test_somebody_named_is_asked_by_mail_without_the_child(world, signed_in, send, waiting):
    world.hos.email = "hos@example.org"
    world.hos.save()
    answer = send(signed_in(world.privacy_officer), url("ask_to_name", waiting), person=world.hos.pk, role="legal")
    assert answer.status_code == 302
    mail = OutgoingMail.objects.get()
    assert mail.to == world.hos
    assert "Legal" in mail.body
    assert "Secret" not in mail.body + mail.subject
    assert Event.objects.get(act="ask_to_name").details == {"people": [world.hos.name], "role": "Legal"}


def test_only_those_are_asked_who_can_name_others(world, signed_in, waiting):
    page = signed_in(world.privacy_officer).get(url("ask_to_name", waiting))
    assert [label for _, label in page.context["form"].fields["person"].choices] == [
        f"{world.hos.name}, Head of Service, East of the river"
    ]


def test_the_officer_names_a_person_by_role_and_it_stands_on_the_file(world, signed_in, send, waiting):
    who = f"legal:{world.legal.pk}"
    reasons = "Agreed with the Head of Service."
    answer = send(signed_in(world.privacy_officer), url("name_by_role", waiting), who=who, because=reasons)
    assert answer.status_code == 302
    assert Child.objects.visible_to(world.legal, at=NOW).filter(pk=waiting.child_id).exists()
    event = Event.objects.get(act="name_person")
    assert (event.by, event.because, event.details["role"]) == (world.privacy_officer, reasons, "Legal")
    assert not Reading.objects.exists()


def test_the_officer_names_nobody_in_a_role_that_nothing_waits_for(world, signed_in, send, waiting):
    for who in (f"health:{world.health.pk}", f"legal:{world.privacy_officer.pk}", f"legal:{world.hos.pk}"):
        answer = send(signed_in(world.privacy_officer), url("name_by_role", waiting), who=who, because="Because.")
        assert answer.status_code == 422, who


def test_the_officer_never_names_themselves(world, waiting):
    found = restricting.without_child(NOW).get(pk=waiting.pk)
    told = {"because": "I want to see.", "by": world.privacy_officer, "at": NOW}
    with pytest.raises(NotYou):
        restricting.name_by_role(found, world.privacy_officer, "legal", **told)


def test_where_nothing_waits_the_officer_names_nobody(world, signed_in, send):
    in_foster_care(world.restricted_child, by=world.colleague)
    restriction = Restriction.objects.get(child=world.restricted_child)
    client = signed_in(world.privacy_officer)
    assert "Nothing waits for a name" in client.get(url("name_wanted", restriction)).text
    assert client.get(url("name_by_role", restriction)).status_code == 409
    found = restricting.without_child(NOW).get(pk=restriction.pk)
    with pytest.raises(NotYou):
        restricting.name_by_role(found, world.legal, "legal", because="No.", by=world.privacy_officer, at=NOW)


def test_a_key_that_nobody_made_leads_nowhere(world, signed_in):
    client = signed_in(world.privacy_officer)
    for name in ("name_wanted", "ask_to_name", "name_by_role", "restricted_record"):
        assert client.get(reverse(f"children:{name}", args=["00000000-0000-4000-8000-000000000000"])).status_code == 404


def test_a_restriction_that_was_lifted_is_no_longer_the_officers(world, signed_in, waiting):
    restricting.lift(world.restricted_child, because="Over.", by=world.hos, at=NOW)
    assert signed_in(world.privacy_officer).get(url("name_wanted", waiting)).status_code == 404


def test_a_missing_officer_is_a_role_to_fill_whether_or_not_a_restricted_record_waits(world, signed_in):
    administrator = signed_in(world.administrator)
    assert "Roles to fill" not in administrator.get("/").text
    world.privacy_officer.appointments.update(ends_at=days_before(1))
    without = administrator.get("/").context["roles_to_fill"]
    assert [row["role"] for row in without] == ["Privacy officer"]
    with_unapproved_relative(world.restricted_child, by=world.colleague)
    look()
    theirs = Duty.objects.open().filter(case_file=world.restricted_child.case_file_id)
    assert theirs.update(owner=None, role=Role.LEGAL, stands_in=restricting.NOBODY_NAMED)
    assert administrator.get("/").context["roles_to_fill"] == without


def test_the_list_asks_the_same_of_the_database_for_one_record_and_for_five(world, signed_in, asked, waiting):
    client = signed_in(world.privacy_officer)
    client.get(reverse("children:names_wanted"))
    with asked() as one:
        client.get(reverse("children:names_wanted"))
    duty = Duty.objects.get(key="legal")
    for _ in range(4):
        child = world.a_child(worker=world.colleague)
        restricting.restrict(child, [a(Role.HEALTH)], why="adoption", because="Adoption.", by=world.hos, at=NOW)
        duty.pk, duty.case_file = None, child.case_file
        duty.save()
    with asked() as five:
        page = client.get(reverse("children:names_wanted"))
    assert len(page.context["rows"]) == 5
    assert len(five) == len(one) <= 8
