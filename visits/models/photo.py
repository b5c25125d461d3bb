"""A photograph of the child's room or of the home: small, without what the camera wrote into it, seen as the visit is."""

from django.conf import settings
from django.db import models

from accounts.append_only import AppendOnly
from children import access
from visits.models.visit import Visit


class RoomPhotoQuerySet(models.QuerySet):
    """Photographs, reached through the children of their visits."""

    def visible_to(self, user, *, at):
        """Those of visits to children whom this person may see."""
        return self.filter(access.children_visible_to(user, at, "visit__placement__child"))


class RoomPhoto(models.Model):
    """One photograph, as it is kept."""

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
        triggers = [AppendOnly()]

    def __str__(self):
        return f"Photograph {self.pk}"

    @property
    def case_file_id(self):
        """A photograph belongs to the child's file."""
        return self.visit.case_file_id
