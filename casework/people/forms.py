"""What administrators are asked. Each form collects and cleans; days are typed, and what holds until a day includes it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from accounts.models import Decision, ServiceArea, Team, User
from accounts.places import objections_to_place
from accounts.roles import HELD_IN, Place, Role
from casework.forms import NOTHING_CHOSEN, TYPED_INTO, DayField, Form
from casework.limits import from_day, start_of
from casework.lists import FilterForm
from casework.recording import ReasonForm, RecordingForm

NOBODY = [("", "Nobody")]
HERE, LEFT = "here", "left"
AUTHORITY = "authority"
NOW, LATER = "now", "later"
LONGEST_REASON = 2000


def people(*, but: int | None = None) -> list[tuple[str, str]]:
    """Those who have not left, as choices."""
    here = User.objects.filter(is_active=True).exclude(pk=but).order_by("last_name", "first_name", "username")
    return [(str(person.pk), f"{person.name} ({person.username})") for person in here]


def places(at: datetime) -> list[tuple[str, object]]:
    """Where a role may be held, as choices: the open teams and areas, by area, and the whole authority."""
    areas = [(f"area:{area.pk}", area.name) for area in ServiceArea.objects.open_at(at)]
    teams = [
        (f"team:{team.pk}", f"{team.name} ({team.area.name})")
        for team in Team.objects.open_at(at).select_related("area")
    ]
    return [
        *NOTHING_CHOSEN,
        (AUTHORITY, "The whole authority"),
        *([("Service areas", areas)] if areas else []),
        *([("Teams", teams)] if teams else []),
    ]


def said_places() -> SafeString:
    """Which role goes where, as a hint: a line for each kind of place."""
    by_places: dict[tuple[Place, ...], list[str]] = {}
    for role, where in HELD_IN.items():
        by_places.setdefault(where, []).append(role.label)
    del by_places[(Place.AUTHORITY,)]
    said = [(capfirst(" or ".join(p.value for p in where)), ", ".join(roles)) for where, roles in by_places.items()]
    return format_html_join(SafeString("<br>"), "{}: {}.", [*said, (capfirst(Place.AUTHORITY.value), "all others")])


class FindForm(Form):
    """Finds people by a part of their name or user name. What is typed is sent, never put into an address."""

    says_optional = False
    q = forms.CharField(label="Name or user name", max_length=100, required=False)


class PeopleFilter(FilterForm):
    """Narrows the list of people."""

    role = forms.ChoiceField(label="Role held now", required=False, choices=[("", "Any"), *Role.choices])
    team = forms.ModelChoiceField(label="Team", required=False, queryset=Team.objects.all(), empty_label="Any")
    here = forms.ChoiceField(
        label="Here or left", required=False, choices=[("", "All"), (HERE, "Still here"), (LEFT, "Left")]
    )


class PersonForm(RecordingForm):
    """Somebody who is to sign in. A password is never typed here: a link goes to the mail address."""

    first_name = forms.CharField(label="First names", max_length=150)
    last_name = forms.CharField(label="Last name", max_length=150)
    username = forms.CharField(
        label="User name", max_length=150, help_text="To sign in with. It cannot be changed later."
    )
    email = forms.EmailField(
        label="Mail address", max_length=254, help_text="The link to choose a password goes there."
    )
    directory_name = forms.CharField(
        label="Name in the directory",
        max_length=255,
        required=False,
        help_text="By which your council’s directory knows this person, where people sign in by it.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not settings.HEARTH_PASSWORDS:
            self.fields["email"].help_text = "The mail that says where to sign in goes there."

    def clean_username(self):
        """Spelled in whatever case, one name is one person."""
        username = self.cleaned_data["username"]
        for check in User._meta.get_field("username").validators:
            check(username)
        if User.objects.filter(username__iexact=username).exists():
            raise ValidationError("Somebody has this user name already. Choose another")
        return username

    def clean_email(self):
        """An address is one person's, or a link would open two accounts."""
        return free_address(self.cleaned_data["email"])

    def clean_directory_name(self):
        """A name in the directory is one person's."""
        return free_directory_name(self.cleaned_data["directory_name"])

    def person(self) -> User:
        """Who is to be added."""
        fields = ("first_name", "last_name", "username", "email")
        named = {name: self.cleaned_data[name] for name in fields}
        return User(**named, directory_name=self.cleaned_data["directory_name"] or None)


def free_address(email: str, *, but: int | None = None) -> str:
    """The address, which nobody else has."""
    if email and User.objects.filter(email__iexact=email).exclude(pk=but).exists():
        raise ValidationError("Somebody else has this mail address")
    return email


def free_directory_name(name: str, *, but: int | None = None) -> str:
    """The name in the directory, which nobody else has."""
    if name and User.objects.filter(directory_name=name).exclude(pk=but).exists():
        raise ValidationError("Somebody else has this name in the directory")
    return name


class NameForm(RecordingForm):
    """The name that colleagues see."""

    first_name = forms.CharField(label="First names", max_length=150)
    last_name = forms.CharField(label="Last name", max_length=150)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("first_name", "last_name"):
            self.initial.setdefault(name, getattr(self.about, name))


class SignInForm(ReasonForm):
    """How somebody signs in, but for the password."""

    email = forms.EmailField(label="Mail address", max_length=254, required=False)
    directory_name = forms.CharField(label="Name in the directory", max_length=255, required=False)
    field_order = ("email", "directory_name", "because")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("email", self.about.email)
        self.initial.setdefault("directory_name", self.about.directory_name or "")

    def clean_email(self):
        """An address is one person's."""
        return free_address(self.cleaned_data["email"], but=self.about.pk)

    def clean_directory_name(self):
        """A name in the directory is one person's."""
        return free_directory_name(self.cleaned_data["directory_name"], but=self.about.pk)

    def clean(self):
        """What stays as it is need not be asked for."""
        cleaned = super().clean()
        if (cleaned.get("email"), cleaned.get("directory_name")) == (self.about.email, self.about.directory_name or ""):
            self.add_error("email", "This is how it stands already: change the address or the name")
        return cleaned


class UntilForm(ReasonForm):
    """Until which day something holds, that day included."""

    until_on = DayField(label="Last day", required=False, help_text="Leave it empty where no end is known.")
    field_order = ("until_on", "because")

    def ends_at(self) -> datetime | None:
        """The first moment at which it holds no longer."""
        last = self.cleaned_data["until_on"]
        return start_of(last + timedelta(days=1)) if last else None


class AppointForm(UntilForm):
    """A role for somebody: where, from when to when, and for whom."""

    role = forms.ChoiceField(label="Role", choices=NOTHING_CHOSEN + Role.choices)
    where = forms.ChoiceField(label="Where", widget=forms.Select(attrs=TYPED_INTO))
    from_on = DayField(label="First day")
    acting_for = forms.ChoiceField(
        label="Acting for",
        required=False,
        widget=forms.Select(attrs=TYPED_INTO),
        help_text="Whose absence this covers. An acting appointment has a last day.",
    )
    line_manager = forms.ChoiceField(
        label="Line manager",
        required=False,
        widget=forms.Select(attrs=TYPED_INTO),
        help_text="Who is asked where nobody holds the role any more.",
    )
    field_order = ("role", "where", "from_on", "until_on", "acting_for", "line_manager", "because")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("from_on", self.today)
        self.fields["where"].choices = places(self.at)
        self.fields["where"].help_text = said_places()
        others = NOBODY + people(but=self.about.pk)
        self.fields["acting_for"].choices = self.fields["line_manager"].choices = others

    def clean(self):
        """A role is held where it makes sense, from today or later, and an acting appointment ends."""
        cleaned = super().clean()
        role, where = cleaned.get("role"), cleaned.get("where")
        if role and where:
            for sentence in objections_to_place(Role(role), _kind_of(where)):
                self.add_error("where", sentence)
        from_on, until_on = cleaned.get("from_on"), cleaned.get("until_on")
        if from_on and from_on < self.today:
            self.add_error("from_on", "First day must be today or later: nobody is appointed for the past")
        if from_on and until_on and until_on < from_on:
            self.add_error("until_on", "Last day must not be before the first")
        if cleaned.get("acting_for") and not until_on and "until_on" not in self.errors:
            self.add_error("until_on", "Enter the last day: an acting appointment ends")
        return cleaned

    def appointment(self) -> dict:
        """What is to be appointed, as the fields of a request."""
        cleaned = self.cleaned_data
        kind, _, pk = cleaned["where"].partition(":")
        return {
            "role": cleaned["role"],
            "team_id": int(pk) if kind == "team" else None,
            "area_id": int(pk) if kind == "area" else None,
            "starts_at": from_day(cleaned["from_on"], self.at),
            "ends_at": self.ends_at(),
            "acting_for_id": int(cleaned["acting_for"]) if cleaned["acting_for"] else None,
            "line_manager_id": int(cleaned["line_manager"]) if cleaned["line_manager"] else None,
        }


def _kind_of(where: str) -> Place:
    return {"team": Place.TEAM, "area": Place.AREA}.get(where.partition(":")[0], Place.AUTHORITY)


class LongerForm(UntilForm):
    """Until when somebody goes on in a role, after the day on which it was to end; for somebody else, until a day."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.about.acting_for_id:
            field = self.fields["until_on"]
            field.required, field.help_text = True, ""
            field.error_messages["required"] = "Enter the last day: an acting appointment ends"

    def clean(self):
        """It goes on after the day on which it was to end."""
        cleaned = super().clean()
        ends_at = self.ends_at() if "until_on" in cleaned else None
        if ends_at and ends_at <= self.about.ends_at:
            self.add_error("until_on", "Last day must be after the present one")
        return cleaned


class FromForm(ReasonForm):
    """From when something ends: now, or after a day that lies ahead."""

    when = forms.ChoiceField(
        label="When?", choices=[(NOW, "Now"), (LATER, "At the end of a day")], widget=forms.RadioSelect
    )
    last_on = DayField(label="Last day")
    reveals = {"when": {LATER: ("last_on",)}}
    field_order = ("when", "last_on", "because")

    def clean(self):
        """The last day is today or later."""
        cleaned = super().clean()
        last = cleaned.get("last_on")
        if last and last < self.today:
            self.add_error("last_on", "Last day must be today or later")
        return cleaned

    def moment(self) -> datetime:
        """The first moment after it."""
        if self.cleaned_data["when"] == NOW:
            return self.at
        return start_of(self.cleaned_data["last_on"] + timedelta(days=1))


class LineManagerForm(ReasonForm):
    """Who is asked where nobody holds the role any more."""

    line_manager = forms.ChoiceField(label="Line manager", required=False, widget=forms.Select(attrs=TYPED_INTO))
    field_order = ("line_manager", "because")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["line_manager"].choices = NOBODY + people(but=self.about.user_id)
        self.initial.setdefault("line_manager", self.about.line_manager_id or "")

    def manager(self) -> User | None:
        """The person chosen."""
        chosen = self.cleaned_data["line_manager"]
        return User.objects.get(pk=chosen) if chosen else None


class DecisionForm(RecordingForm):
    """What the second administrator decides."""

    decision = forms.ChoiceField(
        label="What do you decide?",
        choices=[(Decision.CONFIRMED, "Confirm it, as it was asked"), (Decision.REFUSED, "Refuse it")],
        widget=forms.RadioSelect,
    )
    because = forms.CharField(
        label="Why do you refuse?", max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3})
    )
    reveals = {"decision": {Decision.REFUSED.value: ("because",)}}


# Places


class AreaForm(RecordingForm):
    """The name of a service area."""

    name = forms.CharField(label="Name of the area", max_length=100)
    model = ServiceArea

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.about:
            self.initial.setdefault("name", self.about.name)

    def clean_name(self):
        """A name is one place's."""
        name = self.cleaned_data["name"]
        if self.model.objects.filter(name__iexact=name).exclude(pk=self.about.pk if self.about else None).exists():
            raise ValidationError(self.model._meta.get_field("name").error_messages["unique"])
        return name

    def place(self) -> ServiceArea:
        """The area under its name."""
        area = self.about or ServiceArea()
        area.name = self.cleaned_data["name"]
        return area


class TeamForm(AreaForm):
    """The name of a team, and the service area that it belongs to."""

    name = forms.CharField(label="Name of the team", max_length=100)
    area = forms.ChoiceField(label="Service area", help_text="Its managers see the children of the team.")
    model = Team

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = NOTHING_CHOSEN + _areas(self.at, self.about)
        if self.about:
            self.initial.setdefault("area", self.about.area_id)

    def place(self) -> Team:
        """The team under its name, in its area."""
        team = self.about or Team()
        team.name, team.area_id = self.cleaned_data["name"], int(self.cleaned_data["area"])
        return team


class TeamChangeForm(ReasonForm, TeamForm):
    """Another name, or another service area, and why."""

    field_order = ("name", "area", "because")


def _areas(at: datetime, team: Team | None) -> Iterable[tuple[int, str]]:
    """The open areas, and the one in which the team is."""
    areas = {area.pk: area.name for area in ServiceArea.objects.open_at(at)}
    if team:
        areas.setdefault(team.area_id, team.area.name)
    return list(areas.items())
