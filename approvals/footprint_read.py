"""The facts of the footprint on file, and how a page shows it: for one case discussion, and for many arrangements at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F
from django.db.models.fields.json import KT

from accounts.roles import Role
from approvals.footprint import TOLD, Done, FootprintFacts, OnFile, footprint, missing
from approvals.models import CaseDiscussion, Decision, RecordVersion, Signature
from approvals.rulebook import FOUR
from approvals.states import FELL_THROUGH, SIGNED, DecisionState
from approvals.telling import Step, tellings
from casework.duty_lines import holder_of
from casework.events import label_of
from casework.models import Duty, Event
from casework.wording import said_day
from placements.models import CarerApproval
from placements.states import ApprovalKind

WHY_NOT = ("why_not_says", "why_not_regulation_24")
"""The parts of a record that say why there is no temporary approval, in each of its forms."""
IN_THE_RECORD = "Why not is in the record of the case discussion"
DECIDED = ("viability", "temporary_approval")


def facts_of(
    discussion: Any, *, signatures: Iterable[Any], steps: Sequence[Step], papers: Sequence[str], says_why_not: bool
) -> FootprintFacts:
    """What is on file of one case discussion. `signatures` are those under the record as it now reads."""
    signed = {signature.role: Done(signature.at, signature.by) for signature in signatures}
    last = {step.name: Done(step.at, step.by) for step in steps}
    approved = signed.get(Role.HOS)
    known = {
        telling.role: Done(telling.known_by.at, telling.known_by.by)
        for telling in tellings(steps)
        if telling.of.name == "communicate" and telling.known_by
    }
    filed = last.get("file")
    return FootprintFacts(
        held=Done(discussion.held_at, discussion.dhos) if discussion.held_at else None,
        noted=last.get("note"),
        agreed={role: signed[role] for role in FOUR if role in signed},
        approved=Done(approved.at, approved.by, discussion.get_approved_as_display()) if approved else None,
        signed_off=signed.get(Role.SERVICE_DIRECTOR),
        communicated=last.get("communicate"),
        known={role: known[role] for role in TOLD if role in known},
        filed=Done(filed.at, filed.by, discussion.filed_as) if filed else None,
        papers=papers,
        why_no_papers=IN_THE_RECORD if says_why_not else "",
    )


def footprints_of(placements: Sequence[Any]) -> Mapping[int, FootprintFacts]:
    """The facts of many arrangements by primary key, each with its child; as many queries for one as for all.

    Of several case discussions the one counts that was signed off last; else the one under way.
    """
    counts = _that_count(placements)
    versions = _latest_versions(counts.values())
    signatures: dict[int, list[Any]] = defaultdict(list)
    for signature in Signature.objects.filter(version__in=[pk for pk, _ in versions.values()]).select_related("by"):
        signatures[signature.version_id].append(signature)
    steps: dict[str, list[Step]] = defaultdict(list)
    labels = [label_of(discussion) for discussion in counts.values()]
    for event in Event.objects.filter(record__in=labels).exclude(to_state="").select_related("by").order_by("number"):
        steps[event.record].append(Step.of(event))
    papers = papers_of(placements)
    found: dict[int, FootprintFacts] = {}
    for placement in placements:
        discussion = counts.get(placement.pk)
        if discussion is None:
            found[placement.pk] = FootprintFacts(papers=papers[placement.pk])
            continue
        version, says_why_not = versions.get(discussion.pk, (None, False))
        found[placement.pk] = facts_of(
            discussion,
            signatures=signatures[version] if version else (),
            steps=steps[label_of(discussion)],
            papers=papers[placement.pk],
            says_why_not=says_why_not,
        )
    return found


def papers_of(placements: Iterable[Any]) -> Mapping[int, list[str]]:
    """The papers of regulation 24 about those with whom children live, by placement."""
    with_carer = [placement for placement in placements if placement.carer_id]
    carers = {placement.carer_id for placement in with_carer}
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    granted = Decision.objects.filter(kind__in=DECIDED, state=DecisionState.GRANTED, connected_person__carer__in=carers)
    for decision in granted.annotate(carer=F("connected_person__carer")).order_by("pk") if carers else ():
        found[decision.child_id, decision.carer].append(f"{decision.of_kind.title}, {said_day(decision.stands_since)}")
    recorded: dict[int, list[str]] = defaultdict(list)
    approvals = CarerApproval.objects.filter(carer__in=carers, kind=ApprovalKind.TEMPORARY, struck_out=False)
    for approval in approvals.order_by("from_on") if carers else ():
        until = f" until {said_day(approval.to_on)}" if approval.to_on else ""
        recorded[approval.carer_id].append(f"Temporary approval from {said_day(approval.from_on)}{until}")
    papers = {placement.pk: [*found[placement.child_id, placement.carer_id]] for placement in with_carer}
    for placement in with_carer:
        if not papers[placement.pk]:
            papers[placement.pk] = recorded[placement.carer_id]
    return defaultdict(list, papers)


def footprint_read(facts: FootprintFacts, owed: Iterable[Duty], *, at: datetime) -> dict[str, Any]:
    """The footprint as `approvals/_footprint.html` shows it. `owed` are the open duties about the arrangement, with owners:
    whoever owes what is missing is named by them.
    """
    found = footprint(facts)
    holders = {duty.role: holder_of(duty) for duty in owed}
    return {
        "rows": [_row(artefact, holders) for artefact in found],
        "missing": [artefact.label for artefact in missing(found)],
        "is_whole": not missing(found),
        "at": at,
    }


def footprint_of(request: Any, placement: Any) -> dict[str, Any]:
    """The footprint of one arrangement, for its page."""
    facts = footprints_of([placement])[placement.pk]
    return footprint_read(facts, owed_about(placement), at=request.at)


def owed_about(placement: Any) -> Sequence[Duty]:
    """What is owed now of its sign-off, soonest first."""
    about = Duty.objects.open().filter(about=label_of(placement), source="approvals")
    return list(about.select_related("owner").soonest_first())


def _row(artefact: OnFile, holders: Mapping[str, str]) -> dict[str, Any]:
    owing = [holders.get(role) or role.label for role in artefact.owed_by]
    return {
        "label": artefact.label,
        "cites": artefact.cites,
        "is_there": artefact.is_there,
        "done": artefact.done,
        "says": artefact.says if not artefact.done else (),
        "owing": owing,
    }


def _that_count(placements: Iterable[Any]) -> Mapping[int, Any]:
    """By placement the case discussion whose papers are its footprint."""
    counts: dict[int, Any] = {}
    about = CaseDiscussion.objects.filter(placement__in=[placement.pk for placement in placements])
    for discussion in about.exclude(state__in=FELL_THROUGH).select_related("dhos").order_by("pk"):
        before = counts.get(discussion.placement_id)
        if before is None or discussion.state in SIGNED or before.state not in SIGNED:
            counts[discussion.placement_id] = discussion
    return counts


def _latest_versions(discussions: Iterable[Any]) -> Mapping[int, tuple[int, bool]]:
    """By discussion the record as it now reads, and whether it says why there is no temporary approval."""
    why = {f"why_{number}": KT(f"content__{name}") for number, name in enumerate(WHY_NOT)}
    versions = RecordVersion.objects.filter(discussion__in=[discussion.pk for discussion in discussions])
    rows = versions.annotate(**why).order_by("number").values_list("discussion", "pk", *why)
    return {discussion: (pk, any((text or "").strip() for text in texts)) for discussion, pk, *texts in rows}


def says_why_not(version: Any) -> bool:
    """Does a version of the record say why there is no temporary approval?"""
    return version is not None and any(str(version.content.get(name, "")).strip() for name in WHY_NOT)
