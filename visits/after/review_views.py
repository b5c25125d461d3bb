"""The pages around a review, and where the social worker's form is missing: what the reviewing officer does."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from casework import recording
from casework.duty_lines import lines_of
from casework.events import label_of
from casework.models import Duty
from casework.pages import Holds, page
from casework.steps import NotYet, NotYou, write_down
from casework.wording import due_on, said_day, said_moment
from children.access import children_visible_to, sight_of
from children.models import Child, LookedAfterReview
from children.permissions import loaded_in_scope
from placements.models import Placement
from placements.where import home_of, with_whom
from visits.after import forms, permissions
from visits.after.views import around
from visits.models import (
    PlannedVisit,
    PrivateConversation,
    ProviderAction,
    RaisedByIro,
    VisitAskedFor,
    VisitsConsidered,
)
from visits.permissions import VISITING
from visits.states import AskedBy, PlanState

SCHEDULE = [
    {"label": "Who"},
    {"label": "Last visit here"},
    {"label": "Child"},
    {"label": "Planned"},
    {"label": "Due"},
]


@require_safe
@page(Holds.ONE_CHILD)
def around_review(request: HttpRequest, pk: int) -> HttpResponse:
    """One review: the private conversation, everybody's visits, and what is asked for because of them."""
    review = _review_or_404(request, pk)
    child = review.child
    asked = VisitAskedFor.objects.filter(placement__child=child, asked_by=AskedBy.IRO, taken_back_at=None)
    context = {
        **around(request, child),
        "review": review,
        "title": _said(review),
        "conversations": PrivateConversation.objects.filter(review=review).select_related("by").order_by("-at"),
        "considered": VisitsConsidered.objects.filter(review=review).select_related("by").order_by("-at"),
        "shows_text": bool(sight_of(request.user, child, request.at).narrative),
        "columns": SCHEDULE,
        "rows": everybodys_visits(child, request.at),
        "asked": asked.order_by("-asked_at"),
        "open_actions": ProviderAction.objects.open().filter(form__child=child).count(),
        "is_iro": permissions.is_the_iro(child, request.user, request.at),
        "duties": lines_of(Duty.objects.open().filter(about=label_of(review)).soonest_first().select_related("owner")),
        "at": request.at,
    }
    return render(request, "visits/after/review.html", context)


def everybodys_visits(child: Child, at: datetime) -> list[list[Any]]:
    """By role: when the child was last visited in the present home, when a visit is planned, and when one is due."""
    home = home_of(child, at)
    if home is None:
        return []
    made = home.visits.filter(made_at__lte=at, struck_out=False).order_by("role", "-made_at")
    last = {visit.role: visit for visit in made.distinct("role")}
    standing = PlannedVisit.objects.filter(placement=home, state=PlanState.PLANNED)
    planned = dict(standing.values_list("role").annotate(Min("planned_on")))
    due: dict[str, Duty] = {}
    for duty in Duty.objects.open().filter(source="visits", about=label_of(home)).soonest_first():
        due.setdefault(duty.role, duty)
    return [
        [
            role.label,
            said_moment(last[role].made_at) if role in last else "None",
            last[role].how_seen if role in last else "",
            said_day(planned.get(role)),
            due_on(due[role].due_at) if role in due else "",
        ]
        for role in VISITING
        if role in {*last, *planned, *due}
    ]


@page(Holds.ONE_CHILD)
def speak_privately(request: HttpRequest, pk: int) -> HttpResponse:
    """The reviewing officer spoke with the child alone, or could not (L-38)."""
    return _record(
        request,
        _review_or_404(request, pk),
        forms.SpeakForm,
        "speak_privately",
        recording.Page(
            "The private conversation",
            lede="Before each review you speak with the child alone. Say so too where the child did not want to, or you "
            "could not: it stays on record.",
        ),
        "The conversation is recorded.",
    )


@page(Holds.ONE_CHILD)
def consider_visits(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody's visits are looked at for a review (K-04)."""
    review = _review_or_404(request, pk)
    return _record(
        request,
        review,
        forms.ConsiderForm,
        "consider_visits",
        recording.Page(
            "Everybody’s visits",
            lede="The visits of the social work team, and of everybody else who visits. Where more are needed, ask for one.",
            template="visits/after/consider.html",
        ),
        "It is recorded that everybody’s visits were looked at.",
        columns=SCHEDULE,
        rows=everybodys_visits(review.child, request.at),
    )


def _record(
    request: HttpRequest,
    review: LookedAfterReview,
    form_class: type[forms.FactsForm],
    act: str,
    shown: recording.Page,
    done: str,
    **more: Any,
) -> HttpResponse:
    if not permissions.is_the_iro(review.child, request.user, request.at):
        raise NotYou(permissions.THE_IRO)

    def write(form: forms.FactsForm) -> str:
        by = {"may": permissions.is_the_iro, "by": request.user, "at": request.at}
        write_down(*form.facts(), act=act, about=review.child, details=form.details(), **by)
        return reverse("visits:around_review", args=[review.pk])

    context = {
        **around(request, review.child),
        **more,
        "back_url": reverse("visits:around_review", args=[review.pk]),
        "back_label": "Back to the review",
    }
    return recording.record(request, form_class, about=review, page=shown, act=write, done=done, context=context)


def _review_or_404(request: HttpRequest, pk: int) -> LookedAfterReview:
    visible = LookedAfterReview.objects.filter(children_visible_to(request.user, request.at, "child"))
    review: LookedAfterReview = get_object_or_404(visible.select_related("child__case_file"), pk=pk)
    loaded_in_scope(review.child, request.user, request.at)
    return review


def _said(review: LookedAfterReview) -> str:
    if review.held_on:
        return f"Review held on {said_day(review.held_on)}"
    return f"Review planned for {said_day(review.scheduled_on)}"


# The social worker's form is missing


@page(Holds.ONE_CHILD)
def missing_form(request: HttpRequest, pk: int) -> HttpResponse:
    """The reviewing officer decides what is done where the social worker's form did not come."""
    visible = Placement.objects.visible_to(request.user, at=request.at)
    home: Placement = get_object_or_404(visible.select_related("child__case_file", "home", "carer"), pk=pk)
    child = loaded_in_scope(home.child, request.user, request.at)
    if not permissions.is_the_iro(child, request.user, request.at):
        raise NotYou(permissions.THE_IRO)
    late = lines_of(_missing(home, request.at))
    if request.method != "POST" and not late:
        raise NotYet("No purposeful form of the social worker is overdue here.")

    def write(form: forms.FactsForm) -> str:
        by = {"may": permissions.is_the_iro, "by": request.user, "at": request.at}
        write_down(*form.facts(), act="raise_as_iro", about=home, details=form.details(), **by)
        return reverse("children:child", args=[child.pk])

    return recording.record(
        request,
        forms.MissingForm,
        about=home,
        page=recording.Page("The social worker’s form is missing", template="visits/after/missing.html"),
        act=write,
        done="Your decision is recorded.",
        context={
            **around(request, child),
            "where": with_whom(home, sight_of(request.user, child, request.at)),
            "late": late,
            "before": RaisedByIro.objects.filter(placement=home, reading=None).order_by("-recorded_at"),
            "at": request.at,
        },
    )


def _missing(home: Placement, at: datetime) -> Sequence[Duty]:
    """The purposeful forms of the worker that are overdue here."""
    overdue = Duty.objects.open().filter(source="visits", about=label_of(home), due_at__lte=at, key__startswith="P:")
    return overdue.filter(role="social_worker").soonest_first().select_related("owner")
