"""The pages of break-glass: opening a record out of sight, and the review of every use by somebody else."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from casework import recording
from casework.confirming import confirmed_once
from casework.lists import page_of
from casework.models import Duty
from casework.pages import Holds, page
from casework.steps import NotYet, NotYou
from casework.wording import counted, duration, said_moment, said_time
from children import access, breaking_glass, breaking_glass_forms as forms
from children.models import BreakGlassUse
from children.permissions import is_in_sight
from children.states import ReviewOutcome

USES_A_PAGE = 25
ATTEMPTS_SHOWN_FOR = timedelta(days=30)
COLUMNS = [{"label": label} for label in ("Use", "Who", "When", "For how long", "Reason", "Review")]
ATTEMPTS = [{"label": "Who"}, {"label": "Times", "numeric": True}, {"label": "Last"}]
READ = [{"label": "When"}, {"label": "Page"}]
OPENED = "The record is open to you until {}. The alert has gone out, and what you do here is listed and reviewed."
LEDE = (
    "For a child whose record you do not see. It opens for hours, the child’s team is told at once, and somebody else "
    "reviews what you did."
)
TONES = {
    None: "watch",
    ReviewOutcome.EXPLAIN: "watch",
    ReviewOutcome.IN_ORDER: "good",
    ReviewOutcome.NOT_IN_ORDER: "alarm",
}


@page(Holds.NOTHING_PERSONAL, roles=access.MAY_BREAK_GLASS)
def break_glass(request: HttpRequest) -> HttpResponse:
    """Open one record that is out of sight, for a reason and for hours."""
    if breaking_glass.failed_today(request.user, request.at) >= breaking_glass.FAILED_A_DAY:
        raise NotYet(breaking_glass.TOO_OFTEN)
    return _break_glass(request)


@confirmed_once
def _break_glass(request: HttpRequest) -> HttpResponse:
    tried = []

    def act(form):
        child, said = form.child(), form.cleaned_data
        if child is None:
            tried.append(said)
            raise NotYet(breaking_glass.NOTHING_OPENED)
        if is_in_sight(child.pk, request.user, request.at):
            messages.info(request, breaking_glass.ALREADY_IN_SIGHT)
        else:
            told = {"why": said["why"], "because": said["because"], "by": request.user, "at": request.at}
            use = breaking_glass.open_record(child, hours=said["hours"], **told)
            messages.success(request, OPENED.format(_until(use, request)))
        return reverse("children:child", args=[child.pk])

    answer = recording.record(
        request,
        forms.BreakGlassForm,
        about=None,
        page=recording.Page("Break-glass", lede=LEDE, button="Open the record"),
        act=act,
        done="",
        context={"back_url": reverse("children:search"), "back_label": "Find a child"},
    )
    for said in tried:
        breaking_glass.write_attempt(request.user, why=said["why"], because=said["because"], at=request.at)
    return answer


@page(Holds.ONE_CHILD)
def break_glass_use(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the alert leads: to what has happened, for whoever sees the child; to nothing for anybody else."""
    found = get_object_or_404(BreakGlassUse, pk=pk)
    if not is_in_sight(found.child_id, request.user, request.at):
        raise Http404
    return HttpResponseRedirect(reverse("children:timeline", args=[found.child_id]))


@page(Holds.NOTHING_PERSONAL)
def close_break_glass(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a record before its hour: for whoever opened it, was told of it, or reviews it."""
    found = get_object_or_404(breaking_glass.uses_open(request.at).select_related("by"), pk=pk)
    if not breaking_glass.may_close(found, request.user, request.at):
        raise Http404
    is_own = found.by_id == request.user.pk
    lede = f"It is open {'to you' if is_own else f'to {found.by.name}'} until {said_moment(found.closed_at)}."

    def act(form):
        breaking_glass.close_record(found, by=request.user, at=request.at)
        return reverse("children:my_work")

    return recording.record(
        request,
        forms.CloseForm,
        about=found,
        page=recording.Page("Close the record now", lede=lede, button="Close the record"),
        act=act,
        done="The record is closed again. Its use is reviewed all the same.",
        context={"back_url": reverse("children:my_work"), "back_label": "My work"},
    )


# The review


@page(Holds.NOTHING_PERSONAL, roles=breaking_glass.REVIEWERS)
def break_glass_uses(request: HttpRequest) -> HttpResponse:
    """Every use of break-glass but one's own, those not reviewed first; and who tried without opening anything."""
    listed = breaking_glass.uses_listed_for(request.user)
    waiting = request.GET.get("show") != "all"
    shown = listed.filter(breaking_glass.not_reviewed()) if waiting else listed
    paged = page_of(request, shown, USES_A_PAGE)
    here = reverse("children:break_glass_uses")
    context = {
        "lists": [
            {"label": "To review", "url": here, "current": waiting},
            {"label": "All", "url": f"{here}?show=all", "current": not waiting},
        ],
        "page": paged,
        "columns": COLUMNS,
        "rows": [_row(each, request.at) for each in paged],
        "attempt_columns": ATTEMPTS,
        "attempts": [
            [row["by"].name, row["number"], said_moment(row["last"])]
            for row in breaking_glass.attempts_by_person(request.at - ATTEMPTS_SHOWN_FOR)
            if row["by"] != request.user
        ],
    }
    return render(request, "children/break_glass_uses.html", context)


@page(Holds.NOTHING_PERSONAL, roles=breaking_glass.REVIEWERS)
def break_glass_review(request: HttpRequest, pk: int) -> HttpResponse:
    """One use: who, when, why and what was read; and what the reviewer finds. The child is not shown."""
    found = get_object_or_404(breaking_glass.uses_listed_for(request.user), pk=pk)
    may_review = breaking_glass.may_review(found, request.user, request.at)
    if request.method == "POST" and not may_review:
        raise NotYou("Only the privacy officer can review this; the auditor, where the privacy officer used it.")

    def act(form):
        said = {"outcome": form.cleaned_data["outcome"], "says": form.says()}
        breaking_glass.review(found, **said, by=request.user, at=request.at)
        return reverse("children:break_glass_uses")

    context = {
        "use": found,
        "may_review": may_review,
        "is_open": found.closed_at > request.at and breaking_glass.may_close(found, request.user, request.at),
        "rows_of_use": _facts(found),
        "read_columns": READ,
        "read": [[said_moment(at), says] for at, says in breaking_glass.pages_read(found, request.at)],
        "reviews": found.reviews.select_related("by"),
        "back_url": reverse("children:break_glass_uses"),
        "back_label": "Uses of break-glass",
    }
    return recording.record(
        request,
        forms.ReviewForm,
        about=found,
        page=recording.Page(f"Use {found.pk} of break-glass", template="children/break_glass_review.html"),
        act=act,
        done="Your review is recorded.",
        context=context,
    )


def url_of_review(duty: Duty) -> str:
    """Where the duty to review is met."""
    return reverse("children:break_glass_review", args=[duty.about.rpartition(":")[2]])


def _row(found, at):
    return [
        {"says": f"Use {found.pk}", "url": reverse("children:break_glass_review", args=[found.pk])},
        found.by.name,
        said_moment(found.starts_at),
        _how_long(found),
        found.get_why_display(),
        {"says": ReviewOutcome(found.outcome).label if found.outcome else "Not reviewed", "tone": TONES[found.outcome]},
    ]


def _facts(found):
    return [
        {"label": "Who", "says": found.by.name},
        {"label": "When", "says": said_moment(found.starts_at)},
        {"label": "For how long", "says": f"{_how_long(found)}, until {said_moment(found.ends_at)}"},
        *([{"label": "Closed early", "says": said_moment(found.closed_at)}] if found.closed_at < found.ends_at else ()),
        {"label": "Reason", "says": found.get_why_display()},
        {"label": "In their words", "says": found.because},
        {"label": "Told at once", "says": _told(found)},
    ]


def _told(found) -> str:
    """By role: which team manager it was would say whose team holds the case."""
    if found.told is None:
        return "Nobody was there to tell"
    held = found.told.roles_at(found.starts_at) & breaking_glass.REVIEWERS
    return next((role.label for role in held), "The manager of the child’s team")


def _how_long(found) -> str:
    hours = (found.ends_at - found.starts_at).total_seconds() / 3600
    return counted(hours, "hour") if hours < 48 else duration(found.ends_at - found.starts_at)


def _until(use, request) -> str:
    is_today = said_moment(use.ends_at).partition(" at ")[0] == said_moment(request.at).partition(" at ")[0]
    return said_time(use.ends_at) if is_today else said_moment(use.ends_at)
