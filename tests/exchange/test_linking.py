"""How the rows of one child become one history. Data standards §1.3; SSDA903 codes, episode rules."""

from datetime import date

import pytest

from exchange.ssda903.history import Mark, Occupied
from exchange.ssda903.linking import link
from exchange.ssda903.reading import RawRow
from tests.exchange.files_and_rows import ON, episode, header, review, rows_of


def linked(*rows, latest_year=None, **known):
    """The history of child 1001 from rows; a Header is added where none is given."""
    given = list(rows)
    if not any(row.table == "header" for row in given):
        given = [*rows_of("header", header(), year=given[0].year if given else 2018), *given]
    known = {"on": ON, "latest_year": latest_year or max(row.year for row in given)} | known
    return link("1001", given, **known)


def episodes(*records, **more):
    return rows_of("episodes", *records, **more)


def codes(history):
    return [finding.code for finding in history.findings]


def spans(things):
    return [(thing.started_on.isoformat(), thing.ended_on.isoformat() if thing.ended_on else None) for thing in things]


def marks(history, *rows):
    """What became of the last rows given."""
    return list(history.marks[-len(rows) :])


# Placements


def test_an_episode_lasts_from_its_beginning_up_to_but_not_on_its_end():
    history = linked(*episodes(episode("01/05/2017", "10/05/2017"), episode("10/05/2017", rne="P")))
    assert spans(history.placements) == [("2017-05-01", "2017-05-10"), ("2017-05-10", None)]


@pytest.mark.parametrize(
    ("rne", "placements"), [("L", 1), ("P", 2), ("T", 2), ("B", 2), ("U", 2), ("S", 2), ("", 2), ("Q", 2)]
)
def test_only_a_change_of_legal_status_alone_continues_a_placement(rne, placements):
    history = linked(*episodes(episode("01/05/2017", "10/05/2017"), episode("10/05/2017", rne=rne, LS="C1")))
    assert len(history.placements) == placements


def test_with_nothing_before_it_a_change_of_legal_status_begins_a_placement():
    history = linked(*episodes(episode("01/05/2017", rne="L")))
    assert spans(history.placements) == [("2017-05-01", None)]
    assert "nothing-to-continue" in codes(history)


def test_after_a_gap_a_change_of_legal_status_begins_a_placement_and_care_goes_on():
    history = linked(*episodes(episode("01/05/2017", "10/05/2017"), episode("12/05/2017", rne="L")))
    assert len(history.placements) == 2
    assert spans(history.care) == [("2017-05-01", None)]
    (gap,) = [finding for finding in history.findings if finding.code == "gap"]
    assert gap.reason == "For 2 days before this, nothing says where the child lived: care went on."


def test_a_change_of_legal_status_alone_that_moves_the_child_is_told():
    history = linked(*episodes(episode("01/05/2017", "10/05/2017"), episode("10/05/2017", rne="L", PL_POST="M1 1AE")))
    (placement,) = history.placements
    assert placement.postcode == "M1 1AE"
    assert "continues-elsewhere" in codes(history)


def test_a_short_time_away_leaves_the_usual_placement_running():
    away = episode("10/05/2017", "20/05/2017", rne="P", PLACE="T1", PLACE_PROVIDER="", URN="", PL_POST="M1 1AE")
    history = linked(*episodes(episode("01/05/2017", "10/05/2017"), away, episode("20/05/2017", rne="P")))
    (placement,) = history.placements
    assert spans([placement]) == [("2017-05-01", None)]
    assert [(stay.place, *spans([stay])[0]) for stay in placement.stays] == [("T1", "2017-05-10", "2017-05-20")]
    assert "back-again" in codes(history)


def test_who_does_not_come_back_from_a_short_time_away_has_moved():
    away = episode("10/05/2017", "20/05/2017", rne="P", PLACE="T4", PLACE_PROVIDER="")
    elsewhere = episode("20/05/2017", rne="P", PL_POST="M1 1AE")
    history = linked(*episodes(episode("01/05/2017", "10/05/2017"), away, elsewhere))
    assert spans(history.placements) == [("2017-05-01", "2017-05-20"), ("2017-05-20", None)]
    assert "not-back" in codes(history)


def test_a_short_time_away_from_no_known_placement_stands_alone():
    history = linked(*episodes(episode("01/05/2017", "10/05/2017", PLACE="T2"), episode("10/05/2017", rne="P")))
    assert [placement.setting for placement in history.placements] == ["temporary", "ifa_foster"]
    assert "away-from-nowhere" in codes(history)


def test_care_that_ends_during_a_short_time_away_ends_the_placement():
    away = episode("10/05/2017", "20/05/2017", rne="P", rec="E4A", PLACE="T1")
    history = linked(*episodes(episode("01/05/2017", "10/05/2017"), away))
    assert spans(history.placements) == spans(history.care) == [("2017-05-01", "2017-05-20")]


@pytest.mark.parametrize(("place", "hidden"), [("U1", True), ("U2", True), ("U3", True), ("U4", False), ("K2", False)])
def test_codes_of_relatives_and_friends_hide_the_approval(place, hidden):
    history = linked(*episodes(episode("01/05/2017", PLACE=place)))
    assert history.placements[0].approval_is_hidden is hidden
    assert ("approval-hidden" in codes(history)) is hidden


def test_an_approval_is_hidden_also_where_a_later_row_goes_on_with_the_placement():
    away = episode("01/06/2017", rne="P", PLACE="T1", PLACE_PROVIDER="")
    goes_on = episode("10/05/2017", "01/06/2017", rne="L", PLACE="U3")
    rows = episodes(episode("01/05/2017", "10/05/2017", PLACE="U3"), goes_on, away)
    (hidden,) = [finding for finding in linked(*rows).findings if finding.code == "approval-hidden"]
    assert (hidden.row, hidden.value) == (3, "U3")


# Overlaps


def test_an_episode_that_overlaps_is_kept_and_marked_and_makes_nothing():
    rows = episodes(episode("01/05/2017", "10/06/2017"), episode("01/06/2017", rne="P"))
    history = linked(*rows)
    assert spans(history.placements) == [("2017-05-01", "2017-06-10")]
    assert marks(history, *rows) == [Mark.USED, Mark.OVERLAPS]
    assert history.because[-1].startswith("The child lived somewhere else then, from 1 May 2017 (until 10 June 2017)")


def test_nothing_follows_an_open_episode():
    rows = episodes(episode("01/06/2017", rne="P"), episode("01/05/2017"))
    history = linked(*rows)
    assert marks(history, *rows) == [Mark.OVERLAPS, Mark.USED]


def test_episodes_that_meet_do_not_overlap():
    rows = episodes(episode("01/05/2017", "01/06/2017"), episode("01/06/2017", rne="P"))
    assert marks(linked(*rows), *rows) == [Mark.USED, Mark.USED]


def test_a_row_of_a_later_year_that_overlaps_is_marked_though_it_begins_earlier():
    rows = [
        *episodes(episode("01/05/2017", "01/06/2017"), year=2018),
        *episodes(episode("01/04/2017", "01/05/2018", rne="P"), year=2019),
    ]
    history = linked(*rows)
    assert spans(history.placements) == [("2017-05-01", "2017-06-01")]
    assert marks(history, *rows) == [Mark.USED, Mark.OVERLAPS]


def test_a_row_that_would_stretch_an_episode_over_another_leaves_it_as_it_was():
    rows = [
        *episodes(episode("01/05/2017", "01/06/2017"), episode("01/06/2017", rne="P"), year=2018),
        *episodes(episode("01/05/2017", "01/07/2017"), year=2019),
    ]
    history = linked(*rows, latest_year=2018)
    assert spans(history.placements) == [("2017-05-01", "2017-06-01"), ("2017-06-01", None)]
    assert marks(history, *rows) == [Mark.USED, Mark.USED, Mark.OVERLAPS]


def test_an_episode_that_overlapped_is_taken_once_a_later_row_ends_it_before_the_other():
    rows = [
        *episodes(episode("01/06/2017", "01/07/2017"), year=2018),
        *episodes(episode("01/05/2017"), year=2019),
        *episodes(episode("01/05/2017", "01/06/2017"), year=2020),
    ]
    history = linked(*rows)
    assert spans(history.placements) == [("2017-05-01", "2017-06-01"), ("2017-06-01", "2017-07-01")]
    assert marks(history, *rows) == [Mark.USED] * 3


def test_days_of_a_placement_recorded_by_hand_are_never_taken():
    rows = episodes(episode("01/05/2017", "01/06/2017"), episode("01/06/2017", rne="P"))
    history = linked(*rows, occupied=[Occupied(date(2017, 5, 31), None)])
    assert history.placements == ()
    assert marks(history, *rows) == [Mark.OVERLAPS, Mark.OVERLAPS]
    history = linked(*rows, occupied=[Occupied(date(2017, 6, 1), None)])
    assert marks(history, *rows) == [Mark.USED, Mark.OVERLAPS]


@pytest.mark.parametrize(
    ("record", "code"),
    [
        (episode(""), "no-start"),
        (episode("31/02/2017"), "no-start"),
        (episode("10/03/2026"), "starts-later"),
        (episode("01/05/2017", "30/02/2018"), "end-not-read"),
        (episode("01/05/2017", "01/05/2017"), "no-days"),
        (episode("01/05/2017", "30/04/2017"), "ends-before-it-starts"),
    ],
)
def test_an_impossible_episode_is_refused_and_the_rest_is_taken(record, code):
    rows = episodes(record, episode("01/01/2016", "02/01/2016"))
    history = linked(*rows)
    assert marks(history, *rows) == [Mark.REFUSED, Mark.USED]
    assert code in codes(history)


def test_an_episode_before_birth_or_a_start_at_eighteen_is_told():
    rows = episodes(episode("13/02/2012", "14/02/2012", rec="E4A"), episode("14/02/2012", "15/02/2012", rec="E4A"))
    history = linked(*rows)
    assert [finding.row for finding in history.findings if finding.code == "before-birth"] == [2]
    grown = linked(*rows_of("header", header(dob="14/02/2000")), *episodes(episode("14/02/2018"), year=2018))
    nearly = linked(*rows_of("header", header(dob="14/02/2000")), *episodes(episode("13/02/2018"), year=2018))
    assert ("grown-up" in codes(grown), "grown-up" in codes(nearly)) == (True, False)


def test_a_row_that_an_unpaired_quotation_mark_ran_into_the_next_is_refused():
    rows = episodes(episode("01/05/2017", PLACE="U6,PR4\n1002,01/06/2017"), episode("01/06/2017"))
    history = linked(*rows)
    assert marks(history, *rows) == [Mark.REFUSED, Mark.USED]
    assert [(f.column, f.row) for f in history.findings if f.code == "runs-on"] == [("PLACE", 2)]


def test_an_episode_begins_once_a_year():
    rows = episodes(episode("01/05/2017", "10/05/2017"), episode("01/05/2017", "11/05/2017"))
    history = linked(*rows)
    assert marks(history, *rows) == [Mark.USED, Mark.REFUSED]


def test_a_row_that_stands_twice_is_taken_once():
    rows = episodes(episode("01/05/2017"), episode("01/05/2017"))
    history = linked(*rows)
    assert marks(history, *rows) == [Mark.USED, Mark.REPEATED]


# Open and closed


def test_a_reason_to_cease_without_a_day_leaves_the_episode_open():
    history = linked(*episodes(episode("01/05/2017", rec="E4A")))
    assert spans(history.care) == [("2017-05-01", None)]
    assert history.placements[0].how_ended == ""
    assert "reason-but-open" in codes(history)


def test_an_end_that_has_not_come_leaves_the_episode_open():
    assert spans(linked(*episodes(episode("01/05/2017", "09/03/2026"))).placements) == [("2017-05-01", "2026-03-09")]
    assert spans(linked(*episodes(episode("01/05/2017", "10/03/2026", rec="E4A"))).placements) == [("2017-05-01", None)]


def test_an_end_without_a_reason_does_not_end_care():
    history = linked(*episodes(episode("01/05/2017", "10/05/2017", rec="")))
    assert spans(history.care) == [("2017-05-01", None)]
    assert {"ended-without-reason", "next-not-in-files"} <= set(codes(history))


# Care


def test_care_ends_with_a_reason_and_begins_again_with_a_start():
    rows = episodes(episode("01/05/2017", "10/05/2017", rec="E4A"), episode("10/05/2017"))
    history = linked(*rows)
    assert spans(history.care) == [("2017-05-01", "2017-05-10"), ("2017-05-10", None)]
    assert [care.how_ended for care in history.care] == ["E4A", ""]
    assert all(care.start_is_known for care in history.care)


def test_care_that_had_ended_begins_again_whatever_the_next_row_says():
    history = linked(*episodes(episode("01/05/2017", "10/05/2017", rec="E4A"), episode("12/05/2017", rne="P")))
    assert spans(history.care) == [("2017-05-01", "2017-05-10"), ("2017-05-12", None)]
    assert "care-again" in codes(history)


def test_a_start_without_an_end_begins_care_anew():
    history = linked(*episodes(episode("01/05/2017", "10/05/2017"), episode("10/05/2017")))
    assert spans(history.care) == [("2017-05-01", "2017-05-10"), ("2017-05-10", None)]
    assert "started-without-break" in codes(history)


def test_care_that_began_before_the_files_is_told():
    history = linked(*episodes(episode("01/05/2017", rne="P")))
    assert history.care[0].start_is_known is False
    assert "care-began-before" in codes(history)


def test_the_category_of_need_is_that_with_which_care_began():
    history = linked(*episodes(episode("01/05/2017", "10/05/2017"), episode("10/05/2017", rne="P", CIN="N4")))
    assert history.care[0].need == "N1"
    assert "need-changed" in codes(history)


# Legal status


def test_a_legal_status_holds_until_the_next_one():
    history = linked(
        *episodes(
            episode("01/05/2017", "10/05/2017", LS="V2"),
            episode("10/05/2017", "20/05/2017", rne="P", LS="V2"),
            episode("20/05/2017", "01/06/2017", rne="L", LS="C1"),
            episode("01/06/2017", rne="P", LS="V2"),
        )
    )
    assert [(status.code, status.from_on.isoformat()) for status in history.legal_statuses] == [
        ("V2", "2017-05-01"),
        ("C1", "2017-05-20"),
        ("V2", "2017-06-01"),
    ]


def test_a_new_period_of_care_states_its_legal_status_afresh():
    history = linked(*episodes(episode("01/05/2017", "10/05/2017", rec="E4A"), episode("12/05/2017")))
    assert [status.from_on.day for status in history.legal_statuses] == [1, 12]


@pytest.mark.parametrize("status", ["", "ZZ"])
def test_a_legal_status_that_is_not_known_leaves_the_one_before(status):
    history = linked(*episodes(episode("01/05/2017", "10/05/2017"), episode("10/05/2017", rne="L", LS=status)))
    assert [status.code for status in history.legal_statuses] == ["C2"]


# Several years


def test_the_same_beginning_in_a_later_year_is_the_same_episode_brought_up_to_date():
    rows = [
        *episodes(episode("01/05/2017"), year=2018),
        *episodes(episode("01/05/2017", "10/05/2018", rec="E4A"), year=2019),
    ]
    history = linked(*rows)
    assert spans(history.placements) == [("2017-05-01", "2018-05-10")]
    assert marks(history, *rows) == [Mark.USED, Mark.USED]
    (finding,) = [finding for finding in history.findings if finding.code == "brought-up-to-date"]
    assert finding.reason == (
        "The same episode as in the year ended 31 March 2018: DEC was blank, now 10 May 2018; REC was blank, now E4A."
    )


def test_an_earlier_year_loaded_later_does_not_undo_what_the_later_one_says():
    later = episodes(episode("01/05/2017", "10/05/2018", rec="E4A"), year=2019, batch=1)
    earlier = episodes(episode("01/05/2017"), year=2018, batch=2)
    history = linked(*rows_of("header", header(), year=2019, batch=1), *later, *earlier)
    assert spans(history.placements) == [("2017-05-01", "2018-05-10")]
    assert "older-row" in codes(history)


def test_open_in_one_year_and_absent_from_the_next_is_not_confirmed_since():
    rows = episodes(episode("01/05/2017"), year=2018)
    assert linked(*rows, latest_year=2018).placements[0].not_confirmed_since is None
    history = linked(*rows, latest_year=2019)
    assert history.placements[0].not_confirmed_since == date(2018, 3, 31)
    assert "not-confirmed" in codes(history)


def test_a_later_year_that_has_it_confirms_it():
    rows = [*episodes(episode("01/05/2017"), year=2018), *episodes(episode("01/05/2017"), year=2020)]
    assert linked(*rows, latest_year=2020).placements[0].not_confirmed_since is None


def test_what_has_ended_needs_no_confirmation():
    rows = episodes(episode("01/05/2017", "10/05/2017", rec="E4A"), year=2018)
    assert linked(*rows, latest_year=2019).placements[0].not_confirmed_since is None


def test_findings_are_about_new_rows_only():
    old = rows_of("header", header(), is_new=False) + episodes(episode("01/05/2017", rne="L", URN="x"), is_new=False)
    assert linked(*old, *rows_of("reviews", review("01/06/2017"))).findings == ()


# The child


def test_facts_that_change_between_years_are_those_of_the_latest():
    rows = [
        *rows_of("header", header(UPN="UN4"), year=2018),
        *rows_of("header", header(UPN="H801200001001", SEX="M", ETHNIC=""), year=2025),
    ]
    history = linked(*rows)
    assert history.person.upn == "H801200001001"
    assert history.person.sex == "M"
    assert history.person.ethnicity == "WBRI"
    changed = [
        (finding.column, dict(finding.facts)["before"])
        for finding in history.findings
        if finding.code == "fact-changed"
    ]
    assert changed == [("UPN", "UN4")]


def test_the_same_code_with_another_date_of_birth_is_another_child():
    rows = [
        *rows_of("header", header(), year=2018),
        *episodes(episode("01/05/2017", "10/05/2017", rec="E4A"), year=2018),
        *rows_of("header", header(dob="15/02/2012"), year=2019),
        *episodes(episode("01/05/2018"), year=2019),
        *rows_of("oc2", {"CHILD": "1001", "DOB": "15/02/2012"}, year=2019),
    ]
    history = linked(*rows)
    assert list(history.marks) == [Mark.USED, Mark.USED, Mark.REFUSED, Mark.REFUSED, Mark.REFUSED]
    assert len(history.placements) == 1
    assert {"another-child", "rows-of-another-child"} <= set(codes(history))


def test_of_two_dates_of_birth_in_one_header_the_first_counts():
    rows = [*rows_of("header", header(), header(dob="15/02/2012")), *episodes(episode("01/05/2017"))]
    history = linked(*rows)
    assert history.person.born_on == date(2012, 2, 14)
    assert list(history.marks) == [Mark.USED, Mark.REFUSED, Mark.USED]
    assert "whose-rows" in codes(history)


def test_the_date_of_birth_on_record_decides():
    rows = [*rows_of("header", header(), header(dob="15/02/2012")), *episodes(episode("01/05/2017"))]
    history = linked(*rows, born_on=date(2012, 2, 15))
    assert list(history.marks) == [Mark.REFUSED, Mark.USED, Mark.USED]
    assert set(linked(*rows, born_on=date(2012, 2, 16)).marks) == {Mark.REFUSED}


def test_a_row_of_another_table_with_another_date_of_birth_is_refused_alone():
    rows = [
        *rows_of("header", header()),
        *rows_of("reviews", review("01/06/2017", dob="15/02/2012"), review("02/06/2017")),
    ]
    history = linked(*rows)
    assert list(history.marks) == [Mark.USED, Mark.REFUSED, Mark.USED]
    assert len(history.reviews) == 1


def test_without_a_header_another_table_says_when_the_child_was_born():
    history = link(
        "1001", [*episodes(episode("01/05/2017")), *rows_of("reviews", review("01/06/2017"))], on=ON, latest_year=2018
    )
    assert history.person.born_on == date(2012, 2, 14)
    assert "no-header" in codes(history)


@pytest.mark.parametrize("dob", ["", "14/02/2027", "unknown"])
def test_without_a_date_of_birth_there_is_no_child(dob):
    history = linked(*rows_of("header", header(dob=dob)), *episodes(episode("01/05/2017")))
    assert history.person is None
    assert set(history.marks) == {Mark.REFUSED}


def test_a_header_without_episodes_is_a_child_who_lives_nowhere():
    history = linked(*rows_of("header", header()))
    assert history.person is not None
    assert history.care == history.placements == ()
    assert "no-episodes" in codes(history)


def test_a_code_too_long_for_the_record_is_refused():
    rows = [RawRow("f", "header", 1, 2018, 2, header(child="1" * 21))]
    assert link("1" * 21, rows, on=ON, latest_year=2018).person is None


# Reviews


def test_reviews_are_one_a_day_and_held():
    rows = [
        *rows_of(
            "reviews",
            review("01/06/2017", code="PN1"),
            review("01/06/2017", code="PN2"),
            review("09/03/2026"),
            year=2018,
        ),
        *rows_of("reviews", review("01/06/2017", code="PN3"), review("10/03/2026"), review("x"), year=2019),
    ]
    history = linked(*rows)
    assert [(each.held_on, each.participation) for each in history.reviews] == [
        (date(2017, 6, 1), "PN3"),
        (date(2026, 3, 9), "PN1"),
    ]
    assert {"same-review", "review-later", "no-review-day", "review-after-year"} <= set(codes(history))
