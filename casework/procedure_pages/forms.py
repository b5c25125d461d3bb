"""The forms of procedures: choose a day, ask for a value of the authority's own, decide on it, take it back."""

from typing import Any, Final

from django import forms

from casework.forms import DayField, Form
from casework.limits import DayLimit, local_day
from casework.own_values import DECIDE, may_be_set
from casework.procedures import MaySet
from casework.proposals import deciders, objections_to_asking
from casework.recording import RecordingForm
from casework.rule_values import A_SWITCH, UNITS, RuleProposal

LONGEST: Final = 5_000
YES, NO = "yes", "no"
KEEP, TAKE_ALONG, DECLINE = "keep", "take_along", "decline"


class OnDayForm(Form):
    """The day whose rules are shown."""

    on = DayField(label="Date")


class AskForm(RecordingForm):
    """A value of the authority's own; `about` is the rule."""

    count = forms.IntegerField(label="New limit", min_value=1, max_value=1_000)
    unit = forms.ChoiceField(label="Counted in", choices=UNITS)
    is_on = forms.ChoiceField(
        label="Does this rule hold?", choices=((YES, "Yes"), (NO, "No")), widget=forms.RadioSelect
    )
    since = DayField(label="First day on which it holds", help_text="Tomorrow at the earliest, and after the decision.")
    because = forms.CharField(
        label="Why?",
        help_text="Whoever decides reads it, and it is kept. Name no child.",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    decider = forms.ChoiceField(
        label="Who decides?",
        help_text="A senior manager whom this deadline does not bind. They confirm it with their own password.",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.about.may_set is MaySet.SWITCH:
            del self.fields["count"], self.fields["unit"]
        else:
            del self.fields["is_on"]
            self.fields["count"].help_text = may_be_set(self.about)
            self.fields["unit"].choices = [unit for unit in UNITS if unit[0] != "hours" or self._counts_hours]
            self.fields["unit"].initial = next((unit for unit, _ in UNITS if self._is_unit(unit)), "days")
        self._people = deciders(self.about, asked_by=self.by, at=self.at)
        self.fields["decider"].choices = [
            (str(person.pk), f"{person}, {', '.join(sorted(role.label for role in roles & DECIDE))}")
            for person, roles in self._people.items()
        ]
        if not self._people:
            self.fields["decider"].help_text = "Nobody here holds a role that can decide this. Appoint somebody first."

    def clean(self):
        """What stands against the value is said at the field to mend."""
        cleaned = super().clean()
        if not self.errors:
            proposal = self.proposal()
            own = proposal.as_own_value(takes_running_along=False)
            objections = objections_to_asking(own, self.at)
            too_early = own.since <= local_day(self.at)
            for objection in objections:
                self.add_error("since" if too_early else self._value_field, objection)
        return cleaned

    def proposal(self) -> RuleProposal:
        """What is asked for."""
        told = self.cleaned_data
        value = {"count": told["count"], "unit": told["unit"]} if "count" in told else A_SWITCH
        return RuleProposal(
            code=self.about.code,
            **value,
            is_on=told["is_on"] == YES if "is_on" in told else None,
            since=told["since"],
            because=told["because"],
            asked_by=self.by,
            asked_at=self.at,
            decider=next(person for person in self._people if str(person.pk) == told["decider"]),
        )

    @property
    def _value_field(self):
        return "count" if "count" in self.fields else "is_on"

    @property
    def _counts_hours(self):
        return not isinstance(self.about.limit, DayLimit)

    def _is_unit(self, unit):
        proposal = RuleProposal(count=1, unit=unit)
        return type(proposal.limit) is type(self.about.limit)


class DecideForm(RecordingForm):
    """The decision on a proposal; `about` is the proposal."""

    option_hints = {"answer": {TAKE_ALONG: "See above what becomes overdue at once.", KEEP: "The usual."}}

    answer = forms.ChoiceField(label="What do you decide?", widget=forms.RadioSelect)
    because = forms.CharField(
        label="Why?",
        help_text="It is kept with the decision for good, and everybody can read it. Name no child.",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        number = (
            (KEEP, "Yes. Deadlines that run keep their day"),
            (TAKE_ALONG, "Yes, and deadlines that run are taken along"),
        )
        self.fields["answer"].choices = (
            *(number if self.about.is_on is None else ((KEEP, "Yes"),)),
            (DECLINE, "No"),
        )
        if self.about.is_on is not None:
            self.option_hints = {}
