"""A visit that somebody means to make, and the calendar through which people see what is due."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from accounts.roles import Role
from casework.wording import said_day
from children import access
from placements.models import Placement
from visits import permissions
from visits.models.visit import Visit
from visits.states import PlanState

PERSON = {"on_delete": models.PROTECT, "related_name": "+"}


class PlannedVisitQuerySet(models.QuerySet):
    """Planned visits, reached through their children."""

    def visible_to(self, user, *, at):
        """Those to children whom this person may see."""
        return self.filter(access.children_visible_to(user, at, "placement__child"))

    def standing(self):
        """Those that are still to be made."""
        return self.filter(state=PlanState.PLANNED)


class PlannedVisit(models.Model):
    """Somebody means to visit a child on a day."""

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="planned_visits")
    state = FSMField(default=PlanState.PLANNED, choices=PlanState.choices, protected=True)
    visitor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="planned_visits")
    role = models.CharField(max_length=40, choices=Role.choices)
    planned_on = models.DateField()
    planned_time = models.TimeField(null=True, blank=True)
    accompanies = models.BooleanField(default=False)
    """The visitor goes with the child to the new home (K-27)."""
    says = models.TextField(blank=True)
    """What is to be looked at, and what was agreed with others who visit."""
    visit = models.ForeignKey(Visit, null=True, blank=True, on_delete=models.PROTECT, related_name="plans")
    """The visit that was made of it."""
    planned_at = models.DateTimeField()

    read_with = ("placement__child__case_file",)
    objects = PlannedVisitQuerySet.as_manager()

    class Meta:
        ordering = ("planned_on", "planned_time", "pk")
        indexes = [
            models.Index(
                fields=["visitor", "planned_on"], condition=Q(state=PlanState.PLANNED), name="plans_of_visitor"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["placement", "visitor", "planned_on"],
                condition=Q(state=PlanState.PLANNED),
                name="one_plan_of_a_visitor_a_day",
                violation_error_message="A visit by this person is planned for that day already.",
            )
        ]

    def __str__(self):
        return f"Visit planned for {said_day(self.planned_on)}"

    @property
    def case_file_id(self):
        """A planned visit belongs to the child's file."""
        return self.placement.child.case_file_id

    @transition(
        field=state,
        source=PlanState.PLANNED,
        target=PlanState.CALLED_OFF,
        permission=permissions.may_call_off,
        custom={"label": "Call the visit off", "who": "whoever planned to visit"},
    )
    def call_off(self, *, by, at, because):
        """It is not made, and why."""


class CalendarFeed(models.Model):
    """The address under which a person's calendar reads due dates, without names. Only its digest is kept."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="calendar_feeds")
    token_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(ended_at__isnull=True), name="one_calendar_feed_a_person"
            )
        ]

    def __str__(self):
        return f"Calendar feed {self.pk}"
