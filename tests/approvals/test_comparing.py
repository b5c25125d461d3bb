"""What changed between two texts is shown word by word, so that whoever signs again reads what is new."""

import time

import pytest
from hypothesis import given, settings, strategies as st

from casework.sections.comparing import ADDED, CHANGED, SAME, TAKEN_OUT, rows_between, runs_between


def test_words_that_were_added_and_taken_out_are_told_apart():
    runs = [
        (run.how, run.text.strip()) for run in runs_between("The dog sleeps downstairs.", "The large dog sleeps out.")
    ]
    assert runs == [(SAME, "The"), (ADDED, "large"), (SAME, "dog sleeps"), (TAKEN_OUT, "downstairs."), (ADDED, "out.")]


def test_a_text_that_was_empty_is_added_as_a_whole():
    assert [(run.how, run.text) for run in runs_between("", "All of it.")] == [(ADDED, "All of it.")]
    assert [(run.how, run.text) for run in runs_between("All of it.", "")] == [(TAKEN_OUT, "All of it.")]
    assert [(run.how, run.text) for run in runs_between("Same.", "Same.")] == [(SAME, "Same.")]


TEXT = st.lists(st.sampled_from(["a", "dog", "the", "\n", "home.", "\n\n"])).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(TEXT, TEXT)
def test_both_texts_can_be_read_from_what_is_shown(before, after):
    runs = runs_between(before, after)
    assert "".join(run.text for run in runs if run.how != TAKEN_OUT) == after
    assert "".join(run.text for run in runs if run.how != ADDED) == before


def test_rows_are_held_against_each_other_by_how_they_begin():
    before = [("Ask.", "Legal", "1 May"), ("Visit.", "Manager", "2 May"), ("Write.", "Worker", "3 May")]
    after = [("Write.", "Worker", "3 May"), ("Ask.", "Legal", "9 May"), ("Ring.", "Worker", "4 May")]
    changes = rows_between(before, after)
    assert [change.how for change in changes] == [SAME, CHANGED, ADDED, TAKEN_OUT]
    assert [(run.how, run.text) for run in changes[1].cells[2]] == [(TAKEN_OUT, "1"), (ADDED, "9"), (SAME, " May")]
    assert changes[3].says == "Taken out"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a " * 100_000, "a b " * 50_000),
        ("x\n" * 100_000, "x\ny\n" * 50_000),
        (" ".join(map(str, range(40_000))), " ".join(map(str, range(40_000, 0, -1)))),
    ],
    ids=["a word over and over", "a line over and over", "everything in another order"],
)
def test_200_kilobytes_are_compared_at_once(before, after):
    started = time.process_time()
    runs = runs_between(before[:200_000], after[:200_000])
    assert "".join(run.text for run in runs if run.how != TAKEN_OUT) == after[:200_000]
    assert time.process_time() - started < 2
