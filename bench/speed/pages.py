"""What a page answered, read from its HTML: row by row, to be held against the tables; and its form, as it would be sent."""

from typing import Any

Rows = list[tuple[str, ...]]


def said(element: Any) -> str:
    """What an element of a page says, its white space as a reader sees it."""
    return " ".join("".join(element.etree_element.itertext()).split()) if element is not None else ""


def texts(page: Any, selector: str) -> list[str]:
    """What the elements of a page say."""
    return [said(element) for element in page.query_all(selector)]


def filled(form: Any) -> dict[str, str]:
    """What a form would send as it stands."""
    sent: dict[str, str] = {}
    for control in form.query_all("input, textarea, select"):
        about = control.etree_element.attrib
        if control.local_name == "textarea":
            sent[about["name"]] = control.etree_element.text or ""
        elif control.local_name == "select":
            chosen = control.query("option[selected]") or control.query("option")
            sent[about["name"]] = chosen.etree_element.attrib.get("value", "") if chosen else ""
        elif "name" in about and (about.get("type") not in ("radio", "checkbox") or "checked" in about):
            sent[about["name"]] = about.get("value", "")
    return sent


def duties(page: Any) -> Rows:
    """The lines of My work: whose, and the sentence."""
    return [
        (said(line.query(".hearth-duty__title a strong")), said(line.query(".hearth-duty__says")))
        for line in page.query_all("li.hearth-duty")
    ]


def duties_with_owners(page: Any) -> Rows:
    """The lines of the team's list: whose, the sentence, and who does it."""
    lines = page.query_all("li.hearth-duty")
    owners = [said(line.query(".hearth-duty__owner")).removeprefix("Who does it ") for line in lines]
    return [(*line, owner) for line, owner in zip(duties(page), owners, strict=True)]


def child(page: Any) -> Rows:
    """What is due for a child, the latest visits, the latest events."""
    due = [(says,) for says in texts(page, ".hearth-duty__says")]
    visits: Rows = []
    for table in page.query_all("table.hearth-table"):
        if said(table.query("caption")).startswith("Visits"):
            cells = [texts(row, ".hearth-cell") for row in table.query_all("tbody tr")]
            visits = [(when, by.rpartition(",")[0]) for when, by, _ in cells]
    events = [
        (said(event.query("time")), said(event.query(".moj-timeline__byline")).removeprefix("by "))
        for event in page.query_all("li.moj-timeline__item")
    ]
    return [*due, *visits, *events]


def figures(page: Any) -> Rows:
    """The numbers of a page of figures."""
    return [(number.replace(",", ""),) for number in texts(page, ".hearth-figure__number")]


def arrangements(page: Any) -> Rows:
    """The dashboard: its figures, and its rows: the child, for how many days, how many visits are overdue."""
    figures = tuple(number.replace(",", "") for number in texts(page, ".hearth-figure__number"))
    rows = [
        tuple(said(row.query(f'[data-label="{label}"] {inside}')) for label, inside in SHOWN)
        for row in page.query_all("table.hearth-table tbody tr")
    ]
    return [figures, *rows]


SHOWN = (("Child", "a"), ("Days", ".hearth-cell"), ("Visits overdue", ".hearth-cell"))


def children_found(page: Any) -> Rows:
    """The children whom a search found, by name and number, in the order of their numbers."""
    rows = page.query_all("table.hearth-table tbody tr")
    return sorted((said(row.query('[data-label="Name"]')), said(row.query('[data-label="Number"]'))) for row in rows)
