"""The rows of one child, told as visits and joined to what is on record. Pure: facts in, visits and findings out.

What refuses a row is asked in this order, and the first that applies is said: a cell that runs over several lines, the
visit's number, missing or there twice, the day, the flags, the number on record, where the child lived, and whether
somebody recorded the visit by hand.
Nothing on record is ever changed by a row.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Final

from casework.limits import LONDON, local_day
from exchange.findings import Finding
from exchange.ssd.cells import When, plain, read_when, read_yes_or_no
from exchange.ssd.layout import LONGEST_ID, PERSON_ID, SEEN, SEEN_ALONE, VISIT_DATE, VISIT_ID, VISITS

NOON: Final = time(12)
A_MINUTE: Final = timedelta(minutes=1)
COULD_HAVE_COUNTED: Final = frozenset(
    {
        "runs-on",
        "no-visit-id",
        "long-visit-id",
        "visit-id-twice",
        "no-visit-day",
        "not-a-visit-day",
        "day-as-number",
        "visit-later",
        "alone-not-seen",
        "visit-of-another",
        "seen-not-said",
        "not-a-yes-or-no",
    }
)
"""What is found of rows that may be visits which met a duty: nobody is said to have missed one on their strength."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it came."""

    file: str
    row: int
    cells: Mapping[str, str]
    first: tuple[str, int] | None = None
    """Where the same number stands before, in which file and row; None where this is the first."""
    is_as_first: bool = False
    """Is it, cell by cell, the same as that one?"""

    @property
    def visit_id(self) -> str:
        """The visit's number, without the blanks around it."""
        return plain(self.cells.get(VISIT_ID, ""))

    @property
    def person(self) -> str:
        """The child's number."""
        return plain(self.cells.get(PERSON_ID, ""))

    def found(self, code: str, column: str = "", /, **facts: str) -> Finding:
        """The finding that a reason's code makes of it, or of its cell in a column."""
        told = tuple(facts.items())
        cell = self.cells.get(column, "")
        return Finding(code, self.file, self.row, column.lower(), cell, told, VISITS.key, self.person)


@dataclass(frozen=True, slots=True)
class Lived:
    """Where the child lived for a time: a placement on record, its end exclusive."""

    placement: int
    from_at: datetime
    to_at: datetime | None


@dataclass(frozen=True, slots=True)
class OnRecord:
    """A visit on record."""

    child: int
    made_at: datetime
    seen: bool
    alone: bool
    is_struck_out: bool = False
    is_of_this_load: bool = False
    """Was it loaded by the load that goes on now, before it was interrupted?"""


@dataclass(frozen=True, slots=True)
class Told:
    """A visit that a row tells."""

    visit_id: str
    placement: int
    made_at: datetime
    seen: bool
    alone: bool
    says: str
    """What the row has in words, where a flag is no flag."""


@dataclass(slots=True)
class Linked:
    """What became of the rows of one child."""

    visits: list[Told] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    is_whole: bool = True
    """Does every row say clearly whether it is a visit that counts?"""


def link(
    rows: Iterable[Row],
    *,
    child: int,
    lived: Sequence[Lived],
    recorded: Sequence[OnRecord],
    known: Mapping[str, OnRecord],
    at: datetime,
) -> Linked:
    """What the rows of a child come to.

    `recorded`: the child's visits that were recorded by hand. `known`: any visits on record, by the rows' numbers.
    """
    linked = Linked()
    for row in rows:
        seen, alone = (read_yes_or_no(plain(row.cells.get(name, ""))) for name in (SEEN, SEEN_ALONE))
        when, wrong = read_when(plain(row.cells.get(VISIT_DATE, "")), on=local_day(at))
        found = _wrong_with_number(row) or _wrong_with_time(row, when, wrong, at)
        if not found and alone and not seen:
            found = row.found("alone-not-seen", SEEN_ALONE)
        before = known.get(row.visit_id)
        if not found and before:
            if before.is_of_this_load and before.child == child:
                linked.findings += _about_flags(row, seen, alone)
                continue
            found = _about_known(row, before, child, when, seen=bool(seen), alone=bool(alone))
        place = None if found or when is None else _where(lived, when, at)
        if not found and place is None:
            found = row.found("no-placement-then", VISIT_DATE)
        if not found and place and when and _is_recorded(recorded, place[1], when):
            found = row.found("visit-recorded-here", VISIT_DATE)
        if found or place is None:
            linked.findings += [found] if found else []
        else:
            linked.findings += _about_flags(row, seen, alone)
            says = _in_words(row, seen, alone)
            linked.visits.append(Told(row.visit_id, *place, bool(seen), bool(alone), says))
    linked.is_whole = not any(finding.code in COULD_HAVE_COUNTED for finding in linked.findings)
    return linked


# What refuses a row


def _wrong_with_number(row: Row) -> Finding | None:
    for name in VISITS.names:
        if "\n" in row.cells.get(name, ""):
            return row.found("runs-on", name)
    if not row.visit_id:
        return row.found("no-visit-id", VISIT_ID)
    if len(row.visit_id) > LONGEST_ID:
        return row.found("long-visit-id", VISIT_ID)
    if row.first:
        file, number = row.first
        code = "repeated" if row.is_as_first else "visit-id-twice"
        return row.found(code, VISIT_ID, row=str(number), file=file.rpartition("/")[2])
    return None


def _wrong_with_time(row: Row, when: When | None, wrong: str | None, at: datetime) -> Finding | None:
    if wrong:
        return row.found(wrong, VISIT_DATE)
    if when and (when.at > at if when.at else when.day > local_day(at)):
        return row.found("visit-later", VISIT_DATE)
    return None


def _about_known(row: Row, before: OnRecord, child: int, when: When | None, *, seen: bool, alone: bool) -> Finding:
    if before.child != child:
        return row.found("visit-of-another", VISIT_ID)
    if before.is_struck_out:
        return row.found("visit-struck-out", VISIT_ID)
    as_then = when is not None and _is_then(before.made_at, when)
    for same, column, what in (
        (as_then, VISIT_DATE, "time"),
        (before.seen == seen, SEEN, "answer to whether the child was seen"),
        (before.alone == alone, SEEN_ALONE, "answer to whether the child was seen alone"),
    ):
        if not same:
            return row.found("visit-differs", column, what=what)
    return row.found("visit-known", VISIT_ID)


def _is_recorded(visits: Iterable[OnRecord], made_at: datetime, when: When) -> bool:
    """Did somebody record a visit by hand at this time, or where only the day is told, on this day?"""
    return any(
        visit.made_at.replace(second=0, microsecond=0) == made_at.replace(second=0, microsecond=0)
        if when.at
        else local_day(visit.made_at) == when.day
        for visit in visits
    )


def _is_then(made_at: datetime, when: When) -> bool:
    return abs(made_at - when.at) < A_MINUTE if when.at else local_day(made_at) == when.day


# Where the child lived


def _where(lived: Iterable[Lived], when: When, at: datetime) -> tuple[int, datetime] | None:
    """The placement in force when the visit was made, and the moment; None where there was none.

    Times are told to the minute: a visit in the minute in which a placement began was made when it had begun. Of a day
    alone it is noon, or the moment at which the placement began if that was later that day.
    """
    if when.at:
        return _at(lived, when.at)
    noon = min(datetime.combine(when.day, NOON, tzinfo=LONDON), at)
    later = [each.from_at for each in lived if each.from_at > noon and local_day(each.from_at) == when.day]
    return _at(lived, noon) or (_at(lived, min(later)) if later else None) or _before_noon(lived, when)


def _at(lived: Iterable[Lived], moment: datetime) -> tuple[int, datetime] | None:
    holding = [each for each in lived if each.from_at - A_MINUTE < moment and (not each.to_at or moment < each.to_at)]
    exact = [each for each in holding if each.from_at <= moment]
    for each in exact or holding:
        return each.placement, max(moment, each.from_at)
    return None


def _before_noon(lived: Iterable[Lived], when: When) -> tuple[int, datetime] | None:
    """Of a day alone, where the child left before noon: the last placement of the morning, when it ended."""
    ended = [each for each in lived if each.to_at and local_day(each.to_at - A_MINUTE) == when.day]
    last = max(ended, key=lambda each: each.from_at, default=None)
    return (last.placement, max(last.from_at, last.to_at - A_MINUTE)) if last and last.to_at else None


# Flags


def _about_flags(row: Row, seen: bool | None, alone: bool | None) -> Iterable[Finding]:
    if seen is None and not plain(row.cells.get(SEEN, "")):
        yield row.found("seen-not-said", SEEN)
    for name, value in ((SEEN, seen), (SEEN_ALONE, alone)):
        if value is None and plain(row.cells.get(name, "")):
            yield row.found("not-a-yes-or-no", name)


def _in_words(row: Row, seen: bool | None, alone: bool | None) -> str:
    """What the visit keeps of flags that are none."""
    sentences = []
    for name, value, what in ((SEEN, seen, "seen"), (SEEN_ALONE, alone, "seen alone")):
        cell = plain(row.cells.get(name, ""))
        if value is None and cell:
            sentences.append(f"The former system has “{cell}” for whether the child was {what}.")
        elif value is None and (name == SEEN or seen):
            sentences.append(f"The former system does not say whether the child was {what}.")
    return " ".join(sentences)
