"""What the steps beside the signatures ask: the case note, what was agreed after a dissent, the renewal of an approval."""

from typing import Any

from django import forms

from approvals.after_dissent import owners
from approvals.forms import SigningForm
from approvals.models.renewal import PARTS
from casework.forms import NOTHING_CHOSEN, DayField, Text
from casework.taking import ReasonForm, StepForm
from casework.wording import said_day

ROWS = (1, 2, 3)
"""How many actions the page asks for at once; more are added beside those that were agreed."""
WANTED = {
    "what": "Action {}: say what is to be done",
    "owner": "Action {}: select who does it",
    "due_on": "Action {}: enter the day by which",
}


class NoteForm(ReasonForm):
    """The case note of the meeting, which is written once."""

    because = Text(
        label="Case note",
        help_text="That the meeting took place, who was there, and what came of it. It stands in the child’s timeline, and "
        "is not changed afterwards.",
    )


class FeedBackForm(StepForm):
    """What the Service Director and the Head of Service agreed after a dissent, and who does what by when."""

    because = Text(label="What did you agree with the Service Director?")
    record_changes = forms.TypedChoiceField(
        label="Does the record have to change?",
        choices=(("yes", "Yes"), ("no", "No")),
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
    )
    option_hints = {
        "record_changes": {
            "yes": "The Deputy Head of Service types it anew, and everybody agrees and signs again.",
            "no": "It goes to the Service Director again as it stands.",
        }
    }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        people = owners(self.about, self.by, self.about.dissented_by) if self.about.state == "dissented" else {}
        who = [(role.value, f"{person} ({role.label})") for role, person in people.items() if person]
        for number in ROWS:
            is_first = number == ROWS[0]
            label = f"Action {number}: what is to be done?"
            self.fields[f"what_{number}"] = Text(label=label, required=is_first, error_messages=_asks("what", number))
            self.fields[f"owner_{number}"] = forms.ChoiceField(
                label=f"Action {number}: who does it?",
                choices=[*NOTHING_CHOSEN, *who],
                required=is_first,
                error_messages=_asks("owner", number),
            )
            self.fields[f"due_on_{number}"] = DayField(
                label=f"Action {number}: by when?", required=is_first, error_messages=_asks("due_on", number)
            )

    def clean(self) -> Any:
        """An action is whole, and its day does not lie before today: it was agreed just now."""
        cleaned = super().clean()
        for number in ROWS:
            said = {name: cleaned.get(f"{name}_{number}") for name in WANTED}
            wrong = {name for name in WANTED if f"{name}_{number}" in self.errors}
            if any(said.values()) or wrong:
                for name in WANTED.keys() - wrong:
                    if not said[name]:
                        self.add_error(f"{name}_{number}", WANTED[name].format(number))
            if said["due_on"] and said["due_on"] < self.today:
                self.add_error(f"due_on_{number}", f"Action {number}: the day cannot lie before {said_day(self.today)}")
        return cleaned

    def said(self) -> dict[str, Any]:
        """Whether the record goes round again, and the actions."""
        rows = [{name: self.cleaned_data[f"{name}_{number}"] for name in WANTED} for number in ROWS]
        actions = [{**row, "due_on": row["due_on"].isoformat()} for row in rows if row["what"]]
        return {"record_changes": self.cleaned_data["record_changes"], "actions": actions}


class RenewForm(SigningForm):
    """Why an interim approval is to hold on, and what was done to find a regulated home."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for part in PARTS:
            self.fields[part.name] = Text(label=part.label, help_text=part.hint)

    def said(self) -> dict[str, Any]:
        """The version that was read, and what is written down."""
        return {**super().said(), "content": {part.name: self.cleaned_data[part.name] for part in PARTS}}


def _asks(name: str, number: int) -> dict[str, str]:
    return {"required": WANTED[name].format(number)}
