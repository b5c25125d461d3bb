"""The nightly look, in a process of its own as a worker is: what it costs when none is due, and done for every file."""

import os
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random

from django.db import connection

from bench.speed.serving import resident
from casework import diary
from casework.models import CaseFile

MOST_RECOMPUTED = 5_000
AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Nightly:
    """What the nightly look cost."""

    files: int
    none_due_seconds: float
    recomputed: int
    milliseconds_a_child: float
    megabytes_after_a_fifth: float
    megabytes_at_the_end: float


def measure(made_at: datetime, seed: int) -> Nightly:
    """Look when nothing is due; then at every child anew, or at so many at random."""
    started = time.perf_counter()
    looked_at = diary.refresh_due(at=made_at)
    none_due = time.perf_counter() - started
    if looked_at.files:
        raise RuntimeError(f"{looked_at.files} files were due a look as of the moment at which they were looked at.")
    files = list(CaseFile.objects.filter(kind=CaseFile.Kind.CHILD).order_by("pk").values_list("pk", flat=True))
    Random(seed).shuffle(files)
    recomputed = files[:MOST_RECOMPUTED]
    memory, before = [], _seconds_at_work()
    for start in range(0, len(recomputed), AT_ONCE):
        diary.refresh(recomputed[start : start + AT_ONCE], at=made_at)
        memory.append(resident(os.getpid()))
    spent = _seconds_at_work() - before
    return Nightly(
        files=len(files),
        none_due_seconds=none_due,
        recomputed=len(recomputed),
        milliseconds_a_child=1000 * spent / len(recomputed),
        megabytes_after_a_fifth=memory[len(memory) // 5],
        megabytes_at_the_end=memory[-1],
    )


def _seconds_at_work() -> float:
    """How long the cores have worked for this process and for the database's process that serves it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        spent = Path(f"/proc/{cursor.fetchone()[0]}/stat").read_text().rpartition(")")[2].split()
    user_and_system = int(spent[11]) + int(spent[12])
    return time.process_time() + user_and_system / os.sysconf("SC_CLK_TCK")
