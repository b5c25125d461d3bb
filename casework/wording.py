"""How days, moments and sources stand in sentences: 5 March 2026, 5 March 2026 at 14:03."""

from calendar import month_name
from datetime import date, datetime
from functools import lru_cache

from casework.limits import LONDON
from casework.procedures import Rule


@lru_cache(maxsize=10_000)  # a night says the same days again and again
def in_words(day: date) -> str:
    """A day as it is written to people."""
    return f"{day.day} {month_name[day.month]} {day.year}"


def moment_in_words(moment: datetime) -> str:
    """A moment here, to the minute, as it is written to people."""
    local = moment.astimezone(LONDON)
    return f"{in_words(local.date())} at {local:%H:%M}"


def source(rule: Rule) -> str:
    """Who says so, as the end of a duty's sentence."""
    cited = "; ".join(rule.cites)
    return f"Local default, no source ({cited})." if rule.local_default else f"{cited}."
