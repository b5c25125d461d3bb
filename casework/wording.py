"""How days, moments and sources stand in sentences: 5 March 2026, 5 March 2026 at 14:03, Decision C-38."""

from calendar import month_name
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache

from casework.limits import LONDON
from casework.procedures import OwnValue, Rule

SPELLED_OUT = (("S0 ", "Unregulated placements procedure "), ("C-", "Decision C-"))
"""How the keys that rule tables cite begin, and how people read them."""


@lru_cache(maxsize=10_000)  # a night says the same days again and again
def in_words(day: date) -> str:
    """A day as it is written to people."""
    return f"{day.day} {month_name[day.month]} {day.year}"


def moment_in_words(moment: datetime) -> str:
    """A moment here, to the minute, as it is written to people."""
    local = moment.astimezone(LONDON)
    return f"{in_words(local.date())} at {local:%H:%M}"


def cited(cites: Iterable[str]) -> str:
    """Sources, with the keys that stand for documents spelled out."""
    return "; ".join(_spelled_out(cite) for cite in cites)


def source(rule: Rule) -> str:
    """Who says so, as the end of a duty's sentence."""
    cites = cited(rule.cites)
    if rule.own:
        return f"{cites}; {whose(rule.own)}."
    return f"{cites}; the limit is a local default, no source." if rule.local_default else f"{cites}."


def whose(own: OwnValue) -> str:
    """Whose number counts, and since when; inside a sentence."""
    said = f"the limit is this authority’s own, in force since {in_words(own.since)}"
    return f"{said} also for what ran already" if own.takes_running_along else said


def _spelled_out(cite: str) -> str:
    return next((words + cite.removeprefix(key) for key, words in SPELLED_OUT if cite.startswith(key)), cite)
