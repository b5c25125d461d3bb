"""The renewal of an interim approval: the Head of Service looks at it again, and lets it hold on for a time. C-48."""

from django.db import models
from django.db.models import Q

from accounts.append_only import AppendOnly
from approvals.guards import RenewedInTurn
from approvals.rulebook import RENEWALS
from casework.sections.parts import Part
from casework.versions import Version

PARTS = (
    Part("search", "What was done since then to find a regulated home"),
    Part("why", "Why the child stays there for now"),
)
"""What is written down at each renewal."""


class Renewal(Version):
    """One renewal, signed by whoever typed it: counted, sealed, never changed."""

    discussion = models.ForeignKey("approvals.CaseDiscussion", on_delete=models.PROTECT, related_name="renewals")
    holds_until = models.DateTimeField()
    """The first moment at which it holds no longer."""
    asks = PARTS

    class Meta(Version.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["discussion", "number"],
                name="renewed_once_at_a_time",
                violation_error_message="Somebody has just renewed this. Read it as it now stands.",
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=RENEWALS),
                name="renewed_a_few_times_only",
                violation_error_message="This was renewed three times: the case is to be discussed anew.",
            ),
        ]
        triggers = [AppendOnly(), RenewedInTurn()]

    def __str__(self):
        return f"Renewal {self.number} of {RENEWALS}"

    @property
    def belongs_to(self):
        """What its digest says of whose record it is."""
        return ["renewal", self.discussion_id]
