"""What is measured: a table of operations, each with its target, who asks, what is asked, and what must be answered.

Read OPERATIONS from top to bottom as the rows of the report. `targets` are multiples of the empty page, by scale where
they differ. `asks` gives the different requests that are asked in turn; for a form, each is made fresh (`fill`), and the
page that holds it is no part of what is measured.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import resolve, reverse

from bench.speed import answers, pages
from bench.speed.answers import as_said, ask, column
from bench.speed.serving import Asked, Visitor
from bench.speed.urls import EMPTY

WORKER, HEAD, DIRECTOR = "social-worker", "hos", "service-director"
"""Three of the sign-ins of the invented authority."""

ALLOCATED = """
    SELECT a.child_id FROM children_allocation a JOIN accounts_user u ON u.id = a.person_id
    WHERE u.username = %(person)s AND a.role = 'social_worker' AND a.ends_at IS NULL
"""
A_NORMAL_CHILD = f"""
    SELECT p.child_id, (SELECT count(*) FROM visits_visit v JOIN placements_placement x ON x.id = v.placement_id
        WHERE x.child_id = p.child_id)
    FROM placements_placement p WHERE p.ended_at IS NULL AND p.child_id IN ({ALLOCATED})
    AND (SELECT count(*) FROM placements_placement x WHERE x.child_id = p.child_id) < 6 ORDER BY 2, 1
"""
MOST_MOVED = """
    SELECT p.child_id, u.username, count(DISTINCT p.id), count(*) FROM placements_placement p
    JOIN visits_visit v ON v.placement_id = p.id
    JOIN children_allocation a ON a.child_id = p.child_id AND a.role = 'social_worker' AND a.ends_at IS NULL
    JOIN accounts_user u ON u.id = a.person_id AND u.is_active
    GROUP BY 1, 2 ORDER BY 4 DESC, 1 LIMIT 1
"""
HOMES_TO_VISIT = f"""
    SELECT p.id FROM placements_placement p
    WHERE p.ended_at IS NULL AND NOT p.struck_out AND p.started_at <= %(now)s
    AND p.setting <> 'temporary' AND p.child_id IN ({ALLOCATED}) ORDER BY 1
"""
TO_SIGN = """
    SELECT d.id FROM approvals_casediscussion d JOIN placements_placement p ON p.id = d.placement_id
    WHERE d.state = 'approved' AND p.ended_at IS NULL ORDER BY 1
"""
SURNAMES = """
    SELECT surname FROM children_child WHERE surname ~ '^[A-Za-z]{7,}$' GROUP BY surname ORDER BY md5(surname) LIMIT 5
"""
NOBODYS = ("Qqzx", "Zzyzzx", "Xhlwq", "Vvbnk", "Jjkwpq")


@dataclass(frozen=True)
class Operation:
    """One row of the report."""

    name: str
    who: str
    asks: Callable[[str], list[Asked]]
    answers: Callable[[Any], pages.Rows] | None = None
    """What the page says, row by row."""
    expects: Callable[[str, Asked], pages.Rows] | None = None
    """What the tables say."""
    targets: Mapping[str, float] | None = None
    fill: Callable[[Visitor, Asked], Asked] | None = None
    """Makes of an address the form that is sent there, filled in."""
    most_queries: int | None = None
    note: str = ""


def same(target: float) -> dict[str, float]:
    """The same target at every scale."""
    return dict.fromkeys(("tiny", "S", "M", "L"), target)


def _page(name: str) -> Callable[[str], list[Asked]]:
    return lambda person: [Asked(reverse(name))]


def _rows(query: str) -> Callable[[str, Asked], pages.Rows]:
    return lambda person, asked: as_said(ask(query, person=person))


def _a_normal_child(person: str) -> list[Asked]:
    children = ask(A_NORMAL_CHILD, person=person)
    return [Asked(_child_page(children[len(children) // 2][0]))]


def _child_page(pk: int) -> str:
    return reverse("children:child", args=[pk])


def most_moved() -> tuple[int, str, int, int]:
    """The child with most visits, who is allocated, in how many homes, how many visits."""
    return ask(MOST_MOVED)[0]  # type: ignore[return-value]


def _what_is_known_of_the_child(person: str, asked: Asked) -> pages.Rows:
    child = resolve(asked.path).kwargs["pk"]
    queries = (answers.DUTIES_OF_CHILD, answers.VISITS_OF_CHILD, answers.EVENTS_OF_CHILD)
    return [row for query in queries for row in as_said(ask(query, child=child))]


def _dashboard(person: str, asked: Asked) -> pages.Rows:
    return [*as_said(ask(answers.FIGURES, person=person)), *as_said(ask(answers.DASHBOARD, person=person))]


def _figures_of_visits(person: str, asked: Asked) -> pages.Rows:
    found = (*ask(answers.FIGURES_OF_VISITS, person=person)[0], *ask(answers.FIGURES_OF_VISITS_MADE, person=person)[0])
    return as_said((number,) for number in found)


def _searches(words: Callable[[], Sequence[str]]) -> Callable[[str], list[Asked]]:
    return lambda person: [Asked(reverse("children:search"), {"q": word}) for word in words()]


def _parts_of_names() -> list[str]:
    return [surname[1:6] for surname in column(SURNAMES)]


def _misspelt_names() -> list[str]:
    """Each with a letter left out."""
    return [surname[:4] + surname[5:] for surname in column(SURNAMES)]


def _fill_search(visitor: Visitor, asked: Asked) -> Asked:
    form = pages.filled(visitor.read(asked.path).query("main form"))
    return Asked(asked.path, {**form, **(asked.sent or {})})


def _found(person: str, asked: Asked) -> pages.Rows:
    """Whose name holds the word; where nobody's does, whose name is like it."""
    told = {"person": person, "word": (asked.sent or {})["q"]}
    return sorted(as_said(ask(answers.FOUND, **told) or ask(answers.NEARLY_FOUND, **told)))


def _homes_to_visit(person: str) -> list[Asked]:
    return [Asked(reverse("visits:record", args=[pk])) for pk in column(HOMES_TO_VISIT, person=person)]


def _fill_visit(visitor: Visitor, asked: Asked) -> Asked:
    form = pages.filled(visitor.read(asked.path).query("form[data-autosave]"))
    return Asked(asked.path, {**form, "seen": "alone", "account": ACCOUNT, "worries": "no"})


ACCOUNT = "We played cards and talked about the summer. All is well at school."


def _to_sign(person: str) -> list[Asked]:
    return [Asked(reverse("approvals:approval", args=[pk])) for pk in column(TO_SIGN)]


def _fill_signature(visitor: Visitor, asked: Asked) -> Asked:
    form = visitor.read(asked.path).query('form[action$="/sign_off/"]')
    sent = pages.filled(form)
    visitor.confirm()
    return Asked(form.etree_element.attrib["action"], sent)


OPERATIONS = (
    Operation("The empty page", WORKER, lambda person: [Asked(f"/{EMPTY}")]),
    Operation(
        "My work, fifteen children",
        WORKER,
        _page("children:my_work"),
        pages.duties,
        _rows(answers.MY_WORK),
        same(4),
        most_queries=10,
    ),
    Operation(
        "Team page, 150 rows",
        HEAD,
        _page("children:team_overdue"),
        pages.duties_with_owners,
        _rows(answers.TEAM),
        same(12),
    ),
    Operation(
        "Figures of visits of an area", HEAD, _page("visits:figures"), pages.figures, _figures_of_visits, same(12)
    ),
    Operation(
        "Child page with its read log", WORKER, _a_normal_child, pages.child, _what_is_known_of_the_child, same(5)
    ),
    Operation(
        "Child page, 40 homes and 800 visits",
        "",
        lambda person: [Asked(_child_page(most_moved()[0]))],
        pages.child,
        _what_is_known_of_the_child,
        note="at most 1.5 times the normal child’s",
    ),
    Operation("Record a visit (sent)", WORKER, _homes_to_visit, targets=same(4), fill=_fill_visit),
    Operation("Sign off (sent)", DIRECTOR, _to_sign, targets=same(4), fill=_fill_signature),
    Operation(
        "Tracking dashboard, 25 rows and all counts",
        DIRECTOR,
        _page("tracking:dashboard"),
        pages.arrangements,
        _dashboard,
        {**same(6), "L": 20},
    ),
    Operation(
        "Search by part of a name",
        DIRECTOR,
        _searches(_parts_of_names),
        pages.children_found,
        _found,
        same(4),
        _fill_search,
    ),
    Operation(
        "Search by a misspelt name",
        DIRECTOR,
        _searches(_misspelt_names),
        pages.children_found,
        _found,
        same(4),
        _fill_search,
    ),
    Operation(
        "Search that finds nobody",
        DIRECTOR,
        _searches(lambda: NOBODYS),
        pages.children_found,
        _found,
        same(4),
        _fill_search,
    ),
)
