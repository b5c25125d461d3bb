"""What is asked when a fact about a child is recorded. Each form collects and cleans, and says which rows it writes.

Nothing is asked that is on record already: the row that a new one takes the place of is ended by the form's answer.
"""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from django import forms
from django.db.models import Model, Q

from accounts.models import Appointment, Team
from accounts.roles import Role
from casework.forms import NOTHING_CHOSEN, DayField, Form
from casework.limits import from_day, local_day
from casework.models import CaseFile
from casework.recording import RecordingForm
from children.models import Allocation, CarePeriod, Child, ChildName, LegalStatus, LookedAfterReview, TeamHolding
from children.permissions import roles_to_allocate, teams_of
from children.record import details_of_change
from children.states import ALLOCATED_ROLES, LegalCode, Participation, Sex

LONGEST_SEARCH = 100
LONGEST_SURNAME = 99
"""So that a full name fits where search looks for it."""


class SearchForm(Form):
    """Finds children by any part of a name, or by a number."""

    says_optional = False
    q = forms.CharField(
        label="Name or number",
        max_length=LONGEST_SEARCH,
        help_text="Any part of a name, former names too.",
        error_messages={"required": "Enter a part of a name, or a number"},
    )


class ChildForm(RecordingForm):
    """A form that records facts about one child."""

    @property
    def child(self) -> Child:
        """The child whom the facts are about."""
        return self.about

    def details(self) -> dict[str, str]:
        """What the event says beyond its title; asked when the facts are known."""
        return {}

    def refuse_before_birth(self, name: str) -> None:
        """Nothing about a child happened before the child was born."""
        day = self.cleaned_data.get(name)
        day = local_day(day) if isinstance(day, datetime) else day
        if day is not None and day < self.child.date_of_birth:
            self.add_error(name, f"{self.fields[name].subject} must be after {self.child.name} was born")


def succeeding(rows: Iterable[Model], successor: Model) -> list[Model]:
    """The row that runs at the start of its successor, now ended there; then the successor."""
    facts = []
    for row in rows:
        row.ends_at = successor.starts_at
        facts.append(row)
    return [*facts, successor]


class LegalStatusForm(ChildForm):
    """The child's legal status from a day on."""

    code = forms.ChoiceField(label="Legal status", choices=NOTHING_CHOSEN + LegalCode.choices)
    from_on = DayField(label="First day")
    refusals = {"one_legal_status_per_day": ("from_on", "A legal status is on record from that day already")}

    def clean(self):
        """A legal status holds from a day that has come."""
        cleaned = super().clean()
        self.refuse_future("from_on")
        self.refuse_before_birth("from_on")
        return cleaned

    def facts(self) -> list[Model]:
        """The new status; the one before ends by itself."""
        return [LegalStatus(child=self.child, code=self.cleaned_data["code"], from_on=self.cleaned_data["from_on"])]


class ReviewScheduledForm(ChildForm):
    """When the child's next looked-after review will be held. A review that is moved stays the same review."""

    scheduled_on = DayField(label="Day of the review")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.review = self.child.reviews.filter(held_on=None).first()
        if self.review:
            self.initial.setdefault("scheduled_on", self.review.scheduled_on)

    def clean(self):
        """A review is held after the child was born."""
        cleaned = super().clean()
        self.refuse_before_birth("scheduled_on")
        return cleaned

    def facts(self) -> list[Model]:
        """The review that is not held yet, moved; a new one where there is none."""
        review = self.review or LookedAfterReview(child=self.child)
        review.scheduled_on = self.cleaned_data["scheduled_on"]
        return [review]


class ReviewHeldForm(ChildForm):
    """A looked-after review was held, and when the next one will be."""

    held_on = DayField(label="Day on which it was held")
    participation = forms.ChoiceField(
        label="How the child took part", choices=NOTHING_CHOSEN + Participation.choices, required=False
    )
    next_on = DayField(label="Day of the next review", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.review = self.child.reviews.filter(held_on=None).first()
        if self.review and self.review.scheduled_on <= self.today:
            self.initial.setdefault("held_on", self.review.scheduled_on)

    def clean(self):
        """A review was held in the past, and the next one comes after it."""
        cleaned = super().clean()
        self.refuse_future("held_on")
        self.refuse_before_birth("held_on")
        held_on, next_on = cleaned.get("held_on"), cleaned.get("next_on")
        if held_on and next_on and next_on <= held_on:
            self.add_error("next_on", "Day of the next review must be after this review")
        return cleaned

    def facts(self) -> list[Model]:
        """The review, now held; the next one, where its day is known."""
        held_on = self.cleaned_data["held_on"]
        review = self.review or LookedAfterReview(child=self.child, scheduled_on=held_on)
        review.held_on, review.participation = held_on, self.cleaned_data["participation"]
        next_on = self.cleaned_data["next_on"]
        return [review, LookedAfterReview(child=self.child, scheduled_on=next_on)] if next_on else [review]


class AllocationForm(ChildForm):
    """Who works with the child from a day on, in which role."""

    who = forms.ChoiceField(label="Who is allocated", choices=NOTHING_CHOSEN)
    from_on = DayField(label="First day")
    refusals = {
        "allocation_ends_after_it_starts": ("from_on", "Whoever is allocated now began later: enter a later day"),
        "one_allocated_person_per_role": ("from_on", ""),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("from_on", self.today)
        mine = roles_to_allocate(self.child, self.by, self.at)
        self.fields["who"].choices = NOTHING_CHOSEN + people_to_allocate(self.child, self.at, mine)

    def clean(self):
        """Nobody was allocated before the child was born."""
        cleaned = super().clean()
        self.refuse_before_birth("from_on")
        return cleaned

    def facts(self) -> list[Model]:
        """The new allocation, and the end of the one before in the same role."""
        role, person = self.cleaned_data["who"].split(":")
        starts_at = from_day(self.cleaned_data["from_on"], self.at)
        new = Allocation(child=self.child, role=role, person_id=int(person), starts_at=starts_at)
        self.written = succeeding(Allocation.objects.in_force(starts_at).filter(child=self.child, role=role), new)
        return self.written

    def details(self) -> dict[str, str]:
        """Who is allocated in which role, from when, and who was before."""
        *before, new = self.written
        names = {"to": new.person.name, "before": before[0].person.name if before else ""}
        return details_of_change(**names, starts_at=new.starts_at, role=Role(new.role))


class TeamForm(ChildForm):
    """Which team holds the child's case from a day on."""

    team = forms.ChoiceField(label="New team", choices=NOTHING_CHOSEN)
    from_on = DayField(label="First day")
    refusals = {
        "holding_ends_after_it_starts": ("from_on", "The present team’s time began later: enter a later day"),
        "one_team_at_a_time": ("from_on", ""),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("from_on", self.today)
        self.fields["team"].choices = NOTHING_CHOSEN + teams_by_area(self.at, of=self.child)

    def clean(self):
        """No team held the case before the child was born."""
        cleaned = super().clean()
        self.refuse_before_birth("from_on")
        return cleaned

    def facts(self) -> list[Model]:
        """The new team's holding, and the end of the one before."""
        starts_at = from_day(self.cleaned_data["from_on"], self.at)
        new = TeamHolding(child=self.child, team_id=int(self.cleaned_data["team"]), starts_at=starts_at)
        self.written = succeeding(TeamHolding.objects.in_force(starts_at).filter(child=self.child), new)
        return self.written

    def details(self) -> dict[str, str]:
        """Which team takes the case, from when, and which held it before."""
        *before, new = self.written
        names = {"to": new.team.name, "before": before[0].team.name if before else ""}
        return details_of_change(**names, starts_at=new.starts_at)


class NameForm(ChildForm):
    """The child's names. A name that is no longer used is kept: search finds the child by it."""

    forename = forms.CharField(label="First names", max_length=100, required=False)
    surname = forms.CharField(label="Last name", max_length=LONGEST_SURNAME, required=False)
    known_as = forms.CharField(label="Known as", max_length=200, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.known_as = self.child.names.filter(kind=ChildName.Kind.KNOWN_AS).first()
        self.initial.setdefault("forename", self.child.forename)
        self.initial.setdefault("surname", self.child.surname)
        self.initial.setdefault("known_as", self.known_as.name if self.known_as else "")

    def clean(self):
        """At least one name stays."""
        cleaned = super().clean()
        if not self.errors and not cleaned.get("forename") and not cleaned.get("surname"):
            self.add_error("surname", "Enter a first or a last name")
        return cleaned

    def facts(self) -> list[Model]:
        """The child under the new name, and every name to be found by."""
        before = self.child.name
        self.child.forename, self.child.surname = self.cleaned_data["forename"], self.cleaned_data["surname"]
        facts: list[Model] = [self.child]
        if self.child.name != before:
            facts += self._renamed(before)
        known_as = self.cleaned_data["known_as"]
        if known_as != (self.known_as.name if self.known_as else ""):
            facts += self._known_as(known_as)
        return facts

    def _renamed(self, before: str) -> list[Model]:
        present = self.child.names.filter(kind=ChildName.Kind.PRESENT).first() or self._named(
            ChildName.Kind.PRESENT, ""
        )
        present.name = self.child.name
        return [present, self._named(ChildName.Kind.FORMER, before)]

    def _known_as(self, name: str) -> list[Model]:
        facts: list[Model] = []
        if self.known_as:
            self.known_as.kind = ChildName.Kind.FORMER
            facts.append(self.known_as)
        return [*facts, self._named(ChildName.Kind.KNOWN_AS, name)] if name else facts

    def _named(self, kind: str, name: str) -> ChildName:
        return ChildName(child=self.child, kind=kind, name=name)


class NewChildForm(RecordingForm):
    """A child becomes looked after: the first facts of the file."""

    forename = forms.CharField(label="First names", max_length=100)
    surname = forms.CharField(label="Last name", max_length=LONGEST_SURNAME)
    known_as = forms.CharField(
        label="Known as",
        max_length=200,
        required=False,
        help_text="What the child wants to be called, where it is another name.",
    )
    former_name = forms.CharField(
        label="Former name", max_length=200, required=False, help_text="Search finds the child by it."
    )
    date_of_birth = DayField(label="Date of birth")
    sex = forms.ChoiceField(label="Sex", choices=Sex.choices, widget=forms.RadioSelect, initial=Sex.UNKNOWN)
    reference = forms.CharField(label="The authority’s number for the child", max_length=20)
    upn = forms.CharField(label="Unique pupil number", max_length=13, required=False)
    started_on = DayField(label="Day on which the child became looked after")
    code = forms.ChoiceField(label="Legal status", choices=NOTHING_CHOSEN + LegalCode.choices)
    team = forms.ChoiceField(label="Team")
    who = forms.ChoiceField(label="Who is allocated", choices=NOTHING_CHOSEN, required=False)
    is_another = forms.BooleanField(label="This is another child of the same name and date of birth", required=False)
    refusals = {"children_child_reference_key": ("reference", "This number is in use for another child")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        teams = teams_of(self.by, self.at)
        self.fields["team"].choices = [(str(team.pk), team.name) for team in teams]
        if len(teams) == 1:
            self.fields["team"].initial = str(teams[0].pk)
            self.fields["team"].widget = forms.HiddenInput()
        self.fields["who"].choices = NOTHING_CHOSEN + workers_of(teams, self.at)
        self.fields["who"].initial = f"{Role.SOCIAL_WORKER.value}:{self.by.pk}"
        if not self.is_bound:
            del self.fields["is_another"]

    def clean(self):
        """The dates follow each other, the number is new, and the child is not on file already."""
        cleaned = super().clean()
        self.refuse_future("date_of_birth")
        self.refuse_future("started_on")
        born, started_on = cleaned.get("date_of_birth"), cleaned.get("started_on")
        if born and started_on and started_on < born:
            self.add_error("started_on", f"{self.fields['started_on'].label} must not be before the date of birth")
        if cleaned.get("reference") and Child.objects.filter(reference=cleaned["reference"]).exists():
            self.add_error("reference", self.refusals["children_child_reference_key"][1])
        self._look_for_the_same_child(cleaned)
        return cleaned

    def _look_for_the_same_child(self, cleaned) -> None:
        seen = Child.objects.visible_to(self.by, at=self.at).filter(
            date_of_birth=cleaned.get("date_of_birth"), surname__iexact=cleaned.get("surname", "")
        )
        same = None if cleaned.get("is_another") else seen.filter(forename__iexact=cleaned.get("forename", "")).first()
        if same is None:
            if not cleaned.get("is_another"):
                del self.fields["is_another"]
            return
        says = f"{same.name}, born on the same day, is on file as {same.reference}. Tick if this is another child"
        self.add_error("is_another", says)

    def facts(self, child: Child) -> list[Model]:
        """Every row of the new file."""
        said = self.cleaned_data
        facts: list[Model] = [
            child,
            ChildName(child=child, kind=ChildName.Kind.PRESENT, name=child.name),
            CarePeriod(child=child, started_on=said["started_on"]),
            LegalStatus(child=child, code=said["code"], from_on=said["started_on"]),
            TeamHolding(child=child, team_id=int(said["team"]), starts_at=self.at),
        ]
        for kind, name in ((ChildName.Kind.KNOWN_AS, "known_as"), (ChildName.Kind.FORMER, "former_name")):
            if said[name]:
                facts.append(ChildName(child=child, kind=kind, name=said[name]))
        if said["who"]:
            role, person = said["who"].split(":")
            facts.append(Allocation(child=child, role=role, person_id=int(person), starts_at=self.at))
        return facts

    def child_of(self, case_file: CaseFile) -> Child:
        """The child of a new file."""
        names = ("reference", "upn", "forename", "surname", "date_of_birth", "sex")
        return Child(case_file=case_file, **{name: self.cleaned_data[name] for name in names})


def people_to_allocate(child: Child, at: datetime, roles: Iterable[Role]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Who may be allocated now, in these roles: workers of the teams of the child's area, others of the whole authority."""
    areas = TeamHolding.objects.in_force(at).filter(child=child).values("team__area")
    return _by_role(
        Appointment.objects.in_force(at)
        .filter(role__in=roles, user__is_active=True)
        .filter(Q(team__area__in=areas) | Q(team=None))
    )


def workers_of(teams: Iterable, at: datetime) -> list[tuple[str, list[tuple[str, str]]]]:
    """The social workers and personal advisers of these teams."""
    return _by_role(
        Appointment.objects.in_force(at).filter(
            role__in=(Role.SOCIAL_WORKER, Role.PERSONAL_ADVISER), user__is_active=True, team__in=teams
        )
    )


def teams_by_area(at: datetime, *, of: Child) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every open team but the one that holds the child's case, by service area."""
    held = TeamHolding.objects.in_force(at).filter(child=of)
    teams = Team.objects.open_at(at).exclude(pk__in=held.values("team")).select_related("area")
    by_area = groupby(teams.order_by("area__name", "name"), key=lambda team: team.area.name)
    return [(area, [(str(team.pk), team.name) for team in found]) for area, found in by_area]


def _by_role(appointments) -> list[tuple[str, list[tuple[str, str]]]]:
    order = {role: place for place, role in enumerate(ALLOCATED_ROLES)}
    found = {(a.role, a.user_id): a for a in appointments.select_related("user", "team")}
    people = sorted(found.values(), key=lambda a: (order[Role(a.role)], a.user.last_name, a.user.first_name))
    return [
        (Role(role).label, [(f"{role}:{a.user_id}", _said(a)) for a in group])
        for role, group in groupby(people, key=lambda a: a.role)
    ]


def _said(appointment: Appointment) -> str:
    return f"{appointment.user.name}, {appointment.team.name}" if appointment.team_id else appointment.user.name
