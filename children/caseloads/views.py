"""Two pages by which many children are given to others: choose whom, and check every line."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse

from accounts.models import Team
from accounts.roles import Role
from casework import drafts, lists, recording
from casework.forms import in_a_sentence
from casework.limits import local_day
from casework.pages import Holds, page
from casework.steps import NotYet, NotYou
from casework.wording import age
from children.allocators import ALLOCATION, MOVES
from children.caseloads import bulk, recent, team
from children.caseloads.forms import CaseloadFilter, CheckForm, ChooseForm, proposal
from children.caseloads.reach import roles_to_hand_over, teams_led, teams_to_move_between
from children.caseloads.team_views import NO_TEAM, SHOWN_OF_CHILD

ALLOCATE = frozenset(role for row in ALLOCATION.values() for role in row.here | row.over_all)
MOVE = MOVES["many"].here | MOVES["many"].over_all
DONE = "Every change is recorded, and stands in the children’s histories."


@page(Holds.THOSE_IN_SIGHT, roles=ALLOCATE)
def caseloads(request: HttpRequest) -> HttpResponse:
    """Choose whose children go to whom: other workers are allocated in one role."""
    roles = roles_to_hand_over(request.user, request.at)
    role = Role(one_of(request.GET.get("role", ""), [(role.value, "") for role in roles]) or roles[0])
    row = ALLOCATION[role]
    teams = list(teams_led(request.user, request.at, row.here, over_all=row.over_all or ()))
    of = next((each for each in teams if str(each.pk) == request.GET.get("team")), None)
    if of is None and row.from_the_team:
        of = next(iter(teams), None)
    kind = bulk.Allocating(request.user, request.at, role, of)
    choices = {"role": ("Role", [(role.value, role.label) for role in roles])}
    if len(teams) > 1:
        anywhere = [] if row.from_the_team else [("", "Any")]
        choices["team"] = ("Team", [*anywhere, *((str(each.pk), each.name) for each in teams)])
    return _choose(request, kind, "Allocate children", choices, {"role": role, "team": of.pk if of else ""})


@page(Holds.THOSE_IN_SIGHT, roles=MOVE)
def move_caseloads(request: HttpRequest) -> HttpResponse:
    """Choose whose cases another team takes; after an import, of children whom no team holds."""
    teams = list(teams_to_move_between(request.user, request.at))
    answers = [(str(each.pk), each.name) for each in teams]
    if request.user.holds(*MOVES["many"].over_all, at=request.at):
        answers.append((NO_TEAM, "No team"))
    value = one_of(request.GET.get("team", ""), answers) or (answers[0][0] if answers else NO_TEAM)
    kind = bulk.Moving(request.user, request.at, next((each for each in teams if str(each.pk) == value), None))
    choices = {"team": ("Team now", answers)}
    return _choose(request, kind, "Move children to another team", choices, {"team": value})


def _choose(
    request: HttpRequest, kind: bulk.Kind, title: str, questions: dict[str, Any], chosen: dict[str, Any]
) -> HttpResponse:
    form, draft = _form(request, kind)
    if form.is_bound:
        if form.is_valid() and (check := _propose(request, kind, form)):
            return HttpResponseRedirect(check)
        drafts.keep_refused(request)
    children = kind.children()
    carriers = _carriers(kind, children)
    of_worker = [(team.WITHOUT, "Nobody"), *((row.value, f"{row.name} ({row.children})") for row in carriers)]
    worker = one_of(request.GET.get("worker", ""), of_worker)
    questions["worker"] = ("Allocated now", [("", "Anybody"), *of_worker])
    shown = team.with_worker(children, worker, request.at, _role(kind)) if worker else children
    listed = list(shown.only(*SHOWN_OF_CHILD)[: bulk.MOST_AT_ONCE + 1])
    all_ticked = "all" in request.GET and not form.is_bound
    context = {
        "title": title,
        "form": form,
        "draft": draft,
        "filter_form": CaseloadFilter(chosen | {"worker": worker}, **questions),
        "rows": _rows(kind, listed[: bulk.MOST_AT_ONCE], carriers, ticked=None if all_ticked else form.ticked),
        "is_more": len(listed) > bulk.MOST_AT_ONCE,
        "most": bulk.MOST_AT_ONCE,
        "tick_all_url": lists.address(request, without="all", all="yes"),
        "tick_none_url": lists.address(request, without="all"),
        "all_ticked": all_ticked,
        "now_label": "Team now" if kind.role is None else f"{kind.role.label} now",
        "nobody": _why_nobody(kind, form),
        "typist": drafts.typist_token(request.user, request.path),
        "autosave_url": reverse("casework:save_draft"),
        "back_url": reverse("children:one_team", args=[kind.team.pk]) if kind.team else reverse("children:team"),
        "back_label": kind.team.name if kind.team else "Teams",
    }
    return render(request, "children/caseloads.html", context, status=422 if form.is_bound else 200)


def _form(request: HttpRequest, kind: bulk.Kind) -> tuple[ChooseForm, drafts.Draft | None]:
    """What was sent; else an empty form, or as far as it was filled in."""
    if request.method == "POST":
        return ChooseForm(request.POST, kind=kind), None
    form, draft = ChooseForm(kind=kind, initial=_initial(request)), drafts.draft_of(request.user, request.path)
    if draft:
        form.take_up(drafts.typed_into(draft))
    return form, draft


def _role(kind: bulk.Kind) -> Role:
    """By whose allocation the list is narrowed."""
    return kind.role or Role.SOCIAL_WORKER


def _carriers(kind: bulk.Kind, children: Any) -> list[team.Caseload]:
    """Who is allocated to these children now."""
    return [row for row in team.caseloads(children, kind.at).rows if row.role == _role(kind) and row.children]


def _rows(
    kind: bulk.Kind, children: list[Any], carriers: list[team.Caseload], *, ticked: set[str] | None
) -> list[dict[str, Any]]:
    """The children to tick, each with how it stands now; all of them ticked where none is named."""
    posts = {row.person_id: row.post.said(row.role) for row in carriers}
    today = local_day(kind.at)
    return [
        {
            "value": str(line.child.pk),
            "name": line.child.name,
            "age": age(line.child.date_of_birth, today),
            "now": kind.said(line.now),
            "note": posts.get(line.now.person_id, "") if kind.role and line.now else "",
            "ticked": ticked is None or str(line.child.pk) in ticked,
        }
        for line in bulk.lines_of(kind, [child.pk for child in children], kind.at, {})
    ]


def one_of(value: str, answers: list[tuple[str, Any]]) -> str:
    """What an address chooses of some answers; empty where it is none of them."""
    return value if value in {answer for answer, _ in answers} else ""


def _initial(request: HttpRequest) -> dict[str, Any]:
    """The day from which a leaver's children go to others, as the team's page proposes it."""
    day = recent.day_of(request.GET.get("from", ""))
    return {"from_on": day} if day else {}


def _why_nobody(kind: bulk.Kind, form: ChooseForm) -> str:
    if form.fields["to"].choices:
        return ""
    if kind.role is None:
        return "You answer for no other team. A director can move these children."
    where = f" in {kind.team.name}" if kind.team and ALLOCATION[kind.role].from_the_team else ""
    return f"Nobody holds the role of {in_a_sentence(kind.role.label)}{where} now. An administrator appoints people to roles."


def _propose(request: HttpRequest, kind: bulk.Kind, form: ChooseForm) -> str:
    """Keep the proposal as a draft of the page on which each line is checked, and say where that is."""
    said = form.cleaned_data
    lines = bulk.lines_of(kind, [int(pk) for pk in said["child"]], request.at, {})
    if not lines:
        form.add_error("child", "None of those ticked can be changed here any more: choose again")
        return ""
    typed = QueryDict(mutable=True)
    typed.update(proposal(kind, lines, said["to"], said["from_on"], said["because"]))
    check = reverse("children:check_caseloads")
    drafts.save(request.user, check, typed, at=request.at)
    drafts.discard(request.user, request.path)
    return check


@page(Holds.THOSE_IN_SIGHT, roles=ALLOCATE | MOVE)
def check_caseloads(request: HttpRequest) -> HttpResponse:
    """Every line once more; then all of it is written, or none."""
    draft = drafts.draft_of(request.user, request.path)
    typed = request.POST if request.method == "POST" else drafts.typed_into(draft) if draft else None
    kind = _kind_of(typed, request) if typed is not None else None
    if kind is None:
        context = {"back_url": reverse("children:team"), "back_label": "Teams"}
        return render(request, "children/nothing_to_check.html", context)
    where = _choosing(kind)

    def act(form: CheckForm) -> str:
        to = {child: target for child, target in form.to.items() if target}
        try:
            bulk.carry_out(kind, to, form.was, starts_at=form.starts_at, because=form.cleaned_data["because"])
        except NotYet:
            form.draw_again()
            raise
        return reverse("children:one_team", args=[kind.team.pk]) if kind.team else where

    verb = "Allocate" if kind.role else "Move"
    title = f"Check before you {verb.lower()} these children"
    shown = recording.Page(title, button=verb, template="children/check_caseloads.html")
    context = {"back_url": where, "back_label": "Choose again"}
    return recording.record(request, CheckForm, about=kind, page=shown, act=act, done=DONE, context=context)


def _choosing(kind: bulk.Kind) -> str:
    query = QueryDict(mutable=True)
    if kind.role:
        query["role"] = kind.role
    query["team"] = kind.team.pk if kind.team else (NO_TEAM if kind.role is None else "")
    name = "children:move_caseloads" if kind.role is None else "children:caseloads"
    return f"{reverse(name)}?{query.urlencode()}"


def _kind_of(typed: Any, request: HttpRequest) -> bulk.Kind | None:
    """What a proposal is about; None where this person may change nothing of the kind any more."""
    role, of = typed.get("to_role", ""), typed.get("of_team", "")
    if "because" not in typed:
        return None
    found = Team.objects.select_related("area").filter(pk=lists.number_in(of)).first()
    if of and found is None:
        return None
    if not role:
        return bulk.Moving(request.user, request.at, found) if request.user.holds(*MOVE, at=request.at) else None
    if role not in roles_to_hand_over(request.user, request.at):
        raise NotYou(
            f"Only {ALLOCATION[Role(role)].who} can do this." if role in ALLOCATION else "You may not do this."
        )
    return bulk.Allocating(request.user, request.at, Role(role), found)
