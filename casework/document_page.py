"""How a page answers with a document: at once where it is short, by way of a worker where it is long."""

import re
from typing import Any, Final

from django.http import HttpResponse, HttpResponseRedirect

from casework.documents import as_html, as_pdf
from casework.long_documents import found_or_asked

AT_ONCE: Final = 80_000
"""What a web worker makes while its reader waits, as `_cost` counts it: some ten pages, about half a second."""
A_LINE: Final = 240
"""What beginning a paragraph or a row costs, in letters."""
LINE: Final = re.compile("<(?:p|br|h3|tr)[ >]")
VERSION: Final = re.compile("[0-9]{1,6}")


def answer_with(request: Any, template: str, context: dict[str, Any], name: str) -> HttpResponse:
    """The document that a template makes of what this person may read. `context` holds the `reader` and the moment `at`."""
    html = as_html(template, context)
    if _cost(html) <= AT_ONCE:
        return _pdf(as_pdf(html, request.at), name)
    document = found_or_asked(html, page=request.get_full_path(), by=request.user, at=request.at)
    if document.pdf is None:
        return HttpResponseRedirect(document.errand.get_absolute_url())
    return _pdf(bytes(document.pdf), name)


def version_asked(request: Any) -> int | None:
    """Which version of the record is asked for; None for the one that stands."""
    number = request.GET.get("version", "")
    return int(number) if VERSION.fullmatch(number) else None


def _cost(html: str) -> int:
    return len(html) + A_LINE * len(LINE.findall(html))


def _pdf(pdf: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer
