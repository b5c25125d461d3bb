"""Lists on pages: narrowed by a form, sorted by their headings, cut into pages. What is chosen stands in the address alone.

The parts are drawn by `components/filters.html`, `table.html` and `pagination.html`.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

from casework.forms import Form

MOST_DIGITS = 18


def number_in(text: str) -> int | None:
    """The number of a record that an address names; None where it is none, or larger than any."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None


class FilterForm(Form):
    """Narrows a list; none of it needs an answer."""

    says_optional = False

    @property
    def chosen(self) -> dict[str, Any]:
        """The choices made that can be understood."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def in_words(self) -> dict[str, str]:
        """Each choice as it is said: “Lawfulness: Not lawful”."""
        return {
            name: f"{self.fields[name].label}: {_said(self.fields[name], value)}" for name, value in self.chosen.items()
        }


def _said(field: Any, value: Any) -> str:
    for choice, label in getattr(field, "choices", ()):
        if isinstance(label, list | tuple) and value in dict(label):
            return str(dict(label)[value])
        if choice == value:
            return str(label)
    return str(value)


def applied(request: HttpRequest, in_words: Mapping[str, str]) -> list[dict[str, str]]:
    """The choices made, each with the address that takes it away."""
    return [{"label": says, "url": address(request, without=name)} for name, says in in_words.items()]


def address(request: HttpRequest, *, without: str = "", to: str = "", **more: str) -> str:
    """This list from its first page, with one choice taken away and others made; `to` another page about the same list."""
    query = request.GET.copy()
    for name in (without, "page"):
        query.pop(name, None)
    for name, value in more.items():
        query[name] = value
    return f"{to or request.path}?{query.urlencode()}" if query else to or request.path


def column(request: HttpRequest, label: str, sort: str | None, order: str, *, numeric: bool) -> dict[str, Any]:
    """A heading that sorts the list: by `sort` when it is first chosen, turned round when it is chosen again."""
    if sort is None:
        return {"label": label, "numeric": numeric}
    turned = sort.removeprefix("-") if sort.startswith("-") else f"-{sort}"
    direction = "descending" if order.startswith("-") else "ascending"
    return {
        "label": label,
        "numeric": numeric,
        "sort_url": address(request, without="sort", sort=turned if order == sort else sort),
        "sorted": direction if order in (sort, turned) else "",
    }


def order_of(request: HttpRequest, sorts: Mapping[str, Any]) -> str:
    """By which of these the list is sorted; empty for the usual order."""
    order = request.GET.get("sort", "")
    return order if order in sorts else ""


def page_of(request: HttpRequest, rows: Any, size: int, *, number: int | None = None) -> Page:
    """The page that is asked for; `number` of rows in all, where it is known without asking for it."""
    pages = Paginator(rows, size) if number is None else _Counted(rows, size, number)
    return pages.get_page(request.GET.get("page"))


class _Counted(Paginator):
    """Pages of a list whose length is known already."""

    def __init__(self, rows: Any, size: int, number: int):
        super().__init__(rows, size)
        self.number_of_rows = number

    @cached_property
    def count(self) -> int:
        """How many rows there are in all."""
        return self.number_of_rows
