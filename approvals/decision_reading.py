"""One senior decision as one person may read it: nothing of it that is not this person's to see."""

from datetime import datetime
from typing import Any

from django.db.models import Prefetch

from accounts.roles import Role
from approvals.models import Decision, DecisionSignature
from approvals.reading import WITHHELD, parts_as_read, voided_version
from approvals.states import Act
from casework.events import label_of
from casework.models import Event
from casework.timeline import title_of
from children.access import Extent, Sight
from placements.where import address_of, standing_of, with_whom

REASONS = ("hand_back", "decline", "take_back")
SAYS = {Act.CONFIRM: "Complete", Act.DECIDE: "Decided"}


def decision_as_read(decision: Decision, sight: Sight, *, at: datetime, by: Any) -> dict[str, Any]:
    """What page and document show of a decision to a person with this sight of the child."""
    signed = Prefetch("signatures", DecisionSignature.objects.select_related("by"))
    versions = list(decision.versions.select_related("typed_by").prefetch_related(signed))
    for version in versions:
        version.decision = decision
    version = versions[-1] if versions else None
    parts = parts_as_read(versions, sight)
    placement = decision.placement
    return {
        "decision": decision,
        "kind": decision.of_kind,
        "child": decision.child,
        "placement": placement,
        "with_whom": with_whom(placement, sight) if placement else "",
        "proposed": with_whom(decision.proposed, sight) if decision.proposed else "",
        "proposed_address": address_of(decision.proposed, sight) if decision.proposed and sight.address else "",
        "standing": standing_of(placement) if placement else None,
        "told": decision.of_kind.tells(decision, at),
        "rests_on": _rests_on(decision, sight),
        "parts": parts,
        "has_changed": any(part.before is not None for part in parts),
        "version": version,
        "earlier": [voided_version(versions, number, sight) for number in range(len(versions) - 1, 0, -1)],
        "signatures": _signatures(decision, version),
        "decisions": _reasons(decision, sight),
        "at": at,
        "reader": by,
    }


def _rests_on(decision: Decision, sight: Sight) -> dict[str, Any] | None:
    """The record of the decision taken before, as this person may read it; None where it stands on none."""
    before = decision.of_kind.rests_on(decision)
    return {"decision": before, "parts": parts_as_read([before.version], sight)} if before else None


def _signatures(decision: Decision, version: Any) -> list[dict[str, Any]]:
    """A row for whoever checks and whoever decides; those still to come have no moment."""
    signed = {signature.act: signature for signature in version.signatures.all()} if version else {}
    wanted = [(Act.CONFIRM, decision.of_kind.checks), (Act.DECIDE, decision.decider)]
    return [_row(act, role, signed.get(act), decision) for act, role in wanted if role]


def _row(act: Act, role: Role, signature: Any, decision: Decision) -> dict[str, Any]:
    if signature is None:
        return {"role": role.label, "person": None, "at": None}
    says = decision.of_kind.done if act == Act.DECIDE else SAYS[act]
    return {"role": role.label, "person": signature.by, "at": signature.at, "says": says}


def _reasons(decision: Decision, sight: Sight) -> list[dict[str, Any]]:
    """What was said with reasons, in the order in which it happened."""
    given = Event.objects.filter(record=label_of(decision), act__in=REASONS).order_by("number")
    return [
        {
            "says": title_of("approvals", event.act),
            "by": event.by,
            "at": event.at,
            "because": event.because if sight.narrative != Extent.NO else WITHHELD,
        }
        for event in given.select_related("by")
    ]
