"""The nouns of the sign-off chain: the case discussion, the versions of its record, and the signatures under them."""

from approvals.models.discussion import CaseDiscussion, SignedOversight
from approvals.models.record import RecordVersion, Signature

__all__ = ["CaseDiscussion", "RecordVersion", "Signature", "SignedOversight"]
