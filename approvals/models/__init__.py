"""The nouns of the sign-off chain: the case discussion, the versions of its record, and the signatures under them."""

from approvals.models.connected_person import ConnectedPerson, HouseholdMember
from approvals.models.consultation import Consultation
from approvals.models.decision import DecidedOversight, Decision
from approvals.models.discussion import CaseDiscussion, SignedOversight
from approvals.models.record import DecisionSignature, DecisionVersion, RecordVersion, Signature
from approvals.models.renewal import Renewal

__all__ = [
    "CaseDiscussion",
    "ConnectedPerson",
    "Consultation",
    "DecidedOversight",
    "Decision",
    "DecisionSignature",
    "DecisionVersion",
    "HouseholdMember",
    "RecordVersion",
    "Renewal",
    "Signature",
    "SignedOversight",
]
