"""What a page of figures, or the list behind one, is about: whose visits, which month, which figure, narrowed to what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from accounts.roles import Role
from casework.limits import local_day
from casework.lists import number_in
from children.caseloads.recent import month_of
from visits.figures.table import BY_CODE, KINDS, Figure, Month
from visits.figures.whose import Whose

NOBODY: Final = "nobody"


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for."""

    whose: Whose
    month: Month
    figure: Figure
    role: str = ""
    rule: str = ""
    who: str = ""
    """A role and a person, "social_worker:7"; nobody, "social_worker:nobody"."""
    why: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str], whose: Whose, at: datetime) -> "Asked":
        """What an address asks; what it says that is unknown is passed over."""
        figure = BY_CODE.get(asked.get("figure", ""), BY_CODE["overdue"])
        month = Month(month_of(asked.get("month", ""), local_day(at)), at)
        role, rule, why = asked.get("role", ""), asked.get("rule", ""), asked.get("why", "")
        who = asked.get("who", "") if whose.has_names else ""
        return cls(
            whose,
            month,
            figure,
            role=role if role in Role.values else "",
            rule=rule if rule in KINDS else "",
            who=who if _person_in(who) is not None else "",
            why=why if why in {each.code for each in figure.why} else "",
        )

    @property
    def person(self) -> int | None:
        """Whom the rows are narrowed to; None for nobody."""
        return _person_in(self.who) or None


def _person_in(who: str) -> int | None:
    """The person whom an address names: 0 for nobody, None where it names none."""
    role, _, person = who.partition(":")
    if role not in Role.values:
        return None
    return 0 if person == NOBODY else number_in(person)


def address_of(asked: Asked, **narrowing: str) -> str:
    """The part of an address that says whose visits, in which month, and what else narrows them."""
    said_so = {"of": asked.whose.value, "month": f"{asked.month.first:%Y-%m}", **narrowing}
    return urlencode({name: value for name, value in said_so.items() if value})


def who_of(role: str, person: int | None) -> str:
    """A role and a person, as an address says them."""
    return f"{role}:{person or NOBODY}"
