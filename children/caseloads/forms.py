"""What is asked when many children are given to others: which, to whom, from when and why; then every line once more."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django import forms

from casework.forms import DayField, Form
from casework.limits import from_day, local_day, start_of
from casework.lists import FilterForm, number_in
from casework.recording import RecordingForm
from casework.wording import counted, said_day
from children.caseloads.bulk import (
    MOST_AT_ONCE,
    Allocating,
    Kind,
    Line,
    Plan,
    plan_of,
    shortened,
    split,
)

LONGEST_REASON = 1000
TO, WAS = "to-", "was-"
"""How the controls of a line begin; the child's number follows."""
LEAVE = "Leave as it is"
A_MOMENT = timedelta(microseconds=1)


class CaseloadFilter(FilterForm):
    """Narrows whom the list shows: by questions that hang on the page, each with its label and its answers."""

    def __init__(self, *args: Any, **questions: tuple[str, list[tuple[str, Any]]]):
        super().__init__(*args)
        for name, (label, answers) in questions.items():
            self.fields[name] = forms.ChoiceField(label=label, choices=answers, required=False)
        self._say_in_their_words()


class TickedField(forms.MultipleChoiceField):
    """Children ticked in a list; which of them can be changed is asked when the lines are drawn."""

    def valid_value(self, value):
        """A child's number."""
        return number_in(value) is not None


class ChooseForm(Form):
    """Which children go to whom, from when and why. Nothing is written yet."""

    child = TickedField(
        label="Children",
        error_messages={"required": "Tick at least one child"},
        widget=forms.CheckboxSelectMultiple,
    )
    to = forms.MultipleChoiceField(
        label="To whom?",
        widget=forms.CheckboxSelectMultiple,
        help_text="Tick several to share the children out evenly. You can change each line on the next page.",
    )
    from_on = DayField(label="First day", help_text="Today means from now on.")
    because = forms.CharField(
        label="Why?",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For each child’s history.",
    )

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any):
        super().__init__(*args, **kwargs)
        targets = kind.targets(kind.at)
        self.fields["to"].choices = [(target.value, target.name) for target in targets]
        self.option_hints = {"to": {target.value: target.note for target in targets if target.note}}
        if not isinstance(kind, Allocating):
            self.fields["to"].label = "To which team?"
        self.initial.setdefault("from_on", local_day(kind.at))
        self.kind = kind

    def clean(self):
        """Whoever is chosen still holds the role on a day ahead."""
        cleaned = super().clean()
        day, chosen = cleaned.get("from_on"), cleaned.get("to", ())
        if day and start_of(day) > self.kind.at:
            then = {target.value for target in self.kind.targets(start_of(day))}
            for value, name in self.fields["to"].choices:
                if value in chosen and value not in then:
                    self.add_error("to", f"{name} does not hold the role on {said_day(day)}")
        return cleaned

    def clean_child(self):
        """At most as many as one can check line by line."""
        ticked = self.cleaned_data["child"]
        if len(ticked) > MOST_AT_ONCE:
            raise forms.ValidationError(f"Tick at most {MOST_AT_ONCE} children, and come back for the others")
        return ticked

    @property
    def ticked(self) -> set[str]:
        """The children ticked, as the list draws them."""
        return {str(value) for value in self["child"].value() or ()}


class CheckForm(RecordingForm):
    """Every line once more: the child, from whom, to whom. What is sent carries what the page said of each."""

    to_role = forms.CharField(widget=forms.HiddenInput, required=False)
    of_team = forms.CharField(widget=forms.HiddenInput, required=False)
    from_on = forms.DateField(widget=forms.HiddenInput, required=False)
    """Empty: from now on."""
    because = forms.CharField(widget=forms.HiddenInput, max_length=LONGEST_REASON)
    plan: Plan

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.is_bound:
            self._draw(self.data)

    @property
    def kind(self) -> Kind:
        """What is changed, and whom it can concern."""
        return self.about

    def take_up(self, draft):
        """The lines as they were proposed, or as somebody had changed them."""
        super().take_up(draft)
        self._draw(draft)

    def draw_again(self) -> None:
        """The lines as they stand now: somebody was quicker."""
        self._draw(self.data)

    def _draw(self, typed: Any) -> None:
        day = self.fields["from_on"].widget.value_from_datadict(typed, {}, "from_on")
        self.starts_at = _moment(day, self.at)
        self.to, self.was = _answers(typed, TO), _answers(typed, WAS)
        self.plan = plan_of(self.kind, self.to, self.was, self.starts_at)

    def clean(self):
        """Refused as a whole where one child has changed meanwhile, or cannot go where it shall."""
        cleaned = super().clean()
        if self.plan.objections:
            self.add_error(None, shortened(self.plan.objections))
        return cleaned

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """The lines as the page draws them: what stands now is read now, so that sending it again counts from here."""
        answers = [("", LEAVE), *((target.value, target.name) for target in self.plan.targets)]
        return [
            {
                "child": line.child,
                "now": self.kind.said(line.now),
                "was": line.was,
                "was_name": f"{WAS}{line.child.pk}",
                "to_name": f"{TO}{line.child.pk}",
                "answers": [(value, says, value == line.to) for value, says in answers],
                "problem": line.problem,
            }
            for line in self.plan.lines
        ]

    @property
    def said(self) -> list[dict[str, str]]:
        """What holds for all lines: the role, from when, why; and how many go to whom."""
        day = local_day(self.starts_at)
        parts = Counter(line.to for line in self.plan.changes)
        shares = [
            f"{target.name}: {parts[target.value]} more ({target.note})"
            for target in self.plan.targets
            if parts[target.value]
        ]
        role = self.kind.role
        return [
            *([{"label": "Role", "says": role.label}] if role else []),
            {"label": "From", "says": "Now" if self.starts_at == self.at else said_day(day)},
            {"label": "Why", "says": self["because"].value() or ""},
            {"label": "To whom", "says": "\n".join(shares) or "Nobody"},
        ]

    @property
    def gap(self) -> str:
        """That nobody is allocated for a while, where whoever is now leaves before the change begins."""
        rows = [line.now for line in self.plan.changes if line.now]
        number = self.kind.gone_before(rows, self.starts_at - A_MOMENT) if self.starts_at > self.at and rows else 0
        if not number:
            return ""
        day = said_day(local_day(self.starts_at))
        return f"Until {day} nobody is allocated to {counted(number, 'child')}: whoever is now leaves, or has left, before."


def proposal(kind: Kind, lines: list[Line], targets: list[str], day: date, because: str) -> dict[str, str]:
    """What the page of lines holds at first: an even split, under the names of its controls."""
    split(lines, targets)
    typed = {"from_on": "" if day == local_day(kind.at) else day.isoformat(), "because": because}
    typed |= {"to_role": kind.role or "", "of_team": str(kind.team.pk) if kind.team else ""}
    for line in lines:
        typed[f"{TO}{line.child.pk}"] = line.to
        typed[f"{WAS}{line.child.pk}"] = line.was
    return typed


def _moment(day: str | None, at: datetime) -> datetime:
    read = forms.DateField(required=False)
    try:
        chosen = read.clean(day)
    except forms.ValidationError:
        chosen = None
    return from_day(chosen, at) if chosen else at


def _answers(typed: Any, prefix: str) -> Mapping[int, str]:
    return {
        int(name.removeprefix(prefix)): typed[name]
        for name in typed
        if name.startswith(prefix) and number_in(name.removeprefix(prefix)) is not None
    }
