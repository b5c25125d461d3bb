"""What is asked of the provider's actions, of who reads a form, and around a review. Each form says which rows it makes."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.db.models import Model

from accounts.roles import Role
from casework.forms import DayField, Text
from casework.recording import RecordingForm
from casework.taking import ReasonForm, StepForm
from casework.wording import said_day
from placements.where import home_of
from visits.after.permissions import reads_as
from visits.models import (
    FormReading,
    PrivateConversation,
    RaisedByIro,
    VisitAskedFor,
    VisitsConsidered,
)
from visits.states import AskedBy, HowRaised, HowSpoken, Reading

YES, NO = "yes", "no"


class FactsForm(RecordingForm):
    """A form that makes rows about the record that it is about."""

    facts: Callable[..., list[Model]]
    """The rows, in the order in which they are written; the event is about the first."""

    def details(self) -> dict[str, str]:
        """What the event says beyond its title."""
        return {}

    def refuse_past(self, name: str) -> None:
        """A day agreed for something lies ahead."""
        day = self.cleaned_data.get(name)
        if day is not None and day < self.today:
            self.add_error(name, f"{self.fields[name].subject} must be today or later")

    def recorded(self) -> dict[str, Any]:
        """Who records it, and when."""
        return {"recorded_by": self.by, "recorded_at": self.at}


# The provider's actions: a step each


class RemindForm(ReasonForm):
    """The provider was reminded."""

    because = Text(label="Who was reminded, how, and what did they say?")


class EscalateForm(ReasonForm):
    """It was taken higher."""

    because = Text(label="With whom did you take it up, and what will happen?")


class PostponeForm(ReasonForm):
    """Another day was agreed."""

    due_on = DayField(label="The day that is agreed now")
    because = Text(label="Why another day, and with whom did you agree it?")
    field_order = ("due_on", "because")

    def clean_due_on(self) -> date:
        """The day lies ahead, and is another one."""
        day: date = self.cleaned_data["due_on"]
        if day < self.today:
            raise forms.ValidationError("The day that is agreed now must be today or later")
        if day == self.about.due_on:
            raise forms.ValidationError("This is the day that is agreed already")
        return day

    def said(self) -> dict[str, Any]:
        return {"due_on": self.cleaned_data["due_on"]}


class FinishForm(StepForm):
    """It is done."""

    outcome = Text(
        label="How do you know that it is done?", help_text="What you saw yourself counts more than what you were told."
    )

    def said(self) -> dict[str, Any]:
        return {"outcome": self.cleaned_data["outcome"]}


class DropForm(ReasonForm):
    """It is not needed any more."""

    because = Text(label="Why is it not needed any more?")


# Reading a form


class ReadForm(FactsForm):
    """What a reader of a form concludes. It is about the version that was on the page."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    concludes = forms.ChoiceField(label="What do you conclude from it?", widget=forms.RadioSelect)
    says = Text(label="Why, and what have you agreed?")
    option_hints = {
        "concludes": {
            Reading.EARLY_REVIEW: "You then arrange the review: it stays on your list until you have.",
            Reading.FORMAL_ESCALATION: "You then raise it with the managers: it stays on your list until you have.",
        }
    }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.role = reads_as(self.about, self.by, self.at)
        self.fields["version"].initial = self.about.version.number
        by_iro = (Reading.SAFE, Reading.EARLY_REVIEW, Reading.FORMAL_ESCALATION)
        self.fields["concludes"].choices = [
            (c.value, c.label) for c in (by_iro if self.is_the_iros else (Reading.SEEN,))
        ]
        if not self.is_the_iros:
            del self.fields["concludes"]
            self.fields["says"].label = "What is your answer to the author, and what happens next?"

    @property
    def is_the_iros(self) -> bool:
        """Does the reviewing officer read it? A manager answers, and concludes nothing for the IRO."""
        return self.role == Role.IRO

    def clean(self) -> dict[str, Any]:
        """Nobody concludes from a version that was not on the page."""
        cleaned: dict[str, Any] = super().clean()
        if cleaned.get("version") != self.about.version.number:
            self.data = self.data.copy()
            self.data[self.add_prefix("version")] = self.about.version.number
            self.add_error(
                None, "The form has changed since you opened it. Read it as it now stands, then send this again."
            )
        return cleaned

    def facts(self) -> list[Model]:
        concludes = self.cleaned_data["concludes"] if self.is_the_iros else Reading.SEEN
        said = {"concludes": concludes, "says": self.cleaned_data["says"]}
        return [FormReading(version=self.about.version, by=self.by, role=self.role, at=self.at, **said)]

    def details(self) -> dict[str, str]:
        concludes = Reading(self.cleaned_data["concludes"]) if self.is_the_iros else Reading.SEEN
        return {"form": str(self.about), "concludes": concludes.label, "says": self.cleaned_data["says"]}


class RaiseForm(FactsForm):
    """The IRO raised with the managers what a form shows. `about` is the reading."""

    says = Text(label="With whom did you raise it, when, and what happens next?")

    def facts(self) -> list[Model]:
        form = self.about.version.form
        said = {"how": HowRaised.FORMALLY, "says": self.cleaned_data["says"], **self.recorded()}
        return [RaisedByIro(child=form.child, placement=form.placement, reading=self.about, **said)]

    def details(self) -> dict[str, str]:
        return {"how": HowRaised.FORMALLY.label, "says": self.cleaned_data["says"]}


class MissingForm(FactsForm):
    """What the IRO does where the social worker's form is missing. `about` is the placement."""

    how = forms.ChoiceField(label="What do you do?", choices=HowRaised.choices, widget=forms.RadioSelect)
    awaited_until = DayField(label="Until which day?", required=False)
    says = Text(label="With whom did you speak, and what is agreed?")
    reveals = {"how": {HowRaised.AWAITED: ("awaited_until",)}}

    def clean(self) -> dict[str, Any]:
        """Whoever waits says until when."""
        cleaned: dict[str, Any] = super().clean()
        if (
            cleaned.get("how") == HowRaised.AWAITED
            and not cleaned.get("awaited_until")
            and "awaited_until" not in self.errors
        ):
            self.add_error("awaited_until", "Say until which day the form is awaited")
        self.refuse_past("awaited_until")
        return cleaned

    def facts(self) -> list[Model]:
        told = {name: self.cleaned_data[name] for name in ("how", "awaited_until", "says")}
        return [RaisedByIro(child=self.about.child, placement=self.about, **told, **self.recorded())]

    def details(self) -> dict[str, str]:
        until = self.cleaned_data["awaited_until"]
        how = HowRaised(self.cleaned_data["how"]).label
        return {"how": f"{how}: {said_day(until)}" if until else how, "says": self.cleaned_data["says"]}


# Around a review


class SpeakForm(FactsForm):
    """The IRO spoke with the child alone before a review, or could not (L-38). `about` is the review."""

    held_on = DayField(label="On which day?")
    how = forms.ChoiceField(label="How?", choices=HowSpoken.choices, widget=forms.RadioSelect)
    says = Text(
        label="What does the child want the review to know?",
        help_text="If you could not speak, say why, and what you tried.",
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["held_on"].initial = self.today

    def clean(self) -> dict[str, Any]:
        """It has happened."""
        cleaned: dict[str, Any] = super().clean()
        self.refuse_future("held_on")
        return cleaned

    def facts(self) -> list[Model]:
        told = {name: self.cleaned_data[name] for name in ("held_on", "how", "says")}
        return [PrivateConversation(child=self.about.child, review=self.about, by=self.by, at=self.at, **told)]

    def details(self) -> dict[str, str]:
        return {"day": said_day(self.cleaned_data["held_on"]), "how": HowSpoken(self.cleaned_data["how"]).label}


class ConsiderForm(FactsForm):
    """Everybody's visits were looked at for a review, and another visit is asked for where it is needed (K-04)."""

    says = Text(label="What did the review say about everybody’s visits?")
    extra = forms.ChoiceField(
        label="Is another visit needed?", choices=((YES, "Yes"), (NO, "No")), widget=forms.RadioSelect
    )
    agreed_for = DayField(label="By which day?", required=False)
    what_for = Text(label="What is it for?", required=False)
    reveals = {"extra": {YES: ("agreed_for", "what_for")}}

    def clean(self) -> dict[str, Any]:
        """A visit that is asked for has a day, and a home where it is made."""
        cleaned: dict[str, Any] = super().clean()
        if cleaned.get("extra") == YES:
            if not cleaned.get("agreed_for") and "agreed_for" not in self.errors:
                self.add_error("agreed_for", "Say by which day the other visit is made")
            self.refuse_past("agreed_for")
            if home_of(self.about.child, self.at) is None:
                self.add_error("extra", "No home is on record where the child could be visited")
        return cleaned

    def facts(self) -> list[Model]:
        told, child = self.cleaned_data, self.about.child
        facts: list[Model] = [
            VisitsConsidered(child=child, review=self.about, by=self.by, at=self.at, says=told["says"])
        ]
        if told["extra"] == YES:
            asked = {"asked_by": AskedBy.IRO, "asked_at": self.at, "agreed_for": told["agreed_for"]}
            home = home_of(child, self.at)
            facts.append(VisitAskedFor(placement=home, says=told["what_for"], **asked, **self.recorded()))
        return facts

    def details(self) -> dict[str, str]:
        return {"extra": said_day(self.cleaned_data["agreed_for"])}
