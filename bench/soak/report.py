"""docs/faults.md: what was done to an installation, what had to come of it, and what came of it."""

import os
from datetime import datetime

from bench.markdown import table
from casework.limits import LONDON

HEAD = """# Faults: what was done to a running Hearth, and what came of it

Written by `make soak` on {day}, on a machine with {cores} cores and {memory} GB of memory{held}. A whole installation of
its own, started as `make run` starts it: embedded database and broker, two web workers, two job workers and beat, with
the rights of the application's own database role. The load comes from processes of their own over HTTP: people sign in,
record visits, save drafts, move children, open pages, and take sign-off chains from convening to filing, each step by its
own person. Each client notes what it was promised in a file of its own, outside the system; what gets no answer is sent
again under the same key, as a browser does.

**{verdict}**
"""


def write(path, *, kills, scenes, checks, seconds):
    """Write the report; whether everything held."""
    holds = all(part.holds for part in (*scenes, *checks))
    faults = sum(not part.holds for part in (*scenes, *checks))
    verdict = "Everything held." if holds else f"{faults} of the rows below did not hold: they are marked."
    head = HEAD.format(
        day=f"{datetime.now(LONDON):%-d %B %Y}", cores=os.cpu_count(), memory=_memory(), held=_held(), verdict=verdict
    )
    counted = [*sorted(kills.items()), ("all", sum(kills.values()))]
    played = [(s.title, s.expected, _marked(s, s.reached), f"{s.seconds:.0f} s") for s in scenes]
    judged = [(c.what, c.expected, _marked(c, c.found)) for c in checks]
    parts = [
        head,
        f"## Kills\n\nSIGKILL, in turns from a fixed seed, for {seconds} seconds; up to two a second.\n",
        f"{table(('Part', 'Kills'), counted)}\n",
        f"## Scenes\n\n{table(('Scene', 'Expected', 'Reached', 'Took'), played)}\n",
        f"## Judged at the end, over SQL\n\n{table(('What', 'Expected', 'Found'), judged)}\n",
    ]
    path.write_text("\n".join(parts))
    return holds


def _marked(part, says):
    return says if part.holds else f"**Not held:** {says}"


def _memory():
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)


def _held():
    """Which share of the machine the run was held to."""
    used = len(os.sched_getaffinity(0))
    return f", held to {used} of them" if used < (os.cpu_count() or used) else ""
