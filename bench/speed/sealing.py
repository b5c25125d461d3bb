"""What a copy cannot take over from its original, because a digest covers whose it is: the events and the sealed records."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy as copied
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from accounts.models import User
from casework.events import digest_of
from casework.models import Event
from casework.versions import Version
from children.models import Child

ROWS_AT_ONCE = 20_000
EVENT_COLUMNS = (
    *("id", "case_file_id", "number", "act", "record", "from_state", "to_state", "by_id", "at", "recorded_at"),
    *("because", "details", "previous_digest", "digest"),
)


@dataclass(slots=True)
class Link:
    """One event of a copy, as its digest reads it."""

    case_file_id: int
    number: int
    act: str
    record: str
    from_state: str
    to_state: str
    by_id: int
    at: datetime
    recorded_at: datetime
    because: str
    details: dict[str, Any]
    previous_digest: str


@dataclass(frozen=True, slots=True)
class Copy:
    """Where a copy stands: its number, its block and its group of areas."""

    n: int
    block: int
    area: int


class Shifts:
    """The keys of the same people and records in a copy."""

    def __init__(self, span: int, people: Mapping[str, Sequence[int]], with_block: Iterable[str]):
        self.span = span
        self.of_block, self.of_area = frozenset(people["of_block"]), frozenset(people["of_area"])
        self.with_block = frozenset(with_block)

    def person(self, pk: int, copy: Copy) -> int:
        """Who is in the copy what this person is in the district."""
        shift = copy.block if pk in self.of_block else copy.area if pk in self.of_area else 0
        return pk + self.span * shift

    def label(self, label: str, copy: Copy) -> str:
        """The same record of the copy."""
        kind, _, number = label.partition(":")
        return f"{kind}:{int(number) + self.span * (copy.block if kind in self.with_block else copy.n)}"


def seal_events(cursor: Any, span: int, people: Mapping[str, Sequence[int]], with_block: Iterable[str]) -> None:
    """Write the chain of every copy's file, each event with its own digest; and the heads into the table `heads`."""
    shifts = Shifts(span, people, with_block)
    heads: list[tuple[int, int, str]] = []
    _copy(cursor, "casework_event", EVENT_COLUMNS, _events(cursor, shifts, heads))
    _copy(cursor, "heads", ("file", "number", "digest"), heads)


def _events(cursor: Any, shifts: Shifts, heads: list[tuple[int, int, str]]) -> Iterator[tuple[Any, ...]]:
    of_children, of_homes = _copies(cursor)
    whose = dict(Child.objects.values_list("case_file", "pk"))
    for file, chain in groupby(Event.objects.order_by("case_file_id", "number"), key=attrgetter("case_file_id")):
        events = list(chain)
        for copy in of_children.get(whose[file], ()) if file in whose else of_homes:
            digest = ""
            for event in events:
                link = _link(event, shifts, copy, digest)
                digest = digest_of(link)  # type: ignore[arg-type]
                yield _row(event.pk + shifts.span * copy.n, link, digest)
            heads.append((link.case_file_id, link.number, digest))


def _copies(cursor: Any) -> tuple[dict[int, list[Copy]], list[Copy]]:
    """By child, its copies; and those of the homes, one for each block."""
    of_children: dict[int, list[Copy]] = {}
    cursor.execute("SELECT child, n, block, area FROM copies ORDER BY child, n")
    for child, *where in cursor.fetchall():
        of_children.setdefault(child, []).append(Copy(*where))
    cursor.execute("SELECT n, block, area FROM blocks ORDER BY n")
    return of_children, [Copy(*where) for where in cursor.fetchall()]


def _link(event: Event, shifts: Shifts, copy: Copy, previous: str) -> Link:
    return Link(
        case_file_id=event.case_file_id + shifts.span * copy.n,
        number=event.number,
        act=event.act,
        record=shifts.label(event.record, copy),
        from_state=event.from_state,
        to_state=event.to_state,
        by_id=shifts.person(event.by_id, copy),
        at=event.at,
        recorded_at=event.recorded_at,
        because=event.because,
        details=event.details,
        previous_digest=previous,
    )


def _row(pk: int, link: Link, digest: str) -> tuple[Any, ...]:
    said = (link.act, link.record, link.from_state, link.to_state, link.by_id, link.at, link.recorded_at, link.because)
    return (pk, link.case_file_id, link.number, *said, json.dumps(link.details), link.previous_digest, digest)


def seal_versions(
    cursor: Any, versions: type[Version], whose: Mapping[int, int], span: int, people: Mapping[str, Sequence[int]]
) -> None:
    """Write every copied version of a record, sealed as its own; `whose` says by version which child it is about."""
    shifts = Shifts(span, people, ())
    of_children, _ = _copies(cursor)
    columns = versions._meta.concrete_fields
    rows = (
        [_as_csv(getattr(of_copy, column.attname)) for column in columns]
        for version in versions._default_manager.all()
        for copy in of_children.get(whose[version.pk], ())
        for of_copy in [_version(version, columns, shifts, copy)]
    )
    _copy(cursor, versions._meta.db_table, [column.column for column in columns], rows)


def _version(version: Version, columns: Sequence[Any], shifts: Shifts, copy: Copy) -> Version:
    """The version of a copy: keys shifted, everything else as it was, and a digest of its own."""
    of_copy = copied(version)
    for column in columns:
        key = getattr(version, column.attname)
        if column.related_model is User:
            setattr(of_copy, column.attname, shifts.person(key, copy))
        elif column.primary_key or column.is_relation:
            setattr(of_copy, column.attname, key + shifts.span * copy.n)
    of_copy.digest = of_copy.seal()
    return of_copy


def _as_csv(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict) else value


def _copy(cursor: Any, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """COPY rows into a table, some at a time."""
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN WITH (FORMAT csv, NULL '\\N')"
    text = io.StringIO()
    writer = csv.writer(text)
    for number, row in enumerate(rows, start=1):
        writer.writerow(row)
        if number % ROWS_AT_ONCE == 0:
            _send(cursor, statement, text)
    _send(cursor, statement, text)


def _send(cursor: Any, statement: str, text: io.StringIO) -> None:
    text.seek(0)
    cursor.copy_expert(statement, text)
    text.seek(0)
    text.truncate()
