"""One thing that a meeting agreed to be done: by whom, by when, and what came of it."""

from django.db import models
from django_fsm import FSMField, transition

from casework import scope
from casework.meetings import permissions, rules
from casework.meetings.models.meeting import Invitation, Meeting
from casework.meetings.states import ActionState
from casework.models import CaseFile
from casework.steps import Clear, NotYet
from casework.wording import said_day

OPEN = ActionState.OPEN


class ActionQuerySet(models.QuerySet):
    """Actions, reached through the case of their meeting."""

    def visible_to(self, user, *, at):
        """Those of meetings about cases that this person may see."""
        files = CaseFile.objects.filter(scope.case_files_visible_to(user, at))
        return self.filter(meeting__case_file__in=files)

    def open(self):
        """Those still to be done."""
        return self.filter(state=OPEN)


class Action(models.Model):
    """What somebody who was invited to a meeting does by a day."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="actions")
    state = FSMField(default=ActionState.TO_AGREE, choices=ActionState.choices, protected=True)
    says = models.TextField()
    owner = models.ForeignKey(Invitation, on_delete=models.PROTECT, related_name="actions")
    due_on = models.DateField()
    agreed_at = models.DateTimeField(null=True, blank=True)
    chased_at = models.DateTimeField(null=True, blank=True)
    """When it was last asked for, since its present day was agreed."""
    escalated_at = models.DateTimeField(null=True, blank=True)
    """When it was taken higher, since its present day was agreed."""
    settled_at = models.DateTimeField(null=True, blank=True)
    outcome = models.TextField(blank=True)

    read_with = ("meeting__case_file", "owner__person")
    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ("due_on", "pk")

    def __str__(self):
        return f"Action {self.pk} by {said_day(self.due_on)}"

    @property
    def case_file_id(self) -> int:
        """It belongs to the file of its meeting."""
        file: int = self.meeting.case_file_id
        return file

    @transition(
        field=state,
        source=ActionState.TO_AGREE,
        target=OPEN,
        conditions=[Clear(rules.objections_to_agreeing)],
        permission=permissions.may_agree,
        custom={"label": "Add an action", "who": permissions.who_runs_it},
    )
    def agree(self, *, by, at, because, says, owner, due_on):
        """The meeting agreed what is to be done, by whom and by when."""
        self.says, self.agreed_at = says, at
        self.owe(owner, due_on, at)
        self.save()
        self.meeting.settle_invitations(at, goes_on=True)

    @transition(
        field=state,
        source=OPEN,
        target=ActionState.DONE,
        permission=permissions.may_finish,
        custom={"label": "It is done", "who": permissions.who_finishes},
    )
    def finish(self, *, by, at, because, outcome):
        """It is done, and what came of it."""
        self.outcome = outcome
        self.settle(at)

    @transition(
        field=state,
        source=OPEN,
        target=OPEN,
        permission=permissions.may_chase,
        custom={"label": "Ask for it", "who": permissions.who_runs_it},
    )
    def chase(self, *, by, at, because):
        """Whoever owes it was asked for it; what was said, the reason says."""
        self.chased_at = at

    @transition(
        field=state,
        source=OPEN,
        target=OPEN,
        conditions=[Clear(rules.objections_to_escalating)],
        permission=permissions.may_chase,
        custom={"label": "Take it higher", "who": permissions.who_runs_it},
    )
    def escalate(self, *, by, at, because):
        """It was asked for and is not done: whoever stands above decides."""
        self.escalated_at = at

    @transition(
        field=state,
        source=OPEN,
        target=OPEN,
        permission=permissions.may_change,
        custom={"label": "Agree another day or owner", "who": permissions.who_chairs},
    )
    def change(self, *, by, at, because, owner, due_on):
        """It is to be done by another day or by somebody else, for reasons."""
        if (owner, due_on) == (self.owner, self.due_on):
            raise NotYet("Nothing is changed: give another day or choose somebody else.")
        self.owe(owner, due_on, at)
        self.chased_at = self.escalated_at = None

    @transition(
        field=state,
        source=OPEN,
        target=ActionState.DROPPED,
        permission=permissions.may_change,
        custom={"label": "It need not be done", "who": permissions.who_chairs},
    )
    def drop(self, *, by, at, because):
        """It need not be done any more, and why."""
        self.outcome = because
        self.settle(at)

    def owe(self, owner: Invitation, due_on, at) -> None:
        """Somebody who was invited owes it by a day, which does not lie before the meeting."""
        objections = rules.objections_to_day(due_on, self.meeting)
        if owner.meeting_id != self.meeting_id or owner.withdrawn_at:
            objections.append("Only somebody who was invited to the meeting can owe it.")
        if objections:
            raise NotYet(*objections)
        self.owner, self.due_on = owner, due_on
        self.meeting.keep_in(owner, at)

    def settle(self, at) -> None:
        """It is owed no more; with the last one, whoever was let in for the meeting reads on for a while only."""
        self.settled_at = at
        others = self.meeting.actions.open().exclude(pk=self.pk)
        self.meeting.settle_invitations(at, goes_on=others.exists() or not self.meeting.is_round)

    def told_of(self, name, said):
        """What the event of a step says besides who, when and why."""
        kind = {"kind": self.meeting.of_kind.title}
        if name in ("agree", "change"):
            return {**kind, "due_on": self.due_on.isoformat(), "due": said_day(self.due_on), "owner": str(self.owner)}
        return kind
