"""What to write about some children of the files, and writing it: a statement per table, however many rows.

Nothing here decides anything; `joining` does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Model

from accounts.models import User
from casework import events
from casework.models import CaseFile, Event
from children.models import CarePeriod, Child, LegalStatus, LookedAfterReview
from exchange.bulk import write_changes
from exchange.findings import Finding
from exchange.models import ImportedPlacement, SourceFile, SourceRow
from exchange.ssda903.history import ChildHistory, Mark
from exchange.ssda903.reading import RawRow
from placements.models import Home, Placement

LOAD_RETURN = "load_return"
"""The act under which an import stands in the event record."""
LONGEST_CODE = 100
AS_LAST_TOLD = (
    "started_on",
    "ended_on",
    "setting",
    "why_ended",
    "place",
    "provider",
    "postcode",
    "home_postcode",
    "urn",
    "stays",
    "year",
)


@dataclass(slots=True)
class Joined:
    """What to write about some children, and what was found."""

    at: datetime
    case_files: list[CaseFile] = field(default_factory=list)
    changed_files: list[CaseFile] = field(default_factory=list)
    children: list[Child] = field(default_factory=list)
    changed_children: list[Child] = field(default_factory=list)
    with_visits_missing: list[Child] = field(default_factory=list)
    homes: dict[str, Home] = field(default_factory=dict)
    """The homes of placements by their number; those not saved yet are new."""
    not_listed: dict[str, Finding] = field(default_factory=dict)
    """Of each number what to say if no home on record has it."""
    care: list[CarePeriod] = field(default_factory=list)
    changed_care: list[CarePeriod] = field(default_factory=list)
    legal: list[LegalStatus] = field(default_factory=list)
    changed_legal: list[LegalStatus] = field(default_factory=list)
    reviews: list[LookedAfterReview] = field(default_factory=list)
    changed_reviews: list[LookedAfterReview] = field(default_factory=list)
    placements: list[ImportedPlacement] = field(default_factory=list)
    changed_placements: list[ImportedPlacement] = field(default_factory=list)
    spans_before: dict[int, tuple[datetime, datetime | None]] = field(default_factory=dict)
    """Of each changed placement, from when to when it stood before."""
    rows: list[SourceRow] = field(default_factory=list)
    touched: dict[str, Child] = field(default_factory=dict)
    """Each child of whom new rows tell something, by the authority's number."""
    histories: list[ChildHistory] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def made(self) -> dict[str, int]:
        """How many records of each kind are new, and how many changed."""
        return {
            "children": len(self.children),
            "children changed": len(self.changed_children),
            "homes": sum(home.pk is None for home in self.homes.values()),
            "periods of care": len(self.care),
            "periods of care changed": len(self.changed_care),
            "legal statuses": len(self.legal),
            "legal statuses changed": len(self.changed_legal),
            "reviews": len(self.reviews),
            "reviews changed": len(self.changed_reviews),
            "placements": len(self.placements),
            "placements changed": len(self.changed_placements),
            "rows kept": len(self.rows),
        }

    def write(self, *, by: User, details: Mapping[str, object]) -> list[int]:
        """Write all of it, with one event per child and new home. Gives the case files that need a look.

        In the order in which records point at each other; what shrinks before what grows, so that no two placements of
        a child and no two open periods of care meet on the way.
        """
        new_homes = [home for home in self.homes.values() if home.pk is None]
        CaseFile.objects.bulk_create([*(home.case_file for home in new_homes), *self.case_files])
        Home.objects.bulk_create(new_homes)
        Child.objects.bulk_create(self.children)
        write_changes(self.changed_files, "known_from")
        write_changes(self.changed_children, "sex", "ethnicity", "upn")
        write_changes(self.with_visits_missing, "visits_known_from")
        self._write_care()
        write_changes(self.changed_legal, "code", "from_on")
        LegalStatus.objects.bulk_create(self.legal)
        LookedAfterReview.objects.bulk_create(self.reviews)
        write_changes(self.changed_reviews, "participation")
        self._write_placements()
        SourceRow.objects.bulk_create(self.rows, batch_size=2000)
        records = [*new_homes, *self.touched.values()]
        write_events(
            [(record.case_file, record) for record in records], act=LOAD_RETURN, by=by, at=self.at, details=details
        )
        return [record.case_file_id for record in records]

    def _write_care(self) -> None:
        for closed in (True, False):
            periods = [period for period in self.changed_care if (period.ended_on is not None) == closed]
            write_changes(periods, "started_on", "ended_on", "how_ended")
        CarePeriod.objects.bulk_create(self.care)

    def _write_placements(self) -> None:
        final = {imported.placement.pk: imported.placement for imported in self.changed_placements}
        shrunk = []
        for pk, (started_at, ended_at) in self.spans_before.items():
            placement = final[pk]
            until = min((end for end in (ended_at, placement.ended_at) if end), default=None)
            shrunk.append(Placement(pk=pk, started_at=max(started_at, placement.started_at), ended_at=until))
        write_changes(shrunk, "started_at", "ended_at")
        write_changes(
            list(final.values()),
            "setting",
            "home",
            "started_at",
            "ended_at",
            "why_ended",
            "approval_recorded",
            "source_code",
            "source_provider_code",
            "source_postcode",
            "not_confirmed_since",
        )
        Placement.objects.bulk_create([imported.placement for imported in self.placements])
        ImportedPlacement.objects.bulk_create(self.placements)
        write_changes(self.changed_placements, *AS_LAST_TOLD)


def write_events(
    records: Sequence[tuple[CaseFile, Model]], *, act: str, by: User, at: datetime, details: Mapping[str, object]
) -> None:
    """One event per record, given with its case file; the caller holds the locks of those that are not new."""
    write_events_of_each([(file, record, details) for file, record in records], act=act, by=by, at=at)


def write_events_of_each(
    records: Sequence[tuple[CaseFile, Model, Mapping[str, object]]], *, act: str, by: User, at: datetime
) -> None:
    """One event per record, each with details of its own."""
    written = [
        events.append(file, act=act, record=record, by=by, at=at, details=told) for file, record, told in records
    ]
    Event.objects.bulk_create(written, batch_size=2000)
    write_changes([file for file, _, _ in records], "last_number", "last_digest")


def keep_row(row: RawRow, file: SourceFile, mark: Mark, because: str, child: Child | None = None) -> SourceRow:
    """A row as it is kept."""
    code = code_as_kept(row.child)
    return SourceRow(
        file=file, row=row.row, cells=list(row.cells.values()), code=code, child=child, mark=mark, because=because
    )


def code_as_kept(code: str) -> str:
    """A child's code as a row is found by it: an index holds no longer one. The cells hold all of it."""
    return code[:LONGEST_CODE]


def if_it_fits(code: str, model: type[Model], name: str) -> str:
    """A code as the record has room for it; nothing where it is longer than any code there is. The row keeps it."""
    return code if len(code) <= model._meta.get_field(name).max_length else ""
