"""Placements written down in few words for tests of the visit clocks.

Days and moments carry their weekday ("Fri 2026-01-09", "Fri 2026-01-09 16:00", local time), which is checked, so that
a table of dates can be argued with a calendar in hand.
"""

from datetime import UTC, date, datetime

from casework.limits import LONDON
from visits.clocks.facts import Period, PlacementFacts, VisitMade

ABOUT = "placements.placement:17"


def day(words):
    """A day: "Fri 2026-01-09"."""
    weekday, _, rest = words.partition(" ")
    found = date.fromisoformat(rest)
    assert f"{found:%a}" == weekday, f"{rest} is a {found:%A}"
    return found


def moment(words):
    """A moment in local time: "Fri 2026-01-09 16:00"."""
    words, _, time = words.rpartition(" ")
    return datetime.combine(day(words), datetime.strptime(time, "%H:%M").time(), LONDON).astimezone(UTC)  # noqa: DTZ007


def days(*words):
    """Some days."""
    return tuple(day(each) for each in words)


def period(from_words, to_words=None):
    """A period, up to but not on its second day."""
    return Period(day(from_words), day(to_words) if to_words else None)


def seen(*words, role="social_worker", **facts):
    """Visits at which the child was seen, at ten o'clock or the hour given; the records are numbered."""
    moments = [moment(each if ":" in each else f"{each} 10:00") for each in words]
    return tuple(
        VisitMade(**{"at": at, "role": role, "seen": True, "record": f"visits.visit:{number}"} | facts)
        for number, at in enumerate(moments, start=1)
    )


def placed(start="Fri 2026-01-09 16:00", setting="in_house_foster", **facts):
    """A placement from a moment on, looked after from the same day unless something else is said."""
    start_at = moment(start)
    return PlacementFacts(
        **{"about": ABOUT, "start_at": start_at, "setting": setting, "care_started_on": start_at.date()} | facts
    )
