"""The placements that the files tell of one child, joined to those on record.

A placement that the files made, and nobody changed since, is brought up to date. Every other stands as it is: its days
are occupied, and what the files say about them is marked.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta

from casework.limits import local_day, start_of
from casework.models import CaseFile
from casework.wording import said_day
from children.models import Child
from exchange.findings import Finding
from exchange.models import ImportedPlacement
from exchange.ssda903 import history as told
from exchange.ssda903.cells import NO_HOME
from exchange.ssda903.codes import NEXT_EPISODE, REASON_PLACE_CHANGE, REC
from exchange.ssda903.settings import IN_A_HOME
from exchange.ssda903.tables import EPISODES
from exchange.writing import AS_LAST_TOLD, Joined, if_it_fits
from placements.models import Home, Placement


class Placing:
    """Where one child lived, as the record has it and as the files tell it."""

    def __init__(self, joined: Joined, child: Child | None, say: Callable[..., None]) -> None:
        """Tell the placements that the files made, and nobody changed since, from all others."""
        self.joined = joined
        self.occupied: list[told.Occupied] = []
        self._say = say
        self._imported: dict[date, ImportedPlacement] = {}
        for placement in child.placements.all() if child else ():
            imported = getattr(placement, "imported", None)
            if imported and _stands_as_told(placement, imported):
                imported.placement = placement
                self._imported[imported.started_on] = imported
            else:
                self.occupied.append(
                    told.Occupied(local_day(placement.started_at), _first_day_after(placement.ended_at))
                )
                if imported:
                    say("changed-here", "DECOM", what=f"The placement from {said_day(imported.started_on)}")

    def begun_within(self, placements: Iterable[told.Placement]) -> set[date]:
        """The days within placements, as told now, on which another begins that is on record as one of its own."""
        return {start for placement in placements for start in self._starts_on_record(placement)[1:]}

    def join(self, child: Child, placements: Sequence[told.Placement]) -> None:
        """Make what is new, and bring up to date what is on record."""
        matched = [(placement, self._on_record(placement)) for placement in placements]
        kept = {imported.pk for _, imported in matched if imported}
        fixed = [
            *self.occupied,
            *(told.Occupied(i.started_on, i.ended_on) for i in self._imported.values() if i.pk not in kept),
        ]
        for placement, imported in matched:
            if any(_meet(placement, span) for span in fixed):
                self._say("changed-here", "DECOM", what=f"The time from {said_day(placement.started_on)}")
            elif imported is None:
                self.joined.placements.append(self._make(child, placement))
            else:
                self._bring_up_to_date(imported, placement)

    def _starts_on_record(self, placement: told.Placement) -> list[date]:
        return [episode.started_on for episode in placement.episodes if episode.started_on in self._imported]

    def _on_record(self, placement: told.Placement) -> ImportedPlacement | None:
        starts = self._starts_on_record(placement)
        return self._imported[starts[0]] if starts else None

    def _make(self, child: Child, now: told.Placement) -> ImportedPlacement:
        placement = Placement(child=child)
        imported = ImportedPlacement(placement=placement)
        _tell(imported, now)
        placement.setting, placement.approval_recorded = now.setting, not now.approval_is_hidden
        placement.home = self._home(now, placement.child)
        return imported

    def _bring_up_to_date(self, imported: ImportedPlacement, now: told.Placement) -> None:
        placement = imported.placement
        stood = _as_told(imported)
        span, setting, urn = (placement.started_at, placement.ended_at), imported.setting, imported.urn
        _tell(imported, now)
        if _as_told(imported) == stood:
            return
        if now.setting != setting and placement.setting == setting:
            placement.setting, placement.approval_recorded = now.setting, not now.approval_is_hidden
        if now.urn != urn and (placement.home is None or placement.home.urn == urn):
            placement.home = self._home(now, placement.child)
        self.joined.spans_before[placement.pk] = span
        self.joined.changed_placements.append(imported)

    def _home(self, now: told.Placement, child: Child) -> Home | None:
        """The home of a placement; a new one where no home has its number. `find_homes` looks once for all."""
        urn = if_it_fits(now.urn, Home, "urn")
        if now.setting not in IN_A_HOME or not urn or urn == NO_HOME:
            return None
        home = self.joined.homes.get(urn)
        if home is None:
            case_file = CaseFile(kind=CaseFile.Kind.HOME, opened_at=self.joined.at, known_from=self.joined.at)
            postcode = if_it_fits(now.postcode, Home, "postcode")
            home = Home(case_file=case_file, name=f"Home {urn}", setting=now.setting, urn=urn, postcode=postcode)
            self.joined.homes[urn] = home
            first = now.episodes[0]
            self.joined.not_listed[urn] = Finding(
                "urn-not-listed", first.file, first.row, "URN", urn, table=EPISODES.key, child=child.reference
            )
        return home


def find_homes(joined: Joined) -> None:
    """Put the homes that are on record in the place of those made for their number."""
    on_record = {}
    for home in Home.objects.filter(urn__in=joined.homes).select_related("case_file").order_by("-pk"):
        on_record[home.urn] = home
    for imported in (*joined.placements, *joined.changed_placements):
        home = imported.placement.home
        if home and home.pk is None and home.urn in on_record:
            imported.placement.home = on_record[home.urn]
    joined.homes.update(on_record)
    joined.findings += [finding for urn, finding in joined.not_listed.items() if urn not in on_record]


def _tell(imported: ImportedPlacement, now: told.Placement) -> None:
    """Write down a placement as the files tell it now, save what somebody may have changed here."""
    imported.started_on, imported.ended_on, imported.setting = now.started_on, now.ended_on, now.setting
    imported.why_ended = _why_ended(now)
    imported.place, imported.provider, imported.urn = now.place, now.provider, now.urn
    imported.postcode, imported.home_postcode = now.postcode, now.home_postcode
    imported.stays = [
        [stay.started_on.isoformat(), stay.ended_on.isoformat() if stay.ended_on else None, stay.place]
        for stay in now.stays
    ]
    imported.year = now.episodes[-1].year
    placement = imported.placement
    placement.started_at = start_of(now.started_on)
    placement.ended_at = start_of(now.ended_on) if now.ended_on else None
    placement.why_ended = imported.why_ended
    placement.source_code = if_it_fits(now.place, Placement, "source_code")
    placement.source_provider_code = if_it_fits(now.provider, Placement, "source_provider_code")
    placement.source_postcode = if_it_fits(now.postcode, Placement, "source_postcode")
    placement.not_confirmed_since = now.not_confirmed_since


def _as_told(imported: ImportedPlacement) -> list[object]:
    return [*(getattr(imported, name) for name in AS_LAST_TOLD), imported.placement.not_confirmed_since]


def _stands_as_told(placement: Placement, imported: ImportedPlacement) -> bool:
    """Are the dates of a placement those that the files gave it?"""
    ended_at = start_of(imported.ended_on) if imported.ended_on else None
    return placement.started_at == start_of(imported.started_on) and placement.ended_at == ended_at


def _first_day_after(moment: datetime | None) -> date | None:
    """The first day wholly after a moment; the day itself at its very start."""
    if moment is None:
        return None
    day = local_day(moment)
    return day if start_of(day) == moment else day + timedelta(days=1)


def _meet(placement: told.Placement, span: told.Occupied) -> bool:
    begins_before_end = span.ended_on is None or placement.started_on < span.ended_on
    return begins_before_end and (placement.ended_on is None or span.started_on < placement.ended_on)


def _why_ended(placement: told.Placement) -> str:
    """Why a placement ended, in words: the reason it changed, or else the reason care ended."""
    if placement.ended_on is None:
        return ""
    if placement.why_moved:
        return REASON_PLACE_CHANGE.means(placement.why_moved)[:200]
    return REC.means(placement.how_ended)[:200] if placement.how_ended not in ("", NEXT_EPISODE) else ""
