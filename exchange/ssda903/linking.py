"""The rows about one child, of one or more years, linked into one history.

How rows combine. Batches (the files of one year, loaded together) are taken in the order in which they were loaded, the
episodes of a batch by their beginning.

- An episode lasts from DECOM up to, but not on, DEC. The same DECOM in a later batch is the same episode: the row of
  the latest year says what is so now.
- An episode that overlaps one taken before is marked and makes nothing; so does one that overlaps a placement recorded
  by hand. A row that would stretch an episode over another is marked, and the earlier row stands. So nothing that was
  made of an earlier batch is ever unmade by a later one, and the placements of a child never overlap.
- RNE L continues the placement of the episode before it, if that ended on the same day; all others begin one.
- A temporary code (T0 to T4) after a usual placement is a stay away from it: the placement goes on, and so it does
  where the child comes back to the same place. With no usual placement before it, it is a placement of its own.
- Care begins with the first episode, with RNE S and after an end; it ends with a DEC whose REC is not X1. A gap after
  X1 does not end it.
- A legal status holds until the next one; a new period of care states it afresh.
- An open placement that the latest year loaded does not mention is marked "not confirmed since" the end of the last
  year that did.
- A code with another date of birth is another child: its rows are refused. Episodes carry no date of birth, so where a
  year's Header has the code only with another date of birth, all the year's rows under it are refused.
"""

from bisect import bisect_left, insort
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from casework.wording import said_day
from children.ages import birthday
from exchange.findings import Finding
from exchange.ssda903.cells import Value
from exchange.ssda903.codes import STARTED
from exchange.ssda903.history import ChildHistory, Episode, Mark, Occupied, Person, Review
from exchange.ssda903.reading import RawRow, said_year, values_of
from exchange.ssda903.tables import EPISODES, HEADER, LINKED_TABLES, REVIEWS, TABLE, year_ended
from exchange.ssda903.telling import Telling, changes_between

SEX_AS_KEPT: Final = {"1": "M", "2": "F", "M": "M", "F": "F", "U": "U"}
ALWAYS_SAID: Final = frozenset({"not-confirmed"})
"""What a later year says about a row of an earlier one."""
GROWN_UP: Final = 18
LONGEST_NUMBER: Final = 20
"""A longer code cannot be the authority's number for a child (children.models.Child.reference)."""


def link(
    child: str,
    rows: Sequence[RawRow],
    *,
    on: date,
    latest_year: int,
    born_on: date | None = None,
    occupied: Sequence[Occupied] = (),
    begun: Collection[date] = (),
) -> ChildHistory:
    """The history of one child from all rows about the child, those loaded before among them.

    `rows` in the order of batches. `on` is the day of the reading: what lies after it has not happened. `latest_year`
    is the latest collection year of which Episodes are loaded. `born_on` is the date of birth already recorded, if one is.
    On the days `begun` a placement begins, whatever the rows say: it is already on record as one of its own.
    """
    linking = _Linking(rows, on=on, occupied=occupied)
    linking.read()
    person = linking.find_person(child, born_on)
    if person is None:
        return ChildHistory(
            child, None, (), (), (), (), tuple(linking.marks), tuple(linking.because), tuple(linking.findings)
        )
    linking.take_episodes()
    reviews = linking.take_reviews()
    told = Telling(linking.taken(), latest_year=latest_year, say=linking.say_of_episode, begun=begun)
    if not told.placements:
        linking.say("no-episodes", rows[0], "CHILD")
    return ChildHistory(
        child=child,
        person=person,
        care=tuple(told.care),
        placements=told.placements,
        legal_statuses=tuple(told.legal_statuses),
        reviews=reviews,
        marks=tuple(linking.marks),
        because=tuple(linking.because),
        findings=tuple(linking.findings),
    )


@dataclass(slots=True)
class _Read:
    """A row with what its cells say."""

    at: int
    """Its place among the rows given."""
    raw: RawRow
    values: dict[str, Value]

    def text(self, column: str) -> str:
        value = self.values.get(column)
        return value if isinstance(value, str) else ""

    def day(self, column: str) -> date | None:
        value = self.values.get(column)
        return value if isinstance(value, date) else None


@dataclass(slots=True)
class _Held:
    """An episode known so far, and whether it was taken into the history."""

    episode: Episode
    rows: list[_Read]
    taken: bool


class _Linking:
    """One child's rows on their way into a history."""

    def __init__(self, rows: Sequence[RawRow], *, on: date, occupied: Sequence[Occupied]) -> None:
        self.on = on
        self.marks = [Mark.USED if row.table in LINKED_TABLES else Mark.KEPT for row in rows]
        self.because = [""] * len(rows)
        self.findings: list[Finding] = []
        self.held: dict[date, _Held] = {}
        self._starts: list[date] = []
        self._raw = rows
        self._rows: list[_Read] = []
        self._occupied = occupied
        self._born_on: date | None = None

    # Reading

    def read(self) -> None:
        """Read every cell; leave out rows that repeat another of their table in their batch, and rows run together."""
        seen: dict[tuple[int, str, tuple[tuple[str, str], ...]], RawRow] = {}
        for at, raw in enumerate(self._raw):
            content = (raw.batch, raw.table, tuple(sorted(raw.cells.items())))
            first = seen.setdefault(content, raw)
            if first is not raw:
                self.set_aside(_Read(at, raw, {}), Mark.REPEATED, "repeated", row=str(first.row), file=first.file)
                continue
            if column := _runs_on(raw):
                self.refuse(_Read(at, raw, {}), "runs-on", column)
                continue
            values, findings = values_of(raw, on=self.on)
            if raw.is_new:
                self.findings += findings
            self._rows.append(_Read(at, raw, values))

    def of_table(self, key: str) -> Iterator[_Read]:
        """The rows of a table that are not refused, in the order given."""
        return (row for row in self._rows if row.raw.table == key and self.marks[row.at] != Mark.REFUSED)

    # The child

    def find_person(self, child: str, born_on: date | None) -> Person | None:
        """Who the child is; refuses the rows of another child. None where no row says when the child was born."""
        headers = [row for row in self._rows if row.raw.table == HEADER.key]
        for row in headers:
            born = row.day("DOB")
            if born and born > self.on:
                self.refuse(row, "born-later", "DOB")
                row.values["DOB"] = None
        born_on = born_on or self._first_date_of_birth(headers)
        if born_on is None or len(child) > LONGEST_NUMBER:
            for row in self._rows:
                self.refuse(row, *(("too-long-child", "CHILD") if born_on else ("no-date-of-birth", "DOB")))
            return None
        self._born_on = born_on
        self._refuse_another_child(child, born_on)
        return self._person(born_on)

    def _first_date_of_birth(self, headers: list[_Read]) -> date | None:
        for row in headers:
            if born := row.day("DOB"):
                return born
        for row in self._rows:
            if (born := row.day("DOB")) and born <= self.on:
                self.say("no-header", row.raw, "DOB", table=row.raw.table)
                return born
        return None

    def _refuse_another_child(self, child: str, born_on: date) -> None:
        said = {"child": child, "born": said_day(born_on)}
        for _, batch in groupby(self._rows, key=lambda row: row.raw.batch):
            rows = list(batch)
            births = {row.day("DOB") for row in rows if row.raw.table == HEADER.key} - {None}
            is_another = bool(births) and born_on not in births
            if len(births) > 1 and not is_another:
                self.say("whose-rows", rows[0].raw, "DOB", **said)
            for row in rows:
                born = row.day("DOB")
                if born and born != born_on:
                    self.refuse(row, "another-child", "DOB", **said)
                elif is_another:
                    self.refuse(row, "rows-of-another-child", "CHILD", **said)

    def _person(self, born_on: date) -> Person:
        facts: dict[str, str] = {}
        told_by: dict[str, RawRow] = {}
        seen_in: int | None = None
        for row in sorted(self.of_table(HEADER.key), key=lambda row: row.raw.year):
            if seen_in is not None and seen_in != row.raw.year:
                self.say("same-child", row.raw, "CHILD", year=said_year(seen_in))
            seen_in = row.raw.year
            for column in ("SEX", "ETHNIC", "UPN"):
                value = row.text(column)
                value = SEX_AS_KEPT.get(value, "") if column == "SEX" else value
                before = facts.get(column)
                if value and before and value != before:
                    self.say("fact-changed", row.raw, column, before=before, year=said_year(told_by[column].year))
                if value:
                    facts[column], told_by[column] = value, row.raw
        return Person(born_on, facts.get("SEX", "U"), facts.get("ETHNIC", ""), facts.get("UPN", ""))

    # Episodes

    def take_episodes(self) -> None:
        """Decide of each episode whether it is taken, brings another up to date, or is marked."""
        for _, batch in groupby(self.of_table(EPISODES.key), key=lambda row: row.raw.batch):
            episodes = [(episode, row) for row in list(batch) if (episode := self._episode(row))]
            in_batch: dict[date, int] = {}
            for episode, row in sorted(episodes, key=lambda pair: pair[0].started_on):
                first = in_batch.setdefault(episode.started_on, episode.row)
                held = self.held.get(episode.started_on)
                if first != episode.row:
                    self.refuse(row, "twice-in-one-year", "DECOM", row=str(first))
                elif held is None:
                    self._take(episode, row)
                else:
                    self._bring_up_to_date(held, episode, row)

    def _episode(self, row: _Read) -> Episode | None:
        """The episode that a row tells; None where it tells none, and then the row is refused."""
        started, ended = row.day("DECOM"), row.day("DEC")
        if started is None:
            self.refuse(row, "no-start", "DECOM")
            return None
        if wrong := _no_episode(row, started, ended, self.on):
            self.refuse(row, *wrong)
            return None
        self._hold_against_birth(row, started)
        if started > year_ended(row.raw.year):
            self.say("starts-after-year", row.raw, "DECOM", year=said_year(row.raw.year))
        if ended and ended > self.on:
            self.say("ends-later", row.raw, "DEC")
            ended = None
        elif ended is None and row.text("REC"):
            self.say("reason-but-open", row.raw, "REC")
        elif ended and not row.text("REC"):
            self.say("ended-without-reason", row.raw, "REC")
        if not row.text("LS"):
            self.say("no-legal-status", row.raw, "LS")
        return Episode(
            started_on=started,
            ended_on=ended,
            reason=row.text("RNE"),
            legal_status=row.text("LS"),
            need=row.text("CIN"),
            place=row.text("PLACE"),
            provider=row.text("PLACE_PROVIDER"),
            how_ended=row.text("REC") if ended else "",
            why_moved=row.text("REASON_PLACE_CHANGE"),
            home_postcode=row.text("HOME_POST"),
            postcode=row.text("PL_POST"),
            urn=row.text("URN"),
            year=row.raw.year,
            file=row.raw.file,
            row=row.raw.row,
        )

    def _hold_against_birth(self, row: _Read, started: date) -> None:
        if self._born_on and started < self._born_on:
            self.say("before-birth", row.raw, "DECOM")
        elif self._born_on and row.text("RNE") == STARTED and started >= birthday(self._born_on, GROWN_UP):
            self.say("grown-up", row.raw, "DECOM")

    def _take(self, episode: Episode, row: _Read) -> None:
        held = self.held[episode.started_on] = _Held(episode, [row], taken=False)
        self._try_to_take(held, episode)

    def _try_to_take(self, held: _Held, episode: Episode) -> None:
        """Take an episode not taken yet, if it fits between those that are."""
        held.episode = episode
        if found := self._overlapped(episode):
            self._mark(held, *found)
            return
        held.taken = True
        insort(self._starts, episode.started_on)
        for row in held.rows:
            self.marks[row.at], self.because[row.at] = Mark.USED, ""

    def _mark(self, held: _Held, code: str, since: date, until: date | None) -> None:
        self.set_aside(held.rows[-1], Mark.OVERLAPS, code, "DECOM", since=said_day(since), until=_say_until(until))

    def _bring_up_to_date(self, held: _Held, episode: Episode, row: _Read) -> None:
        held.rows.append(row)
        before = held.episode
        if episode.year < before.year:
            self.marks[row.at] = Mark.USED if held.taken else Mark.OVERLAPS
            self.because[row.at] = self.because[held.rows[0].at]
            self.say("older-row", row.raw, "DECOM", year=said_year(before.year))
            return
        changes = changes_between(before, episode)
        self.say(
            "brought-up-to-date" if changes else "same-episode",
            row.raw,
            "DECOM",
            year=said_year(before.year),
            changes="; ".join(changes),
        )
        if not held.taken:
            self._try_to_take(held, episode)
        elif found := self._overlapped(episode):
            _, since, until = found
            said = {"since": said_day(since), "until": _say_until(until)}
            self.set_aside(row, Mark.OVERLAPS, "update-overlaps", "DEC", **said)
        else:
            held.episode = episode

    def _overlapped(self, episode: Episode) -> tuple[str, date, date | None] | None:
        """What an episode would overlap: the reason's code, and the first day and end of what is there."""
        start, end = episode.started_on, episode.ended_on
        place = bisect_left(self._starts, start)
        neighbours = [self._starts[place - 1]] if place else []
        neighbours += [other for other in self._starts[place : place + 2] if other != start][:1]
        for other in neighbours:
            until = self.held[other].episode.ended_on
            if _overlap(start, end, other, until):
                return "overlaps", other, until
        for lived in self._occupied:
            if _overlap(start, end, lived.started_on, lived.ended_on):
                return "overlaps-record", lived.started_on, lived.ended_on
        return None

    def taken(self) -> list[Episode]:
        """The episodes of the history, in the order of their beginning."""
        return [self.held[start].episode for start in self._starts]

    # Reviews

    def take_reviews(self) -> tuple[Review, ...]:
        """The reviews that were held, one a day, in the order of days."""
        held: dict[date, _Read] = {}
        for row in self.of_table(REVIEWS.key):
            day = row.day("REVIEW")
            if day is None:
                self.refuse(row, "no-review-day", "REVIEW")
                continue
            if day > self.on:
                self.refuse(row, "review-later", "REVIEW")
                continue
            first = held.get(day)
            if first is not None:
                self.say("same-review", row.raw, "REVIEW", row=str(first.raw.row), file=first.raw.file)
            elif day > year_ended(row.raw.year):
                self.say("review-after-year", row.raw, "REVIEW", year=said_year(row.raw.year))
            if first is None or row.raw.year >= first.raw.year:
                held[day] = row
        return tuple(Review(day, held[day].text("REVIEW_CODE")) for day in sorted(held))

    # Findings

    def refuse(self, row: _Read, code: str, column: str = "", /, **facts: str) -> None:
        """Make nothing of a row, and say why."""
        self.set_aside(row, Mark.REFUSED, code, column, **facts)

    def set_aside(self, row: _Read, mark: Mark, code: str, column: str = "", /, **facts: str) -> None:
        """Mark a row of which nothing is made, and say why."""
        self.marks[row.at] = mark
        self.because[row.at] = about(row.raw, code, column, **facts).reason
        self.say(code, row.raw, column, **facts)

    def say(self, code: str, row: RawRow, column: str = "", /, **facts: str) -> None:
        """A finding about a row, if the row is new."""
        if row.is_new or code in ALWAYS_SAID:
            self.findings.append(about(row, code, column, **facts))

    def say_of_episode(self, code: str, episode: Episode, column: str, /, **facts: str) -> None:
        """A finding about the row that tells an episode as it is now."""
        rows = self.held[episode.started_on].rows
        row = next(row.raw for row in rows if (row.raw.file, row.raw.row) == (episode.file, episode.row))
        self.say(code, row, column, **facts)


def about(row: RawRow, code: str, column: str = "", /, **facts: str) -> Finding:
    """The finding that a reason's code makes of a row, or of its cell in a column."""
    return Finding(
        code, row.file, row.row, column, row.cells.get(column, ""), tuple(facts.items()), row.table, row.child
    )


def _runs_on(row: RawRow) -> str | None:
    """The first column of the table whose cell holds a line break; None where none does."""
    return next((name for name in TABLE[row.table].names if "\n" in row.cells.get(name, "")), None)


def _no_episode(row: _Read, started: date, ended: date | None, on: date) -> tuple[str, str] | None:
    """Why a row with a beginning tells no episode: the reason's code and the column; None where it tells one."""
    if started > on:
        return "starts-later", "DECOM"
    if ended is None and row.raw.cells.get("DEC", "").strip():
        return "end-not-read", "DEC"
    if ended and ended <= started:
        return "no-days" if ended == started else "ends-before-it-starts", "DEC"
    return None


def _overlap(start: date, end: date | None, other: date, until: date | None) -> bool:
    """Do two spans share a day? Ends are exclusive; None is an open end."""
    return (until is None or start < until) and (end is None or other < end)


def _say_until(until: date | None) -> str:
    return f"until {said_day(until)}" if until else "still open"
