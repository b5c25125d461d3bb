"""What several kinds of decision ask alike: who was consulted and when, which pets there are, and days that have come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from accounts.roles import Role
from casework.limits import local_day
from casework.sections.parts import YES_OR_NO, Asks, Part
from casework.wording import said_day


@dataclass(frozen=True, slots=True)
class Consulted:
    """Somebody who is consulted before it is decided: the record says who that was, on which day, and what was said."""

    name: str
    who: str
    """Inside a sentence: "the IRO"."""
    named: str
    """How the record asks for the name: "Name of the IRO"."""
    were: str = "was"
    hint: str = ""
    role: Role | None = None
    """The role in which that person is allocated to the child, and can answer in Hearth; None where nobody signs in."""
    required: bool = True
    only_if: tuple[str, str] | None = None
    when: str = ""
    """Where that depends: "at a distance"."""

    @property
    def names(self) -> tuple[str, str, str]:
        """The names of its parts: who, on which day, what was said."""
        return f"{self.name}_who", f"{self.name}_on", f"{self.name}_says"

    @property
    def parts(self) -> tuple[Part, Part, Part]:
        """What the record asks of it."""
        who, on, says = self.names
        about: dict[str, Any] = {"only_if": self.only_if, "required": self.required}
        return (
            Part(who, self.named, asks=Asks.LINE, **about),
            Part(on, f"When {self.who} {self.were} consulted", self.hint, asks=Asks.DAY, **about),
            Part(says, f"What {self.who} said", **about),
        )


IRO: Final = Consulted("iro", "the IRO", "Name of the IRO", role=Role.IRO)
RELATIVES: Final = Consulted(
    "relatives", "the child’s parents and relatives", "Names of the parents and relatives", were="were"
)


def pets(where: str) -> tuple[Part, Part]:
    """Pets and the place they are kept (S1): whether there are any, and how the risks were assessed."""
    return (
        Part("pets", f"Are there pets {where}?", asks=Asks.CHOICE, choices=YES_OR_NO),
        Part(
            "pet_risks",
            "The pets, where they are kept, and the risks",
            "The animal and its surroundings, with any conditions. Where the breed is in doubt, what a vet said.",
            only_if=("pets", "yes"),
        ),
    )


def has_not_come(content: Mapping[str, str], parts: Sequence[Part], names: Sequence[str], at: datetime) -> list[str]:
    """Which of these parts name a day that lies ahead though they are about something done: a sentence for each."""
    today = local_day(at)
    labels = {part.name: part.label for part in parts}
    days = {name: date.fromisoformat(content[name]) for name in names if content.get(name)}
    return [
        f"“{labels[name]}” cannot be {said_day(day)}: that day has not come yet."
        for name, day in days.items()
        if day > today
    ]
