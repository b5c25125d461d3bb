"""A visit that somebody means to make, and the calendar through which people see what is due."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django_fsm import FSMField, transition

from accounts.roles import Role
from casework.steps import Clear, NotYet
from casework.wording import said_day, said_moment
from children import access
from children.models import Child
from placements.models import Placement
from visits import permissions
from visits.models.visit import Visit
from visits.states import PlanState

PERSON = {"on_delete": models.PROTECT, "related_name": "+"}
PLANNED_ALREADY = "A visit by this person is planned for that day already."
IS_DONE = "A visit of that day is on record: this is done."
NO_VISIT_NEAR = "No visit of the same person to this home is on record near that day. Record the visit first."
NEAR = timedelta(days=14)
"""How far from the planned day a visit may lie that is said to be the one planned."""


def objections_to_change(plan):
    """What was made is planned no more."""
    return [IS_DONE] if plan.visits.filter(made_at__date=plan.planned_on).exists() else []


def objections_to_was_made(plan):
    """A visit on another day has to be on record."""
    return objections_to_change(plan) or ([] if plan.visits_near.exists() else [NO_VISIT_NEAR])


class PlannedVisitQuerySet(models.QuerySet):
    """Planned visits, reached through their children."""

    def visible_to(self, user, *, at):
        """Those to children whom this person may see."""
        return self.filter(access.children_visible_to(user, at, "child"))

    def standing(self):
        """Those that were not called off, and of which nobody has said that they were made on another day."""
        return self.filter(state=PlanState.PLANNED)

    def with_visits(self):
        """Each with the visit that was made of it, `made_as`: by the same person, to the same home, on the same day."""
        same = {"placement": OuterRef("placement"), "visitor": OuterRef("visitor")}
        made = Visit.objects.filter(**same, made_at__date=OuterRef("planned_on")).order_by("made_at").values("pk")[:1]
        return self.annotate(made_as=Coalesce(F("visit"), Subquery(made)))

    def still_to_make(self):
        """Those that stand, and of which no visit is on record."""
        return self.standing().with_visits().filter(made_as=None)


class PlannedVisit(models.Model):
    """Somebody means to visit a child on a day. A visit that is recorded for that day meets it by itself."""

    child = models.ForeignKey(Child, null=True, on_delete=models.PROTECT, related_name="planned_visits")
    placement = models.ForeignKey(
        Placement, null=True, blank=True, on_delete=models.PROTECT, related_name="planned_visits"
    )
    """None while the child has not moved yet: the visitor goes with the child to the new home."""
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
    """The visit that was made of it on another day; on its own day none needs to be named."""
    planned_at = models.DateTimeField()
    times_changed = models.PositiveSmallIntegerField(default=0, db_default=0)

    read_with = ("child__case_file", "placement")
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
                violation_error_message=PLANNED_ALREADY,
            ),
            models.UniqueConstraint(
                fields=["child", "visitor", "planned_on"],
                condition=Q(state=PlanState.PLANNED, placement=None),
                name="one_company_of_a_visitor_a_day",
                violation_error_message=PLANNED_ALREADY,
            ),
        ]

    def __str__(self):
        return f"Visit planned for {said_day(self.planned_on)}"

    @property
    def case_file_id(self):
        """A planned visit belongs to the child's file."""
        return self.child.case_file_id

    @property
    def visits(self):
        """The visits of the same person to the same home."""
        return Visit.objects.filter(placement=self.placement_id, visitor=self.visitor_id)

    @property
    def visits_near(self):
        """Those around the planned day of which nothing else was planned, the latest first."""
        within = {"made_at__date__gte": self.planned_on - NEAR, "made_at__date__lte": self.planned_on + NEAR}
        return self.visits.filter(plans=None, **within).defer("account", "concerns").order_by("-made_at")

    def told_of(self, step, said):
        """What the event tells of a step."""
        if step == "rearrange":
            return {"planned_on": said_day(self.planned_on)}
        return {"made_at": said_moment(said["visit"].made_at)} if step == "was_made" else {}

    @transition(
        field=state,
        source=PlanState.PLANNED,
        target=PlanState.PLANNED,
        conditions=[Clear(objections_to_change)],
        permission=permissions.may_call_off,
        custom={"label": "Change the day", "who": "whoever planned to visit"},
    )
    def rearrange(self, *, by, at, because, planned_on, planned_time):
        """It is made on another day, or at another time."""
        self.planned_on, self.planned_time = planned_on, planned_time
        self.planned_at, self.times_changed = at, self.times_changed + 1

    @transition(
        field=state,
        source=PlanState.PLANNED,
        target=PlanState.MADE,
        conditions=[Clear(objections_to_was_made)],
        permission=permissions.may_call_off,
        custom={"label": "It was made on another day", "who": "whoever planned to visit"},
    )
    def was_made(self, *, by, at, because, visit):
        """A visit on record, made on another day, is the one that was planned."""
        if visit not in self.visits_near:
            raise NotYet(NO_VISIT_NEAR)
        self.visit = visit

    @transition(
        field=state,
        source=PlanState.PLANNED,
        target=PlanState.CALLED_OFF,
        conditions=[Clear(objections_to_change)],
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
    read_at = models.DateTimeField(null=True, blank=True)
    """When a calendar last asked."""
    content_digest = models.CharField(max_length=64, blank=True, db_default="", default="")
    changed_at = models.DateTimeField(null=True, blank=True)
    """Since when it has said what it says."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(ended_at__isnull=True), name="one_calendar_feed_a_person"
            )
        ]

    def __str__(self):
        return f"Calendar feed {self.pk}"
