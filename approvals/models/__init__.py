"""The nouns of the sign-off chain: the case discussion, the versions of its record, and the signatures under them."""

from approvals.models.decision import Decision
from approvals.models.discussion import CaseDiscussion, SignedOversight
from approvals.models.record import DecisionSignature, DecisionVersion, RecordVersion, Signature

__all__ = [
    "CaseDiscussion",
    "Decision",
    "DecisionSignature",
    "DecisionVersion",
    "RecordVersion",
    "Signature",
    "SignedOversight",
]
