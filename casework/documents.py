"""A page as a document: a tagged PDF that a screen reader can read (PDF/UA-1).

Every document stands in one frame (`templates/pdf/document.html`): whose it is, for whom and when it was made, how far it
holds (`Mark`), and at the end the digest by which anybody can have it looked up.
"""

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from casework.letters_on_paper import as_printed
from casework.wording import said_moment

MOMENT: Final = "\ufffc"
"""Stands in the frame, before anything that people wrote, where it says when the document was made."""

MEANINGLESS: Final = ("/NonStruct", "/Span")
"""Tags that say nothing of what they hold."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Why nobody may act upon what this document says: in the head of every page."""

    word: str
    """Draft, void, declined."""
    says: str


def as_html(template: str, context: dict[str, Any]) -> str:
    """A template in the frame of a document, without the moment at which it is made: the same facts give the same text."""
    around = {"authority": settings.AUTHORITY["name"], "moment_made": MOMENT}
    return render_to_string(template, {**context, **around})


def as_pdf(html: str, at: Any) -> bytes:
    """What `as_html` gave as a document made at a moment. It holds everything that it shows: nothing is fetched."""
    from weasyprint import HTML

    text = as_printed(html.replace(MOMENT, said_moment(at), 1))
    with _leaving_nothing_behind():
        document: bytes = HTML(string=text, url_fetcher=_nothing_from_outside).write_pdf(
            stylesheets=[_style()], pdf_variant="pdf/ua-1", finisher=_without_empty_tags
        )
    return document


@contextmanager
def _leaving_nothing_behind() -> Iterator[None]:
    """Give back at once what making a document took: a web worker that makes one after another stays as small as it was.

    What was there before is left out of the search for what is left over, which otherwise takes as long as the document.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.collect()
        gc.unfreeze()
        give_back = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if give_back:
            give_back(0)


@cache
def _style() -> Any:
    from weasyprint import CSS

    return CSS(finders.find("hearth/document.css"))


def _without_empty_tags(document: Any, pdf: Any) -> None:
    """Take out of the tree of tags what holds nothing, as the ends of lines do: there is nothing to read out."""
    tags: list[Any] = [each for each in pdf.objects if isinstance(each, dict) and each.get("Type") == "/StructElem"]
    by_reference = {tag.reference: tag for tag in tags}
    for tag in reversed(tags):  # what is within comes after what it is within
        if tag["S"] in MEANINGLESS and not tag["K"] and tag["P"] in by_reference:
            by_reference[tag["P"]]["K"].remove(tag.reference)


def _nothing_from_outside(url: str, *args: Any, **kwargs: Any) -> Any:
    raise ValueError("A document holds everything that it shows: nothing is fetched.")
