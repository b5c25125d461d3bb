"""What the duties of meetings hang on, read for many files at once: a fixed number of questions, none where nobody met."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from django.db.models import IntegerField, Q, Value

from accounts.models import Appointment, User
from accounts.roles import Role
from casework.diary import Batch, Ledger
from casework.events import label_of
from casework.meetings.duties import ActionAct, ActionFacts, MeetingFacts, looks_again_at, meeting_entries
from casework.meetings.models import Action, Circulation, Invitation, Meeting, Minutes
from casework.meetings.states import ActionState, MeetingState
from casework.models import CaseFile, Event
from casework.together import Found, Rows, Together

Named = tuple[int, str]
"""A person in a role."""
InOffice = Mapping[Named, int]
"""Who does what falls to a person in a role: the person, while in it; or whoever acts for that person."""


def meeting_duties(batch: Batch) -> Mapping[int, Ledger]:
    """The duties of meetings, by case file."""
    ledgers: dict[int, Ledger] = {}
    for file, meetings in batch.load(meetings_of).items():
        entries = tuple(entry for facts in meetings for entry in meeting_entries(facts, batch.at, batch.rules))
        looks = [look for facts in meetings if (look := looks_again_at(facts, batch.at))]
        ledgers[file] = Ledger(entries, min(looks, default=None))
    return ledgers


READ = Together(
    Rows(Meeting, "r.case_file_id = ANY(%(files)s) AND r.arranged_at IS NOT NULL"),
    Rows(Minutes, "r.meeting_id IN (SELECT id FROM meeting)", ("number",)),
    Rows(Circulation, "r.minutes_id IN (SELECT id FROM minutes)", ("at", "id")),
    Rows(Invitation, "r.meeting_id IN (SELECT id FROM meeting)"),
    Rows(Action, "r.meeting_id IN (SELECT id FROM meeting)"),
    Rows(
        Event,
        """r.case_file_id = ANY(%(files)s) AND r.at <= %(at)s
        AND r.record IN (SELECT 'meetings.action:' || id FROM action)""",
        ("case_file_id", "number"),
    ),
)


def meetings_of(batch: Batch) -> Mapping[int, list[MeetingFacts]]:
    """The meetings about each file, the first arranged first."""
    read = READ.read(files=list(batch.files), at=batch.at)
    known = _Known(read, batch)
    found: dict[int, list[MeetingFacts]] = defaultdict(list)
    for meeting in read.all(Meeting):
        found[meeting.case_file_id].append(known.facts_of(meeting))
    return found


class _Known:
    """What is read of these meetings."""

    def __init__(self, read: Found, batch: Batch):
        self.typed: dict[int, list[datetime]] = defaultdict(list)
        self.sent: dict[int, dict[int, datetime]] = defaultdict(dict)
        minutes = read.one_by_one(Minutes)
        for each in minutes.values():
            self.typed[each.meeting_id].append(each.typed_at)
        for sent in read.all(Circulation):
            version = minutes[sent.minutes_id]
            self.sent[version.meeting_id].setdefault(version.number, sent.at)
        invitations = read.one_by_one(Invitation)
        self.roles = {(each.meeting_id, each.person_id): each.role for each in invitations.values()}
        self.actions = read.by("meeting_id", Action)
        for action in read.all(Action):
            action.owner = invitations[action.owner_id]
        self.acts = _acts_of(read.by("record", Event))
        self.in_office = _in_office(self._named(read.all(Meeting)), batch.at)
        self.in_sight = _in_sight(self.in_office.values(), batch)

    def _named(self, meetings: Iterable[Meeting]) -> Iterator[Named]:
        """Who may owe something that is open."""
        for meeting in filter(self._goes_on, meetings):
            yield meeting.chair_id, meeting.chair_role
            if meeting.minute_taker_id:
                yield meeting.minute_taker_id, self.roles.get((meeting.pk, meeting.minute_taker_id), "")
            for action in self.actions[meeting.pk]:
                if action.owner.person_id and action.state == ActionState.OPEN:
                    yield action.owner.person_id, action.owner.role

    def facts_of(self, meeting: Meeting) -> MeetingFacts:
        """One meeting."""
        taker = meeting.minute_taker_id if meeting.minute_taker_id != meeting.chair_id else None
        taker_role = self.roles.get((meeting.pk, taker), "") if taker else ""
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
            typed=tuple(self.typed[meeting.pk]),
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
        return holder if (holder, meeting.case_file_id) in self.in_sight else None

    def _action(self, action: Action, meeting: Meeting, chair_id: int | None) -> ActionFacts:
        owner, record = action.owner, label_of(action)
        acts = self.acts[record]
        if owner.person_id is None:
            return ActionFacts(record, acts, owner.capacity, Role(meeting.chair_role), chair_id, is_outside=True)
        role = Role(owner.role)
        is_open = action.state == ActionState.OPEN
        holder_id = self._able(owner.person_id, owner.role, meeting) if is_open else None
        is_chairs_own = owner.person_id == meeting.chair_id
        return ActionFacts(record, acts, role.label, role, holder_id, is_chairs_own=is_chairs_own)


def _acts_of(events: Mapping[str, Sequence[Event]]) -> Mapping[str, tuple[ActionAct, ...]]:
    """The steps taken about each action, from the event record."""
    return {record: tuple(map(_act_of, taken)) for record, taken in events.items()}


def _act_of(event: Event) -> ActionAct:
    due_on = date.fromisoformat(event.details["due_on"]) if "due_on" in event.details else None
    return ActionAct(event.act, event.at, due_on)


def _in_office(named: Iterable[Named], at: datetime) -> InOffice:
    """Of these people in these roles: who does now what falls to them. Whoever acts for somebody comes first."""
    wanted = set(named)
    people = {person for person, _ in wanted}
    if not people:
        return {}
    held = Appointment.objects.in_force(at).filter(Q(user__in=people) | Q(acting_for__in=people), user__is_active=True)
    rows = list(held.values_list("user", "acting_for", "role"))
    able = {(user, role): user for user, _, role in rows}
    acting = {(covered, role): user for user, covered, role in rows if covered}
    return {key: user for key, user in (able | acting).items() if key in wanted}


def _in_sight(people: Iterable[int], batch: Batch) -> frozenset[tuple[int, int]]:
    """Which of these people may see which files of the batch."""
    users = User.objects.with_appointments(set(people), at=batch.at) if people else []
    seen = [
        CaseFile.objects.visible_to(user, at=batch.at)
        .filter(pk__in=batch.files)
        .values_list(Value(user.pk, IntegerField()), "pk")
        for user in users
    ]
    return frozenset(seen[0].union(*seen[1:])) if seen else frozenset()
