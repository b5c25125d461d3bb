"""What is asked when something is asked for or agreed about a home, and when something comes of it.

`about` is the placement, or the record on which something follows.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Model

from accounts.models import User
from accounts.roles import Role
from casework.forms import DayField, MomentField, Text
from casework.limits import local_day
from casework.wording import said_day, said_moment
from children.models import LookedAfterReview
from visits.after.forms import NO, YES, FactsForm
from visits.models import (
    ContractQuestion,
    HealthAsked,
    Incident,
    ProviderReport,
    ReportsAgreed,
    VariationOfVisits,
    VisitAskedFor,
)
from visits.models.agreed import LONGEST, SHORTEST
from visits.states import AskedBy


class AskForVisitForm(FactsForm):
    """Somebody asks for a visit."""

    asked_by = forms.ChoiceField(label="Who asks?", choices=AskedBy.choices, widget=forms.RadioSelect)
    asked_at = MomentField(label="When did they ask?")
    agreed_for = DayField(
        label="Which day is agreed?", required=False, help_text="Leave it empty for within 7 days of asking."
    )
    says = Text(label="What is it about?", required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["asked_at"].initial = self.at

    def clean(self) -> dict[str, Any]:
        """It was asked while the child lived there."""
        cleaned: dict[str, Any] = super().clean()
        self.refuse_future("asked_at")
        asked_at, agreed_for = cleaned.get("asked_at"), cleaned.get("agreed_for")
        if asked_at and asked_at < self.about.started_at.replace(second=0, microsecond=0):
            self.add_error("asked_at", f"The child has lived here since {said_moment(self.about.started_at)}")
        if asked_at and agreed_for and agreed_for < local_day(asked_at):
            self.add_error("agreed_for", "The day agreed must not be before the day on which they asked")
        return cleaned

    def facts(self) -> list[Model]:
        told = {name: self.cleaned_data[name] for name in ("asked_by", "asked_at", "agreed_for", "says")}
        return [VisitAskedFor(placement=self.about, **told, **self.recorded())]

    def details(self) -> dict[str, str]:
        by = AskedBy(self.cleaned_data["asked_by"]).label
        return {"by": by, "day": said_day(self.cleaned_data["agreed_for"])}


class VaryForm(FactsForm):
    """Another interval of the monthly visits, agreed with the IRO at a review (K-13)."""

    review = forms.ModelChoiceField(
        label="At which review was it agreed?", queryset=LookedAfterReview.objects.none(), empty_label="Select one"
    )
    from_on = DayField(label="From which day?")
    days = forms.IntegerField(
        label="How many days at most lie between two visits?", min_value=SHORTEST, max_value=LONGEST
    )
    because = Text(label="Why, and who agreed it with you?")
    refusals = {"one_variation_from_a_day": ("from_on", "")}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        held = self.about.child.reviews.filter(held_on__isnull=False, held_on__gte=local_day(self.about.started_at))
        self.fields["review"].queryset = held.order_by("-held_on")

    def clean(self) -> dict[str, Any]:
        """It holds from the review on, not before."""
        cleaned: dict[str, Any] = super().clean()
        review, from_on = cleaned.get("review"), cleaned.get("from_on")
        if review and from_on and from_on < review.held_on:
            self.add_error(
                "from_on", f"The review was held on {said_day(review.held_on)}: enter that day or a later one"
            )
        return cleaned

    def facts(self) -> list[Model]:
        told = {name: self.cleaned_data[name] for name in ("review", "from_on", "days", "because")}
        return [VariationOfVisits(placement=self.about, iro=self.by, **told, **self.recorded())]

    def details(self) -> dict[str, str]:
        told = self.cleaned_data
        return {"days": str(told["days"]), "day": said_day(told["from_on"]), "says": told["because"]}


class AskHealthForm(FactsForm):
    """The IRO asks a health professional for the placement assurance tool (K-14)."""

    professional = forms.ModelChoiceField(label="Who is asked?", queryset=User.objects.none(), empty_label="Select one")
    wanted_by = DayField(label="By which day?")
    says = Text(label="What is to be looked at?", required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["professional"].queryset = User.objects.holding(Role.HEALTH, at=self.at)

    def clean(self) -> dict[str, Any]:
        """The day lies ahead, and the person is asked once at a time."""
        cleaned: dict[str, Any] = super().clean()
        self.refuse_past("wanted_by")
        return cleaned

    def facts(self) -> list[Model]:
        told = {name: self.cleaned_data[name] for name in ("professional", "wanted_by", "says")}
        return [HealthAsked(placement=self.about, **told, **self.recorded())]

    def details(self) -> dict[str, str]:
        return {"by": str(self.cleaned_data["professional"]), "day": said_day(self.cleaned_data["wanted_by"])}


class AgreeReportsForm(FactsForm):
    """How often the provider reports (K-26)."""

    from_on = DayField(label="From which day?")
    days = forms.IntegerField(
        label="How many days lie between two reports?",
        min_value=SHORTEST,
        max_value=LONGEST,
        help_text="7 for every week, 28 for every four weeks.",
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["from_on"].initial = self.today

    def facts(self) -> list[Model]:
        told = {name: self.cleaned_data[name] for name in ("from_on", "days")}
        return [ReportsAgreed(placement=self.about, **told, **self.recorded())]

    def details(self) -> dict[str, str]:
        return {"days": str(self.cleaned_data["days"]), "day": said_day(self.cleaned_data["from_on"])}


class ReceiveReportForm(FactsForm):
    """A report of the provider came (K-26)."""

    received_on = DayField(label="On which day did it come?")
    says = Text(label="What does it say that matters?", required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["received_on"].initial = self.today

    def clean(self) -> dict[str, Any]:
        """It has come."""
        cleaned: dict[str, Any] = super().clean()
        self.refuse_future("received_on")
        return cleaned

    def facts(self) -> list[Model]:
        told = {name: self.cleaned_data[name] for name in ("received_on", "says")}
        return [ProviderReport(placement=self.about, **told, **self.recorded())]

    def details(self) -> dict[str, str]:
        return {"day": said_day(self.cleaned_data["received_on"])}


class IncidentForm(FactsForm):
    """Something happened, and the provider told of it (K-20)."""

    happened_at = MomentField(label="When did it happen?")
    told_at = MomentField(label="When were you told?")
    has_account = forms.ChoiceField(
        label="Have you got the written account?", choices=((YES, "Yes"), (NO, "No")), widget=forms.RadioSelect
    )
    account_received_at = MomentField(label="When did it come?", required=False)
    says = Text(label="What happened, and what was done about it?")
    reveals = {"has_account": {YES: ("account_received_at",)}}

    def clean(self) -> dict[str, Any]:
        """First it happens, then one is told, then the account comes."""
        cleaned: dict[str, Any] = super().clean()
        for name in ("happened_at", "told_at", "account_received_at"):
            self.refuse_future(name)
        happened, told, account = (cleaned.get(name) for name in ("happened_at", "told_at", "account_received_at"))
        if happened and told and told < happened:
            self.add_error("told_at", "Nobody can be told of an incident before it happens")
        if cleaned.get("has_account") == YES and not account and "account_received_at" not in self.errors:
            self.add_error("account_received_at", "Say when the written account came")
        if happened and account and account < happened:
            self.add_error("account_received_at", "The account cannot come before the incident")
        return cleaned

    def facts(self) -> list[Model]:
        told = {name: self.cleaned_data[name] for name in ("happened_at", "told_at", "account_received_at", "says")}
        return [Incident(placement=self.about, **told, **self.recorded())]

    def details(self) -> dict[str, str]:
        return {"day": said_moment(self.cleaned_data["happened_at"])}


class RaiseContractForm(FactsForm):
    """The contract needs changing, or the provider does not answer (K-28)."""

    says = Text(label="What has to change, and what did the provider answer?")

    def facts(self) -> list[Model]:
        return [ContractQuestion(placement=self.about, says=self.cleaned_data["says"], **self.recorded())]


# What follows on one of these. `about` is the record.


class FollowUpForm(FactsForm):
    """The same record, with what came of it."""

    told: Callable[..., dict[str, Any]]
    """What the record says now."""

    def facts(self) -> list[Model]:
        for name, value in self.told().items():
            setattr(self.about, name, value)
        return [self.about]


class TakeBackForm(FollowUpForm):
    """The visit is not wanted any more."""

    because = Text(label="Who does not want it any more, and why?")

    def told(self) -> dict[str, Any]:
        return {"taken_back_at": self.at, "why_taken_back": self.cleaned_data["because"]}

    def details(self) -> dict[str, str]:
        return {"says": self.cleaned_data["because"]}


class ShareHealthForm(FollowUpForm):
    """The tool is shared with the social worker, as the IRO asks."""

    def told(self) -> dict[str, Any]:
        return {"shared_at": self.at}


class AccountForm(FollowUpForm):
    """The written account came."""

    account_received_at = MomentField(label="When did the written account come?")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["account_received_at"].initial = self.at

    def clean(self) -> dict[str, Any]:
        """It has come, after the incident."""
        cleaned: dict[str, Any] = super().clean()
        self.refuse_future("account_received_at")
        came = cleaned.get("account_received_at")
        if came and came < self.about.happened_at.replace(second=0, microsecond=0):
            self.add_error("account_received_at", "The account cannot come before the incident")
        return cleaned

    def told(self) -> dict[str, Any]:
        return {"account_received_at": self.cleaned_data["account_received_at"]}

    def details(self) -> dict[str, str]:
        return {"day": said_moment(self.cleaned_data["account_received_at"])}


class AnswerContractForm(FollowUpForm):
    """Commissioning answers."""

    answer = Text(label="What is your answer, and what happens next?")

    def told(self) -> dict[str, Any]:
        return {"answered_at": self.at, "answered_by": self.by, "answer": self.cleaned_data["answer"]}
