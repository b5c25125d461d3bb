"""What is asked about a home: where it stands with its regulator, what the regulator found, and how homes are found."""

from django import forms
from django.db.models import Model, Q, QuerySet

from casework.forms import DayField, Form
from casework.recording import RecordingForm
from casework.wording import said_day
from placements.arrangement import REGULATOR_OF
from placements.forms.facts import LONGEST_TEXT
from placements.models import Home, HomeRegistration, Inspection, RegulatorNotice
from placements.states import ListedSetting, RegistrationStatus, Regulator
from placements.telling import said_registration

ABOUT_A_HOME = ("name", "urn", "address", "postcode", "regulator", "listed_as", "run_by_authority")


class HomeForm(RecordingForm):
    """A form that records facts about one home."""

    @property
    def home(self) -> Home:
        """The home that the facts are about."""
        return self.about

    def because(self) -> str:
        """Why, in the words of whoever records it; empty where nobody is asked."""
        return ""

    def details(self) -> dict[str, str]:
        """What the timeline says beyond the title."""
        return {}


class RegistrationForm(HomeForm):
    """Where the home stands with its regulator from a day on."""

    status = forms.ChoiceField(label="Registration", choices=RegistrationStatus.choices, widget=forms.RadioSelect)
    regulator = forms.ChoiceField(label="Regulator", choices=Regulator.choices)
    from_on = DayField(label="First day")
    accepted_on = DayField(
        label="Day on which the application was accepted",
        required=False,
        help_text="Only where the home has applied and is not registered yet.",
    )
    refusals = {"one_registration_status_per_day": ("from_on", "A registration is on record from that day already")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        last = self.home.registrations.last()
        usual = last.regulator if last else REGULATOR_OF.get(self.home.setting, Regulator.OFSTED)
        self.initial.setdefault("regulator", self.home.regulator or usual)

    def clean(self):
        """A registration holds from a day that has come."""
        cleaned = super().clean()
        self.refuse_future("from_on")
        self.refuse_future("accepted_on")
        return cleaned

    def facts(self) -> list[Model]:
        """Where the home stands; the row before ends by itself."""
        said = {name: self.cleaned_data[name] for name in ("status", "regulator", "from_on", "accepted_on")}
        self.registration = HomeRegistration(home=self.home, **said)
        return [self.registration]

    def details(self) -> dict[str, str]:
        """Where the home stands."""
        return {"what": said_registration(self.registration)}


class InspectionForm(HomeForm):
    """The regulator inspected the home."""

    inspected_on = DayField(label="Day of the inspection")
    judgement = forms.CharField(label="Judgement", max_length=100)

    def clean(self):
        """An inspection has happened."""
        cleaned = super().clean()
        self.refuse_future("inspected_on")
        return cleaned

    def facts(self) -> list[Model]:
        """The inspection."""
        said = {name: self.cleaned_data[name] for name in ("inspected_on", "judgement")}
        return [Inspection(home=self.home, **said)]

    def details(self) -> dict[str, str]:
        """When, and what the regulator judged."""
        return {"what": f"{said_day(self.cleaned_data['inspected_on'])}: {self.cleaned_data['judgement']}"}


class NoticeForm(HomeForm):
    """The regulator told the authority of a concern about the home."""

    given_on = DayField(label="Day of the notice")
    says = forms.CharField(label="What the notice says", max_length=LONGEST_TEXT, required=False, widget=forms.Textarea)

    def clean(self):
        """A notice was given."""
        cleaned = super().clean()
        self.refuse_future("given_on")
        return cleaned

    def facts(self) -> list[Model]:
        """The notice."""
        return [RegulatorNotice(home=self.home, given_on=self.cleaned_data["given_on"], says=self.cleaned_data["says"])]

    def details(self) -> dict[str, str]:
        """When, and what the notice says."""
        return {"what": ": ".join(filter(None, (said_day(self.cleaned_data["given_on"]), self.cleaned_data["says"])))}


class AboutHomeForm(HomeForm):
    """What is known of a home besides its registration: its name, number and address, and what the law calls it."""

    name = forms.CharField(label="Name of the home", max_length=200)
    urn = forms.CharField(label="Regulator’s number", max_length=8, required=False)
    address = forms.CharField(label="Address", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    postcode = forms.CharField(label="Postcode", max_length=8, required=False)
    regulator = forms.ChoiceField(
        label="Which regulator has to register it?",
        choices=[("", "The usual one for this kind of home"), *Regulator.choices],
        required=False,
    )
    listed_as = forms.ChoiceField(
        label="Is it another place that the law lists?",
        choices=[("", "No, or not known"), *ListedSetting.choices],
        required=False,
    )
    run_by_authority = forms.BooleanField(label="The authority runs it", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ABOUT_A_HOME:
            self.initial.setdefault(name, getattr(self.home, name))

    def clean_postcode(self):
        """Postcodes are written in capitals."""
        return self.cleaned_data["postcode"].upper()

    def facts(self) -> list[Model]:
        """The home, as it is known now."""
        before = self._told()
        for name in ABOUT_A_HOME:
            setattr(self.home, name, self.cleaned_data[name])
        after = self._told()
        changed = [label for label in after if after[label] != before[label]]
        self.before, self.after = (_listed({label: told[label] for label in changed}) for told in (before, after))
        return [self.home]

    def details(self) -> dict[str, str]:
        """What changed: as it stood on record before, and as it stands there now."""
        return {"before": self.before, "after": self.after} if self.after else {"what": "Nothing changed."}

    def _told(self) -> dict[str, str]:
        home = self.home
        return {
            "name": home.name,
            "regulator’s number": home.urn,
            "address": ", ".join((home.address or "").splitlines()),
            "postcode": home.postcode,
            "regulator that has to register it": home.get_regulator_display() or "the usual one",
            "on the law’s list": home.get_listed_as_display(),
            "run by the authority": "yes" if home.run_by_authority else "no",
        }


def _listed(told: dict[str, str]) -> str:
    return "; ".join(f"{label}: {says or 'nothing'}" for label, says in told.items())


class HomesForm(Form):
    """Finds homes by a part of the name, by the regulator's number or by the postcode."""

    says_optional = False
    q = forms.CharField(label="Name, regulator’s number or postcode", max_length=100, required=False)

    def found(self) -> QuerySet[Home]:
        """The homes that fit what was typed; all of them where nothing was."""
        said = self.cleaned_data["q"] if self.is_valid() else ""
        return Home.objects.filter(Q(name__icontains=said) | Q(urn__iexact=said) | Q(postcode__istartswith=said))
