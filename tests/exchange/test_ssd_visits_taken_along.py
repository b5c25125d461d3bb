"""Visits are exported as the Standard Safeguarding Dataset has them; brought elsewhere they are the same visits."""

import csv
import io
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings, strategies as st
from hypothesis.extra.django import TestCase

from accounts.roles import Role
from casework.limits import LONDON
from casework.models import Errand, Reading
from exchange import taking_along
from exchange.models import Export, ExportPart
from exchange.spreadsheet import GUARDED
from exchange.ssd import writing
from exchange.ssd.cells import plain, read_when, read_yes_or_no
from exchange.ssd.layout import HEADINGS
from tests.exchange.bringing import work
from tests.exchange.visits_brought import a_row, a_table, brought_visits, loaded_visits
from tests.factories import World, days_before, in_foster_care, restricted_to, visited
from visits.models import Visit

EXPORT = reverse("exchange:export_visits")
YEAR = (date(2025, 4, 1), date(2026, 3, 31))
MOVED_IN = date(2025, 9, 1)


@pytest.fixture
def jess(world):
    """Who makes the return."""
    return world.performance


@pytest.fixture
def child(world):
    """A child of the first team, who lives with a foster carer."""
    in_foster_care(world.own_child, since=MOVED_IN)
    return world.own_child


def exported(client, from_on=YEAR[0], to_on=YEAR[1]):
    """An export that was asked for and written."""
    days = {"from_on": from_on, "to_on": to_on}
    typed = {f"{name}_{part}": getattr(day, part) for name, day in days.items() for part in ("day", "month", "year")}
    answer = client.post(EXPORT, {"key": str(uuid.uuid4()), **typed})
    assert answer.status_code == 302, answer.content.decode()
    work()
    return Export.objects.latest("pk")


def file_of(client, export):
    return b"".join(client.get(reverse("exchange:export_file", args=[export.pk])).streaming_content)


def rows_of(content):
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


def test_a_visit_is_written_with_the_columns_of_the_standard(client, child):
    made = visited(child.placements.get(), datetime(2026, 2, 10, 14, 30, tzinfo=LONDON), alone=False)
    heading, row = rows_of(file_of(client, exported(client)))
    assert tuple(heading) == HEADINGS
    care = child.care_periods.get().pk
    assert row == [str(made.key), str(care), child.reference, "2026-02-10 14:30:00", "Y", "N"]


@pytest.mark.parametrize(
    ("made_at", "said"),
    [
        (datetime(2025, 9, 10, 13, 30, tzinfo=UTC), "2025-09-10 14:30:00"),
        (datetime(2026, 2, 10, 0, 0, tzinfo=UTC), "2026-02-10 00:00:00+00"),
        (datetime(2025, 9, 9, 23, 0, tzinfo=UTC), "2025-09-10 00:00:00+01"),
        # Sunday 26 October 2025: the hour from one to two comes twice.
        (datetime(2025, 10, 26, 0, 30, tzinfo=UTC), "2025-10-26 01:30:00+01"),
        (datetime(2025, 10, 26, 1, 30, tzinfo=UTC), "2025-10-26 01:30:00"),
        (datetime(2026, 2, 10, 9, 30, 5, 250000, tzinfo=UTC), "2026-02-10 09:30:05.25"),
    ],
)
def test_times_are_written_so_that_they_are_read_as_the_same_moment(client, child, made_at, said):
    visited(child.placements.get(), made_at)
    _, row = rows_of(file_of(client, exported(client)))
    assert row[3] == said
    assert read_when(said, on=date(2026, 3, 9))[0].at == made_at


def test_only_the_days_asked_for_are_in_it_the_last_one_too(client, child):
    for when in ((2026, 1, 31, 23, 59), (2026, 2, 1, 0, 1), (2026, 2, 28, 23, 59), (2026, 3, 1, 0, 0)):
        visited(child.placements.get(), datetime(*when, tzinfo=LONDON))
    export = exported(client, date(2026, 2, 1), date(2026, 2, 28))
    assert [row[3][:10] for row in rows_of(file_of(client, export))[1:]] == ["2026-02-01", "2026-02-28"]
    assert export.rows == 2


def test_restricted_children_are_left_out_and_so_is_what_was_struck_out(client, child, world):
    in_foster_care(world.restricted_child, since=MOVED_IN)
    visited(world.restricted_child.placements.get(), days_before(9))
    mistaken = visited(child.placements.get(), days_before(8))
    Visit.objects.filter(pk=mistaken.pk).update(struck_out=True)
    visited(child.placements.get(), days_before(7))
    export = exported(client)
    assert [row[2] for row in rows_of(file_of(client, export))[1:]] == [child.reference]
    assert export.case_files == [child.case_file_id]


def test_a_file_is_not_handed_out_once_a_record_in_it_is_restricted(client, child, world):
    visited(child.placements.get(), days_before(8))
    export = exported(client)
    restricted_to(child, world.social_worker, by=world.service_manager, since=timezone.now() - timedelta(minutes=1))
    refused = client.get(reverse("exchange:export_file", args=[export.pk]))
    assert refused.status_code == 409
    assert "a record in it was restricted" in refused.content.decode()
    assert "a record in it was restricted" in client.get(export.get_absolute_url()).content.decode()


def test_the_read_log_hears_whose_visits_were_handed_out_and_only_then(client, child):
    visited(child.placements.get(), days_before(8))
    export = exported(client)
    client.get(export.get_absolute_url())
    assert not Reading.objects.exists()
    file_of(client, export)
    assert Reading.objects.get().case_files == [child.case_file_id]


def test_no_cell_acts_as_a_formula_and_what_was_guarded_is_read_as_it_was(client, child):
    visited(child.placements.get(), days_before(8))
    for number, sign in enumerate(GUARDED):
        Visit.objects.update(brought_as=f"{sign}cmd{number}")
        (_, row) = rows_of(file_of(client, exported(client)))
        assert row[0] == f"'{sign}cmd{number}"
        assert plain(row[0]) == f"{sign}cmd{number}"


def test_an_empty_period_gives_a_file_with_column_names(client, child):
    assert rows_of(file_of(client, exported(client))) == [list(HEADINGS)]


def test_what_was_brought_and_what_was_recorded_comes_back_as_what_is_on_record(client, child):
    visited(child.placements.get(), days_before(8))
    loaded_visits(
        client,
        a_table(a_row(child, "2026-02-10"), a_row(child, "2026-02-11 00:00+00", visit="=1", seen="N", alone="N")),
    )
    delivery = brought_visits(client, file_of(client, exported(client)))
    assert [finding.code for finding in delivery.findings.order_by("code")] == ["visit-known"] * 3 + ["visits-read"]


def test_a_file_is_kept_in_parts_and_deleted_after_a_week(client, child, monkeypatch):
    monkeypatch.setattr(writing, "PART", 100)
    visited(child.placements.get(), days_before(8))
    export = exported(client)
    assert ExportPart.objects.count() > 1
    assert len(rows_of(file_of(client, export))) == 2
    assert taking_along.forget_old(timezone.now() + timedelta(days=6)) == 0
    assert taking_along.forget_old(timezone.now() + timedelta(days=8)) == 1
    assert not ExportPart.objects.exists()
    assert client.get(reverse("exchange:export_file", args=[export.pk])).status_code == 409
    assert "Deleted" in client.get(reverse("exchange:exports")).content.decode()


def test_writing_again_what_was_interrupted_doubles_nothing(client, child):
    visited(child.placements.get(), days_before(8))
    export = exported(client)
    content = file_of(client, export)
    Errand.objects.update(ended_at=None, started_at=None)
    work()
    assert file_of(client, export) == content


def test_days_in_the_wrong_order_are_refused_with_a_sentence(client):
    typed = {
        "from_on_day": 2,
        "to_on_day": 1,
        "from_on_month": 1,
        "to_on_month": 1,
        "from_on_year": 2026,
        "to_on_year": 2026,
    }
    answer = client.post(EXPORT, {"key": str(uuid.uuid4()), **typed})
    assert answer.status_code == 422
    assert b"The last day cannot lie before the first" in answer.content
    assert not Export.objects.exists()


def test_a_file_that_is_being_written_is_waited_for(client, child):
    days = {f"{name}_{part}": 1 for name in ("from_on", "to_on") for part in ("day", "month")}
    client.post(EXPORT, {"key": str(uuid.uuid4()), **days, "from_on_year": 2026, "to_on_year": 2026})
    export = Export.objects.get()
    assert "Being written" in client.get(export.get_absolute_url()).content.decode()
    assert client.get(reverse("exchange:export_file", args=[export.pk])).status_code == 409


def test_the_list_of_exports_asks_no_more_for_more_of_them(client, asked):
    exported(client)
    with asked() as few:
        client.get(reverse("exchange:exports"))
    for _ in range(4):
        exported(client)
    with asked() as many:
        assert client.get(reverse("exchange:exports")).content.decode().count("Ready") == 5
    assert len(many) == len(few)


@pytest.mark.django_db
def test_only_whoever_makes_the_return_takes_visits_along(world, signed_in):
    for role in (Role.SERVICE_DIRECTOR, Role.ADMINISTRATOR, Role.SOCIAL_WORKER):
        assert signed_in(world.person(role)).get(EXPORT).status_code == 403


FIRST = datetime(2025, 9, 2, tzinfo=UTC)
MOMENTS = st.integers(0, 188 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes))


class RoundTrip(TestCase):
    """Whatever visits there are, the file that is written tells them again."""

    @settings(max_examples=25, deadline=None)
    @given(
        st.lists(
            st.tuples(MOMENTS, st.sampled_from(["YY", "YN", "NN"]), st.text("=+-@a',\"\n ;é", max_size=5)), max_size=6
        )
    )
    def test_what_is_written_is_read_as_the_same_visits(self, told):
        world = World()
        placement = in_foster_care(world.own_child, since=MOVED_IN)
        visits = [
            Visit(
                placement=placement,
                role=Role.SOCIAL_WORKER,
                made_at=made_at,
                recorded_at=made_at,
                child_seen=flags[0] == "Y",
                seen_alone=flags[1] == "Y",
                key=uuid.uuid4(),
                brought_as=f"{number.strip()}{place}" if plain(number) == number.strip() else "",
            )
            for place, (made_at, flags, number) in enumerate(told)
        ]
        Visit.objects.bulk_create(visits)
        export = Export(from_on=YEAR[0], to_on=YEAR[1], by=world.performance)
        file = io.BytesIO()
        writing.copy_visits(export, file, at=timezone.now())
        rows = rows_of(file.getvalue())[1:]
        read = {
            plain(number): (read_when(date, on=YEAR[1])[0].at, read_yes_or_no(seen), read_yes_or_no(alone))
            for number, _, _, date, seen, alone in rows
        }
        assert read == {
            visit.brought_as or str(visit.key): (visit.made_at, visit.child_seen, visit.seen_alone) for visit in visits
        }
