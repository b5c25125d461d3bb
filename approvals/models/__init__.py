"""The nouns of the sign-off chain: the case discussion, the versions of its record, and the signatures under them."""

from approvals.models.connected_person import ConnectedPerson, HouseholdMember
from approvals.models.decision import DecidedOversight, Decision
from approvals.models.discussion import CaseDiscussion, SignedOversight
from approvals.models.record import DecisionSignature, DecisionVersion, RecordVersion, Signature

__all__ = [
    "CaseDiscussion",
    "ConnectedPerson",
    "DecidedOversight",
    "Decision",
    "DecisionSignature",
    "DecisionVersion",
    "HouseholdMember",
    "RecordVersion",
    "Signature",
    "SignedOversight",
]
