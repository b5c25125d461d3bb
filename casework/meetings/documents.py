"""Minutes as a document: for whoever signs in, as that person may read them; for somebody from outside, as a copy."""

from typing import Any

from casework.documents import as_pdf


def minutes_as_pdf(context: dict[str, Any]) -> bytes:
    """The minutes with who came, what was agreed and the digest, as the reader named in `context` may have them."""
    return as_pdf("meetings/pdf/minutes.html", context)
