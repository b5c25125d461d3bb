"""The pages of the sign-off chain: the approval as a whole, each step, and the signed record as a document."""

from dataclasses import replace

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from approvals import forms
from approvals.documents import record_as_pdf
from approvals.meetings import CASE_DISCUSSION
from approvals.models import CaseDiscussion
from approvals.reading import approval_as_read, notices_of
from approvals.rulebook import FOUR, WITHDRAWING
from approvals.states import ENDED, ApprovedAs, State
from casework import taking
from casework.confirming import confirmed_once
from casework.duty_lines import lines_of
from casework.events import label_of
from casework.meetings.models import Meeting
from casework.meetings.panels import actions_beside
from casework.models import Duty
from casework.pages import Holds, page
from casework.steps import steps_of
from children.access import sight_of
from children.identity import identity_bar
from children.permissions import loaded_in_scope
from placements.models import Placement

STEPS = {
    "convene": (forms.ConveneForm, "Convened: the record can be typed up now."),
    "record": (forms.RecordForm, "The record is typed. The four who discussed it are asked to agree it."),
    "agree": (forms.SigningForm, "You have agreed the record."),
    "approve": (forms.ApproveForm, "You have approved it. The Service Director decides next."),
    "send_back": (forms.DecisionForm, "Sent back to the Deputy Head of Service, with your reasons."),
    "refuse": (forms.DecisionForm, "Refused, with your reasons. The child’s move has to be discussed."),
    "sign_off": (forms.SigningForm, "You have given final sign-off."),
    "dissent": (forms.DecisionForm, "Your dissent is recorded, with your reasons."),
    "feed_back": (forms.FeedBackForm, "Recorded: the others can read here what was agreed."),
    "communicate": (forms.StepForm, "The outcome is recorded as communicated."),
    "file": (forms.FileForm, "Filed."),
    "withdraw": (forms.ReasonForm, "Withdrawn, with your reasons."),
}
"""What each step asks, and what the page says once it is taken. A new step is a row here and a transition."""

BUTTONS = {"record": "Send the record to be agreed"}
"""What the button of a step's own page says, where that is not the step's name."""

COMES_OF_IT = {
    "send_back": "The Deputy Head of Service types the record anew, and all four agree it again.",
    "refuse": "This ends the approval. The Deputy Head of Service then has to discuss moving the child.",
    "dissent": "You and the Head of Service agree what is to be done. Then it comes back to you.",
    "withdraw": "This ends the approval without a decision. What was typed is kept for another discussion.",
}
"""What whoever decides against the record is told before."""

WITH_PASSWORD = ("agree", "approve", "send_back", "refuse", "sign_off", "dissent")
"""Signatures and decisions, for which the password is asked again."""

NOTHING_TO_TYPE = {
    "agree": ({"label": "Agree that the record is accurate"},),
    "approve": (
        {"label": "Approve as the child’s permanence plan", "name": "approved_as", "value": ApprovedAs.PERMANENCE},
        {"label": "Approve as an interim arrangement", "name": "approved_as", "value": ApprovedAs.INTERIM},
    ),
    "sign_off": ({"label": "Give final sign-off"},),
    "communicate": ({"label": "Confirm that the outcome is communicated"},),
}
"""Steps that are taken on the approval's own page, below what there is to read: each with its buttons."""

ENDS_IT = ("refuse", "withdraw")
"""After these there is nothing left to sign: their buttons warn."""

OWED_ON_A_PAGE = {
    State.CONVENED: "record",
    State.SENT_BACK: "record",
    State.DISSENTED: "feed_back",
    State.COMMUNICATED: "file",
}
"""The step that a state waits for, where it is taken on a page of its own: its way there is the main button."""

OWED_OF_THE_RECORD = {
    State.CONVENED: "Type up the record",
    State.SENT_BACK: "Type up the record",
    State.TO_AGREE: "Agree the record",
}

SHOWN = ("placement__child__case_file", "placement__carer", "placement__home", "placement__standing", "meeting", *FOUR)


@require_safe
@page(Holds.ONE_CHILD)
def approval(request, pk):
    """Everything about one approval: the record, who has agreed and signed, and what comes next."""
    discussion = _in_sight(request, pk)
    read = _read(request, discussion)
    due = [] if discussion.state == State.FILED else _waits_for(discussion)
    is_over = discussion.state not in ENDED and any(line.kind == WITHDRAWING.rule for line in due)
    owed = "withdraw" if is_over else OWED_ON_A_PAGE.get(discussion.state)
    steps = [_step_row(request, read, step, owed) for step in steps_of(discussion, by=request.user, at=request.at)]
    *before, last = read["decisions"] or [None]
    is_why = last is not None and last["at"] == discussion.stands_since
    met = actions_beside(request, discussion.meeting, read["child"]) if discussion.meeting_id else {}
    around = {
        **met,
        "decided": _why(last) if is_why else None,
        "decisions": before if is_why else read["decisions"],
        "steps": sorted(steps, key=lambda row: (not row["is_owed"], row["ends_it"])),
        "is_being_agreed": discussion.state == State.TO_AGREE,
        "can_act": any(row["step"].is_open for row in steps),
        "asks_password": any("form" in row and row["step"].name in WITH_PASSWORD for row in steps),
        "duties": due,
        "notices": list(notices_of(discussion, read["version"], request.at, is_over=is_over)),
    }
    return render(request, "approvals/approval.html", {**read, **around})


@page(Holds.ONE_CHILD)
def convene(request, placement):
    """Convene the case discussion about an arrangement; where one is under way already, go there."""
    visible = Placement.objects.visible_to(request.user, at=request.at).select_related("child", "carer", "home")
    arrangement = get_object_or_404(visible, pk=placement)
    running = CaseDiscussion.objects.running().filter(placement=arrangement).first()
    if running and request.method != "POST":
        return HttpResponseRedirect(reverse("approvals:approval", args=[running.pk]))
    return _take(request, CaseDiscussion(placement=arrangement), "convene")


@page(Holds.ONE_CHILD)
def take(request, pk, step):
    """One step of the chain: what it asks, below everything that there is to read."""
    if step not in STEPS or step == "convene":
        raise Http404
    return (_take_confirmed if step in WITH_PASSWORD else _take)(request, _in_sight(request, pk), step)


@require_safe
@page(Holds.ONE_CHILD)
def document(request, pk):
    """The record as a tagged PDF, made for the person who asks for it."""
    discussion = _in_sight(request, pk)
    if discussion.version is None:
        raise Http404
    pdf = record_as_pdf(_record_read(request, discussion))
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="case-discussion-{discussion.pk}.pdf"'
    return answer


def _take(request, discussion, name):
    form_class, done = STEPS[name]
    return taking.take(
        request,
        discussion,
        name,
        form_class=form_class,
        button=BUTTONS.get(name, ""),
        lede=COMES_OF_IT.get(name, ""),
        done=done,
        template="approvals/step.html",
        address_of=lambda taken: reverse("approvals:approval", args=[taken.pk]),
        context=SimpleLazyObject(lambda: {**_read(request, discussion), **_about(name)}),
        initial=None if request.method == "POST" else _to_start_from(discussion),
    )


_take_confirmed = confirmed_once(_take)


def _why(decision):
    """Why it stands where it stands. The state above says the same decision, but for what was agreed after a dissent."""
    return decision if decision["act"] == "feed_back" else {**decision, "says": ""}


def _about(name):
    return {"is_writing": name == "record", "ends_it": name in ENDS_IT, "asks_password": name in WITH_PASSWORD}


def _step_row(request, read, step, owed):
    """A step with the address of its page, or, where nothing is to be typed, with the form that takes it here."""
    discussion = read["discussion"]
    url = reverse("approvals:take", args=[discussion.pk, step.name])
    row = {"step": step, "url": url, "who": step.who.rstrip(",")}
    row |= {"is_owed": step.name == owed, "ends_it": step.name in ENDS_IT}
    if step.is_open and step.name in NOTHING_TO_TYPE:
        digest = read["version"].digest if read["version"] else ""
        told = {"about": discussion, "by": request.user, "at": request.at, "auto_id": False}
        row["form"] = STEPS[step.name][0](initial={"digest": digest}, **told)
        row["buttons"] = NOTHING_TO_TYPE[step.name]
    return row


def _to_start_from(discussion):
    """The version that a step is about. After a withdrawal the text of the withdrawn record is typed already."""
    if discussion.pk is None:
        return _as_arranged(discussion)
    version = discussion.version
    if version:
        return {"digest": version.digest, **version.content}
    withdrawn = discussion.withdrawn_before
    return withdrawn.content if withdrawn else None


def _as_arranged(discussion):
    """Who was to come and until when, where the case discussion was arranged beforehand."""
    meeting = Meeting.objects.arranged(CASE_DISCUSSION, label_of(discussion.placement)).first()
    if meeting is None:
        return None
    return {"held_at": meeting.ends_at, **dict(meeting.invited.exclude(role="").values_list("role", "person"))}


def _waits_for(discussion):
    """What is owed now about the arrangement, by whom and since when: of one matter, so that a source is said once."""
    about = label_of(discussion.placement)
    duties = Duty.objects.open().filter(about=about, source="approvals").select_related("owner").soonest_first()
    titles = {"D-00": "Not signed off", "D-02": OWED_OF_THE_RECORD.get(discussion.state)}
    return [replace(line, url="", title=titles.get(line.kind) or line.title) for line in lines_of(duties)]


def _in_sight(request, pk):
    """The discussion, with all that a page shows of it; whoever sends a form mostly sees another page next."""
    shown = SHOWN if request.method != "POST" else ("placement__child",)
    visible = CaseDiscussion.objects.visible_to(request.user, at=request.at)
    discussion = get_object_or_404(visible.select_related(*shown), pk=pk)
    loaded_in_scope(discussion.placement.child, request.user, request.at)
    return discussion


def _read(request, discussion):
    child = discussion.placement.child
    bar = identity_bar(request, child, sight_of(request.user, child, request.at))
    return {**_record_read(request, discussion), "identity": bar}


def _record_read(request, discussion):
    sight = sight_of(request.user, discussion.placement.child, request.at)
    return approval_as_read(discussion, sight, at=request.at, by=request.user)
