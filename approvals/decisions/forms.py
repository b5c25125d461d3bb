"""What each step of a senior decision asks. The form of a kind's record is made of the parts of its row in the table."""

from datetime import date
from typing import Any

from django import forms

from accounts.models import User
from approvals.forms import DecidingForm, SigningForm
from casework.forms import DayField, Line, MomentField, Text
from casework.sections.parts import Asks, Part
from casework.taking import FormOnAVersion, ReasonForm, StepForm
from children.access import Extent, sight_of


def field_of(part: Part) -> forms.Field:
    """The field in which a part is answered."""
    about: dict[str, Any] = {
        "label": part.label,
        "help_text": part.hint,
        "required": part.required,
    }
    if part.asks == Asks.DAY:
        return DayField(**about)
    if part.asks == Asks.CHOICE:
        return forms.ChoiceField(choices=part.choices, widget=forms.RadioSelect, **about)
    if part.asks == Asks.LINE:
        return Line(max_length=200, **about)
    return Text(error_messages={"required": f"Write something under “{part.label}”"}, **about)


class PutForm(FormOnAVersion):
    """What is put forward, part by part, upon the version that the typist has read, if there is one."""

    digest = forms.CharField(widget=forms.HiddenInput, required=False)
    said_by = forms.ModelChoiceField(
        User.objects.none(),
        label="Who has said yes by telephone?",
        required=False,
        empty_label="Nobody: it is decided in writing",
        help_text="Only where it could not wait. What was said goes to them to be signed, without being checked first.",
    )
    said_at = MomentField(label="When did they say yes by telephone?", required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.withheld = self._withheld()
        kept = self.about.answered_in_hearth | self.withheld.keys()
        self.parts = [part for part in self.about.of_kind.parts if part.asks != Asks.KNOWN and part.name not in kept]
        for part in self.parts:
            self.fields[part.name] = field_of(part)
        revealed: dict[str, dict[str, tuple[str, ...]]] = {}
        for part in self.parts:
            if part.only_if:
                question, answer = part.only_if
                answers = revealed.setdefault(question, {})
                answers[answer] = (*answers.get(answer, ()), part.name)
        self.reveals = revealed
        if self.about.of_kind.by_telephone:
            self.fields["said_by"].queryset = User.objects.holding(
                *self.about.of_kind.deciders_of(self.about), at=self.at
            )
        else:
            del self.fields["said_by"], self.fields["said_at"]
        self.order_fields([*(part.name for part in self.parts), "said_by", "said_at"])

    def _withheld(self) -> dict[str, str]:
        """Legal advice that stands in the record and that whoever types does not see: it stays as it is."""
        version = self.about.version
        if version is None or sight_of(self.by, self.about.child, self.at).legal_advice != Extent.NO:
            return {}
        return {part.name: text for part, text in version.parts if part.legal_advice and text}

    def clean(self):
        """What is asked with an answer is required with it; nobody has said anything in the future."""
        cleaned = super().clean()
        self._require_both_of_the_call(cleaned)
        return cleaned

    def _require_both_of_the_call(self, cleaned: Any) -> None:
        """Who said yes by telephone, and when: both or neither."""
        self.refuse_future("said_at")
        if cleaned.get("said_by") and not cleaned.get("said_at") and "said_at" not in self.errors:
            self.add_error("said_at", "Enter when they said yes by telephone")
        if cleaned.get("said_at") and not cleaned.get("said_by") and "said_by" not in self.errors:
            self.add_error("said_by", "Select who said yes by telephone")

    def said_of_newer(self, newer: Any) -> str:
        """Both texts are kept."""
        return (
            f"{newer.typed_by} typed version {newer.number} while you were writing. Your text is kept here, and version "
            f"{newer.number} is shown below it. Bring the two together, then send yours."
        )

    def said(self):
        """The text of each part, and what it was written upon."""
        return {
            "content": self._content(),
            "digest": self.cleaned_data["digest"],
            "said_at": self.cleaned_data.get("said_at"),
            "said_by": self.cleaned_data.get("said_by"),
        }

    def _content(self) -> dict[str, str]:
        answers = {part.name: _kept(self.cleaned_data.get(part.name)) for part in self.parts}
        return self.withheld | {part.name: answers[part.name] if part.is_asked(answers) else "" for part in self.parts}


class SayForm(StepForm):
    """What somebody who is consulted thinks."""

    says = Text(label="What do you think of it, and why?", help_text="Whoever decides reads it, with your name.")

    def said(self):
        """What was said."""
        return {"says": self.cleaned_data["says"]}


class DeclineForm(ReasonForm, DecidingForm):
    """A decision against what is put, with reasons."""


STEPS = {
    "put": (PutForm, "It is put forward."),
    "say": (SayForm, "Whoever decides will read what you said."),
    "confirm": (SigningForm, "You have confirmed that it is complete. It is with whoever decides now."),
    "decide": (SigningForm, "You have decided. What you agreed to holds from now."),
    "hand_back": (DeclineForm, "Handed back, with your reasons."),
    "decline": (DeclineForm, "Declined, with your reasons."),
    "take_effect": (StepForm, "What was decided holds for where the child lives now."),
    "take_back": (ReasonForm, "Taken back, with your reasons."),
}
"""What each step asks, and what the page says once it is taken."""

NOTHING_TO_TYPE = ("confirm", "decide", "take_effect")
"""Steps that are taken on the decision's own page, below what there is to read."""

WITH_PASSWORD = ("confirm", "decide", "decline")
"""Signatures and decisions, for which the password is asked again."""


def _kept(answer: Any) -> str:
    return answer.isoformat() if isinstance(answer, date) else str(answer or "")
