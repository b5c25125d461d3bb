"""The pages of what follows from a visit: the provider's actions, and forms to be read."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from casework import recording, taking, timeline
from casework.duty_lines import lines_of
from casework.events import label_of
from casework.limits import local_day
from casework.lists import page_of
from casework.models import Duty, Event
from casework.pages import Holds, page
from casework.steps import NotYet, NotYou, steps_of, write_down
from casework.wording import said_day
from children.access import sight_of
from children.identity import identity_bar
from children.models import Child
from children.permissions import loaded_in_scope
from children.views import child_or_404
from visits.after import forms, permissions
from visits.after.showing import action_as_read
from visits.models import FormReading, ProviderAction, VisitingForm
from visits.states import FormState, Reading
from visits.visiting_forms.views import form_or_404, with_identity

ACTIONS_A_PAGE = 50
STEPS = {
    "remind": (forms.RemindForm, "It is recorded that you reminded the provider."),
    "escalate": (forms.EscalateForm, "It is taken higher. It stays on your list until it is done."),
    "postpone": (forms.PostponeForm, "The other day is recorded."),
    "finish": (forms.FinishForm, "The action is done."),
    "drop": (forms.DropForm, "The action is not needed any more."),
}
"""What each step of a provider's action asks, and what the page says once it is taken."""


# The provider's actions


@require_safe
@page(Holds.ONE_CHILD)
def actions_of_child(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that providers were to do for a child: what is open first, the rest readable."""
    child = child_or_404(request, pk)
    sight = sight_of(request.user, child, request.at)
    agreed = ProviderAction.objects.filter(form__child=child).select_related("form__author")
    shown = page_of(request, agreed.order_by("settled_at", "due_on", "pk"), ACTIONS_A_PAGE)
    return render(
        request,
        "visits/after/actions_of_child.html",
        {
            **around(request, child),
            "actions": [action_as_read(each, sight, request.at) for each in shown],
            "page": shown,
            "at": request.at,
        },
    )


@require_safe
@page(Holds.ONE_CHILD)
def action(request: HttpRequest, pk: int) -> HttpResponse:
    """One thing that a provider is to do: how it stands, what happened about it, and what comes next."""
    found = _action_or_404(request, pk)
    sight = sight_of(request.user, found.form.child, request.at)
    events = Event.objects.filter(record=label_of(found)).select_related("by").order_by("-number")
    steps = steps_of(found, by=request.user, at=request.at)
    return render(
        request,
        "visits/after/action.html",
        {
            **around(request, found.form.child),
            "row": action_as_read(found, sight, request.at),
            "steps": [
                {"step": step, "url": address_of(step.name, found), "is_owed": step.name == "finish"}
                for step in sorted(steps, key=lambda step: list(STEPS).index(step.name))
            ],
            "duties": lines_of(_waiting(label_of(found))),
            "events": timeline.told(events, with_text=bool(sight.narrative)),
            "at": request.at,
        },
    )


def taking_of(step: str) -> Callable[..., HttpResponse]:
    """The page on which one step of an action is taken."""
    form_class, done = STEPS[step]

    @page(Holds.ONE_CHILD)
    def take(request: HttpRequest, pk: int) -> HttpResponse:
        found = _action_or_404(request, pk)
        sight = sight_of(request.user, found.form.child, request.at)
        return taking.take(
            request,
            found,
            step,
            form_class=form_class,
            done=done,
            template="visits/after/step.html",
            address_of=lambda taken: reverse("visits:action", args=[taken.pk]),
            context={
                **around(request, found.form.child),
                "row": action_as_read(found, sight, request.at),
                "back_url": reverse("visits:action", args=[pk]),
                "back_label": "Back to the action",
                "at": request.at,
            },
            initial=None,
        )

    return take


def address_of(step: str, action: ProviderAction) -> str:
    """Where a step of an action is taken."""
    return reverse(f"visits:action_{step}", args=[action.pk])


def _action_or_404(request: HttpRequest, pk: int) -> ProviderAction:
    visible = ProviderAction.objects.visible_to(request.user, at=request.at)
    found = get_object_or_404(visible.select_related("form__child__case_file", "form__author"), pk=pk)
    loaded_in_scope(found.form.child, request.user, request.at)
    return found


# Forms to be read


@page(Holds.ONE_CHILD)
def read_form(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a complete form for others: the reviewing officer concludes, the manager answers."""
    found = form_or_404(request, pk)
    if not permissions.may_read(found, request.user, request.at):
        raise NotYou(
            "A form is read by the child’s independent reviewing officer, and by the manager to whom its author took it; "
            "never by whoever wrote it."
        )
    if found.state != FormState.COMPLETE:
        raise NotYet("The form is not complete yet.")
    if request.method != "POST" and (mine := _my_reading(found, request.user)):
        raise NotYet(f"You read this version on {said_day(local_day(mine.at))}: {mine.get_concludes_display()}.")

    def act(form: forms.ReadForm) -> str:
        [reading] = form.facts()
        _write(request, form, "read_form", found, permissions.may_read, reading)
        concludes = Reading(reading.concludes)
        follows = concludes in (Reading.EARLY_REVIEW, Reading.FORMAL_ESCALATION)
        return reverse("visits:reading", args=[reading.pk]) if follows else reverse("visits:form", args=[found.pk])

    return recording.record(
        request,
        forms.ReadForm,
        about=found,
        page=recording.Page("Read the form", button="I have read it", template="visits/after/read.html"),
        act=act,
        done="Your reading is recorded.",
        context={
            **around(request, found.child),
            **with_identity(request, found),
            "visiting_form": found,
            "form_url": reverse("visits:form", args=[found.pk]),
        },
    )


@require_safe
@page(Holds.ONE_CHILD)
def reading(request: HttpRequest, pk: int) -> HttpResponse:
    """What somebody concluded from a form, and what happens next."""
    found = _reading_or_404(request, pk)
    form = found.version.form
    sight = sight_of(request.user, form.child, request.at)
    is_iro = permissions.is_the_iro(form, request.user, request.at)
    raised = list(found.raised.select_related("recorded_by"))
    return render(
        request,
        "visits/after/reading.html",
        {
            **around(request, form.child),
            "reading": found,
            "visiting_form": form,
            "form_url": reverse("visits:form", args=[form.pk]),
            "says": found.says if sight.narrative else "",
            "raised": raised,
            "shows_text": bool(sight.narrative),
            "is_early_review": found.concludes == Reading.EARLY_REVIEW,
            "is_escalation": found.concludes == Reading.FORMAL_ESCALATION,
            "raise_url": reverse("visits:raise_reading", args=[pk]) if is_iro and not raised else "",
            "review_url": reverse("children:schedule_review", args=[form.child_id]) if is_iro else "",
            "duties": lines_of(_waiting(label_of(found))),
            "at": request.at,
        },
    )


@page(Holds.ONE_CHILD)
def raise_reading(request: HttpRequest, pk: int) -> HttpResponse:
    """The reviewing officer raised with the managers what a form shows."""
    found = _reading_or_404(request, pk)
    form = found.version.form
    if not permissions.is_the_iro(form, request.user, request.at):
        raise NotYou(permissions.THE_IRO)
    if found.concludes != Reading.FORMAL_ESCALATION:
        raise NotYet("This reading did not conclude that it is escalated formally.")
    if request.method != "POST" and found.raised.exists():
        raise NotYet("It is on record already with whom this was raised.")

    def act(answers: forms.RaiseForm) -> str:
        _write(request, answers, "raise_as_iro", form, permissions.is_the_iro, *answers.facts())
        return reverse("visits:reading", args=[pk])

    return recording.record(
        request,
        forms.RaiseForm,
        about=found,
        page=recording.Page("Say how it was raised", lede="Nobody else can end this for you."),
        act=act,
        done="It is recorded that you raised it.",
        context={
            **around(request, form.child),
            "back_url": reverse("visits:reading", args=[pk]),
            "back_label": "Back to the reading",
        },
    )


def _reading_or_404(request: HttpRequest, pk: int) -> FormReading:
    visible = VisitingForm.objects.visible_to(request.user, at=request.at)
    with_form = FormReading.objects.select_related("version__form__child__case_file", "by")
    found: FormReading = get_object_or_404(with_form, pk=pk, version__form__in=visible)
    loaded_in_scope(found.version.form.child, request.user, request.at)
    return found


def _my_reading(form: VisitingForm, user: Any) -> FormReading | None:
    return form.version.readings.filter(by=user).first() if form.version else None


# What all pages here have


def around(request: HttpRequest, child: Child) -> dict[str, Any]:
    """What stands around every page about a child.

    Raises NotYou for whoever was let in for one thing alone and may not know the home: a health professional, LADO.
    """
    sight = sight_of(request.user, child, request.at)
    if not sight.address:
        raise NotYou("What follows from visits is for those who may know where the child lives.")
    return {
        "child": child,
        "identity": identity_bar(request, child, sight),
        "back_url": reverse("children:child", args=[child.pk]),
        "back_label": "Back to the child’s page",
    }


def _waiting(label: str) -> Any:
    return Duty.objects.open().filter(about=label).soonest_first().select_related("owner")


def _write(request: HttpRequest, form: forms.FactsForm, act: str, about: Any, may: Any, *facts: Model) -> None:
    by = {"may": may, "by": request.user, "at": request.at}
    write_down(*facts, act=act, about=about, details=form.details(), **by)
