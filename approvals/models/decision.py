"""A senior decision about a child: prepared, checked, decided by one person. Which there are, says `approvals.kinds`."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django_fsm import RETURN_VALUE, FSMField, transition

from accounts.roles import Role
from approvals import permissions, rules
from approvals.acts import took_part
from approvals.guards import IsAuthorised, IsDecided, OneStepAtATime
from approvals.kinds import KINDS, Kind
from approvals.models.chain import Chain
from approvals.models.connected_person import ConnectedPerson
from approvals.models.record import DecisionSignature
from approvals.states import TO_PUT, Act, DecisionState
from casework.events import label_of
from casework.limits import local_day
from casework.models import Event
from casework.sections.parts import missing_from
from casework.steps import Clear, NotYet
from casework.wording import due_on, said_moment
from children import access
from children.models import Child
from placements.models import Authorisation, Placement, ProposedHome
from placements.opening import on_record
from placements.states import AuthorisationKind

PERSON = {"on_delete": models.PROTECT, "related_name": "+"}


def while_under_way(**declared):
    """A step that can be taken as long as nothing is decided, and leaves it where it stands."""

    def declare(step):
        for state in TO_PUT:
            step = transition(field="state", source=state, target=state, **declared)(step)
        return step

    return declare


class DecisionQuerySet(models.QuerySet):
    """Decisions, reached through their children."""

    def visible_to(self, user, *, at):
        """Those about children whom this person may see."""
        return self.filter(access.children_visible_to(user, at, "child"))

    def kept_by(self, user, *, at):
        """Those that this person, who sees only what is put to him or her, may read again: the own part in them stays."""
        return self.filter(access.children_kept_for(user, at, "child"), took_part(self.model, user))

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
    proposed = models.ForeignKey(
        ProposedHome, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    """The home that it is about, where the child did not live there yet."""
    connected_person = models.ForeignKey(
        ConnectedPerson, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    """The relative or friend whom it is about, for the kinds that are about one."""
    subject = models.CharField(max_length=200, blank=True, default="", db_default="")
    """What tells it from another of its kind about the same child, where several can run at once: with whom."""
    decides = models.CharField(max_length=40, choices=Role.choices, blank=True, default="", db_default="")
    """The role that decides, as it stood when it was put; blank where the kind alone says so."""
    prepared_at = models.DateTimeField(null=True, blank=True)
    said_at = models.DateTimeField(null=True, blank=True)
    """When whoever decides said so by telephone, before it could be put in writing."""
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, **PERSON)
    """Who that was."""
    holds_until = models.DateTimeField(null=True, blank=True)
    """Until when what was decided holds (exclusive); none where it holds without an end of its own."""

    signed_with = DecisionSignature
    read_with = ("child", "placement", "proposed", "connected_person__carer")
    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "child", "placement", "connected_person", "subject"],
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
        return Role(self.decides) if self.decides else self.of_kind.decider(self)

    @property
    def arrangement(self):
        """Where the child lives, or the home that is proposed; None for a decision about the child."""
        return self.placement or self.proposed

    @property
    def waits_for_move(self):
        """Is it agreed to, for a home to which the child has yet to move?"""
        return self.state == DecisionState.GRANTED and self.has_yet_to_move

    @property
    def is_decided(self):
        """Has whoever decides said yes or no?"""
        return self.state in (DecisionState.GRANTED, DecisionState.DECLINED)

    def acts_of(self, user):
        """The steps that this person has taken, by name; who checks and who decides hand back in different parts."""
        taken = Event.objects.filter(record=label_of(self), by=user).values_list("act", "from_state")
        unchecked = ("hand_back", DecisionState.TO_CHECK)
        return {permissions.HANDED_BACK_UNCHECKED if step == unchecked else step[0] for step in taken}

    @property
    def before(self):
        """The last decision of this kind about the same that was granted: what it says need not be typed again."""
        about = {"child": self.child_id, "placement": self.placement_id, "subject": self.subject}
        same = Decision.objects.filter(kind=self.kind, **about)
        return same.filter(state=DecisionState.GRANTED, pk__lt=self.pk).order_by("-pk").first()

    @property
    def says(self):
        """How it stands, in the words of its kind."""
        return self.of_kind.done if self.state == DecisionState.GRANTED else self.get_state_display()

    @property
    def stands(self):
        """The same with since when, and until when what was decided holds where that ends."""
        holds = self.state == DecisionState.GRANTED and not self.has_yet_to_move
        until = f", until {due_on(self.holds_until)}" if holds and self.holds_until else ""
        return f"{self.says}, since {said_moment(self.stands_since)}{until}"

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
    def prepare(self, *, by, at, because, proposed=None, subject=""):
        """Somebody begins to write it up; `proposed` is the home that it is about, where the child does not live there.

        `subject` is what tells it from others of its kind that can run beside it.
        """
        self.subject = subject
        if proposed:
            self.proposed = on_record(proposed, by=by, at=at)
            self.subject = self.proposed.told_apart_by
        self.prepared_at = self.stands_since = at
        self.decides = self.of_kind.decider(self)

    @transition(
        field=state,
        source=TO_PUT,
        target=RETURN_VALUE(DecisionState.TO_CHECK, DecisionState.PUT),
        conditions=[Clear(rules.objections_to_putting)],
        permission=permissions.may_prepare,
        custom={"label": "Write it up and put it forward", "who": permissions.who_prepares},
    )
    def put(self, *, by, at, because, content, digest=None, said_at=None, said_by=None):
        """Whoever prepares it writes down what it rests on; whatever was checked before is void.

        `said_at` is when whoever decides said so by telephone, where that came first, and `said_by` who it was. What was
        said is signed at once, and not checked first.
        """
        self.said_at, self.said_by = said_at, said_by
        content = {**content, **self.of_kind.seals(self, at), **self.answers_of_those_consulted(content)}
        missing = missing_from(content, self.of_kind.parts)
        objections = missing or self.of_kind.objections_to_record(self, content, at)
        if objections:
            raise NotYet(*objections)
        self.write(content, by=by, at=at, digest=digest)
        self.subject = " ".join(content.get(self.of_kind.tells_apart, self.subject).split())
        self.decides = self.of_kind.decider(self)
        objections = rules.objections_to_telephone(self, at)
        if objections:
            raise NotYet(*objections)
        if self.of_kind.checks and not said_at:
            return DecisionState.TO_CHECK
        return self.put_to_decider(at)

    @while_under_way(
        permission=permissions.may_say_when_consulted,
        custom={"label": "Say what you think of it", "who": permissions.who_is_consulted},
    )
    def say(self, *, by, at, because, says):
        """Somebody who is consulted says what he or she thinks; whoever decides reads it."""
        self.said_as = permissions.consulted_as(self, by, at)
        for each in self.said_as:
            self.consultations.create(name=each.name, by=by, at=at, says=says)

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
        objections = self._changed_since_it_was_put(at)
        objections = objections or self.of_kind.objections_to_record(self, self.version.content, at)
        if objections:
            raise NotYet(*objections)
        if self.of_kind.decider(self) != self.decider:
            raise NotYet(f"This is for the {self.of_kind.decider(self).label} to decide now: put it forward anew.")
        self.sign(Act.DECIDE, self.decider, by=by, at=at, digest=digest)
        self.placement = self.placement or self.home_moved_to()
        self.holds_until = rules.last_moment_to_move(at) if self.has_yet_to_move else self.of_kind.grants(self, by, at)
        self.end(at)

    @transition(
        field=state,
        source=DecisionState.GRANTED,
        target=DecisionState.GRANTED,
        conditions=[Clear(rules.objections_to_taking_effect)],
        permission=permissions.may_say_that_the_child_moved,
        custom={"label": "The child lives there now", "who": permissions.who_says_that_the_child_moved},
    )
    def take_effect(self, *, by, at, because):
        """The child has moved to the home that was agreed to: what was decided holds for it from now."""
        if not self.is_for_move_at(at):
            raise NotYet(f"It was decided for a move before {said_moment(self.holds_until)}: put it forward anew.")
        self.placement = self.home_moved_to()
        decided = self.signatures_now.select_related("by").get(act=Act.DECIDE)
        self.holds_until = self.of_kind.grants(self, decided.by, max(decided.at, self.placement.started_at))

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

    @property
    def has_yet_to_move(self):
        """Is it about a home where the child is not on record as living?"""
        return self.proposed_id is not None and (self.placement is None or self.placement.struck_out)

    def is_about(self, placement: Placement) -> bool:
        """Is it about this arrangement, or about the same home as it was proposed?"""
        if self.placement_id is not None:
            return self.placement_id == placement.pk
        return self.proposed is not None and self.proposed.is_where(placement)

    def is_for_move_at(self, at):
        """Is its time to move not over yet?"""
        return self.holds_until is None or at < self.holds_until

    def home_moved_to(self):
        """Where the child lives, if that is the home that was proposed; None otherwise."""
        if self.proposed is None:
            return None
        lives = self.child.placements.filter(ended_at=None).first()
        return lives if lives and self.proposed.is_where(lives) else None

    @property
    def last_said(self):
        """By the name of whoever is consulted, the last that was said in Hearth."""
        return {answer.name: answer for answer in self.consultations.select_related("by")} if self.pk else {}

    @property
    def answered_in_hearth(self):
        """The parts of the record that nobody has to type: whoever is consulted has answered."""
        said = self.last_said
        return {part for each in self.of_kind.asks_in_hearth if each.name in said for part in each.names}

    def answers_of_those_consulted(self, content):
        """What was said in Hearth by those consulted, as the parts of the record that ask for it."""
        said = self.last_said
        return {
            part: text
            for each in self.of_kind.asks_in_hearth
            if each.name in said and each.parts[0].is_asked(content)
            for part, text in zip(each.names, _as_parts(said[each.name]), strict=True)
        }

    def put_to_decider(self, at):
        """It is with whoever decides now; who sees only what is put to him or her sees this child from now on."""
        self.stands_since = at
        for person in permissions.to_be_invited(self.decider, at):
            access.invite(person, self.child, at=at, until=None, because=self.matter)
        return DecisionState.PUT

    def _changed_since_it_was_put(self, at):
        """Why what Hearth wrote into the record cannot be signed: it is on record otherwise by now."""
        written = self.version.content
        known = {name: says for name, says in self.of_kind.seals(self, at).items() if name in written}
        changed = [
            part.label for part in self.of_kind.parts if part.name in known and known[part.name] != written[part.name]
        ]
        return [
            f"“{label}” has changed since this was put forward: it has to be put forward anew." for label in changed
        ]

    def told_of(self, name, said):
        """What the event of a step says besides who, when and why; nothing of what the record says."""
        match name:
            case "prepare" if self.proposed:
                return {"kind": self.of_kind.title, "proposed": self.proposed.get_setting_display()}
            case "put":
                said = f"{self.said_by}, {said_moment(self.said_at)}" if self.said_by else ""
                by_telephone = {"by_telephone": said} if said else {}
                version = self.version
                consulted = [each.name for each in self.of_kind.consults if version.content.get(each.names[-1])]
                told = {"kind": self.of_kind.title, "version": version.number, **by_telephone}
                return {**told, "consulted": consulted} if consulted else told
            case "say":
                return {"kind": self.of_kind.title, "as": [each.name for each in self.said_as]}
            case "decide":
                until = {"until": said_moment(self.holds_until)} if self.holds_until else {}
                return {"kind": self.of_kind.title, "as": self.decider.label, **until}
        return {"kind": self.of_kind.title}


def _as_parts(answer):
    """What one person said, as a record says it: who, on which day, what."""
    return str(answer.by), local_day(answer.at).isoformat(), answer.says


class DecidedOversight(Authorisation):
    """What a decision writes about an arrangement: a fact of the floor below, taken by the database if it is signed."""

    class Meta:
        proxy = True
        triggers = [
            IsAuthorised(AuthorisationKind.UNREGISTERED_SETTING, "unregistered_setting"),
            IsAuthorised(AuthorisationKind.SECURE, "secure_accommodation"),
        ]
