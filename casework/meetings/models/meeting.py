"""A meeting about one case: arranged, held, minuted, sent round. Which kinds there are, says `meetings.kind`."""

from datetime import datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from accounts.roles import Role
from casework.events import label_of
from casework.forms import in_a_sentence
from casework.limits import local_day
from casework.meetings import permissions, rules, telling
from casework.meetings.kind import ANYTHING_ELSE, Item, MeetingKind, kind_of
from casework.meetings.models.minutes import Circulation
from casework.meetings.rulebook import LET_IN
from casework.meetings.states import Came, MeetingState
from casework.meetings.whose import Whose, whose
from casework.models import CaseFile
from casework.rules_in_force import rules_in_force
from casework.scope import ScopedQuerySet
from casework.steps import Clear, NotYet
from casework.wording import said_moment

PERSON = {"on_delete": models.PROTECT, "related_name": "+"}
TO_MINUTE = (MeetingState.HELD, MeetingState.MINUTED, MeetingState.CIRCULATED)


def types_or_changes(meeting: Any) -> str:
    """Type or change the minutes."""
    return "Type the minutes" if meeting.state in (MeetingState.TO_ARRANGE, MeetingState.HELD) else "Change the minutes"


class MeetingQuerySet(ScopedQuerySet):
    """Meetings, reached through the case that they are about."""

    def arranged(self, kind: MeetingKind, about: str):
        """Those of a kind about one record that are still to be held."""
        return self.filter(kind=kind.code, about=about, state=MeetingState.ARRANGED)


class Meeting(models.Model):
    """People meet about a child, a home or a provider, and agree what is to be done."""

    case_file = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="meetings")
    kind = models.CharField(max_length=40)
    """Its code in the table of kinds."""
    about = models.CharField(max_length=100, blank=True)
    """The record of the case that it is about, "placements.placement:17"; empty where it is about the whole case."""
    state = FSMField(default=MeetingState.TO_ARRANGE, choices=MeetingState.choices, protected=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    """When it is to end; once it has been held, when it ended."""
    place = models.CharField(max_length=300, blank=True)
    agenda = models.JSONField(default=list)
    """What is talked about besides what its kind asks: a label each."""
    chair = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    chair_role = models.CharField(max_length=40, choices=Role.choices)
    minute_taker = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, **PERSON)
    """Who takes the minutes; the chair where nobody is named."""
    arranged_at = models.DateTimeField(null=True, blank=True)
    times_changed = models.PositiveIntegerField(default=0)
    """So that a calendar knows which of two entries is the later."""
    recorded_at = models.DateTimeField(null=True, blank=True)
    """When it was recorded who came, or that it was called off."""
    stands_since = models.DateTimeField(null=True, blank=True)

    read_with = ("case_file",)
    objects = MeetingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")),
                name="meeting_ends_after_it_starts",
                violation_error_message="A meeting ends after it has started.",
            ),
            models.UniqueConstraint(
                fields=["kind", "about"],
                condition=Q(state=MeetingState.ARRANGED) & ~Q(about=""),
                name="one_meeting_arranged_about_it",
                violation_error_message="A meeting of this kind about the same is arranged already.",
            ),
        ]
        indexes = [models.Index(fields=["case_file", "-starts_at"], name="meetings_of_a_file")]

    def __str__(self):
        return f"{self.of_kind.title} {self.pk}: {self.get_state_display()}"

    @property
    def of_kind(self) -> MeetingKind:
        """The row of the table of kinds."""
        return kind_of(self.kind)

    @property
    def whose(self) -> Whose:
        """What is said about cases of this kind of file."""
        return whose(self.of_kind.file)

    @cached_property
    def case(self) -> Any:
        """The child, home or provider that it is about."""
        return self.whose.load(self.case_file_id)

    @property
    def items(self) -> list[Item]:
        """What is talked about, in order: the kind's own items, those added for this meeting, and anything else."""
        added = [Item(f"added_{number}", label) for number, label in enumerate(self.agenda, start=1)]
        return [*self.of_kind.agenda, *added, ANYTHING_ELSE]

    @property
    def version(self):
        """The minutes as they now read; None before they are typed."""
        return self.minutes.order_by("-number").first() if self.pk else None

    @property
    def invited(self):
        """Who is invited now, people of the house first."""
        present = self.invitations.filter(withdrawn_at=None).select_related("person")
        return present.order_by(models.F("person").asc(nulls_last=True), "pk")

    @property
    def is_round(self) -> bool:
        """Is nothing more to be typed or sent round?"""
        return self.state == MeetingState.CIRCULATED or (self.state == MeetingState.HELD and not self.of_kind.minutes)

    @property
    def takes_minutes(self) -> int:
        """Who takes the minutes, by primary key."""
        return self.minute_taker_id or self.chair_id

    @transition(
        field=state,
        source=MeetingState.TO_ARRANGE,
        target=MeetingState.ARRANGED,
        conditions=[Clear(rules.objections_to_arranging)],
        permission=permissions.may_arrange,
        custom={"label": "Arrange the meeting", "who": permissions.who_arranges},
    )
    def arrange(self, *, by, at, because, people, outsiders, **plan):
        """Somebody says when and where it is, and who is invited."""
        self.arranged_at = self.stands_since = at
        self.plan(plan)
        self.save()
        try:
            self.invite(people, outsiders, by=by, at=at)
        except NotYet:
            self.pk = None  # The door undoes what was saved, but does not know of this copy.
            raise

    @transition(
        field=state,
        source=MeetingState.ARRANGED,
        target=MeetingState.ARRANGED,
        permission=permissions.may_plan,
        custom={"label": "Change the arrangements", "who": permissions.who_arranges},
    )
    def rearrange(self, *, by, at, because, people, outsiders, seen, **plan):
        """The time, the place, the agenda or who is invited is changed; `seen` is how often it was changed before."""
        overtaken = rules.objections_to_rearranging(self, seen)
        if overtaken:
            raise NotYet(*overtaken)
        before = (self.starts_at, self.ends_at, self.place)
        self.plan(plan)
        self.times_changed += 1
        stay = self.invite(people, outsiders, by=by, at=at)
        if before != (self.starts_at, self.ends_at, self.place):
            telling.tell(telling.MOVED, self, stay, but=by, at=at)

    @transition(
        field=state,
        source=MeetingState.ARRANGED,
        target=MeetingState.CALLED_OFF,
        permission=permissions.may_plan,
        custom={"label": "Call it off", "who": permissions.who_arranges},
    )
    def call_off(self, *, by, at, because):
        """It will not be held, and why."""
        self.recorded_at = self.stands_since = at
        self.times_changed += 1
        for invitation in self.invited:
            self.let_out(invitation, at)
        telling.tell(telling.CALLED_OFF, self, [invitation.person for invitation in self.invited], but=by, at=at)

    @transition(
        field=state,
        source=MeetingState.ARRANGED,
        target=MeetingState.HELD,
        conditions=[Clear(rules.objections_to_holding)],
        permission=permissions.may_run,
        custom={"label": "Record who came", "who": permissions.who_runs},
    )
    def hold(self, *, by, at, because, ended_at, came, others=()):
        """It was held: who came, and when it ended. Why it went ahead without somebody who must come, the reason says."""
        self.require_past(ended_at, at)
        self.attended(came)
        self.bring_in((), others, at, came=Came.YES)
        in_role = dict(self.invited.filter(came=Came.YES).exclude(role="").values_list("role", "came"))
        missing = rules.roles_missing(self.of_kind, in_role)
        if missing and not because.strip():
            named = ", ".join(role.label for role in missing)
            raise NotYet(f"Say why it went ahead without: {named}.")
        self.was_held(ended_at, at)

    @transition(
        field=state,
        source=TO_MINUTE,
        target=MeetingState.MINUTED,
        conditions=[Clear(rules.objections_to_minutes)],
        permission=permissions.may_run,
        custom={"label": types_or_changes, "who": permissions.who_runs},
    )
    def minute(self, *, by, at, because, content, digest=None):
        """What was said is typed, or typed anew; who got an earlier version gets this one too."""
        last = self.version
        if last and digest not in (None, last.digest):
            raise NotYet("The minutes have changed since you opened them. Read them as they now stand.")
        if last and content == last.content:
            raise NotYet(f"The minutes read as version {last.number} does: there is nothing new in them.")
        self.minutes.create(number=last.number + 1 if last else 1, content=content, typed_by=by, typed_at=at)
        self.stands_since = at
        self.settle_invitations(at, goes_on=True)

    @transition(
        field=state,
        source=(MeetingState.MINUTED, MeetingState.CIRCULATED),
        target=MeetingState.CIRCULATED,
        conditions=[Clear(rules.objections_to_minutes)],
        permission=permissions.may_run,
        custom={"label": "Send the minutes round", "who": permissions.who_runs},
    )
    def circulate(self, *, by, at, because, digest, invitations=(), copies=(), without=()):
        """Each gets the minutes as they now read, and of them what he or she may read."""
        version = self.version
        if digest != version.digest:
            raise NotYet("The minutes have changed since you opened them. Read them as they now stand.")
        people = [*(each.person for each in invitations if each.person_id), *copies]
        objections = rules.objections_to_recipients([*invitations, *copies])
        blind = [person for person in people if not self.whose.sees(self.case, person, at)]
        objections += [
            f"{person} may not see this record any more, and cannot be sent the minutes." for person in blind
        ]
        if objections:
            raise NotYet(*objections)
        self._send(version, invitations, copies, list(without), by, at)
        self.stands_since = at
        telling.tell(telling.MINUTES, self, people, but=by, at=at)
        self.settle_invitations(at, goes_on=self.actions.open().exists())

    # What the steps are made of

    def plan(self, plan: dict[str, Any]) -> None:
        """Put down when and where it is, who chairs it, and what is talked about."""
        for name in ("starts_at", "ends_at", "place", "chair", "chair_role", "minute_taker", "agenda"):
            setattr(self, name, plan[name])

    def invite(self, people: Any, outsiders: Any, *, by: Any, at: datetime) -> list[Any]:
        """Invite these and nobody else, the chair among them, and tell them; gives back who was invited before too."""
        people = [(Role(self.chair_role), self.chair), *people]
        objections = rules.objections_to_people(people, self.of_kind)
        objections += rules.objections_to_outsiders(outsiders, self.of_kind)
        if objections:
            raise NotYet(*objections)
        wanted = {(role, person.pk) for role, person in people}
        stay, go = [], []
        for invitation in self.invited:
            asked = (invitation.role, invitation.person_id) if invitation.person_id else invitation.described
            (stay if asked in wanted or asked in outsiders else go).append(invitation)
        for invitation in go:
            invitation.withdrawn_at = at
            invitation.save()
            self.let_out(invitation, at)
        come = self.bring_in(people, outsiders, at)
        telling.tell(telling.NOT_ANY_MORE, self, [each.person for each in go], but=by, at=at)
        telling.tell(telling.INVITED, self, [each.person for each in come], but=by, at=at)
        return [each.person for each in stay]

    def bring_in(self, people: Any, outsiders: Any, at: datetime, *, came: str = "") -> "list[Invitation]":
        """Invite whoever is not invited yet. Who cannot see the case is let in for the meeting, where that can be."""
        present = {each.person_id or each.described for each in self.invited}
        come = [Invitation(role=role, person=person) for role, person in people if person.pk not in present]
        come += [Invitation(name=name, capacity=as_) for name, as_ in outsiders if (name, as_) not in present]
        for invitation in come:
            invitation.meeting, invitation.invited_at, invitation.came = self, at, came
            invitation.save()
            if invitation.person_id:
                self.let_in(invitation, at)
        return come

    def let_in(self, invitation: "Invitation", at: datetime) -> None:
        """Somebody who is to come sees the case, if not already; whoever cannot be let in cannot be invited."""
        person = invitation.person
        if self.whose.sees(self.case, person, at):
            return
        self.whose.invite(person, self.case, at=at, until=None, because=invitation.matter)
        if not self.whose.sees(self.case, person, at):
            raise NotYet(f"{person} may not see this record, and cannot be invited to a meeting about it.")
        invitation.lets_in = True
        invitation.save()

    def let_out(self, invitation: "Invitation", at: datetime) -> None:
        """Whoever saw the case because of this meeting sees it no more."""
        if invitation.lets_in:
            self.whose.end_invitations(self.case, at=at, because=invitation.matter)

    def keep_in(self, invitation: "Invitation", at: datetime) -> None:
        """Whoever owes something sees the case as long as it is owed, whatever else let him or her in ends meanwhile."""
        if invitation.role in self.whose.by_invitation and not invitation.lets_in:
            invitation.lets_in = True
            invitation.save()

    def settle_invitations(self, at: datetime, *, goes_on: bool) -> None:
        """Whoever was let in reads on while something of the meeting goes on, and for a while after."""
        let_in = self.invited.filter(lets_in=True)
        if not let_in:
            return
        until = None if goes_on else rules_in_force().limit(LET_IN, local_day(at)).after(at)
        for invitation in let_in:
            self.whose.invite(invitation.person, self.case, at=at, until=until, because=invitation.matter)

    def require_past(self, ended_at: datetime, at: datetime) -> None:
        """A meeting is recorded when it has ended."""
        if ended_at > at:
            raise NotYet("The meeting must have ended: record who came when it has.")

    def attended(self, came: dict[int, str]) -> None:
        """Put down of each who was invited whether he or she came."""
        for invitation in self.invited:
            invitation.came = came.get(invitation.pk, Came.NO)
            invitation.save()

    def was_held(self, ended_at: datetime, at: datetime) -> None:
        """It ended at a moment; where it was moved to an earlier one, it started before that too."""
        length = self.ends_at - self.starts_at
        if ended_at <= self.starts_at:
            self.starts_at = ended_at - length
        self.ends_at, self.recorded_at, self.stands_since = ended_at, at, at

    def _send(self, version: Any, invitations: Any, copies: Any, without: list[str], by: Any, at: datetime) -> None:
        had = set(version.circulations.values_list("invitation", flat=True))
        had_copy = set(version.circulations.values_list("person", flat=True))
        sent = [
            Circulation(invitation=each, without=[] if each.person_id else without)
            for each in invitations
            if each.pk not in had
        ]
        sent += [Circulation(person=person) for person in copies if person.pk not in had_copy]
        if not sent:
            raise NotYet("They have this version already.")
        for each in sent:
            each.minutes, each.by, each.at = version, by, at
        Circulation.objects.bulk_create(sent)

    def told_of(self, name, said):
        """What the event of a step says besides who, when and why; nobody from outside by name, nothing that was said."""
        kind = {"kind": self.of_kind.title}
        match name:
            case "arrange" | "rearrange":
                return {**kind, "starts": said_moment(self.starts_at), "people": self._said_people(self.invited)}
            case "hold":
                came = self.invited.filter(came=Came.YES)
                return {**kind, "ended": said_moment(self.ends_at), "people": self._said_people(came)}
            case "minute":
                return {**kind, "version": self.version.number}
            case "circulate":
                sent = self.version.circulations.filter(at=self.stands_since).select_related(
                    "invitation__person", "person"
                )
                to = [str(each.person or each.invitation) for each in sent]
                return {**kind, "version": self.version.number, "to": to}
        return kind

    @staticmethod
    def _said_people(invitations: Any) -> list[str]:
        return [str(invitation) for invitation in invitations]

    @property
    def named(self) -> str:
        """How a sentence names it: "the disruption meeting"."""
        return f"the {in_a_sentence(self.of_kind.title)}"

    @property
    def record(self) -> str:
        """How events and duties name it."""
        return label_of(self)


class Invitation(models.Model):
    """Somebody invited to a meeting: a person who signs in, in a role, or somebody from outside by name."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="invitations")
    role = models.CharField(max_length=40, choices=Role.choices, blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, **PERSON)
    name = models.CharField(max_length=200, blank=True)
    """Of somebody from outside."""
    capacity = models.CharField(max_length=100, blank=True)
    """As what somebody from outside comes: "Grandmother"."""
    invited_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    came = models.CharField(max_length=10, choices=Came.choices, blank=True)
    lets_in = models.BooleanField(default=False, db_default=False)
    """Does this person see the case because of this invitation alone?"""

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, name="", capacity="") & ~Q(role="")
                | Q(person__isnull=True, role="") & ~Q(name="") & ~Q(capacity=""),
                name="invited_by_role_or_by_name",
                violation_error_message="Somebody from outside is invited by name, and as what he or she comes.",
            ),
            models.UniqueConstraint(
                fields=["meeting", "person"],
                condition=Q(withdrawn_at__isnull=True, person__isnull=False),
                name="invited_once",
                violation_error_message="This person is invited already.",
            ),
        ]

    def __str__(self):
        """Somebody from outside is named by what he or she comes as: not everybody may read who that is."""
        return f"{self.person} ({self.get_role_display()})" if self.person_id else self.capacity

    @property
    def described(self) -> tuple[str, str]:
        """Somebody from outside, as the form asks."""
        return self.name, self.capacity

    @property
    def matter(self) -> str:
        """How what lets this person see the case is named."""
        return f"Meeting {self.meeting_id}: invitation {self.pk}"
