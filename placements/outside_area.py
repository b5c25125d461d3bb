"""What a home outside the authority's area makes due: its approval (L-13), and telling the authority of that area (L-12).

Pure: dated facts in, entries out. Both come before the move. Where an approval given in an emergency holds, the rest
follows within the working days of L-13, counted from the move as day 0; without any, both are overdue from the first minute.
Approval is met by one that has no end of its own. Source: Care Planning Regulations, reg 11 and 13.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from accounts.roles import Role
from casework.ledger import Closed, Entry
from casework.limits import end_of, local_day, start_of
from casework.procedures import RulesInForce
from casework.wording import said_day, source
from placements.arrangement import NEXT_DAY
from placements.states import Setting

APPROVAL: Final = "L-13"
HOST_TOLD: Final = "L-12"
EXEMPT: Final = (Setting.CONNECTED_PERSON, Setting.IN_HOUSE_FOSTER, Setting.PARENT, Setting.ADOPTIVE)
"""Where regulation 11 asks for no approval. The authority of the area is told all the same."""
SAYS: Final = {
    APPROVAL: "The home lies outside the authority’s area, and is not approved in full.",
    HOST_TOLD: "The home lies outside the authority’s area, and the authority of that area is not on record as told.",
}


@dataclass(frozen=True, slots=True)
class Approved:
    """An approval of a home outside the area: from a moment; in an emergency until a moment (exclusive)."""

    from_at: datetime
    to_at: datetime | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class OutsideFacts:
    """One arrangement outside the area, as far as these duties hang on it."""

    setting: Setting
    started_at: datetime
    ended_at: datetime | None = None
    approved: tuple[Approved, ...] = ()
    host_told_on: date | None = None


def last_emergency_day(started_on: date, rules: RulesInForce) -> date:
    """The last day on which what an emergency left out is made good, counted from the day of the move as day 0; inclusive."""
    return local_day(rules.limit(APPROVAL, on=started_on).after(start_of(started_on))) - NEXT_DAY


def outside_entries(facts: OutsideFacts, rules: RulesInForce, *, about: str, now: datetime) -> Iterator[Entry]:
    """The duties of an arrangement that lies outside the area, as far as they are known at a moment."""
    if facts.started_at > now:
        return
    if facts.setting not in EXEMPT:
        in_full = min((given for given in facts.approved if given.to_at is None), key=_from_at, default=None)
        if in_full is None or in_full.from_at > facts.started_at:
            entry = _entry(APPROVAL, Role.TEAM_MANAGER, facts, rules, about)
            yield _closed(entry, facts, in_full.from_at if in_full else None, in_full.evidence if in_full else "", now)
    if facts.host_told_on is None or facts.host_told_on > local_day(facts.started_at):
        entry = _entry(HOST_TOLD, Role.SOCIAL_WORKER, facts, rules, about)
        yield _closed(entry, facts, start_of(facts.host_told_on) if facts.host_told_on else None, "", now)


def _entry(code: str, role: Role, facts: OutsideFacts, rules: RulesInForce, about: str) -> Entry:
    started_on = local_day(facts.started_at)
    in_an_emergency = any(given.to_at is not None for given in facts.approved)
    last_on = last_emergency_day(started_on, rules) if in_an_emergency else started_on
    by = f"It was an emergency: by {said_day(last_on)}." if in_an_emergency else "It comes before the move."
    return Entry(
        kind=code,
        key=f"{code}:{about}",
        role=role,
        about=about,
        opened_at=facts.started_at,
        due_at=end_of(last_on) if in_an_emergency else facts.started_at,
        says=f"{SAYS[code]} {by} {source(rules.rule(code, on=started_on))}",
        facts=(("Lives there since", said_day(started_on)),),
    )


def _closed(entry: Entry, facts: OutsideFacts, met_at: datetime | None, evidence: str, now: datetime) -> Entry:
    """Met where it was done while the child lived there; where the child left first, no longer due, or missed."""
    ended_at = facts.ended_at if facts.ended_at and facts.ended_at <= now else None
    if met_at and met_at <= now and not (ended_at and ended_at < met_at):
        return replace(entry, closed_at=max(met_at, entry.opened_at), closed_as=Closed.MET, evidence=evidence)
    if ended_at is None:
        return entry
    closed_as = Closed.MISSED if entry.due_at <= ended_at else Closed.NO_LONGER_DUE
    return replace(entry, closed_at=ended_at, closed_as=closed_as)


def _from_at(given: Approved) -> datetime:
    return given.from_at
