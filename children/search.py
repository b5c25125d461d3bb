"""Finding a child by any part of any name, present or former, or by a number; only among those in the person's sight."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from children.models import Child, ChildName

MOST_SHOWN = 50
MOST_COUNTED = 500
MOST_WORDS = 6
NEARLY = 0.5
"""How alike two names must be for one to be taken for the other misspelt, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: the first of them, and how many there are."""

    children: list[Child]
    number: int
    is_more: bool
    """More than were counted."""
    nearly: bool
    """Nobody has the name; these have one like it."""
    others: dict[int, list[str]]
    """The other names of those shown, by child."""


def find(words: str, user: Any, at: datetime) -> Found:
    """Children by name or number; where nobody has the name, those with a name like it."""
    words = " ".join(words.split()[:MOST_WORDS])
    seen = Child.objects.visible_to(user, at=at)
    if not words:
        return Found([], 0, False, False, {})
    found = _found(seen.named_like(words), nearly=False)
    return found if found.number else _misspelt(seen, words)


def _misspelt(seen: QuerySet[Child], words: str) -> Found:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(NEARLY)])
        return _found(seen.named_nearly_like(words), nearly=True)


def _found(matching: QuerySet[Child], *, nearly: bool) -> Found:
    number = matching.order_by()[: MOST_COUNTED + 1].count()
    children = list(matching[:MOST_SHOWN]) if number else []
    others = defaultdict(list)
    for name in ChildName.objects.filter(child__in=children).exclude(kind=ChildName.Kind.PRESENT):
        others[name.child_id].append(f"{name.get_kind_display()}: {name.name}")
    return Found(children, min(number, MOST_COUNTED), number > MOST_COUNTED, nearly, dict(others))
