"""The bench at a scale of its own, tiny: the same code, and not a word on how long anything took."""

import time
from dataclasses import replace

import pytest
from django.db import connection, transaction
from django.test import Client, override_settings
from django.utils import timezone

from bench.speed import checking, copying, district, measuring, nightly, operations, report, scales
from bench.speed.checking import NotAsItShould
from bench.speed.measuring import Measuring
from bench.speed.serving import Answer, Visitor
from casework import diary
from casework.models import Duty, Event
from children.models import Child

pytestmark = pytest.mark.django_db
TINY = copying.Size(now=24, ever=40)


class InThisProcess(Visitor):
    """Asks the application itself, inside the transaction of the test."""

    def ask(self, asked):
        client = Client(SERVER_NAME=self.host)
        client.cookies = self.cookies
        started = time.perf_counter()
        answer = client.get(asked.path) if asked.sent is None else client.post(asked.path, dict(asked.sent))
        return Answer(answer.status_code, answer.content, time.perf_counter() - started)


@pytest.fixture(scope="module")
def made_at(django_db_setup, django_db_blocker):
    """As of when the tiny authority is, which is there until the module's last test."""
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(ROOT_URLCONF="bench.speed.urls"):
        as_of = scales.load_district(district.SHORT)
        copying.multiply(TINY)
        checking.require_sound(as_of, district.SEED)
        yield as_of
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def run(made_at):
    """Everything measured twice, and what was sent taken back."""
    with transaction.atomic():
        cost = nightly.measure(made_at, district.SEED)
        every = Measuring(InThisProcess)
        every.check()
        every.measure(rounds=2, warm_up=0)
        every.count_queries()
        every.check_what_was_sent()
        lines = report.lines_of("tiny", every.measured, cost, megabytes=100)
        transaction.set_rollback(True)
    return report.Run("tiny", "1 June 2026", report.machine(), 0.1, scales.counted(), lines)


def test_the_authority_has_exactly_the_size_asked_for(made_at):
    told = scales.counted()
    assert (told["now"], told["ever"]) == (TINY.now, TINY.ever)


def test_copies_live_in_teams_and_with_workers_of_their_own(made_at):
    original = Child.objects.filter(pk__lt=copying.SPAN, care_periods__ended_on=None).first()
    copied = Child.objects.get(pk=original.pk + copying.SPAN)
    at = timezone.now()
    assert copied.holding_at(at).team_id == original.holding_at(at).team_id + copying.SPAN
    workers = {a.person_id for a in copied.allocations_at(at) if a.role == "social_worker"}
    assert workers == {a.person_id + copying.SPAN for a in original.allocations_at(at) if a.role == "social_worker"}
    assert copied.name != original.name


def test_what_the_district_fills_is_copied_or_named_as_not_copied(made_at):
    copied = {table.model for table in copying.TABLES} | set(copying.SEALED) | set(copying.NOT_COPIED)
    filled = {model._meta.label for model in own_models() if model._base_manager.exists()}
    assert filled <= copied


def own_models():
    from django.apps import apps

    ours = ("accounts", "approvals", "casework", "children", "exchange", "meetings", "placements", "visits")
    every = (model for app in ours for model in apps.get_app_config(app).get_models())
    return [model for model in every if not model.__name__.endswith("Event") or model is Event]


def test_a_duty_that_the_diary_would_not_have_made_is_found(made_at):
    Duty.objects.filter(case_file__gte=copying.SPAN, closed_at=None).update(says="Made up")
    with pytest.raises(NotAsItShould, match="The diary finds other duties"):
        checking.require_sound(made_at, district.SEED)


def test_an_event_that_does_not_verify_is_found(made_at):
    event = Event.objects.filter(case_file__gte=copying.SPAN).first()
    with connection.cursor() as cursor, copying.past_triggers(cursor):
        cursor.execute("UPDATE casework_event SET because = 'made up' WHERE id = %s", [event.pk])
    with pytest.raises(NotAsItShould, match="was changed"):
        checking.require_sound(made_at, district.SEED)


def test_a_reference_that_leads_nowhere_is_found(made_at):
    with connection.cursor() as cursor, copying.past_triggers(cursor):
        cursor.execute("UPDATE visits_visit SET visitor_id = 1 - visitor_id WHERE id >= %s", [copying.SPAN])
    with pytest.raises(NotAsItShould, match="lead nowhere"):
        checking.require_sound(made_at, district.SEED)


def test_a_page_that_says_something_else_than_the_tables_is_not_measured(made_at, monkeypatch):
    wrong = [replace(each, expects=lambda person, asked: [("Nobody",)]) for each in operations.OPERATIONS]
    monkeypatch.setattr(measuring, "OPERATIONS", wrong)
    with pytest.raises(NotAsItShould, match="the tables"):
        Measuring(InThisProcess).check()


def test_every_page_answered_with_rows_of_its_own(run):
    rows = {line.says: line.rows for line in run.lines}
    asked = [each.name for each in operations.OPERATIONS if each.answers and "finds nobody" not in each.name]
    assert [name for name in asked if not rows[name]] == []


def test_the_report_has_a_row_for_each_operation_with_its_target(run, tmp_path):
    report.keep(run, tmp_path)
    file = tmp_path / "bench.md"
    report.write(report.kept(tmp_path), file)
    text = file.read_text()
    assert "## Scale tiny: 24 children looked after, 40 ever" in text
    for operation in operations.OPERATIONS:
        assert f"\n| {operation.name} |" in text
    assert "\n| Statutory export | 5x a plain COPY | not built yet | – |" in text
    assert "| Reached |" in text


def test_the_same_numbers_give_the_same_report(run, tmp_path):
    files = [tmp_path / "first.md", tmp_path / "second.md"]
    for file in files:
        report.write([run, replace(run, scale="S")], file)
    assert files[0].read_text() == files[1].read_text()
    assert "## Growth" in files[0].read_text()


def test_what_misses_its_target_is_said(run):
    missed = replace(run.lines[1], reached=False)
    assert "| **no** |" in report._scale(replace(run, lines=[missed]))


def test_a_look_as_of_the_same_moment_changes_nothing(made_at):
    assert diary.refresh_due(at=made_at).files == 0
