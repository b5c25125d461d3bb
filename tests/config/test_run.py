"""What `make run` says when it cannot start, and how it knows its own processes."""

import os
import re
import socket
import subprocess

import pytest

from config import run
from config.checkout import CannotStart


def test_a_taken_port_is_said_in_one_sentence(monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        with pytest.raises(CannotStart, match=rf"Port {port} is taken .* `make run PORT={port + 1}`\."):
            run.free_port()


@pytest.mark.parametrize("given", ["http", "0", "65536", "-1", ""])
def test_a_port_that_is_none_is_refused(monkeypatch, given):
    monkeypatch.setenv("PORT", given)
    with pytest.raises(CannotStart, match="is not a port"):
        run.free_port()


def test_it_knows_its_own_processes_from_strangers():
    other_checkout = os.environ | {run.MARK: f"{run.ROOT}-2"}
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


@pytest.mark.parametrize(("says", "on"), [("no", False), ("0", False), ("False", False), ("yes", True), ("1", True)])
def test_yes_and_no_are_understood(monkeypatch, says, on):
    monkeypatch.setenv("DEMO", says)
    assert run.is_on("DEMO", "yes") is on
