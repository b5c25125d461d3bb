"""Which meetings there are: a row for each kind. Who chairs, who is invited, what is talked about, and what is due when.

Each app declares the kinds of its floor when it is loaded. A new kind is a row, and nothing else: pages, duties, minutes,
actions and calendar entries follow from it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from accounts.roles import Role


@dataclass(frozen=True, slots=True)
class Seat:
    """One who is invited, by role."""

    role: Role
    must: bool = False
    """Is the meeting not complete without?"""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to talk about; the minutes have a part for each."""

    name: str
    label: str
    hint: str = ""
    legal_advice: bool = False
    """Read only by those who may see legal advice."""

    def is_asked(self, content: Any) -> bool:
        """The minutes always have a part for it."""
        return True


ANYTHING_ELSE: Final = Item("anything_else", "Anything else")

Objections = Callable[[Any], list[str]]


def nothing_against(meeting: Any) -> list[str]:
    """It can be arranged whenever somebody arranges it."""
    return []


def always(meeting: Any) -> bool:
    """Whoever may add an action can."""
    return True


Elsewhere = Callable[[Any], tuple[str, str]]
"""What one does to say that the meeting was held, and the address of the page where one does it."""


@dataclass(frozen=True, slots=True)
class MeetingKind:
    """One kind of meeting."""

    code: str
    title: str
    """"Disruption meeting"."""
    file: str
    """Whose file it belongs to, a kind of case file: "child", "home", "provider"."""
    chairs: tuple[Role, ...]
    """Who chairs it, for this case: one of these."""
    agenda: tuple[Item, ...]
    cites: tuple[str, ...]
    """Who asks for it."""
    arranges: tuple[Role, ...] = ()
    """Who arranges it besides those who chair it."""
    seats: tuple[Seat, ...] = ()
    """Who is invited besides the chair."""
    outsiders: tuple[str, ...] = ()
    """Who is mostly invited from outside: "Parent", "Foster carer"."""
    never: tuple[str, ...] = ()
    """Who is never invited: words by which such a person is described, "provider"."""
    copies: tuple[Role, ...] = ()
    """Who gets the minutes without having been invited."""
    escalates_to: Role = Role.HOS
    """Who is told of an action that is not done although it was asked for."""
    held: str = "M-01"
    """The rule by which it is recorded who came."""
    minutes: str = "M-02"
    """The rule by which the minutes are typed; empty where another record says what was said."""
    circulation: str = "M-03"
    """The rule by which the minutes are sent round."""
    actions: str = "M-04"
    """The rule by which the actions are done."""
    held_elsewhere: Elsewhere | None = None
    """Where it is recorded who came, if not here: where another record takes the place of the minutes."""
    adds_actions: Callable[[Any], bool] = always
    """Is an action added on the page of the meeting? Not while another record is typed that says what was agreed."""
    objections: Objections = nothing_against
    """What stands against arranging it, of the case and of what it is about: sentences."""
    about: str = ""
    """The kind of record of the case that it is about, "placements.placement"; empty where it is about the whole case."""

    @property
    def arrangers(self) -> tuple[Role, ...]:
        """Who arranges it."""
        return (*self.chairs, *self.arranges)

    @property
    def must_come(self) -> tuple[Role, ...]:
        """The roles without which it is not complete."""
        return tuple(seat.role for seat in self.seats if seat.must)


_kinds: dict[str, MeetingKind] = {}


def declare(kinds: Iterable[MeetingKind]) -> None:
    """Add an app's kinds of meeting. Adding them again changes nothing."""
    _kinds.update({kind.code: kind for kind in kinds})


def kind_of(code: str) -> MeetingKind:
    """The row of a kind. Raises KeyError where nobody declared it."""
    return _kinds[code]


def kinds_for(file: str) -> list[MeetingKind]:
    """The kinds of meeting that are held about files of a kind, in the order in which they were declared."""
    return [kind for kind in _kinds.values() if kind.file == file]
