"""What senior managers sign: a record, version by version, and who signed each (S0 2.4-2.7, C-32)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.append_only import AppendOnly
from accounts.roles import Role
from approvals.guards import DecidedInOrder, InOrder, WhilePut, WhileUnderWay
from approvals.record.parts import parts_of
from approvals.rulebook import FOUR
from approvals.states import Act
from casework.versions import Version

PERSON = {"on_delete": models.PROTECT, "related_name": "+"}


class Signed(models.Model):
    """One person's signature under one version of a record."""

    act = models.CharField(max_length=10, choices=Act.choices)
    role = models.CharField(max_length=40, choices=Role.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)

    class Meta:
        abstract = True
        ordering = ("at", "pk")

    def __str__(self):
        return f"{self.by} {self.get_act_display()}"


class RecordVersion(Version):
    """The record of a case discussion."""

    discussion = models.ForeignKey("approvals.CaseDiscussion", on_delete=models.PROTECT, related_name="versions")

    class Meta(Version.Meta):
        constraints = [models.UniqueConstraint(fields=["discussion", "number"], name="record_version_once")]
        triggers = [AppendOnly(), WhileUnderWay()]

    @property
    def asks(self):
        """The parts of the form in which it was typed."""
        return parts_of(self.content)

    @property
    def belongs_to(self):
        """What its digest says of whose record it is."""
        return [self.discussion_id]


class Signature(Signed):
    """One person's agreement, approval or final sign-off of one version of the record of a case discussion."""

    version = models.ForeignKey(RecordVersion, on_delete=models.PROTECT, related_name="signatures")

    class Meta(Signed.Meta):
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


class DecisionVersion(Version):
    """What is put to whoever decides."""

    decision = models.ForeignKey("approvals.Decision", on_delete=models.PROTECT, related_name="versions")

    class Meta(Version.Meta):
        constraints = [models.UniqueConstraint(fields=["decision", "number"], name="decision_version_once")]
        triggers = [AppendOnly(), WhilePut()]

    @property
    def asks(self):
        """The parts of the record of this kind of decision."""
        return self.decision.of_kind.parts

    @property
    def belongs_to(self):
        """What its digest says of whose record it is."""
        return ["decision", self.decision_id]


class DecisionSignature(Signed):
    """The check or the decision of one person under one version."""

    version = models.ForeignKey(DecisionVersion, on_delete=models.PROTECT, related_name="signatures")

    class Meta(Signed.Meta):
        constraints = [
            models.UniqueConstraint(fields=["version", "act"], name="each_act_once_under_a_version"),
            models.UniqueConstraint(fields=["version", "by"], name="nobody_signs_a_decision_twice"),
            models.CheckConstraint(
                condition=Q(act__in=[Act.CONFIRM, Act.DECIDE]), name="a_decision_is_checked_and_decided"
            ),
        ]
        triggers = [AppendOnly(), DecidedInOrder()]
