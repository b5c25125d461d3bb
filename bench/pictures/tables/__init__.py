"""The pictures, one table for each group of people; the gallery shows them in this order."""

from bench.pictures.album import Group, Picture
from bench.pictures.tables import (
    administrators,
    decisions,
    everybody,
    homes,
    managers,
    meetings,
    relatives,
    returns,
    signing,
    visits,
    workers,
)

GROUPS: tuple[Group, ...] = (
    *everybody.GROUPS,
    *workers.GROUPS,
    *visits.GROUPS,
    *homes.GROUPS,
    *signing.GROUPS,
    *decisions.GROUPS,
    *relatives.GROUPS,
    *meetings.GROUPS,
    *managers.GROUPS,
    *administrators.GROUPS,
    *returns.GROUPS,
)
"""The gallery from top to bottom."""
PICTURES: tuple[Picture, ...] = tuple(picture for group in GROUPS for picture in group.pictures)
