"""How a page records a fact: one form, sent once, through the door; what the database refuses comes back as a sentence.

A form on such a page is a `RecordingForm`: it collects and cleans. The view tells `record` what to do with it. Whatever
refuses, the form, the door or a constraint of the database, the page comes back with every word that was typed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, ClassVar

from django import forms
from django.apps import apps
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from casework import drafts, for_scripts
from casework.forms import Form
from casework.limits import local_day
from casework.once import KEY, KeyField, SentBefore, answered_before, once
from casework.steps import NotYet, NotYou

REFUSED = "This cannot be recorded together with what is on record already."
IN_THE_FUTURE = "{} must be today or in the past: record it when it has happened"


class RecordingForm(Form):
    """A form that records facts about a record, at a moment, by a person."""

    refusals: ClassVar[Mapping[str, tuple[str, str]]] = {}
    """By constraint of the database: the field at which it is shown, and its sentence where it has none of its own."""
    key = KeyField()

    def __init__(self, *args: Any, about: Any, by: Any, at: datetime, **kwargs: Any):
        self.about, self.by, self.at = about, by, at
        super().__init__(*args, **kwargs)

    @property
    def today(self):
        """The local day on which the form is filled in."""
        return local_day(self.at)

    def renew_key(self) -> None:
        """What is sent once more after its key was used for something else is sent as another."""
        self.data = self.data.copy()
        self.data[self.add_prefix(KEY)] = self.fields[KEY].initial()

    def refuse_future(self, name: str) -> None:
        """A fact has happened: its day or moment does not lie ahead."""
        value = self.cleaned_data.get(name)
        if value is not None and value > (self.at if isinstance(value, datetime) else self.today):
            self.add_error(name, IN_THE_FUTURE.format(self.fields[name].subject))


class ReasonForm(RecordingForm):
    """Why something is done."""

    because = forms.CharField(label="Why?", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


@dataclass(frozen=True)
class Page:
    """What stands around the form."""

    title: str
    button: str = "Record"
    lede: str = ""
    template: str = "record.html"


def record(
    request: HttpRequest,
    form_class: Callable[..., RecordingForm],
    *,
    about: Any,
    page: Page,
    act: Callable[[Any], str],
    done: str | Callable[[Any], str],
    context: Mapping[str, Any],
    initial: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Show the form; once it is sent and in order, `act(form)` writes and answers with the address to go to.

    `done` is what the next page says; where that depends on what the act came to, `done(form)` gives it.
    """
    told = {"about": about, "by": request.user, "at": request.at}
    draft, status = None, 200
    if request.method == "POST":
        in_the_way = for_scripts.in_the_way(request) if for_scripts.asks(request) else None
        if in_the_way:
            return in_the_way
        form = form_class(request.POST, **told)
        address = (_try(request, form, act) if form.is_valid() else None) or answered_before(request)
        if address:
            return _recorded(request, address, done if isinstance(done, str) else done(form))
        if for_scripts.asks(request):
            return for_scripts.refused(request, sentences_of(form))
        drafts.keep_refused(request)
        status = 422
    else:
        form = form_class(initial=dict(initial or {}), **told)
        draft = _take_up_draft(request, form)
    around = {
        "page": page,
        "form": form,
        "draft": draft,
        "autosave_url": reverse("casework:save_draft"),
        "typist": drafts.typist_token(request.user, request.path),
    }
    return render(request, page.template, {**context, **around}, status=status)


def _recorded(request: HttpRequest, address: str, says: str) -> HttpResponse:
    if for_scripts.asks(request):
        return for_scripts.recorded(address, says)
    messages.success(request, says)
    return HttpResponseRedirect(address)


def sentences_of(form: RecordingForm) -> list[str]:
    """What is wrong with what was sent."""
    return [sentence for sentences in form.errors.values() for sentence in sentences]


def _take_up_draft(request: HttpRequest, form: RecordingForm) -> drafts.Draft | None:
    draft = drafts.draft_of(request.user, request.path)
    if draft is not None:
        form.take_up(drafts.typed_into(draft))
    return draft


def _try(request: HttpRequest, form: RecordingForm, act: Callable[[Any], str]) -> str | None:
    """Act once; what is refused becomes the form's errors."""

    def act_and_forget_draft() -> str:
        drafts.discard(request.user, request.path, request.POST)
        return act(form)

    try:
        key = form.cleaned_data["key"]
        return once(key, request.POST, form=request.path, by=request.user, at=request.at, act=act_and_forget_draft)
    except NotYou:
        raise
    except SentBefore as sent_before:
        form.renew_key()
        form.add_error(None, sent_before.sentences)
    except NotYet as not_yet:
        form.add_error(None, not_yet.sentences)
    except ValidationError as invalid:
        form.add_error(None, invalid.messages)
    except IntegrityError as refused:
        name = constraint_of(refused)
        field, says = form.refusals.get(name, (None, ""))
        form.add_error(field, says or sentence_of(name))
    return None


def constraint_of(refused: IntegrityError) -> str:
    """The name of the constraint that the database kept."""
    return getattr(getattr(refused.__cause__, "diag", None), "constraint_name", None) or ""


@cache
def sentence_of(name: str) -> str:
    """What a constraint says to people; a general sentence where it says nothing of its own."""
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name:
                said = constraint.violation_error_message
                if said != constraint.default_violation_error_message:
                    return str(said)
    return REFUSED
