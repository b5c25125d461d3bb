"""A record as it is typed: a form for each section, and the whole that is sent.

A section is kept as a draft under its own address until the whole is sent: it can be left at any time, half done. `typed`
is what stands in its boxes, by the names of the controls; `content` is what the record keeps.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.html import format_html

from casework.forms import NOTHING_CHOSEN, DayField, Form, Line, Text
from casework.sections.parts import OF, SAID, Asks, Given, Part, Section
from casework.sections.rules import Bounds, objections_to_day
from casework.taking import FormOnAVersion

MOST_ROWS = 100
ROWS_IN_A_ROW = 2
"""Lines of a box that stands among others in one row of many."""

Typed = Mapping[str, Any]
Rows = Mapping[str, Sequence[Given]]
"""Of parts whose rows are there already, and differ from record to record: the rows."""


def control(part: Part, number: int | str, column: Part) -> str:
    """The name of the control in which a row, by its number or code, answers a column."""
    return f"{part.name}_{number}_{column.name}"


def typed_of(section: Section, content: Mapping[str, Any]) -> dict[str, str]:
    """What a record says in a section, as it is typed into its boxes."""
    typed: dict[str, str] = {}
    for part in section.parts:
        answer = content.get(part.name, [] if part.columns else "")
        for number, row in enumerate(answer if part.columns else (), start=1):
            for column in part.columns:
                typed |= _boxes(control(part, row.get(OF, number), column), column, row.get(column.name, ""))
        if not part.columns:
            typed |= _boxes(part.name, part, answer)
    return typed


def _boxes(name: str, part: Part, answer: str) -> dict[str, str]:
    if part.asks != Asks.DAY:
        return {name: answer}
    day = date.fromisoformat(answer) if answer else None
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)} if day else {}


def rows_typed(part: Part, typed: Typed) -> list[int]:
    """The numbers of the rows into which something is typed."""
    return [
        number
        for number in range(1, MOST_ROWS + 1)
        if any(_is_typed(control(part, number, column), typed) for column in part.columns)
    ]


def _is_typed(name: str, typed: Typed) -> bool:
    boxes = (name, *(f"{name}_{box}" for box in ("day", "month", "year")))
    return any(str(typed.get(box) or "").strip() for box in boxes)


def is_begun(section: Section, typed: Typed) -> bool:
    """Is anything typed into this section?"""
    names = [part.name for part in section.parts if not part.columns]
    rows = any(rows_typed(part, typed) for part in section.parts if part.asks == Asks.ROWS)
    given = tuple(f"{part.name}_" for part in section.parts if part.asks == Asks.GIVEN)
    return rows or any(_is_typed(name, typed) for name in [*names, *(name for name in typed if name.startswith(given))])


class Suggesting(forms.TextInput):
    """A line beside which some answers are offered; it takes any other as well."""

    template_name = "forms/suggesting.html"

    def __init__(self, suggests: Sequence[str]):
        super().__init__()
        self.suggests = suggests

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """The line, and what is offered."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        offered = f"{context['widget']['attrs'].get('id', name)}_suggestions"
        context["widget"]["attrs"]["list"] = offered
        return {**context, "offered": offered, "suggests": self.suggests}


class SectionForm(Form):
    """One section of a record. `owners` are the choices of a part that asks for one, `given` the rows of its own."""

    differ: ClassVar[frozenset[str]] = frozenset()
    """The parts of which no two rows begin alike."""

    def __init__(
        self,
        *args: Any,
        section: Section,
        bounds: Bounds,
        owners: Sequence[tuple[str, str]] = (),
        given: Rows | None = None,
        typed: Typed,
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.section, self.bounds, self.owners = section, bounds, owners
        self.given = {part.name: (given or {}).get(part.name, part.given) for part in section.parts}
        self.numbers: dict[str, list[int | str]] = {}
        self.reveals: dict[str, dict[str, tuple[str, ...]]] = {}
        for part in section.parts:
            if part.columns:
                self._ask_rows(part, typed)
                continue
            self.fields[part.name] = self._field(part, part.label, required=part.required)
            if part.only_if:
                self._reveal(part.name, part, part.only_if[0])
        if not self.is_bound:
            self.take_up(typed)

    def _ask_rows(self, part: Part, typed: Typed) -> None:
        """The rows that are given; or as many as are typed, and an empty one."""
        last = max(rows_typed(part, typed), default=0)
        as_many = range(1, min(last + 1, MOST_ROWS) + 1)
        self.numbers[part.name] = [row.code for row in self.given[part.name]] if part.asks == Asks.GIVEN else [*as_many]
        for number in self.numbers[part.name]:
            for column in part.columns:
                field = self._field(column, column.label, required=False)
                if column.asks == Asks.TEXT:
                    field.widget.attrs["rows"] = ROWS_IN_A_ROW
                field.is_small = part.asks == Asks.GIVEN and column.asks == Asks.CHOICE  # type: ignore[attr-defined]
                self.fields[control(part, number, column)] = field
            asked = {column.name: column for column in part.columns}
            for column in part.columns:
                if column.only_if:
                    question = control(part, number, asked[column.only_if[0]])
                    self._reveal(control(part, number, column), column, question)

    def _reveal(self, name: str, part: Part, question: str) -> None:
        answers = self.reveals.setdefault(question, {})
        for answer in part.only_if[1:]:
            answers[answer] = (*answers.get(answer, ()), name)

    def _field(self, part: Part, label: str, *, required: bool) -> forms.Field:
        told: dict[str, Any] = {"label": label, "help_text": part.hint, "required": required}
        if part.asks == Asks.DAY:
            return DayField(**told)
        if part.asks == Asks.CHOICE:
            return forms.ChoiceField(choices=part.choices, widget=forms.RadioSelect, **told)
        if part.asks == Asks.OWNER:
            return forms.ChoiceField(choices=[*NOTHING_CHOSEN, *self.owners], **told)
        if part.asks == Asks.LINE:
            return Line(
                max_length=part.longest, **told, **({"widget": Suggesting(part.suggests)} if part.suggests else {})
            )
        return Text(error_messages={"required": f"Write something under “{part.label}”"}, **told)

    @property
    def drawn(self) -> Iterator[dict[str, Any]]:
        """The fields in their order; of a part that is made of rows, its rows."""
        for part in self.section.parts:
            if part.columns:
                rows = [
                    {"number": number, "fields": [field for field in boxes if not field.is_revealed], "given": given}
                    for number, boxes, given in self._rows_drawn(part)
                ]
                about = {"is_given": part.asks == Asks.GIVEN, "is_full": len(rows) == MOST_ROWS}
                yield {"part": part, "rows": rows, **about}
            elif not self[part.name].is_revealed:
                yield {"field": self[part.name]}

    def _rows_drawn(self, part: Part) -> Iterator[tuple[int | str, list[Any], Given | None]]:
        given = {row.code: row for row in self.given[part.name]}
        for number in self.numbers[part.name]:
            yield number, [self[control(part, number, column)] for column in part.columns], given.get(str(number))

    @property
    def says_optional(self) -> bool:
        """The columns of a row that is left empty are not called optional."""
        return False

    def clean(self) -> Any:
        """Each row is whole, and each day lies where it can."""
        cleaned = super().clean()
        for part in self.section.parts:
            if part.columns:
                self._check_rows(part)
            elif part.asks == Asks.DAY:
                self._check_day(part, part.name)
        return cleaned

    def _check_rows(self, part: Part) -> None:
        if part.required and not self._rows(part):
            self.add_error(None, f"Write something under “{part.label}”")
        first_said: dict[str, int | str] = {}
        given = {row.code: row.says for row in self.given[part.name]}
        for number in self.numbers[part.name]:
            names = {column: control(part, number, column) for column in part.columns}
            if not any(_is_typed(name, self.data) for name in names.values()):
                continue
            row = {column.name: _kept(self.cleaned_data.get(name)) for column, name in names.items()}
            named = given.get(str(number), f"{part.row} {number}")
            for column, name in names.items():
                if column.required and column.is_asked(row) and not row[column.name] and name not in self.errors:
                    self.add_error(name, f"{named}: answer “{column.label}”")
                if column.asks == Asks.DAY:
                    self._check_day(column, name, f"{named}: ")
            says = str(self.cleaned_data.get(names[part.columns[0]], ""))
            if part.name in self.differ and says and says in first_said:
                same = f"it says the same as {part.row.lower()} {first_said[says]}. Put them together, or say how they differ"
                self.add_error(names[part.columns[0]], f"{part.row} {number}: {same}")
            first_said.setdefault(says, number)

    def _check_day(self, part: Part, name: str, before: str = "") -> None:
        day = self.cleaned_data.get(name)
        if day:
            for sentence in objections_to_day(part, day, self.bounds, subject=self.fields[name].subject):
                self.add_error(name, before + sentence)

    @property
    def content(self) -> dict[str, Any]:
        """What the record keeps of a section that is in order."""
        return {part.name: self._rows(part) if part.columns else self._answer(part) for part in self.section.parts}

    def _answer(self, part: Part) -> str:
        return _kept(self.cleaned_data.get(part.name))

    def _rows(self, part: Part) -> list[dict[str, str]]:
        rows = [
            {column.name: _kept(self.cleaned_data.get(control(part, number, column))) for column in part.columns}
            for number in self.numbers[part.name]
        ]
        if part.asks == Asks.GIVEN:
            return [
                {OF: given.code, SAID: given.says, **row}
                for given, row in zip(self.given[part.name], rows, strict=True)
            ]
        filled = [row for row in rows if any(row.values())]
        return [row for number, row in enumerate(filled) if row not in filled[:number]]


def _kept(answer: Any) -> str:
    return answer.isoformat() if isinstance(answer, date) else str(answer or "")


class WholeForm(FormOnAVersion):
    """The whole record, upon the version that the typist has read, if there is one: every section has to be done.

    `sections` are their forms, with what is typed in each; the page, which knows the drafts, gives them, and the address
    of each.
    """

    digest = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        sections: Sequence[SectionForm] = (),
        overtaken: Sequence[Section] = (),
        address_of: Callable[[Section], str],
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.sections, self.overtaken, self.address_of = sections, overtaken, address_of

    def take_up(self, draft: Any) -> None:
        """What is typed stands in the sections; what is sent is about the version that this page shows."""

    def clean(self) -> Any:
        """Every section is done, and typed upon the record as it now reads."""
        cleaned = super().clean()
        for form in self.sections:
            says = self._what_is_wrong(form)
            if says:
                section = form.section
                link = format_html('<a href="{}">{}: {}</a>', self.address_of(section), section.title, says)
                self.add_error(None, link)
        return cleaned

    def _what_is_wrong(self, form: SectionForm) -> str:
        if form.section in self.overtaken:
            return "somebody typed a newer version. Open this section and save it again"
        if form.is_valid():
            return ""
        if not is_begun(form.section, form.data):
            return "not begun yet"
        return ". ".join(str(each).rstrip(".") for errors in form.errors.values() for each in errors)

    def said_of_newer(self, newer: Any) -> str:
        """Both texts are kept."""
        return (
            f"{newer.typed_by} typed version {newer.number} while you were writing. What you typed is kept here, and version "
            f"{newer.number} is shown below it. Bring the two together, then send yours."
        )

    def content(self) -> dict[str, Any]:
        """What every section says; a part that is not asked with the answers given is empty."""
        content = {name: answer for form in self.sections for name, answer in form.content.items()}
        asked = {part.name: part for form in self.sections for part in form.section.parts}
        return {name: answer if asked[name].is_asked(content) else "" for name, answer in content.items()}

    def said(self) -> dict[str, Any]:
        """The content, and what it was written upon."""
        return {"content": self.content(), "digest": self.cleaned_data["digest"]}
