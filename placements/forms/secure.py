"""What is asked about a child in secure accommodation: what lets the child be kept, and each review by three people."""

from typing import Final

from django import forms
from django.db.models import Model

from casework.forms import DayField, MomentField
from casework.limits import local_day
from placements.forms.facts import NEXT_DAY, PlacementForm
from placements.models import SecureAuthority, SecureReview
from placements.states import SecureBasis, SecureFinding
from placements.telling import said_secure_authority, said_secure_review

LONGEST_REVIEW: Final = 20_000
"""Characters: more than a page or two, which is what three people write."""


class SecureAuthorityForm(PlacementForm):
    """An order of the court, or the Secretary of State's approval for a child younger than 13."""

    kind = forms.ChoiceField(label="What was given?", choices=SecureBasis.choices, widget=forms.RadioSelect)
    given_at = MomentField(label="When was it given?", help_text="The hours without an order are counted up to here.")
    last_on = DayField(
        label="Last day",
        required=False,
        help_text="Leave this empty if none is stated. A first order counts for three months at most, one that follows "
        "without a break for six.",
    )
    given_by = forms.CharField(label="Which court, or the reference of the letter", max_length=200)
    refusals = {"one_secure_authority_at_a_moment": ("given_at", "")}

    def clean(self):
        """It has been given, and ends after that."""
        cleaned = super().clean()
        self.refuse_future("given_at")
        given_at, last_on = cleaned.get("given_at"), cleaned.get("last_on")
        if given_at and last_on and last_on < local_day(given_at):
            self.add_error("last_on", "Last day must not be before it was given")
        return cleaned

    def facts(self) -> list[Model]:
        """The order or the approval."""
        last_on = self.cleaned_data["last_on"]
        self.authority = SecureAuthority(
            child=self.placement.child,
            kind=self.cleaned_data["kind"],
            given_at=self.cleaned_data["given_at"],
            to_on=last_on + NEXT_DAY if last_on else None,
            given_by=self.cleaned_data["given_by"],
        )
        return [self.authority]

    def details(self) -> dict[str, str]:
        """What was given, by whom and until when."""
        return {"what": said_secure_authority(self.authority)}


class SecureReviewForm(PlacementForm):
    """Three people reviewed whether the child has to be kept, and what they found."""

    held_on = DayField(label="Day of the review")
    first_member = forms.CharField(label="First member", max_length=200)
    second_member = forms.CharField(label="Second member", max_length=200)
    independent_member = forms.CharField(
        label="Independent member", max_length=200, help_text="Somebody whom no local authority employs."
    )
    finding = forms.ChoiceField(label="What did they find?", choices=SecureFinding.choices, widget=forms.RadioSelect)
    says = forms.CharField(
        label="What they rest it on",
        help_text="The views of the child, the parents, the independent visitor and the home are part of it.",
        max_length=LONGEST_REVIEW,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    refusals = {"one_secure_review_a_day": ("held_on", "")}

    def clean(self):
        """Three people reviewed it, while the child was kept."""
        cleaned = super().clean()
        self.refuse_future("held_on")
        named = [cleaned.get(name) for name in ("first_member", "second_member", "independent_member")]
        folded = [" ".join(name.split()).casefold() for name in named if name]
        if len(folded) == len(named) and len(set(folded)) < len(folded):
            self.add_error("independent_member", "Three different people review it: nobody can be named twice")
        return cleaned

    def facts(self) -> list[Model]:
        """The review."""
        names = ("held_on", "first_member", "second_member", "independent_member", "finding", "says")
        self.review = SecureReview(child=self.placement.child, **{name: self.cleaned_data[name] for name in names})
        return [self.review]

    def details(self) -> dict[str, str]:
        """Who reviewed it, when, and what they found."""
        return {"what": said_secure_review(self.review)}
