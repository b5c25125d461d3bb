"""What a visit asks: at most six answers, one of them typed. Nothing that the system knows is asked.

Where other children live in the same home, the same page asks who else was seen: one part for all of them, of the home,
and a part for each child. What is not ticked is not asked.
"""

import copy
import uuid
from datetime import datetime
from typing import Any

from django import forms
from django.utils.functional import cached_property

from accounts.roles import Role
from casework.forms import MomentField
from casework.lists import FilterForm, number_in
from casework.recording import RecordingForm
from casework.steps import NotYou
from casework.wording import counted, said_moment
from placements.models import Placement
from visits.models import SharedVisit, Visit, WhyNotAlone
from visits.permissions import VISITING, roles_to_visit_in
from visits.siblings import Others, others_here

YES, NO = "yes", "no"
ALONE, NOT_SEEN = "alone", "not_seen"
SEEN = (
    (ALONE, "Yes, and I spoke with the child alone"),
    *((why.value, f"Yes, but not alone: {why.label[:1].lower()}{why.label[1:]}") for why in WhyNotAlone),
    (NOT_SEEN, "No"),
)
STAYS_DUE = {NOT_SEEN: "The visit is kept on record. A visit stays due."}
LONGEST = 100_000
ASKED_BY_NAME = {
    "seen": "Did you see {}?",
    "account": "What did you see and hear of {}?",
    "worries": "Does anything about {} worry you?",
    "concerns": "What about {} worries you, and what have you done about it?",
}
"""What is asked of each child where there are several, in the words of the question."""
NOT_IN_SIGHT = (
    "One of the children whom you ticked is not a child whom you may see in this home. Nothing is recorded. "
    "Open the page again and tick only those who are named there."
)


class VisitForm(RecordingForm):
    """One visit to a child, and to those who live with the child as far as they were seen."""

    made_at = MomentField(label="When did you visit?")
    role = forms.ChoiceField(label="In which role did you visit?", widget=forms.RadioSelect)
    seen = forms.ChoiceField(label="Did you see the child?", choices=SEEN, widget=forms.RadioSelect)
    account = forms.CharField(
        label="What did you see and hear?",
        help_text="How the child is, what the child said, how things are at home.",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    worries = forms.ChoiceField(
        label="Does anything worry you?", choices=((YES, "Yes"), (NO, "No")), widget=forms.RadioSelect
    )
    concerns = forms.CharField(
        label="What worries you, and what have you done about it?",
        help_text="If you have not said it above.",
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    also = forms.MultipleChoiceField(
        label="Who else did you see here?",
        help_text="One visit can be to several children. What you write of one is not shown with another.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    home = forms.CharField(
        label="What did you see of the home itself?",
        help_text="It stands with the visit of each of them. Write of the home here, and not of one of the children.",
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.reveals = {"worries": {YES: ("concerns",)}}
        self.option_hints = {"seen": STAYS_DUE}
        self._ask_of_the_end()
        self._ask_role_of_several()
        if self._ticked:
            self._ask_who_else()
            if not set(self._ticked) <= self.others.keys():
                raise NotYou(NOT_IN_SIGHT)

    @cached_property
    def here(self) -> Others:
        """Who else lives here; asked of the database when the form is shown, or names somebody."""
        if self.about is None:
            return Others()
        ticked = [pk for each in self._ticked if (pk := number_in(each))]
        return others_here(self.about, self.by, self.at, on=self._shown_for, also=ticked)

    @cached_property
    def others(self) -> dict[str, Placement]:
        """Who else can be seen here, by what is ticked."""
        return {str(placement.pk): placement for placement in self.here.seen}

    @property
    def lives_here_too(self) -> str:
        """How many children live here whom this person does not see; empty where there is none to tell of."""
        number = self.here.number_besides
        lives = "lives" if number == 1 else "live"
        return f"{counted(number, 'more child')} {lives} here whom you do not see in Hearth." if number else ""

    def get_context(self) -> dict[str, Any]:
        """The form as it is shown, with the question who else was seen."""
        self._ask_who_else()
        return super().get_context()

    def take_up(self, draft: Any) -> None:
        """What was typed of other children too."""
        self._ask_who_else()
        super().take_up(draft)

    def clean_made_at(self):
        """A visit has been made, to this home, while the child lived there."""
        made_at, home = self.cleaned_data["made_at"], self.about
        if made_at > self.at:
            raise forms.ValidationError("The visit must have been made: record it when it has.")
        if made_at < _to_the_minute(home.started_at):
            raise forms.ValidationError(
                f"The child has lived here since {said_moment(home.started_at)}. "
                "Record an earlier visit on the page of the home before."
            )
        if home.ended_at and made_at > home.ended_at:
            raise forms.ValidationError(
                f"The child left this home on {said_moment(home.ended_at)}. "
                "Record a later visit on the page of the next home."
            )
        return max(made_at, home.started_at)

    def clean(self):
        """Whoever else was seen lived here then."""
        cleaned = super().clean()
        made_at = cleaned.get("made_at")
        for placement in self._seen_too if made_at else ():
            if not _to_the_minute(placement.started_at) <= made_at <= (placement.ended_at or made_at):
                self.add_error("also", _not_here_then(placement, made_at))
        return cleaned

    def visits(self) -> list[Visit]:
        """The visit as it was told, the child's own first, then a part for each of the others. The home's is not saved."""
        told = self.cleaned_data
        shared = SharedVisit(visitor=self.by, made_at=told["made_at"], account=told["home"]) if self._seen_too else None
        return [
            self._visit(self.about, "", told["key"], shared),
            *(
                self._visit(placement, f"_{placement.pk}", uuid.uuid5(told["key"], str(placement.pk)), shared)
                for placement in self._seen_too
            ),
        ]

    def _visit(self, placement: Placement, of: str, key: uuid.UUID, shared: SharedVisit | None) -> Visit:
        told = self.cleaned_data
        seen = told[f"seen{of}"]
        return Visit(
            placement=placement,
            visitor=self.by,
            role=told.get("role") or self._roles[0],
            made_at=max(told["made_at"], placement.started_at),
            recorded_at=self.at,
            child_seen=seen != NOT_SEEN,
            seen_alone=seen == ALONE,
            why_not_alone=seen if seen in WhyNotAlone.values else "",
            account=told[f"account{of}"],
            has_concerns=told[f"worries{of}"] == YES,
            concerns=told[f"concerns{of}"],
            key=key,
            shared=shared,
        )

    @property
    def _ticked(self) -> list[str]:
        return self.data.getlist(self.add_prefix("also")) if self.is_bound else []

    @property
    def _seen_too(self) -> list[Placement]:
        return [self.others[each] for each in self.cleaned_data.get("also", ())]

    @property
    def _shown_for(self) -> datetime:
        """The moment for which the form names who lives here: when the visit was made, as far as that is known yet."""
        typed = getattr(self, "cleaned_data", {}).get("made_at")
        return typed or (self.about.ended_at if self._is_over else self.at)

    @property
    def _is_over(self) -> bool:
        """Has the child left this home? Without a connection no home is known yet."""
        return bool(self.about and self.about.ended_at and self.about.ended_at <= self.at)

    def _ask_of_the_end(self) -> None:
        """A visit to a home that the child has left is recorded only with saying so, and on the day on which it was made."""
        if not self._is_over:
            self.fields["made_at"].initial = self.at
            return
        says = f"The child left this home on {said_moment(self.about.ended_at)}. I record a visit made before that."
        self.fields = {"before_the_end": forms.BooleanField(label=says), **self.fields}
        self._say_in_their_words()

    def _ask_role_of_several(self) -> None:
        """Whoever visits in one role is not asked; of several roles, the one allocated to the child is proposed."""
        self._roles: list[Role] = roles_to_visit_in(self.by, self.at)
        if len(self._roles) < 2:
            del self.fields["role"]
            return
        self.fields["role"].choices = [(role.value, role.label) for role in self._roles]
        allocated = {a.role for a in self.about.child.allocations_at(self.at) if a.person_id == self.by.pk}
        self.fields["role"].initial = next((role for role in self._roles if role in allocated), self._roles[0])

    def _ask_who_else(self) -> None:
        """A part for each child who can be seen here too; nothing is asked where there is none. Asked once."""
        if not self.others:
            for name in ("also", "home"):
                self.fields.pop(name, None)
        elif "also" not in self.reveals:
            self.fields["also"].choices = [(pk, placement.child.name) for pk, placement in self.others.items()]
            self._ask_by_name("", self.about)
            self.reveals["also"] = {pk: (*self._part(pk), "home") for pk in self.others}
            self.option_hints["also"] = {pk: _left(each) for pk, each in self.others.items() if each.ended_at}
            self.fields["home"] = self.fields.pop("home")  # below the parts of the children
            self._say_in_their_words()

    def _part(self, pk: str) -> tuple[str, ...]:
        """The questions about another child, by their names."""
        self._ask_by_name(f"_{pk}", self.others[pk])
        self.reveals[f"worries_{pk}"] = {YES: (f"concerns_{pk}",)}
        self.option_hints[f"seen_{pk}"] = STAYS_DUE
        return tuple(f"{name}_{pk}" for name in ("seen", "account", "worries"))

    def _ask_by_name(self, of: str, placement: Placement) -> None:
        for name, asks in ASKED_BY_NAME.items():
            field = self.fields[f"{name}{of}"] = copy.deepcopy(self.base_fields[name])
            field.label = asks.format(placement.child.name)


class VisitsFilter(FilterForm):
    """Narrows the list of visits to a child."""

    role = forms.ChoiceField(
        label="Visited by",
        required=False,
        choices=[("", "Everybody"), *((role.value, role.label) for role in VISITING)],
    )

    def narrowed(self, visits: Any) -> Any:
        """The visits that were chosen."""
        return visits.filter(**self.chosen)


def _to_the_minute(moment: datetime) -> datetime:
    """Moments are typed to the minute."""
    return moment.replace(second=0, microsecond=0)


def _left(placement: Placement) -> str:
    return f"Left this home on {said_moment(placement.ended_at)}"


def _not_here_then(placement: Placement, made_at: datetime) -> str:
    name, began = placement.child.name, placement.started_at
    when = f"has lived here since {said_moment(began)}" if made_at < began else _in_a_sentence(_left(placement))
    return f"{name} {when}. Take away the tick, and record that visit from {name}’s own page."


def _in_a_sentence(words: str) -> str:
    return words[:1].lower() + words[1:]
