"""The calendar feed: dates without names, behind a secret that is shown once and ends with the person's last role."""

import hashlib
import re
from datetime import date, time, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from casework import diary
from casework.models import Duty, Reading
from tests.calendars import read
from tests.factories import NOW, TODAY, allocated_to, appointed, days_before, planned, visited, with_unapproved_relative
from visits.models import CalendarFeed, PlannedVisit

pytestmark = pytest.mark.django_db
PAGE, FEED = reverse("visits:calendar"), reverse("visits:feed")
SECRET = re.compile(r"dates\.ics\?key=([\w-]+)")


@pytest.fixture
def home(world):
    """Visited on 8 March 2026: the next visit is due by Sunday 15 March."""
    found = with_unapproved_relative(world.own_child, since=days_before(3))
    visited(found, days_before(1))
    diary.refresh([world.own_child.case_file_id], at=NOW)
    return found


@pytest.fixture
def worker(world, signed_in):
    return signed_in(world.social_worker)


@pytest.fixture
def secret(worker):
    return secret_in(worker.post(PAGE))


@pytest.fixture
def nobody(now):
    """A calendar: nobody is signed in."""
    return Client()


def secret_in(answer):
    return SECRET.search(answer.content.decode())[1]


def asked_with(secret, client, **headers):
    return client.get(FEED, {"key": secret}, headers=headers)


def entries(answer):
    assert answer.status_code == 200
    return {entry["UID"].partition("@")[0]: entry for entry in read(answer.content)["VEVENT"]}


def test_the_address_is_shown_once_and_only_its_digest_is_kept(worker, world, nobody):
    assert "You have no address yet." in worker.get(PAGE).content.decode()
    secret = secret_in(worker.post(PAGE))
    assert len(secret) >= 43
    kept = CalendarFeed.objects.get()
    assert kept.person == world.social_worker
    assert kept.token_digest == hashlib.sha256(secret.encode()).hexdigest()
    assert secret not in worker.get(PAGE).content.decode()
    assert asked_with(secret, nobody).status_code == 200


def test_a_visit_that_is_due_is_a_whole_day_that_names_nobody(nobody, secret, world, home):
    answer = asked_with(secret, nobody)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    visit = next(entry for entry in entries(answer).values() if "Visit due" in entry["SUMMARY"])
    assert visit["SUMMARY"] == "Visit due (C-38)"
    assert (visit["DTSTART;VALUE=DATE"], visit["DTEND;VALUE=DATE"]) == ("20260315", "20260316")
    assert visit["URL"].endswith("/")
    said = answer.content.decode()
    child = world.own_child
    told = (child.forename, child.surname, child.reference, home.carer.name, home.carer.address, "Maternal aunt")
    told += (world.social_worker.last_name, str(child.date_of_birth.year))
    assert [word for word in told if word in said] == []
    assert set(re.findall(r"URL:(.*)\r", said)) == {visit["URL"]}


def test_a_planned_visit_stands_at_its_time_in_london(nobody, secret, home):
    """1 July is summer time: two in the afternoon is one o'clock in universal time. 12 March is not."""
    summer = planned(home, date(2026, 7, 1), planned_time=time(14, 0), says="See the new bed.")
    winter = planned(home, date(2026, 3, 12), planned_time=time(14, 0))
    whole = planned(home, date(2026, 3, 13))
    found = entries(asked_with(secret, nobody))
    assert found[f"planned-visit-{summer.pk}"]["DTSTART"] == "20260701T130000Z"
    assert found[f"planned-visit-{summer.pk}"]["DTEND"] == "20260701T140000Z"
    assert found[f"planned-visit-{summer.pk}"]["SUMMARY"] == "Planned visit 14:00"
    assert found[f"planned-visit-{winter.pk}"]["DTSTART"] == "20260312T140000Z"
    assert found[f"planned-visit-{whole.pk}"]["DTSTART;VALUE=DATE"] == "20260313"
    assert found[f"planned-visit-{whole.pk}"]["SUMMARY"] == "Planned visit"
    assert b"new bed" not in asked_with(secret, nobody).content


def test_a_plan_put_on_another_day_keeps_its_name_and_counts_up(nobody, worker, secret, home, send):
    plan = planned(home, date(2026, 3, 12))
    send(worker, reverse("visits:rearrange", args=[plan.pk]), planned_on=date(2026, 3, 13))
    entry = entries(asked_with(secret, nobody))[f"planned-visit-{plan.pk}"]
    assert (entry["DTSTART;VALUE=DATE"], entry["SEQUENCE"]) == ("20260313", "1")


def test_what_is_called_off_is_gone(nobody, worker, secret, home, send):
    plan = planned(home, date(2026, 3, 12))
    send(worker, reverse("visits:call_off", args=[plan.pk]), because="Ill.")
    assert f"planned-visit-{plan.pk}" not in entries(asked_with(secret, nobody))


def test_what_is_due_in_hours_stands_at_its_minute(nobody, secret, world, home):
    Duty.objects.open().filter(owner=world.social_worker, source="visits").update(due_at=NOW + timedelta(hours=3))
    assert "20260309T130000Z" in {entry.get("DTSTART") for entry in entries(asked_with(secret, nobody)).values()}


def test_plans_for_a_child_whom_one_sees_no_more_are_gone(nobody, secret, world, home):
    plan = planned(home, date(2026, 3, 12))
    allocated_to(world.own_child, world.colleague, by=world.team_manager)
    world.own_child.holdings.update(team=world.other_areas_team)
    assert f"planned-visit-{plan.pk}" not in entries(asked_with(secret, nobody))


def test_an_empty_calendar_is_a_calendar(nobody, secret):
    assert read(asked_with(secret, nobody).content)["VEVENT"] == []


def test_a_feed_reads_no_childs_record(nobody, secret, home):
    planned(home, date(2026, 3, 12))
    before = Reading.objects.count()
    asked_with(secret, nobody)
    assert Reading.objects.count() == before


# Who gets it


@pytest.mark.parametrize("wrong", ["", "x", "x" * 43, "x" * 5000, "é", "\x00"])
def test_a_wrong_secret_is_not_found_and_asks_one_question(nobody, secret, asked, wrong):
    with asked() as queries:
        answer = asked_with(wrong, nobody)
    assert answer.status_code == 404
    assert len(queries) == 1


def test_a_secret_with_one_letter_changed_is_not_found(nobody, secret):
    changed = ("a" if secret[0] != "a" else "b") + secret[1:]
    assert asked_with(changed, nobody).status_code == 404


def test_a_new_address_ends_the_one_before(nobody, worker, secret):
    another = secret_in(worker.post(PAGE))
    assert asked_with(secret, nobody).status_code == 404
    assert asked_with(another, nobody).status_code == 200
    assert CalendarFeed.objects.filter(ended_at=None).count() == 1


def test_an_ended_address_gives_nothing(nobody, worker, secret):
    answer = worker.post(PAGE, {"end": "yes"})
    assert answer.status_code == 302
    assert asked_with(secret, nobody).status_code == 404
    assert "You have no address yet." in worker.get(PAGE).content.decode()


def test_it_ends_with_the_account_for_good(nobody, secret, world):
    person = world.social_worker
    type(person).objects.filter(pk=person.pk).update(is_active=False)
    assert asked_with(secret, nobody).status_code == 404
    type(person).objects.filter(pk=person.pk).update(is_active=True)
    assert asked_with(secret, nobody).status_code == 404


def test_it_ends_with_the_last_role(nobody, secret, world):
    person = world.social_worker
    person.appointments.update(ends_at=NOW)
    assert asked_with(secret, nobody).status_code == 404
    appointed(person, Role.IRO, since=NOW)
    assert asked_with(secret, nobody).status_code == 404


def test_whoever_guesses_too_often_has_to_wait(settings, secret):
    settings.ACCOUNT_RATE_LIMITS = {"calendar": "3/m/ip"}
    guesser, calendar = Client(REMOTE_ADDR="203.0.113.77"), Client(REMOTE_ADDR="203.0.113.78")
    assert [asked_with("guess", guesser).status_code for _ in range(4)] == [404, 404, 404, 429]
    assert asked_with(secret, calendar).status_code == 200


# What a calendar asks again


def test_a_calendar_that_has_it_already_is_told_so(nobody, secret, home):
    first = asked_with(secret, nobody)
    again = asked_with(secret, nobody, if_none_match=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert asked_with(secret, nobody, if_modified_since=first["Last-Modified"]).status_code == 304
    assert "private" in first["Cache-Control"]


def test_what_changed_or_went_is_sent_again(nobody, secret, home):
    plan = planned(home, date(2026, 3, 12))
    first = asked_with(secret, nobody)
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        PlannedVisit.objects.filter(pk=plan.pk).delete()
        again = asked_with(secret, nobody, if_none_match=first["ETag"], if_modified_since=first["Last-Modified"])
        assert again.status_code == 200
        assert again["ETag"] != first["ETag"]
        later = asked_with(secret, nobody, if_modified_since=first["Last-Modified"])
        assert later.status_code == 200


def test_the_page_says_when_a_calendar_last_asked(nobody, worker, secret):
    assert "No calendar has asked yet." in worker.get(PAGE).content.decode()
    asked_with(secret, nobody)
    assert "A calendar last asked on 9 March 2026 at 10:00." in worker.get(PAGE).content.decode()


def test_a_month_of_plans_is_asked_for_at_once(nobody, secret, home, asked):
    planned(home, TODAY)
    with asked() as one:
        asked_with(secret, nobody)
    for number in range(1, 31):
        planned(home, TODAY + timedelta(days=number))
    with asked() as many:
        asked_with(secret, nobody)
    assert len(many) == len(one) <= 7
