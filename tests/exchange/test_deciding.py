"""Somebody decides about files that were looked through: load the good rows, or nothing; once, and one import at a time."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from casework import errands, tidying
from casework.models import Authority, Errand, Event
from casework.steps import NotYet
from children.models import Child
from exchange import deliveries, import_errands, loading
from exchange.deliveries import standing_of
from exchange.models import Delivery, FilePart, ImportRun, KeptFinding, SourceRow
from tests.exchange.bringing import AUTHORITY, a_return, brought, decide, found, small_return, work
from tests.exchange.files_and_rows import episode
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def again(delivery):
    return Delivery.objects.get(pk=delivery.pk)


def test_the_good_rows_are_loaded_in_the_name_of_whoever_decided(client, delivery, colleague, signed_in):
    looked = found(delivery)
    decide(signed_in(colleague), delivery, "load")
    work()
    delivery = again(delivery)
    assert standing_of(delivery).says == "Loaded"
    assert Child.objects.count() == 2
    assert {event.by for event in Event.objects.filter(act="load_return")} == {colleague}
    assert delivery.run.by == colleague
    assert Authority.objects.get().code == AUTHORITY
    assert found(delivery) == looked
    assert (delivery.told["dry_run"], delivery.told["made"]["children"]) == (False, 2)
    assert SourceRow.objects.filter(mark="refused").count() == 1


def test_loading_nothing_writes_no_record_and_deletes_the_files_at_once(client, delivery):
    answer = decide(client, delivery, "nothing")
    assert answer["Location"] == delivery.get_absolute_url()
    assert standing_of(again(delivery)).says == "Nothing was loaded"
    assert not FilePart.objects.exists()
    assert not Child.objects.exists()
    assert b"Load nothing: Jess Brook" in client.get(delivery.get_absolute_url()).content


def test_the_files_are_deleted_once_they_are_loaded(client, delivery):
    decide(client, delivery, "load")
    assert FilePart.objects.exists()
    work()
    assert not FilePart.objects.exists()
    assert again(delivery).files_gone_at


@pytest.mark.parametrize("second", ["load", "nothing"])
def test_whoever_decides_second_is_told_who_decided_first(client, delivery, colleague, signed_in, second):
    decide(client, delivery, "load")
    answer = decide(signed_in(colleague), delivery, second)
    assert answer.status_code == 422
    assert "Jess Brook has decided already, on 9 March 2026 at 10:00: “Load the good rows”." in answer.content.decode()
    work()
    assert ImportRun.objects.count() == 1
    assert again(delivery).decided_by == again(delivery).by


def test_a_decision_sent_twice_is_one(client, delivery):
    key = uuid.uuid4()
    answers = [decide(client, delivery, "load", key=key) for _ in range(2)]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Errand.objects.filter(kind=deliveries.LOAD).count() == 1


def test_one_import_is_loaded_at_a_time(client, delivery, tmp_path):
    other = brought(client, *a_return(tmp_path / "2018", episode("03/03/2018", "01/05/2018", child="1009")))
    decide(client, delivery, "load")
    answer = decide(client, other, "load")
    assert answer.status_code == 422
    assert b"Another import is being loaded: wait until it has ended" in answer.content
    work()
    assert decide(client, other, "load").status_code == 302
    work()
    assert Child.objects.count() == 3


def test_an_import_waits_for_one_that_runs_by_command(client, delivery, monkeypatch):
    """And where that takes too long it says so, and can be decided again."""
    monkeypatch.setattr(import_errands, "MINUTES_TO_WAIT", 1 / 60_000)
    decide(client, delivery, "load")
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [loading.LOCK, loading.LOADING])
        work()
    finally:
        other.close()
    assert standing_of(again(delivery)).code == "failed"
    assert "Another import is running" in again(delivery).load.failed
    assert decide(client, delivery, "load").status_code == 302
    work()
    assert standing_of(again(delivery)).code == "loaded"
    assert Child.objects.count() == 2


def test_nothing_is_decided_before_the_report_is_there(jess, delivery, client, tmp_path):
    Errand.objects.filter(pk=delivery.look_id).update(ended_at=None)
    with pytest.raises(NotYet, match="still being looked through"):
        deliveries.decide(delivery.pk, "load", by=jess, at=NOW)
    Errand.objects.filter(pk=delivery.look_id).update(ended_at=NOW, failed="It is no zip.")
    with pytest.raises(NotYet, match="cannot be read"):
        deliveries.decide(delivery.pk, "nothing", by=jess, at=NOW)


def test_the_same_files_once_more_hold_nothing_to_load(client, delivery, tmp_path):
    decide(client, delivery, "load")
    work()
    second = brought(client, *small_return(tmp_path / "2017"))
    assert set(found(second)) == {"read-before", "year"}
    answer = decide(client, second, "load")
    assert b"nothing new in these files" in answer.content
    assert decide(client, second, "nothing").status_code == 302


def test_files_that_somebody_else_has_loaded_meanwhile_are_not_loaded_twice(client, delivery, tmp_path):
    second = brought(client, *small_return(tmp_path / "2017"))
    decide(client, delivery, "load")
    work()
    decide(client, second, "load")
    work()
    assert standing_of(again(second)).code == "loaded"
    assert set(found(second)) == {"read-before", "year"}
    assert (Child.objects.count(), ImportRun.objects.count()) == (2, 1)


def test_loading_that_was_handed_out_five_times_is_done_once(client, delivery):
    decide(client, delivery, "load")
    for _ in range(5):
        errands.do(again(delivery).load_id)
    assert (Child.objects.count(), ImportRun.objects.count(), SourceRow.objects.count()) == (2, 1, 6)


def test_what_takes_longer_than_a_task_is_loaded_in_stretches(client, delivery, monkeypatch):
    monkeypatch.setattr(import_errands, "MINUTES_AT_A_STRETCH", 0)
    monkeypatch.setattr(loading, "CHILDREN_AT_ONCE", 1)
    looked = found(delivery)
    decide(client, delivery, "load")
    for loaded in (1, 2, 2):
        work()
        assert Child.objects.count() == loaded
    delivery = again(delivery)
    assert standing_of(delivery).code == "loaded"
    assert found(delivery) == looked
    assert (delivery.told["made"]["children"], ImportRun.objects.count()) == (2, 1)


def test_a_load_that_stopped_can_be_gone_on_with_but_not_undone(client, delivery, monkeypatch):
    decide(client, delivery, "load")
    with monkeypatch.context() as broken:
        broken.setattr(loading._Loading, "_mark_not_confirmed", lambda self: 1 / 0)
        for _ in range(errands.MOST_ATTEMPTS):
            with pytest.raises(ZeroDivisionError):
                work()
    assert standing_of(again(delivery)).code == "failed"
    assert b"Load nothing" not in client.get(delivery.get_absolute_url()).content
    assert b"what is loaded stays" in decide(client, delivery, "nothing").content
    decide(client, delivery, "load")
    work()
    delivery = again(delivery)
    assert standing_of(delivery).code == "loaded"
    assert (Child.objects.count(), delivery.told["made"]["children"]) == (2, 2)
    assert found(delivery).count("no-child") == 1


# What is deleted, and when


def tidy(*, days):
    tidying.tidy(NOW + timedelta(days=days))


def test_files_that_nobody_decides_about_are_deleted_after_a_week(client, delivery):
    tidy(days=7)
    assert FilePart.objects.exists()
    tidy(days=7.1)
    assert not FilePart.objects.exists()
    assert not KeptFinding.objects.exists()
    assert standing_of(again(delivery)).code == "lapsed"
    body = client.get(delivery.get_absolute_url()).content.decode()
    assert "nobody decided about them for a week" in body
    assert "Load the good rows" not in body
    assert decide(client, delivery, "load").status_code == 422


def test_findings_of_what_was_loaded_stay(client, delivery):
    decide(client, delivery, "load")
    work()
    before = found(delivery)
    tidy(days=400)
    assert found(delivery) == before


def test_files_that_are_being_loaded_are_left(client, delivery):
    decide(client, delivery, "load")
    tidy(days=8)
    assert FilePart.objects.exists()
    work()
    assert Child.objects.count() == 2


def test_the_report_says_how_many_children_have_no_team(client, delivery):
    assert b"no team" not in client.get(delivery.get_absolute_url()).content
    decide(client, delivery, "load")
    work()
    body = client.get(reverse("exchange:report", args=[delivery.pk])).content.decode()
    assert "2 children of these files have no team" in body


def test_who_opens_the_decision_once_more_reads_what_was_decided(client, delivery):
    address = reverse("exchange:decide", args=[delivery.pk])
    assert client.get(address).status_code == 200
    decide(client, delivery, "nothing")
    answer = client.get(address)
    assert answer.status_code == 409
    assert b"Jess Brook has decided already" in answer.content


def test_files_with_nothing_new_in_them_say_so(client):
    delivery = brought(client, ("minutes.csv", b"Minutes of a meeting"))
    assert standing_of(delivery).says == "Nothing new to load"
    page = client.get(delivery.get_absolute_url()).content.decode()
    assert "There is nothing new in these files to load." in page
    assert "Load nothing" in page
    assert f"{delivery.folder_of_loose_files}" not in page
