"""Where a duty is met: the app that makes it due says which page that is and what one does there.

The start page, the child's page and the team's list belong to lower apps than the pages on which duties are met. So
each app registers how to get there, under the name of its source in the diary:

    duty_links.register("visits", lambda duty: reverse(...), says="Visits", label="Record a visit")

Lists link to `meet`, which looks the page up when it is asked for: a list of 150 duties asks nothing of those apps.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.text import slugify

from casework.links import link_to
from casework.models import Duty
from casework.pages import Holds, page
from casework.subjects import subjects_of

Url = Callable[[Duty], str | None]


@dataclass(frozen=True, slots=True)
class Source:
    """What pages say of the duties of one source."""

    says: str
    """The word of the filter: "Visits", "Sign-off". Sources that say the same are filtered together."""
    url: Url
    """The page where the duty is met; None where there is none to go to."""
    label: Callable[[Duty], str]
    """What one does there, as the words of the link; empty to say the rule instead."""


@dataclass(frozen=True, slots=True)
class Note:
    """What stands beside a duty: what somebody means to do about it, or what the reader can do besides meeting it."""

    says: str
    url: str
    is_said: bool = True
    """Is it something to know, and not only a way to go?"""


Notes = Callable[[Iterable[Duty], Any, datetime], Mapping[int, Note]]
"""`notes(duties, user, at)` gives the notes of duties whose records the reader may see, by their primary keys."""

_sources: dict[str, Source] = {}
_notes: dict[tuple[str, str], Notes] = {}
_asked_first: dict[tuple[str, str], Url] = {}


def register(source: str, url: Url, *, says: str = "", label: str | Callable[[Duty], str] = "") -> None:
    """Say where the duties of a source are met. Registering it again changes nothing."""
    label_of = label if callable(label) else lambda duty: label
    _sources[source] = Source(says or source.capitalize(), url, label_of)


def ask_first(url: Url) -> None:
    """Ask a higher app first where duties of the apps below are met; it answers None where it knows no better."""
    _asked_first[url.__module__, url.__qualname__] = url


def add_notes(notes: Notes) -> None:
    """Say something beside duties in lists; asked once for each list. Adding the same again changes nothing."""
    _notes[notes.__module__, notes.__qualname__] = notes


def notes_beside(duties: Iterable[Duty], user: Any, at: datetime) -> dict[int, Note]:
    """What the apps say to this person beside these duties, by their primary keys."""
    shown = list(duties)
    return {pk: note for notes in _notes.values() for pk, note in notes(shown, user, at).items()}


@page(Holds.ONE_CHILD)
def meet(request: HttpRequest, pk: int) -> HttpResponse:
    """The page where a duty is met; the page of its child or home where nobody said which that is."""
    duty = get_object_or_404(Duty.objects.visible_to(request.user, at=request.at).select_related("case_file"), pk=pk)
    url = page_of(duty)
    if not url:
        file = duty.case_file
        subject = subjects_of([(file.pk, file.kind)], request.user, request.at).get(file.pk)
        if subject is None:
            raise Http404
        url = subject.url
    return HttpResponseRedirect(url)


def page_of(duty: Duty) -> str | None:
    """The page where a duty is met; None where nobody said which that is."""
    better = next(filter(None, (url(duty) for url in _asked_first.values())), None)
    source = _sources.get(duty.source)
    return better or (source.url(duty) if source else None)


def url_of(duty: Duty) -> str:
    """The address of `meet` for a duty."""
    return link_to("casework:duty", duty.pk)


def label_of(duty: Duty) -> str:
    """What one does to meet a duty; empty where nobody said."""
    source = _sources.get(duty.source)
    return source.label(duty) if source else ""


def kinds() -> Mapping[str, tuple[str, tuple[str, ...]]]:
    """What lists are filtered by: the value in the address, with its word and the sources that it stands for."""
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for name, source in _sources.items():
        kind = slugify(source.says)
        _, names = found.get(kind, (source.says, ()))
        found[kind] = (source.says, (*names, name))
    return found
