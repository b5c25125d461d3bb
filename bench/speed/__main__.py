"""`make bench`: makes an authority of a scale, checks it, measures it, and writes docs/bench.md."""

import contextlib
import json
import logging
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from config.checkout import ROOT, STATE, CannotStart, make_state_folder
from config.embedded import Broker, Postgres

FOLDER = STATE / "bench"
REPORT = ROOT / "docs/bench.md"
RUN = "run"
ROUNDS = 50
SETTINGS = "bench.speed.settings"


def main() -> None:
    """Measure each scale that is named."""
    os.umask(0o022)
    try:
        make_state_folder()
        server = Postgres(FOLDER)
        with server.in_use():
            broker = Broker(FOLDER / "broker")
            broker.folder.mkdir(exist_ok=True)
            broker.start()
            try:
                _measure_all(server, broker, sys.argv[1:] or ["S", "M"])
            finally:
                broker.stop()
    except CannotStart as problem:
        sys.exit(str(problem))


def _measure_all(server: Postgres, broker: Broker, scales: list[str]) -> None:
    _prepare(server, broker)
    from bench.speed.databases import Databases
    from bench.speed.scales import SIZES

    unknown = [scale for scale in scales if scale not in SIZES]
    if unknown:
        raise CannotStart(f"There is no scale {unknown[0]}: the scales are {', '.join(SIZES)}.")
    databases = Databases(server)
    for scale in scales:
        _measure(databases, scale)


def _prepare(server: Postgres, broker: Broker) -> None:
    """What every process of the bench is told; then Django."""
    from config.embedded import OWNER

    address = server.url(OWNER)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "DATABASE_URL": address,
        "DATABASE_OWNER_URL": address,
        "REDIS_URL": broker.url,
        "HEARTH_DATABASE_AS": "owner",
        "DEBUG": "no",
        "DEMO": "no",
        "STATIC_ROOT": str(FOLDER / "static"),
    }
    subprocess.run([sys.executable, "manage.py", "collectstatic", "--no-input", "-v", "0"], cwd=ROOT, check=True)
    import django

    django.setup()
    logging.disable(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Say:
    """Tells the person at the keyboard."""

    scale: str

    def __call__(self, sentence: str) -> None:
        with contextlib.suppress(OSError):
            sys.stdout.write(f"{self.scale}: {sentence}\n")
            sys.stdout.flush()


def _measure(databases, scale: str) -> None:
    from bench.speed import report, scales
    from bench.speed.databases import addresses_for_web
    from bench.speed.measuring import Measuring
    from bench.speed.nightly import Nightly
    from bench.speed.serving import Browser, Web

    say = Say(scale)
    load = os.getloadavg()[0]
    made_at = scales.made(databases, scale, say)
    databases.copy(scale, RUN)
    try:
        say("looking as at night ...")
        nightly = Nightly(**_look_as_at_night(databases.address(RUN), made_at))
        web = Web(addresses_for_web(databases, RUN), FOLDER / "web.log")
        with web.running(), databases.used(RUN):
            measuring = Measuring(partial(Browser, web.address))
            say("holding the answers against the tables ...")
            measuring.check()
            say(f"asking everything {ROUNDS} times ...")
            measuring.measure(ROUNDS)
            megabytes = web.megabytes()
            measuring.count_queries()
            measuring.check_what_was_sent()
            run = report.Run(
                scale=scale,
                on=f"{made_at.day} {made_at:%B %Y}",
                machine=report.machine(),
                load=round(load, 1),
                authority=scales.counted(),
                lines=report.lines_of(scale, measuring.measured, nightly, megabytes),
            )
    finally:
        databases.drop(RUN)
    report.keep(run, FOLDER / "results")
    report.write(report.kept(FOLDER / "results"), REPORT)
    for line in run.lines:
        reached = {True: "", False: "   NOT REACHED", None: ""}[line.reached]
        say(f"{line.says:45} {line.measured:>42}   target {line.target}{reached}")


def _look_as_at_night(address: str, made_at: datetime) -> dict:
    from bench.speed.district import SEED

    command = [sys.executable, "manage.py", "time_nightly_look", made_at.isoformat(), "--seed", str(SEED)]
    environment = os.environ | {"DATABASE_URL": address, "DATABASE_OWNER_URL": address}
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
