"""What the duties of meetings hang on, read for many files at once: a fixed number of questions, none where nobody met."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from accounts.models import Appointment, User
from accounts.roles import Role
from casework.diary import Batch, Ledger
from casework.events import label_of
from casework.meetings.duties import ActionAct, ActionFacts, MeetingFacts, looks_again_at, meeting_entries
from casework.meetings.models import Action, Circulation, Invitation, Meeting
from casework.meetings.states import ActionState, MeetingState
from casework.models import CaseFile, Event

In_office = Mapping[tuple[int, str], int]
"""Who does what falls to a person in a role: the person, while in it; or whoever acts for that person."""


def meeting_duties(batch: Batch) -> Mapping[int, Ledger]:
    """The duties of meetings, by case file."""
    ledgers: dict[int, Ledger] = {}
    for file, meetings in batch.load(meetings_of).items():
        entries = tuple(entry for facts in meetings for entry in meeting_entries(facts, batch.at, batch.rules))
        looks = [look for facts in meetings if (look := looks_again_at(facts, batch.at))]
        ledgers[file] = Ledger(entries, min(looks, default=None))
    return ledgers


def meetings_of(batch: Batch) -> Mapping[int, list[MeetingFacts]]:
    """The meetings about each file, the first arranged first."""
    meetings = list(Meeting.objects.filter(case_file__in=batch.files).exclude(arranged_at=None).order_by("pk"))
    found: dict[int, list[MeetingFacts]] = defaultdict(list)
    if not meetings:
        return found
    known = _Known(meetings, batch)
    for meeting in meetings:
        found[meeting.case_file_id].append(known.facts_of(meeting))
    return found


class _Known:
    """What is read of these meetings."""

    def __init__(self, meetings: list[Meeting], batch: Batch):
        pks = [meeting.pk for meeting in meetings]
        self.typed: dict[int, dict[int, Any]] = defaultdict(dict)
        self.sent: dict[int, dict[int, Any]] = defaultdict(dict)
        rows = Meeting.objects.filter(pk__in=pks, minutes__isnull=False)
        for pk, number, at in rows.values_list("pk", "minutes__number", "minutes__typed_at"):
            self.typed[pk][number] = at
        round_ = Circulation.objects.filter(minutes__meeting__in=pks).order_by("-at", "-pk")
        for pk, number, at in round_.values_list("minutes__meeting", "minutes__number", "at"):
            self.sent[pk][number] = at
        self.roles: dict[tuple[int, int], str] = {}
        invited = Invitation.objects.filter(meeting__in=pks, person__isnull=False)
        for pk, person, role in invited.values_list("meeting", "person", "role"):
            self.roles[pk, person] = role
        self.actions: dict[int, list[Action]] = defaultdict(list)
        actions = Action.objects.filter(meeting__in=pks).select_related("owner").order_by("pk")
        for action in actions:
            self.actions[action.meeting_id].append(action)
        self.acts = _acts_of(actions, batch)
        self.in_office = _in_office(self._named(meetings), batch.at)
        self.sight: dict[int, frozenset[int]] = {}
        self.batch = batch

    def _named(self, meetings: Iterable[Meeting]) -> Iterator[tuple[int, str]]:
        for meeting in meetings:
            yield meeting.chair_id, meeting.chair_role
            if meeting.minute_taker_id:
                yield meeting.minute_taker_id, self.roles.get((meeting.pk, meeting.minute_taker_id), "")
            for action in self.actions[meeting.pk]:
                if action.owner.person_id:
                    yield action.owner.person_id, action.owner.role

    def facts_of(self, meeting: Meeting) -> MeetingFacts:
        """One meeting."""
        taker = meeting.minute_taker_id if meeting.minute_taker_id != meeting.chair_id else None
        taker_role = self.roles.get((meeting.pk, taker), "") if taker else ""
        typed = self.typed[meeting.pk]
        chair_id = self._able(meeting.chair_id, meeting.chair_role, meeting) if self._goes_on(meeting) else None
        return MeetingFacts(
            record=meeting.record,
            kind=meeting.of_kind,
            arranged_at=meeting.arranged_at or meeting.starts_at,
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            chair_role=Role(meeting.chair_role),
            chair_id=chair_id,
            taker_role=Role(taker_role) if taker_role else None,
            taker_id=self._able(taker, taker_role, meeting) if taker else None,
            recorded_at=meeting.recorded_at,
            called_off=meeting.state == MeetingState.CALLED_OFF,
            typed=tuple(typed[number] for number in sorted(typed)),
            sent=self.sent[meeting.pk],
            actions=[self._action(action, meeting, chair_id) for action in self.actions[meeting.pk]],
        )

    def _goes_on(self, meeting: Meeting) -> bool:
        """Is anything of it still owed?"""
        is_open = any(action.state == ActionState.OPEN for action in self.actions[meeting.pk])
        return is_open or not (meeting.is_round or meeting.state == MeetingState.CALLED_OFF)

    def _able(self, person: int, role: str, meeting: Meeting) -> int | None:
        """Who does now what falls to a person in a role: nobody whom the case is out of sight of."""
        holder = self.in_office.get((person, role))
        if holder is None:
            return None
        if holder not in self.sight:
            visible = CaseFile.objects.visible_to(User.objects.get(pk=holder), at=self.batch.at)
            seen = visible.filter(pk__in=self.batch.files).values_list("pk", flat=True)
            self.sight[holder] = frozenset(seen)
        return holder if meeting.case_file_id in self.sight[holder] else None

    def _action(self, action: Action, meeting: Meeting, chair_id: int | None) -> ActionFacts:
        owner = action.owner
        if owner.person_id is None:
            chair = Role(meeting.chair_role)
            return ActionFacts(label_of(action), self.acts[action.pk], owner.capacity, chair, chair_id, is_outside=True)
        role = Role(owner.role)
        is_open = action.state == ActionState.OPEN
        holder_id = self._able(owner.person_id, owner.role, meeting) if is_open else None
        is_chairs_own = owner.person_id == meeting.chair_id
        acts = self.acts[action.pk]
        return ActionFacts(label_of(action), acts, role.label, role, holder_id, is_chairs_own=is_chairs_own)


def _acts_of(actions: Iterable[Action], batch: Batch) -> Mapping[int, tuple[ActionAct, ...]]:
    """The steps taken about each action, from the event record."""
    labels = {label_of(action): action.pk for action in actions}
    taken: dict[int, list[ActionAct]] = defaultdict(list)
    events = Event.objects.filter(case_file__in=batch.files, record__in=labels, at__lte=batch.at) if labels else ()
    for event in sorted(events, key=lambda each: (each.case_file_id, each.number)):
        due_on = date.fromisoformat(event.details["due_on"]) if "due_on" in event.details else None
        taken[labels[event.record]].append(ActionAct(event.act, event.at, due_on))
    return {pk: tuple(acts) for pk, acts in taken.items()}


def _in_office(named: Iterable[tuple[int, str]], at: Any) -> In_office:
    """Of these people in these roles: who does now what falls to them. Whoever acts for somebody comes first."""
    wanted = set(named)
    people = {person for person, _ in wanted}
    held = Appointment.objects.in_force(at).filter(user__is_active=True)
    able = {
        (person, role): person
        for person, role in held.filter(user__in=people).values_list("user", "role")
        if (person, role) in wanted
    }
    acting = held.filter(acting_for__in=people).values_list("acting_for", "role", "user")
    return able | {(person, role): user for person, role, user in acting if (person, role) in wanted}
