"""The record of a case discussion, version by version, and who signed each (S0 2.4-2.7, C-32)."""

import hashlib
import hmac
import json

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.append_only import AppendOnly
from accounts.roles import Role
from approvals.guards import InOrder, WhileUnderWay
from approvals.rulebook import FOUR, RECORD
from approvals.states import Act

PERSON = {"on_delete": models.PROTECT, "related_name": "+"}


class RecordVersion(models.Model):
    """The record of the case discussion as typed at one moment. Never changed: a change is the next version."""

    discussion = models.ForeignKey("approvals.CaseDiscussion", on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    typed_by = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    typed_at = models.DateTimeField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("number",)
        constraints = [models.UniqueConstraint(fields=["discussion", "number"], name="record_version_once")]
        triggers = [AppendOnly(), WhileUnderWay()]

    def __str__(self):
        return f"Version {self.number}"

    def save(self, *args, **kwargs):
        """Seal the version: the digest covers what it says and whose record it is."""
        self.digest = self.seal()
        super().save(*args, **kwargs)

    def seal(self):
        """The keyed digest of the content, to which signatures are bound."""
        sealed = json.dumps([self.discussion_id, self.number, self.content], sort_keys=True, ensure_ascii=False)
        return hmac.new(settings.EVENT_KEY.encode(), sealed.encode(), hashlib.sha256).hexdigest()

    @property
    def digest_in_groups(self):
        """The digest as people compare it: in groups of eight."""
        return " ".join(self.digest[n : n + 8] for n in range(0, len(self.digest), 8))

    @property
    def is_intact(self):
        """Does the content still fit its digest?"""
        return hmac.compare_digest(self.seal(), self.digest)

    @property
    def parts(self):
        """The parts of the record in their order, each with its text."""
        return [(field, self.content.get(field.name, "")) for field in RECORD]


class Signature(models.Model):
    """One person's agreement, approval or final sign-off of one version of the record."""

    version = models.ForeignKey(RecordVersion, on_delete=models.PROTECT, related_name="signatures")
    act = models.CharField(max_length=10, choices=Act.choices)
    role = models.CharField(max_length=40, choices=Role.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("at", "pk")
        constraints = [
            models.UniqueConstraint(fields=["version", "role"], name="one_signature_per_role_and_version"),
            models.UniqueConstraint(fields=["version", "by"], name="nobody_signs_a_version_twice"),
            models.CheckConstraint(
                condition=Q(act=Act.AGREE, role__in=[role.value for role in FOUR])
                | Q(act=Act.APPROVE, role=Role.HOS)
                | Q(act=Act.SIGN_OFF, role=Role.SERVICE_DIRECTOR),
                name="each_signs_in_the_role_of_the_act",
            ),
        ]
        triggers = [AppendOnly(), InOrder()]

    def __str__(self):
        return f"{self.by} {self.get_act_display()}"
