"""Keeps at hand where each placement stands now, for lists; and what a missing approval makes due (D-08)."""

from collections.abc import Mapping
from datetime import datetime

from casework.diary import Batch, Ledger
from casework.events import label_of
from casework.limits import local_day
from placements.duties import approval_entries
from placements.histories import History, histories
from placements.lawfulness import StandingPeriod, is_alarm, next_change, standings_over
from placements.models import Placement, PresentStanding

KEPT = ("regulation", "lawfulness", "until_on", "since_on", "reason", "cites", "missing", "is_alarm")


def keep_standings(batch: Batch) -> Mapping[int, datetime | None]:
    """Write where every placement of the batch stands now, and say when that changes by time alone."""
    rows, looks = [], {}
    for pk, history in batch.load(histories).items():
        changes = []
        for placement in history.placements:
            facts = history.facts_of(placement)
            changes.append(next_change(facts, batch.rules, batch.at))
            periods = standings_over(facts, batch.rules, local_day(batch.at))
            if periods:
                rows.append(_row(placement, periods))
        looks[pk] = min((change for change in changes if change), default=None)
    kept = {
        row.placement_id: row for row in PresentStanding.objects.filter(placement__child__case_file__in=batch.files)
    }
    PresentStanding.objects.bulk_create(
        [row for row in rows if _differs(row, kept.get(row.placement_id))],
        update_conflicts=True,
        unique_fields=["placement"],
        update_fields=KEPT,
        batch_size=1000,
    )
    return looks


def approval_duties(batch: Batch) -> Mapping[int, Ledger]:
    """Approvals that nobody has recorded yet, by case file."""
    return {
        pk: Ledger(tuple(entry for placement in history.placements for entry in _missing(placement, history, batch)))
        for pk, history in batch.load(histories).items()
    }


def _missing(placement: Placement, history: History, batch: Batch):
    return approval_entries(
        history.facts_of(placement),
        batch.rules,
        about=label_of(placement),
        now=batch.at,
        known_from=history.known_from,
        confirmed_at=placement.approval_recorded_at,
    )


def _differs(row: PresentStanding, kept: PresentStanding | None) -> bool:
    return kept is None or any(getattr(row, name) != getattr(kept, name) for name in KEPT)


def _row(placement: Placement, periods: tuple[StandingPeriod, ...]) -> PresentStanding:
    """The standing now, and since when the regulation has been the same without a break."""
    present = periods[-1].standing
    since_on = periods[-1].from_on
    for period in reversed(periods):
        if period.standing.regulation != present.regulation:
            break
        since_on = period.from_on
    return PresentStanding(
        placement=placement,
        regulation=present.regulation,
        lawfulness=present.lawfulness,
        until_on=present.until_on,
        since_on=since_on,
        reason=present.reason,
        cites=list(present.cites),
        missing=list(present.missing),
        is_alarm=is_alarm(present),
    )
