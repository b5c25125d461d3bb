"""A meeting as one person may read it: nothing of it that is not this person's to see.

Page and documents are made from this alone. What may be read, the app says that knows the case (`whose`); somebody from
outside who gets a copy reads what was said, but for what was kept back, and never legal advice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Prefetch

from casework.limits import end_of
from casework.links import link_to
from casework.meetings.models import Action, Circulation, Invitation
from casework.meetings.states import WAS_HELD, ActionState, Came, Kept, MeetingState
from casework.models import Reading

WITHHELD: Final = "Withheld: your role does not see what workers wrote."
LEGAL_ADVICE_WITHHELD: Final = "Withheld: only those entitled to legal advice see it."
OUTSIDE: Final = frozenset({Kept.WRITTEN})
"""What somebody from outside reads of a copy."""

Reads = frozenset[Kept]


@dataclass(frozen=True, slots=True)
class PartAsRead:
    """One part of the minutes: its text, and how it read in the version before where that differs."""

    label: str
    text: str
    before: str | None = None


def named(invitation: Invitation, reads: Reads) -> str:
    """Somebody who was invited, as this reader may know it."""
    is_hidden = invitation.person_id or Kept.NAMES not in reads
    return str(invitation) if is_hidden else f"{invitation.name} ({invitation.capacity})"


def meeting_as_read(meeting: Any, reads: Reads, *, at: datetime, by: Any) -> dict[str, Any]:
    """What page and document show of a meeting."""
    circulated = Circulation.objects.select_related("person", "invitation__person")
    typed = meeting.minutes.select_related("typed_by").prefetch_related(Prefetch("circulations", circulated))
    versions = list(typed.order_by("number"))
    parts = parts_as_read(versions, meeting.items, reads)
    sent = [(each, version) for version in reversed(versions) for each in version.circulations.all()]
    opened = _openings(meeting, [each for each, _ in sent])
    return {
        "meeting": meeting,
        "kind": meeting.of_kind,
        "place": meeting.place if Kept.NAMES in reads else "",
        "place_is_withheld": bool(meeting.place) and Kept.NAMES not in reads,
        "was_held": meeting.state in WAS_HELD,
        "is_ahead": meeting.state == MeetingState.ARRANGED,
        "people": people_as_read(meeting.invited, reads, was_held=meeting.state in WAS_HELD),
        "agenda": [item.label for item in meeting.items[:-1]],
        "version": versions[-1] if versions else None,
        "parts": parts,
        "has_changed": any(part.before is not None for part in parts),
        "earlier": [
            {"version": version, "parts": parts_as_read([version], meeting.items, reads)}
            for version in reversed(versions[:-1])
        ],
        "sent": [_sent(each, version, reads, opened) for each, version in sent],
        "at": at,
        "reader": by,
    }


def copy_as_read(circulation: Circulation, *, at: datetime) -> dict[str, Any]:
    """What somebody from outside gets of the minutes: as they read in that version, without what was kept back."""
    version, invitation = circulation.minutes, circulation.invitation
    meeting = version.meeting
    parts = parts_as_read([version], meeting.items, OUTSIDE, but=circulation.without)
    mine = [action for action in actions_of(meeting) if action.owner_id == invitation.pk]
    return {
        "meeting": meeting,
        "kind": meeting.of_kind,
        "people": people_as_read(meeting.invited, OUTSIDE, was_held=True),
        "version": version,
        "parts": parts,
        "agreed": [action_as_read(each, OUTSIDE, at) for each in mine],
        "is_copy": True,
        "at": at,
        "reader": f"{invitation.name} ({invitation.capacity})",
    }


def parts_as_read(
    versions: Sequence[Any], items: Iterable[Any], reads: Reads, *, but: Iterable[str] = ()
) -> list[PartAsRead]:
    """The parts of the last of these versions that hold something, held against the one before it."""
    if not versions:
        return []
    now, before = versions[-1].content, versions[-2].content if len(versions) > 1 else None
    parts = []
    for item in items:
        text = now.get(item.name, "")
        changed = before is not None and before.get(item.name, "") != text
        if item.name in but or (item.legal_advice and reads == OUTSIDE) or not (text or changed):
            continue
        if Kept.WRITTEN not in reads:
            parts.append(PartAsRead(item.label, WITHHELD))
        elif item.legal_advice and Kept.LEGAL_ADVICE not in reads:
            parts.append(PartAsRead(item.label, LEGAL_ADVICE_WITHHELD))
        else:
            parts.append(PartAsRead(item.label, text, before.get(item.name, "") if before and changed else None))
    return parts


def people_as_read(invitations: Iterable[Invitation], reads: Reads, *, was_held: bool) -> list[dict[str, Any]]:
    """A row for each who is invited: who, as what, and whether he or she came."""
    return [
        {
            "who": invitation.person or (invitation.name if Kept.NAMES in reads else invitation.capacity),
            "as_what": invitation.get_role_display() or (invitation.capacity if Kept.NAMES in reads else ""),
            "came": Came(invitation.came).label if was_held and invitation.came else "",
        }
        for invitation in invitations
    ]


def actions_of(meeting: Any) -> list[Action]:
    """What was agreed, what is still to be done first, by its day."""
    actions = meeting.actions.select_related("owner__person")
    return sorted(actions, key=lambda action: (action.state != ActionState.OPEN, action.due_on, action.pk))


def action_as_read(action: Action, reads: Reads, at: datetime) -> dict[str, Any]:
    """One action: what, who, by when, and how it stands."""
    is_open = action.state == ActionState.OPEN
    is_late = is_open and end_of(action.due_on) <= at
    written = Kept.WRITTEN in reads
    return {
        "action": action,
        "says": action.says if written else WITHHELD,
        "outcome": action.outcome if written else (WITHHELD if action.outcome else ""),
        "who": named(action.owner, reads),
        "stands": _stands(action, is_late=is_late),
        "tone": "alarm" if is_late else "good" if action.state == ActionState.DONE else "quiet",
        "due_at": end_of(action.due_on) if is_open else None,
    }


def _stands(action: Action, *, is_late: bool) -> str:
    if action.escalated_at and action.state == ActionState.OPEN:
        return "Taken higher"
    return "Late" if is_late else action.get_state_display()


def _openings(meeting: Any, sent: Sequence[Circulation]) -> dict[int, list[datetime]]:
    """When those who sign in opened the meeting or its minutes since the first of them was sent, from the read log."""
    people = {person for each in sent if (person := _person_of(each))}
    if not people:
        return {}
    pages = [link_to("meetings:meeting", meeting.pk), link_to("meetings:document", meeting.pk)]
    since = min(each.at for each in sent)
    opened: dict[int, list[datetime]] = {}
    readings = Reading.objects.filter(user__in=people, page__in=pages, at__gt=since).order_by("at")
    for user, at in readings.values_list("user", "at"):
        opened.setdefault(user, []).append(at)
    return opened


def _person_of(circulation: Circulation) -> int | None:
    invitation = circulation.invitation
    person: int | None = invitation.person_id if invitation else circulation.person_id
    return person


def _sent(
    circulation: Circulation, version: Any, reads: Reads, opened: Mapping[int, Sequence[datetime]]
) -> dict[str, Any]:
    """To whom and when; of whoever signs in, when he or she first opened them since."""
    invitation, person = circulation.invitation, _person_of(circulation)
    since = (at for at in opened.get(person, ()) if at > circulation.at) if person else ()
    return {
        "signs_in": person is not None,
        "read_at": next(iter(since), None),
        "to": named(invitation, reads) if invitation else str(circulation.person),
        "at": circulation.at,
        "version": version.number,
        "copy": circulation.pk if invitation and not invitation.person_id else None,
    }
