"""An authority brings its visits: they are looked through, loaded, and bringing them again changes nothing."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.roles import Role
from casework import diary, events
from casework.ledger import Closed
from casework.models import Duty, Event
from children.models import Child
from exchange import loading
from exchange.models import Delivery, FilePart, ImportRun
from exchange.ssd.layout import HEADINGS
from tests.exchange.bringing import a_return, brought, decide, found, work
from tests.exchange.files_and_rows import episode
from tests.exchange.visits_brought import BRING_VISITS, a_row, a_table, brought_visits, loaded_visits, send_visits
from tests.factories import days_before, in_foster_care, moment, restricted_to, visited
from visits.models import Visit

pytestmark = pytest.mark.django_db
LOADED_ON = date(2026, 3, 2)
"""Monday 2 March 2026: the day on which the return was loaded, from which on visits are on record."""
MOVED_IN = date(2026, 1, 5)
"""Monday 5 January 2026."""


@pytest.fixture
def jess(world):
    """Who makes the return."""
    return world.performance


@pytest.fixture
def child(world):
    """A child who came with the return, and lives in a foster home since 5 January."""
    found = world.a_child(worker=world.social_worker, known_from=moment(LOADED_ON))
    in_foster_care(found, since=MOVED_IN)
    return found


def statutory_duties(child):
    return [
        (
            duty.kind,
            duty.due_at.date() - timedelta(days=1) if duty.due_at.hour == 0 else duty.due_at.date(),
            duty.closed_as,
        )
        for duty in Duty.objects.filter(case_file=child.case_file, source="visits", key__startswith="S:").order_by(
            "opened_at"
        )
    ]


def test_looking_through_visits_says_everything_and_writes_nothing(client, child):
    content = a_table(a_row(child), a_row("9999", visit="v2"), a_row(child, "46086", visit="v3"))
    before = Event.objects.count()
    delivery = brought_visits(client, content)
    assert found(delivery) == ["day-as-number", "unknown-child", "visits-read"]
    page = client.get(delivery.get_absolute_url()).content.decode()
    assert "Waits for a decision" in page
    assert "Files of visits" in page
    assert "visit would be new" in page
    assert "No child with this number is on record" in page
    assert (Visit.objects.count(), Event.objects.count(), ImportRun.objects.count()) == (0, before, 0)


def test_loading_takes_the_good_rows_and_tells_each_childs_file_once(client, child, jess):
    content = a_table(a_row(child), a_row(child, "2026-02-20", visit="v2", alone="N"), a_row(child, "soon", visit="v3"))
    delivery = loaded_visits(client, content)
    first, second = Visit.objects.order_by("made_at")
    assert (first.brought_as, first.visitor, first.role, first.seen_alone) == ("v1", None, Role.SOCIAL_WORKER, True)
    assert (second.made_at, second.how_seen) == (moment(date(2026, 2, 20)) + timedelta(hours=2), "Seen, not alone")
    assert delivery.told["made"] == {"visits": 2, "every visit": 0}
    event = Event.objects.get(act="load_visits")
    assert (event.case_file, event.by, event.details["visits"]) == (child.case_file, jess, 2)
    assert list(events.faults_in_chains()) == []
    assert not FilePart.objects.exists()
    assert "Loaded" in client.get(delivery.get_absolute_url()).content.decode()


def test_bringing_the_same_file_again_changes_nothing(client, child):
    content = a_table(a_row(child), a_row(child, "2026-02-20 09:00", visit="v2"))
    loaded_visits(client, content)
    before = list(Visit.objects.order_by("pk").values()), Event.objects.count()
    delivery = brought_visits(client, content)
    assert found(delivery) == ["visit-known", "visit-known", "visits-read"]
    assert "Nothing new to load" in client.get(delivery.get_absolute_url()).content.decode()
    refused = decide(client, delivery, "load")
    assert b"nothing new in these files" in refused.content
    assert (list(Visit.objects.order_by("pk").values()), Event.objects.count()) == before


def test_a_later_file_brings_only_what_is_new_in_it(client, child):
    loaded_visits(client, a_table(a_row(child)))
    delivery = loaded_visits(client, a_table(a_row(child), a_row(child, "2026-02-20 09:00", visit="v2")))
    assert delivery.told["made"]["visits"] == 1
    assert Visit.objects.count() == 2


def test_a_visit_that_differs_from_the_one_loaded_before_stays_as_it_is_here(client, child):
    loaded_visits(client, a_table(a_row(child)))
    delivery = brought_visits(client, a_table(a_row(child, "2026-02-11 14:30")))
    assert found(delivery) == ["visit-differs", "visits-read"]
    assert Visit.objects.get().made_at.day == 10


def test_a_visit_that_was_struck_out_here_does_not_come_back(client, child):
    loaded_visits(client, a_table(a_row(child)))
    Visit.objects.update(struck_out=True)
    assert found(brought_visits(client, a_table(a_row(child)))) == ["visit-struck-out", "visits-read"]


def test_a_visit_recorded_here_by_hand_is_not_made_a_second_time(client, child, world):
    visited(child.placements.get(), days_before(3), by=world.social_worker)
    made_at = Visit.objects.get().made_at
    rows = a_row(child, f"{made_at:%Y-%m-%d}"), a_row(child, f"{made_at:%d/%m/%Y %H:%M}", visit="v2")
    delivery = loaded_visits(client, a_table(*rows, a_row(child, visit="v3")))
    assert found(delivery) == ["visit-recorded-here", "visit-recorded-here", "visits-read"]
    assert Visit.objects.count() == 2


def test_a_number_that_stands_twice_makes_one_visit(client, child):
    first = a_row(child)
    delivery = loaded_visits(client, a_table(first, first, a_row(child, "2026-02-20 09:00")))
    assert found(delivery) == ["repeated", "visit-id-twice", "visits-read"]
    assert Visit.objects.count() == 1


def test_a_number_that_stands_with_two_children_makes_one_visit(client, child, world):
    other = world.a_child(worker=world.social_worker)
    in_foster_care(other, since=MOVED_IN)
    assert other.reference > child.reference
    delivery = loaded_visits(client, a_table(a_row(other), a_row(child)))
    assert found(delivery) == ["visit-id-twice", "visits-read"]
    assert Visit.objects.get().placement.child == other


# What a file may look like


@pytest.mark.parametrize(
    ("told", "findings"),
    [
        ({}, ["visits-read"]),
        ({"before": b"\xef\xbb\xbf"}, ["visits-read"]),
        ({"end": "\n"}, ["visits-read"]),
        ({"separator": ";"}, ["separated", "visits-read"]),
        ({"separator": "\t"}, ["separated", "visits-read"]),
        ({"headings": [name.upper() for name in HEADINGS]}, ["visits-read"]),
        ({"headings": [*HEADINGS[:1], "soci\u00e9t\u00e9", *HEADINGS[2:]], "encoding": "cp1252"},
         ["extra-column", "missing-column", "not-utf-8", "visits-read"]),
    ],
)  # fmt: skip
def test_files_as_programs_write_them_are_read(client, child, told, findings):
    delivery = brought_visits(client, a_table(a_row(child), **told))
    assert found(delivery) == findings
    assert delivery.told["made"]["visits"] == 1


@pytest.mark.parametrize(
    ("content", "name", "finding"),
    [
        (b"", "visits.csv", "empty"),
        (a_table(), "visits.csv", "no-rows"),
        (b"CHILD,DECOM\r\n1,2\r\n", "visits.csv", "not-visits"),
        (a_table(encoding="utf-16"), "visits.csv", "not-text"),
        (b"PK\3\4", "visits.xlsx", "not-csv"),
    ],
)
def test_what_is_no_file_of_visits_is_said_and_nothing_can_be_loaded(client, child, content, name, finding):
    delivery = brought_visits(client, content, name=name)
    assert found(delivery) == [finding]
    assert "Nothing new to load" in client.get(delivery.get_absolute_url()).content.decode()


def test_cells_over_several_lines_hide_no_rows_unsaid(client, child):
    content = a_table(('"v1', *a_row(child)[1:]), a_row(child, "2026-02-20 09:00", visit='v2"'))
    assert found(brought_visits(client, content)) == ["runs-on", "visits-read"]


def test_rows_of_nobody_and_of_too_many_are_said(client, child, monkeypatch):
    monkeypatch.setattr("exchange.ssd.gathering.MOST_OF_A_CHILD", 2)
    many = [a_row(child, visit=f"v{number}") for number in range(3)]
    delivery = brought_visits(client, a_table(*many, a_row("", visit="v9")))
    assert found(delivery) == ["no-child", *["too-many-rows"] * 3, "visits-read"]


# From when on every visit is on record


def test_a_brought_visit_meets_the_duty_of_its_day_and_the_next_follows_from_it(client, child):
    loaded_visits(client, a_table(a_row(child, "2026-02-20 09:00")))
    kinds = [(due, closed) for _, due, closed in statutory_duties(child)]
    # Nothing is due before the return was loaded; six weeks after 20 February is 3 April.
    assert kinds == [(LOADED_ON, Closed.MET), (date(2026, 4, 3), "")]


def test_where_the_file_holds_every_visit_the_past_is_told_as_it_was(client, child):
    content = a_table(a_row(child, "2026-01-20 09:00"))
    loaded_visits(client, content, since=MOVED_IN)
    child.refresh_from_db()
    assert child.visits_known_from == MOVED_IN
    # The first visit was due by 12 January and made on the 20th; the next six weeks later, on Tuesday 3 March.
    kinds = [(due, closed) for _, due, closed in statutory_duties(child)]
    assert kinds == [(date(2026, 1, 12), Closed.MET), (date(2026, 3, 3), "")]
    assert "since" in Event.objects.get(act="load_visits").details


def test_nobody_is_alarmed_about_what_was_due_long_ago(client, child):
    loaded_visits(client, a_table(a_row(child, "2026-01-20 09:00")), since=MOVED_IN)
    met = Duty.objects.get(case_file=child.case_file, source="visits", closed_as=Closed.MET)
    assert met.announced is False


def test_saying_so_later_is_enough(client, child):
    content = a_table(a_row(child, "2026-01-20 09:00"))
    loaded_visits(client, content)
    delivery = loaded_visits(client, content, since=MOVED_IN)
    assert delivery.told["made"] == {"visits": 0, "every visit": 1}
    child.refresh_from_db()
    assert child.visits_known_from == MOVED_IN


def test_a_row_that_may_be_a_visit_lets_nobody_be_said_to_have_missed_one(client, child):
    content = a_table(a_row(child, "2026-02-20 09:00"), a_row(child, "46000", visit="v2"))
    delivery = loaded_visits(client, content, since=MOVED_IN)
    assert found(delivery) == ["day-as-number", "not-every-visit", "visits-read"]
    child.refresh_from_db()
    assert child.visits_known_from is None
    assert (LOADED_ON, Closed.MET) in [(due, closed) for _, due, closed in statutory_duties(child)]


def test_a_child_of_whom_everything_was_recorded_here_keeps_that(client, world):
    child = world.a_child(worker=world.social_worker)
    in_foster_care(child, since=MOVED_IN)
    loaded_visits(client, a_table(a_row(child)), since=date(2026, 2, 1))
    child.refresh_from_db()
    assert child.visits_known_from is None


def test_an_earlier_day_is_not_given_up_for_a_later_one(client, child):
    loaded_visits(client, a_table(a_row(child)), since=MOVED_IN)
    loaded_visits(client, a_table(a_row(child, "2026-02-20 09:00", visit="v2")), since=date(2026, 2, 1))
    child.refresh_from_db()
    assert child.visits_known_from == MOVED_IN


def test_a_later_return_says_that_visits_may_be_missing_again(client, tmp_path):
    def load_return(year, *episodes):
        delivery = brought(client, *a_return(tmp_path / year, *episodes))
        decide(client, delivery, "load")
        work()
        return Child.objects.get(reference="1001")

    load_return("2017", episode("01/05/2017", "01/09/2017"))
    loaded_visits(client, a_table(a_row("1001", "2017-05-04 10:00")), since=date(2017, 5, 1))
    child = Child.objects.get(reference="1001")
    assert child.visits_known_from == date(2017, 5, 1)
    assert load_return("2018", episode("01/09/2017", rne="L", LS="C1")).visits_known_from is None
    delivery = loaded_visits(client, a_table(a_row("1001", "2017-05-04 10:00")), since=date(2017, 5, 1))
    assert delivery.told["made"]["every visit"] == 1


def test_a_day_that_has_not_come_is_refused(client, child):
    answer = send_visits(client, a_table(a_row(child)), since=date(2030, 1, 1))
    assert answer.status_code == 422
    assert b"must be today or in the past" in answer.content
    assert not Delivery.objects.exists()


# Interrupted, and large


def break_off_after(number):
    """A look at duties that breaks off once it was asked so often."""
    real, asked = diary.refresh, []

    def refresh(*args, **told):
        asked.append(args)
        if len(asked) > number:
            raise InterruptedError
        return real(*args, **told)

    return refresh


def test_a_load_that_was_interrupted_goes_on_and_tells_everything_once(client, world, jess, monkeypatch):
    monkeypatch.setattr(loading, "CHILDREN_AT_ONCE", 1)
    children = [world.a_child(worker=world.social_worker, known_from=moment(LOADED_ON)) for _ in range(3)]
    for each in children:
        in_foster_care(each, since=MOVED_IN)
    rows = [a_row(each, visit=f"v{number}", alone="?") for number, each in enumerate(children)]
    delivery = brought_visits(client, a_table(*rows), since=MOVED_IN)
    decide(client, delivery, "load")
    with monkeypatch.context() as broken:
        broken.setattr("exchange.ssd.loading.diary.refresh", break_off_after(2))
        with pytest.raises(InterruptedError):
            work()
    assert Visit.objects.count() == 2
    work()
    delivery.refresh_from_db()
    assert Visit.objects.count() == 3
    assert Event.objects.filter(act="load_visits").count() == 3
    assert found(delivery) == [*["not-a-yes-or-no"] * 3, *["not-every-visit"] * 3, "visits-read"]
    assert delivery.told["made"]["visits"] == 3
    assert delivery.told["histories"]["children"] == 3


def test_more_children_ask_the_database_no_more(client, world, asked, monkeypatch):
    def queries_for(number):
        rows = []
        for place in range(number):
            child = world.a_child(worker=world.social_worker, known_from=moment(LOADED_ON))
            in_foster_care(child, since=MOVED_IN)
            rows += [a_row(child, visit=f"{number}-{place}-{day}", date=f"2026-02-{day}") for day in (10, 20)]
        delivery = brought_visits(client, a_table(*rows), since=MOVED_IN)
        decide(client, delivery, "load")
        with asked() as queries:
            work()
        assert delivery.findings.filter(code="visits-read").exists()
        return len(queries)

    assert queries_for(2) == queries_for(6)


# Who sees what


def test_a_restricted_childs_visits_are_loaded_and_what_is_on_record_is_told_to_nobody_else(client, world, jess):
    child = world.a_child(worker=world.social_worker, known_from=moment(LOADED_ON))
    in_foster_care(child, since=MOVED_IN)
    restricted_to(child, world.social_worker, by=world.service_manager)
    loaded_visits(client, a_table(a_row(child)))
    assert Visit.objects.filter(placement__child=child).exists()
    delivery = brought_visits(client, a_table(a_row(child), a_row(child, "46000", visit="v2")))
    page = client.get(delivery.get_absolute_url()).content.decode()
    assert "A spreadsheet has made a number" in page
    assert "This visit is on record already" not in page


def test_only_whoever_makes_the_return_brings_visits(world, signed_in):
    for role in (Role.TEAM_MANAGER, Role.ADMINISTRATOR, Role.SOCIAL_WORKER):
        assert signed_in(world.person(role)).get(BRING_VISITS).status_code == 403


def test_the_page_says_which_columns_are_read(client):
    page = client.get(BRING_VISITS).content.decode()
    assert all(name in page for name in HEADINGS)
    assert reverse("exchange:imports") in page


def test_a_brought_visit_says_where_it_comes_from(client, child, world, signed_in):
    loaded_visits(client, a_table(a_row(child, seen="Y", alone="Perhaps")))
    visit = Visit.objects.get()
    browser = signed_in(world.social_worker)
    page = browser.get(reverse("visits:visit", args=[visit.pk])).content.decode()
    assert "From the former system, Social worker" in page
    assert "The former system has “Perhaps” for whether the child was seen alone." in page
    assert "From the former system" in browser.get(reverse("visits:visits_of_child", args=[child.pk])).content.decode()
