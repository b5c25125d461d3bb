"""What somebody who is consulted about a senior decision said in Hearth: the IRO, before a child is placed with a parent."""

from django.conf import settings
from django.db import models

from accounts.append_only import AppendOnly


class Consultation(models.Model):
    """One answer of one person who is consulted. Never changed: whoever thinks otherwise later says so again."""

    decision = models.ForeignKey("approvals.Decision", on_delete=models.PROTECT, related_name="consultations")
    name = models.CharField(max_length=40)
    """Which of those whom its kind consults: "iro"."""
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    says = models.TextField()

    class Meta:
        ordering = ("at", "pk")
        triggers = [AppendOnly()]

    def __str__(self):
        return f"{self.by}, {self.at:%-d %B %Y}"
