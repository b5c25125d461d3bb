"""Keeps at hand where each placement stands now, for lists; and tells the diary what the standing makes due."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from casework.diary import Batch, Ledger
from casework.events import label_of
from casework.ledger import Entry
from casework.limits import local_day
from placements.duties import approval_entries, not_known_entries
from placements.emergencies import emergency_entries
from placements.histories import History, histories
from placements.lawfulness import StandingPeriod, is_alarm, next_change, standings_over
from placements.models import Placement, PresentStanding
from placements.outside_area import outside_entries
from placements.secure import next_turn, secure_entries
from placements.undecided import undecided_entries

KEPT = ("regulation", "lawfulness", "until_on", "since_on", "reason", "cites", "missing", "is_alarm")


def standings(batch: Batch) -> Mapping[int, tuple[StandingPeriod, ...]]:
    """By placement: its life so far, cut where its standing changed."""
    return {
        placement.pk: standings_over(history.facts_of(placement), batch.rules, local_day(batch.at))
        for history in batch.load(histories).values()
        for placement in history.placements
    }


def keep_standings(batch: Batch) -> Mapping[int, datetime | None]:
    """Write where every placement of the batch stands now, and say when that changes by time alone."""
    lives = batch.load(standings)
    rows, looks = [], {}
    for pk, history in batch.load(histories).items():
        changes = [change for each in history.placements for change in _changes(each, history, batch)]
        looks[pk] = min(changes, default=None)
        rows += [_row(each, lives[each.pk], batch.at) for each in history.placements if lives[each.pk]]
    kept = {
        row.placement_id: row for row in PresentStanding.objects.filter(placement__child__case_file__in=batch.files)
    }
    PresentStanding.objects.filter(placement__in=kept.keys() - lives.keys()).delete()
    PresentStanding.objects.bulk_create(
        [row for row in rows if _differs(row, kept.get(row.placement_id))],
        update_conflicts=True,
        unique_fields=["placement"],
        update_fields=KEPT,
        batch_size=1000,
    )
    return looks


def _changes(placement: Placement, history: History, batch: Batch) -> Iterator[datetime]:
    """What lies ahead: the next moment at which time alone changes the standing, the first and the last here."""
    change = next_change(history.facts_of(placement), batch.rules, batch.at)
    yield from (each for each in (change, placement.started_at, placement.ended_at) if each and each > batch.at)


def placement_duties(batch: Batch) -> Mapping[int, Ledger]:
    """What is to be found out, and what emergencies ask for, by case file."""
    return {
        pk: Ledger(
            (
                *(entry for placement in history.placements for entry in _owed(placement, history, batch)),
                *secure_entries(history.secure, batch.rules, about=label_of(history.child), now=batch.at),
            ),
            next_turn(history.secure, batch.rules, batch.at),
        )
        for pk, history in batch.load(histories).items()
    }


def _owed(placement: Placement, history: History, batch: Batch) -> list[Entry]:
    facts, periods = history.facts_of(placement), batch.load(standings)[placement.pk]
    owed = {"about": label_of(placement), "now": batch.at}
    known = {"known_from": history.known_from, **owed}
    return [
        *approval_entries(facts, batch.rules, confirmed_at=placement.approval_recorded_at, **known),
        *not_known_entries(facts, periods, batch.rules, **known),
        *emergency_entries(facts, periods, batch.rules, **owed),
        *undecided_entries(facts, periods, batch.rules, **known),
        *(outside_entries(outside, batch.rules, **owed) if (outside := history.outside_facts_of(placement)) else ()),
    ]


def _differs(row: PresentStanding, kept: PresentStanding | None) -> bool:
    return kept is None or any(getattr(row, name) != getattr(kept, name) for name in KEPT)


def _row(placement: Placement, periods: tuple[StandingPeriod, ...], at: datetime) -> PresentStanding:
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
        is_alarm=is_alarm(present) and placement.is_live(at),
    )
