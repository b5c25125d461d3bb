"""The minutes of a meeting, version by version, and who got which."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.append_only import AppendOnly
from casework.versions import Version

PERSON = {"on_delete": models.PROTECT, "related_name": "+"}


class Minutes(Version):
    """What was said in a meeting, as typed at one moment."""

    meeting = models.ForeignKey("meetings.Meeting", on_delete=models.PROTECT, related_name="minutes")

    class Meta(Version.Meta):
        verbose_name_plural = "minutes"
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="minutes_version_once")]
        triggers = [AppendOnly()]

    @property
    def asks(self):
        """The agenda, and whatever else was said."""
        return self.meeting.items

    @property
    def belongs_to(self):
        """What its digest says of whose minutes they are."""
        return ["minutes", self.meeting_id]


class Circulation(models.Model):
    """One person got one version of the minutes: who was invited, or somebody in the house who gets a copy."""

    minutes = models.ForeignKey(Minutes, on_delete=models.PROTECT, related_name="circulations")
    invitation = models.ForeignKey(
        "meetings.Invitation", null=True, blank=True, on_delete=models.PROTECT, related_name="circulations"
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, **PERSON)
    """Who gets a copy without having been invited."""
    by = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    at = models.DateTimeField()
    without = models.JSONField(default=list)
    """The parts that somebody from outside did not get, by name."""

    class Meta:
        ordering = ("at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(invitation__isnull=True, person__isnull=False)
                | Q(invitation__isnull=False, person__isnull=True),
                name="minutes_go_to_one_recipient",
            ),
            models.UniqueConstraint(fields=["minutes", "invitation"], name="minutes_once_to_each_invited"),
            models.UniqueConstraint(fields=["minutes", "person"], name="minutes_once_to_each_copied"),
        ]
        triggers = [AppendOnly()]

    def __str__(self):
        return f"{self.minutes} to {self.person or self.invitation}"
