"""What each step of the chain asks of the person who takes it. A form collects and cleans; `said` is what the step takes."""

from typing import Any

from django import forms
from django.db.models import Q

from accounts.models import Appointment, User
from accounts.roles import Role
from approvals.states import ApprovedAs
from casework.forms import Line, MomentField
from casework.taking import FormOnAVersion, ReasonForm, StepForm
from children.access import people_named


class ConveneForm(StepForm):
    """Who was at the case discussion, and when it ended."""

    held_at = MomentField(label="When did the case discussion end?", help_text="The 72 hours run from here.")
    social_worker = forms.ModelChoiceField(User.objects.none(), label="Social worker")
    team_manager = forms.ModelChoiceField(User.objects.none(), label="Team manager")
    legal = forms.ModelChoiceField(User.objects.none(), label="Member of Legal", empty_label="Choose")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        child = self.about.placement.child
        allocated = child.allocations.in_force(self.at).filter(role=Role.SOCIAL_WORKER).values("person")
        here = Q(team__in=child.holdings.in_force(self.at).values("team")) | Q(user__in=people_named(child, self.at))
        managers = Appointment.objects.in_force(self.at).filter(here, role=Role.TEAM_MANAGER).values("user")
        self._offer(
            "social_worker", User.objects.filter(pk__in=allocated, is_active=True), "is allocated to this child"
        )
        self._offer("team_manager", User.objects.filter(pk__in=managers, is_active=True), "manages the child’s team")
        self._offer("legal", User.objects.holding(Role.LEGAL, at=self.at), "is appointed to Legal")

    def _offer(self, name: str, people: Any, who: str) -> None:
        """Those who can be named; the only one is named already, and where there is none, the field says so."""
        field = self.fields[name]
        field.queryset = people
        found = list(people)
        if len(found) == 1:
            field.empty_label = None
        if not found:
            field.help_text = f"Nobody {who} at the moment: that must be put right first."
            field.error_messages["required"] = f"Nobody {who}: the case discussion needs all four people"

    def clean_held_at(self):
        """The discussion has been held, and not before the arrangement began."""
        held_at = self.cleaned_data["held_at"]
        if held_at and held_at > self.at:
            raise forms.ValidationError("The case discussion must have ended: record it when it has")
        if held_at and held_at < self.about.placement.started_at:
            raise forms.ValidationError("The case discussion cannot have ended before the child lived there")
        return held_at

    def said(self):
        """Who took part, and when."""
        return {name: self.cleaned_data[name] for name in ("social_worker", "team_manager", "legal", "held_at")}


class DecidingForm(FormOnAVersion):
    """Whoever decides has read the record as the page shows it."""

    def take_up(self, draft: Any) -> None:
        """A draft fills in answers, but what one decides upon is what this page shows."""
        shown = self.initial.get("digest")
        super().take_up(draft)
        self.initial["digest"] = shown


class SigningForm(DecidingForm):
    """A signature is bound to the version that the person has read."""

    def said(self):
        """The version that was read."""
        return {"digest": self.cleaned_data["digest"]}


class ApproveForm(SigningForm):
    """The Head of Service approves as one of two things."""

    approved_as = forms.ChoiceField(label="What do you approve it as?", choices=ApprovedAs, widget=forms.RadioSelect)

    def said(self):
        """The version that was read, and what it is approved as."""
        return {**super().said(), "approved_as": self.cleaned_data["approved_as"]}


class DecisionForm(ReasonForm, DecidingForm):
    """A decision against the record as it reads, with reasons."""


class FileForm(StepForm):
    """Where the signed record lies in the authority's document store."""

    reference = Line(label="Reference in the document store", max_length=200)

    def said(self):
        """The reference."""
        return {"reference": self.cleaned_data["reference"]}
