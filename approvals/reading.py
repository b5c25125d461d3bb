"""One approval as one person may read it: nothing of it that is not this person's to see.

Page and document are made from this alone, so an address, legal advice or what workers wrote, where the recipient may
not have it, is in neither.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Prefetch

from accounts.roles import Role
from approvals.models import Signature
from approvals.permissions import agrees_as
from approvals.record.known import readable
from approvals.rulebook import FOUR
from approvals.states import ENDED, Act, ApprovedAs, State
from casework.limits import local_day
from casework.sections import reading
from casework.sections.known import KNOWN
from casework.sections.parts import Answer, Part
from casework.sections.reading import PartAsRead, Withheld, read_last, up_to
from casework.timeline import title_of
from children.access import Extent, Sight
from children.permissions import may_see
from placements.where import address_of, standing_of, with_whom

WITHHELD = "Withheld: your role does not see what workers wrote."
LEGAL_ADVICE_WITHHELD = "Withheld: only those entitled to legal advice see it."
CHAIN_ROLES = (*FOUR, Role.HOS, Role.SERVICE_DIRECTOR)
DECISIONS = ("send_back", "refuse", "dissent", "feed_back", "withdraw")
SAYS = {Act.AGREE: "Agreed", Act.APPROVE: "Approved", Act.SIGN_OFF: "Signed off"}


def approval_as_read(
    discussion: Any, sight: Sight, *, at: datetime, by: Any, number: int | None = None
) -> dict[str, Any]:
    """What page and document show of a case discussion to a person with this sight of the child.

    `number` asks for an earlier version of the record, as it read then.
    """
    placement = discussion.placement
    signed = Prefetch("signatures", Signature.objects.select_related("by"))
    typed = discussion.versions.select_related("typed_by").prefetch_related(signed) if discussion.pk else ()
    versions, later = up_to(list(typed), number)
    version = versions[-1] if versions else None
    parts = parts_as_read(versions, sight)
    signatures = _signatures(discussion, version)
    return {
        "discussion": discussion,
        "placement": placement,
        "child": placement.child,
        "age": placement.child.age_on(local_day(at)),
        "standing": standing_of(placement),
        "with_whom": with_whom(placement, sight),
        "address": address_of(placement, sight) if sight.address else "",
        "relationship": placement.relationship if sight.address else "",
        "parts": parts,
        "has_changed": any(part.before is not None for part in parts),
        "version": version,
        "later": later,
        "versions": versions,
        "earlier": [voided_version(versions, number, sight) for number in range(len(versions) - 1, 0, -1)],
        "signatures": signatures,
        "unsigned": "Not signed" if discussion.state in ENDED else "Not signed yet",
        "agreed_as": [row["role"] for row in signatures[: len(FOUR)] if row["at"]],
        "decisions": _decisions(discussion, sight) if discussion.pk else [],
        "at": at,
        "reader": by,
    }


def parts_as_read(versions: Sequence[Any], sight: Sight) -> list[PartAsRead]:
    """The parts of the last of these versions, held against the one before it."""
    return read_last(versions, partial(_reads, sight))


def compared(before: Any, after: Any, sight: Sight) -> list[PartAsRead]:
    """The parts of one version, held against those of another."""
    return reading.compared(before, after, partial(_reads, sight))


def _reads(sight: Sight, part: Part, answer: Answer) -> Answer:
    """An answer; of what Hearth wrote itself, what this person may know."""
    if sight.narrative == Extent.NO:
        return Withheld(WITHHELD)
    if part.legal_advice and sight.legal_advice == Extent.NO:
        return Withheld(LEGAL_ADVICE_WITHHELD)
    return readable(answer, sight) if part.name == KNOWN and not isinstance(answer, str) else answer


def _signatures(discussion: Any, version: Any) -> list[dict[str, Any]]:
    """A row for each who signs, in the chain's order; those still to come have no moment."""
    signed = {signature.role: signature for signature in version.signatures.all()} if version else {}
    named = discussion.four_people
    return [_signature_row(role, signed.get(role), named.get(role), discussion) for role in CHAIN_ROLES]


def _signature_row(role: Role, signature: Any, named: Any, discussion: Any) -> dict[str, Any]:
    if signature is None:
        return {"role": role.label, "person": named, "at": None}
    says = SAYS[Act(signature.act)]
    if signature.act == Act.APPROVE and discussion.approved_as:
        says = f"Approved as {ApprovedAs(discussion.approved_as).name.lower()}"
    return {"role": role.label, "person": signature.by, "at": signature.at, "says": says}


def voided_version(versions: Sequence[Any], number: int, sight: Sight) -> dict[str, Any]:
    """One of the earlier versions, counted from 1, with the signatures that its change made void."""
    version = versions[number - 1]
    return {**signed_under(version, is_void=True), "parts": parts_as_read([version], sight)}


def signed_under(version: Any, *, is_void: bool) -> dict[str, Any]:
    """Who agreed or signed a version; where it was typed anew since, that is void."""
    signatures = [(Role(s.role).label, s.by, s.at) for s in version.signatures.all()]
    return {"version": version, "signatures": signatures, "is_void": is_void}


def _decisions(discussion: Any, sight: Sight) -> list[dict[str, Any]]:
    """What was decided with reasons, in the order in which it happened."""
    return [
        {
            "act": step.name,
            "says": title_of("approvals", step.name),
            "by": step.by,
            "at": step.at,
            "because": step.because if sight.narrative else WITHHELD,
        }
        for step in discussion.taken
        if step.name in DECISIONS
    ]


def notices_of(discussion: Any, version: Any, at: datetime, *, is_over: bool) -> Iterable[str]:
    """What stands in the way of the chain, and who can put it right. `is_over`: there is nothing left to sign off."""
    if version and not version.is_intact:
        yield "The record was changed outside Hearth: it does not fit its digest. Tell the privacy officer."
    if is_over:
        yield "This needs no sign-off any more: the arrangement is over or is regulated. It is to be withdrawn."
    for role in discussion.yet_to_agree if discussion.state == State.TO_AGREE else ():
        person = discussion.four_people[role]
        if agrees_as(discussion, person, at) != role or not may_see(discussion.placement.child, person, at):
            yield (
                f"{person} is not in a position to agree the record as {role.label} any more. Unless somebody acts for "
                "them, the Deputy Head of Service withdraws this and convenes the four anew: the text is kept."
            )
