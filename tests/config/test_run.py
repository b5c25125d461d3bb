"""What `make run` says when it cannot start, and how it knows its own processes."""

import os
import re
import socket
import subprocess
import threading
from pathlib import Path

import pytest

from config import run
from config.checkout import CannotStart
from tests.waiting import soon


def test_a_taken_port_is_said_in_one_sentence(monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        with pytest.raises(CannotStart, match=rf"Port {port} is taken .* `make run PORT={port + 1}`\."):
            run.port_to_serve_on()


@pytest.mark.parametrize("given", ["http", "0", "65536", "-1", ""])
def test_a_port_that_is_none_is_refused(monkeypatch, given):
    monkeypatch.setenv("PORT", given)
    with pytest.raises(CannotStart, match="is not a port"):
        run.port_to_serve_on()


def test_it_knows_its_own_processes_from_strangers():
    other_checkout = os.environ | {run.MARK: f"{run.STATE}-2"}
    with (
        subprocess.Popen(["sleep", "60"], env=run.marked_environment()) as ours,
        subprocess.Popen(["sleep", "60"], env=other_checkout) as stranger,
    ):
        found = set(run.processes_of_this_checkout())
        ours.kill()
        stranger.kill()
    assert ours.pid in found
    assert stranger.pid not in found


@pytest.mark.parametrize(
    ("script", "said"), [("kill -9 $$", "was killed by signal 9"), ("exit 3", r"part\.log says why")]
)
def test_a_part_that_died_is_said_and_started_again(script, said, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(run, "LOGS", tmp_path)
    part = run.Part("part", ["sh", "-c", f"[ -e {tmp_path}/again ] && exec sleep 60; touch {tmp_path}/again; {script}"])
    part.start()
    part.process.wait()
    part.wait = 0
    part.keep_running()
    assert re.search(said, capsys.readouterr().out)
    assert part.process.poll() is None
    part.process.kill()
    part.process.wait()


def test_what_a_killed_part_leaves_behind_is_ended_before_it_starts_again(tmp_path, monkeypatch):
    """A web worker whose master is gone holds the port; a job's worker works on for nobody."""
    monkeypatch.setattr(run, "LOGS", tmp_path)
    part = run.Part("part", ["sh", "-c", f"sleep 61 & echo $! > {tmp_path}/child; wait"])
    part.start()
    soon(lambda: (tmp_path / "child").exists() and (tmp_path / "child").read_text())
    child = int((tmp_path / "child").read_text())
    part.process.kill()
    part.process.wait()
    part.keep_running()
    soon(lambda: not runs(child))
    assert part.process.poll() is None, "and it runs again, at once"
    part.process.kill()
    part.process.wait()
    part.end_what_is_left()


def runs(number):
    """Whether a process lives; one that has ended and that nobody has asked about is a zombie."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_database_that_does_not_start_is_said_once_and_tried_on(capsys, monkeypatch):
    monkeypatch.setattr(run, "LOOK_EVERY", 0)
    over, answers = threading.Event(), iter(["full", "full", False, True, "full"])

    class Database:
        def keep_running(self):
            answer = next(answers, None)
            if answer is None:
                over.set()
            if answer == "full":
                raise CannotStart("No space left.")
            return answer

    run.watch_database(Database(), over)
    said = capsys.readouterr().out
    assert said.count("No space left.") == 2, "once for each time that it went away"
    assert said.count("It was started again.") >= 1


@pytest.mark.parametrize(("says", "on"), [("no", False), ("0", False), ("False", False), ("yes", True), ("1", True)])
def test_yes_and_no_are_understood(monkeypatch, says, on):
    monkeypatch.setenv("DEMO", says)
    assert run.is_on("DEMO", "yes") is on
