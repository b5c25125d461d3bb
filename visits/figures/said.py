"""How the rows of a list are said: the same columns on the page and in the spreadsheet.

To whoever only counts, rows are said without the child and without the people.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from accounts.models import User
from accounts.roles import Role
from casework.ledger import Closed
from casework.limits import local_day
from casework.links import link_to
from casework.models import Duty
from casework.procedures import row_on
from casework.wording import counted, due, due_on, said_day, said_moment
from children.models import Child
from visits.figures.asking import Asked
from visits.figures.listed import COUNTS_FOR_SOMEBODY, SAYS_HOW_LATE
from visits.figures.table import Of

Cell = Any
"""A plain value, or one with says, url and note."""
NOBODY_ON_RECORD: Final = "Nobody on record"


@dataclass(frozen=True, slots=True)
class Column:
    """One heading of a list, and what it says of a row."""

    label: str
    says: Callable[[Any, Asked], Cell]
    sort: str | None = None
    names: bool = False
    """Does it say who somebody is?"""
    numeric: bool = False


def columns_of(asked: Asked) -> list[Column]:
    """The headings of a list, for whoever asks."""
    figure = asked.figure
    found = [*COLUMNS[figure.of]]
    if figure.code in SAYS_HOW_LATE:
        found.append(Column("Days late", lambda row, _: row.days_late.days, "-late", numeric=True))
    if figure.why:
        words = {why.code: why.says for why in figure.why}
        found.append(Column(figure.asks, lambda row, _: words[row.reason]))
    return [column for column in found if asked.whose.has_names or not column.names]


def said(found: Iterable[Any], asked: Asked) -> list[list[Cell]]:
    """The rows of a page. The people whom they count for are asked for at once."""
    columns, shown = columns_of(asked), list(found)
    if asked.figure.of in COUNTS_FOR_SOMEBODY:
        people = {user.pk: user.name for user in User.objects.filter(pk__in={row.person for row in shown})}
        for row in shown:
            row.counts_for = people.get(row.person, NOBODY_ON_RECORD)
    return [[column.says(row, asked) for column in columns] for row in shown]


def plainly(cell: Cell) -> Any:
    """A cell as a spreadsheet has it."""
    if not isinstance(cell, dict):
        return cell
    return f"{cell['says']}, {cell['note']}" if cell.get("note") else cell["says"]


def _child(child: Child) -> Cell:
    return {"says": child.name, "url": link_to("children:child", child.pk)}


def rule_in_words(kind: str, day: date) -> str:
    """A rule with its code, as it held on a day."""
    rule = row_on(kind, day)
    return f"{kind} {rule.says}" if rule else kind


def _stands(duty: Duty, asked: Asked) -> str:
    """How a duty stood at the end of the month, or stands now; or how it ended."""
    as_of = asked.month.as_of
    if duty.closed_at is None or duty.closed_at > as_of:
        return due(duty.due_at, as_of).capitalize()
    ended = said_day(duty.closed_at)
    return f"Met on {ended}" if duty.closed_as == Closed.MET else f"Closed on {ended}, not made"


def _next_due(child: Any, asked: Asked) -> Cell:
    if child.next_due is None:
        return "None"
    return {"says": due_on(child.next_due), "note": due(child.next_due, asked.month.at)}


def _when(moment: datetime | None, asked: Asked) -> Cell:
    if moment is None:
        return "Not on record"
    days = (local_day(asked.month.at) - local_day(moment)).days
    return {"says": said_day(moment), "note": f"{counted(days, 'day')} ago" if days else "today"}


def _of_duties(what: str) -> tuple[Column, ...]:
    return (
        Column("Child", lambda row, _: _child(row.case_file.child), "name", names=True),
        Column(what, lambda row, _: rule_in_words(row.kind, local_day(row.opened_at))),
        Column("Role", lambda row, _: Role(row.role).label),
        Column("Who", lambda row, _: {"says": row.counts_for, "note": row.stands_in}, names=True),
        Column("Last day", lambda row, _: due_on(row.due_at), "when"),
        Column("How it stands", _stands),
    )


COLUMNS: Final[Mapping[Of, tuple[Column, ...]]] = {
    Of.CHILDREN: (
        Column("Child", lambda row, _: _child(row), "name", names=True),
        Column("Last seen", lambda row, asked: _when(row.last_seen, asked), "when"),
        Column("Last seen alone", lambda row, asked: _when(row.last_alone, asked)),
        Column("Next visit due", _next_due),
    ),
    Of.DUTIES: _of_duties("Visit"),
    Of.AROUND_REVIEWS: _of_duties("What is owed"),
    Of.VISITS: (
        Column("Child", lambda row, _: _child(row.placement.child), "name", names=True),
        Column(
            "When",
            lambda row, asked: (
                {"says": said_moment(row.made_at), "url": link_to("visits:visit", row.pk)}
                if asked.whose.has_names
                else said_day(row.made_at)
            ),
            "when",
        ),
        Column("Role", lambda row, _: row.get_role_display()),
        Column("Who visited", lambda row, _: row.counts_for, names=True),
        Column("How the child was seen", lambda row, _: row.how_seen),
    ),
    Of.READINGS: (
        Column("Child", lambda row, _: _child(row.version.form.child), "name", names=True),
        Column("Form", lambda row, _: str(row.version.form)),
        Column("Read by", lambda row, _: row.by.name, names=True),
        Column("Read on", lambda row, _: said_day(row.at), "when"),
        Column("Conclusion", lambda row, _: row.get_concludes_display()),
    ),
}
