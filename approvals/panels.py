"""What the approvals app adds to the pages of the child and of the placement: oversight, beside regulation and law."""

from datetime import timedelta

from django.urls import reverse

from accounts.roles import Role
from approvals.footprint_read import footprint_of
from approvals.kinds import KINDS, ceasing, secure_accommodation
from approvals.meetings import CASE_DISCUSSION
from approvals.models import CaseDiscussion, Decision
from approvals.permissions import may_convene, may_prepare
from approvals.rules import objections_to_putting
from approvals.states import TO_PUT
from casework.duty_lines import holder_of
from casework.events import label_of
from casework.meetings.models import Meeting
from casework.wording import said_day, said_moment
from children.access import Extent
from placements.models import Placement
from placements.states import AuthorisationKind, Regulation, Setting
from placements.where import home_of, standing_of, with_whom

OVERSIGHT = (
    AuthorisationKind.CONNECTED_PERSON,
    AuthorisationKind.UNREGISTERED_SETTING,
    AuthorisationKind.OUT_OF_AREA,
    AuthorisationKind.WITH_PARENTS,
    AuthorisationKind.SECURE,
)
NOT_YET = {
    "C-43": "Not agreed to",
    "D-00": "Not signed off",
    "L-13": "Not approved",
    "L-15": "Not decided",
    "L-16b": "Still to be decided",
}
"""By the rule of an open duty: that senior managers have not agreed to an arrangement though they have to."""
LAPSED = "Sign-off has lapsed"
HAVE_TIME = ("L-15", "L-16b")
"""Those that leave a time in which it is decided."""

CONFIRM = "Confirm that you know what was decided"
WHAT_TO_DO = {
    "D-00": "Not signed off: see who is next",
    "D-01": "Convene the case discussion",
    "D-02": "Agree the record of the case discussion",
    "D-03": "Decide on the arrangement",
    "D-04": "Give final sign-off, or dissent",
    "D-05": "Tell the others what was decided",
    "D-09": "Withdraw the case discussion",
    "C-30": "Renew the interim approval",
    "C-48": CONFIRM,
    "K-10": "Put it forward",
    "C-47b": "Put it forward anew",
    "C-43": "Put it forward",
    "A-10": "Open the decision",
    "A-11": "Sign what was said by telephone",
    "A-12": "Open the decision",
    "A-14": "Say what you think",
    "A-15": "Take it back",
    "P-05": "Open the decision",
}
WHAT_TO_DO_AS = {
    ("D-02", Role.DHOS): "Type up or agree the record of the case discussion",
    ("D-05", Role.SOCIAL_WORKER): "File the signed record",
    ("D-05", Role.DHOS): CONFIRM,
    ("D-05", Role.TEAM_MANAGER): CONFIRM,
}
"""What one of several who owe a rule does about it, where that is something else."""

BEGUN_FOR = {"L-13": "out_of_area", "L-15": "with_parents", "L-16b": "with_parents", "C-20": "ceasing"}
"""By the rule of a duty about a home, which the apps below make due: the kind of decision that meets it."""
BEGUN_AT = {"K-10": "unregistered_setting", "C-47b": "unregistered_setting", "C-43": "secure_accommodation"}
"""By the duty's rule: the kind of decision that is begun to meet it, where none is under way."""


def oversight_of_child(request, child, sight):
    """The oversight of where the child lives now."""
    placement = home_of(child, request.at)
    return oversight(request, placement, sight) if placement else []


def oversight(request, placement, sight):
    """Where the sign-off of an arrangement stands, as a part of the standing: beside the law, never in its place."""
    label, owed = label_of(placement), placement.child.case_file.open_duties
    alarms = [duty for duty in owed if duty.kind in NOT_YET and duty.about == label]
    alarm = min(alarms, key=lambda duty: duty.kind, default=None)
    given = placement.usual_home.authorisations.filter(kind__in=OVERSIGHT, starts_at__lte=request.at)
    given = list(given.select_related("by"))
    signed = next((row for row in reversed(given) if row.ends_at is None or row.ends_at > request.at), None)
    is_with_family = placement.setting == Setting.CONNECTED_PERSON
    latest = placement.case_discussions.order_by("-pk").first() if is_with_family else None
    part = {"label": "Oversight"}
    if latest:
        part |= {"url": reverse("approvals:approval", args=[latest.pk]), "link": "See the approval"}
    if alarm and (alarm.due_at <= request.at or not signed):
        in_time = alarm.kind in HAVE_TIME and request.at < alarm.due_at
        lapsed = any(row.ends_at == alarm.opened_at for row in given)
        part |= {
            "says": LAPSED if lapsed else NOT_YET[alarm.kind],
            "tone": "watch" if in_time else "alarm",
            "since": alarm.opened_at,
        }
        part |= {"because": [f"Waits for {holder_of(alarm)}."]}
    elif signed:
        part |= {"says": _said_oversight(signed), "tone": "good"}
        part |= {"because": [f"By {signed.by}."], "since": signed.starts_at}
    elif latest and latest.is_under_way:
        part |= {"says": latest.get_state_display(), "tone": "plain", "because": []}
    elif waiting := _put_for_secure_home(placement):
        part |= {"says": waiting.says, "tone": "watch", "since": waiting.stands_since}
        part |= {"url": reverse("approvals:decision", args=[waiting.pk]), "link": "See the decision"}
    return [{"says": "None is called for", "tone": "plain", "because": [], **part}]


def _put_for_secure_home(placement):
    """What is put to the Service Director about a child in a secure home, and not decided yet."""
    if placement.setting != Setting.SECURE_HOME:
        return None
    return placement.decisions.running().filter(kind=secure_accommodation.KIND.code).first()


def _said_oversight(signed):
    """What senior managers signed: a sign-off, a decision about a home, or the use of a setting until a day."""
    if signed.kind == AuthorisationKind.CONNECTED_PERSON and signed.as_permanence:
        return "Signed off as permanence plan"
    until = f" until {said_day(signed.ends_at - timedelta.resolution)}" if signed.ends_at else ""
    if signed.kind == AuthorisationKind.CONNECTED_PERSON:
        return f"Signed off as interim arrangement{until}"
    if signed.kind == AuthorisationKind.SECURE:
        return f"Agreed to until {said_moment(signed.ends_at)}" if signed.ends_at else "Agreed to"
    if signed.kind == AuthorisationKind.WITH_PARENTS:
        return "Agreed that the child lives with this parent"
    if signed.kind == AuthorisationKind.OUT_OF_AREA:
        return f"Approved outside the area{until}"
    return f"Authorised for now{until}"


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
    arranged = Meeting.objects.arranged(CASE_DISCUSSION, label_of(placement)).first() if convene_url else None
    if arranged:
        rows.insert(
            0,
            {
                "label": f"Case discussion of {said_moment(arranged.starts_at)}",
                "says": arranged.get_state_display(),
                "url": reverse("meetings:meeting", args=[arranged.pk]),
                "change": "See",
            },
        )
    return {"rows": rows, "convene_url": convene_url, "arrange_url": _arrange_url(placement, convene_url, arranged)}


def footprint_on_file(request, placement, sight):
    """Which artefacts of its sign-off are on file, for an arrangement that is signed off here."""
    standing = standing_of(placement)
    is_unregulated = standing and standing.regulation == Regulation.UNREGULATED_CONNECTED
    if placement.setting != Setting.CONNECTED_PERSON or not (is_unregulated or placement.case_discussions.exists()):
        return None
    return {"footprint": footprint_of(request, placement)}


def decisions_of(request, placement, sight):
    """The senior decisions about an arrangement, newest first; and those that this person can begin."""
    decided = list(placement.decisions.order_by("-pk"))
    running = {decision.kind for decision in decided if decision.state in TO_PUT}
    rows = [
        {
            "label": decision.of_kind.title,
            "says": decision.stands,
            "url": reverse("approvals:decision", args=[decision.pk]),
            "change": "See",
        }
        for decision in decided
    ]
    begin = [
        {"title": kind.title, "url": reverse("approvals:begin_decision", args=[code, placement.pk])}
        for code, kind in KINDS.items()
        if kind.is_about_placement and code not in running and _can_begin(request, placement.child, placement, code)
    ]
    return {"rows": rows, "begin": begin} if rows or begin else None


def decisions_of_child(request, child, sight):
    """The senior decisions about a child that are about no home of the child's, newest first; and those to begin."""
    about_no_home_of_the_child = child.decisions.filter(placement=None)
    decided = list(about_no_home_of_the_child.select_related("proposed__home", "proposed__carer").order_by("-pk"))
    running = {decision.kind for decision in decided if decision.state in TO_PUT}
    rows = [
        {
            "label": decision.of_kind.title,
            "says": "\n".join(
                part
                for part in (
                    with_whom(decision.proposed, sight) if decision.proposed else _said_subject(decision, sight),
                    decision.stands,
                )
                if part
            ),
            "url": reverse("approvals:decision", args=[decision.pk]),
            "change": "See",
        }
        for decision in decided
    ]
    begin = [
        {"title": kind.title, "url": reverse("approvals:begin_for_child", args=[code, child.pk])}
        for code, kind in KINDS.items()
        if kind.is_begun_at_child
        and (kind.can_run_beside_itself or code not in running)
        and _can_begin(request, child, None, code)
    ]
    return {"rows": rows, "begin": begin} if rows or begin else None


def _said_subject(decision, sight):
    """What tells it from others of its kind, to whoever reads what workers write."""
    return decision.subject if decision.of_kind.tells_apart and sight.narrative != Extent.NO else ""


def _can_begin(request, child, placement, code):
    decision = Decision(kind=code, child=child, placement=placement)
    return may_prepare(decision, request.user, request.at) and not objections_to_putting(decision)


def _arrange_url(placement, convene_url, arranged):
    """Where whoever convenes it invites the four beforehand; empty where that is done."""
    if arranged or not convene_url:
        return ""
    told = [CASE_DISCUSSION.code, placement.child.case_file_id, placement.pk]
    return reverse("meetings:arrange_about", args=told)


def _convene_url(request, placement, discussions):
    """Where this person convenes a case discussion; empty where none is called for, or it is for somebody else."""
    standing = standing_of(placement)
    is_under_way = any(discussion.is_under_way for discussion in discussions)
    if is_under_way or not (standing and standing.is_alarm):
        return ""
    may = may_convene(CaseDiscussion(placement=placement), request.user, request.at)
    return reverse("approvals:convene", args=[placement.pk]) if may else ""


def where_met(duty):
    """The page on which a duty of the chain is met: its running case discussion, or the page to convene one."""
    _, record, number, *_ = (*duty.key.split(":"), "", "")
    if record == Decision._meta.label_lower:
        return reverse("approvals:decision", args=[number])
    if record == CaseDiscussion._meta.label_lower and duty.kind != "D-01":
        return reverse("approvals:approval", args=[number])
    label, _, pk = duty.about.partition(":")
    if label != "placements.placement":
        return None
    decided = Decision.objects.running().filter(placement=pk).first()
    if decided:
        return reverse("approvals:decision", args=[decided.pk])
    about_it = CaseDiscussion.objects.filter(placement=pk).order_by("-pk")
    running = (about_it.under_way() if duty.kind == "D-01" else about_it.running()).first()
    if running:
        return reverse("approvals:approval", args=[running.pk])
    if duty.kind in BEGUN_AT:
        return reverse("approvals:begin_decision", args=[BEGUN_AT[duty.kind], pk])
    page = "approvals:convene" if duty.kind == "D-01" else "placements:placement"
    return reverse(page, args=[pk])


def what_to_do(duty):
    """What one does there, as the words of the link."""
    if duty.kind == "D-02" and duty.key.endswith(":note"):
        return "Write the case note of the meeting"
    if duty.kind == "D-05" and ":known:" in duty.key:
        return CONFIRM
    return WHAT_TO_DO_AS.get((duty.kind, duty.role)) or WHAT_TO_DO.get(duty.kind, "")


def where_begun(duty):
    """The page on which what is due about a home is put forward: the decision under way, or where one begins."""
    label, _, pk = duty.about.partition(":")
    kind = KINDS.get(BEGUN_FOR.get(duty.kind, ""))
    if kind is None or label != "placements.placement":
        return None
    child = Placement.objects.values_list("child", flat=True).get(pk=pk)
    about = {"placement": pk} if kind.is_about_placement else {"child": child}
    running = Decision.objects.running().filter(kind=kind.code, **about).first()
    if running:
        return reverse("approvals:decision", args=[running.pk])
    if kind.is_about_placement:
        return reverse("approvals:begin_decision", args=[kind.code, pk])
    return reverse("approvals:begin_for_child", args=[kind.code, child])


def where_put_afterwards(duty):
    """The page on which the end of a child's care is put forward that nobody had agreed to; the one under way, if any."""
    child = duty.about.partition(":")[2]
    running = Decision.objects.running().filter(kind=ceasing.KIND.code, child=child).first()
    if running:
        return reverse("approvals:decision", args=[running.pk])
    return reverse("approvals:begin_for_child", args=[ceasing.KIND.code, child])
