"""`verify_events` finds whatever was done to the event record, also by whoever owns the database and has switched off its
triggers; and where the case file was rewritten to match, by the heads that were exported (architecture, mechanism 2)."""

import json
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from casework import heads
from casework.events import append, digest_of, faults_in_chains
from casework.models import CaseFile, Event
from tests.factories import NOW, note

TONIGHT = NOW + timedelta(hours=16)
TOMORROW = TONIGHT + timedelta(days=1)


@pytest.fixture
def heads_folder(settings, tmp_path):
    settings.HEARTH_HEADS_DIR = tmp_path / "heads"
    return settings.HEARTH_HEADS_DIR


@pytest.fixture
def file(world, heads_folder):
    """A child's file with five events."""
    for number in range(4):
        note(world.own_child, act=f"note {number}", child=world.own_child)
    return CaseFile.objects.get(pk=world.own_child.case_file_id)


@contextmanager
def by_the_owner_with_triggers_off():
    """Raw SQL by whoever owns the database, with triggers and foreign keys switched off."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


@contextmanager
def undone():
    """What is done inside is taken back: the database would not accept rows without their file at the test's end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def delete(cursor, file, number):
    cursor.execute("DELETE FROM casework_event WHERE case_file_id = %s AND number = %s", [file.pk, number])


def rewrite_head(cursor, file):
    """Make the case file say that its chain ends where it now ends."""
    cursor.execute(
        "UPDATE casework_casefile SET (last_number, last_digest) = (SELECT number, digest FROM casework_event"
        " WHERE case_file_id = casework_casefile.id ORDER BY number DESC LIMIT 1) WHERE id = %s",
        [file.pk],
    )


def faults(**heads_held):
    return list(faults_in_chains(**heads_held))


def verify(capsys, *words):
    """The exit code of the command and what it printed."""
    try:
        call_command("verify_events", *words)
    except SystemExit as stopped:
        return stopped.code, capsys.readouterr().out
    return 0, capsys.readouterr().out


# What is found without an export


def test_a_whole_record_has_no_faults_and_says_what_it_was_held_against(file, capsys):
    code, said = verify(capsys)
    assert code == 0
    assert f"{CaseFile.objects.count()} case files: every chain is whole" in said
    assert "no exported heads" in said
    heads.export(TONIGHT)
    assert "held against heads-20260310T020000Z.jsonl" in verify(capsys)[1]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("act", "another act"),
        ("record", "approvals.casediscussion:99"),
        ("from_state", "agreed"),
        ("to_state", "approved"),
        ("because", "Because it suits me."),
        ("details", json.dumps({"approved_as": "permanence"})),
        ("at", NOW - timedelta(days=1)),
        ("recorded_at", NOW - timedelta(days=1)),
    ],
)
def test_an_edit_of_any_field_is_found(file, capsys, column, value):
    with by_the_owner_with_triggers_off() as cursor:
        cursor.execute(
            f"UPDATE casework_event SET {column} = %s WHERE case_file_id = %s AND number = 3", [value, file.pk]
        )
    code, said = verify(capsys)
    assert code == 1
    assert said == f"Child file {file.pk}: event 3 was changed.\n"


def test_an_edit_of_who_did_it_is_found(file, world):
    with by_the_owner_with_triggers_off() as cursor:
        cursor.execute(
            "UPDATE casework_event SET by_id = %s WHERE case_file_id = %s AND number = 2", [world.dhos.pk, file.pk]
        )
    assert faults() == [(file.pk, "event 2 was changed")]


def test_an_edit_with_a_digest_made_without_the_key_is_found(file, settings):
    event = Event.objects.get(case_file=file, number=3)
    event.because = "Because it suits me."
    key, settings.EVENT_KEY = settings.EVENT_KEY, "a guess"
    forged = digest_of(event)
    settings.EVENT_KEY = key
    with by_the_owner_with_triggers_off() as cursor:
        cursor.execute(
            "UPDATE casework_event SET because = %s, digest = %s WHERE id = %s", [event.because, forged, event.pk]
        )
    assert faults() == [
        (file.pk, "event 3 was changed"),
        (file.pk, "event 4 does not follow the one before it"),
    ]


def test_a_deletion_is_found(file, capsys):
    with by_the_owner_with_triggers_off() as cursor:
        delete(cursor, file, 3)
    code, said = verify(capsys)
    assert code == 1
    assert f"Child file {file.pk}: event 3 is missing.\n" in said


def test_a_deletion_with_the_later_events_numbered_anew_is_found(file):
    with by_the_owner_with_triggers_off() as cursor:
        delete(cursor, file, 3)
        for number in (4, 5):
            cursor.execute(
                "UPDATE casework_event SET number = %s WHERE case_file_id = %s AND number = %s",
                [number - 1, file.pk, number],
            )
        rewrite_head(cursor, file)
    assert (file.pk, "event 3 does not follow the one before it") in faults()


def test_an_insertion_at_the_end_is_found(file, world):
    event = Event.objects.get(case_file=file, number=5)
    event.pk, event.number, event.act, event.previous_digest = None, 6, "approve", event.digest
    event.save(force_insert=True)
    assert (file.pk, "event 6 was changed") in faults()
    assert (file.pk, "the chain ends at event 6, the file says 5") in faults()


def test_an_event_copied_from_another_file_is_found(file, world):
    other = Event.objects.exclude(case_file=file).order_by("number").first()
    with by_the_owner_with_triggers_off() as cursor:
        cursor.execute(
            "UPDATE casework_event SET (act, record, by_id, at, recorded_at, because, details, digest) ="
            " (SELECT act, record, by_id, at, recorded_at, because, details, digest FROM casework_event WHERE id = %s)"
            " WHERE case_file_id = %s AND number = 1",
            [other.pk, file.pk],
        )
    assert (file.pk, "event 1 was changed") in faults()


def test_a_swap_is_found(file):
    with by_the_owner_with_triggers_off() as cursor:
        for number, becomes in ((3, 99), (4, 3), (99, 4)):
            cursor.execute(
                "UPDATE casework_event SET number = %s WHERE case_file_id = %s AND number = %s",
                [becomes, file.pk, number],
            )
    found = faults()
    assert (file.pk, "event 3 does not follow the one before it") in found
    assert (file.pk, "event 3 was changed") in found


def test_a_cut_tail_is_found(file, capsys):
    with by_the_owner_with_triggers_off() as cursor:
        delete(cursor, file, 5)
    assert verify(capsys) == (1, f"Child file {file.pk}: the chain ends at event 4, the file says 5.\n")


def test_events_whose_case_file_was_taken_away_are_found(file):
    with undone():
        with by_the_owner_with_triggers_off() as cursor:
            cursor.execute("DELETE FROM casework_casefile WHERE id = %s", [file.pk])
        assert faults() == [(file.pk, "the case file is gone")]


def test_faults_of_several_files_are_each_named(world, file, capsys):
    other = CaseFile.objects.get(pk=world.teams_child.case_file_id)
    with by_the_owner_with_triggers_off() as cursor:
        delete(cursor, file, 2)
        cursor.execute("UPDATE casework_event SET act = 'x' WHERE case_file_id = %s", [other.pk])
    code, said = verify(capsys)
    assert code == 1
    assert f"Child file {file.pk}: event 2 is missing." in said
    assert f"Child file {other.pk}: event 1 was changed." in said


def test_a_chain_emptied_with_the_file_rewritten_is_found_without_an_export(file, capsys):
    with by_the_owner_with_triggers_off() as cursor:
        cursor.execute("DELETE FROM casework_event WHERE case_file_id = %s", [file.pk])
        cursor.execute("UPDATE casework_casefile SET last_number = 0, last_digest = '' WHERE id = %s", [file.pk])
    assert verify(capsys) == (1, f"Child file {file.pk}: it holds no event, and every file begins with one.\n")


def test_two_children_given_each_others_files_are_found(world, file, capsys):
    mine, other = world.own_child, world.teams_child
    in_between = CaseFile.objects.create(kind=CaseFile.Kind.CHILD, opened_at=NOW)
    with connection.cursor() as cursor:
        for child, becomes in ((mine, in_between.pk), (other, mine.case_file_id), (mine, other.case_file_id)):
            cursor.execute("UPDATE children_child SET case_file_id = %s WHERE id = %s", [becomes, child.pk])
    in_between.delete()
    code, said = verify(capsys)
    assert code == 1
    strayed = "it was opened for another child than the one whose file it is now"
    assert said == "".join(f"Child file {child.case_file_id}: {strayed}.\n" for child in (mine, other))


def test_two_events_given_to_each_others_files_are_found(world, file):
    other = CaseFile.objects.get(pk=world.teams_child.case_file_id)
    with by_the_owner_with_triggers_off() as cursor:
        for found, becomes in ((file.pk, -1), (other.pk, file.pk), (-1, other.pk)):
            cursor.execute(
                "UPDATE casework_event SET case_file_id = %s WHERE case_file_id = %s AND number = 1", [becomes, found]
            )
    named = {pk for pk, fault in faults() if fault == "event 1 was changed"}
    assert named == {file.pk, other.pk}


# What only the exported heads show


def cut_tail_and_rewrite_file(file, down_to):
    with by_the_owner_with_triggers_off() as cursor:
        cursor.execute("DELETE FROM casework_event WHERE case_file_id = %s AND number > %s", [file.pk, down_to])
        rewrite_head(cursor, file)


def test_a_cut_tail_with_the_file_rewritten_is_found_by_the_exported_head(file, capsys):
    heads.export(TONIGHT)
    cut_tail_and_rewrite_file(file, down_to=3)
    assert faults() == [], "without an export nothing shows"
    code, said = verify(capsys)
    assert code == 1
    assert said == f"Child file {file.pk}: event 5 is not the one that was exported as the chain’s head.\n"


def test_a_cut_tail_that_was_written_on_is_found(world, file):
    heads.export(TONIGHT)
    cut_tail_and_rewrite_file(file, down_to=3)
    for number in range(3):
        note(world.own_child, act=f"another note {number}", child=world.own_child)
    assert faults(heads=heads.latest_heads()) == [
        (file.pk, "event 5 is not the one that was exported as the chain’s head")
    ]


def test_a_later_export_does_not_hide_a_cut(world, file, capsys):
    heads.export(TONIGHT)
    cut_tail_and_rewrite_file(file, down_to=3)
    assert "1 chains were cut: run verify_events" in str(heads.export(TOMORROW))
    note(world.own_child, act="another note", child=world.own_child)
    note(world.own_child, act="another note", child=world.own_child)
    heads.export(TOMORROW + timedelta(days=1))
    code, said = verify(capsys)
    assert code == 1
    assert f"Child file {file.pk}: event 5 is not the one that was exported" in said


def test_a_whole_file_taken_away_is_found(file, capsys):
    heads.export(TONIGHT)
    with undone():
        with by_the_owner_with_triggers_off() as cursor:
            cursor.execute("DELETE FROM casework_event WHERE case_file_id = %s", [file.pk])
            cursor.execute("DELETE FROM casework_casefile WHERE id = %s", [file.pk])
        assert verify(capsys) == (1, f"Case file {file.pk}: the case file is gone.\n")
        heads.export(TOMORROW)
        assert verify(capsys) == (1, f"Case file {file.pk}: the case file is gone.\n")


def test_events_written_since_the_export_are_no_fault(world, file, capsys):
    heads.export(TONIGHT)
    note(world.own_child, act="another note", child=world.own_child)
    assert verify(capsys)[0] == 0
    assert heads.export(TOMORROW).kept == 0


def test_an_earlier_export_kept_elsewhere_can_be_named(file, capsys, tmp_path):
    kept = Path(heads.export(TONIGHT).path).rename(tmp_path / "kept-elsewhere.jsonl")
    cut_tail_and_rewrite_file(file, down_to=3)
    assert verify(capsys)[0] == 0
    assert verify(capsys, "--heads", str(kept))[0] == 1


# The exports themselves


def test_an_export_holds_a_head_a_line_and_a_seal(file, heads_folder):
    export = heads.export(TONIGHT)
    lines = export.path.read_text().splitlines()
    assert export.heads == CaseFile.objects.count() == len(lines) - 1
    assert json.loads(lines[-1]).keys() == {"seal"}
    assert {"file": file.pk, "number": 5, "digest": file.last_digest} in map(json.loads, lines[:-1])
    assert heads.read(export.path)[file.pk] == (5, file.last_digest)
    assert [path.name for path in heads_folder.iterdir()] == [export.path.name], "nothing unfinished is left"


@pytest.mark.parametrize(
    "harm",
    [
        lambda text: "",
        lambda text: "\n".join(text.splitlines()[:-1]) + "\n",
        lambda text: "\n".join(text.splitlines()[1:]) + "\n",
        lambda text: text.replace('"number": 5', '"number": 4'),
        lambda text: text[: len(text) // 2],
        lambda text: "[]\n" + text,
        lambda text: "not json\n" + text,
        lambda text: text + text,
    ],
    ids=["emptied", "seal cut", "line cut", "edited", "half", "list", "not JSON", "doubled"],
)
def test_an_export_that_was_cut_or_changed_is_refused_by_name(file, capsys, harm):
    path = heads.export(TONIGHT).path
    path.write_text(harm(path.read_text()))
    with pytest.raises(CommandError, match=rf"{path.name} were cut or changed"):
        call_command("verify_events")
    with pytest.raises(CommandError, match=rf"{path.name} were cut or changed"):
        call_command("export_heads")


def test_heads_that_are_not_there_are_refused_with_a_sentence(file, tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        call_command("verify_events", "--heads", str(tmp_path / "nowhere.jsonl"))


def test_the_oldest_exports_are_forgotten(file, heads_folder, monkeypatch):
    monkeypatch.setattr(heads, "EXPORTS_KEPT", 3)
    for night in range(5):
        heads.export(TONIGHT + timedelta(days=night))
    names = sorted(path.name for path in heads_folder.iterdir())
    assert names == [f"heads-202603{day}T020000Z.jsonl" for day in (12, 13, 14)]


def test_export_by_hand_says_where_to(file, capsys):
    call_command("export_heads")
    assert f"{CaseFile.objects.count()} heads exported to heads-" in capsys.readouterr().out


def test_a_thousand_files_take_a_handful_of_queries(world, heads_folder, django_assert_max_num_queries):
    files = [CaseFile(kind=CaseFile.Kind.CHILD, opened_at=NOW) for _ in range(1000)]
    CaseFile.objects.bulk_create(files)
    first = {"act": "open", "record": world.own_child, "by": world.team_manager, "at": NOW}
    Event.objects.bulk_create(append(file, **first) for file in files)
    CaseFile.objects.bulk_update(files, ["last_number", "last_digest"])
    with django_assert_max_num_queries(16):
        assert faults() == []
    heads.export(TONIGHT)
    with django_assert_max_num_queries(4):
        heads.export(TOMORROW)
