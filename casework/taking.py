"""How a page takes one step of a record: shown where it can be taken; once it is sent, the door decides.

What is sent is not asked here whether it can be: a form that is sent twice gets its first answer, and one that comes too
late comes back with every word.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property

from casework.forms import Text
from casework.recording import Page, RecordingForm, record
from casework.steps import NotYet, NotYou, carry_out, said_of, steps_of


class StepForm(RecordingForm):
    """What a step takes besides who, when and why; most take nothing more."""

    def said(self) -> dict[str, Any]:
        """The arguments of the step."""
        return {}

    def because(self) -> str:
        """The reasons given; empty where the step asks for none."""
        return self.cleaned_data.get("because", "")


class ReasonForm(StepForm):
    """A step that needs reasons."""

    because = Text(label="Your reasons")


class FormOnAVersion(StepForm):
    """What is sent is about the version of the record that the page showed; `digest` says which that was."""

    digest = forms.CharField(widget=forms.HiddenInput)

    @cached_property
    def overtaken_by(self):
        """The version that somebody typed since this one was read; None where nobody did."""
        version = self.about.version
        return version if version and self["digest"].value() != version.digest else None

    def clean(self):
        """What was sent upon an older version comes back above the newer one, and can be sent from there."""
        cleaned = super().clean()
        newer = self.overtaken_by
        if newer:
            self.data = self.data.copy()
            self.data[self.add_prefix("digest")] = newer.digest
            self.add_error(None, self.said_of_newer(newer))
        return cleaned

    def said_of_newer(self, newer: Any) -> str:
        """What whoever sent this is told."""
        return "The record has changed since you opened it. Read it as it now stands."


def take(
    request: HttpRequest,
    chain: Any,
    name: str,
    *,
    form_class: Callable[..., RecordingForm],
    done: str,
    template: str,
    address_of: Callable[[Any], str],
    context: Mapping[str, Any],
    initial: Mapping[str, Any] | None,
    button: str = "",
    lede: str = "",
) -> HttpResponse:
    """Take a step of `chain`; `address_of(record)` is where its page is, once it is taken.

    `button` is what the button says, where that is not the step's name; `lede` what comes of the step.
    """
    declared = _declared(chain, name)
    if request.method != "POST":
        _require_open(request, chain, declared)

    def act(form: Any) -> str:
        step = getattr(chain, name)
        return address_of(carry_out(step, by=request.user, at=request.at, because=form.because(), **form.said()))

    label = said_of(declared, "label", chain)
    page = Page(label, button=button or label, lede=lede, template=template)
    return record(request, form_class, about=chain, page=page, act=act, done=done, context=context, initial=initial)


def require_open(request: HttpRequest, chain: Any, name: str) -> None:
    """Can this person take this step now? Raises NotYou or NotYet."""
    _require_open(request, chain, _declared(chain, name))


def _declared(chain: Any, name: str) -> Any:
    return next(step for step in chain.get_all_state_transitions() if step.name == name)


def _require_open(request: HttpRequest, chain: Any, declared: Any) -> None:
    step = next((s for s in steps_of(chain, by=request.user, at=request.at) if s.name == declared.name), None)
    if not (step.allowed if step else declared.permission(chain, request.user, request.at)):
        raise NotYou(f"Only {said_of(declared, 'who', chain)} can do this.")
    if step is None:
        raise NotYet(f"This cannot be done now: it stands at “{chain.get_state_display()}”.")
    if step.objections:
        raise NotYet(*step.objections)
