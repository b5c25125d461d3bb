"""The life of an export: asked for, written by a worker, downloaded, and deleted here after a week."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction

from casework import errands
from casework.models import Errand
from casework.steps import NotYet
from children.access import case_files_of_restricted_children
from children.models import Child
from exchange.limits import DAYS_KEPT
from exchange.models import Export, ExportPart

WRITE: Final = "write_visits"
"""The kind of errand."""
RESTRICTED_SINCE: Final = (
    "Since this file was written, a record in it was restricted: it is not handed out any more. "
    "Export the visits again."
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an export stands, in words."""

    says: str
    tone: str
    explains: str = ""
    is_ready: bool = False


WHERE_IT_STANDS: Final = (
    # The first row that fits says it.
    (lambda e: e.file_gone_at, Standing("Deleted", "quiet", "Files are kept for a week. Export the visits again.")),
    (lambda e: e.errand.failed, Standing("Not written", "alarm", "Export the visits again.")),
    (lambda e: e.errand.ended_at, Standing("Ready", "good", "", True)),
    (lambda e: True, Standing("Being written", "plain")),
)


def standing_of(export: Export) -> Standing:
    """Where an export stands now."""
    return next(standing for is_so, standing in WHERE_IT_STANDS if is_so(export))


@transaction.atomic
def ask(*, from_on: date, to_on: date, by: Any, at: datetime) -> Export:
    """Ask for the visits from one day to another, both inclusive."""
    errand = errands.ask(WRITE, by=by, at=at, told={})
    return Export.objects.create(asked_at=at, by=by, from_on=from_on, to_on=to_on, errand=errand)


def objections_to_handing_out(export: Export, at: datetime) -> list[str]:
    """Why its file cannot be downloaded; empty where it can."""
    standing = standing_of(export)
    if not standing.is_ready:
        return [standing.explains or "The file is still being written."]
    restricted = Child.objects.filter(case_file__in=case_files_of_restricted_children(at))
    is_in_it = restricted.filter(case_file__in=export.case_files).order_by().values("pk").exists()
    return [RESTRICTED_SINCE] if is_in_it else []


def pieces(export: Export, at: datetime) -> Iterator[bytes]:
    """Its file, part by part. Raises NotYet with sentences."""
    if objections := objections_to_handing_out(export, at):
        raise NotYet(*objections)
    parts = ExportPart.objects.filter(export=export).order_by("number")
    numbers = list(parts.values_list("number", flat=True))
    return (bytes(parts.values_list("content", flat=True).get(number=number)) for number in numbers)


@transaction.atomic
def forget_old(at: datetime) -> int:
    """After a week: delete the files of exports; how many they were."""
    old = Export.objects.filter(asked_at__lt=at - timedelta(days=DAYS_KEPT.most), file_gone_at=None)
    numbers = list(old.exclude(errand__ended_at=None).values_list("pk", flat=True))
    ExportPart.objects.filter(export__in=numbers).delete()
    return Export.objects.filter(pk__in=numbers).update(file_gone_at=at)


def address_of(errand: Errand) -> str:
    """The page of the export that an errand is for."""
    export: Export = Export.objects.get(errand=errand)
    return export.get_absolute_url()
