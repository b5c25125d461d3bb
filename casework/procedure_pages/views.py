"""The pages of procedures: everybody reads the rules; administrators ask for a value, a named senior manager decides."""

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from casework import panels, proposals, scope
from casework.confirming import confirmed_once
from casework.forms import in_a_sentence
from casework.limits import local_day
from casework.links import link_to_rule
from casework.lists import number_in, page_of
from casework.models import Duty
from casework.not_kept import NOT_KEPT
from casework.own_values import ASK, may_be_set
from casework.pages import Holds, page
from casework.previewed import figures
from casework.procedure_pages import said
from casework.procedure_pages.forms import (
    DECLINE,
    TAKE_ALONG,
    AskForm,
    DecideForm,
    OnDayForm,
)
from casework.procedures import MaySet, Rule, declared, row_on
from casework.recording import Page, ReasonForm, RecordingForm, record
from casework.rule_values import MovedDuty, Moves, RuleProposal, RuleValue, Variant
from casework.rules_in_force import rules_in_force
from casework.steps import NotYet
from casework.subjects import subjects_of
from casework.wording import said_day

MOVED_A_PAGE = 50
CHOSEN = {"variant": Variant.values, "how": Moves.values}


@require_safe
@page(Holds.NOTHING_PERSONAL)
def rules(request: HttpRequest) -> HttpResponse:
    """The rules in force on a day, by what they are about; today's unless another day is chosen."""
    today = local_day(request.at)
    form = OnDayForm(request.GET) if "on_day" in request.GET else OnDayForm(initial={"on": today})
    day = form.cleaned_data["on"] if form.is_bound and form.is_valid() else today
    context = {
        "form": form,
        "on": day,
        "is_today": day == today,
        "groups": said.groups_on(rules_in_force(), day),
        "not_kept": NOT_KEPT if day == today else {},
        "columns": said.RULE_COLUMNS,
        "links": panels.added_to("procedures", request, None, None),
        **_around(request, "rules"),
    }
    return render(request, "procedures/rules.html", context)


@require_safe
@page(Holds.NOTHING_PERSONAL)
def rule(request: HttpRequest, code: str) -> HttpResponse:
    """One rule: its source, where it acts, what is open by it now, and every row and value that it ever had."""
    today = local_day(request.at)
    shown, in_force = _rule_or_404(code, today), row_on(code, today)
    values = RuleValue.objects.filter(code=code).select_related("asked_by", "decided_by")
    may_ask = shown.may_set is not MaySet.NOTHING and proposals.may_ask(request.user, request.at)
    waiting = RuleProposal.objects.waiting().filter(code=code).select_related("decider").first() if may_ask else None
    context = {
        "rule": shown,
        "title": shown.says.rstrip("."),
        "facts": said.facts_of(shown, rules_in_force().own_value(shown, today), is_over=in_force is None),
        "counts": _counts(request, shown),
        "columns": said.HISTORY_COLUMNS,
        "rows": said.history_of(code, values, today),
        "ask_url": reverse("casework:ask_value", args=[code]) if may_ask and in_force and not waiting else "",
        "waiting": waiting,
        **_around(request, ""),
    }
    return render(request, "procedures/rule.html", context)


@require_safe
@page(Holds.NOTHING_PERSONAL)
def amendments(request: HttpRequest) -> HttpResponse:
    """What changed in the rules and when, the latest first."""
    values = RuleValue.objects.select_related("asked_by", "decided_by")
    context = {
        "columns": said.AMENDMENT_COLUMNS,
        "rows": said.amendments(values, local_day(request.at)),
        **_around(request, "amendments"),
    }
    return render(request, "procedures/amendments.html", context)


@require_safe
@page(Holds.NOTHING_PERSONAL, roles=proposals.MAY_READ)
def all_proposals(request: HttpRequest) -> HttpResponse:
    """The values asked for, those that wait first."""
    found = RuleProposal.objects.select_related("decider").order_by("answered_at", "-asked_at", "-pk")
    waiting = [each for each in found if not each.answer]
    answered = sorted((each for each in found if each.answer), key=lambda each: each.answered_at, reverse=True)
    context = {
        "columns": said.PROPOSAL_COLUMNS,
        "rows": [said.proposal_row(each) for each in (*waiting, *answered)],
        **_around(request, "proposals"),
    }
    return render(request, "procedures/proposals.html", context)


@page(Holds.NOTHING_PERSONAL, roles=ASK)
def ask_value(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for a value of the authority's own."""
    about = row_on(code, local_day(request.at))
    if about is None:
        raise Http404
    if about.may_set is MaySet.NOTHING:
        raise NotYet(may_be_set(about))

    if request.method != "POST" and RuleProposal.objects.waiting().filter(code=code).exists():
        raise NotYet(f"Another value for {code} waits for its decision already.")
    now = said.in_force(about, rules_in_force().own_value(about, local_day(request.at)))

    def act(form):
        return proposals.propose(form.proposal()).get_absolute_url()

    return record(
        request,
        AskForm,
        about=about,
        page=Page(
            "Ask for a value of our own",
            button="Ask for it",
            lede=f"{code}: {about.says.rstrip('.')}. In force now: {in_a_sentence(now)}.",
        ),
        act=act,
        done="Asked for. Whoever decides is told. Below you see whom it would concern.",
        context={"back_url": link_to_rule(code), "back_label": f"Rule {code}"},
    )


@require_safe
@page(Holds.NOTHING_PERSONAL, roles=proposals.MAY_READ)
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """What is asked for, whom it would concern, and how it was decided."""
    found = _proposal_or_404(pk)
    is_open = not found.answer
    decides = is_open and proposals.is_decider(found, request.user, request.at)
    context = {
        **_read(request, found),
        "decide_url": reverse("casework:decide_value", args=[pk]) if decides else "",
        "objections": proposals.objections_to_decision(found, request.at) if is_open else [],
        "may_withdraw": is_open and proposals.may_ask(request.user, request.at),
        "may_look_again": is_open
        and not (found.preview and found.preview.ended_at is None)
        and (decides or proposals.may_ask(request.user, request.at)),
        **_around(request, "proposals"),
    }
    return render(request, "procedures/proposal.html", context)


@require_safe
@page(Holds.THOSE_IN_SIGHT, roles=proposals.MAY_READ)
def moved(request: HttpRequest, pk: int) -> HttpResponse:
    """The list behind a figure: of children in sight each duty, of all others how many."""
    found = _proposal_or_404(pk)
    chosen = _chosen(request)
    behind = MovedDuty.objects.filter(errand=found.preview_id, **chosen)
    in_sight = behind.visible_to(request.user, at=request.at)
    listed = in_sight.select_related("team", "case_file").order_by("due_after", "pk")
    shown = page_of(request, listed, MOVED_A_PAGE)
    lines = list(shown)
    subjects = subjects_of({(line.case_file_id, line.case_file.kind) for line in lines}, request.user, request.at)
    all_of_them = behind.counted_for(request.user, at=request.at).count()
    context = {
        "proposal": found,
        "chosen": said.chosen_in_words(chosen),
        "columns": said.MOVED_COLUMNS,
        "rows": [said.moved_row(line, subjects.get(line.case_file_id)) for line in lines],
        "page": shown,
        "number": all_of_them,
        "not_shown": all_of_them - shown.paginator.count,
        "breadcrumbs": [
            ("Procedures", reverse("casework:procedures")),
            ("A value of our own", found.get_absolute_url()),
        ],
    }
    return render(request, "procedures/moved.html", context)


@page(Holds.NOTHING_PERSONAL, roles=proposals.MAY_READ)
def decide_value(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide, with everything that there is to read; the password is asked again."""
    return _decide(request, _proposal_or_404(pk))


@confirmed_once
def _decide(request: HttpRequest, found: RuleProposal) -> HttpResponse:
    proposals.require_decider(found, request.user, request.at)
    if request.method != "POST" and (objections := proposals.objections_to_decision(found, request.at)):
        raise NotYet(*objections)

    def act(form):
        answer, because = form.cleaned_data["answer"], form.cleaned_data["because"]
        by = {"by": request.user, "at": request.at, "because": because}
        if answer == DECLINE:
            proposals.decline(found, **by)
        else:
            proposals.decide(found, takes_running_along=answer == TAKE_ALONG, **by)
        return found.get_absolute_url()

    return record(
        request,
        DecideForm,
        about=found,
        page=Page(
            f"Decide on {found.code}: {found.says} from {said_day(found.since)}",
            button="Confirm my decision",
            template="procedures/decide.html",
        ),
        act=act,
        done="Your decision is kept.",
        context={**_read(request, found), **_back_to(found)},
    )


@page(Holds.NOTHING_PERSONAL, roles=ASK)
def withdraw_value(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a proposal back."""
    found = _proposal_or_404(pk)

    def act(form):
        proposals.take_back(found, by=request.user, at=request.at, because=form.cleaned_data["because"])
        return found.get_absolute_url()

    return record(
        request,
        ReasonForm,
        about=found,
        page=Page(f"Take the proposal for {found.code} back", button="Take it back"),
        act=act,
        done="The proposal is taken back.",
        context=_back_to(found),
    )


@page(Holds.NOTHING_PERSONAL, roles=proposals.MAY_READ)
def look_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Have it worked out again whom a proposal concerns."""
    found = _proposal_or_404(pk)

    def act(form):
        proposals.look_again(found, by=request.user, at=request.at)
        return found.get_absolute_url()

    return record(
        request,
        RecordingForm,
        about=found,
        page=Page(
            "Work it out again",
            button="Work it out again",
            lede="Every case file is looked at as it is now. Nothing changes by that but the figures of this proposal.",
        ),
        act=act,
        done="It is being worked out again.",
        context=_back_to(found),
    )


def _back_to(found: RuleProposal) -> dict:
    return {"back_url": found.get_absolute_url(), "back_label": f"The value asked for {found.code}"}


def _rule_or_404(code: str, today) -> Rule:
    """The row that holds today; of a rule that holds no longer, or not yet, the latest one."""
    rows = declared().get(code)
    if not rows:
        raise Http404
    return row_on(code, today) or rows[-1]


def _proposal_or_404(pk: int) -> RuleProposal:
    people = ("asked_by", "decider", "answered_by", "preview", "value")
    return get_object_or_404(RuleProposal.objects.select_related(*people), pk=pk)


def _counts(request: HttpRequest, shown: Rule) -> dict:
    """How many duties of the rule's kind are open and overdue, of those that this person may count."""
    if not shown.owed_by:
        return {}
    duties = Duty.objects.open().filter(kind=shown.kind).counted_for(request.user, at=request.at)
    numbers = duties.aggregate(open=Count("pk"), overdue=Count("pk", filter=Q(due_at__lte=request.at)))
    return {**numbers, "of_all": scope.counts_all(request.user, request.at)}


def _read(request: HttpRequest, found: RuleProposal) -> dict:
    """What there is to read about a proposal: what is asked, and whom it would concern."""
    rules_now = rules_in_force()
    worked_out = found.preview
    sections, list_url = [], ""
    if found.value and found.value.seen:
        sections = [said.kept_section(kept) for kept in found.value.seen["figures"]]
    elif worked_out and worked_out.ended_at and not worked_out.failed:
        lines = MovedDuty.objects.filter(errand=worked_out).visible_to(request.user, at=request.at)
        list_url = reverse("casework:moved", args=[found.pk]) if lines.exists() else ""
        sections = [said.section_of(each, list_url) for each in figures(found, request.user, request.at)]
    return {
        "proposal": found,
        "facts": said.facts_of_proposal(found, rules_now),
        "preview": worked_out,
        "sections": sections,
        "of_all": scope.counts_all(request.user, request.at),
        "is_kept": bool(found.value_id),
    }


def _chosen(request: HttpRequest) -> dict:
    """What the address asks for, as far as it is understood."""
    get = request.GET
    chosen = {name: get[name] for name, values in CHOSEN.items() if get.get(name) in values}
    if get.get("overdue"):
        chosen["is_overdue_at_once"] = True
    for name in ("role", "kind"):
        if get.get(name):
            chosen[name] = get[name].replace("\0", "")
    if team := get.get("team"):
        chosen["team"] = number_in(team)
    return chosen


def _around(request: HttpRequest, here: str) -> dict:
    """The parts of procedures; the proposals for whoever reads them."""
    items = [
        {"label": "Rules", "url": reverse("casework:procedures"), "current": here == "rules"},
        {"label": "What changed", "url": reverse("casework:amendments"), "current": here == "amendments"},
    ]
    if request.user.holds(*proposals.MAY_READ, at=request.at):
        waiting = RuleProposal.objects.waiting().count()
        url = reverse("casework:proposals")
        items.append({"label": "Asked for", "url": url, "current": here == "proposals", "count": waiting})
    return {"parts": items}
