"""The pages of meetings: one as a whole, each step of it, what was agreed, and the minutes as documents."""

from django.db import models
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from casework import taking, timeline
from casework.duty_lines import lines_of
from casework.events import label_of
from casework.meetings import forms, permissions
from casework.meetings.calendar import entry_of
from casework.meetings.documents import minutes_as_document
from casework.meetings.kind import kind_of
from casework.meetings.models import Action, Circulation, Meeting
from casework.meetings.panels import actions_beside
from casework.meetings.reading import action_as_read, copy_as_read, meeting_as_read
from casework.meetings.states import ActionState, MeetingState
from casework.models import CaseFile, Duty, Event
from casework.pages import Holds, page
from casework.steps import steps_of

STEPS = {
    "arrange": (forms.PlanForm, "The meeting is arranged, and those invited who sign in are told."),
    "rearrange": (forms.RearrangeForm, "The arrangements are changed, and those invited who sign in are told."),
    "hold": (forms.HoldForm, "It is recorded who came."),
    "minute": (forms.MinutesForm, "The minutes are typed. Send them round next."),
    "circulate": (forms.CirculateForm, "The minutes are sent round. Hand people from outside their copies."),
    "call_off": (forms.ReasonForm, "The meeting is called off, and those invited who sign in are told."),
}
"""What each step of a meeting asks, and what the page says once it is taken."""

OF_ACTION = {
    "agree": (forms.AgreeForm, "The action is added."),
    "finish": (forms.FinishForm, "The action is done."),
    "chase": (forms.AskForm, "It is recorded that you asked."),
    "escalate": (forms.ReasonForm, "It is taken higher."),
    "change": (forms.ChangeForm, "The action is changed."),
    "drop": (forms.ReasonForm, "The action need not be done any more."),
}
"""The same of what was agreed."""

SAID_ELSEWHERE = ("hold", "minute", "circulate")
"""The steps of a meeting whose minutes are another record: they are taken there."""

OWED = {
    MeetingState.ARRANGED: "hold",
    MeetingState.HELD: "minute",
    MeetingState.MINUTED: "circulate",
    ActionState.OPEN: "finish",
}
"""The step that a state waits for: the way there is the main button."""


@page(Holds.ONE_CHILD)
def arrange(request, kind, file, about=None):
    """Arrange a meeting of a kind about a case; where one is arranged about the same record already, go there."""
    try:
        row = kind_of(kind)
    except KeyError:
        raise Http404 from None
    visible = CaseFile.objects.visible_to(request.user, at=request.at).filter(kind=row.file)
    case_file = get_object_or_404(visible, pk=file)
    if bool(row.about) != (about is not None):
        raise Http404
    meeting = Meeting(case_file=case_file, kind=row.code, about=f"{row.about}:{about}" if row.about else "")
    arranged = Meeting.objects.arranged(row, meeting.about).first() if row.about else None
    if arranged and request.method != "POST":
        return HttpResponseRedirect(_address(arranged))
    return _take(request, meeting, "arrange")


@require_safe
@page(Holds.ONE_CHILD)
def meeting(request, pk):
    """Everything about one meeting: who comes, what was said and agreed, and what comes next."""
    found = _in_sight(request, pk)
    elsewhere = found.of_kind.held_elsewhere
    read = _read(request, found)
    around = {
        **_around(request, found),
        **read,
        **actions_beside(request, found),
        "people_table": _people_table(read),
        "steps": _steps(request, found, "meetings:take", but=SAID_ELSEWHERE if elsewhere else ()),
        "elsewhere": elsewhere(found) if elsewhere else None,
        "runs": permissions.may_run(found, request.user, request.at),
        "duties": _waits_for(found.record),
    }
    return render(request, "meetings/meeting.html", around)


@page(Holds.ONE_CHILD)
def take(request, pk, step):
    """One step of a meeting."""
    if step not in STEPS or step == "arrange":
        raise Http404
    return _take(request, _in_sight(request, pk), step)


@page(Holds.ONE_CHILD)
def agree(request, pk):
    """Write down one thing that was agreed."""
    found = _in_sight(request, pk)
    return _take_of_action(request, Action(meeting=found), "agree")


@require_safe
@page(Holds.ONE_CHILD)
def action(request, pk):
    """One thing that was agreed: how it stands, what happened about it, and what comes next."""
    found = _action_in_sight(request, pk)
    reads = _reads(request, found.meeting)
    events = Event.objects.filter(record=label_of(found)).select_related("by").order_by("-number")
    around = {
        **_around(request, found.meeting),
        **action_as_read(found, reads, request.at),
        "steps": _steps(request, found, "meetings:take_action"),
        "events": timeline.told(events, with_text="written" in reads),
        "duties": _waits_for(label_of(found)),
        "at": request.at,
    }
    return render(request, "meetings/action.html", around)


@page(Holds.ONE_CHILD)
def take_action(request, pk, step):
    """One step of an action."""
    if step not in OF_ACTION or step == "agree":
        raise Http404
    return _take_of_action(request, _action_in_sight(request, pk), step)


@require_safe
@page(Holds.ONE_CHILD)
def minutes_document(request, pk):
    """The minutes as a tagged PDF, made for the person who asks for it."""
    found = _in_sight(request, pk)
    if found.version is None:
        raise Http404
    shown = {**_read(request, found), **actions_beside(request, found), "case": found.case}
    return minutes_as_document(request, shown, f"minutes-{found.pk}.pdf")


@require_safe
@page(Holds.ONE_CHILD)
def copy(request, pk):
    """The copy of the minutes for somebody from outside, to be handed over by whoever runs the meeting."""
    visible = Meeting.objects.visible_to(request.user, at=request.at)
    sent = Circulation.objects.filter(minutes__meeting__in=visible, invitation__person=None, person=None)
    found = get_object_or_404(sent.select_related("minutes__meeting__case_file", "invitation"), pk=pk)
    running = found.minutes.meeting
    if not permissions.may_run(running, request.user, request.at):
        raise taking.NotYou(f"Only {permissions.who_runs(running)} can do this.")
    shown = {**copy_as_read(found, at=request.at), "case": running.case}
    return minutes_as_document(request, shown, f"minutes-{running.pk}-copy-{found.pk}.pdf")


@require_safe
@page(Holds.ONE_CHILD)
def calendar(request, pk):
    """The meeting as an entry for a calendar, without a name."""
    found = _in_sight(request, pk)
    answer = HttpResponse(entry_of(found, request.at), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="meeting-{found.pk}.ics"'
    return answer


def _take(request, found, name):
    form_class, done = STEPS[name]
    return taking.take(
        request,
        found,
        name,
        form_class=form_class,
        done=done,
        template="meetings/step.html",
        address_of=_address,
        context=SimpleLazyObject(lambda: _shown_beside(request, found, name)),
        initial=None if request.method == "POST" else _to_start_from(found, name),
    )


def _take_of_action(request, found, name):
    form_class, done = OF_ACTION[name]
    meeting_of_it = _address(found.meeting)
    return taking.take(
        request,
        found,
        name,
        form_class=form_class,
        done=done,
        template="meetings/action_step.html",
        address_of=lambda taken: f"{meeting_of_it}#actions" if name == "agree" else _address_of_action(taken),
        context=SimpleLazyObject(
            lambda: {
                **_around(request, found.meeting),
                **(action_as_read(found, _reads(request, found.meeting), request.at) if found.pk else {}),
                "back_url": _address_of_action(found) if found.pk else f"{meeting_of_it}#actions",
            }
        ),
        initial={"owner": found.owner_id, "due_on": found.due_on} if name == "change" else None,
    )


def _shown_beside(request, found, name):
    """What the page of a step shows besides its form: of a new meeting, whose it is."""
    if found.pk is None:
        return {**_around(request, found), "back_url": found.whose.identity(request, found.case)["url"]}
    read = _read(request, found) if name in ("minute", "circulate") else {}
    return {**_around(request, found), **read, "is_writing": name == "minute", "back_url": _address(found)}


def _to_start_from(found, name):
    if name in ("minute", "circulate"):
        version = found.version
        return {"digest": version.digest, **version.content} if version else None
    if name == "rearrange":
        return forms.plan_of(found)
    return {"ended_at": found.ends_at} if name == "hold" else None


def _steps(request, record, address, but=()):
    """The steps from here with their addresses, what it waits for first."""
    owed, order = OWED.get(record.state), [*STEPS, *OF_ACTION]
    steps = [step for step in steps_of(record, by=request.user, at=request.at) if step.name not in but]
    return [
        {"step": step, "url": reverse(address, args=[record.pk, step.name]), "is_owed": step.name == owed}
        for step in sorted(steps, key=lambda step: (step.name != owed, order.index(step.name)))
    ]


def _people_table(read):
    """Who is invited; once it has been held, who came."""
    columns = [{"label": "Who"}, {"label": "As what"}, *([{"label": "Came"}] if read["was_held"] else [])]
    cells = ("who", "as_what", "came")[: len(columns)]
    return {
        "caption": "Who came" if read["was_held"] else "Who is invited",
        "columns": columns,
        "rows": [[str(row[cell]) for cell in cells] for row in read["people"]],
    }


def _waits_for(record):
    duties = Duty.objects.open().filter(about=record, source="meetings").select_related("owner").soonest_first()
    return lines_of(duties)


def _in_sight(request, pk):
    """The meeting, with all that a page shows of it."""
    visible = Meeting.objects.visible_to(request.user, at=request.at)
    return get_object_or_404(visible.select_related("case_file", "chair", "minute_taker"), pk=pk)


def _action_in_sight(request, pk):
    visible = Action.objects.visible_to(request.user, at=request.at)
    return get_object_or_404(visible.select_related("meeting__case_file", "meeting__chair", "owner__person"), pk=pk)


def _around(request, found):
    return {"identity": found.whose.identity(request, found.case), "meeting": found, "kind": found.of_kind}


def _reads(request, found):
    return found.whose.reads(found.case, request.user, request.at)


def _read(request, found):
    return meeting_as_read(found, _reads(request, found), at=request.at, by=request.user)


def _address(found: models.Model) -> str:
    return reverse("meetings:meeting", args=[found.pk])


def _address_of_action(found: models.Model) -> str:
    return reverse("meetings:action", args=[found.pk])
