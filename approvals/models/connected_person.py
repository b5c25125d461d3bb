"""A relative or friend who may care for one child, and who lives with them. S0 2.2; regulation 24, Schedule 4."""

from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, transition

from approvals.connected import permissions, rules
from approvals.connected.states import RUNNING, CheckFound, HowEnded, Pathway, WhyNot
from approvals.guards import OneStepAtATime
from approvals.states import DecisionState
from casework.limits import local_day
from casework.steps import Clear
from casework.wording import said_day
from children import access
from children.ages import birthday
from children.models import Child
from placements.models import Carer, CarerApproval, OnRecordManager, Placement, ProposedHome, Recorded
from placements.states import ApprovalKind, Setting
from placements.temporary import NEXT_DAY, TEMPORARY


class ConnectedPersonQuerySet(models.QuerySet):
    """Connected persons, reached through the children for whom they were asked about."""

    def visible_to(self, user, *, at):
        """Those asked about for children whom this person may see."""
        return self.filter(access.children_visible_to(user, at, "child"))

    def counted_for(self, user, *, at):
        """Those asked about for children whom this person may count."""
        return self.filter(access.children_counted_for(user, at, "child"))

    def on_record(self):
        """All but those about whom an enquiry was opened by mistake."""
        return self.exclude(state=Pathway.STRUCK_OUT)


class ConnectedPerson(models.Model):
    """A relative or friend who may care for one child: from the enquiry to what came of the full assessment."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="connected_persons")
    carer = models.ForeignKey(Carer, on_delete=models.PROTECT, related_name="enquiries")
    relationship = models.CharField(max_length=100)
    state = FSMField(default=Pathway.TO_ASK, choices=Pathway.choices, protected=True)
    asked_on = models.DateField(null=True, blank=True)
    """The day of the enquiry."""
    stands_since = models.DateTimeField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    """The day on which it was decided what comes of it."""
    how_ended = models.CharField(max_length=20, choices=HowEnded.choices, blank=True)
    why_not = models.CharField(max_length=20, choices=WhyNot.choices, blank=True)
    review_asked_on = models.DateField(null=True, blank=True)
    review_papers_on = models.DateField(null=True, blank=True)
    """The day on which the fostering service sent its papers to the independent panel."""
    review_decided_on = models.DateField(null=True, blank=True)

    read_with = ("child", "carer")
    objects = ConnectedPersonQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["child", "carer"],
                condition=Q(state__in=[state.value for state in RUNNING]),
                name="asked_about_once_at_a_time",
                violation_error_message="This person is being looked into for this child already.",
            ),
            models.CheckConstraint(
                condition=Q(review_decided_on__isnull=True) | Q(review_decided_on__gte=F("review_asked_on")),
                name="review_decided_after_it_is_asked_for",
                violation_error_message="A review is decided after it was asked for.",
            ),
        ]
        indexes = [models.Index(fields=["ended_on"], condition=Q(ended_on__isnull=False), name="pathways_ended")]
        triggers = [OneStepAtATime()]

    def __str__(self):
        return f"{self.relationship}: {self.get_state_display()}"

    @property
    def case_file_id(self):
        """It belongs to the child's file."""
        return self.child.case_file_id

    @property
    def is_running(self):
        """Is something still to be decided?"""
        return self.state in RUNNING

    @property
    def is_in_review(self):
        """Does an independent panel look at the refusal?"""
        return self.state == Pathway.IN_REVIEW

    @property
    def viability(self):
        """The viability assessment that a manager confirmed last; None before."""
        return self._decided("viability")

    @property
    def viability_confirmed_at(self):
        """When it was confirmed; None before."""
        confirmed = self.viability
        return confirmed.stands_since if confirmed else None

    @property
    def temporary_approval(self):
        """The temporary approval that was given last; None before."""
        return self._decided("temporary_approval")

    @property
    def extension(self):
        """The extension that was given last; None before."""
        return self._decided("extension")

    @property
    def extension_for_review(self):
        """The extension until a review is decided; None before."""
        return self._decided("extension_for_review")

    @property
    def was_approved_temporarily(self):
        """Is any temporary approval of theirs on record, also one that was not decided here?"""
        return self.carer.approvals.filter(kind=ApprovalKind.TEMPORARY).exists()

    def _decided(self, kind):
        return self.decisions.filter(kind=kind, state=DecisionState.GRANTED).order_by("-pk").first()

    @property
    def is_viable(self):
        """Did the viability assessment that was confirmed last find that it is worth going on?"""
        confirmed = self.viability
        return bool(confirmed and confirmed.version.content.get("viable") == "yes")

    @property
    def lives_with_child(self):
        """The arrangement in which the child lives with this person; None where it does not."""
        return Placement.objects.filter(child=self.child, carer=self.carer, ended_at=None).first()

    @property
    def proposed_home(self):
        """Their home as it was proposed for the child; None where the child lived there already."""
        return self.child.proposed_homes.filter(carer=self.carer).order_by("-pk").first()

    @transition(
        field=state,
        source=Pathway.TO_ASK,
        target=Pathway.LOOKED_INTO,
        permission=permissions.may_ask,
        custom={"label": "Open an enquiry", "who": permissions.who_works_with_child},
    )
    def enquire(self, *, by, at, because, carer, relationship, asked_on):
        """Somebody might care for the child: from now on it is looked into, and comes to an end that is on record."""
        if carer.pk is None:
            carer.save()
        self.carer, self.relationship = carer, relationship
        self.asked_on, self.stands_since = asked_on, at
        known = HouseholdMember.objects.known_to(by, self, at=at)
        if known:
            self.save()
            HouseholdMember.objects.bulk_create(member.said_of(self) for member in known)
        if self.lives_with_child is None:
            ProposedHome.objects.create(
                child=self.child,
                carer=carer,
                setting=Setting.CONNECTED_PERSON,
                relationship=relationship,
                proposed_at=at,
            )

    @transition(
        field=state,
        source=(Pathway.LOOKED_INTO, Pathway.REFUSED, Pathway.IN_REVIEW),
        target=Pathway.APPROVED,
        permission=permissions.may_tell_outcome,
        custom={"label": "Approved as a foster carer", "who": permissions.who_tells_outcome},
    )
    def approve_in_full(self, *, by, at, because, decided_on, decided_by):
        """The full assessment, or the review of a refusal, ended with approval: what was temporary ends with it."""
        if self.state == Pathway.IN_REVIEW:
            self.review_decided_on = decided_on
        self.how_ended = self.why_not = ""
        self._end(at, decided_on)
        self._end_temporary(decided_on)
        approved = self.carer.approvals.filter(kind=ApprovalKind.APPROVED, from_on__lte=decided_on)
        if not approved.filter(Q(to_on=None) | Q(to_on__gt=decided_on)).exists():
            CarerApproval.objects.create(
                carer=self.carer, kind=ApprovalKind.APPROVED, from_on=decided_on, decided_by=decided_by
            )

    @transition(
        field=state,
        source=Pathway.LOOKED_INTO,
        target=Pathway.REFUSED,
        permission=permissions.may_tell_outcome,
        custom={"label": "Refused as a foster carer", "who": permissions.who_tells_outcome},
    )
    def refuse_in_full(self, *, by, at, because, decided_on, why_not):
        """The full assessment ended without approval. A temporary approval runs on to its own end."""
        self.how_ended, self.why_not = HowEnded.REFUSED, why_not
        self._end(at, decided_on)

    @transition(
        field=state,
        source=Pathway.REFUSED,
        target=Pathway.IN_REVIEW,
        conditions=[Clear(rules.objections_to_review)],
        permission=permissions.may_tell_outcome,
        custom={"label": "They asked for an independent review", "who": permissions.who_tells_outcome},
    )
    def ask_for_review(self, *, by, at, because, asked_on):
        """The carer does not accept the refusal: an independent panel looks at it (reg 25(3))."""
        self.review_asked_on, self.stands_since = asked_on, at

    @transition(
        field=state,
        source=Pathway.IN_REVIEW,
        target=Pathway.IN_REVIEW,
        conditions=[Clear(rules.objections_to_papers)],
        permission=permissions.may_tell_outcome,
        custom={"label": "The papers were sent to the independent panel", "who": permissions.who_tells_outcome},
    )
    def send_papers(self, *, by, at, because, sent_on):
        """The fostering service gave the panel what it has to decide upon (Fostering Services Regulations, reg 29)."""
        self.review_papers_on = sent_on

    @transition(
        field=state,
        source=Pathway.IN_REVIEW,
        target=Pathway.REFUSED,
        permission=permissions.may_tell_outcome,
        custom={"label": "The refusal stands after the review", "who": permissions.who_tells_outcome},
    )
    def uphold_refusal(self, *, by, at, because, decided_on):
        """The review is decided, and changed nothing: an extension that waited for it is over."""
        self.review_decided_on = self.ended_on = decided_on
        self.stands_since = at
        waiting = self.carer.approvals.filter(kind=ApprovalKind.EXTENDED_FOR_REVIEW, to_on=None)
        waiting.filter(from_on__gt=decided_on).update(struck_out=True)
        waiting.filter(from_on__lte=decided_on).update(to_on=decided_on + NEXT_DAY)

    @transition(
        field=state,
        source=Pathway.LOOKED_INTO,
        target=Pathway.NO_FURTHER,
        permission=permissions.may_ask,
        custom={"label": "Take it no further", "who": permissions.who_works_with_child},
    )
    def take_no_further(self, *, by, at, because, ended_on, how_ended, why_not):
        """They withdrew, it is not viable, or there is another plan. A temporary approval runs on to its own end."""
        self.how_ended, self.why_not = how_ended, why_not
        self._end(at, ended_on)

    @transition(
        field=state,
        source=Pathway.LOOKED_INTO,
        target=Pathway.STRUCK_OUT,
        conditions=[Clear(rules.objections_to_striking_out)],
        permission=permissions.may_ask,
        custom={"label": "It was opened by mistake", "who": permissions.who_works_with_child},
    )
    def strike_out(self, *, by, at, because):
        """Nobody ever asked about this person for this child: it stays in the record, and counts no longer."""
        self.stands_since = at

    @transition(
        field=state,
        source=(Pathway.APPROVED, Pathway.REFUSED, Pathway.IN_REVIEW, Pathway.NO_FURTHER),
        target=Pathway.LOOKED_INTO,
        permission=permissions.may_tell_outcome,
        custom={"label": "What came of it was recorded wrongly", "who": permissions.who_tells_outcome},
    )
    def put_right(self, *, by, at, because):
        """What came of it was never so: they are looked into again, and what a wrong approval had ended holds as before."""
        if self.state == Pathway.APPROVED:
            self._take_back_approval(self.ended_on)
        self.how_ended = self.why_not = ""
        self.ended_on = self.review_asked_on = self.review_papers_on = self.review_decided_on = None
        self.stands_since = at

    def told_of(self, name, said):
        """What the event of a step says besides who, when and why; nothing of who it is."""
        day = next((said[each] for each in ("asked_on", "sent_on", "decided_on", "ended_on") if each in said), None)
        told = {"day": said_day(day)} if day else {}
        if said.get("how_ended"):
            told["how"] = HowEnded(said["how_ended"]).label
        return told

    def _end(self, at, on):
        self.ended_on, self.stands_since = on, at

    def _end_temporary(self, on):
        """What was temporary holds until the day before; what was to begin later never does."""
        running = self.carer.approvals.filter(kind__in=TEMPORARY).filter(Q(to_on=None) | Q(to_on__gt=on))
        running.filter(from_on__lt=on).update(to_on=on)
        running.filter(from_on__gte=on).update(struck_out=True)

    def _take_back_approval(self, on):
        """The approval from a day was never given; what it ended goes on to the end that was decided."""
        others = ConnectedPerson.objects.filter(carer=self.carer, state=Pathway.APPROVED, ended_on=on).exclude(
            pk=self.pk
        )
        if others.exists():
            return
        self.carer.approvals.filter(kind=ApprovalKind.APPROVED, from_on=on).update(struck_out=True)
        rows = CarerApproval.with_struck_out.filter(carer=self.carer)
        for decision, kind in (
            (self.temporary_approval, ApprovalKind.TEMPORARY),
            (self.extension, ApprovalKind.EXTENDED),
            (self.extension_for_review, ApprovalKind.EXTENDED_FOR_REVIEW),
        ):
            if decision:
                until = local_day(decision.holds_until) if decision.holds_until else None
                ended = rows.filter(Q(to_on=on) | Q(struck_out=True, from_on__gte=on), kind=kind)
                ended.update(to_on=until, struck_out=False)


class HouseholdManager(OnRecordManager):
    """Who lives with relatives and friends, without those recorded by mistake."""

    def known_to(self, user, person, *, at):
        """Who lives with the same carers by what was recorded for brothers and sisters whom this person may see.

        Of each of these people the latest record counts; those who are on record for this child too are left out.
        """
        others = ConnectedPerson.objects.visible_to(user, at=at).on_record().filter(carer=person.carer)
        of_others = self.filter(person__in=others.exclude(pk=person.pk)).order_by("pk")
        known = {member.who: member for member in of_others if member.lives_there_on(local_day(at))}
        here = {member.who for member in person.household.all()} if known and person.pk else set()
        return [member for who, member in known.items() if who not in here]


class HouseholdMember(Recorded):
    """Somebody who lives in the home of a connected person, that person included, with the checks made of them."""

    person = models.ForeignKey(ConnectedPerson, on_delete=models.PROTECT, related_name="household")
    name = models.CharField(max_length=200)
    born_on = models.DateField("date of birth")
    is_who = models.CharField(max_length=100)
    """Who they are there: "carer", "her partner", "son"."""
    police_checked_on = models.DateField(null=True, blank=True)
    police_found = models.CharField(max_length=20, choices=CheckFound.choices, blank=True)
    authority_checked_on = models.DateField(null=True, blank=True)
    authority_found = models.CharField(max_length=20, choices=CheckFound.choices, blank=True)
    says = models.TextField(blank=True)
    """What is known, and how it is weighed."""
    came_on = models.DateField(null=True, blank=True)
    """Since when they live there; none where they lived there before the enquiry."""
    left_on = models.DateField(null=True, blank=True)
    struck_out = models.BooleanField(default=False, db_default=False, editable=False)
    """Were they recorded by mistake?"""

    objects = HouseholdManager()

    class Meta:
        ordering = ("born_on", "pk")
        constraints = [
            models.CheckConstraint(
                condition=(Q(police_found="") | Q(police_checked_on__isnull=False))
                & (Q(authority_found="") | Q(authority_checked_on__isnull=False)),
                name="a_check_has_its_day",
                violation_error_message="What a check found comes with the day on which it came back.",
            )
        ]

    def __str__(self):
        return f"{self.is_who} in the household"

    @property
    def case_file_id(self):
        """It belongs to the child's file."""
        return self.person.case_file_id

    @property
    def who(self):
        """The same person in the records of two children: by name and date of birth."""
        return " ".join(self.name.lower().split()), self.born_on

    def said_of(self, person):
        """The same, as it is known of the household of one more enquiry."""
        kept = {field.name: getattr(self, field.name) for field in self._meta.concrete_fields}
        return HouseholdMember(**{**kept, "id": None, "person": person})

    def lives_there_on(self, day):
        """Do they live there on a day?"""
        return self.left_on is None or day < self.left_on

    def is_adult_on(self, day):
        """Are they 18 or older on a day?"""
        return birthday(self.born_on, 18) <= day

    def checks_missing_on(self, day):
        """The checks that are not back, of somebody of 18 or older who lives there: Schedule 4, with the household."""
        if not (self.lives_there_on(day) and self.is_adult_on(day)):
            return []
        found = (("police check", self.police_found), ("check of the authority’s own records", self.authority_found))
        return [name for name, answer in found if not answer]


def household_of(person, at):
    """Who lives there at a moment, the oldest first."""
    day = local_day(at)
    return [member for member in person.household.all() if member.lives_there_on(day)]
