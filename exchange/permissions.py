"""Who brings files of the return, who decides, and who sees what of a report. Domain facts: roles, last table.

Each row stands by itself. The files are children's records: so nobody gets more of them here than the role may have, or
than the person brought along.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from accounts.roles import Role


@dataclass(frozen=True, slots=True)
class Right:
    """One thing that somebody may do or see, and why that person and nobody else."""

    what: str
    who: str
    because: str
    cites: tuple[str, ...]


LOADERS: Final = frozenset({Role.PERFORMANCE})
RIGHTS: Final = (
    Right(
        "bring files, decide about them, see which imports there were and how much they hold",
        "Performance",
        "The team that makes the return has its files. Administrators see no child’s record, so they bring none.",
        ("roles: Performance; Administrator",),
    ),
    Right(
        "see the findings: file, row, column, rule, and the child’s code",
        "Performance",
        "Lists without names are theirs; the authority’s code of a child is no name.",
        ("roles: Performance",),
    ),
    Right(
        "see what stands in a cell, and what a sentence says about a child",
        "whoever brought the files",
        "That person has the files. To colleagues a cell may tell an address, to which Performance has no right.",
        ("roles: Address",),
    ),
    Right(
        "see what was found about a restricted child by comparing with what was recorded here",
        "whoever is named on the restriction",
        "Nothing recorded here of the child shows. What the return itself says stays, so that no gap betrays the child.",
        ("roles: Restricted children",),
    ),
)


def may_load(user: Any, at: datetime) -> bool:
    """May this person bring files and decide about them?"""
    return bool(user.holds(*LOADERS, at=at))


def may_see_values(delivery: Any, user: Any) -> bool:
    """May this person see what stands in the cells of a delivery?"""
    return bool(delivery.by_id == user.pk)
