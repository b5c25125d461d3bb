"""What Hearth knows already when a record is typed: shown as facts, and sealed into the version as it was.

Nobody types these again. An app keeps a table of `Fact`: what each is, where it comes from, and how it reads at a moment.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from casework.sections.parts import Asks, Part, Row

KNOWN: Final = "known"
WITHHELD: Final = "Withheld: your role does not see this."
WRITTEN_BY_HEARTH: Final = Part(
    KNOWN,
    "What Hearth knew when this was typed",
    asks=Asks.KNOWN,
    required=False,
    columns=(
        Part("label", "What", asks=Asks.LINE),
        Part("says", "What is on record"),
        Part("source", "Where from", asks=Asks.LINE),
    ),
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that Hearth knows."""

    name: str
    label: str
    source: str
    says: Callable[[Any], str]
    """How it reads, of all that is known; empty where nothing is on record."""
    by_address: bool = False
    """Is it for those only who may know where the child lives?"""


def rows_of(facts: Iterable[Fact], known: Any) -> list[dict[str, str]]:
    """What is known, as the rows of a record: what nothing is on record about is left out."""
    said = ((fact, fact.says(known)) for fact in facts)
    return [{"name": f.name, "label": f.label, "says": says, "source": f.source} for f, says in said if says]


def may_read(row: Row, facts: Mapping[str, Fact], *, address: bool) -> bool:
    """May somebody read a fact as it was sealed, who may know an address or may not? An unknown one passes for one."""
    fact = facts.get(row["name"])
    return address or (fact is not None and not fact.by_address)


def readable(rows: Sequence[Row], facts: Mapping[str, Fact], *, address: bool) -> list[Row]:
    """Facts as somebody may read them."""
    return [row if may_read(row, facts, address=address) else {**row, "says": WITHHELD} for row in rows]
