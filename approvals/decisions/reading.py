"""One senior decision as one person may read it: nothing of it that is not this person's to see."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch

from accounts.roles import Role
from approvals.kinds.asking import Consulted
from approvals.models import Decision, DecisionSignature
from approvals.reading import WITHHELD, parts_as_read, up_to, voided_version
from approvals.states import Act
from casework.events import label_of
from casework.models import Event
from casework.timeline import title_of
from casework.wording import said_day, said_moment
from children.access import Extent, Sight
from placements.where import address_of, standing_of, with_whom

REASONS = ("hand_back", "decline", "take_back")
SAYS = {Act.CONFIRM: "Complete", Act.DECIDE: "Decided"}


def decision_as_read(
    decision: Decision, sight: Sight, *, at: datetime, by: Any, number: int | None = None
) -> dict[str, Any]:
    """What page and document show of a decision to a person with this sight of the child.

    `number` asks for an earlier version of what was put, as it read then.
    """
    signed = Prefetch("signatures", DecisionSignature.objects.select_related("by"))
    versions, later = up_to(list(decision.versions.select_related("typed_by").prefetch_related(signed)), number)
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
        "relative": _relative(decision, sight),
        "standing": standing_of(placement) if placement else None,
        "told": [
            *decision.of_kind.tells(decision, at),
            *_consulted(decision, version),
            *_said_since(decision, version, sight),
        ],
        "rests_on": _rests_on(decision, sight),
        "said_in_hearth": _in_hearth(decision, sight),
        "parts": parts,
        "has_changed": any(part.before is not None for part in parts),
        "version": version,
        "later": later,
        "earlier": [voided_version(versions, number, sight) for number in range(len(versions) - 1, 0, -1)],
        "signatures": _signatures(decision, version),
        "decisions": _reasons(decision, sight),
        "at": at,
        "reader": by,
    }


def _relative(decision: Decision, sight: Sight) -> str:
    """The relative or friend whom it is about; by name for whoever may know where the child lives."""
    person = decision.connected_person
    if person is None:
        return ""
    return f"{person.carer.name} ({person.relationship})" if sight.address else str(person.relationship)


def _consulted(decision: Decision, version: Any) -> Iterable[dict[str, str]]:
    """Who was consulted, by name and day, and who has yet to be: as the record says it."""
    content = version.content if version else decision.answers_of_those_consulted({})
    asked = [each for each in decision.of_kind.consults if each.parts[0].is_asked(content) or not version]
    lines = (f"{each.who[:1].upper()}{each.who[1:]}: {_when(each, content)}" for each in asked)
    if asked:
        yield {"label": "Consulted", "says": "\n".join(lines)}


def _when(consulted: Consulted, content: dict[str, str]) -> str:
    who, on, _ = (content.get(name, "") for name in consulted.names)
    return f"{who}, {said_day(date.fromisoformat(on))}" if who and on else "not yet on record"


def _in_hearth(decision: Decision, sight: Sight) -> list[dict[str, Any]]:
    """The last that each of those consulted said in Hearth: it stands in the record, and nobody types it."""
    labels = {each.name: each.who for each in decision.of_kind.consults}
    shows = sight.narrative != Extent.NO
    return [
        {"says": labels.get(name, name), "by": said.by, "at": said.at, "because": said.says if shows else WITHHELD}
        for name, said in decision.last_said.items()
    ]


def _said_since(decision: Decision, version: Any, sight: Sight) -> Iterable[dict[str, str]]:
    """What those who are consulted said in Hearth and the record does not hold: all of it until the record is typed."""
    labels = {each.name: each.who for each in decision.of_kind.consults}
    for said in decision.consultations.select_related("by"):
        if version is None or said.at > version.typed_at:
            who = labels.get(said.name, said.name)
            since = ", since it was put forward" if version else ""
            text = said.says if sight.narrative != Extent.NO else WITHHELD
            yield {
                "label": f"{who[:1].upper()}{who[1:]} says{since}",
                "says": f"{text}\n{said.by}, {said_moment(said.at)}",
            }


def _rests_on(decision: Decision, sight: Sight) -> dict[str, Any] | None:
    """The record of the decision taken before, as this person may read it; None where it stands on none."""
    before = decision.of_kind.rests_on(decision)
    return {"decision": before, "parts": parts_as_read([before.version], sight)} if before else None


def _signatures(decision: Decision, version: Any) -> list[dict[str, Any]]:
    """A row for whoever checks and whoever decides; those still to come have no moment. What was said by telephone is
    not checked first.
    """
    signed = {signature.act: signature for signature in version.signatures.all()} if version else {}
    checks = decision.of_kind.checks if Act.CONFIRM in signed or not decision.said_at else None
    wanted = [(Act.CONFIRM, checks), (Act.DECIDE, decision.decider)]
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
