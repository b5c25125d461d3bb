"""Break-glass: one record that is out of sight is opened for a reason and for hours, and somebody is told at once.

Quality, who may see what: reason, time limit, alert without the child's name, review by somebody else.
"""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from casework.limits import Days, Hours
from casework.models import Duty, Event, Notification, OutgoingMail, Reading, RuleValue
from casework.own_values import objections_to
from casework.procedures import OwnValue
from children import access, breaking_glass, restricting
from children.models import BreakGlassAttempt, BreakGlassUse, Child, ChildName
from tests.factories import NOW, PASSWORD, TODAY, a, days_before, restricted_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
PAGE = "/break-glass/"
WORDS = "A neighbour reports shouting, and the team does not answer."
OUTSIDE = {Role.PERFORMANCE, Role.ADMINISTRATOR}


@pytest.fixture
def emails(world):
    User.objects.filter(email="").update(email="somebody@example.org")


@pytest.fixture
def desk(signed_in):
    """`desk(person)` is signed in, and has just given the password again."""

    def sit_down(person):
        client = signed_in(person)
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        return client

    return sit_down


@pytest.fixture
def smash(send):
    """`smash(client, child)` asks to open the child's record."""

    def smashing(client, child=None, **said):
        usually = {"by_what": "number", "number": child.reference if child else "", "why": "danger"}
        return send(client, PAGE, **{**usually, "because": WORDS, "hours": "4", **said})

    return smashing


def page_of(child):
    return reverse("children:child", args=[child.pk])


def errors(answer):
    assert answer.status_code == 422
    return answer.context["form"].errors


# Who may


def test_whoever_sees_children_and_information_governance_may(world):
    assert {role for role in Role if not breaking_glass.may_break_glass(None, world.person(role), NOW)} == OUTSIDE


def test_the_password_is_asked_again_and_what_was_typed_goes_on_after_it(world, signed_in, smash):
    client = signed_in(world.social_worker)
    answer = smash(client, world.other_areas_child)
    assert answer.headers["Location"].startswith("/accounts/reauthenticate/")
    assert not BreakGlassUse.objects.exists()
    answer = client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": PAGE})
    assert answer.headers["Location"] == page_of(world.other_areas_child)


def test_each_record_needs_its_own_password(world, desk, smash):
    client = desk(world.social_worker)
    assert smash(client, world.other_areas_child).headers["Location"] == page_of(world.other_areas_child)
    assert smash(client, world.second_teams_child).headers["Location"].startswith("/accounts/reauthenticate/")


# Opening


def test_the_exact_number_opens_the_record_until_its_hour(world, desk, smash):
    client = desk(world.social_worker)
    page = page_of(world.other_areas_child)
    assert client.get(page).status_code == 404
    assert smash(client, world.other_areas_child, number=world.other_areas_child.reference.lower()).status_code == 302
    assert "You opened this record by break-glass until 9 March 2026 at 14:00." in client.get(page).text
    use = BreakGlassUse.objects.get()
    assert (use.by, use.starts_at, use.ends_at) == (world.social_worker, NOW, NOW + timedelta(hours=4))
    with time_machine.travel(NOW + timedelta(hours=4) - timedelta(seconds=1), tick=False):
        assert client.get(page).status_code == 200
    with time_machine.travel(NOW + timedelta(hours=4), tick=False):
        assert client.get(page).status_code == 404


@pytest.mark.parametrize("name", ["Zora Ætherfold", "zora ætherfold", " ZORA  Ætherfold ", "Zora Former"])
def test_the_exact_name_and_date_of_birth_open_it(world, desk, smash, name):
    child = world.a_child(team=world.second_team, by=world.second_teams_manager, forename="Zora", surname="Ætherfold")
    ChildName.objects.create(child=child, kind=ChildName.Kind.FORMER, name="Zora Former")
    answer = smash(desk(world.social_worker), by_what="name", name=name, born=child.date_of_birth)
    assert answer.headers["Location"] == page_of(child)


def test_a_restricted_record_opens_as_well(world, desk, smash):
    client = desk(world.team_manager)
    smash(client, world.restricted_child)
    assert client.get(page_of(world.restricted_child)).status_code == 200


def test_it_stands_on_the_childs_file_with_the_reason(world, desk, smash):
    smash(desk(world.social_worker), world.other_areas_child)
    event = Event.objects.get(act="break_glass")
    assert (event.case_file_id, event.by, event.because) == (
        world.other_areas_child.case_file_id,
        world.social_worker,
        WORDS,
    )
    assert event.details == {"why": "The child may be in danger now", "until": "9 March 2026 at 14:00", "hours": 4}


def test_what_is_read_is_in_the_read_log(world, desk, smash):
    client = desk(world.social_worker)
    smash(client, world.other_areas_child)
    client.get(page_of(world.other_areas_child))
    assert Reading.objects.get().case_files == [world.other_areas_child.case_file_id]


def test_every_page_of_the_child_says_so_and_no_page_of_another(world, desk, smash):
    client = desk(world.social_worker)
    smash(client, world.other_areas_child)
    for name in ("child", "timeline", "restriction"):
        page = client.get(reverse(f"children:{name}", args=[world.other_areas_child.pk]))
        assert ("by break-glass until" in page.text) is (page.status_code == 200), name
    assert "by break-glass" not in client.get(page_of(world.own_child)).text


def test_whoever_sees_the_child_is_led_there_and_breaks_nothing(world, desk, smash):
    client = desk(world.social_worker)
    answer = smash(client, world.own_child)
    assert answer.headers["Location"] == page_of(world.own_child)
    assert "no break-glass was needed" in client.get(answer.headers["Location"]).text
    assert not BreakGlassUse.objects.exists()
    assert not Event.objects.filter(act="break_glass").exists()


def test_sent_twice_it_opens_once(world, desk, smash):
    key = "11111111-1111-4111-8111-111111111111"
    client = desk(world.social_worker)
    first = smash(client, world.other_areas_child, key=key)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    again = smash(client, world.other_areas_child, key=key)
    assert again.headers["Location"] == first.headers["Location"]
    assert BreakGlassUse.objects.count() == 1


def test_it_is_not_renewed_in_silence(world, desk, smash, emails):
    """While it is open nothing opens it for longer; once it is closed, it is opened as the first time, and told again."""
    client = desk(world.social_worker)
    smash(client, world.second_teams_child, hours="1")
    client = desk(world.social_worker)
    smash(client, world.second_teams_child, hours="8")
    assert BreakGlassUse.objects.get().ends_at == NOW + timedelta(hours=1)
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        smash(desk(world.social_worker), world.second_teams_child, hours="1")
    assert BreakGlassUse.objects.count() == Duty.objects.filter(kind="A-02").count() == 2
    assert OutgoingMail.objects.filter(to=world.second_teams_manager).count() == 2


def test_the_authority_may_say_how_long_at_most(world, desk, smash):
    assert breaking_glass.hours_to_choose(NOW) == [1, 4, 8]
    decided = {"decided_by": world.hos, "decided_at": days_before(9), "because": "Ours", "since": TODAY}
    RuleValue.objects.create(code="A-01", count=6, unit="hours", **decided)
    assert breaking_glass.hours_to_choose(NOW) == [1, 4, 6]
    assert "hours" in errors(smash(desk(world.social_worker), world.other_areas_child, hours="8"))


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"because": ""}, "because"),
        ({"because": "needed"}, "because"),
        ({"why": ""}, "why"),
        ({"hours": "48"}, "hours"),
        ({"number": ""}, "number"),
        ({"by_what": "name", "name": "Somebody"}, "born"),
    ],
)
def test_nothing_opens_without_a_reason_a_time_and_a_child(world, desk, smash, said, field):
    assert field in errors(smash(desk(world.social_worker), world.other_areas_child, **said))
    assert not BreakGlassUse.objects.exists()
    assert not BreakGlassAttempt.objects.exists()


def test_the_use_itself_is_never_changed_or_removed(world, desk, smash):
    smash(desk(world.social_worker), world.other_areas_child)
    for change in (lambda: BreakGlassUse.objects.update(because="Other"), lambda: BreakGlassUse.objects.all().delete()):
        with pytest.raises(Exception, match="never changed or removed"), transaction.atomic():
            change()


# Telling


def told():
    return {mail.to.username for mail in OutgoingMail.objects.all()}


def test_the_team_manager_is_told_at_once_without_the_child(world, desk, smash, emails):
    smash(desk(world.social_worker), world.second_teams_child)
    mail = OutgoingMail.objects.get()
    assert mail.to == world.second_teams_manager
    child = world.second_teams_child
    for secret in (child.forename, child.surname, child.reference, f"/{child.pk}/", world.social_worker.name):
        assert secret not in mail.body + mail.subject
    duty = Duty.objects.get(kind="A-02")
    assert Notification.objects.get(threshold="break_glass").person == world.second_teams_manager
    assert Notification.objects.get(threshold="break_glass").duty == duty


def test_the_mail_leads_whoever_sees_the_child_to_what_has_happened(world, desk, smash, signed_in, emails):
    smash(desk(world.social_worker), world.second_teams_child)
    address = reverse("children:break_glass_use", args=[BreakGlassUse.objects.get().pk])
    timeline = reverse("children:timeline", args=[world.second_teams_child.pk])
    assert signed_in(world.second_teams_manager).get(address).headers["Location"] == timeline
    assert address in OutgoingMail.objects.get().body
    assert signed_in(world.privacy_officer).get(address).status_code == 404
    assert signed_in(world.team_manager).get(address).status_code == 404


def test_of_a_restricted_record_the_officer_is_told_and_not_a_manager_who_is_not_named(world, desk, smash, emails):
    smash(desk(world.social_worker), world.restricted_child)
    assert told() == {world.privacy_officer.username}
    review = reverse("children:break_glass_review", args=[BreakGlassUse.objects.get().pk])
    assert review in OutgoingMail.objects.get().body


def test_of_a_restricted_record_a_manager_who_is_named_is_told(world, desk, smash, emails):
    access.name_on_restriction(world.team_manager, world.restricted_child, at=NOW, because="Named")
    smash(desk(world.social_worker), world.restricted_child)
    assert told() == {world.team_manager.username}


def test_the_manager_who_breaks_the_glass_is_not_the_one_who_is_told(world, desk, smash, emails):
    restricted_to(world.own_child, world.hos, by=world.service_manager)
    smash(desk(world.team_manager), world.own_child)
    assert told() == {world.privacy_officer.username}


def test_of_what_the_officer_opens_the_auditor_is_told_where_no_manager_is(world, desk, smash, emails):
    smash(desk(world.privacy_officer), world.restricted_child)
    assert told() == {world.auditor.username}


def test_without_a_mail_address_the_notification_stands(world, desk, smash):
    smash(desk(world.social_worker), world.second_teams_child)
    assert not OutgoingMail.objects.exists()
    assert Notification.objects.filter(person=world.second_teams_manager, threshold="break_glass").exists()


# What opens nothing


def test_no_such_child_two_of_them_and_a_part_of_a_name_are_answered_with_one_sentence(world, desk, smash):
    born = date(2015, 5, 5)
    for _ in range(2):
        world.a_child(team=world.second_team, by=world.second_teams_manager, forename="Ada", surname="Twin", born=born)
    client = desk(world.social_worker)
    restricted = world.restricted_child
    answers = [
        smash(client, number="NOBODY"),
        smash(client, number=restricted.reference[:-1]),
        smash(client, by_what="name", name="Ada Twin", born=born),
        smash(client, by_what="name", name=restricted.surname, born=restricted.date_of_birth),
        smash(client, by_what="name", name=restricted.name, born=born),
    ]
    assert [errors(answer)["__all__"] for answer in answers] == [[breaking_glass.NOTHING_OPENED]] * 5
    assert BreakGlassAttempt.objects.filter(by=world.social_worker).count() == 5
    assert not BreakGlassUse.objects.exists()


def test_whether_a_restricted_child_exists_shows_in_no_question_to_the_database(world, desk, smash, asked):
    client = desk(world.social_worker)
    smash(client, number="FIRST")
    with asked() as near:
        smash(client, by_what="name", name=world.restricted_child.name, born=date(2001, 1, 1))
    with asked() as nowhere:
        smash(client, by_what="name", name="Nobody Atall", born=date(2001, 1, 1))
    assert len(near) == len(nowhere)


def test_after_five_attempts_a_day_it_is_refused_and_the_officer_is_told_once(world, desk, smash, emails):
    client = desk(world.social_worker)
    for _ in range(5):
        assert smash(client, number="NOBODY").status_code == 422
    answer = smash(client, world.other_areas_child)
    assert answer.status_code == 409
    assert "tried 5 times today" in answer.text
    assert client.get(PAGE).status_code == 409
    assert not BreakGlassUse.objects.exists()
    assert told() == {world.privacy_officer.username}
    assert world.social_worker.name not in OutgoingMail.objects.get().body
    assert breaking_glass.failed_today(world.social_worker, NOW + timedelta(days=1)) == 0


def test_one_persons_attempts_are_nobody_elses(world, desk, smash):
    client = desk(world.social_worker)
    for _ in range(5):
        smash(client, number="NOBODY")
    assert desk(world.colleague).get(PAGE).status_code == 200


def test_what_was_looked_for_is_not_kept(world, desk, smash):
    smash(desk(world.social_worker), by_what="name", name="Unknown Childname", born=date(2015, 5, 5))
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(a)::text FROM children_breakglassattempt a")
        assert "Childname" not in cursor.fetchone()[0]


# The right child, the wrong moment


def test_whoever_loses_the_role_loses_what_was_opened(world, desk, smash):
    worker = a(Role.SOCIAL_WORKER, team=world.team)
    client = desk(worker)
    smash(client, world.other_areas_child)
    worker.appointments.update(ends_at=NOW)
    worker.__dict__.pop("_appointments_read", None)
    assert not Child.objects.visible_to(worker, at=NOW).exists()


def test_what_is_opened_is_one_child_and_for_one_person(world, desk, smash):
    client = desk(world.social_worker)
    smash(client, world.other_areas_child)
    assert client.get(page_of(world.second_teams_child)).status_code == 404
    assert not Child.objects.visible_to(world.colleague, at=NOW).filter(pk=world.other_areas_child.pk).exists()


# Closing before the hour


def close(client, send, use):
    return send(client, reverse("children:close_break_glass", args=[use.pk]))


def test_whoever_opened_it_closes_it_and_sees_nothing_more(world, desk, smash, send):
    client = desk(world.social_worker)
    smash(client, world.other_areas_child)
    use = BreakGlassUse.objects.get()
    address = reverse("children:close_break_glass", args=[use.pk])
    assert address in client.get(page_of(world.other_areas_child)).text
    assert "It is open to you until 9 March 2026 at 14:00." in client.get(address).text
    with time_machine.travel(NOW + timedelta(minutes=20), tick=False):
        assert close(client, send, use).status_code == 302
        assert client.get(page_of(world.other_areas_child)).status_code == 404
        assert client.get(address).status_code == 404
    event = Event.objects.get(act="close_break_glass")
    assert (event.case_file_id, event.by) == (world.other_areas_child.case_file_id, world.social_worker)
    assert breaking_glass.uses().get().closed_at == NOW + timedelta(minutes=20)
    assert Duty.objects.get(kind="A-02").closed_at is None, "what was opened is reviewed all the same"


def test_whoever_was_told_and_whoever_reviews_close_it_at_once(world, desk, smash, send, signed_in):
    for who in (world.second_teams_manager, world.privacy_officer):
        client = desk(world.social_worker)
        smash(client, world.second_teams_child)
        use = BreakGlassUse.objects.latest("pk")
        assert (
            f"It is open to {world.social_worker.name} until"
            in signed_in(who).get(reverse("children:close_break_glass", args=[use.pk])).text
        )
        assert close(signed_in(who), send, use).status_code == 302
        assert client.get(page_of(world.second_teams_child)).status_code == 404


def test_nobody_else_closes_it_or_learns_that_it_is_open(world, desk, smash, send, signed_in):
    smash(desk(world.social_worker), world.second_teams_child)
    use = BreakGlassUse.objects.get()
    for stranger in (world.colleague, world.service_director, world.auditor, world.administrator):
        assert close(signed_in(stranger), send, use).status_code == 404
    assert breaking_glass.uses_open(NOW).filter(pk=use.pk).exists()


def test_the_alert_says_where_to_close_it(world, desk, smash, emails):
    smash(desk(world.social_worker), world.second_teams_child)
    address = reverse("children:close_break_glass", args=[BreakGlassUse.objects.get().pk])
    assert address in OutgoingMail.objects.get().body


def test_the_review_says_that_it_was_closed_and_lists_nothing_read_later(world, desk, smash, send, signed_in):
    client = desk(world.social_worker)
    smash(client, world.second_teams_child)
    client.get(page_of(world.second_teams_child))
    use = BreakGlassUse.objects.get()
    review = reverse("children:break_glass_review", args=[use.pk])
    assert "Close the record now" in signed_in(world.privacy_officer).get(review).text
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        close(client, send, use)
        page = signed_in(world.privacy_officer).get(review)
    assert "Closed early" in page.text
    assert "9 March 2026 at 10:05" in page.text
    assert "Close the record now" not in page.text
    assert len(page.context["read"]) == 1


def test_a_record_that_is_restricted_closes_to_whoever_had_opened_it(world, desk, smash):
    """Everybody who is not named finds nothing from the next click on."""
    client = desk(world.social_worker)
    smash(client, world.second_teams_child)
    assert client.get(page_of(world.second_teams_child)).status_code == 200
    told = {"why": "adoption", "because": "The child is to be adopted.", "by": world.service_manager, "at": NOW}
    restricting.restrict(world.second_teams_child, [world.second_teams_manager], **told)
    assert client.get(page_of(world.second_teams_child)).status_code == 404


@pytest.mark.parametrize(("limit", "is_refused"), [(Hours(24), False), (Hours(25), True), (Days(1), True)])
def test_no_authority_opens_a_record_for_longer_than_a_day(limit, is_refused):
    own = OwnValue("A-01", limit, TODAY + timedelta(days=1))
    assert bool(objections_to(own, decided_on=TODAY)) is is_refused
