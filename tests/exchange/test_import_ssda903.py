"""A statutory return in the database: what is made of it, what is kept, and what is left alone. Data standards §1 and §5."""

import csv
import io
import json
import os
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from accounts.models import Appointment, ServiceArea, Team, User
from accounts.roles import Role
from casework import diary, events
from casework.limits import start_of
from casework.models import Authority, CaseFile, Duty, Event, Notification, OutgoingMail
from children.models import Allocation, CarePeriod, Child, LegalStatus, LookedAfterReview
from exchange import loading
from exchange.loading import CannotLoad, load
from exchange.models import ImportedPlacement, ImportRun, SourceFile, SourceRow
from exchange.ssda903.history import Mark
from placements.models import Home, Placement
from placements.states import Lawfulness, Regulation, Setting
from placements.where import dates_of
from tests.exchange.counted_by_hand import counts
from tests.exchange.files_and_rows import SAMPLES, a_file, episode, header, review

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
"""Sunday 22 November 2026, ten o'clock."""
AUTHORITY = "E06000015"
at_hand = pytest.mark.skipif(not SAMPLES.exists(), reason="the shared sample files are not at hand")
MADE = (
    CaseFile,
    Child,
    CarePeriod,
    LegalStatus,
    LookedAfterReview,
    Placement,
    Home,
    Event,
    Duty,
    SourceFile,
    SourceRow,
)


def loaded(*folders, at=AT, authority=AUTHORITY, **more):
    """Load folders; gives the report's summary with its findings."""
    with load(folders, authority=authority, at=at, **more) as report:
        return report.summary() | {"findings": list(report.findings())}


def a_year(folder, *episodes, headers=None, reviews=()):
    """One year's files in a folder: a Header of every child of the episodes, unless others are given."""
    children = dict.fromkeys(record["CHILD"] for record in episodes)
    a_file(folder, "header", *([header(child) for child in children] if headers is None else headers))
    a_file(folder, "episodes", *episodes)
    if reviews:
        a_file(folder, "reviews", *reviews)
    return folder


def codes(report):
    return [finding["code"] for finding in report["findings"]]


def how_many():
    return {model.__name__: model.objects.count() for model in MADE}


def records():
    """Everything that the files tell, as the database holds it."""
    return {
        "children": set(Child.objects.values_list("reference", "date_of_birth", "sex", "ethnicity", "upn")),
        "care": set(CarePeriod.objects.values_list("child__reference", "started_on", "ended_on", "how_ended")),
        "legal": set(LegalStatus.objects.values_list("child__reference", "from_on", "code")),
        "reviews": set(LookedAfterReview.objects.values_list("child__reference", "held_on", "participation")),
        "placements": set(
            Placement.objects.values_list(
                "child__reference",
                "setting",
                "home__urn",
                "started_at",
                "ended_at",
                "why_ended",
                "source_code",
                "source_provider_code",
                "source_postcode",
                "not_confirmed_since",
                "approval_recorded",
            )
        ),
        "rows": set(SourceRow.objects.values_list("file__name", "row", "mark", "because")),
    }


@pytest.fixture
def first_year(tmp_path):
    """Child 1001 moves once and is away for a night; child 1002 comes into care."""
    return a_year(
        tmp_path / "2017",
        episode("01/05/2017", "01/09/2017", LS="C1"),
        episode("01/09/2017", "01/02/2018", rne="L"),
        episode("01/02/2018", rne="P", PLACE="K2", URN="1234567", PL_POST="m11ae"),
        episode("03/03/2018", child="1002", PLACE="U3", PLACE_PROVIDER="PR1", URN="", LS="V2"),
        reviews=[review("25/05/2017"), review("20/08/2017", code="PN5")],
    )


# What is made


@at_hand
@pytest.mark.parametrize("folders", [("linked/2017", "linked/2018"), ("random_2018",)])
def test_the_database_holds_what_the_files_hold(folders):
    folders = [SAMPLES / folder for folder in folders]
    report = loaded(*folders)
    expected = counts(folders, on=AT.date())
    assert Child.objects.count() == expected["children"]
    assert CarePeriod.objects.count() == expected["care_periods"]
    assert Placement.objects.count() == expected["placements"]
    assert LegalStatus.objects.count() == expected["legal_statuses"]
    assert LookedAfterReview.objects.count() == expected["reviews"]
    assert Placement.objects.filter(not_confirmed_since__isnull=False).count() == expected["not_confirmed"]
    assert SourceRow.objects.filter(mark=Mark.OVERLAPS).count() == expected["overlaps"]
    assert sum(len(stays) for stays in ImportedPlacement.objects.values_list("stays", flat=True)) == expected["stays"]
    linked = SourceRow.objects.filter(file__table__in=["header", "episodes", "reviews"])
    assert linked.count() == expected["rows"]
    assert report["histories"]["placements"] == report["made"]["placements"] == expected["placements"]


@at_hand
def test_every_row_is_kept_as_it_stands_in_the_file():
    loaded(SAMPLES / "linked/2017")
    for kept in SourceFile.objects.all():
        with (SAMPLES / "linked" / kept.name).open(newline="", encoding="utf-8-sig") as file:
            lines = list(csv.reader(file))
        assert kept.columns == lines[0]
        assert list(kept.rows.order_by("row").values_list("row", "cells")) == list(enumerate(lines[1:], start=2))


def test_a_return_becomes_a_history(first_year):
    loaded(first_year)
    child = Child.objects.get(reference="1001")
    assert (child.date_of_birth, child.sex, child.ethnicity, child.upn) == (date(2012, 2, 14), "M", "WBRI", "UN1")
    assert child.name == "Child 1001"
    assert list(child.care_periods.values_list("started_on", "ended_on")) == [(date(2017, 5, 1), None)]
    assert list(child.legal_statuses.values_list("from_on", "code")) == [
        (date(2017, 5, 1), "C1"),
        (date(2017, 9, 1), "C2"),
    ]
    assert list(child.reviews.values_list("held_on", "participation")) == [
        (date(2017, 5, 25), "PN1"),
        (date(2017, 8, 20), "PN5"),
    ]
    present, before = child.placements.all()
    assert (before.setting, before.source_code, before.source_provider_code) == (Setting.IFA_FOSTER, "U6", "PR4")
    assert (before.started_at, before.ended_at) == (start_of(date(2017, 5, 1)), start_of(date(2018, 2, 1)))
    assert (present.setting, present.ended_at, present.source_postcode) == (Setting.CHILDRENS_HOME, None, "M1 1AE")
    assert (present.home.urn, present.home.postcode, present.home.registrations.count()) == ("1234567", "M1 1AE", 0)
    assert before.home is None


def test_children_of_one_home_share_it_and_a_home_on_record_is_used(tmp_path):
    case_file = CaseFile.objects.create(kind=CaseFile.Kind.HOME, opened_at=AT)
    known = Home.objects.create(case_file=case_file, name="Larch House", setting=Setting.CHILDRENS_HOME, urn="SC123456")
    year = a_year(
        tmp_path / "2017",
        episode("01/05/2017", PLACE="K2"),
        episode("01/05/2017", child="1002", PLACE="K2", URN="sc123456"),
        episode("01/05/2017", child="1003", PLACE="K2", URN="7654321"),
        episode("01/05/2017", child="1004", PLACE="K2", URN="7654321"),
        episode("01/05/2017", child="1005", PLACE="K2", URN="XXXXXXX"),
        episode("01/05/2017", child="1006", PLACE="U6", URN="7654321"),
    )
    report = loaded(year)
    homes = dict(Placement.objects.values_list("child__reference", "home"))
    new = Home.objects.get(urn="7654321").pk
    assert homes == {"1001": known.pk, "1002": known.pk, "1003": new, "1004": new, "1005": None, "1006": None}
    assert codes(report).count("urn-not-listed") == 1
    assert report["made"]["homes"] == 1


def test_a_care_home_is_opened_by_its_number_so_that_its_registration_can_be_recorded(tmp_path):
    loaded(a_year(tmp_path / "2017", episode("01/05/2017", PLACE="R1", URN="5874392")))
    assert Placement.objects.get().home == Home.objects.get(urn="5874392", setting=Setting.CARE_HOME)


def test_each_child_and_new_home_gets_one_event(first_year):
    loaded(first_year)
    assert set(Event.objects.values_list("case_file__kind", "act")) == {
        ("child", "load_return"),
        ("home", "load_return"),
    }
    assert Event.objects.count() == CaseFile.objects.count() == 3
    assert list(events.faults_in_chains()) == []
    event = Event.objects.get(case_file__child__reference="1001")
    assert (event.by.username, event.at, event.details) == (
        "import",
        AT,
        {"run": ImportRun.objects.get().pk, "years": [2018]},
    )
    assert not event.by.is_active


def test_who_loads_can_be_named(first_year):
    person = User.objects.create(username="jess")
    loaded(first_year, by=person)
    assert {event.by for event in Event.objects.all()} == {ImportRun.objects.get().by} == {person}


# Who sees it, and what is due


def test_children_without_a_worker_are_seen_by_roles_of_the_whole_authority_only(first_year):
    loaded(first_year)
    area = ServiceArea.objects.create(name="East")
    team = Team.objects.create(name="East 1", area=area)
    seen = {}
    for role, place in ((Role.SERVICE_DIRECTOR, {}), (Role.HOS, {"area": area}), (Role.TEAM_MANAGER, {"team": team})):
        person = User.objects.create(username=role)
        Appointment.objects.create(user=person, role=role, starts_at=AT, **place)
        seen[role] = Child.objects.visible_to(person, at=AT).count()
    assert seen == {Role.SERVICE_DIRECTOR: 2, Role.HOS: 0, Role.TEAM_MANAGER: 0}


def test_no_visit_is_overdue_on_the_day_of_the_import_and_no_mail_is_sent(first_year):
    loaded(first_year)
    assert Duty.objects.filter(kind__startswith="L-", closed_at__isnull=True).exists()
    visits = Duty.objects.filter(source="visits")
    assert not visits.overdue(AT).exists()
    assert not visits.filter(closed_as="missed").exists()
    assert not Duty.objects.filter(announced=True).exists()
    assert not Notification.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_a_later_import_about_a_child_nobody_works_with_makes_no_visit_overdue(first_year, tmp_path):
    loaded(first_year)
    later = AT + timedelta(days=200)
    loaded(a_year(tmp_path / "2018", episode("01/02/2018", rne="P", PLACE="K2", URN="1234567")), at=later)
    child = Child.objects.get(reference="1001")
    assert child.case_file.known_from == later
    assert not Duty.objects.filter(case_file=child.case_file, source="visits").overdue(later).exists()


def test_what_is_known_of_a_child_with_a_worker_stays_known(first_year, tmp_path):
    loaded(first_year)
    child = Child.objects.get(reference="1001")
    worker = User.objects.create(username="worker")
    Allocation.objects.create(child=child, role=Role.SOCIAL_WORKER, person=worker, starts_at=AT)
    loaded(a_year(tmp_path / "2018", episode("01/02/2018", rne="P", PLACE="K2")), at=AT + timedelta(days=200))
    assert Child.objects.get(reference="1001").case_file.known_from == AT


def test_codes_that_hide_an_approval_give_not_known_yet_and_a_duty_to_find_out(first_year):
    loaded(first_year)
    placement = Placement.objects.get(source_code="U3")
    assert placement.approval_recorded is False
    assert (placement.standing.regulation, placement.standing.lawfulness) == (
        Regulation.NOT_KNOWN,
        Lawfulness.NOT_KNOWN,
    )
    duty = Duty.objects.get(kind="D-08", case_file=placement.case_file_id)
    assert duty.closed_at is None


# Again, and later years


def test_loading_the_same_folder_twice_changes_nothing(first_year):
    loaded(first_year)
    before = how_many(), records()
    report = loaded(first_year, at=AT + timedelta(days=1))
    assert (how_many(), records()) == before
    assert ImportRun.objects.count() == 1
    assert set(codes(report)) == {"read-before", "year"}


def test_the_same_file_under_another_name_changes_nothing(first_year, tmp_path):
    loaded(first_year)
    before = how_many()
    first_year.rename(tmp_path / "copy")
    loaded(tmp_path / "copy")
    assert how_many() == before


def test_a_dry_run_says_the_same_and_changes_nothing(first_year):
    before = how_many()
    said = loaded(first_year, is_dry_run=True)
    assert how_many() == before
    assert not Authority.objects.exists()
    done = loaded(first_year)
    assert said["histories"] == done["histories"]
    assert said["made"] == done["made"]
    assert said["findings"] == done["findings"]


def test_a_dry_run_of_a_later_year_says_whom_it_would_not_confirm(first_year, tmp_path):
    loaded(first_year)
    second = a_year(tmp_path / "2018", episode("01/02/2018", "10/06/2018", rne="P", rec="E4A", PLACE="K2"))
    said, done = loaded(second, is_dry_run=True), loaded(second)
    assert said["findings"] == done["findings"]
    assert said["made"] == done["made"]
    assert [finding["value"] for finding in done["findings"] if finding["code"] == "not-confirmed"] == ["1002"]


@at_hand
def test_years_loaded_one_after_the_other_make_what_they_make_together():
    loaded(SAMPLES / "linked/2017")
    loaded(SAMPLES / "linked/2018", at=AT + timedelta(days=1))
    one_by_one = records()
    assert list(events.faults_in_chains()) == []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE casework_casefile, exchange_importrun CASCADE")
    loaded(SAMPLES / "linked/2018", SAMPLES / "linked/2017")
    together = records()
    assert {kind: one_by_one[kind] ^ together[kind] for kind in together} == {kind: set() for kind in together}


@at_hand
def test_the_later_year_first_breaks_nothing():
    loaded(SAMPLES / "linked/2018")
    placements = set(Placement.objects.values_list("pk", flat=True))
    loaded(SAMPLES / "linked/2017")
    assert placements <= set(Placement.objects.values_list("pk", flat=True))
    assert Child.objects.count() == 820


def test_an_earlier_year_loaded_later_says_since_when_a_legal_status_holds(first_year, tmp_path):
    later = a_year(tmp_path / "2018", episode("01/02/2018", "10/06/2018", rne="P", rec="E4A", PLACE="K2"))
    loaded(later)
    assert list(LegalStatus.objects.values_list("from_on", "code")) == [(date(2018, 2, 1), "C2")]
    loaded(first_year)
    assert list(LegalStatus.objects.filter(child__reference="1001").values_list("from_on", "code")) == [
        (date(2017, 5, 1), "C1"),
        (date(2017, 9, 1), "C2"),
    ]


def test_a_later_year_brings_the_history_up_to_date(first_year, tmp_path):
    loaded(first_year)
    placement = Placement.objects.get(source_code="K2")
    second = a_year(
        tmp_path / "2018",
        episode(
            "01/02/2018",
            "10/06/2018",
            rne="P",
            PLACE="K2",
            URN="1234567",
            PL_POST="M1 1AE",
            REASON_PLACE_CHANGE="STAND",
        ),
        episode("10/06/2018", "20/06/2018", rne="T", rec="E4A", PLACE="P1", PLACE_PROVIDER="PR0"),
        headers=[header(SEX="2", UPN="H801200001001")],
    )
    report = loaded(second)
    placement.refresh_from_db()
    assert (placement.ended_at, placement.why_ended) == (start_of(date(2018, 6, 10)), "Concern about standards")
    child = Child.objects.get(reference="1001")
    assert (child.sex, child.upn) == ("F", "H801200001001")
    assert list(child.care_periods.values_list("ended_on", "how_ended")) == [(date(2018, 6, 20), "E4A")]
    assert child.placements.count() == 3
    assert report["made"]["placements changed"] == 1
    assert report["made"]["children changed"] == 1


def test_who_is_absent_from_the_next_year_is_not_confirmed_since(first_year, tmp_path):
    loaded(first_year)
    assert not Placement.objects.filter(not_confirmed_since__isnull=False).exists()
    report = loaded(
        a_year(
            tmp_path / "2018",
            episode("01/02/2018", rne="P", PLACE="K2", URN="1234567"),
            episode("01/06/2018", "02/07/2018", child="1003"),
        )
    )
    (placement,) = Placement.objects.filter(not_confirmed_since__isnull=False)
    assert (placement.child.reference, placement.not_confirmed_since) == ("1002", date(2018, 3, 31))
    assert dates_of(placement) == "Since 3 March 2018, not confirmed since 31 March 2018"
    assert list(Event.objects.filter(case_file__child__reference="1002").values_list("act", flat=True)) == [
        "load_return",
        "not_confirmed",
    ]
    assert [finding["value"] for finding in report["findings"] if finding["code"] == "not-confirmed"] == ["1002"]
    confirmed = a_year(tmp_path / "2019", episode("03/03/2018", "02/07/2019", child="1002", PLACE="U3", rec="E4A"))
    loaded(confirmed)
    placement.refresh_from_db()
    assert placement.not_confirmed_since is None


def test_without_episodes_of_a_later_year_nothing_is_unconfirmed(first_year, tmp_path):
    loaded(first_year)
    a_file(tmp_path / "2018", "reviews", review("25/05/2018"))
    loaded(tmp_path / "2018", years=[2019])
    assert not Placement.objects.filter(not_confirmed_since__isnull=False).exists()


def test_a_placement_changed_here_that_the_next_year_tells_of_is_not_said_to_be_absent(first_year, tmp_path):
    loaded(first_year)
    Placement.objects.filter(source_code="U3").update(started_at=start_of(date(2018, 3, 3)) + timedelta(hours=14))
    second = a_year(tmp_path / "2018", episode("03/03/2018", child="1002", PLACE="U3"), episode("01/02/2018", rne="P"))
    loaded(second, years=[2019])
    loaded(a_year(tmp_path / "late", episode("01/05/2018", "01/06/2018", child="1009"), headers=[header("1009")]))
    assert not Placement.objects.filter(source_code="U3", not_confirmed_since__isnull=False).exists()


def test_the_same_code_with_another_date_of_birth_is_refused(first_year, tmp_path):
    loaded(first_year)
    before = records()
    second = a_year(tmp_path / "2018", episode("01/06/2018", "02/07/2018"), headers=[header(dob="15/02/2012")])
    report = loaded(second)
    assert {"another-child", "rows-of-another-child"} <= set(codes(report))
    after = records()
    assert all(after[kind] == before[kind] for kind in ("children", "care", "legal", "reviews"))
    refused = SourceRow.objects.filter(file__year=2019)
    assert set(refused.values_list("mark", "child")) == {(Mark.REFUSED, None)}
    assert all(refused.values_list("because", flat=True))


def test_an_import_that_was_interrupted_is_taken_up_where_it_stopped(first_year, tmp_path, monkeypatch):
    monkeypatch.setattr(loading, "CHILDREN_AT_ONCE", 1)
    calls = []

    def refresh_once(*args, **kwargs):
        if calls:
            raise KeyboardInterrupt
        calls.append(args)

    with monkeypatch.context() as broken:
        broken.setattr(loading.diary, "refresh", refresh_once)
        with pytest.raises(KeyboardInterrupt):
            loaded(first_year)
    assert Child.objects.count() == 1
    elsewhere = a_year(tmp_path / "other", episode("01/05/2017", "01/06/2017", child="1009"))
    left = [finding["file"] for finding in loaded(elsewhere)["findings"] if finding["code"] == "unfinished"]
    assert left == ["2017/header.csv", "2017/episodes.csv", "2017/reviews.csv"]
    report = loaded(first_year)
    assert report["made"]["children"] == 1
    assert Event.objects.filter(act="load_return", case_file__kind="child").count() == 3
    assert SourceRow.objects.count() == 10
    assert not SourceFile.objects.filter(loaded_at__isnull=True).exists()
    before = how_many()
    loaded(first_year)
    assert how_many() == before


@pytest.mark.parametrize("order", [(2018, 2019, 2020), (2020, 2018, 2019), (2019, 2020, 2018)])
def test_hostile_years_in_any_order_never_break_the_record(tmp_path, order):
    """Sixty children whose episodes overlap, leave gaps, end, reopen and change from year to year."""
    rng = Random(903)
    children = [str(number) for number in range(1, 61)]
    for year in (2018, 2019, 2020):
        records = [record for child in children for record in hostile_episodes(child, year, rng)]
        a_year(tmp_path / str(year), *records, headers=[header(child) for child in children])
    for year in order:
        before = set(Placement.objects.values_list("pk", flat=True))
        loaded(tmp_path / str(year), years=[year])
        assert before <= set(Placement.objects.values_list("pk", flat=True))
    assert Child.objects.count() == 60
    assert list(events.faults_in_chains()) == []


def hostile_episodes(child, year, rng):
    """Up to six episodes of a year, one from a day, over twenty months: years know the same days."""
    first = date(year - 2, 10, 1)
    for start in sorted(rng.sample(range(0, 600, 15), rng.randrange(7))):
        began = first + timedelta(days=start)
        ended = rng.choice(["", began + timedelta(days=rng.choice([15, 30, 60, 300]))])
        yield episode(
            began.isoformat(),
            ended and ended.isoformat(),
            child=child,
            rne=rng.choice("SLLPTB"),
            rec=rng.choice(["X1", "X1", "X1", "E4A"]),
            LS=rng.choice(["C1", "C2"]),
            PLACE=rng.choice(["U6", "K2", "T1", "U3"]),
        )


# What people have recorded stands


def test_a_placement_recorded_by_hand_is_never_overlapped(first_year, tmp_path):
    loaded(first_year)
    child = Child.objects.get(reference="1001")
    child.placements.filter(source_code="K2").update(ended_at=start_of(date(2018, 5, 1)))
    Placement.objects.create(
        child=child, setting=Setting.HOTEL, started_at=start_of(date(2018, 5, 1)) + timedelta(hours=14)
    )
    second = a_year(
        tmp_path / "2018",
        episode("01/02/2018", "10/06/2018", rne="P", PLACE="K2", URN="1234567"),
        episode("10/06/2018", "20/03/2019", rne="P", PLACE="U6"),
    )
    report = loaded(second)
    ends = list(child.placements.values_list("setting", "ended_at"))
    assert ends == [
        (Setting.HOTEL, None),
        (Setting.CHILDRENS_HOME, start_of(date(2018, 5, 1))),
        (Setting.IFA_FOSTER, start_of(date(2018, 2, 1))),
    ]
    assert "changed-here" in codes(report)
    assert set(SourceRow.objects.filter(file__year=2019, file__table="episodes").values_list("mark", flat=True)) == {
        Mark.OVERLAPS
    }


def test_facts_changed_by_hand_are_left(first_year, tmp_path):
    loaded(first_year)
    Child.objects.filter(reference="1001").update(sex="F", ethnicity="BOTH")
    LegalStatus.objects.filter(child__reference="1001", code="C2").update(code="E1")
    CarePeriod.objects.filter(child__reference="1001").update(ended_on=date(2018, 3, 1), how_ended="E4A")
    report = loaded(
        a_year(
            tmp_path / "2018",
            episode("01/02/2018", "10/06/2018", rne="P", rec="E4B", PLACE="K2", URN="1234567", LS="J1"),
            headers=[header(ETHNIC="WIRI", UPN="UN2")],
        )
    )
    child = Child.objects.get(reference="1001")
    assert (child.sex, child.ethnicity, child.upn) == ("F", "BOTH", "UN2")
    assert list(child.legal_statuses.values_list("code", flat=True)) == ["C1", "E1"]
    assert list(child.care_periods.values_list("ended_on", "how_ended")) == [(date(2018, 3, 1), "E4A")]
    assert codes(report).count("changed-here") >= 3


def test_a_child_known_before_any_import_is_joined_by_number_and_date_of_birth(first_year):
    case_file = CaseFile.objects.create(kind=CaseFile.Kind.CHILD, opened_at=AT)
    known = Child.objects.create(
        case_file=case_file, reference="1001", forename="Robin", surname="Testchild", date_of_birth=date(2012, 2, 14)
    )
    CarePeriod.objects.create(child=known, started_on=date(2017, 5, 1))
    LegalStatus.objects.create(child=known, from_on=date(2017, 9, 1), code="E1")
    Placement.objects.create(child=known, setting=Setting.PARENT, started_at=start_of(date(2018, 1, 1)))
    loaded(first_year)
    assert Child.objects.count() == 2
    assert known.care_periods.count() == 1
    assert list(known.legal_statuses.values_list("from_on", "code")) == [
        (date(2017, 5, 1), "C1"),
        (date(2017, 9, 1), "E1"),
    ]
    assert [placement.setting for placement in known.placements.all()] == [Setting.PARENT, Setting.IFA_FOSTER]
    case_file.refresh_from_db()
    assert case_file.known_from is None


# Hostile files


def test_what_cannot_be_a_record_is_kept_and_the_rest_is_loaded(tmp_path):
    folder = tmp_path / "2017"
    a_file(
        folder,
        "header",
        header(),
        header("1002", dob="nobody knows"),
        header("9" * 30),
        header(""),
        before=b"\xef\xbb\xbf",
    )
    a_file(
        folder,
        "episodes",
        episode(
            "01/05/17",
            "2017-06-01",
            LS="a very long code",
            PLACE="SOMEWHERE",
            PLACE_PROVIDER="SOMEBODY",
            PL_POST="M11AE ",
            URN="12345678901",
        ),
        episode("2017-06-01", rne="l", LS="c2", PLACE="u4", PLACE_PROVIDER="pr1", PL_POST="", CIN=""),
        episode("01/05/2017", child="1002"),
        episode("01/05/2017", child=""),
        headings=["YEAR", *reversed(list(episode("", ""))), "LA", "REASON_PLACE_CHANGE"],
        encoding="cp1252",
    )
    (folder / "reviews.csv").write_bytes(b"")
    a_file(folder, "oc2")
    (folder / "list.csv").write_text("NAME\nRobin\n")
    loaded(folder)
    (child,) = Child.objects.all()
    placements = list(child.placements.order_by("started_at").values_list("setting", "source_code", "source_postcode"))
    assert placements == [(Setting.IN_HOUSE_FOSTER, "U4", "")]
    assert SourceRow.objects.count() == 8
    assert SourceRow.objects.filter(child=child).count() == 3
    assert set(SourceRow.objects.filter(child=None).values_list("mark", flat=True)) == {Mark.REFUSED}


def test_a_folder_that_says_no_year_is_not_loaded_until_somebody_says_it(tmp_path):
    folder = tmp_path / "2017"
    a_file(folder, "header", header())
    report = loaded(folder)
    assert codes(report) == ["year-not-known"]
    assert not SourceFile.objects.exists()
    loaded(folder, years=[2018])
    assert SourceFile.objects.get().year == 2018


def test_a_folder_without_a_file_of_the_return_is_said_to_be_one_and_settles_nothing(tmp_path):
    report = loaded(tmp_path)
    assert codes(report) == ["no-table"]
    assert not Authority.objects.exists()
    with pytest.raises(CannotLoad, match="There is no folder"):
        loaded(tmp_path / "nowhere")


def test_a_file_that_cannot_be_opened_does_not_stop_the_others(first_year):
    (first_year / "oc2.csv").symlink_to("nowhere.csv")
    os.mkfifo(first_year / "oc3.csv")
    (first_year / "uasc.csv").write_bytes("CHILD,DUC\n1,\n".encode("utf-16"))
    os.link(first_year / "reviews.csv", os.fsencode(first_year) + b"/again\xff.csv")
    report = loaded(first_year)
    wrong = [(finding["file"], finding["code"]) for finding in report["findings"] if finding["level"] == "refused"]
    assert wrong == [("2017/oc2.csv", "not-a-file"), ("2017/oc3.csv", "not-a-file"), ("2017/uasc.csv", "not-text")]
    assert Child.objects.count() == 2


def test_one_import_runs_at_a_time(first_year):
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [loading.LOCK, loading.LOADING])
            with pytest.raises(CannotLoad, match="Another import is running"):
                loaded(first_year)
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [loading.LOCK, loading.LOADING])
    finally:
        other.close()
    loaded(first_year)


# The command


def command(*arguments):
    out, complaint = io.StringIO(), io.StringIO()
    call_command("import_ssda903", *map(str, arguments), stdout=out, stderr=complaint)
    return out.getvalue(), complaint.getvalue()


def test_an_installation_holds_one_authority(first_year):
    command(first_year, "--authority", AUTHORITY)
    assert Authority.objects.get().code == AUTHORITY
    with pytest.raises(CommandError) as refused:
        command(first_year, "--authority", "E09000001")
    assert str(refused.value) == (
        "This installation holds the children of E06000015: files of E09000001 cannot be loaded here."
    )


@pytest.mark.parametrize("code", ["", "Barking", "W06000015", "E0600001"])
def test_an_authority_is_named_by_its_code(first_year, code):
    with pytest.raises(CommandError, match="not the ONS code"):
        command(first_year, "--authority", code)


def test_the_report_is_one_json_object_where_asked(first_year):
    out, _ = command(first_year, "--authority", AUTHORITY, "--json")
    report = json.loads(out)
    assert report["histories"]["children"] == 2
    assert report["levels"] == {
        level: sum(finding["level"] == level for finding in report["findings"])
        for level in ("loaded", "linked", "warned", "refused")
    }
    assert {"file", "row", "column", "value", "reason", "level", "code"} == set(report["findings"][0])
    empty, _ = command(first_year, "--authority", AUTHORITY, "--json")
    assert json.loads(empty)["made"] == {}


def test_the_report_in_words_keeps_to_one_line_a_finding_whatever_stands_in_a_cell(tmp_path):
    year = a_year(tmp_path / "2017", episode("01/05/2017", PL_POST="\x1b[2J" + "x" * 5000))
    out, _ = command(year, "--authority", AUTHORITY)
    assert "PL_POST “?[2Jxxx" in out
    assert max(map(len, out.splitlines())) < 400


def test_the_report_in_words_says_what_was_written(first_year):
    out, _ = command(first_year, "--authority", AUTHORITY)
    assert "\nWritten: children: 2, homes: 1, periods of care: 2, " in out
    assert out.startswith(
        "2 children, 2 periods of care, 3 placements, 3 legal statuses, 2 reviews in the files’ histories."
    )
    assert "Taken as the year ended 31 March 2018: 2 of 2 DEC dates fall in it." in out
    again, _ = command(first_year, "--authority", AUTHORITY)
    assert again.startswith("Nothing new: nothing changed.")


def test_a_wrong_word_is_refused_with_a_sentence(first_year, tmp_path):
    for arguments in (
        [tmp_path / "nowhere"],
        [first_year, "--by", "nobody"],
        [first_year, "--year", "2018", "--year", "2019"],
        [first_year, "--year", "0"],
    ):
        out = io.StringIO()
        with pytest.raises(CommandError) as refused:
            call_command("import_ssda903", *map(str, arguments), "--authority", AUTHORITY, "--json", stdout=out)
        assert json.loads(out.getvalue()) == {"error": str(refused.value)}


def test_a_folder_of_which_nothing_was_loaded_ends_the_command_with_a_status_of_its_own(first_year, tmp_path):
    a_file(tmp_path / "2018", "header", header("1009"))
    out = io.StringIO()
    with pytest.raises(CommandError, match="Nothing was loaded of 1 folder") as refused:
        call_command("import_ssda903", first_year, tmp_path / "2018", "--authority", AUTHORITY, "--json", stdout=out)
    assert refused.value.returncode == 3
    assert json.loads(out.getvalue())["histories"]["children"] == 2
    assert Child.objects.count() == 2


def test_a_database_without_tables_or_without_an_answer_is_said_to_be_one(first_year, monkeypatch):
    with monkeypatch.context() as behind:
        behind.setattr(MigrationRecorder, "applied_migrations", lambda self: {})
        with pytest.raises(CommandError, match=r"run `manage.py migrate` first\.$"):
            command(first_year, "--authority", AUTHORITY)

    def does_not_answer(self):
        raise OperationalError

    monkeypatch.setattr(MigrationRecorder, "applied_migrations", does_not_answer)
    with pytest.raises(CommandError, match="does not answer"):
        command(first_year, "--authority", AUTHORITY)


def test_demo_users_are_made_for_roles_that_nobody_holds(first_year):
    director = User.objects.create(username="hos")
    Appointment.objects.create(user=director, role=Role.HOS, starts_at=AT - timedelta(days=1))
    _, made = command(first_year, "--authority", AUTHORITY, "--demo-users")
    lines = [line.split() for line in made.splitlines()[1:]]
    assert len(lines) == len(Role) - 1
    username, password = lines[0][:2]
    assert Client().login(username=username, password=password)
    assert Appointment.objects.filter(role=Role.SOCIAL_WORKER, team__isnull=False).count() == 1
    assert Appointment.objects.filter(role=Role.HOS).count() == 1
    _, again = command(first_year, "--authority", AUTHORITY, "--demo-users")
    assert again.strip() == "Every role is held: no sign-in made."


def test_without_asking_no_demo_user_is_made(first_year):
    command(first_year, "--authority", AUTHORITY)
    assert list(User.objects.values_list("username", flat=True)) == ["import"]


def test_looking_again_on_the_next_morning_changes_only_what_the_day_changes(first_year):
    loaded(first_year)
    assert diary.refresh(CaseFile.objects.values_list("pk", flat=True), at=AT).changed == 0
