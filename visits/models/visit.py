"""A visit to a child: the only time somebody from the authority sees the child at home."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.append_only import AppendOnly
from accounts.roles import Role
from casework.wording import said_moment
from children import access
from placements.models import OnRecordManager, Placement

PERSON = {"on_delete": models.PROTECT, "related_name": "+"}
FROM_FORMER_SYSTEM = "From the former system"


class VisitQuerySet(models.QuerySet):
    """Visits, reached through their children."""

    def visible_to(self, user, *, at):
        """Visits to children whom this person may see."""
        return self.filter(access.children_visible_to(user, at, "placement__child"))


class WhyNotAlone(models.TextChoices):
    """Why the child was not spoken to in private: reg 29, L-08b."""

    REFUSED = "refused", "The child did not want to"
    NOT_APPROPRIATE = "not_appropriate", "Not right for the child’s age or understanding"
    UNABLE = "unable", "It was not possible"


class SharedVisit(models.Model):
    """What is the same for all children who were visited together in one home; each has a visit of his or her own."""

    visitor = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    made_at = models.DateTimeField()
    account = models.TextField(blank=True)
    """What was seen and heard of the home, and of nobody in particular: everybody who may read of one child reads it."""

    class Meta:
        triggers = [AppendOnly()]

    def __str__(self):
        return f"Visit to several children on {self.made_at:%-d %B %Y}"


class Visit(models.Model):
    """One visit to a child in a placement. A visit at which the child was not seen is kept, and meets nothing (C-35)."""

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="visits")
    visitor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, **PERSON)
    """None where a file from another system does not say who."""
    role = models.CharField(max_length=40, choices=Role.choices)
    made_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    child_seen = models.BooleanField()
    seen_alone = models.BooleanField(default=False)
    why_not_alone = models.CharField(max_length=20, choices=WhyNotAlone.choices, blank=True)
    account = models.TextField(blank=True)
    has_concerns = models.BooleanField(default=False)
    concerns = models.TextField(blank=True)
    key = models.UUIDField(unique=True)
    """Made with the form: sending it again records nothing more."""
    shared = models.ForeignKey(
        SharedVisit, null=True, blank=True, db_index=False, on_delete=models.PROTECT, related_name="visits"
    )
    """The visit to several children of which it is a part; None where the child was visited alone."""
    brought_as = models.CharField(max_length=48, blank=True, db_default="", default="")
    """Its number in the system from which it was brought; empty for a visit that was recorded here."""
    struck_out = models.BooleanField(default=False, db_default=False, editable=False)
    """It was recorded by mistake: it stays to be read, and meets nothing."""

    objects = OnRecordManager.from_queryset(VisitQuerySet)()
    with_struck_out = VisitQuerySet.as_manager()

    class Meta:
        ordering = ("-made_at",)
        indexes = [
            models.Index(fields=["placement", "-made_at"]),
            models.Index(fields=["shared"], condition=Q(shared__isnull=False), name="parts_of_shared_visits"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(child_seen=True) | Q(seen_alone=False),
                name="seen_alone_means_seen",
                violation_error_message="A child who was seen alone was seen.",
            ),
            models.UniqueConstraint(
                fields=["brought_as"],
                condition=~Q(brought_as=""),
                name="a_visit_is_brought_once",
                violation_error_message="This visit was brought before.",
            ),
        ]

    def __str__(self):
        return f"Visit of {self.made_at:%-d %B %Y}"

    @property
    def how_seen(self):
        """How the child was seen, in words."""
        if not self.child_seen:
            return "Not seen"
        if self.seen_alone:
            return "Seen alone"
        why = self.get_why_not_alone_display().lower()
        return f"Seen, not alone: {why}" if why else "Seen, not alone"

    @property
    def visited_by(self):
        """Who visited, in which role. Where nobody says who, the visit came from the system before. `visitor` is loaded."""
        who = self.visitor if self.visitor_id else FROM_FORMER_SYSTEM
        return f"{who}, {self.get_role_display()}"

    def told(self):
        """What the event tells of it: it may have been recorded later than it was made."""
        return {"made_at": said_moment(self.made_at), "how_seen": self.how_seen}

    @property
    def case_file_id(self):
        """A visit belongs to the child's file."""
        return self.placement.child.case_file_id
