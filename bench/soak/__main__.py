"""`make soak`: the whole run, about twenty minutes; `SECONDS=120 make soak` kills for two minutes only."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from bench.installation import free_port
from bench.soak import report, scenes
from bench.soak.cast import APART, CHAINS, DRAFTS, MOVES, READS, VISITS, cast
from bench.soak.faults import Killer, Probe
from bench.soak.installation import DATABASE_PARTS, PARTS, Installation
from bench.soak.judgement import judge
from bench.soak.scenes import JOBS_BACK, WEB_BACK, Scene, said, timed, within
from config.checkout import ROOT

SEED = 903
SECONDS = 600
ROUNDS = 200
WITH_MAIL = "UPDATE accounts_user SET email = username || '@council.example' WHERE is_active"
GAPS = """
SELECT max(extract(epoch FROM finished_at - before)) FROM (
    SELECT finished_at, coalesce(lag(finished_at) OVER (ORDER BY finished_at), %s) AS before FROM casework_jobrun
    WHERE job = 'catch_up' AND finished_at >= %s) AS runs
"""


class Load:
    """The clients, started and told when it is over."""

    def __init__(self, folder, port, told):
        self.folder, self.port, self.told = folder, port, told
        (folder / "cast.json").write_text(json.dumps(told))

    @contextlib.contextmanager
    def working(self, *kinds):
        """Clients of these kinds work inside the block; on leaving they finish what they have begun."""
        over = self.folder / "over"
        over.unlink(missing_ok=True)
        mine = [name for name in self.told if name.partition("-")[0] in kinds]
        command = [sys.executable, "-m", "bench.soak.load"]
        clients = [subprocess.Popen([*command, name, str(self.port), str(self.folder)], cwd=ROOT) for name in mine]
        try:
            yield
        finally:
            over.touch()
            for client in clients:
                client.wait(timeout=600)


def kill_at_random(installation, load, seconds, killer):
    """Parts killed at random under load."""
    probe = Probe(installation.port, "assistant-director")
    probe.start()
    since = installation.one("SELECT now()")
    with load.working(CHAINS, VISITS, DRAFTS, MOVES, READS):
        time.sleep(min(15, seconds / 8))
        begun = time.monotonic()
        killer.rage(seconds)
        over = time.monotonic()
        within(WEB_BACK * 3, lambda: probe.back_after(over) is not None)
        jobs_again = scenes.settled(installation)
    probe.stop()
    after = list(probe.recoveries(killer.kills))
    back = probe.back_after(over)
    gap = float(installation.one(GAPS, since, since))
    holds = max(after, default=0) <= WEB_BACK and back is not None and gap <= JOBS_BACK and jobs_again is not None
    reached = (
        f"{len(killer.kills)} kills; a page again {said(median(after or [0]))} (median) and "
        f"{said(max(after, default=0))} (longest) after the last of them; longest without a page, kills going on, "
        f"{said(probe.longest_silence(begun, over))}; longest without a job {said(gap)}"
    )
    expected = f"nothing lost or doubled (below); left alone, a page in {WEB_BACK} s; never {JOBS_BACK} s without a job"
    return Scene("Parts killed at random under load", expected, reached, holds)


def kill_one_by_one(installation, killer, rounds=3):
    """Each part killed by itself."""
    probe = Probe(installation.port, "assistant-director")
    probe.start()
    longest = {}
    for part in (*PARTS, *DATABASE_PARTS) * rounds:
        if within(WEB_BACK * 3, lambda part=part: killer.kill(part)) is None:
            continue
        killed_at = killer.kills[-1][0]
        back = within(WEB_BACK * 6, lambda moment=killed_at: probe.back_after(moment) is not None)
        took = probe.back_after(killed_at) if back is not None else WEB_BACK * 6
        longest[part] = max(longest.get(part, 0), took)
        within(WEB_BACK * 3, lambda part=part: installation.numbers_of(part))
    probe.stop()
    reached = "; ".join(f"{part}: {said(took)}" for part, took in longest.items())
    holds = len(longest) == len(PARTS) + len(DATABASE_PARTS) and max(longest.values()) <= WEB_BACK
    title = f"Each part killed by itself, {rounds} times"
    return Scene(title, f"a page within {WEB_BACK} s of the kill", f"at the longest: {reached}", holds)


def play(installation, load, seconds, killer):
    """Every scene in turn."""
    chain, visit = load.told[APART][0], load.told["visits-0"][0]
    yield timed(kill_at_random, installation, load, seconds, killer)
    with load.working(VISITS, READS):
        yield timed(kill_one_by_one, installation, killer)
    yield timed(scenes.two_beats, installation)
    yield timed(scenes.no_beat, installation, chain["hos"])
    yield timed(scenes.empty_broker, installation)
    yield timed(scenes.delivered_five_times, installation)
    with load.working(VISITS, DRAFTS):
        yield timed(scenes.hung_database, installation, "assistant-director")
    yield timed(scenes.four_sign_offs, installation, chain, rounds=ROUNDS if seconds >= SECONDS else ROUNDS // 5)
    yield timed(scenes.clocks, installation, chain)
    with load.working(VISITS, DRAFTS):
        yield timed(scenes.full_disk, installation, visit)


def main():
    """Play, judge, and write the report. Exit code 1 where something did not hold."""
    seconds = int(os.environ.get("SECONDS", SECONDS))
    folder = Path(tempfile.mkdtemp(prefix="hearth-soak-"))
    folder.chmod(0o755)
    installation = Installation(folder, free_port())
    killer, played = Killer(installation, SEED), []
    try:
        tell("Starting an installation with an invented authority ...")
        installation.start()
        installation.ask(WITH_MAIL)
        scenes.settled(installation)
        since = time.time()
        (folder / "clients").mkdir()
        load = Load(folder / "clients", installation.port, cast(installation))
        for scene in play(installation, load, seconds, killer):
            played.append(scene)
            tell(f"{'held' if scene.holds else 'NOT HELD'} ({scene.seconds:.0f} s): {scene.title}: {scene.reached}")
        checks = list(judge(installation, folder / "clients", since))
        for check in checks:
            tell(f"{'held' if check.holds else 'NOT HELD'}: {check.what}: {check.found}")
        told = {"kills": killer.counted(), "scenes": played, "checks": checks, "seconds": seconds}
        holds = report.write(ROOT / "docs/faults.md", **told)
    finally:
        put_away(installation)
    tell("docs/faults.md is written.")
    sys.exit(not holds)


def put_away(installation):
    """Stop it, and leave nothing behind but, where it was asked for, its logs."""
    installation.stop()
    small = installation.folder / "small"
    if small.is_mount():
        subprocess.run(["umount", small], check=True)
    home = installation.folder / "database/server"
    if home.is_symlink() and home.exists():
        shutil.rmtree(home.resolve(), ignore_errors=True)
    if "KEEP" in os.environ:
        tell(f"Its logs are kept in {installation.folder}.")
    else:
        shutil.rmtree(installation.folder, ignore_errors=True)


def tell(sentence):
    """Say how far it is."""
    sys.stdout.write(f"{time.strftime('%H:%M:%S')}  {sentence}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
