"""Errands: long work is asked for once, done once however often it is handed out, and taken up when its worker is killed."""

import pytest
from django.db import OperationalError, connections
from django.urls import reverse

from casework import bell, errands
from casework.errands import CannotBeDone, Kind, NotDoneYet
from casework.models import Errand, OutgoingMail
from tests.factories import NOW
from tests.waiting import soon

pytestmark = pytest.mark.django_db


class Counting:
    """Counts to a number, and does on the way what the test says."""

    def __init__(self):
        self.times, self.on_the_way = 0, lambda under_way: None

    def __call__(self, under_way):
        self.times += 1
        self.on_the_way(under_way)
        under_way.tell(3, 12, "Counting.")
        return {"counted": under_way.errand.told["to"]}


@pytest.fixture
def counting(monkeypatch):
    does = Counting()
    kind = Kind("count", "Count to a number", does, lambda errand: "/")
    monkeypatch.setattr(errands, "_kinds", {"count": kind})
    return does


@pytest.fixture
def asked(world, counting):
    world.team_manager.email = "team-manager@council.example"
    world.team_manager.save()
    return errands.ask("count", by=world.team_manager, at=NOW, told={"to": 12})


def test_what_is_asked_for_is_done_and_whoever_asked_is_told_without_a_name(asked):
    errands.do(asked.pk)
    asked.refresh_from_db()
    assert (asked.outcome, asked.failed, asked.share_done, asked.says) == ({"counted": 12}, "", 25, "Counting.")
    assert asked.ended_at
    mail = OutgoingMail.objects.get()
    assert mail.to_id == asked.by_id
    assert asked.get_absolute_url() in mail.body


def test_an_errand_handed_out_five_times_is_done_once(asked, counting):
    for _ in range(5):
        errands.do(asked.pk)
    assert counting.times == 1
    assert OutgoingMail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_errand_that_somebody_is_at_is_left_to_them(asked, counting):
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [errands.LOCK, asked.pk])
            errands.do(asked.pk)
            assert counting.times == 0
    finally:
        other.close()
    soon(lambda: errands.do(asked.pk) or counting.times == 1)


def test_what_the_database_broke_off_is_taken_up(asked, counting):
    def lose_the_database(under_way):
        raise OperationalError("the server closed the connection")

    counting.on_the_way = lose_the_database
    with pytest.raises(OperationalError):
        errands.do(asked.pk)
    assert list(Errand.objects.not_ended()) == [asked]
    counting.on_the_way = lambda under_way: None
    errands.do(asked.pk)
    asked.refresh_from_db()
    assert (asked.attempts, asked.outcome) == (2, {"counted": 12})


def test_what_takes_longer_than_a_task_is_gone_on_with_at_once_and_counts_as_no_failure(asked, counting, monkeypatch):
    rung = []
    monkeypatch.setattr(bell, "ring", lambda task, *numbers: rung.append((task, *numbers)))

    def leave_the_rest(under_way):
        raise NotDoneYet

    counting.on_the_way = leave_the_rest
    for _ in range(errands.MOST_ATTEMPTS):
        errands.do(asked.pk)
    assert rung == [(errands.TASK, asked.pk)] * errands.MOST_ATTEMPTS
    asked.refresh_from_db()
    assert (asked.attempts, asked.ended_at, asked.failed) == (0, None, "")
    counting.on_the_way = lambda under_way: None
    errands.do(asked.pk)
    asked.refresh_from_db()
    assert asked.outcome == {"counted": 12}


def test_what_cannot_be_done_says_why(asked, counting):
    def refuse(under_way):
        raise CannotBeDone("There is nothing to count.")

    counting.on_the_way = refuse
    errands.do(asked.pk)
    asked.refresh_from_db()
    assert asked.failed == "There is nothing to count."


def test_what_goes_wrong_three_times_is_given_up_and_says_so_without_details(asked, counting):
    def break_down(under_way):
        raise ValueError("Robin Testchild cannot be counted")

    counting.on_the_way = break_down
    for _ in range(3):
        with pytest.raises(ValueError, match="counted"):
            errands.do(asked.pk)
    asked.refresh_from_db()
    assert asked.ended_at
    assert "Robin" not in asked.failed
    errands.do(asked.pk)
    assert counting.times == 3


def test_what_takes_its_worker_down_each_time_is_given_up_in_the_end(asked, counting):
    def die(under_way):
        raise KeyboardInterrupt

    counting.on_the_way = die
    for _ in range(errands.MOST_BEGINNINGS):
        with pytest.raises(KeyboardInterrupt):
            errands.do(asked.pk)
    errands.do(asked.pk)
    asked.refresh_from_db()
    assert asked.ended_at
    assert asked.failed == errands.BROKE_OFF
    assert counting.times == errands.MOST_BEGINNINGS


def test_every_errand_not_ended_is_rung_for_again(asked, monkeypatch):
    rung = []
    monkeypatch.setattr(bell, "ring", lambda task, *numbers: rung.append((task, *numbers)))
    assert errands.take_up() == 1
    assert rung == [(errands.TASK, asked.pk)]


def test_the_page_says_how_far_it_is_and_then_leads_to_the_result(asked, counting, world, signed_in):
    browser = signed_in(world.team_manager)
    page = reverse("casework:errand", args=[asked.pk])
    assert b"It waits for its turn" in browser.get(page).content

    def look(under_way):
        Errand.objects.filter(pk=asked.pk).update(done=3, of=12, says="Counting.")
        assert b"3 of 12" in browser.get(page).content
        assert browser.get(page, headers={"HX-Request": "true"}).status_code == 200

    counting.on_the_way = look
    errands.do(asked.pk)
    answer = browser.get(page, headers={"HX-Request": "true"})
    assert answer.status_code == 286, "the page asks no more"
    assert b"See what came of it" in answer.content


def test_an_errand_is_shown_to_whoever_asked_for_it(asked, world, signed_in):
    assert signed_in(world.service_director).get(asked.get_absolute_url()).status_code == 404
