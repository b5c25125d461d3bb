"""What the files say about some children, joined to what the installation holds about them.

Reads what is there, links the rows, and answers with what to write (`writing.Joined`). Nothing recorded or changed by
hand is ever overwritten: a placement whose dates somebody changed since it was loaded stands as it is, and the file's
rows that cover its days are marked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Model, Prefetch

from casework.limits import local_day, start_of
from casework.models import CaseFile
from children.models import Allocation, CarePeriod, Child, LegalStatus, LookedAfterReview
from exchange.models import ImportedPlacement, SourceFile, SourceRow
from exchange.ssda903 import history as told
from exchange.ssda903.cells import NO_HOME
from exchange.ssda903.findings import Finding
from exchange.ssda903.linking import about, link
from exchange.ssda903.reading import RawRow, cells_of, names_of, say_day
from exchange.ssda903.tables import IN_A_HOME, NEXT_EPISODE, REASON_PLACE_CHANGE, REC
from exchange.writing import AS_LAST_TOLD, Joined, keep_row
from placements.models import Home, Placement


@dataclass(slots=True)
class Present:
    """What the installation holds about one child of the files."""

    child: Child | None = None
    rows: list[RawRow] = field(default_factory=list)
    """Those loaded before, in the order of batches."""
    is_worked_on: bool = False
    """Has anybody been allocated to the child here?"""


def join(
    new: Mapping[str, Sequence[RawRow]],
    files: Mapping[tuple[int, str], SourceFile],
    *,
    at: datetime,
    latest_year: int,
) -> Joined:
    """What to write about these children: `new` has each child's new rows by the child's code.

    `files` has each new file's record by batch and name. Locks the case files of the children who are known.
    """
    joined = Joined(at)
    present = _read_present(new.keys())
    for code, rows in new.items():
        _Joining(joined, present[code], code, rows, latest_year).join(files)
    _find_homes(joined)
    return joined


def _read_present(codes: Iterable[str]) -> dict[str, Present]:
    codes = list(codes)
    present = {code: Present() for code in codes}
    placements = Placement.objects.select_related("imported", "home").order_by("started_at")
    children = (
        Child.objects.filter(reference__in=codes)
        .select_related("case_file")
        .prefetch_related("care_periods", "legal_statuses", "reviews", Prefetch("placements", queryset=placements))
    )
    # Two plain questions: joined, and asked of tables just filled, they were answered by reading whole tables.
    pks = list(Child.objects.filter(reference__in=codes).values_list("case_file", flat=True).order_by())
    list(CaseFile.objects.select_for_update().filter(pk__in=pks).order_by("pk").values_list("pk"))
    for child in children:
        present[child.reference].child = child
    for code in Allocation.objects.filter(child__reference__in=codes).values_list("child__reference", flat=True):
        present[code].is_worked_on = True
    names: dict[int, list[str]] = {}
    for kept in SourceRow.objects.filter(code__in=codes).select_related("file").order_by("file__batch", "file", "row"):
        file = kept.file
        columns = names.setdefault(file.pk, names_of(file.columns))
        cells = cells_of(columns, kept.cells)
        present[kept.code].rows.append(
            RawRow(file.name, file.table, file.batch, file.year, kept.row, cells, is_new=False)
        )
    return present


class _Joining:
    """One child's rows on their way into the installation."""

    def __init__(self, joined: Joined, present: Present, code: str, rows: Sequence[RawRow], latest_year: int) -> None:
        self.joined = joined
        self.code = code
        self.child = present.child
        self.rows = rows
        self.known_rows = present.rows
        self.is_worked_on = present.is_worked_on
        self.latest_year = latest_year
        self.on = local_day(joined.at)
        self.imported: dict[date, ImportedPlacement] = {}
        self.occupied: list[told.Occupied] = []

    def join(self, files: Mapping[tuple[int, str], SourceFile]) -> None:
        """Link the rows, decide what to write, and keep every new row with what became of it."""
        self._sort_out_placements()
        history = self._link([*self.known_rows, *self.rows])
        self.joined.histories.append(history)
        self.joined.findings += history.findings
        if history.person is not None:
            self._join_child(history)
        self._keep_rows(history, files)

    def _link(self, rows: Sequence[RawRow]) -> told.ChildHistory:
        history = self._link_once(rows, ())
        begun = {start for placement in history.placements for start in self._known_starts(placement)[1:]}
        return self._link_once(rows, begun) if begun else history

    def _link_once(self, rows: Sequence[RawRow], begun: Iterable[date]) -> told.ChildHistory:
        return link(
            self.code,
            rows,
            on=self.on,
            latest_year=self.latest_year,
            born_on=self.child.date_of_birth if self.child else None,
            occupied=self.occupied,
            begun=frozenset(begun),
        )

    def _known_starts(self, placement: told.Placement) -> list[date]:
        """The beginnings, of those of the placements on record, that lie among a placement's episodes."""
        return [episode.started_on for episode in placement.episodes if episode.started_on in self.imported]

    def _sort_out_placements(self) -> None:
        """Tell the placements that the files made, and nobody changed since, from all others."""
        for placement in self.child.placements.all() if self.child else ():
            imported = getattr(placement, "imported", None)
            if imported and _stands_as_told(placement, imported):
                imported.placement = placement
                self.imported[imported.started_on] = imported
            else:
                self.occupied.append(
                    told.Occupied(local_day(placement.started_at), _first_day_after(placement.ended_at))
                )
                if imported:
                    self._say("changed-here", "DECOM", what=f"The placement from {say_day(imported.started_on)}")

    def _say(self, code: str, column: str, **facts: str) -> None:
        self.joined.findings.append(about(self.rows[0], code, column, **facts))

    # The child

    def _join_child(self, history: told.ChildHistory) -> None:
        before = self._link_once(self.known_rows, ()) if self.known_rows else None
        if self.child is None:
            self._make_child(history.person)
        else:
            self._bring_child_up_to_date(history.person, before.person if before else None)
            self._bring_file_up_to_date(self.child.case_file)
        self.joined.touched[self.code] = self.child
        self._join_care(history.care, before.care if before else ())
        self._join_legal(history.legal_statuses, before.legal_statuses if before else ())
        self._join_reviews(history.reviews, before.reviews if before else ())
        self._join_placements(history.placements)

    def _make_child(self, person: told.Person) -> None:
        case_file = CaseFile(kind=CaseFile.Kind.CHILD, opened_at=self.joined.at, known_from=self.joined.at)
        self.child = Child(
            case_file=case_file,
            reference=self.code,
            date_of_birth=person.born_on,
            sex=person.sex,
            ethnicity=_if_it_fits(person.ethnicity, Child, "ethnicity"),
            upn=_if_it_fits(person.upn, Child, "upn"),
        )
        self.joined.case_files.append(case_file)
        self.joined.children.append(self.child)

    def _bring_child_up_to_date(self, person: told.Person, before: told.Person | None) -> None:
        changed = False
        for name, column, unknown in (("sex", "SEX", "U"), ("ethnicity", "ETHNIC", ""), ("upn", "UPN", "")):
            now, was = _if_it_fits(getattr(person, name), Child, name), getattr(before, name) if before else unknown
            held = getattr(self.child, name)
            if now in (held, unknown):
                continue
            if held in (was, unknown):
                setattr(self.child, name, now)
                changed = True
            elif now != was:
                self._say("changed-here", column, what=column)
        if changed:
            self.joined.changed_children.append(self.child)

    def _bring_file_up_to_date(self, case_file: CaseFile) -> None:
        """Where nobody here has worked with the child yet, nothing is known of the time before this import either."""
        if case_file.known_from and not self.is_worked_on:
            case_file.known_from = self.joined.at
            self.joined.changed_files.append(case_file)

    # Care, legal status, reviews

    def _join_care(self, now: Sequence[told.Care], before: Sequence[told.Care]) -> None:
        held = list(self.child.care_periods.all()) if self.child.pk else []
        as_told = [
            (care.started_on, care.ended_on, _if_it_fits(care.how_ended, CarePeriod, "how_ended")) for care in now
        ]
        stood = [
            (care.started_on, care.ended_on, _if_it_fits(care.how_ended, CarePeriod, "how_ended")) for care in before
        ]
        holds = [(period.started_on, period.ended_on, period.how_ended) for period in held]
        if holds == as_told:
            return
        if holds != stood or len(stood) > len(as_told):
            self._say("changed-here", "DECOM", what="Care")
            return
        for period, care in _matched(held, as_told):
            if period is None:
                self.joined.care.append(
                    CarePeriod(child=self.child, started_on=care[0], ended_on=care[1], how_ended=care[2])
                )
            elif (period.started_on, period.ended_on, period.how_ended) != care:
                period.started_on, period.ended_on, period.how_ended = care
                self.joined.changed_care.append(period)

    def _join_legal(self, now: Sequence[told.LegalStatus], before: Sequence[told.LegalStatus]) -> None:
        held = {status.from_on: status for status in self.child.legal_statuses.all()} if self.child.pk else {}
        as_told = {status.from_on: status.code for status in now}
        stood = {status.from_on: status.code for status in before}
        by_hand = [day for day, status in held.items() if stood.get(day) != status.code]
        for day, code in as_told.items():
            if day not in held and (not by_hand or day < min(by_hand)):
                self.joined.legal.append(LegalStatus(child=self.child, code=code, from_on=day))
        for day, status in held.items():
            code = next((code for since, code in sorted(as_told.items(), reverse=True) if since <= day), status.code)
            if day not in by_hand and code != status.code:
                status.code = code
                self.joined.changed_legal.append(status)
        if by_hand and any(as_told.get(day) != held[day].code for day in by_hand):
            self._say("changed-here", "LS", what="The legal status")

    def _join_reviews(self, now: Sequence[told.Review], before: Sequence[told.Review]) -> None:
        held = (
            {review.held_on or review.scheduled_on: review for review in self.child.reviews.all()}
            if self.child.pk
            else {}
        )
        stood = {review.held_on: review.participation for review in before}
        for review in now:
            known = held.get(review.held_on)
            how = _if_it_fits(review.participation, LookedAfterReview, "participation")
            if known is None:
                self.joined.reviews.append(
                    LookedAfterReview(
                        child=self.child, scheduled_on=review.held_on, held_on=review.held_on, participation=how
                    )
                )
            elif known.participation != how and known.participation in ("", stood.get(review.held_on)):
                known.participation = how
                self.joined.changed_reviews.append(known)

    # Placements

    def _join_placements(self, placements: Sequence[told.Placement]) -> None:
        matched = [(placement, self._on_record(placement)) for placement in placements]
        kept = {imported.pk for _, imported in matched if imported}
        fixed = [
            *self.occupied,
            *(told.Occupied(i.started_on, i.ended_on) for i in self.imported.values() if i.pk not in kept),
        ]
        for placement, imported in matched:
            if any(_meet(placement, span) for span in fixed):
                self._say("changed-here", "DECOM", what=f"The time from {say_day(placement.started_on)}")
            elif imported is None:
                self.joined.placements.append(self._make_placement(placement))
            else:
                self._bring_placement_up_to_date(imported, placement)

    def _on_record(self, placement: told.Placement) -> ImportedPlacement | None:
        starts = self._known_starts(placement)
        return self.imported[starts[0]] if starts else None

    def _make_placement(self, now: told.Placement) -> ImportedPlacement:
        placement = Placement(child=self.child)
        imported = ImportedPlacement(placement=placement)
        self._tell(imported, now)
        placement.setting, placement.approval_recorded = now.setting, not now.approval_is_hidden
        placement.home = self._home(now)
        return imported

    def _bring_placement_up_to_date(self, imported: ImportedPlacement, now: told.Placement) -> None:
        placement = imported.placement
        stood = [getattr(imported, name) for name in AS_LAST_TOLD], placement.not_confirmed_since
        span, setting, urn = (placement.started_at, placement.ended_at), imported.setting, imported.urn
        self._tell(imported, now)
        if stood == ([getattr(imported, name) for name in AS_LAST_TOLD], placement.not_confirmed_since):
            return
        if now.setting != setting and placement.setting == setting:
            placement.setting, placement.approval_recorded = now.setting, not now.approval_is_hidden
        if now.urn != urn and (placement.home is None or placement.home.urn == urn):
            placement.home = self._home(now)
        self.joined.spans_before[placement.pk] = span
        self.joined.changed_placements.append(imported)

    def _tell(self, imported: ImportedPlacement, now: told.Placement) -> None:
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
        placement.source_code = _if_it_fits(now.place, Placement, "source_code")
        placement.source_provider_code = _if_it_fits(now.provider, Placement, "source_provider_code")
        placement.source_postcode = _if_it_fits(now.postcode, Placement, "source_postcode")
        placement.not_confirmed_since = now.not_confirmed_since

    def _home(self, now: told.Placement) -> Home | None:
        """The home of a placement; a new one where no home has its number. Found by `_find_homes` once for all."""
        urn = _if_it_fits(now.urn, Home, "urn")
        if now.setting not in IN_A_HOME or not urn or urn == NO_HOME:
            return None
        home = self.joined.homes.get(urn)
        if home is None:
            case_file = CaseFile(kind=CaseFile.Kind.HOME, opened_at=self.joined.at, known_from=self.joined.at)
            postcode = _if_it_fits(now.postcode, Home, "postcode")
            home = Home(case_file=case_file, name=f"Home {urn}", setting=now.setting, urn=urn, postcode=postcode)
            self.joined.homes[urn] = home
            first = now.episodes[0]
            self.joined.not_listed[urn] = Finding("urn-not-listed", first.file, first.row, "URN", urn)
        return home

    # The rows

    def _keep_rows(self, history: told.ChildHistory, files: Mapping[tuple[int, str], SourceFile]) -> None:
        known = len(self.known_rows)
        for row, mark, because in zip(self.rows, history.marks[known:], history.because[known:], strict=True):
            child = self.child if mark != told.Mark.REFUSED else None
            self.joined.rows.append(keep_row(row, files[row.batch, row.file], mark, because, child))


def _find_homes(joined: Joined) -> None:
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


def _matched(held: list[CarePeriod], as_told: list[tuple]) -> list[tuple[CarePeriod | None, tuple]]:
    """Each period as told with the one on record that it is: by its beginning, the others in order."""
    by_start = {period.started_on: period for period in held}
    told_starts = {care[0] for care in as_told}
    others = iter([period for period in held if period.started_on not in told_starts])
    return [(by_start.get(care[0]) or next(others, None), care) for care in as_told]


def _why_ended(placement: told.Placement) -> str:
    """Why a placement ended, in words: the reason it changed, or else the reason care ended."""
    if placement.ended_on is None:
        return ""
    if placement.why_moved:
        return REASON_PLACE_CHANGE.means(placement.why_moved)[:200]
    return REC.means(placement.how_ended)[:200] if placement.how_ended not in ("", NEXT_EPISODE) else ""


def _if_it_fits(code: str, model: type[Model], name: str) -> str:
    """A code as the record has room for it; nothing where it is longer than any code there is. The row keeps it."""
    return code if len(code) <= model._meta.get_field(name).max_length else ""
