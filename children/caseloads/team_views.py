"""A team's page: what it carries, who has left, its children; and what changed in a month."""

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accounts.models import Team
from accounts.roles import Role
from casework import lists, panels
from casework.limits import local_day
from casework.pages import Holds, page
from casework.wording import age, counted
from children.allocators import ALLOCATION, MOVES
from children.caseloads import recent, team
from children.caseloads.forms import CaseloadFilter
from children.caseloads.reach import SEE_TEAMS, carried, held_by, held_by_none, roles_to_hand_over, teams_led

CHILDREN_A_PAGE, EVENTS_A_PAGE = 150, 50
NO_TEAM = "none"
COLUMNS = (
    ("Child", "name"),
    ("Age", "age"),
    ("Social worker", "worker"),
    ("Reviewing officer", None),
    ("Duties", None),
    ("Overdue", "-overdue"),
)
"""The headings of the list, each with what it sorts by when it is first chosen; chosen again, it turns round."""
NUMERIC = {"Age", "Duties", "Overdue"}
SHOWN_OF_CHILD = ("case_file", "forename", "surname", "reference", "date_of_birth")


@page(Holds.THOSE_IN_SIGHT, roles=SEE_TEAMS)
def my_team(request: HttpRequest) -> HttpResponse:
    """The team of whoever leads one; to whoever answers for several, all of them beside each other."""
    teams = list(teams_led(request.user, request.at))
    if len(teams) == 1:
        return _team(request, teams[0])
    seen = carried(request.user, request.at)
    compared = team.teams_compared(seen.filter(held_by([each.pk for each in teams], request.at)), request.at)
    of_none = _of_none(request)
    context = {
        "areas": [
            (area.name, [_compared(each, compared.get(each.pk, {})) for each in found])
            for area, found in groupby(teams, key=lambda each: each.area)
        ],
        "columns": TEAM_COLUMNS,
        "without_team": of_none,
        "move_url": f"{reverse('children:move_caseloads')}?team={NO_TEAM}" if of_none else "",
        "left": _left_behind(request, team.to_hand_over(team.caseloads(seen, request.at).rows), None) if teams else [],
    }
    return render(request, "children/teams.html", context)


@page(Holds.THOSE_IN_SIGHT, roles=SEE_TEAMS)
def one_team(request: HttpRequest, pk: int) -> HttpResponse:
    """One of the teams that somebody leads; of any other nothing is said."""
    return _team(request, _team_or_404(request, pk))


@page(Holds.THOSE_IN_SIGHT, roles=SEE_TEAMS)
def team_changes(request: HttpRequest, pk: int) -> HttpResponse:
    """Who was allocated and which cases came in a month, for the children whom the team holds now."""
    of = _team_or_404(request, pk)
    today = local_day(request.at)
    first = recent.month_of(request.GET.get("month", ""), today)
    children = _children_of(request, of)
    shown = lists.page_of(request, recent.events_in(children, first), EVENTS_A_PAGE)
    following = recent.next_month(first)
    context = {
        "team": of,
        "first": first,
        "page": shown,
        "changes": recent.changed(shown.object_list, children),
        "before_url": f"?month={recent.month_before(first):%Y-%m}",
        "after_url": f"?month={following:%Y-%m}" if following <= today else "",
        "back_url": reverse("children:one_team", args=[of.pk]),
        "back_label": of.name,
    }
    return render(request, "children/team_changes.html", context)


def _team(request: HttpRequest, of: Team) -> HttpResponse:
    children = _children_of(request, of)
    work = team.caseloads(children, request.at, of)
    rows = work.rows
    counts = team.totals(children, request.at)
    form = CaseloadFilter(request.GET, worker=("Children of", [("", "Everybody"), *team.choices_of(rows)]))
    chosen = form.chosen.get("worker", "")
    order = lists.order_of(request, team.SORTS)
    narrowed = team.with_worker(children, chosen, request.at) if chosen else children
    listed = team.listed(narrowed, request.at).only(*SHOWN_OF_CHILD).order_by(*team.SORTS[order])
    shown = lists.page_of(request, listed, CHILDREN_A_PAGE, number=None if chosen else counts.children)
    context = {
        "team": of,
        "figures": _figures(counts, work),
        "workers": [_worker(row) for row in rows],
        "worker_columns": WORKER_COLUMNS,
        "overdue_elsewhere": work.overdue - sum(row.overdue for row in rows),
        "left": _left_behind(request, team.to_hand_over(rows), of),
        "actions": _actions(request, of),
        "filter_form": form,
        "applied": lists.applied(request, form.in_words()),
        "columns": [
            lists.column(request, label, sort, order or "name", numeric=label in NUMERIC) for label, sort in COLUMNS
        ],
        "rows": _rows(shown.object_list, rows, request.at),
        "page": shown,
    }
    return render(request, "children/team.html", context)


TEAM_COLUMNS = (
    {"label": "Team"},
    {"label": "Children", "numeric": True},
    {"label": "Without a social worker", "numeric": True},
    {"label": "To hand over", "numeric": True},
    {"label": "Overdue duties", "numeric": True},
)
WORKER_COLUMNS = (
    {"label": "Name"},
    {"label": "Role"},
    {"label": "Children", "numeric": True},
    {"label": "Duties", "numeric": True},
    {"label": "Overdue", "numeric": True},
)


def _compared(each: Team, found: dict[str, int]) -> list[Any]:
    url = reverse("children:one_team", args=[each.pk])
    stands_out = [found.get(name, 0) for name in ("without", "left", "overdue")]
    cells = [{"says": str(number), "tone": "alarm"} if number else 0 for number in stands_out]
    return [{"says": each.name, "url": url}, found.get("children", 0), *cells]


def _worker(row: team.Caseload) -> list[Any]:
    """One line of who carries what; the number of children opens their list."""
    children = {"says": str(row.children), "url": f"?worker={row.value}#children"} if row.children else 0
    overdue = {"says": str(row.overdue), "tone": "alarm"} if row.overdue else 0
    name = {"says": row.name, "note": row.post.said(row.role)} if row.post.said(row.role) else row.name
    return [name, row.role.label, children, row.open, overdue]


def _figures(counts: team.Totals, work: team.Work) -> list[dict[str, Any]]:
    left = sum(row.children for row in team.to_hand_over(work.rows))
    overdue, without = work.overdue, counts.without_worker
    return [
        {"number": counts.children, "label": "children", "tone": "plain", "url": "?#children"},
        {
            "number": without,
            "label": "without a social worker",
            "tone": "alarm" if without else "plain",
            "url": f"?worker={team.WITHOUT}#children",
        },
        {
            "number": left,
            "label": "to hand over",
            "tone": "watch" if left else "plain",
            "url": "#to-hand-over" if left else "",
        },
        {
            "number": overdue,
            "label": "duties overdue",
            "tone": "alarm" if overdue else "plain",
            "url": "?sort=-overdue#children",
        },
    ]


def _left_behind(request: HttpRequest, rows: list[team.Caseload], of: Team | None) -> list[dict[str, Any]]:
    """Who has left or leaves, with how many children; a link for whoever hands them over, else who does."""
    mine = roles_to_hand_over(request.user, request.at)
    if of is None:
        rows = [row for row in rows if not ALLOCATION[row.role].from_the_team]
    return [
        {
            "says": f"{row.said}: {counted(row.children, 'child')} to hand over",
            "name": row.name,
            "role": row.role.label,
            "url": _hand_over_url(request, row, of) if row.role in mine else "",
            "who": ALLOCATION[row.role].who,
        }
        for row in rows
    ]


def _hand_over_url(request: HttpRequest, row: team.Caseload, of: Team | None) -> str:
    query = QueryDict(mutable=True)
    query["role"] = row.role
    if of and ALLOCATION[row.role].from_the_team:
        query["team"] = of.pk
    query["worker"] = row.value
    if row.post.holds and row.post.ends_at:
        query["from"] = local_day(row.post.ends_at).isoformat()
    query["all"] = "yes"
    return f"{reverse('children:caseloads')}?{query.urlencode()}"


def _actions(request: HttpRequest, of: Team) -> list[dict[str, Any]]:
    actions = []
    if any(ALLOCATION[role].from_the_team for role in roles_to_hand_over(request.user, request.at)):
        actions.append({"label": "Allocate children", "url": f"{reverse('children:caseloads')}?team={of.pk}"})
    if request.user.holds(*MOVES["many"].here, *MOVES["many"].over_all, at=request.at):
        url = f"{reverse('children:move_caseloads')}?team={of.pk}"
        actions.append({"label": "Move children to another team", "url": url, "secondary": True})
    changes = reverse("children:team_changes", args=[of.pk])
    added = panels.added_to("team.actions", request, of, None)
    return [*actions, *added, {"label": "Changes this month", "url": changes, "secondary": True}]


def _rows(children: Any, rows: list[team.Caseload], at: Any) -> list[list[Any]]:
    shown = list(children)
    allocated = team.allocated_to_each(shown, at)
    posts = {(row.person_id, row.role): row.post for row in rows}

    def who(child: Any, role: Role) -> Any:
        row = allocated.get((child.pk, role))
        if row is None:
            return {"says": "Nobody", "tone": "alarm"} if role == Role.SOCIAL_WORKER else "Nobody"
        note = posts[row.person_id, role].said(role)
        return {"says": row.person.name, "note": note} if note else row.person.name

    today = local_day(at)
    return [
        [
            {"says": child.name, "url": reverse("children:child", args=[child.pk])},
            age(child.date_of_birth, today),
            who(child, Role.SOCIAL_WORKER),
            who(child, Role.IRO),
            child.open,
            {"says": str(child.overdue), "tone": "alarm"} if child.overdue else 0,
        ]
        for child in shown
    ]


def _team_or_404(request: HttpRequest, pk: int) -> Team:
    return get_object_or_404(teams_led(request.user, request.at), pk=pk)


def _children_of(request: HttpRequest, of: Team) -> Any:
    return carried(request.user, request.at).filter(held_by([of.pk], request.at))


def _of_none(request: HttpRequest) -> int:
    """How many children no team holds: for whoever gives them to one."""
    if not request.user.holds(*MOVES["many"].over_all, at=request.at):
        return 0
    return carried(request.user, request.at).filter(held_by_none(request.at)).count()
