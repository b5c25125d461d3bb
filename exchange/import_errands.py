"""The two errands of an import: looking through brought files, which writes no record, and loading them.

What the files are, a return or visits, the delivery says, and what reads them (`READS`) follows from it.

Looking starts afresh whenever it is taken up. Loading goes on, a stretch at a time: each range of children is written
together with what the report says of it, so a worker killed half-way loses nothing, doubles nothing, and leaves nothing
out of the report.
"""

import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from casework.errands import CannotBeDone, NotDoneYet, UnderWay
from exchange.deliveries import delete_files
from exchange.findings import REASONS, Finding, Level
from exchange.limits import MINUTES_AT_A_STRETCH, MINUTES_TO_WAIT, ROWS
from exchange.loading import CannotLoad, Folder, load_into
from exchange.models import Delivery, ImportRun, KeptFinding
from exchange.report import Report
from exchange.ssd.loading import load_visits
from exchange.ssda903.history import Counts
from exchange.unpacking import unpacked

FINDINGS_AT_ONCE = 1000
LONGEST_WORD = 200
ONE_YEAR_FOR_SEVERAL = (
    "You said one year, and the zip has several folders. Bring it without saying a year, or one folder at a time."
)


class KeptReport(Report):
    """The report of an errand: its findings are rows, and its counts stand with the delivery."""

    def __init__(self, delivery: Delivery, under_way: UnderWay, *, is_dry_run: bool) -> None:
        """Take up the counts of what was loaded before a worker was killed."""
        super().__init__(authority=delivery.authority_code, is_dry_run=is_dry_run)
        self._delivery = delivery
        self._under_way = under_way
        self._waiting: list[KeptFinding] = []
        self._is_reading = True
        self._goes_on_until = float("inf") if is_dry_run else time.monotonic() + 60 * MINUTES_AT_A_STRETCH
        so_far = delivery.told.get("so_far") if delivery.run_id else None
        if so_far:
            self.counts, self.made = Counts(**so_far["counts"]), Counter(so_far["made"])
        self._made_before = self.made.total()

    def find(self, findings: Iterable[Finding]) -> None:
        """Take note of findings."""
        for finding in findings:
            kept = KeptFinding.of(finding, delivery=self._delivery, is_of_reading=self._is_reading)
            self._waiting.append(kept)
            if len(self._waiting) >= FINDINGS_AT_ONCE:
                self._write()

    def say_how_far(self, done: int, of: int | None, says: str) -> None:
        """Say how far it is, to whoever asked. Raises NotDoneYet where this task has loaded for long enough."""
        if self._is_reading and of is None and done > ROWS.most:
            raise CannotBeDone(ROWS.says)
        self._under_way.tell(done, of, says[:LONGEST_WORD])
        has_loaded = self.made.total() > self._made_before
        if has_loaded and time.monotonic() >= self._goes_on_until:
            raise NotDoneYet

    def begin(self, run: ImportRun) -> None:
        """The delivery is being loaded by this run."""
        Delivery.objects.filter(pk=self._delivery.pk).update(run=run)

    def keep(self) -> None:
        """Write what was noted until now."""
        self._write()
        self._is_reading = False
        so_far = {"counts": asdict(self.counts), "made": dict(self.made)}
        Delivery.objects.filter(pk=self._delivery.pk).update(told={"so_far": so_far})

    def summary(self) -> dict[str, object]:
        """Everything but the findings."""
        found = KeptFinding.objects.filter(delivery=self._delivery).order_by()
        reasons = dict(found.values_list("code").annotate(Count("pk")))
        levels = Counter({level.value: 0 for level in Level})
        for code, number in reasons.items():
            levels[REASONS[code].level.value] += number
        return super().summary() | {"reasons": reasons, "levels": dict(levels)}

    def _write(self) -> None:
        KeptFinding.objects.bulk_create(self._waiting)
        self._waiting.clear()


def look(under_way: UnderWay) -> Mapping[str, Any]:
    """Read and link everything, write no record, and keep what was found."""
    delivery = Delivery.objects.get(look=under_way.errand)
    KeptFinding.objects.filter(delivery=delivery).delete()
    _read(delivery, KeptReport(delivery, under_way, is_dry_run=True))
    return {}


def load(under_way: UnderWay) -> Mapping[str, Any]:
    """Load the good rows, or go on with it."""
    delivery = Delivery.objects.select_related("run", "decided_by").get(load=under_way.errand)
    if delivery.run is None or not delivery.run.finished_at:
        left = KeptFinding.objects.filter(delivery=delivery)
        # A load of visits that is taken up finds everything again; one of a return leaves out what it has written.
        goes_on = delivery.run and delivery.kind == Delivery.Kind.RETURN
        (left.filter(is_of_reading=True) if goes_on else left).delete()
        _read(delivery, KeptReport(delivery, under_way, is_dry_run=False))
    with transaction.atomic():
        # What the run says of itself was written with its end: a worker killed since then has not taken it along.
        run = ImportRun.objects.filter(delivery=delivery).first()
        if run:
            Delivery.objects.filter(pk=delivery.pk).update(told=run.outcome)
        delete_files([delivery.pk], at=timezone.now())
    return {}


def _read_return(delivery: Delivery, report: KeptReport, folders: Sequence[Folder], **told: Any) -> None:
    if delivery.year and len(folders) > 1:
        raise CannotBeDone(ONE_YEAR_FOR_SEVERAL)
    load_into(report, folders, years=[delivery.year] if delivery.year else [], **told)


def _read_visits(delivery: Delivery, report: KeptReport, folders: Sequence[Folder], **told: Any) -> None:
    # Whose files are gone over again are counted again.
    report.counts.children = 0
    load_visits(report, folders, since=delivery.since, **told)


READS = {Delivery.Kind.RETURN: _read_return, Delivery.Kind.VISITS: _read_visits}


def _read(delivery: Delivery, report: KeptReport) -> None:
    told = {"by": delivery.decided_by, "run": delivery.run, "wait": timedelta(minutes=MINUTES_TO_WAIT)}
    try:
        with unpacked(delivery, report.say_how_far) as found:
            report.find(found.findings)
            READS[Delivery.Kind(delivery.kind)](delivery, report, found.folders, at=timezone.now(), **told)
    except CannotLoad as why:
        raise CannotBeDone(str(why)) from why
    report.keep()
    Delivery.objects.filter(pk=delivery.pk).update(told=report.summary())
