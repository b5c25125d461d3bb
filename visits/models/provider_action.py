"""What a provider is to do after a visit: chased, reminded and escalated by the author of the form, until it is done."""

from django.db import models
from django_fsm import FSMField, transition

from children import access
from visits import permissions
from visits.models.form import VisitingForm
from visits.states import ActionState

OPEN = ActionState.OPEN
AUTHOR = "the author of the form, or whoever is in the author’s role now"


class ProviderActionQuerySet(models.QuerySet):
    """Actions, reached through the children of their forms."""

    def visible_to(self, user, *, at):
        """Those of forms about children whom this person may see."""
        return self.filter(access.children_visible_to(user, at, "form__child"))

    def open(self):
        """Those still to be done."""
        return self.filter(state=OPEN)


class ProviderAction(models.Model):
    """One thing that somebody at the home does by a day. It stays with the role of the form's author (S3, L131)."""

    form = models.ForeignKey(VisitingForm, on_delete=models.PROTECT, related_name="actions")
    state = FSMField(default=OPEN, choices=ActionState.choices, protected=True)
    says = models.TextField()
    owner = models.CharField(max_length=200)
    """Who does it, at the home or the provider: by name or by role."""
    agreed_at = models.DateTimeField()
    due_on = models.DateField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    """When the provider was last reminded, since its present day was agreed."""
    escalated_at = models.DateTimeField(null=True, blank=True)
    """When it was taken higher, since its present day was agreed."""
    settled_at = models.DateTimeField(null=True, blank=True)
    outcome = models.TextField(blank=True)

    read_with = ("form__child__case_file",)
    objects = ProviderActionQuerySet.as_manager()

    class Meta:
        ordering = ("due_on", "pk")
        indexes = [models.Index(fields=["form", "state"])]

    def __str__(self):
        return f"Action {self.pk} of the provider"

    @property
    def case_file_id(self):
        """It belongs to the file of its form."""
        return self.form.case_file_id

    def told_of(self, step, said):
        """What the event tells of a step: for another day, which it was before; the ledger is made out of these."""
        told = {"due_on": self.due_on.isoformat(), "owner": self.owner}
        if step == "postpone":
            told["due_before"] = self.due_before.isoformat()
        return told | ({"outcome": said["outcome"]} if step == "finish" else {})

    @transition(
        field=state,
        source=OPEN,
        target=ActionState.DONE,
        permission=permissions.may_chase,
        custom={"label": "It is done", "who": AUTHOR},
    )
    def finish(self, *, by, at, because, outcome):
        """It is done, and how that was seen."""
        self.outcome, self.settled_at = outcome, at

    @transition(
        field=state,
        source=OPEN,
        target=OPEN,
        permission=permissions.may_chase,
        custom={"label": "Remind the provider", "who": AUTHOR},
    )
    def remind(self, *, by, at, because):
        """The provider was reminded; what was said, the reason says."""
        self.reminded_at = at

    @transition(
        field=state,
        source=OPEN,
        target=OPEN,
        permission=permissions.may_chase,
        custom={"label": "Escalate it", "who": AUTHOR},
    )
    def escalate(self, *, by, at, because):
        """It was taken higher; to whom, the reason says. It stays with its author all the same."""
        self.escalated_at = at

    @transition(
        field=state,
        source=OPEN,
        target=OPEN,
        permission=permissions.may_chase,
        custom={"label": "Agree another day", "who": AUTHOR},
    )
    def postpone(self, *, by, at, because, due_on):
        """Another day was agreed, and why."""
        self.due_before = self.due_on
        self.due_on, self.reminded_at, self.escalated_at = due_on, None, None

    @transition(
        field=state,
        source=OPEN,
        target=ActionState.NOT_NEEDED,
        permission=permissions.may_chase,
        custom={"label": "It is not needed any more", "who": AUTHOR},
    )
    def drop(self, *, by, at, because):
        """It need not be done, and why."""
        self.settled_at = at
