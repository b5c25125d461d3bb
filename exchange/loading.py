"""Folders of SSDA903 files into the installation: read once, gathered by child, written in ranges of children.

Each range of children is one transaction: their records, their rows as they came, one event per child, the duties that
follow, and what the report says of them. Killed half-way, a run is taken up by loading the same folders again: rows that
are there are left out, and files are marked as loaded at the end. One import runs at a time.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TypeVar

from django.db import reset_queries, transaction
from django.utils import timezone

from accounts.models import User
from casework import diary
from casework.alone import alone
from casework.limits import local_day
from casework.models import Authority
from casework.wording import said_day
from exchange.bulk import write_changes
from exchange.findings import Finding
from exchange.joining import join
from exchange.models import ImportedPlacement, ImportRun, SourceFile, SourceRow
from exchange.report import PrintedReport, Report
from exchange.ssda903.gathering import Gathering
from exchange.ssda903.history import Mark
from exchange.ssda903.linking import about
from exchange.ssda903.reading import OnDisk, Opened, RawRow, Source, YearVotes, open_files, read_rows, said_year
from exchange.ssda903.tables import EPISODES, LINKED_TABLES, year_ended
from exchange.writing import Joined, code_as_kept, keep_row, write_events

CHILDREN_AT_ONCE = 250
ROWS_OF_CHILDREN_AT_ONCE = 20_000
ROWS_AT_ONCE = 2000
LOCK = 903
"""The kind of the locks of imports (`casework.alone`): one loads at a time, one is decided about at a time."""
LOADING, DECIDING = 0, 1
NOT_CONFIRMED = "not_confirmed"
"""The act under which it stands that a later year does not mention an open placement."""
IMPORTER = "import"
"""The user name under which an import stands in the event record; nobody signs in with it."""

R = TypeVar("R")
"""A row of a file."""


class CannotLoad(Exception):
    """Nothing was loaded; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Folder:
    """The files of one collection year, wherever they are kept."""

    name: str
    sources: Sequence[Source]

    @classmethod
    def on_disk(cls, path: Path) -> "Folder":
        """A folder of this machine."""
        return cls(path.resolve().name, [OnDisk(file) for file in path.iterdir()])


@dataclass(slots=True)
class Batch:
    """The files of one folder on their way in."""

    folder: str
    files: list[Opened]
    number: int = 0
    year: int = 0
    kept: dict[str, SourceFile] = field(default_factory=dict)
    """Each new file's record, by the file's name."""


def load(
    folders: Sequence[Path],
    *,
    authority: str,
    at: datetime,
    by: User | None = None,
    is_dry_run: bool = False,
    years: Sequence[int] = (),
) -> PrintedReport:
    """Load these folders, oldest year first. The caller closes the report.

    `years`: the collection year of each folder, where the files do not say it right. Raises CannotLoad.
    """
    for folder in folders:
        if not folder.is_dir():
            raise CannotLoad(f"There is no folder {folder}.")
    report = PrintedReport(authority=authority, is_dry_run=is_dry_run)
    try:
        load_into(report, [Folder.on_disk(folder) for folder in folders], at=at, by=by, years=years)
    except BaseException:
        report.close()
        raise
    return report


def load_into(
    report: Report,
    folders: Sequence[Folder],
    *,
    at: datetime,
    by: User | None = None,
    years: Sequence[int] = (),
    run: ImportRun | None = None,
    wait: timedelta = timedelta(0),
) -> None:
    """Load these folders, oldest year first, and tell the report. Raises CannotLoad.

    `run`: the run to go on with, which was interrupted. `wait`: how long to wait for another import to end.
    """
    with no_other_import(report, wait), Gathering() as gathering:
        _refuse_another_authority(report.authority)
        _Loading(report, gathering, at=at, by=by, run=run).load(folders, years)


@contextmanager
def no_other_import(report: Report, wait: timedelta) -> Iterator[None]:
    """Keep any other import out inside the block. Raises CannotLoad where another does not end."""
    waits = partial(report.say_how_far, 0, None, "Waiting for another import to end.")
    with alone(LOCK, LOADING, wait=wait, on_wait=waits) as is_ours:
        if not is_ours:
            raise CannotLoad("Another import is running: wait until it has ended.")
        yield


def _refuse_another_authority(code: str) -> None:
    """One installation holds one authority: the first import that loads anything says which."""
    present = Authority.objects.first()
    if present and present.code != code:
        name = f"{present.name} ({present.code})" if present.name else present.code
        raise CannotLoad(f"This installation holds the children of {name}: files of {code} cannot be loaded here.")


class _Loading:
    """One import: its folders, what is known of earlier ones, and its report."""

    def __init__(
        self, report: Report, gathering: Gathering, *, at: datetime, by: User | None, run: ImportRun | None
    ) -> None:
        self.report = report
        self.gathering = gathering
        self.at = at
        self.by = by
        self.on = local_day(at)
        self.run = run
        self.known = {file.digest: file for file in SourceFile.objects.all()}
        self.latest_year = _latest_year(file for file in self.known.values() if file.loaded_at)
        self.settled: set[str] = set()
        """The children of whom this import has settled whether the latest year confirms where they live."""
        self.files: dict[tuple[int, str], SourceFile] = {}
        self.taken_up: list[SourceFile] = []
        """Files whose loading was interrupted."""
        self.new_homes: set[str] = set()
        self.rows_read = 0

    def load(self, folders: Sequence[Folder], years: Sequence[int]) -> None:
        """Read the folders, then write range by range."""
        self.report.say_how_far(0, None, "Opening the files.")
        batches = self._open(folders, years)
        self._say_what_is_unfinished(batches)
        if not any(batch.kept for batch in batches):
            self.report.keep()
            return
        self._begin(batches)
        for batch in batches:
            self._gather(batch)
        self.report.keep()
        self._load_all_children()
        of_nobody = {"no-child": self.gathering.without_child(), "too-many-rows": self.gathering.of_too_many()}
        for code, rows in of_nobody.items():
            for stretch in _ranges(rows, ROWS_AT_ONCE):
                self._keep_without_child(stretch, code)
        self._mark_not_confirmed()
        self._end()

    # Reading

    def _open(self, folders: Sequence[Folder], years: Sequence[int]) -> list[Batch]:
        """Look at every file of the folders; the batches with something new, in the order of their years."""
        batches = [Batch(folder.name, open_files(folder.name, folder.sources)) for folder in folders]
        seen = {digest: file.name for digest, file in self.known.items() if file.loaded_at}
        for place, batch in enumerate(batches):
            if self._settle_year(batch, years[place] if place < len(years) else None):
                self._sort_out_files(batch, seen)
        batches.sort(key=lambda batch: batch.year)
        last = max((file.batch for file in self.known.values()), default=0)
        for number, batch in enumerate(batches, start=last + 1):
            taken_up = [self.known[file.digest].batch for file in batch.kept.values() if file.digest in self.known]
            batch.number = min(taken_up, default=number)
        return batches

    def _say_what_is_unfinished(self, batches: Sequence[Batch]) -> None:
        """Say which files an interrupted import left half-loaded, of those that are not taken up now."""
        taken_up = {file.digest for batch in batches for file in batch.kept.values()}
        left = [file for file in self.known.values() if file.loaded_at is None and file.digest not in taken_up]
        self.report.find(Finding("unfinished", file.name) for file in left)

    def _settle_year(self, batch: Batch, year: int | None) -> bool:
        """Find the collection year of a folder; False where nothing says it, and then nothing of it is loaded."""
        tables = [file for file in batch.files if file.table]
        if year is not None:
            found: tuple[int, str] | None = (year, "so it was said")
        else:
            found = self._year_of(tables)
        if found is None:
            for file in batch.files:
                self.report.find(file.findings)
            self.report.find([Finding("year-not-known" if tables else "no-table", batch.folder)])
            return False
        batch.year, because = found
        self.report.find([Finding("year", batch.folder, facts=(("year", said_year(batch.year)), ("because", because)))])
        return True

    def _year_of(self, files: Iterable[Opened]) -> tuple[int, str] | None:
        votes = YearVotes(on=self.on)
        known = None
        for file in files:
            known = known or self.known.get(file.digest)
            if file.table == EPISODES:
                for row in read_rows(file):
                    votes.count(EPISODES.key, row.cells)
        return votes.year() or ((known.year, f"“{known.name}” was loaded as that") if known else None)

    def _sort_out_files(self, batch: Batch, seen: dict[str, str]) -> None:
        """Tell the files to load from those that were loaded before and those that are no table."""
        for file in batch.files:
            before = seen.get(file.digest) if file.table else None
            if before is not None:
                self.report.find(_of_table(file, [Finding("read-before", file.name, facts=(("before", before),))]))
                self.report.count_file(file, year=batch.year, rows=0, is_new=False)
                continue
            self.report.find(_of_table(file, file.findings))
            if file.table:
                seen[file.digest] = file.name
                batch.kept[file.name] = self.known.get(file.digest) or SourceFile(
                    name=file.name[:300],
                    table=file.table.key,
                    year=batch.year,
                    digest=file.digest,
                    columns=list(file.headings),
                )

    def _begin(self, batches: Sequence[Batch]) -> None:
        """Write down that these files are being loaded."""
        self.latest_year = max(
            self.latest_year, _latest_year(file for batch in batches for file in batch.kept.values())
        )
        if self.report.is_dry_run:
            self._take_files(batches)
            return
        with transaction.atomic():
            Authority.objects.get_or_create(code=self.report.authority, defaults={"set_at": self.at})
            self.by = self.by or _importer()
            if self.run is None:
                self.run = ImportRun.objects.create(started_at=self.at, by=self.by)
                self.report.begin(self.run)
            self._take_files(batches)
        told = SourceRow.objects.filter(file__in=self.taken_up, file__table=EPISODES.key, file__year=self.latest_year)
        self.settled.update(told.order_by().values_list("code", flat=True).distinct())

    def _take_files(self, batches: Sequence[Batch]) -> None:
        for batch in batches:
            for name, file in batch.kept.items():
                self.files[batch.number, name] = file
                if file.pk:
                    self.taken_up.append(file)
                    continue
                file.batch, file.run = batch.number, self.run
                if self.run:
                    file.save()

    def _gather(self, batch: Batch) -> None:
        """Read the new files of a folder."""
        self.gathering.set_year(batch.number, batch.year)
        for file in batch.files:
            if file.name not in batch.kept or file.table is None:
                continue
            number, rows = self.gathering.add_file(file, batch.number), 0
            for row in read_rows(file):
                self.gathering.add(number, row)
                if row.findings:
                    child = row.cells.get("CHILD", "").strip()
                    self.report.find(replace(each, child=child) for each in _of_table(file, row.findings))
                rows += 1
                if rows % ROWS_AT_ONCE == 0:
                    self.report.say_how_far(self.rows_read + rows, None, f"Reading {file.name}.")
            self.rows_read += rows
            facts = (("rows", f"{rows:,}"), ("table", file.table.key), ("year", said_year(batch.year)))
            code = ("read" if file.table.key in LINKED_TABLES else "kept") if rows else "no-rows"
            self.report.find([Finding(code, file.name, facts=facts, table=file.table.key)])
            self.report.count_file(file, year=batch.year, rows=rows, is_new=True)

    # Writing

    def _load_all_children(self) -> None:
        number, done = self.gathering.how_many_children(), 0
        says = "Looking at the children." if self.report.is_dry_run else "Loading the children."
        for children in ranges_of_children(self.gathering.by_child()):
            self.report.say_how_far(done, number, says)
            self._load_children(dict(children))
            done += len(children)

    def _load_children(self, new: Mapping[str, list[RawRow]]) -> None:
        """One range of children, in one transaction."""
        with transaction.atomic():
            new = self._without_rows_taken(new)
            joined = join(new, self.files, at=self.at, latest_year=self.latest_year)
            made = joined.made()
            new_homes = {urn for urn, home in joined.homes.items() if home.pk is None}
            said_before = new_homes & self.new_homes
            self.new_homes |= new_homes
            if self.run:
                touched = joined.write(by=self.by, details=self._details)
                diary.refresh(touched, at=self.at, announce=False)
            self._settle(new, joined)
            self.report.find(
                found for found in joined.findings if found.code != "urn-not-listed" or found.value not in said_before
            )
            self.report.tell(joined.histories, made | {"homes": len(new_homes - said_before)})
            self.report.keep()
        # Where DEBUG is on, Django would remember every statement with its rows.
        reset_queries()

    def _settle(self, new: Mapping[str, list[RawRow]], joined: Joined) -> None:
        for code, rows in new.items():
            if any(row.table == EPISODES.key and row.year == self.latest_year for row in rows):
                self.settled.add(code)
        for history in joined.histories:
            if any(placement.not_confirmed_since for placement in history.placements):
                self.settled.add(history.child)

    @property
    def _details(self) -> dict[str, object]:
        years = sorted({file.year for file in self.files.values()})
        return {"run": self.run.pk if self.run else None, "years": years}

    def _without_rows_taken(self, new: Mapping[str, list[RawRow]]) -> dict[str, list[RawRow]]:
        """Leave out the rows that an interrupted import has written already."""
        if not self.taken_up:
            return dict(new)
        kept = SourceRow.objects.filter(file__in=self.taken_up, code__in=map(code_as_kept, new))
        taken = set(kept.values_list("file", "row"))
        left = {
            code: [row for row in rows if (self.files[row.batch, row.file].pk, row.row) not in taken]
            for code, rows in new.items()
        }
        return {code: rows for code, rows in left.items() if rows}

    def _keep_without_child(self, rows: Sequence[RawRow], code: str) -> None:
        """Keep rows that do not say which child they are about, or that can be no child's: under no code."""
        with transaction.atomic():
            rows = self._without_rows_taken({"": list(rows)}).get("", [])
            findings = [about(row, code, "CHILD") for row in rows]
            if self.run:
                kept = [
                    keep_row(row, self.files[row.batch, row.file], Mark.REFUSED, finding.reason)
                    for row, finding in zip(rows, findings, strict=True)
                ]
                for row in kept:
                    row.code = ""
                SourceRow.objects.bulk_create(kept)
            self.report.find(findings)
            self.report.tell([], {"rows kept": len(rows)})
            self.report.keep()

    def _mark_not_confirmed(self) -> None:
        """Mark the open placements of children of whom the latest year's files tell no episode."""
        files = dict(SourceFile.objects.filter(table=EPISODES.key).order_by("pk").values_list("year", "name"))
        latest = SourceRow.objects.filter(file__table=EPISODES.key, file__year=self.latest_year)
        last = 0
        while True:
            with transaction.atomic():
                found = list(
                    ImportedPlacement.objects.filter(
                        pk__gt=last,
                        year__lt=self.latest_year,
                        ended_on__isnull=True,
                        placement__ended_at__isnull=True,
                        placement__not_confirmed_since__isnull=True,
                    )
                    .exclude(placement__child__in=latest.filter(child__isnull=False).values("child"))
                    .select_related("placement__child__case_file")
                    .select_for_update(of=("self", "placement__child__case_file"))
                    .order_by("pk")[:CHILDREN_AT_ONCE]
                )
                if not found:
                    return
                last = found[-1].pk
                absent = [imported for imported in found if imported.placement.child.reference not in self.settled]
                if absent:
                    self._mark(absent, files)

    def _mark(self, found: Sequence[ImportedPlacement], files: Mapping[int, str]) -> None:
        for imported in found:
            since = year_ended(imported.year)
            imported.placement.not_confirmed_since = since
            facts = (("year", said_year(imported.year)), ("since", said_day(since)))
            child = imported.placement.child.reference
            file = files.get(imported.year, "")
            self.report.find(
                [Finding("not-confirmed", file, None, "CHILD", child, facts, table=EPISODES.key, child=child)]
            )
        if self.run:
            placements = [imported.placement for imported in found]
            write_changes(placements, "not_confirmed_since")
            touched = [(placement.child.case_file, placement) for placement in placements]
            write_events(touched, act=NOT_CONFIRMED, by=self.by, at=self.at, details=self._details)
        self.report.tell([], {"placements not confirmed": len(found)})
        self.report.keep()

    def _end(self) -> None:
        """Write down that the files are loaded, and what came of it."""
        if self.run is None:
            return
        with transaction.atomic():
            SourceFile.objects.filter(pk__in=[file.pk for file in self.files.values()]).update(loaded_at=timezone.now())
            self.run.finished_at = timezone.now()
            self.run.outcome = self.report.summary()
            self.run.save()


def _of_table(file: Opened, findings: Iterable[Finding]) -> Iterator[Finding]:
    """The same findings, each with the table that the file is."""
    return (replace(finding, table=file.table.key if file.table else "") for finding in findings)


def _latest_year(files: Iterable[SourceFile]) -> int:
    """The latest collection year of which there are Episodes; 0 where there are none."""
    return max((file.year for file in files if file.table == EPISODES.key), default=0)


def _importer() -> User:
    """The user under whose name imports stand where nobody else is named; nobody can sign in as it."""
    importer, is_new = User.objects.get_or_create(
        username=IMPORTER, defaults={"first_name": "Import", "last_name": "of files", "is_active": False}
    )
    if is_new:
        importer.set_unusable_password()
        importer.save()
    return importer


def ranges_of_children(children: Iterable[tuple[str, list[R]]]) -> Iterator[list[tuple[str, list[R]]]]:
    """Children with their rows: so many children at once, and fewer where they have many rows."""
    part, rows = [], 0
    for child in children:
        part.append(child)
        rows += len(child[1])
        if len(part) >= CHILDREN_AT_ONCE or rows >= ROWS_OF_CHILDREN_AT_ONCE:
            yield part
            part, rows = [], 0
    if part:
        yield part


def _ranges(items: Iterable, size: int) -> Iterator[list]:
    items = iter(items)
    while part := list(islice(items, size)):
        yield part
