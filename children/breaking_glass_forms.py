"""What is asked of whoever breaks the glass, and of whoever reviews it."""

from django import forms

from casework.forms import DayField
from casework.recording import RecordingForm
from casework.wording import counted
from children import breaking_glass
from children.states import ReviewOutcome, WhyOpened

BY_NUMBER, BY_NAME = "number", "name"
A_SENTENCE = 15
"""Characters: less than this is no reason."""


class BreakGlassForm(RecordingForm):
    """Whose record, for which reason, for how long."""

    by_what = forms.ChoiceField(
        label="What do you know of the child?",
        choices=[(BY_NUMBER, "The authority’s number"), (BY_NAME, "The full name and the date of birth")],
        widget=forms.RadioSelect,
    )
    number = forms.CharField(label="The authority’s number for the child", max_length=20)
    name = forms.CharField(
        label="Full name", max_length=200, help_text="First names and last name, as they are on record."
    )
    born = DayField(label="Date of birth")
    why = forms.ChoiceField(label="Why do you open the record?", choices=WhyOpened.choices, widget=forms.RadioSelect)
    because = forms.CharField(
        label="Why, in your own words",
        widget=forms.Textarea(attrs={"rows": 4}),
        min_length=A_SENTENCE,
        max_length=2000,
        help_text="Do not write the child’s name: whoever reviews this does not see the record.",
        error_messages={
            "required": "Say why, in your own words",
            "min_length": "Say a little more of why: at least %(limit_value)d characters. This has %(show_value)d",
        },
    )
    hours = forms.TypedChoiceField(label="For how long?", coerce=int, widget=forms.RadioSelect)
    reveals = {"by_what": {BY_NUMBER: ("number",), BY_NAME: ("name", "born")}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["hours"].choices = [
            (hours, counted(hours, "hour")) for hours in breaking_glass.hours_to_choose(self.at)
        ]
        for name in ("number", "name"):
            self.fields[name].widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}

    def child(self):
        """The one child meant; None where nothing may be opened."""
        said = self.cleaned_data
        if said["by_what"] == BY_NUMBER:
            return breaking_glass.the_one_child(number=said["number"])
        return breaking_glass.the_one_child(name=said["name"], born=said["born"])


class CloseForm(RecordingForm):
    """Nothing is asked of whoever closes a record."""


class ReviewForm(RecordingForm):
    """What the reviewer found."""

    outcome = forms.ChoiceField(label="What do you find?", choices=ReviewOutcome.choices, widget=forms.RadioSelect)
    question = forms.CharField(
        label="What is to be explained?", widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )
    fault = forms.CharField(
        label="What is not in order, and what happens now?", widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )
    option_hints = {
        "outcome": {ReviewOutcome.EXPLAIN: "The person gets a mail. The review stays open until you settle it."}
    }
    reveals = {"outcome": {ReviewOutcome.EXPLAIN: ("question",), ReviewOutcome.NOT_IN_ORDER: ("fault",)}}
    refusals = {"nobody_reviews_their_own_break_glass": (None, "Somebody else reviews what you opened")}

    def says(self) -> str:
        """The reviewer’s words; empty where everything is in order."""
        return self.cleaned_data.get("question") or self.cleaned_data.get("fault") or ""
