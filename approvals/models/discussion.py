"""The case discussion and its sign-off chain: DHOS, the four who agree, Head of Service, Service Director (S0 2.3-2.7)."""

from functools import cached_property

from django.conf import settings
from django.db import models
from django.db.models import Q
from django_fsm import RETURN_VALUE, FSMField, transition

from accounts.roles import Role
from approvals import permissions, rules, telling
from approvals.after_dissent import discuss_dissent
from approvals.chain import HAS_RECORD
from approvals.guards import IsSigned, IsSignedOff, NeverLonger, OneStepAtATime
from approvals.meetings import met_in
from approvals.models.chain import Chain
from approvals.models.record import Signature
from approvals.record.actions import write_into_meeting
from approvals.record.known import sealed
from approvals.record.parts import is_in_present_form
from approvals.record.rules import objections_to_content
from approvals.rulebook import FOUR
from approvals.states import ENDED, SETTLED, SIGNED, TO_RECORD, Act, ApprovedAs, State
from casework.events import label_of
from casework.limits import local_day, start_of
from casework.models import Event
from casework.steps import Clear, NotYet
from casework.wording import said_moment
from children import access
from children.permissions import may_see
from placements.models import Authorisation, Placement
from placements.states import AuthorisationKind

PERSON = {"on_delete": models.PROTECT, "related_name": "+"}

FOR_HOS = "the Head of Service for this area, with no other part in this chain,"
FOR_DIRECTOR = "the Service Director, with no other part in this chain,"


class CaseDiscussionQuerySet(models.QuerySet):
    """Case discussions, reached through their children."""

    def visible_to(self, user, *, at):
        """Those about children whom this person may see."""
        return self.filter(access.children_visible_to(user, at, "placement__child"))

    def running(self):
        """Those whose chain is not over."""
        return self.exclude(state__in=ENDED)

    def under_way(self):
        """Those that are neither signed off nor fallen through: while one is, no other is convened."""
        return self.exclude(state__in=SETTLED)


class CaseDiscussion(Chain):
    """Senior managers discuss one unregulated arrangement, and the record of it goes up the chain to be signed."""

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="case_discussions")
    state = FSMField(default=State.TO_CONVENE, choices=State.choices, protected=True)
    social_worker = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, **PERSON)
    team_manager = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, **PERSON)
    legal = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, **PERSON)
    dhos = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, **PERSON)
    meeting = models.OneToOneField(
        "meetings.Meeting", null=True, blank=True, on_delete=models.PROTECT, related_name="case_discussion"
    )
    """Who met, and what they agreed to do; none for a discussion that was convened before meetings were kept."""
    convened_at = models.DateTimeField(null=True, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)
    """The end of the case discussion: the 72 hours run from here (C-08)."""
    approved_as = models.CharField(max_length=20, choices=ApprovedAs.choices, blank=True)
    filed_as = models.CharField(max_length=200, blank=True)
    """The reference in the authority's document store."""

    signed_with = Signature
    read_with = ("placement__child",)
    """Whoever takes a step is asked about the child, and the record about the arrangement."""
    objects = CaseDiscussionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["placement"],
                condition=~Q(state__in=[state.value for state in SETTLED]),
                name="one_running_chain_per_placement",
                violation_error_message="A case discussion about this arrangement is already under way.",
            )
        ]
        triggers = [IsSigned(), OneStepAtATime()]

    def __str__(self):
        return f"Case discussion {self.pk}: {self.get_state_display()}"

    @property
    def about_child(self):
        """The child who lives in the arrangement."""
        return self.placement.child

    @property
    def is_under_way(self):
        """Has it neither been signed off nor fallen through?"""
        return self.state not in SETTLED

    @property
    def four_people(self):
        """Who was at the discussion and agrees its record, by role."""
        return {role: getattr(self, role.value) for role in FOUR}

    def person_in(self, role: Role) -> int:
        """The primary key of the one of the four who is named in a role."""
        person: int = getattr(self, f"{role.value}_id")
        return person

    def role_of(self, user):
        """In which role this person is one of the four; None for anybody else."""
        return next((role for role in FOUR if self.person_in(role) == user.pk), None)

    @property
    def withdrawn_before(self):
        """The record of the discussion before this one, where that was withdrawn: its text need not be typed again."""
        before = CaseDiscussion.objects.filter(placement=self.placement_id, pk__lt=self.pk).order_by("-pk").first()
        return before.version if before and before.state == State.WITHDRAWN else None

    @cached_property
    def taken(self):
        """The steps that were taken about it, in order, as they stood when they were first asked for."""
        events = Event.objects.filter(record=label_of(self)).exclude(to_state="").order_by("number")
        return [telling.Step.of(event) for event in events.select_related("by")]

    @property
    def yet_to_know(self):
        """The roles of those who were told what came of it and have not confirmed that they know."""
        return telling.yet_to_know(self.taken)

    @property
    def is_noted(self):
        """Has the case note of the meeting been written?"""
        return any(step.name == "note" for step in self.taken)

    @property
    def signed_off_at(self):
        """The moment of final sign-off; None before it."""
        return self.signatures_now.filter(act=Act.SIGN_OFF).values_list("at", flat=True).first()

    @property
    def is_replaced(self):
        """Was a later case discussion about this arrangement decided in its place?"""
        later = CaseDiscussion.objects.filter(placement=self.placement_id, pk__gt=self.pk)
        return later.filter(state__in=(*SIGNED, State.REFUSED)).exists()

    @property
    def dissented_by(self):
        """The Service Director who dissented last."""
        return next(step.by for step in reversed(self.taken) if step.name == "dissent")

    @property
    def yet_to_agree(self):
        """Those of the four roles that have not agreed this version."""
        signed = self.roles_signed_now
        return [role for role in FOUR if role not in signed]

    @transition(
        field=state,
        source=State.TO_CONVENE,
        target=State.CONVENED,
        conditions=[Clear(rules.objections_to_convening)],
        permission=permissions.may_convene,
        custom={"label": "Convene the case discussion", "who": "the Deputy Head of Service for this area"},
    )
    def convene(self, *, by, at, because, social_worker, team_manager, legal, held_at):
        """The Deputy Head of Service meets the social worker, the team manager and Legal."""
        self.social_worker, self.team_manager, self.legal, self.dhos = social_worker, team_manager, legal, by
        self.convened_at, self.held_at, self.stands_since = at, held_at, at
        objections = rules.objections_to_the_four(self)
        if objections:
            raise NotYet(*objections)
        access.invite(legal, self.placement.child, at=at, until=None, because=self.matter)
        self.require_sight(at)
        self.meeting = met_in(self, at)

    @transition(
        field=state,
        source=TO_RECORD,
        target=State.TO_AGREE,
        permission=permissions.may_record,
        custom={"label": "Type up the record", "who": "the Deputy Head of Service for this area"},
    )
    def record(self, *, by, at, because, content, digest=None):
        """The Deputy Head of Service types the record; whatever was agreed or signed before is void (C-32)."""
        days = {"held_on": local_day(self.held_at), "today": local_day(at)}
        objections = objections_to_content(content, **days)
        if objections:
            raise NotYet(*objections)
        last = self.version
        self.write(sealed(content, last, self, at), by=by, at=at, digest=digest)
        if is_in_present_form(content):
            write_into_meeting(self, last.content if last else {}, content, by=by, at=at)
        self.approved_as = ""

    @transition(
        field=state,
        source=State.TO_AGREE,
        target=RETURN_VALUE(State.TO_AGREE, State.AGREED),
        permission=permissions.may_agree,
        custom={
            "label": "Agree that the record is accurate",
            "who": "one of the four who discussed the case, and who has not agreed the record yet,",
        },
    )
    def agree(self, *, by, at, because, digest):
        """One of the four agrees that the record is accurate; with the fourth it is agreed."""
        self.sign(Act.AGREE, permissions.agrees_as(self, by, at), by=by, at=at, digest=digest)
        if self.yet_to_agree:
            return State.TO_AGREE
        self.stands_since = at
        return State.AGREED

    @transition(
        field=state,
        source=State.AGREED,
        target=State.APPROVED,
        conditions=[Clear(rules.objections_to_approval)],
        permission=permissions.may_decide,
        custom={"label": "Approve the arrangement", "who": FOR_HOS},
    )
    def approve(self, *, by, at, because, digest, approved_as):
        """The Head of Service approves, and says whether this is permanence or an interim arrangement."""
        self.sign(Act.APPROVE, Role.HOS, by=by, at=at, digest=digest)
        self.approved_as, self.stands_since = approved_as, at

    @transition(
        field=state,
        source=State.AGREED,
        target=State.SENT_BACK,
        permission=permissions.may_decide,
        custom={"label": "Send the record back for more work", "who": FOR_HOS},
    )
    def send_back(self, *, by, at, because):
        """The Head of Service sends the record back, with reasons."""
        self.stands_since = at

    @transition(
        field=state,
        source=State.AGREED,
        target=State.REFUSED,
        permission=permissions.may_decide,
        custom={"label": "Refuse the arrangement", "who": FOR_HOS},
    )
    def refuse(self, *, by, at, because):
        """The Head of Service refuses, with reasons: the child's move must be discussed (C-31)."""
        self.end_oversight(at)
        self.end(at)

    @transition(
        field=state,
        source=State.APPROVED,
        target=State.SIGNED_OFF,
        conditions=[Clear(rules.objections_to_sign_off)],
        permission=permissions.may_sign_off,
        custom={"label": "Give final sign-off", "who": FOR_DIRECTOR},
    )
    def sign_off(self, *, by, at, because, digest):
        """The Service Director signs finally: the arrangement has oversight from this moment. It is no more lawful."""
        self.sign(Act.SIGN_OFF, Role.SERVICE_DIRECTOR, by=by, at=at, digest=digest)
        self.stands_since = at
        self.end_oversight(at)
        is_interim = self.approved_as == ApprovedAs.INTERIM
        self.give_oversight(by, at, rules.interim_until(at) if is_interim else None)

    @transition(
        field=state,
        source=State.APPROVED,
        target=State.DISSENTED,
        permission=permissions.may_sign_off,
        custom={"label": "Dissent from the approval", "who": FOR_DIRECTOR},
    )
    def dissent(self, *, by, at, because):
        """The Service Director dissents, with reasons, and discusses the case with the Head of Service."""
        self.stands_since = at

    @transition(
        field=state,
        source=State.DISSENTED,
        target=RETURN_VALUE(State.SENT_BACK, State.APPROVED),
        permission=permissions.may_feed_back,
        custom={"label": "Feed back what was agreed after the dissent", "who": "the Head of Service for this area"},
    )
    def feed_back(self, *, by, at, because, record_changes, actions=()):
        """The Head of Service tells the others which actions were agreed with the Service Director (S0 2.7, C-31).

        Each action says what is to be done, the role of whoever does it, and the day by which.
        """
        self.stands_since = at
        discuss_dissent(self, self.dissented_by, actions, by=by, at=at)
        self.told = telling.tell(self, "feed_back", but=by, at=at)
        return State.SENT_BACK if record_changes else State.APPROVED

    @transition(
        field=state,
        source=State.SIGNED_OFF,
        target=State.COMMUNICATED,
        permission=permissions.may_communicate,
        custom={"label": "Confirm that the outcome is communicated", "who": "the Head of Service for this area"},
    )
    def communicate(self, *, by, at, because):
        """The Head of Service has told the Deputy Head, the team manager and the social worker."""
        self.stands_since = at
        self.told = telling.tell(self, "communicate", but=by, at=at)

    @transition(
        field=state,
        source=State.COMMUNICATED,
        target=State.FILED,
        permission=permissions.may_file,
        custom={"label": "File the signed record", "who": "the child’s allocated social worker"},
    )
    def file(self, *, by, at, because, reference):
        """The social worker files the signed record in the authority's document store."""
        self.filed_as = reference
        self.end(at)

    @transition(
        field=state,
        source=(*TO_RECORD, State.DISSENTED),
        target=State.WITHDRAWN,
        permission=permissions.may_withdraw,
        custom={
            "label": "Withdraw the case discussion",
            "who": "the Deputy Head of Service for this area, or the child’s team manager",
        },
    )
    def withdraw(self, *, by, at, because):
        """The arrangement ended or became regulated before it was signed off, or the four have to meet again."""
        self.end(at)

    @transition(
        field=state,
        source=(*TO_RECORD, State.DISSENTED, *SIGNED, State.REFUSED),
        target=None,
        conditions=[Clear(rules.objections_to_noting)],
        permission=permissions.may_record,
        custom={"label": "Write the case note", "who": "the Deputy Head of Service for this area"},
    )
    def note(self, *, by, at, because):
        """The Deputy Head of Service notes on the child's file that people met, and what came of it (S0 2.4); once."""

    @transition(
        field=state,
        source=(*HAS_RECORD, State.SENT_BACK, State.DISSENTED, *SIGNED, State.REFUSED),
        target=None,
        permission=permissions.may_know,
        custom={"label": "Confirm that you know", "who": permissions.who_is_to_know},
    )
    def know(self, *, by, at, because):
        """Whoever was told what came of it confirms to know it (S0 2.6, 2.7, C-48)."""
        self.known_as = permissions.knows_as(self, by, at)

    @transition(
        field=state,
        source=SIGNED,
        target=None,
        conditions=[Clear(rules.objections_to_renewal)],
        permission=permissions.may_renew,
        custom={"label": "Renew the interim approval", "who": FOR_HOS},
    )
    def renew(self, *, by, at, because, digest, content):
        """The Head of Service lets an interim approval hold on, and says what was done to find a regulated home (C-48)."""
        if digest != self.version.digest:
            raise NotYet("The record has changed since you opened it. Read it as it now stands.")
        if self.renewals.filter(typed_at__gte=start_of(local_day(at))).exists():
            raise NotYet("It was renewed today already.")
        until = rules.interim_until(at)
        if self.renewals.filter(holds_until=until).exists():
            raise NotYet("Somebody has renewed this today already. Read it as it now stands.")
        self.renewals.create(
            number=self.renewals.count() + 1, content=content, typed_by=by, typed_at=at, holds_until=until
        )
        self.end_oversight(at)
        self.give_oversight(by, at, until)
        self.told = telling.tell(self, "renew", but=by, at=at)

    def give_oversight(self, by, at, until):
        """From now on, and until a moment where there is one, senior managers have agreed to this arrangement."""
        SignedOversight.objects.create(
            placement=self.placement,
            kind=AuthorisationKind.CONNECTED_PERSON,
            starts_at=at,
            ends_at=until,
            as_permanence=self.approved_as == ApprovedAs.PERMANENCE,
            by=by,
            record=label_of(self),
        )

    def end_oversight(self, at):
        """What was signed off for this arrangement before holds no longer: it is replaced, or refused."""
        signed = self.placement.authorisations.in_force(at).filter(kind=AuthorisationKind.CONNECTED_PERSON)
        signed.update(ends_at=at)

    def require_sight(self, at):
        """The four must see the child: of a restricted record, whoever is not named on it does not."""
        blind = [p for p in self.four_people.values() if not may_see(self.placement.child, p, at)]
        if blind:
            raise NotYet(*(f"{person} may not see this child’s record, and could not agree it." for person in blind))

    def told_of(self, name, said):
        """What the event of a step says besides who, when and why; nothing of what the record says."""
        match name:
            case "convene":
                people = [[role.label, person.name] for role, person in self.four_people.items()]
                return {"held": said_moment(self.held_at), "people": people}
            case "record":
                return {"version": self.version.number}
            case "agree":
                return {"role": self.signatures_now.latest("pk").role}
            case "approve":
                return {"approved_as": ApprovedAs(self.approved_as).label}
            case "file":
                return {"reference": self.filed_as}
            case "know":
                return {"role": self.known_as}
            case "feed_back" | "communicate":
                return {"people": self.told}
            case "renew":
                last = self.renewals.latest("number")
                return {"renewal": last.number, "until": said_moment(last.holds_until), "people": self.told}
        return {}

    def end(self, at):
        """Whoever was invited is a stranger again; but not while another discussion about the arrangement is under way."""
        if self.placement.case_discussions.under_way().exclude(pk=self.pk).exists():
            self.stands_since = at
        else:
            super().end(at)

    @property
    def matter(self):
        """How invitations name this chain."""
        return f"Case discussion about placement {self.placement_id}"


class SignedOversight(Authorisation):
    """Oversight as final sign-off writes it: a fact of the floor below, which the database takes from a signed chain only."""

    class Meta:
        proxy = True
        triggers = [IsSignedOff(), NeverLonger()]
