"""What planning a visit asks: a day, and what is to be looked at. No day is refused; what speaks against it is said."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, Final

from django import forms

from accounts.roles import Role
from casework.forms import DayField, Line, Text, Unreadable, read_time
from casework.recording import RecordingForm
from casework.taking import ReasonForm, StepForm
from casework.wording import said_moment
from visits.models import PlannedVisit, Visit
from visits.permissions import roles_to_visit_in
from visits.planning.spreading import LATEST, said_of_time, speaks_against
from visits.planning.who_goes import first_due, others_going, visits_due

ALL_THE_SAME: Final = "all_the_same"
GONE_BY: Final = "Plan a visit for today or later. A visit that was made is recorded."
TOO_FAR: Final = "Plan a visit within the next 400 days."
TIMES: Final = "Type the time like 14:30 or 2:30pm, or leave it empty."


class TimeOfDay(Line):
    """A time of day, as people type it; None where nobody knows it yet."""

    def to_python(self, value):
        """The time."""
        if not value or not isinstance(value, str):
            return value or None
        try:
            return read_time(value)
        except Unreadable:
            raise forms.ValidationError(TIMES) from None

    def prepare_value(self, value):
        """The time as it is shown in its box."""
        return value if isinstance(value, str) else said_of_time(value)


class DayToVisit(RecordingForm):
    """A day to visit on, with what speaks against it: then it has to be chosen once more."""

    planned_on = DayField(label="Which day?")
    planned_time = TimeOfDay(
        label="What time?",
        help_text="For example 14:30. Leave it empty if you do not know yet.",
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5", "autocomplete": "off"}),
    )
    all_the_same = forms.BooleanField(
        label="Plan it for this day all the same",
        help_text="Where others go then too, speak with them first: what is to be looked at, and who does.",
        required=False,
    )
    against: Callable[[date], Sequence[str]]
    """What speaks against a day: sentences."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            del self.fields[ALL_THE_SAME]

    def clean_planned_on(self):
        """A day ahead."""
        day = self.cleaned_data["planned_on"]
        if day is None or self.today <= day <= self.today + LATEST:
            return day
        raise forms.ValidationError(GONE_BY if day < self.today else TOO_FAR)

    def clean(self):
        """What speaks against the day is said; whoever chooses it all the same has read that."""
        cleaned = super().clean()
        day = cleaned.get("planned_on")
        against = self.against(day) if day else ()
        if not against:
            del self.fields[ALL_THE_SAME]
        elif not cleaned.get(ALL_THE_SAME):
            for sentence in against:
                self.add_error(ALL_THE_SAME, sentence)
        return cleaned


class PlanForm(DayToVisit):
    """A visit to a child at home, and to others who live there."""

    role = forms.ChoiceField(label="In which role will you visit?", widget=forms.RadioSelect)
    others = forms.MultipleChoiceField(
        label="Whom else will you visit there?", required=False, widget=forms.CheckboxSelectMultiple
    )
    says = Text(
        label="What do you want to look at?",
        help_text="And what you have agreed with others who visit. Whoever may read the child’s record reads it.",
        required=False,
    )
    field_order = ("planned_on", ALL_THE_SAME, "planned_time", "role", "others", "says")

    def __init__(self, *args: Any, siblings: Iterable[Any] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._siblings = {str(home.pk): home for home in siblings}
        self._roles: list[Role] = roles_to_visit_in(self.by, self.at)
        self._ask_role_of_several()
        if self._siblings:
            self.fields["others"].choices = [(pk, home.child.name) for pk, home in self._siblings.items()]
        else:
            del self.fields["others"]

    def homes(self) -> list[Any]:
        """The placement, and those of the others who are visited too."""
        return [self.about, *(self._siblings[pk] for pk in self.cleaned_data.get("others", ()))]

    def against(self, day: date) -> Sequence[str]:
        """Others who go to any of the children, and a visit that is due before."""
        homes = self.homes()
        going = others_going([home.child_id for home in homes], self.by, self.at)
        due_on = first_due(visits_due(homes), self.cleaned_data.get("role") or self._roles[0])
        return speaks_against(day, going, today=self.today, due_on=due_on)

    def plans(self) -> list[PlannedVisit]:
        """The visits as they were planned, one for each child."""
        told = self.cleaned_data
        return [
            PlannedVisit(
                child=home.child,
                placement=home,
                visitor=self.by,
                role=told.get("role") or self._roles[0],
                planned_on=told["planned_on"],
                planned_time=told["planned_time"],
                says=told["says"],
                planned_at=self.at,
            )
            for home in self.homes()
        ]

    def _ask_role_of_several(self) -> None:
        if len(self._roles) < 2:
            del self.fields["role"]
            return
        self.fields["role"].choices = [(role.value, role.label) for role in self._roles]
        allocated = {a.role for a in self.about.child.allocations_at(self.at) if a.person_id == self.by.pk}
        self.fields["role"].initial = next((role for role in self._roles if role in allocated), self._roles[0])


class CompanyForm(DayToVisit):
    """Going with the child to a new home."""

    says = Text(
        label="What do you want to find out there?",
        help_text="For example what the contract with the provider includes.",
        required=False,
    )
    field_order = ("planned_on", ALL_THE_SAME, "planned_time", "says")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["planned_on"].label = "On which day does the child move?"

    def against(self, day: date) -> Sequence[str]:
        """Nothing: a child has many people around on the day of a move."""
        return ()

    def plan(self) -> PlannedVisit:
        """The company as it was planned; the home is known when the move is recorded."""
        told = self.cleaned_data
        return PlannedVisit(
            child=self.about,
            visitor=self.by,
            role=roles_to_visit_in(self.by, self.at)[0],
            planned_on=told["planned_on"],
            planned_time=told["planned_time"],
            accompanies=True,
            says=told["says"],
            planned_at=self.at,
        )


class RearrangeForm(DayToVisit, StepForm):
    """Another day, or another time."""

    def against(self, day: date) -> Sequence[str]:
        """Others who go on the new day, and a visit that is due before."""
        plan = self.about
        if plan.placement is None:
            return ()
        going = others_going([plan.child_id], plan.visitor, self.at)
        due_on = first_due(visits_due([plan.placement]), plan.role)
        return speaks_against(day, going, today=self.today, due_on=due_on)

    def said(self) -> dict[str, Any]:
        """The arguments of the step."""
        return {name: self.cleaned_data[name] for name in ("planned_on", "planned_time")}


class CallOffForm(ReasonForm):
    """Why the visit is not made."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["because"].label = "Why is the visit not made?"


class WasMadeForm(StepForm):
    """Which of the visits on record is the one that was planned."""

    visit = forms.ModelChoiceField(
        label="Which visit was it?", queryset=Visit.objects.none(), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["visit"]
        field.queryset = self.about.visits_near
        field.label_from_instance = lambda visit: f"{said_moment(visit.made_at)}. {visit.how_seen}"

    def said(self) -> dict[str, Any]:
        """The arguments of the step."""
        return {"visit": self.cleaned_data["visit"]}
