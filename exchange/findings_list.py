"""The findings of a delivery, as one person may see them: counted, filtered, a page at a time, or all in a stream.

However many there are, a page asks the database a constant number of times: one question counts, one reads the page.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any, Final, NamedTuple

from django import forms
from django.db.models import Count, QuerySet
from django.http import QueryDict

from casework import reading
from casework.lists import FilterForm, number_in
from children import access
from children.models import Child
from exchange.findings import FROM_THE_RECORD, REASONS, WITHHELD, Finding, Level
from exchange.models import URGENCY, Delivery, KeptFinding
from exchange.permissions import may_see_values

LEVELS: Final = {
    Level.REFUSED: ("Refused", "alarm"),
    Level.WARNED: ("Warned", "watch"),
    Level.LINKED: ("Linked", "plain"),
    Level.LOADED: ("Taken as it stands", "plain"),
}
ANY: Final = ("", "Any")
OF_A_LINE: Final = ("code", "facts", "file", "table", "row", "column", "value", "child")
AT_ONCE: Final = 2000


class Line(NamedTuple):
    """One finding as somebody may see it."""

    level: Level
    says: str
    file: str
    table: str
    row: int | None
    column: str
    value: str
    child: str


class FindingsFilter(FilterForm):
    """Narrows the list; the child is not among the choices, because a code does not belong in an address."""

    level = forms.ChoiceField(label="What became of it", required=False)
    kind = forms.ChoiceField(label="What was found", required=False)
    file = forms.ChoiceField(label="File", required=False)
    table = forms.ChoiceField(label="Table", required=False)
    of = forms.IntegerField(required=False, widget=forms.HiddenInput)
    """Any finding about the child whose findings are asked for."""

    def __init__(self, *args: Any, seen: "FindingsSeen", **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name, choices in seen.choices.items():
            self.fields[name].choices = [ANY, *choices]


class FindingsSeen:
    """The findings of a delivery that a person may see, narrowed as an address asks."""

    def __init__(self, delivery: Delivery, user: Any, at: datetime, asked: QueryDict) -> None:
        self.delivery = delivery
        self.shows_values = may_see_values(delivery, user)
        # Few, and asked for once: a long list is read in many questions.
        hidden = list(
            Child.objects.exclude(access.children_not_hidden_from(user, at)).values_list("reference", flat=True)
        )
        self._all = KeptFinding.objects.filter(delivery=delivery).exclude(code__in=FROM_THE_RECORD, child__in=hidden)
        self.child = self._child_of(asked.get("of", ""))
        self.form = FindingsFilter(asked, seen=self)
        self.chosen = {name: value for name, value in self.form.chosen.items() if name != "of"}

    def _child_of(self, finding: str) -> str:
        """The code of the child whom a finding is about."""
        return self._all.filter(pk=number_in(finding)).values_list("child", flat=True).first() or ""

    def about(self, child: str) -> int | None:
        """Any finding about the child with this very code; None where there is none."""
        return self._all.filter(child=child).order_by("pk").values_list("pk", flat=True).first() if child else None

    @property
    def _of_child(self) -> QuerySet[KeptFinding]:
        return self._all.filter(child=self.child) if self.child else self._all

    @cached_property
    def _tallies(self) -> list[tuple[str, str, str, int]]:
        """How many there are of each kind in each file, before anything but the child is chosen."""
        grouped = self._of_child.order_by().values_list("code", "file", "table").annotate(Count("pk"))
        return sorted(grouped, key=lambda row: (row[1], URGENCY[REASONS[row[0]].level], row[0]))

    @cached_property
    def _files(self) -> list[str]:
        return list(dict.fromkeys(file for _, file, _, _ in self._tallies))

    @cached_property
    def choices(self) -> dict[str, list[tuple[str, str]]]:
        """What one can choose, by the name of the question. A file is named by its place: its name may name somebody."""
        kinds: Counter[str] = Counter()
        for code, _, _, number in self._tallies:
            kinds[code] += number
        tables = sorted({table for _, _, table, _ in self._tallies if table})
        return {
            "level": [(level.value, says) for level, (says, _) in LEVELS.items()],
            "kind": [(code, f"{kind_in_words(code)} ({kinds[code]:,})") for code in REASONS if code in kinds],
            "file": [(str(place), self._said_file(name)) for place, name in enumerate(self._files, start=1)],
            "table": [(table, table) for table in tables],
        }

    @property
    def in_words(self) -> dict[str, str]:
        """Each choice as it is said, by the name of the question."""
        said = {name: says for name, says in self.form.in_words().items() if name != "of"}
        return said | ({"of": f"Child: {self.child}"} if self.child else {})

    @cached_property
    def count(self) -> int:
        """How many there are as narrowed."""
        return sum(number for *of, number in self._tallies if self._is_chosen(*of))

    def of_level(self, level: Level) -> int:
        """How many there are of a level, whatever else is chosen."""
        return sum(number for code, _, _, number in self._tallies if REASONS[code].level == level)

    def _is_chosen(self, code: str, file: str, table: str) -> bool:
        return (
            self.chosen.get("level", REASONS[code].level) == REASONS[code].level
            and self.chosen.get("kind", code) == code
            and self.chosen.get("table", table) == table
            and ("file" not in self.chosen or self._file == file)
        )

    @cached_property
    def _folder(self) -> str:
        return str(self.delivery.folder_of_loose_files)

    def _said_file(self, name: str) -> str:
        """What a file is called to whoever brought it: loose files lie in a folder that only the product names."""
        return "All of the files" if name == self._folder else name.removeprefix(f"{self._folder}/")

    @property
    def _file(self) -> str:
        return self._files[int(self.chosen["file"]) - 1]

    @property
    def rows(self) -> QuerySet[KeptFinding, tuple[Any, ...]]:
        """The findings as narrowed, what to look at first at the top: for each what `_lines` makes a line of."""
        found = self._of_child
        if level := self.chosen.get("level"):
            found = found.filter(urgency=URGENCY[Level(level)])
        if kind := self.chosen.get("kind"):
            found = found.filter(code=kind)
        if table := self.chosen.get("table"):
            found = found.filter(table=table)
        if "file" in self.chosen:
            found = found.filter(file=self._file)
        return found.values_list(*OF_A_LINE)

    def page(self, rows: Iterable[tuple[Any, ...]]) -> list[Line]:
        """Some of the findings; the read log hears whose they are."""
        lines = list(self._lines(rows))
        _note({line.child for line in lines})
        return lines

    def stream(self) -> Iterator[Line]:
        """All of the findings as narrowed, however many, in the order of pages; call `note_all` before.

        A stretch at a time, each found by the index at once: one long answer would take longer than a page may wait.
        """
        for urgency in sorted(URGENCY.values()):
            left, last = self.rows.filter(urgency=urgency).order_by("pk").values_list("pk", *OF_A_LINE), 0
            while stretch := list(left.filter(pk__gt=last)[:AT_ONCE]):
                last = stretch[-1][0]
                yield from self._lines(row[1:] for row in stretch)

    def _lines(self, rows: Iterable[tuple[Any, ...]]) -> Iterator[Line]:
        shows = self.shows_values
        for code, facts, file, table, row, column, value, child in rows:
            says = _sentence(code, tuple(map(tuple, facts)), shows)
            yield Line(
                REASONS[code].level, says, self._said_file(file), table, row, column, value if shows else "", child
            )

    def note_all(self) -> None:
        """The read log hears of every child in the list."""
        _note(self.rows.exclude(child="").order_by().values("child"))


@lru_cache(maxsize=10_000)  # most sentences come again and again
def _sentence(code: str, facts: tuple[tuple[str, str], ...], shows: bool) -> str:
    finding = Finding(code, "", facts=facts)
    return finding.reason if shows else finding.reason_without_particulars


def kind_in_words(code: str) -> str:
    """What a kind of finding is, in the words of its sentence."""
    says = REASONS[code].says
    return re.sub(r"\{\w+\}", WITHHELD, says.partition(":")[0]).rstrip(".")


def _note(codes: Any) -> None:
    for case_file in Child.objects.filter(reference__in=codes).values_list("case_file", flat=True).order_by():
        reading.note(case_file)
