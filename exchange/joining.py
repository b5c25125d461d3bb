"""What the files say about some children, joined to what the installation holds about them.

Reads what is there, links the rows, and answers with what to write (`writing.Joined`): the child, care, legal statuses
and reviews here, placements in `placing`. Nothing recorded or changed by hand is ever overwritten.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Prefetch

from casework.limits import local_day
from casework.models import CaseFile
from children.models import Allocation, CarePeriod, Child, LegalStatus, LookedAfterReview
from exchange.models import SourceFile, SourceRow
from exchange.placing import Placing, find_homes
from exchange.ssda903 import history as told
from exchange.ssda903.linking import about, link
from exchange.ssda903.reading import RawRow, cells_of, names_of
from exchange.writing import LONGEST_CODE, Joined, if_it_fits, keep_row
from placements.models import Placement


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
    find_homes(joined)
    return joined


def _read_present(codes: Iterable[str]) -> dict[str, Present]:
    present = {code: Present() for code in codes}
    codes = [code for code in present if len(code) <= LONGEST_CODE]
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
        self.placing = Placing(joined, present.child, self._say)

    def join(self, files: Mapping[tuple[int, str], SourceFile]) -> None:
        """Link the rows, decide what to write, and keep every new row with what became of it."""
        history = self._link([*self.known_rows, *self.rows])
        self.joined.histories.append(history)
        self.joined.findings += history.findings
        if history.person is not None:
            self._join_child(history)
        self._keep_rows(history, files)

    def _link(self, rows: Sequence[RawRow]) -> told.ChildHistory:
        history = self._link_once(rows, ())
        begun = self.placing.begun_within(history.placements)
        return self._link_once(rows, begun) if begun else history

    def _link_once(self, rows: Sequence[RawRow], begun: Iterable[date]) -> told.ChildHistory:
        return link(
            self.code,
            rows,
            on=self.on,
            latest_year=self.latest_year,
            born_on=self.child.date_of_birth if self.child else None,
            occupied=self.placing.occupied,
            begun=frozenset(begun),
        )

    def _say(self, code: str, column: str, **facts: str) -> None:
        self.joined.findings.append(about(self.rows[0], code, column, **facts))

    # The child

    def _join_child(self, history: told.ChildHistory) -> None:
        before = self._link_once(self.known_rows, ()) if self.known_rows else None
        if self.child is None:
            self._make_child(history.person)
        else:
            self._bring_child_up_to_date(history.person, before.person if before else None)
            self._bring_file_up_to_date(self.child)
        self.joined.touched[self.code] = self.child
        self._join_care(history.care, before.care if before else ())
        self._join_legal(history.legal_statuses, before.legal_statuses if before else ())
        self._join_reviews(history.reviews, before.reviews if before else ())
        self.placing.join(self.child, history.placements)

    def _make_child(self, person: told.Person) -> None:
        case_file = CaseFile(kind=CaseFile.Kind.CHILD, opened_at=self.joined.at, known_from=self.joined.at)
        self.child = Child(
            case_file=case_file,
            reference=self.code,
            date_of_birth=person.born_on,
            sex=person.sex,
            ethnicity=if_it_fits(person.ethnicity, Child, "ethnicity"),
            upn=if_it_fits(person.upn, Child, "upn"),
        )
        self.joined.case_files.append(case_file)
        self.joined.children.append(self.child)

    def _bring_child_up_to_date(self, person: told.Person, before: told.Person | None) -> None:
        changed = False
        for name, column, unknown in (("sex", "SEX", "U"), ("ethnicity", "ETHNIC", ""), ("upn", "UPN", "")):
            now, was = if_it_fits(getattr(person, name), Child, name), getattr(before, name) if before else unknown
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

    def _bring_file_up_to_date(self, child: Child) -> None:
        """Where nobody here has worked with the child yet, nothing is known of the time before this import either.

        So nobody knows any more whether every visit is on record, until the visits are brought again.
        """
        case_file = child.case_file
        if case_file.known_from and not self.is_worked_on:
            case_file.known_from = self.joined.at
            self.joined.changed_files.append(case_file)
            if child.visits_known_from:
                child.visits_known_from = None
                self.joined.with_visits_missing.append(child)

    # Care, legal status, reviews

    def _join_care(self, now: Sequence[told.Care], before: Sequence[told.Care]) -> None:
        held = list(self.child.care_periods.all()) if self.child.pk else []
        as_told, stood = _as_kept(now), _as_kept(before)
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
        by_hand = {day for day, status in held.items() if stood.get(day) != status.code}
        first_by_hand = min(by_hand, default=date.max)
        if any(as_told.get(day) != held[day].code for day in by_hand):
            self._say("changed-here", "LS", what="The legal status")
        settled = set(held)
        for day in sorted(held.keys() - by_hand):
            since = max((since for since in as_told if since <= day), default=None)
            if since is None:
                continue
            # An earlier year, loaded later, may know that this status began before.
            from_on = since if since not in settled and since < first_by_hand else day
            settled.add(from_on)
            self._bring_legal_status_up_to_date(held[day], as_told[since], from_on)
        for since, code in as_told.items():
            if since not in settled and since < first_by_hand:
                self.joined.legal.append(LegalStatus(child=self.child, code=code, from_on=since))

    def _bring_legal_status_up_to_date(self, status: LegalStatus, code: str, from_on: date) -> None:
        if (status.code, status.from_on) != (code, from_on):
            status.code, status.from_on = code, from_on
            self.joined.changed_legal.append(status)

    def _join_reviews(self, now: Sequence[told.Review], before: Sequence[told.Review]) -> None:
        held = (
            {review.held_on or review.scheduled_on: review for review in self.child.reviews.all()}
            if self.child.pk
            else {}
        )
        stood = {review.held_on: review.participation for review in before}
        for review in now:
            known = held.get(review.held_on)
            how = if_it_fits(review.participation, LookedAfterReview, "participation")
            if known is None:
                self.joined.reviews.append(
                    LookedAfterReview(
                        child=self.child, scheduled_on=review.held_on, held_on=review.held_on, participation=how
                    )
                )
            elif known.participation != how and known.participation in ("", stood.get(review.held_on)):
                known.participation = how
                self.joined.changed_reviews.append(known)

    # The rows

    def _keep_rows(self, history: told.ChildHistory, files: Mapping[tuple[int, str], SourceFile]) -> None:
        known = len(self.known_rows)
        for row, mark, because in zip(self.rows, history.marks[known:], history.because[known:], strict=True):
            child = self.child if mark != told.Mark.REFUSED else None
            self.joined.rows.append(keep_row(row, files[row.batch, row.file], mark, because, child))


def _as_kept(care: Sequence[told.Care]) -> list[tuple]:
    return [(each.started_on, each.ended_on, if_it_fits(each.how_ended, CarePeriod, "how_ended")) for each in care]


def _matched(held: list[CarePeriod], as_told: list[tuple]) -> list[tuple[CarePeriod | None, tuple]]:
    """Each period as told with the one on record that it is: by its beginning, the others in order."""
    by_start = {period.started_on: period for period in held}
    told_starts = {care[0] for care in as_told}
    others = iter([period for period in held if period.started_on not in told_starts])
    return [(by_start.get(care[0]) or next(others, None), care) for care in as_told]
