"""The pages of the sign-off chain: the approval as a whole, each step, and the signed record as a document."""

from dataclasses import replace

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from approvals import forms
from approvals.beside import beside
from approvals.documents import record_as_document
from approvals.meetings import CASE_DISCUSSION
from approvals.models import CaseDiscussion
from approvals.oversight_forms import FeedBackForm, NoteForm, RenewForm
from approvals.reading import notices_of
from approvals.rulebook import WITHDRAWING
from approvals.showing import in_sight, record_read, with_actions, with_identity
from approvals.states import ENDED, ApprovedAs, State
from casework import taking
from casework.confirming import confirmed_once
from casework.document_page import version_asked
from casework.duty_lines import lines_of
from casework.events import label_of
from casework.meetings.models import Meeting
from casework.pages import Holds, page
from casework.steps import steps_of
from placements.models import Placement

STEPS = {
    "convene": (forms.ConveneForm, "Convened: the record can be typed up now."),
    "agree": (forms.SigningForm, "You have agreed the record."),
    "approve": (forms.ApproveForm, "You have approved it. The Service Director decides next."),
    "send_back": (forms.DecisionForm, "Sent back to the Deputy Head of Service, with your reasons."),
    "refuse": (forms.DecisionForm, "Refused, with your reasons. The child’s move has to be discussed."),
    "sign_off": (forms.SigningForm, "You have given final sign-off."),
    "dissent": (forms.DecisionForm, "Your dissent is recorded, with your reasons."),
    "feed_back": (
        FeedBackForm,
        "Recorded. The Deputy Head of Service, the team manager and the social worker are told.",
    ),
    "communicate": (forms.StepForm, "Recorded. The three are told, and each is asked to confirm."),
    "know": (forms.StepForm, "You have confirmed that you know."),
    "note": (NoteForm, "The case note is written. It stands in the child’s timeline."),
    "renew": (RenewForm, "Renewed. The Service Director is told."),
    "file": (forms.FileForm, "Filed."),
    "withdraw": (forms.ReasonForm, "Withdrawn, with your reasons."),
}
"""What each step asks, and what the page says once it is taken. A new step is a row here and a transition."""

COMES_OF_IT = {
    "send_back": "The Deputy Head of Service types the record anew, and all four agree it again.",
    "refuse": "This ends the approval. The Deputy Head of Service then has to discuss moving the child.",
    "dissent": "You and the Head of Service agree what is to be done. Then it comes back to you.",
    "renew": "It holds on for a time, counted from now. The Service Director is told of it.",
    "withdraw": "This ends the approval without a decision. What was typed is kept for another discussion.",
}
"""What whoever decides against the record is told before."""

WITH_PASSWORD = ("agree", "approve", "send_back", "refuse", "sign_off", "dissent", "renew")
"""Signatures and decisions, for which the password is asked again."""

NOTHING_TO_TYPE = {
    "agree": ({"label": "Agree that the record is accurate"},),
    "approve": (
        {"label": "Approve as the child’s permanence plan", "name": "approved_as", "value": ApprovedAs.PERMANENCE},
        {"label": "Approve as an interim arrangement", "name": "approved_as", "value": ApprovedAs.INTERIM},
    ),
    "sign_off": ({"label": "Give final sign-off"},),
    "communicate": ({"label": "Confirm that the outcome is communicated"},),
    "know": ({"label": "Confirm that you know"},),
}
"""Steps that are taken on the approval's own page, below what there is to read: each with its buttons."""

ONLY_WHERE = {
    "note": lambda discussion: not discussion.is_noted,
    "know": lambda discussion: bool(discussion.yet_to_know),
    "renew": lambda discussion: discussion.approved_as == ApprovedAs.INTERIM,
}
"""Steps that lead nowhere else, and where they are called for."""

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


@require_safe
@page(Holds.ONE_CHILD)
def approval(request, pk):
    """Everything about one approval: the record, who has agreed and signed, and what comes next."""
    discussion = in_sight(request, pk)
    read = with_identity(request, discussion)
    around = beside(request, discussion, read)
    due = _waits_for(discussion, around)
    is_over = discussion.state not in ENDED and any(line.kind == WITHDRAWING.rule for line in due)
    owed = "withdraw" if is_over else OWED_ON_A_PAGE.get(discussion.state)
    if around["holds"] and (discussion.state == State.FILED or around["holds"]["is_over"]):
        owed = "renew"
    steps = [_step_row(request, read, step, owed) for step in _steps_of(request, discussion)]
    *before, last = read["decisions"] or [None]
    is_why = last is not None and last["at"] == discussion.stands_since
    around |= {
        **with_actions(request, discussion, read),
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
    running = CaseDiscussion.objects.under_way().filter(placement=arrangement).first()
    if running and request.method != "POST":
        return HttpResponseRedirect(reverse("approvals:approval", args=[running.pk]))
    return _take(request, CaseDiscussion(placement=arrangement), "convene")


@page(Holds.ONE_CHILD)
def take(request, pk, step):
    """One step of the chain: what it asks, below everything that there is to read."""
    if step not in STEPS or step == "convene":
        raise Http404
    return (_take_confirmed if step in WITH_PASSWORD else _take)(request, in_sight(request, pk), step)


@require_safe
@page(Holds.ONE_CHILD)
def document(request, pk):
    """The record as a tagged PDF, made for the person who asks for it; an earlier version of it stands alone."""
    discussion = in_sight(request, pk)
    read = record_read(request, discussion, number=version_asked(request))
    if read["version"] is None:
        raise Http404
    around = {} if read["later"] else {**beside(request, discussion, read), **with_actions(request, discussion, read)}
    return record_as_document(request, {**read, **around})


def _take(request, discussion, name):
    form_class, done = STEPS[name]
    return taking.take(
        request,
        discussion,
        name,
        form_class=form_class,
        lede=COMES_OF_IT.get(name, ""),
        done=done,
        template="approvals/step.html",
        address_of=lambda taken: reverse("approvals:approval", args=[taken.pk]),
        context=SimpleLazyObject(lambda: {**with_identity(request, discussion), **_about(name)}),
        initial=None if request.method == "POST" else _to_start_from(discussion),
    )


_take_confirmed = confirmed_once(_take)


def _why(decision):
    """Why it stands where it stands. The state above says the same decision, but for what was agreed after a dissent."""
    return decision if decision["act"] == "feed_back" else {**decision, "says": ""}


def _about(name):
    return {"ends_it": name in ENDS_IT, "asks_password": name in WITH_PASSWORD}


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
    """The version that a step is about; before it is convened, what was arranged."""
    if discussion.pk is None:
        return _as_arranged(discussion)
    version = discussion.version
    return {"digest": version.digest} if version else None


def _as_arranged(discussion):
    """Who was to come and until when, where the case discussion was arranged beforehand."""
    meeting = Meeting.objects.arranged(CASE_DISCUSSION, label_of(discussion.placement)).first()
    if meeting is None:
        return None
    return {"held_at": meeting.ends_at, **dict(meeting.invited.exclude(role="").values_list("role", "person"))}


def _steps_of(request, discussion):
    """The steps from here that are called for. Whoever files the record need not confirm to know it besides."""
    steps = steps_of(discussion, by=request.user, at=request.at)
    files = any(step.name == "file" and step.is_open for step in steps)
    called_for = (step for step in steps if step.name not in ONLY_WHERE or ONLY_WHERE[step.name](discussion))
    return [step for step in called_for if not (files and step.name == "know")]


def _waits_for(discussion, around):
    """What is owed now about the arrangement, by whom and since when: of one matter, so that a source is said once. Of an
    approval that was filed, what is owed of it alone; and the alarm, where it lapsed.
    """
    mine, lapsed = f":{label_of(discussion)}:", around["holds"] and around["holds"]["is_over"]
    duties = [
        duty
        for duty in around["owed_now"]
        if discussion.state != State.FILED or mine in duty.key or (lapsed and duty.kind == "D-00")
    ]
    titles = {"D-00": "Not signed off", "D-02": OWED_OF_THE_RECORD.get(discussion.state)}
    lines = zip(duties, lines_of(duties), strict=True)
    return [
        replace(line, url="", title=(None if duty.key.endswith(":note") else titles.get(line.kind)) or line.title)
        for duty, line in lines
    ]
