"""What the approvals app adds to the pages of the child and of the placement: oversight, beside regulation and law."""

from django.urls import reverse

from approvals.kinds import KINDS
from approvals.models import CaseDiscussion, Decision
from approvals.permissions import may_convene, may_prepare
from approvals.rules import objections_to_putting
from approvals.states import ENDED, TO_PUT
from casework.duty_lines import holder_of
from casework.events import label_of
from casework.models import Duty
from casework.wording import said_day, said_moment
from placements.states import AuthorisationKind
from placements.where import home_of, standing_of

OVERSIGHT = (AuthorisationKind.CONNECTED_PERSON, AuthorisationKind.UNREGISTERED_SETTING)

WHAT_TO_DO = {
    "D-00": "Not signed off: see who is next",
    "D-01": "Convene the case discussion",
    "D-09": "Withdraw the case discussion",
}


def oversight_of_child(request, child, sight):
    """The oversight of where the child lives now."""
    placement = home_of(child, request.at)
    return oversight(request, placement, sight) if placement else []


def oversight(request, placement, sight):
    """Where the sign-off of an arrangement stands, as a part of the standing: beside the law, never in its place."""
    alarm = Duty.objects.open().filter(kind="D-00", about=label_of(placement)).select_related("owner").first()
    signed = (
        placement.usual_home.authorisations.in_force(request.at).filter(kind__in=OVERSIGHT).select_related("by").last()
    )
    latest = placement.case_discussions.order_by("-pk").first()
    part = {"label": "Oversight"}
    if latest:
        part |= {"url": reverse("approvals:approval", args=[latest.pk]), "link": "See the approval"}
    if alarm:
        part |= {"says": "Not signed off", "tone": "alarm", "since": alarm.opened_at}
        part |= {"because": [f"Waits for {holder_of(alarm)}."]}
    elif signed:
        kind = "permanence plan" if signed.as_permanence else "interim arrangement"
        part |= {"says": f"Signed off as {kind}", "tone": "good"}
        part |= {"because": [f"By {signed.by}."], "since": signed.starts_at}
    elif latest and latest.is_under_way:
        part |= {"says": latest.get_state_display(), "tone": "plain", "because": []}
    return [{"says": "None is called for", "tone": "plain", "because": [], **part}]


def approvals_of(request, placement, sight):
    """The case discussions about an arrangement, newest first; and the way to convene one."""
    discussions = list(placement.case_discussions.order_by("-pk"))
    convene_url = _convene_url(request, placement, discussions)
    if not discussions and not convene_url:
        return None
    rows = [
        {
            "label": f"Case discussion of {said_day(discussion.held_at)}",
            "says": discussion.get_state_display(),
            "url": reverse("approvals:approval", args=[discussion.pk]),
            "change": "See",
        }
        for discussion in discussions
    ]
    return {"rows": rows, "convene_url": convene_url}


def decisions_of(request, placement, sight):
    """The senior decisions about an arrangement, newest first; and those that this person can begin."""
    decided = list(placement.decisions.order_by("-pk"))
    running = {decision.kind for decision in decided if decision.state in TO_PUT}
    rows = [
        {
            "label": decision.of_kind.title,
            "says": f"{decision.says}, since {said_moment(decision.stands_since)}",
            "url": reverse("approvals:decision", args=[decision.pk]),
            "change": "See",
        }
        for decision in decided
    ]
    begin = [
        {"title": kind.title, "url": reverse("approvals:begin_decision", args=[code, placement.pk])}
        for code, kind in KINDS.items()
        if kind.is_about_placement and code not in running and _can_begin(request, placement, code)
    ]
    return {"rows": rows, "begin": begin} if rows or begin else None


def _can_begin(request, placement, code):
    decision = Decision(kind=code, child=placement.child, placement=placement)
    return may_prepare(decision, request.user, request.at) and not objections_to_putting(decision)


def _convene_url(request, placement, discussions):
    """Where this person convenes a case discussion; empty where none is called for, or it is for somebody else."""
    standing = standing_of(placement)
    is_running = any(discussion.state not in ENDED for discussion in discussions)
    if is_running or not (standing and standing.is_alarm):
        return ""
    may = may_convene(CaseDiscussion(placement=placement), request.user, request.at)
    return reverse("approvals:convene", args=[placement.pk]) if may else ""


def where_met(duty):
    """The page on which a duty of the chain is met: its running case discussion, or the page to convene one."""
    label, _, pk = duty.about.partition(":")
    if label != "placements.placement":
        return None
    decided = Decision.objects.running().filter(placement=pk).first()
    if decided:
        return reverse("approvals:decision", args=[decided.pk])
    running = CaseDiscussion.objects.running().filter(placement=pk).first()
    if running:
        return reverse("approvals:approval", args=[running.pk])
    page = "approvals:convene" if duty.kind == "D-01" else "placements:placement"
    return reverse(page, args=[pk])


def what_to_do(duty):
    """What one does there, as the words of the link."""
    return WHAT_TO_DO.get(duty.kind, "Open the approval")
