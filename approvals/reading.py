"""One approval as one person may read it: nothing of it that is not this person's to see.

Page and document are made from this alone, so an address, legal advice or what workers wrote, where the recipient may
not have it, is in neither.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch

from accounts.roles import Role
from approvals.models import Signature
from approvals.permissions import agrees_as
from approvals.record.known import readable
from approvals.record.parts import KNOWN
from approvals.rulebook import FOUR
from approvals.states import ENDED, Act, ApprovedAs, State
from casework.limits import local_day
from casework.sections.comparing import SAME, RowChange, Run, rows_between, runs_between
from casework.sections.parts import Answer, Part
from casework.timeline import title_of
from children.access import Extent, Sight
from children.permissions import may_see
from placements.where import address_of, standing_of, with_whom

WITHHELD = "Withheld: your role does not see what workers wrote."
LEGAL_ADVICE_WITHHELD = "Withheld: only those entitled to legal advice see it."
CHAIN_ROLES = (*FOUR, Role.HOS, Role.SERVICE_DIRECTOR)
DECISIONS = ("send_back", "refuse", "dissent", "feed_back", "withdraw")
SAYS = {Act.AGREE: "Agreed", Act.APPROVE: "Approved", Act.SIGN_OFF: "Signed off"}


@dataclass(frozen=True, slots=True)
class PartAsRead:
    """One part of the record as one person may read it, and how it read in the version before where that differs."""

    label: str
    text: str
    before: str | None = None
    columns: tuple[str, ...] = ()
    """Of a part that is made of rows: what its columns are called."""
    rows: Sequence[Sequence[str]] = ()
    rows_before: Sequence[Sequence[str]] = ()
    name: str = ""

    @property
    def is_withheld(self) -> bool:
        """Is it for others to read?"""
        return self.text in (WITHHELD, LEGAL_ADVICE_WITHHELD)

    @property
    def changes(self) -> list[Run]:
        """The text, word by word, against how it read before."""
        return runs_between(self.before or "", self.text)

    @property
    def row_changes(self) -> list[RowChange]:
        """The rows that differ from those before."""
        return [row for row in rows_between(self.rows_before, self.rows) if row.how != SAME]


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


def up_to(versions: Sequence[Any], number: int | None) -> tuple[Sequence[Any], Any]:
    """The versions up to a number, and the one that took its place; all of them where none is asked for."""
    if number is None:
        return versions, None
    later = next((version for version in versions if version.number > number), None)
    return [version for version in versions if version.number <= number], later


def parts_as_read(versions: Sequence[Any], sight: Sight) -> list[PartAsRead]:
    """The parts of the last of these versions, held against the one before it."""
    if not versions:
        return []
    return compared(versions[-2] if len(versions) > 1 else None, versions[-1], sight)


def compared(before: Any, after: Any, sight: Sight) -> list[PartAsRead]:
    """The parts of one version, held against those of another; what only that one asked comes last, as left empty."""
    parts = [_part_as_read(part, answer, before, sight) for part, answer in after.parts]
    asked = {part.name for part, _ in after.parts}
    gone = [(part, answer) for part, answer in before.parts if part.name not in asked and answer] if before else ()
    return [*parts, *(_part_as_read(part, [] if part.columns else "", before, sight) for part, _ in gone)]


def _part_as_read(part: Part, answer: Answer, before: Any, sight: Sight) -> PartAsRead:
    if sight.narrative == Extent.NO:
        return PartAsRead(part.label, WITHHELD, name=part.name)
    if part.legal_advice and sight.legal_advice == Extent.NO:
        return PartAsRead(part.label, LEGAL_ADVICE_WITHHELD, name=part.name)
    now, was = _as_far_as(part, answer, sight), None
    if before:
        old = before.content.get(part.name, "")
        was = _as_far_as(part, old, sight) if old != answer and (old or answer) else None
    told = {"name": part.name}
    if part.columns:
        told |= {"columns": tuple(column.label for column in part.columns), "rows": part.cells_of(now)}
        told |= {"rows_before": part.cells_of(was or [])}
    return PartAsRead(part.label, part.says(now), None if was is None else part.says(was), **told)


def _as_far_as(part: Part, answer: Answer, sight: Sight) -> Answer:
    """An answer; of what Hearth wrote itself, what this person may know."""
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
