"""Documents that take longer to make than anybody's page may: made by a worker, kept for one person for a short while.

What is kept is the text that this person was allowed to read when asking. It is handed out only where the same page, asked
again, gives the same text: whoever has lost a right meanwhile, or whose record has changed, gets another.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from casework import errands
from casework.documents import as_pdf
from casework.models import LongDocument

KIND: Final = "document"
KEPT_FOR: Final = timedelta(hours=1)
"""How long one made before is handed out again."""


def found_or_asked(html: str, *, page: str, by: Any, at: datetime) -> LongDocument:
    """The document with this text for this person: the one made or under way, or one that is asked for now."""
    digest = hashlib.sha256(html.encode()).hexdigest()
    recent = LongDocument.objects.filter(made_for=by, text_digest=digest, asked_at__gt=at - KEPT_FOR, errand__failed="")
    found = recent.select_related("errand").defer("text").order_by("-pk").first()
    if found:
        return found
    errand = errands.ask(KIND, by=by, at=at, told={"page": page})
    return LongDocument.objects.create(errand=errand, made_for=by, text_digest=digest, text=html, asked_at=at)


def register() -> None:
    """Say what making one is called, what does it, and where it stands once it is made."""
    errands.register(errands.Kind(KIND, "Making the document", _make, lambda errand: errand.told["page"]))


def forget_old(at: datetime) -> int:
    """Delete those that nobody is handed any more; how many they were."""
    return LongDocument.objects.filter(asked_at__lte=at - KEPT_FOR).delete()[0]


def _make(under_way: errands.UnderWay) -> Mapping[str, Any]:
    asked = LongDocument.objects.filter(errand=under_way.errand).first()
    if asked is None:
        raise errands.CannotBeDone("It was asked for too long ago. Open the document again from its own page.")
    asked.pdf = as_pdf(asked.text, asked.asked_at)
    asked.save(update_fields=["pdf"])
    return {}
