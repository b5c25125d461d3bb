"""What several kinds of decision ask alike: who was consulted and when, which pets there are, and days that have come."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from approvals.parts import YES_OR_NO, Asks, Part
from casework.limits import local_day
from casework.wording import said_day


def consulted(name: str, who: str, hint: str = "", *, only_if: tuple[str, str] | None = None) -> tuple[Part, Part]:
    """Somebody is consulted first: on which day, and what he or she said."""
    return (
        Part(f"{name}_on", f"When {who} consulted", hint, asks=Asks.DAY, only_if=only_if),
        Part(f"{name}_says", f"What {_in_answer(who)} said", only_if=only_if),
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


def _in_answer(who: str) -> str:
    """ "the IRO was" as the subject of an answer: "the IRO"."""
    return who.rsplit(" ", 1)[0]
