"""A page as a document: a tagged PDF that a screen reader can read (PDF/UA-1)."""

import re
import unicodedata
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

PICTURES = re.compile("[\u2600-\u27bf\u2b00-\u2bff\U00010000-\U0010ffff]\ufe0f?")
"""Signs that fonts for documents do not hold."""


def as_pdf(template: str, context: dict[str, Any]) -> bytes:
    """A template as a document. It holds everything that it shows: nothing is fetched."""
    from weasyprint import CSS, HTML

    around = {"authority": settings.AUTHORITY["name"]}
    html = PICTURES.sub(_said, render_to_string(template, {**context, **around}))
    document: bytes = HTML(string=html, url_fetcher=_nothing_from_outside).write_pdf(
        stylesheets=[CSS(finders.find("hearth/document.css"))], pdf_variant="pdf/ua-1"
    )
    return document


def _said(picture: re.Match[str]) -> str:
    """A picture by its name, for the eye and for the ear: nothing that was written is lost on paper."""
    return f"[{unicodedata.name(picture[0][0], 'a sign').lower()}]"


def _nothing_from_outside(url: str, *args: Any, **kwargs: Any) -> Any:
    raise ValueError("A document holds everything that it shows: nothing is fetched.")
