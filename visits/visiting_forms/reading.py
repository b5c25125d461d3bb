"""One form as one person may read it: what does not fit together comes first, and nothing that is not this person's to see.

Page and document are made from this alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from casework.sections import known as facts
from casework.sections.known import KNOWN
from casework.sections.parts import Answer, Asks, Part
from casework.sections.reading import PartAsRead, Withheld, compared as parts_compared, read_last, up_to
from children.access import Sight
from placements.where import address_of, with_whom
from visits.permissions import may_read_form
from visits.states import FormState
from visits.visiting_forms import rules
from visits.visiting_forms.asked import ACTIONS
from visits.visiting_forms.kinds import FORM
from visits.visiting_forms.known import BY_NAME

TONES: Final = {FormState.COMPLETE: "good", FormState.BEGUN: "watch", FormState.WITHDRAWN: "quiet"}
WITHHELD: Final = "Withheld: your role does not see what workers wrote."
NOT_SHARED: Final = "Withheld: whoever wrote this has not shared it."
NOT_LOOKED_AT: Final = "Not looked at"
BY_HEARTH: Final = frozenset({KNOWN, FORM})
"""What of the content nobody typed."""
WHAT_HEARTH_KNEW: Final = "What Hearth knew"


@dataclass(frozen=True, slots=True)
class SectionAsRead:
    """A section with its parts; of rows that were given, which were left open."""

    title: str
    parts: Sequence[tuple[PartAsRead, str]]


def form_as_read(form: Any, sight: Sight, *, at: datetime, by: Any, number: int | None = None) -> dict[str, Any]:
    """What page and document show of a form; `number` asks for an earlier version, as it read then."""
    may_read = may_read_form(form, sight, by, at)
    versions, later = up_to(list(form.versions.select_related("typed_by")), number)
    version = versions[-1] if versions else None
    parts = read_last(versions, partial(_reads, form, sight, may_read))
    content = version.content if version and may_read else {}
    return {
        "visited": form,
        "child": form.child,
        "kind": form.of_kind,
        "where": where_of(form, sight),
        "address": _address(form, sight),
        "is_withheld": not may_read,
        "why_withheld": withheld_from(form, sight),
        "parts": parts,
        "sections": list(_in_sections(form, version, parts)) if may_read else [],
        "mismatches": rules.mismatches(content),
        "wanting": list(rules.wanting(content, version.asks)) if version and may_read else [],
        "is_worried": rules.is_worried(content),
        "provider_actions": list(form.actions.order_by("due_on", "pk")) if may_read else [],
        "version": version,
        "later": later,
        "versions": versions,
        "has_changed": any(part.before is not None for part in parts),
        "readings": _readings(version, sight),
        "stands": FormState(form.state).label,
        "tone": TONES[form.state],
        "at": at,
        "reader": by,
    }


def compared(form: Any, before: Any, after: Any, sight: Sight, *, at: datetime, by: Any) -> list[PartAsRead]:
    """The parts of one version, held against those of another."""
    return parts_compared(before, after, partial(_reads, form, sight, may_read_form(form, sight, by, at)))


def withheld_from(form: Any, sight: Sight) -> str:
    """Why whoever may not read a form does not see what it says."""
    return NOT_SHARED if form.of_kind.is_own and sight.narrative else WITHHELD


def where_of(form: Any, sight: Sight) -> str:
    """The home that a form is about."""
    if form.placement:
        return with_whom(form.placement, sight)
    return form.place.name if sight.address and form.place else "A home to which the child has not moved yet"


def _address(form: Any, sight: Sight) -> str:
    if form.placement:
        return address_of(form.placement, sight) if sight.address else ""
    return "\n".join(filter(None, (form.place.address, form.place.postcode))) if sight.address else ""


def _reads(form: Any, sight: Sight, may_read: bool, part: Part, answer: Answer) -> Answer:
    if not may_read:
        return Withheld(withheld_from(form, sight))
    if part.name == KNOWN and not isinstance(answer, str):
        return facts.readable(answer, BY_NAME, address=bool(sight.address))
    return answer


def _readings(version: Any, sight: Sight) -> list[Any]:
    """Who read this version, and what came of it; what was said of it, to those who read what workers wrote."""
    found = version.readings.select_related("by") if version else ()
    return [{"reading": each, "says": each.says if sight.narrative else ""} for each in found]


def _in_sections(form: Any, version: Any, parts: Sequence[PartAsRead]) -> Any:
    """The parts under the titles under which they were typed; the actions stand apart, with how far they are."""
    if version is None:
        return
    asked = {part.name: part for part in version.asks}
    read = {part.name: part for part in parts if part.name != ACTIONS}
    edition = form.of_kind.edition_of(version.content)
    for section in edition:
        here = [_row(asked[part.name], read.pop(part.name)) for part in section.parts if part.name in read]
        if here:
            yield SectionAsRead(section.title, here)
    if read:
        rest = [_row(asked[name], part) for name, part in read.items() if name in asked]
        yield SectionAsRead(WHAT_HEARTH_KNEW, rest)


def _row(part: Part, read: PartAsRead) -> tuple[PartAsRead, str]:
    """A part as it reads; of rows that were given, those that were answered, and the names of the others."""
    if part.asks != Asks.GIVEN:
        return read, ""
    answered = [cells for cells in read.rows if cells[1] != NOT_LOOKED_AT]
    left = [cells[0] for cells in read.rows if cells[1] == NOT_LOOKED_AT]
    told = {name: getattr(read, name) for name in ("label", "text", "before", "columns", "rows_before", "name")}
    return PartAsRead(**{**told, "rows": answered}), "; ".join(left)
