"""What the rows of one child come to. Sources: decisions C-35; data-standards §3.1 and §5."""

from datetime import UTC, datetime, timedelta

import pytest

from casework.limits import LONDON
from exchange.findings import FROM_THE_RECORD, REASONS
from exchange.ssd.layout import VISITS
from exchange.ssd.linking import Lived, OnRecord, Row, link

CHILD, OTHER = 7, 8


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


NOW = at("2026-03-09 10:00")
"""Monday 9 March 2026."""
HOTEL, FOSTER = 1, 2
LIVED = [
    Lived(HOTEL, at("2026-01-05 15:00"), at("2026-02-02 16:30")),
    Lived(FOSTER, at("2026-02-02 16:30"), None),
]


def row(date="2026-02-10 14:30:00", *, seen="Y", alone="Y", visit="v1", person="1001", number=2, **more):
    cells = dict(zip(VISITS.names, (visit, "care1", person, date, seen, alone), strict=True))
    return Row("2026/visits.csv", number, cells, **more)


def linked(*rows, recorded=(), known=None):
    return link(rows, child=CHILD, lived=LIVED, recorded=recorded, known=known or {}, at=NOW)


def found(*rows, **told):
    return [finding.code for finding in linked(*rows, **told).findings]


def test_a_row_becomes_a_visit_to_the_home_in_which_the_child_lived():
    came = linked(row(), row("15/01/2026 09:00", alone="N", visit="v2"))
    assert came.findings == []
    assert came.is_whole
    assert [
        (told.placement, told.made_at, told.seen, told.alone, told.visit_id, told.says) for told in came.visits
    ] == [
        (FOSTER, at("2026-02-10 14:30"), True, True, "v1", ""),
        (HOTEL, at("2026-01-15 09:00"), True, False, "v2", ""),
    ]


@pytest.mark.parametrize(
    ("date", "placement", "made_at"),
    [
        ("2026-02-10", FOSTER, "2026-02-10 12:00"),
        # The day on which the first placement began, at three: noon was before it.
        ("2026-01-05", HOTEL, "2026-01-05 15:00"),
        # The day of the move: at noon the child still lived in the hotel.
        ("2026-02-02", HOTEL, "2026-02-02 12:00"),
        ("2026-02-02 16:29", HOTEL, "2026-02-02 16:29"),
        ("2026-02-02 16:30", FOSTER, "2026-02-02 16:30"),
        # Today, and noon has not come yet.
        ("2026-03-09", FOSTER, "2026-03-09 10:00"),
    ],
)
def test_on_a_day_with_two_homes_a_visit_goes_to_the_one_in_force_at_its_moment(date, placement, made_at):
    (told,) = linked(row(date)).visits
    assert (told.placement, told.made_at) == (placement, at(made_at))


def test_a_day_alone_on_which_the_child_left_before_noon_goes_to_that_morning():
    lived = [Lived(HOTEL, at("2026-01-05 15:00"), at("2026-02-02 09:00"))]
    (told,) = link([row("2026-02-02")], child=CHILD, lived=lived, recorded=(), known={}, at=NOW).visits
    assert (told.placement, told.made_at) == (HOTEL, at("2026-02-02 08:59"))


def test_a_visit_in_the_minute_in_which_the_placement_began_was_made_when_it_had_begun():
    began = at("2026-01-05 15:00:40")
    lived = [Lived(HOTEL, began, None)]
    (told,) = link([row("2026-01-05 15:00")], child=CHILD, lived=lived, recorded=(), known={}, at=NOW).visits
    assert told.made_at == began


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"visit": " "}, "no-visit-id"),
        ({"visit": "v" * 49}, "long-visit-id"),
        ({"visit": "v\n1"}, "runs-on"),
        ({"date": ""}, "no-visit-day"),
        ({"date": "30/02/2026"}, "not-a-visit-day"),
        ({"date": "46086"}, "day-as-number"),
        ({"date": "2026-03-09 10:01"}, "visit-later"),
        ({"date": "2026-03-10"}, "visit-later"),
        ({"seen": "N"}, "alone-not-seen"),
        ({"seen": ""}, "alone-not-seen"),
        ({"date": "2026-01-04"}, "no-placement-then"),
        ({"date": "2026-01-05 14:58"}, "no-placement-then"),
        ({"first": ("2026/visits.csv", 2), "number": 9}, "visit-id-twice"),
    ],
)
def test_what_is_wrong_with_a_row_is_said_and_no_visit_is_made_of_it(cells, code):
    came = linked(row(**cells))
    assert [finding.code for finding in came.findings] == [code]
    assert came.visits == []
    assert came.is_whole == (code == "no-placement-then")
    assert REASONS[code].level == "refused"


def test_each_boundary_of_what_is_wrong_lets_its_neighbour_pass():
    fits = [{"visit": "v" * 48}, {"date": "2026-03-09 10:00"}, {"date": "2026-03-09"}, {"seen": "N", "alone": "N"}]
    assert [found(row(**cells)) for cells in fits] == [[], [], [], []]


def test_the_same_row_again_says_nothing_new():
    came = linked(row(first=("2026/visits.csv", 2), is_as_first=True, number=9))
    assert [finding.code for finding in came.findings] == ["repeated"]
    assert came.visits == []
    assert came.is_whole


def test_a_flag_that_is_none_is_kept_in_words_and_counts_as_no():
    came = linked(row(seen="Unsure", alone="N"))
    (told,) = came.visits
    assert (told.seen, told.alone) == (False, False)
    assert told.says == "The former system has “Unsure” for whether the child was seen."
    (finding,) = came.findings
    assert (finding.code, finding.column, finding.value) == ("not-a-yes-or-no", "clav_cla_visit_seen", "Unsure")
    assert not came.is_whole


def test_a_system_that_does_not_hold_whether_the_child_was_seen_meets_no_duty_by_its_visits():
    came = linked(row(seen="", alone=""))
    (told,) = came.visits
    assert (told.seen, told.says) == (False, "The former system does not say whether the child was seen.")
    assert [finding.code for finding in came.findings] == ["seen-not-said"]
    assert not came.is_whole


def test_a_child_who_was_seen_is_seen_though_nothing_says_whether_alone():
    came = linked(row(alone=""))
    (told,) = came.visits
    assert (told.seen, told.alone) == (True, False)
    assert told.says == "The former system does not say whether the child was seen alone."
    assert came.is_whole


def on_record(made_at="2026-02-10 14:30", *, child=CHILD, seen=True, alone=True, **more):
    return OnRecord(child, at(made_at).astimezone(UTC), seen, alone, **more)


@pytest.mark.parametrize(
    ("before", "code", "facts"),
    [
        (on_record(), "visit-known", {}),
        (on_record("2026-02-10 14:31"), "visit-differs", {"what": "time"}),
        (on_record(alone=False), "visit-differs", {"what": "answer to whether the child was seen alone"}),
        (on_record(seen=False, alone=False), "visit-differs", {"what": "answer to whether the child was seen"}),
        (on_record(child=OTHER), "visit-of-another", {}),
        (on_record(is_struck_out=True), "visit-struck-out", {}),
    ],
)
def test_a_visit_on_record_stays_as_it_is_and_what_differs_is_said(before, code, facts):
    came = linked(row(), known={"v1": before})
    assert came.visits == []
    assert [(finding.code, dict(finding.facts)) for finding in came.findings] == [(code, facts)]
    assert code in FROM_THE_RECORD


def test_what_an_interrupted_load_wrote_is_no_news():
    came = linked(row(seen="Unsure", alone="N"), known={"v1": on_record(is_of_this_load=True)})
    assert came.visits == []
    assert [finding.code for finding in came.findings] == ["not-a-yes-or-no"]


def test_a_visit_that_somebody_recorded_here_is_not_made_a_second_time():
    recorded = [on_record("2026-02-10 14:30:20")]
    assert found(row(), recorded=recorded) == ["visit-recorded-here"]
    assert found(row("2026-02-10"), recorded=recorded) == ["visit-recorded-here"]
    assert found(row("2026-02-10 14:32"), recorded=recorded) == []
    assert found(row("2026-02-11"), recorded=recorded) == []


def test_every_finding_names_the_row_and_the_child():
    (finding,) = linked(row("46086", number=12)).findings
    assert (finding.file, finding.row, finding.column, finding.value, finding.child, finding.table) == (
        "2026/visits.csv",
        12,
        "clav_cla_visit_date",
        "46086",
        "1001",
        "ssd_cla_visits",
    )
    assert finding.reason.startswith("A spreadsheet has made a number of this day")


def test_a_day_alone_is_on_record_where_a_visit_of_that_day_is():
    assert found(row("2026-02-10"), known={"v1": on_record()}) == ["visit-known"]
    later = on_record("2026-02-11 09:00")
    assert found(row("2026-02-10"), known={"v1": later}) == ["visit-differs"]
    assert timedelta(0) < later.made_at - on_record().made_at
