"""What is asked about a relative or friend who may care for a child. A form collects and cleans; the steps act."""

from typing import Any, Final

from django import forms

from approvals.connected.states import NOT_ASSESSED_TO_THE_END, CheckFound, WhyNot
from approvals.models import HouseholdMember
from casework.forms import DayField, Line, Text
from casework.recording import RecordingForm
from casework.taking import ReasonForm, StepForm
from casework.wording import said_day
from placements.forms.naming import NamingForm
from placements.models import Carer, Placement
from placements.states import Setting

LIVES_WITH: Final = "lives_with"
SOMEBODY_ELSE: Final = "somebody_else"


class EnquireForm(NamingForm, StepForm):
    """Who might care for the child, and how they are connected. What is on record already is not asked again."""

    lives_in = Setting.CONNECTED_PERSON
    names_place = False
    who = forms.ChoiceField(label="Who is it?", widget=forms.RadioSelect)
    name = forms.CharField(
        label="Name", max_length=200, help_text="Where two people would care for the child together, both names."
    )
    relationship = Line(label="How they and the child are connected", max_length=100, help_text="For example: aunt.")
    asked_on = DayField(label="When were they first named as somebody who might care for the child?")
    field_order = ("who", "name", "which", "relationship", "address", "postcode", "asked_on")

    def __init__(self, *args: Any, about: Any, at: Any, **kwargs: Any):
        lives = Placement.objects.live(at).filter(child=about.child, setting=Setting.CONNECTED_PERSON)
        self.present = lives.exclude(carer=None).select_related("carer").first()
        super().__init__(*args, about=about, at=at, **kwargs)
        self.initial.setdefault("asked_on", self.today)
        if self.present is None:
            del self.fields["who"]
            return
        lives_with = f"{self.present.carer.name}, with whom the child lives now"
        self.fields["who"].choices = [(LIVES_WITH, lives_with), (SOMEBODY_ELSE, "Somebody else")]
        others = tuple(name for name in ("name", "which", "relationship", "address", "postcode") if name in self.fields)
        self.reveals = {"who": {SOMEBODY_ELSE: others}}

    def clean(self):
        """They were named today or before; of whom the child lives with, everything is known."""
        cleaned = super().clean()
        self.refuse_future("asked_on")
        if self._is_present and not self.present.relationship:
            cleaned["relationship"] = "Connected person"
        return cleaned

    @property
    def _is_present(self) -> bool:
        return self.present is not None and self.cleaned_data.get("who") == LIVES_WITH

    def said(self) -> dict[str, Any]:
        """Who it is, how they are connected, and since when they are asked about."""
        carer: Carer | None = self.present.carer if self._is_present else self.carer()
        relationship = self.present.relationship if self._is_present else ""
        return {
            "carer": carer,
            "relationship": relationship or self.cleaned_data["relationship"],
            "asked_on": self.cleaned_data["asked_on"],
        }


class HouseholdForm(RecordingForm):
    """Somebody who lives in the home, the carer too, and the checks that are made of everybody of 18 or older."""

    name = Line(label="Name", max_length=200)
    is_who = Line(label="Who they are there", max_length=100, help_text="For example: carer, her partner, son.")
    born_on = DayField(label="Date of birth")
    police_found = forms.ChoiceField(
        label="What the police check found",
        choices=[("", "It is not back yet"), *CheckFound.choices],
        required=False,
        widget=forms.RadioSelect,
        help_text="For everybody of 18 or older.",
    )
    police_checked_on = DayField(label="When did the police check come back?", required=False)
    authority_found = forms.ChoiceField(
        label="What the authority’s own records say",
        choices=[("", "They are not looked through yet"), *CheckFound.choices],
        required=False,
        widget=forms.RadioSelect,
    )
    authority_checked_on = DayField(label="When were the authority’s own records looked through?", required=False)
    says = Text(label="What is known, and how it is weighed", required=False)
    came_on = DayField(
        label="Since when do they live there?",
        required=False,
        help_text="Leave this empty if they lived there before the enquiry.",
    )
    left_on = DayField(
        label="First day on which they live there no longer",
        required=False,
        help_text="Leave this empty while they live there.",
    )
    never = forms.BooleanField(
        label="This person was recorded by mistake and never lived there",
        required=False,
    )
    wrong = Text(label="If so, what was wrong?", required=False)
    PAST = ("born_on", "police_checked_on", "authority_checked_on", "came_on", "left_on")
    field_order = ("name", "is_who", "born_on", "came_on", "left_on")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.about.pk is None:
            del self.fields["never"], self.fields["wrong"]

    def clean(self):
        """Nothing of it lies ahead; something that is known is described."""
        cleaned = super().clean()
        for name in self.PAST:
            self.refuse_future(name)
        for check in ("police", "authority"):
            self._require_both(f"{check}_found", f"{check}_checked_on")
        found = (cleaned.get("police_found"), cleaned.get("authority_found"))
        if CheckFound.SOMETHING in found and not cleaned.get("says"):
            self.add_error("says", "Write down what is known, and how it is weighed")
        if cleaned.get("never") and not cleaned.get("wrong"):
            self.add_error("wrong", "Write down what was wrong")
        return cleaned

    def _require_both(self, found: str, checked_on: str) -> None:
        """What a check found comes with the day on which it came back, and the day with what it found."""
        says, day = self.cleaned_data.get(found), self.cleaned_data.get(checked_on)
        if says and not day and checked_on not in self.errors:
            self.add_error(checked_on, f"Answer “{self.fields[checked_on].label}”")
        if day and not says:
            self.add_error(found, "Say what was found, or take away the day")

    def because(self) -> str:
        """What was wrong, where they were recorded by mistake."""
        return self.cleaned_data.get("wrong", "") if self.cleaned_data.get("never") else ""

    def member(self) -> HouseholdMember:
        """The person of the household, new or as it is known now; struck out where it never was one."""
        self.about.struck_out = self.cleaned_data.get("never", False)
        for name in HOUSEHOLD:
            setattr(self.about, name, self.cleaned_data[name] or ("" if name in TEXTS else None))
        return self.about


TEXTS: Final = ("name", "is_who", "police_found", "authority_found", "says")
HOUSEHOLD: Final = (*TEXTS, *HouseholdForm.PAST)


class OutcomeForm(StepForm):
    """Something that happened on a day after the enquiry."""

    def clean(self):
        """It has happened, and not before they were asked about."""
        cleaned = super().clean()
        for name in ("asked_on", "sent_on", "decided_on", "ended_on"):
            self.refuse_future(name)
            day = cleaned.get(name)
            if day and day < self.about.asked_on:
                says = f"They were asked about on {said_day(self.about.asked_on)}: enter that day or a later one"
                self.add_error(name, says)
            elif day and self.about.is_in_review and day < self.about.review_asked_on:
                says = (
                    f"The review was asked for on {said_day(self.about.review_asked_on)}: enter that day or a later one"
                )
                self.add_error(name, says)
        return cleaned

    def said(self) -> dict[str, Any]:
        """What was answered, but for the reasons."""
        return {name: self.cleaned_data[name] for name in self.fields if name not in ("key", "because")}


class ApprovedForm(OutcomeForm):
    """The agency decision maker approved them."""

    decided_on = DayField(label="From which day are they approved as foster carers?")
    decided_by = Line(label="Who decided", max_length=200)


class UpheldForm(OutcomeForm):
    """The independent review left the refusal as it is."""

    decided_on = DayField(label="When was the review decided?")


class ReviewAskedForm(OutcomeForm):
    """They asked for an independent review of the refusal."""

    asked_on = DayField(label="When did they ask for it?")


class PapersForm(OutcomeForm):
    """The independent panel has what it needs."""

    sent_on = DayField(label="When were the papers sent?")


class WithReasonsForm(OutcomeForm):
    """An end without approval: the main reason, as the report counts it, and the reasons in words."""

    why_not = forms.ChoiceField(label="The main reason", choices=WhyNot.choices, widget=forms.RadioSelect)
    because = Text(label="The reasons, in your words")
    field_order = ("decided_on", "ended_on", "how_ended", "why_not", "because")


class RefusedForm(WithReasonsForm):
    """The agency decision maker refused them."""

    decided_on = DayField(label="When were they refused?")


class NoFurtherForm(WithReasonsForm):
    """It ends before the full assessment does."""

    ended_on = DayField(label="When did it end?")
    how_ended = forms.ChoiceField(
        label="How did it end?",
        choices=[(how.value, how.label) for how in NOT_ASSESSED_TO_THE_END],
        widget=forms.RadioSelect,
    )


STEPS: Final = {
    "approve_in_full": (ApprovedForm, "The approval is recorded."),
    "refuse_in_full": (RefusedForm, "The refusal is recorded."),
    "ask_for_review": (ReviewAskedForm, "Recorded. An extension until the review is decided can be put forward now."),
    "send_papers": (PapersForm, "Recorded."),
    "uphold_refusal": (UpheldForm, "Recorded."),
    "take_no_further": (NoFurtherForm, "Recorded."),
    "put_right": (ReasonForm, "It is put right: they are being looked into again."),
    "strike_out": (ReasonForm, "It stays in the record as opened by mistake, and counts no longer."),
}
"""What each step asks, and what the page says once it is taken. A new step is a row here and a transition."""

CORRECTIONS: Final = ("strike_out", "put_right")
"""The steps that put right what was recorded wrongly: the page offers them apart from the others."""
