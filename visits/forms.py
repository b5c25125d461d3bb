"""What a visit asks: at most six answers, one of them typed. Nothing that the system knows is asked."""

from typing import Any

from django import forms

from accounts.roles import Role
from casework.forms import MomentField
from casework.recording import RecordingForm
from casework.wording import said_moment
from visits.models import Visit, WhyNotAlone
from visits.permissions import roles_to_visit_in

YES, NO = "yes", "no"
ALONE, NOT_SEEN = "alone", "not_seen"
SEEN = (
    (ALONE, "Yes, and I spoke with the child alone"),
    *((why.value, f"Yes, but not alone: {why.label[:1].lower()}{why.label[1:]}") for why in WhyNotAlone),
    (NOT_SEEN, "No"),
)
LONGEST = 100_000


class VisitForm(RecordingForm):
    """One visit to a child."""

    reveals = {"worries": {YES: ("concerns",)}}
    option_hints = {"seen": {NOT_SEEN: "The visit is kept on record. A visit stays due."}}

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

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["made_at"].initial = self.at
        self._ask_role_of_several()

    def clean_made_at(self):
        """A visit has been made, to this home, while the child lived there."""
        made_at, home = self.cleaned_data["made_at"], self.about
        if made_at > self.at:
            raise forms.ValidationError("The visit must have been made: record it when it has.")
        if made_at < home.started_at.replace(second=0, microsecond=0):  # Moments are typed to the minute.
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

    def visit(self) -> Visit:
        """The visit as it was told."""
        told = self.cleaned_data
        seen = told["seen"]
        return Visit(
            placement=self.about,
            visitor=self.by,
            role=told.get("role") or self._roles[0],
            made_at=told["made_at"],
            recorded_at=self.at,
            child_seen=seen != NOT_SEEN,
            seen_alone=seen == ALONE,
            why_not_alone=seen if seen in WhyNotAlone.values else "",
            account=told["account"],
            has_concerns=told["worries"] == YES,
            concerns=told["concerns"],
            key=told["key"],
        )

    def _ask_role_of_several(self) -> None:
        """Whoever visits in one role is not asked; of several roles, the one allocated to the child is proposed."""
        self._roles: list[Role] = roles_to_visit_in(self.by, self.at)
        if len(self._roles) < 2:
            del self.fields["role"]
            return
        self.fields["role"].choices = [(role.value, role.label) for role in self._roles]
        allocated = {a.role for a in self.about.child.allocations_at(self.at) if a.person_id == self.by.pk}
        self.fields["role"].initial = next((role for role in self._roles if role in allocated), self._roles[0])
