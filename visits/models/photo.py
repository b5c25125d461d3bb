"""A photograph of the child's room or of the home: small, without what the camera wrote into it, seen as the visit is."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

from accounts.append_only import AppendOnly
from children import access
from visits.models.visit import Visit

LARGEST = 200 * 1000
"""Bytes of one photograph as it is kept."""


class RoomPhotoQuerySet(models.QuerySet):
    """Photographs, reached through the children of their visits."""

    def visible_to(self, user, *, at):
        """Those of visits to children whom this person may see. With its visit a photograph is struck out."""
        return self.filter(access.children_visible_to(user, at, "visit__placement__child"), visit__struck_out=False)


class RoomPhoto(models.Model):
    """One photograph as it is kept: a JPEG without a word of what the camera knew."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="photos")
    says = models.CharField(max_length=200)
    """What it shows, in words."""
    image = models.BinaryField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    objects = RoomPhotoQuerySet.as_manager()

    class Meta:
        ordering = ("added_at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("image"), LARGEST),
                name="a_photograph_is_small",
                violation_error_message="The photograph is too large to be kept.",
            ),
            models.CheckConstraint(
                condition=~Q(says=""),
                name="a_photograph_says_what_it_shows",
                violation_error_message="Say what the photograph shows.",
            ),
        ]
        triggers = [AppendOnly()]

    def __str__(self):
        return f"Photograph {self.pk}"

    @property
    def case_file_id(self):
        """A photograph belongs to the child's file."""
        return self.visit.case_file_id
