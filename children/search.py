"""Finding a child by any part of any name, present or former, or by a number; only among those in the person's sight.

What is typed and what is on record are compared folded: without accents, apostrophes and capitals; a hyphen parts words.
Where nobody has every word in a name or as a number, names that sound like it are found by their trigrams.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from children.models import Child, ChildName

A_PAGE = 25
MOST_COUNTED = 500
MOST_WORDS, MOST_PIECES = 6, 8
NEARLY = 0.5
"""How alike two names must be for one to be taken for the other misspelt, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word as it was typed, for numbers; and its pieces, folded, as names are compared."""

    typed: str
    pieces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: one page of them, and how many there are."""

    children: list[Child] = field(default_factory=list)
    """Those of the page asked for."""
    number: int = 0
    is_more: bool = False
    """More than were counted."""
    nearly: bool = False
    """Nobody has the name; these have one like it."""
    found_by: dict[int, list[str]] = field(default_factory=dict)
    """By child: what it was found by, where that is not the present name."""


def find(words: str, user: Any, at: datetime, *, page: int = 1) -> Found:
    """Children by name or number; where nobody has the name, those with a name like it. Pages are counted from 1."""
    asked = read(words)
    if not asked:
        return Found()
    seen = Child.objects.visible_to(user, at=at)
    pks, nearly = _looked_for(seen, asked)
    first = (page - 1) * A_PAGE
    children = list(_in_order(Child.objects.filter(pk__in=pks), asked, nearly)[first : first + A_PAGE]) if pks else []
    is_more = len(pks) > MOST_COUNTED
    return Found(children, min(len(pks), MOST_COUNTED), is_more, nearly, _found_by(children, asked, nearly))


def _looked_for(seen: QuerySet[Child], asked: list[Word]) -> tuple[list[int], bool]:
    """Who has every word in a name or as a number; else who has a name that sounds like each.

    Numbers and names are asked for apart: either leads the database straight to the few who have it. Hardly a number is
    without a digit, so that without one names are asked for first.
    """
    have_digits = any(letter.isdigit() for word in asked for letter in word.typed)
    numbers = _numbers_among(seen, asked) if have_digits else set()
    found = _found(seen, asked, numbers)
    if not found and not have_digits:
        numbers = _numbers_among(seen, asked)
        found = _found(seen, asked, numbers) if numbers else []
    if found or not all(word.pieces or word in numbers for word in asked):
        return found, False
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(NEARLY)])
        return _first(_matching(seen, asked, numbers, nearly=True)), True


def _found(seen: QuerySet[Child], asked: list[Word], numbers: set[Word]) -> list[int]:
    is_said = all(word.pieces or word in numbers for word in asked)
    return _first(_matching(seen, asked, numbers)) if is_said else []


def _numbers_among(seen: QuerySet[Child], asked: list[Word]) -> set[Word]:
    """The words that are the number of somebody in sight."""
    rows = seen.numbered(*(word.typed for word in asked)).values_list("reference", "upn")
    known = {number.upper() for row in rows for number in row}
    return {word for word in asked if word.typed.upper() in known}


def _matching(seen: QuerySet[Child], asked: list[Word], numbers: set[Word], *, nearly: bool = False) -> QuerySet[Child]:
    found = seen
    for word in asked:
        found = found.numbered(word.typed) if word in numbers else found.named(word.pieces, nearly=nearly)
    return found


def read(words: str) -> list[Word]:
    """The words typed, each with its pieces; what would take too long to look for is left out."""
    typed = words.replace("\0", "").split()[:MOST_WORDS]
    if not typed:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(public.hearth_folded(word)) FROM unnest(%s::text[]) AS word", [typed])
        folded = cursor.fetchone()[0]
    left = MOST_PIECES
    found = []
    for word, said in zip(typed, folded, strict=True):
        pieces = tuple(said.split()[:left])
        left -= len(pieces)
        found.append(Word(word, pieces))
    return found


def _first(matching: QuerySet[Child]) -> list[int]:
    """As many as are counted, and one more to know of the rest; no child is loaded, so none is read."""
    return list(matching.order_by().values_list("pk", flat=True)[: MOST_COUNTED + 1])


def _in_order(found: QuerySet[Child], asked: Iterable[Word], nearly: bool) -> QuerySet[Child]:
    """Names that begin with what was typed first; of names that only sound like it, the likest first."""
    names = ChildName.objects.filter(child=OuterRef("pk"))
    if nearly:
        likest = names.annotate(likeness=_likeness(asked)).order_by("-likeness")
        return found.annotate(likeness=Subquery(likest.values("likeness")[:1])).order_by(
            "-likeness", *Child._meta.ordering
        )
    first = next((piece for word in asked for piece in word.pieces), "")
    begins = names.filter(Q(folded__startswith=first) | Q(folded__contains=f" {first}"))
    return found.annotate(begins=Exists(begins)).order_by("-begins", *Child._meta.ordering)


def _likeness(asked: Iterable[Word]) -> TrigramWordSimilarity:
    """How like a name is to all that was typed."""
    return TrigramWordSimilarity(" ".join(piece for word in asked for piece in word.pieces), "folded")


def _found_by(children: list[Child], asked: list[Word], nearly: bool) -> dict[int, list[str]]:
    """Of those shown, by which other name or number they were found, where the present name does not say it."""
    names: dict[int, list[ChildName]] = defaultdict(list)
    found = ChildName.objects.filter(child__in=children).order_by("pk")
    for name in found.annotate(likeness=_likeness(asked)).order_by("-likeness", "pk") if nearly else found:
        names[name.child_id].append(name)
    return {child.pk: list(_reasons(child, names[child.pk], asked, nearly)) for child in children}


def _reasons(child: Child, names: list[ChildName], asked: list[Word], nearly: bool) -> Iterable[str]:
    """`names` of those who have only a name like it begin with the likest."""
    present = [name.folded or "" for name in names if name.kind == ChildName.Kind.PRESENT]
    wanted = [word for word in asked if not any(_holds(folded, word) for folded in present)]
    holding = (name for name in names if any(_holds(name.folded or "", word) for word in wanted))
    for name in names[:1] if nearly else holding:
        if name.kind != ChildName.Kind.PRESENT:
            yield f"{name.get_kind_display()}: {name.name}"
    numbers = {word.typed.upper() for word in wanted}
    if child.reference.upper() in numbers:
        yield "Number"
    if child.upn.upper() in numbers:
        yield f"Unique pupil number: {child.upn}"


def _holds(folded: str, word: Word) -> bool:
    return bool(word.pieces) and all(piece in folded for piece in word.pieces)
