"""Files of visits into the installation: read once, gathered by child, written in ranges of children.

Each range of children is one transaction: their visits, one event per child, the duties that follow, and what the report
says of them. A load that was interrupted finds what it wrote before, and goes on. Who made a visit no file says: it counts
as a social worker's.

Duties of the past are worked out as they were, late ones and missed ones, and nobody is alarmed about them: a duty that was
over long ago asks nobody to do anything. From when on no visit is missing, whoever brings the files may say; it is taken
over for the children of the files, unless a row of theirs may be a visit that could not be read.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import reset_queries, transaction
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from casework import diary
from casework.limits import local_day
from casework.models import CaseFile
from casework.wording import said_day
from children.models import Child
from exchange.bulk import write_changes
from exchange.findings import Finding
from exchange.loading import ROWS_AT_ONCE, Folder, no_other_import, ranges_of_children
from exchange.models import ImportRun
from exchange.report import Report
from exchange.ssd.gathering import Heap
from exchange.ssd.layout import LONGEST_ID, PERSON_ID, VISITS
from exchange.ssd.linking import Linked, Lived, OnRecord, Row, link
from exchange.ssda903.reading import Opened, open_file, read_rows
from exchange.writing import write_events_of_each
from placements.models import Placement
from visits.models import Visit

LOAD_VISITS = "load_visits"
"""The act under which visits that were brought stand in the event record."""

Rows = Mapping[str, Sequence[Row]]


def load_visits(
    report: Report,
    folders: Iterable[Folder],
    *,
    at: datetime,
    by: User | None,
    since: date | None,
    run: ImportRun | None = None,
    wait: timedelta = timedelta(0),
) -> None:
    """Load the visits of these files, and tell the report. Raises CannotLoad where another import does not end.

    `since`: the day from which on the files hold every visit. `run`: the run to go on with, which was interrupted.
    """
    with no_other_import(report, wait), Heap() as heap:
        _Loading(report, heap, at=at, by=by, since=since, run=run).load(folders)


class _Loading:
    """Files of visits on their way in."""

    def __init__(
        self, report: Report, heap: Heap, *, at: datetime, by: User | None, since: date | None, run: ImportRun | None
    ) -> None:
        self.report = report
        self.heap = heap
        self.by = by
        self.since = since
        self.run = run
        self.at = run.started_at if run else at

    def load(self, folders: Iterable[Folder]) -> None:
        """Read all of it, then look at child after child."""
        files = list(self._read(folders))
        if not self.report.is_dry_run and self.run is None:
            with transaction.atomic():
                self.run = ImportRun.objects.create(started_at=self.at, by=self.by)
                self.report.begin(self.run)
        self.report.keep()
        self._load_children()
        for code, rows in {"no-child": self.heap.without_child(), "too-many-rows": self.heap.of_too_many()}.items():
            self.report.find(row.found(code, PERSON_ID) for row in rows)
        for file, rows in files:
            self.report.count_file(file, year=0, rows=rows, is_new=bool(self.report.made.total()))
        self.report.keep()
        if self.run:
            self.run.finished_at, self.run.outcome = timezone.now(), self.report.summary()
            self.run.save()

    # Reading

    def _read(self, folders: Iterable[Folder]) -> Iterator[tuple[Opened, int]]:
        """Every file that is a table of visits, with the number of its rows."""
        read = 0
        for folder in folders:
            for source in folder.sources:
                file = open_file(source, name=f"{folder.name}/{source.name}", tables=(VISITS,))
                self.report.find(map(_of_visits, file.findings))
                if file.table is None:
                    continue
                rows = 0
                for row in read_rows(file):
                    rows, read = rows + 1, read + 1
                    self.report.find(replace(each, table=VISITS.key) for each in row.findings)
                    if row.cells:
                        self.heap.add(file.name, row)
                    if read % ROWS_AT_ONCE == 0:
                        self.report.say_how_far(read, None, f"Reading {file.name}.")
                facts = (("rows", f"{rows:,}"), ("table", VISITS.key))
                self.report.find(
                    [Finding("visits-read" if rows else "no-rows", file.name, facts=facts, table=VISITS.key)]
                )
                yield file, rows

    # Writing

    def _load_children(self) -> None:
        number, done = self.heap.how_many_children(), 0
        says = "Looking at the visits." if self.report.is_dry_run else "Loading the visits."
        for rows in map(dict, ranges_of_children(self.heap.by_child())):
            self.report.say_how_far(done, number, says)
            with transaction.atomic():
                self._load_range(rows)
                self.report.keep()
            done += len(rows)
            # Where DEBUG is on, Django would remember every statement with its rows.
            reset_queries()

    def _load_range(self, rows: Rows) -> None:
        children = _children(rows)
        lived, by_hand, known = _lived(children), _recorded_here(children), self._known(rows)
        linked: dict[Child, Linked] = {}
        for number, told in rows.items():
            child = children.get(number)
            if child is None:
                self.report.find(row.found("unknown-child", PERSON_ID) for row in told)
                continue
            pk = child.pk
            found = link(told, child=pk, lived=lived[pk], recorded=by_hand[pk], known=known, at=self.at)
            self.report.find(found.findings)
            linked[child] = found
        whole = [child for child in linked if self._has_every_visit(child, linked[child], rows)]
        self.report.counts.children += len(linked)
        self.report.tell([], {"visits": sum(len(each.visits) for each in linked.values()), "every visit": len(whole)})
        if self.run:
            self._write(linked, whole)

    def _known(self, rows: Rows) -> dict[str, OnRecord]:
        """The visits on record under the numbers of the rows: as they were brought, or as Hearth itself numbers them."""
        numbers = {row.visit_id for told in rows.values() for row in told if len(row.visit_id) <= LONGEST_ID}
        keys = [key for number in numbers if (key := _as_key(number))]
        # Without the second condition the database would not see that its index of brought visits will do.
        brought = Visit.with_struck_out.filter(brought_as__in=numbers).exclude(brought_as="")
        known = dict(self._on_record(brought, "brought_as"))
        for key, visit in self._on_record(Visit.with_struck_out.filter(key__in=keys), "key"):
            known.setdefault(str(key), visit)
        return known

    def _on_record(self, visits: Any, number: str) -> Iterator[tuple[str, OnRecord]]:
        told = visits.order_by().values_list(
            number, "placement__child", "made_at", "child_seen", "seen_alone", "struck_out", "brought_as", "recorded_at"
        )
        for found, *facts, brought_as, recorded_at in told:
            yield found, OnRecord(*facts, is_of_this_load=bool(self.run and brought_as and recorded_at == self.at))

    def _has_every_visit(self, child: Child, linked: Linked, rows: Rows) -> bool:
        """Do the files change from when on no visit to this child is missing?"""
        loaded_on = child.case_file.known_from and local_day(child.case_file.known_from)
        known_since = min((day for day in (loaded_on, child.visits_known_from) if day), default=None)
        if self.since is None or known_since is None or known_since <= self.since:
            return False
        if not linked.is_whole:
            self.report.find([rows[child.reference][0].found("not-every-visit", PERSON_ID)])
        return linked.is_whole

    def _write(self, linked: Mapping[Child, Linked], whole: Sequence[Child]) -> None:
        Visit.objects.bulk_create(
            [
                Visit(
                    placement_id=told.placement,
                    role=Role.SOCIAL_WORKER,
                    made_at=told.made_at,
                    recorded_at=self.at,
                    child_seen=told.seen,
                    seen_alone=told.alone,
                    account=told.says,
                    key=uuid.uuid4(),
                    brought_as=told.visit_id,
                )
                for each in linked.values()
                for told in each.visits
            ],
            batch_size=2000,
        )
        for child in whole:
            child.visits_known_from = self.since
        write_changes(whole, "visits_known_from")
        self._write_events(linked, set(whole))
        touched = [child.case_file_id for child in linked if linked[child].visits or child in whole]
        diary.refresh(touched, at=self.at, announce=False)

    def _write_events(self, linked: Mapping[Child, Linked], whole: set[Child]) -> None:
        """One event per child, with how many visits came, and from when on they are all of them."""
        told = []
        for child, each in linked.items():
            if each.visits or child in whole:
                since = {"since": said_day(self.since)} if child in whole and self.since else {}
                details = {"run": self.run.pk if self.run else None, "visits": len(each.visits), **since}
                told.append((child.case_file, child, details))
        write_events_of_each(told, act=LOAD_VISITS, by=self.by, at=self.at)


# What is on record


def _children(rows: Rows) -> dict[str, Child]:
    """The children of the rows, by their numbers, under the locks of their files."""
    found = Child.objects.filter(reference__in=list(rows)).select_related("case_file")
    files = CaseFile.objects.filter(pk__in=list(found.values_list("case_file", flat=True).order_by()))
    list(files.select_for_update().order_by("pk").values_list("pk"))
    return {child.reference: child for child in found}


def _lived(children: Mapping[str, Child]) -> dict[int, list[Lived]]:
    lived: dict[int, list[Lived]] = defaultdict(list)
    placements = Placement.objects.filter(child__in=children.values()).order_by("started_at")
    for child, *told in placements.values_list("child", "pk", "started_at", "ended_at"):
        lived[child].append(Lived(*told))
    return lived


def _recorded_here(children: Mapping[str, Child]) -> dict[int, list[OnRecord]]:
    """The visits that were recorded by hand."""
    recorded: dict[int, list[OnRecord]] = defaultdict(list)
    visits = Visit.objects.filter(placement__child__in=children.values(), brought_as="").order_by()
    for told in visits.values_list("placement__child", "made_at", "child_seen", "seen_alone"):
        recorded[told[0]].append(OnRecord(*told))
    return recorded


def _as_key(number: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(number)
    except ValueError:
        return None


def _of_visits(finding: Finding) -> Finding:
    """What is found of a file, where the file should be a table of visits."""
    return replace(finding, code="not-visits") if finding.code == "not-a-table" else finding
