"""By the digest on a paper, the record that it seals: whether it still stands so, for whoever may see that record.

Each app says of which records it prints a digest. To whoever may not see a record it is as if there were none: the same
answer, after the same questions to the database, which are asked of a file that stands in for none as well.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from casework.documents import Mark
from casework.models import CaseFile

GROUP: Final = 8
ENOUGH: Final = 2 * GROUP
"""The first two groups name a record: nobody comes upon them by chance."""
WHOLE: Final = 64


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of the version that a digest seals."""

    title: str
    """"Case discussion 5: record of an unregulated arrangement"."""
    about: str
    """Whom it is about."""
    url: str
    """The page on which it can be read."""
    version: Any
    mark: Mark | None
    """Why nobody may act upon it; None where it stands."""
    stands: str
    """How the record stands now."""
    signatures: Sequence[dict[str, Any]] = ()
    """Who signed this version, and who has yet to: role, person, at, says."""
    unsigned: str = "Not signed yet"
    differs: Sequence[tuple[int, str, str]] = field(default=(), kw_only=True)
    """The groups that were typed otherwise: which, as typed, and as they are."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """One kind of record whose versions are sealed."""

    version: Any
    """The model of its versions."""
    file: str
    """How a version leads to its case file: "meeting__case_file"."""
    tell: Callable[[Any, Any, datetime], Told | None]
    """`tell(version, user, at)` says what a person may know of a version, by primary key."""


_kinds: dict[str, Sealed] = {}


def register(sealed: Sealed) -> None:
    """Make a kind of record known by its digests. Registering it again changes nothing."""
    _kinds[sealed.version._meta.label_lower] = sealed


def look_up(digest: str, user: Any, at: datetime) -> Told | None:
    """The record that a digest seals, of which the first two groups at least are given; None for whom there is none."""
    found: tuple[Sealed, int, int] | None = None
    for sealed in _kinds.values():
        begins_so = sealed.version.objects.filter(digest__startswith=digest[:ENOUGH])
        row = begins_so.values_list("pk", sealed.file).first()
        found = (sealed, *row) if row else found
    nobodys = CaseFile.objects.order_by("pk").values_list("pk", flat=True).first()
    file = found[2] if found else nobodys
    is_seen = CaseFile.objects.visible_to(user, at=at).filter(pk=file).exists()
    if found is None or not is_seen:
        return None
    return found[0].tell(found[1], user, at)


def groups_that_differ(typed: str, digest: str) -> list[tuple[int, str, str]]:
    """The groups of what was typed that are not those of the digest: their number from 1, as typed, and as they are."""
    cuts = range(0, len(typed), GROUP)
    pairs = [(n // GROUP + 1, typed[n : n + GROUP], digest[n : n + GROUP]) for n in cuts]
    return [(number, so, right) for number, so, right in pairs if not right.startswith(so)]
