"""A senior decision about a child: prepared, checked, decided by one person. Which there are, says `approvals.kinds`."""

from django.db import models
from django.db.models import Q
from django_fsm import RETURN_VALUE, FSMField, transition

from approvals import permissions, rules
from approvals.guards import IsDecided, OneStepAtATime
from approvals.kinds import KINDS, Kind
from approvals.models.chain import Chain
from approvals.models.record import DecisionSignature
from approvals.parts import missing_from
from approvals.states import TO_PUT, Act, DecisionState
from casework.steps import Clear, NotYet
from casework.wording import said_moment
from children import access
from children.models import Child
from placements.models import Placement

PERSON = {"on_delete": models.PROTECT, "related_name": "+"}


class DecisionQuerySet(models.QuerySet):
    """Decisions, reached through their children."""

    def visible_to(self, user, *, at):
        """Those about children whom this person may see."""
        return self.filter(access.children_visible_to(user, at, "child"))

    def running(self):
        """Those that are under way."""
        return self.filter(state__in=TO_PUT)


class Decision(Chain):
    """One matter that is put to whoever decides upon it."""

    kind = models.CharField(max_length=40)
    """Its code in the table of kinds."""
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="decisions")
    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions")
    """The arrangement that it is about; none where it is about the child."""
    state = FSMField(default=DecisionState.TO_PREPARE, choices=DecisionState.choices, protected=True)
    prepared_at = models.DateTimeField(null=True, blank=True)
    said_at = models.DateTimeField(null=True, blank=True)
    """When whoever decides said so by telephone, before it could be put in writing."""
    holds_until = models.DateTimeField(null=True, blank=True)
    """Until when what was decided holds (exclusive); none where it holds without an end of its own."""

    signed_with = DecisionSignature
    read_with = ("child", "placement")
    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "child", "placement"],
                condition=Q(state__in=[state.value for state in TO_PUT]),
                nulls_distinct=False,
                name="one_running_decision_of_a_kind",
                violation_error_message="The same is being decided already.",
            )
        ]
        triggers = [IsDecided(), OneStepAtATime()]

    def __str__(self):
        return f"{self.of_kind.title} {self.pk}: {self.says}"

    @property
    def of_kind(self) -> Kind:
        """The row of the table of kinds."""
        return KINDS[self.kind]

    @property
    def about_child(self):
        """The child whom it is about."""
        return self.child

    @property
    def decider(self):
        """The role that decides on it."""
        return self.of_kind.decider(self)

    @property
    def says(self):
        """How it stands, in the words of its kind."""
        return self.of_kind.done if self.state == DecisionState.GRANTED else self.get_state_display()

    @property
    def matter(self):
        """How invitations name it."""
        return f"{self.of_kind.title}: decision {self.pk}"

    @transition(
        field=state,
        source=DecisionState.TO_PREPARE,
        target=DecisionState.PREPARED,
        conditions=[Clear(rules.objections_to_putting)],
        permission=permissions.may_prepare,
        custom={"label": "Begin", "who": permissions.who_prepares},
    )
    def prepare(self, *, by, at, because):
        """Somebody begins to write it up."""
        self.prepared_at = self.stands_since = at

    @transition(
        field=state,
        source=TO_PUT,
        target=RETURN_VALUE(DecisionState.TO_CHECK, DecisionState.PUT),
        conditions=[Clear(rules.objections_to_putting)],
        permission=permissions.may_prepare,
        custom={"label": "Write it up and put it forward", "who": permissions.who_prepares},
    )
    def put(self, *, by, at, because, content, digest=None, said_at=None):
        """Whoever prepares it writes down what it rests on; whatever was checked before is void.

        `said_at` is when whoever decides said so by telephone, where that came first.
        """
        missing = missing_from(content, self.of_kind.parts)
        if missing:
            raise NotYet(*missing)
        self.write(content, by=by, at=at, digest=digest)
        self.said_at = said_at
        if self.of_kind.checks:
            return DecisionState.TO_CHECK
        return self.put_to_decider(at)

    @transition(
        field=state,
        source=DecisionState.TO_CHECK,
        target=DecisionState.PUT,
        permission=permissions.may_confirm,
        custom={"label": "Confirm that it is complete", "who": permissions.who_checks},
    )
    def confirm(self, *, by, at, because, digest):
        """Somebody who did not write it has read it, and sends it on."""
        self.sign(Act.CONFIRM, self.of_kind.checks, by=by, at=at, digest=digest)
        self.put_to_decider(at)

    @transition(
        field=state,
        source=DecisionState.PUT,
        target=DecisionState.GRANTED,
        conditions=[Clear(rules.objections_to_deciding)],
        permission=permissions.may_take_decision,
        custom={"label": lambda decision: decision.of_kind.verb, "who": permissions.who_decides},
    )
    def decide(self, *, by, at, because, digest):
        """Whoever decides says yes to what is written; what follows from it holds from now."""
        self.sign(Act.DECIDE, self.decider, by=by, at=at, digest=digest)
        self.holds_until = self.of_kind.grants(self, by, at)
        self.end(at)

    @transition(
        field=state,
        source=(DecisionState.TO_CHECK, DecisionState.PUT),
        target=DecisionState.HANDED_BACK,
        permission=permissions.may_hand_back,
        custom={"label": "Hand back for more work", "who": permissions.who_reads_now},
    )
    def hand_back(self, *, by, at, because):
        """Whoever is to read it says what is missing."""
        self.stands_since = at

    @transition(
        field=state,
        source=DecisionState.PUT,
        target=DecisionState.DECLINED,
        permission=permissions.may_take_decision,
        custom={"label": "Decline", "who": permissions.who_decides},
    )
    def decline(self, *, by, at, because):
        """Whoever decides says no, with reasons. What was decided before holds as long as it says."""
        self.end(at)

    @transition(
        field=state,
        source=TO_PUT,
        target=DecisionState.TAKEN_BACK,
        permission=permissions.may_prepare,
        custom={"label": "Take back", "who": permissions.who_prepares},
    )
    def take_back(self, *, by, at, because):
        """It need not be decided any more."""
        self.end(at)

    def put_to_decider(self, at):
        """It is with whoever decides now; who sees only what is put to him or her sees this child from now on."""
        self.stands_since = at
        for person in permissions.to_be_invited(self.decider, at):
            access.invite(person, self.child, at=at, until=None, because=self.matter)
        return DecisionState.PUT

    def told_of(self, name, said):
        """What the event of a step says besides who, when and why; nothing of what the record says."""
        match name:
            case "put":
                said_at = {"by_telephone": said_moment(self.said_at)} if self.said_at else {}
                return {"kind": self.of_kind.title, "version": self.version.number, **said_at}
            case "decide":
                until = {"until": said_moment(self.holds_until)} if self.holds_until else {}
                return {"kind": self.of_kind.title, "as": self.decider.label, **until}
        return {"kind": self.of_kind.title}
