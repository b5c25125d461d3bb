"""The signed record as a document."""

from typing import Any

from casework.documents import as_pdf


def record_as_pdf(context: dict[str, Any]) -> bytes:
    """The record of a case discussion with its signatures and digest, as the person named in `context` may read it."""
    return as_pdf("approvals/pdf/record.html", context)


def decision_as_pdf(context: dict[str, Any]) -> bytes:
    """What was put and decided with its signatures and digest, as the person named in `context` may read it."""
    return as_pdf("approvals/pdf/decision.html", context)
