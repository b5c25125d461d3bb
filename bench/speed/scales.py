"""How large an authority is at each scale, and making it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.utils import timezone

from bench.loading import load
from bench.speed import answers, checking, district
from bench.speed.copying import Size, multiply

DISTRICT: Final = "district"
SIZES: Final = {"S": Size(1_000, 5_000), "M": Size(10_000, 50_000), "L": Size(84_000, 420_000)}
"""Children looked after now, and ever in ten years. L is all of England."""

AUTHORITY = """
    SELECT (SELECT count(*) FROM children_careperiod WHERE ended_on IS NULL) AS now,
        (SELECT count(*) FROM children_child) AS ever,
        (SELECT count(*) FROM visits_visit) AS visits,
        (SELECT count(*) FROM placements_placement) AS placements,
        (SELECT count(*) FROM casework_duty) AS duties,
        (SELECT count(*) FROM casework_event) AS events,
        (SELECT count(*) FROM accounts_user) AS people,
        (SELECT count(*) FROM placements_presentstanding s JOIN placements_placement p ON p.id = s.placement_id
            WHERE s.is_alarm AND p.ended_at IS NULL) AS alarms
"""
COUNTED = ("now", "ever", "visits", "placements", "duties", "events", "people", "alarms")


def made(databases: Any, scale: str, say: Callable[[str], None]) -> datetime:
    """The database of a scale, made or kept from before today; as of when it is."""
    kept = databases.made_at(scale)
    if kept:
        return kept
    as_of = databases.made_at(DISTRICT)
    if as_of is None:
        say("taking a district through the door ...")
        as_of = databases.make(DISTRICT, None, load_district)
    say("copying it ...")
    return databases.make(scale, DISTRICT, lambda: copy_district(SIZES[scale], as_of))


def load_district(stories: tuple = district.WHOLE) -> datetime:
    """Take a district through the door, as of now."""
    at = timezone.now()
    load(district.plan_of(stories, at))
    return at


def copy_district(size: Size, made_at: datetime) -> datetime:
    """Copy the district up to a size, and hold the copies against what the application would have made."""
    multiply(size)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
    checking.require_sound(made_at, district.SEED)
    return made_at


def counted() -> dict[str, int]:
    """What the authority has."""
    return dict(zip(COUNTED, answers.ask(AUTHORITY)[0], strict=True))
