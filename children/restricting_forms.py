"""What is asked when a record is restricted, somebody is named on it or taken off it, or the restriction is lifted."""

from itertools import groupby
from typing import Any

from django import forms
from django.db.models import Q

from accounts.models import Appointment, User
from accounts.roles import Role
from casework.forms import NOTHING_CHOSEN, TYPED_INTO
from casework.recording import RecordingForm
from children import restricting
from children.states import WhyRestricted


class BecauseForm(RecordingForm):
    """Why, in words."""

    because = forms.CharField(label="Your reasons", widget=forms.Textarea(attrs={"rows": 4}), max_length=2000)


class WarnedForm(BecauseForm):
    """Says what will wait if only these people are named; whoever ticks the box has read it."""

    all_the_same = forms.BooleanField(label="Restrict the record all the same", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            del self.fields["all_the_same"]

    def warn(self, people: Any) -> None:
        """Refuse, with what will wait, unless the box is ticked."""
        warnings = restricting.warnings_about(self.about, people, self.at)
        if warnings and not self.cleaned_data.get("all_the_same"):
            self.add_error("all_the_same", f"{' '.join(warnings)} Tick if you want this all the same")

    def ask_only_after_a_warning(self) -> None:
        """The box to tick is shown with its warning, and while it is ticked."""
        if "all_the_same" not in self.errors and not self.cleaned_data.get("all_the_same"):
            self.fields.pop("all_the_same", None)


class RestrictForm(WarnedForm):
    """Restricting a record: which kind of reason, the reasons in words, and who is named."""

    why = forms.ChoiceField(
        label="Why is the record restricted?", choices=WhyRestricted.choices, widget=forms.RadioSelect
    )
    people = forms.MultipleChoiceField(
        label="Who sees the record from now on?",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="These people work on the case. Leave out whoever must not see it, and think of relatives.",
    )
    somebody_else = forms.ChoiceField(
        label="Somebody else, if you need", required=False, help_text="You can name more people later."
    )
    field_order = ("why", "because", "people", "somebody_else", "all_the_same", "key")
    says_optional = False
    refusals = {"one_restriction_at_a_time": (None, restricting.RESTRICTED_ALREADY)}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        near = restricting.people_of_the_case(self.about, self.at)
        if self.by not in near:
            near.append(self.by)
        self.fields["people"].choices = with_posts(near, self.at)
        self.fields["somebody_else"].choices = NOTHING_CHOSEN + people_in_office(
            self.at, but={person.pk for person in near}
        )
        self.fields["somebody_else"].widget.attrs |= TYPED_INTO

    def clean(self):
        """Somebody is named; and whoever leaves steps without anybody has been told so."""
        cleaned = super().clean()
        if not self.who_is_named() and "people" not in self.errors:
            self.add_error("people", "Select at least one person")
        elif not self.errors:
            self.warn([person.pk for person in self.who_is_named()])
        self.ask_only_after_a_warning()
        return cleaned

    def who_is_named(self) -> list[Any]:
        """The people ticked, and somebody else where one is chosen."""
        chosen = {*self.cleaned_data.get("people", ()), self.cleaned_data.get("somebody_else") or None} - {None}
        return list(User.objects.filter(pk__in=chosen).order_by("last_name", "first_name"))


class NamePersonForm(BecauseForm):
    """Who else sees the restricted record, and why."""

    person = forms.ChoiceField(label="Who is named?")
    field_order = ("person", "because", "key")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        named = {each.person.pk for each in restricting.named_on(self.about.pk, self.at)}
        self.fields["person"].choices = NOTHING_CHOSEN + people_in_office(self.at, but=named)
        self.fields["person"].widget.attrs |= TYPED_INTO


class TakeOffForm(WarnedForm):
    """Who sees the restricted record no longer, and why."""

    person = forms.ChoiceField(label="Who is taken off?", widget=forms.RadioSelect)
    all_the_same = forms.BooleanField(label="Take this person off all the same", required=False)
    field_order = ("person", "because", "all_the_same", "key")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.named = restricting.named_on(self.about.pk, self.at)
        self.fields["person"].choices = [
            (str(each.person.pk), f"{each.person.name}, {each.titles}") for each in self.named
        ]

    def clean(self):
        """Never the last one; and whoever leaves steps without anybody has been told so."""
        cleaned = super().clean()
        left = [each.person.pk for each in self.named if str(each.person.pk) != cleaned.get("person")]
        if cleaned.get("person") and not left:
            self.add_error("person", restricting.LAST_ONE)
        elif not self.errors:
            self.warn(left)
        self.ask_only_after_a_warning()
        return cleaned


class LiftForm(BecauseForm):
    """Why everybody whose role reaches the child may see the record again."""


# The privacy officer's, about a restriction and not about a child


class AskToNameForm(RecordingForm):
    """Which of the people named is asked, and for which role."""

    person = forms.ChoiceField(label="Whom do you ask?", widget=forms.RadioSelect)
    role = forms.ChoiceField(label="Which role is missing?", widget=forms.RadioSelect)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        named = restricting.named_on(self.about.child_id, self.at)
        self.fields["person"].choices = [
            (str(each.person.pk), f"{each.person.name}, {each.titles}") for each in named if each.can_name
        ]
        self.fields["role"].choices = roles_missing(self.about, self.at)


class NameByRoleForm(BecauseForm):
    """Who is named in a role that nobody named holds, and why."""

    who = forms.ChoiceField(
        label="Who is named?",
        help_text="Ask somebody already named first whether this person may know: the person will see the whole record.",
    )
    field_order = ("who", "because", "key")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        named = {each.person.pk for each in restricting.named_on(self.about.child_id, self.at)}
        roles = [role for role, _ in roles_missing(self.about, self.at)]
        self.fields["who"].choices = NOTHING_CHOSEN + holders_of(roles, self.at, but=named | {self.by.pk})


def roles_missing(restriction: Any, at: Any) -> list[tuple[str, str]]:
    """The roles that nobody named holds although steps wait for them."""
    return [(row["role"], Role(row["role"]).label) for row in restricting.roles_waiting(restriction, at)]


def holders_of(roles: list[str], at: Any, *, but: set[int]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Who holds each of these roles, by role; the value names both."""
    held = (
        Appointment.objects.in_force(at)
        .filter(role__in=roles, user__is_active=True)
        .exclude(user__in=but)
        .select_related("user", "team", "area")
        .order_by("role", "user__last_name", "user__first_name")
    )
    return [
        (Role(role).label, [(f"{role}:{each.user_id}", _said(each)) for each in group])
        for role, group in groupby(held, key=lambda each: each.role)
    ]


def people_in_office(at: Any, *, but: set[int]) -> list[tuple[str, str]]:
    """Everybody who holds a role now, by name, with what they are."""
    people = User.objects.filter(
        Q(appointments__ends_at=None) | Q(appointments__ends_at__gt=at),
        appointments__starts_at__lte=at,
        is_active=True,
    )
    return with_posts(people.exclude(pk__in=but).distinct().order_by("last_name", "first_name", "pk"), at)


def with_posts(people: Any, at: Any) -> list[tuple[str, str]]:
    """Choices: each person with what they are now; one query beside the people's own."""
    people = list(people)
    held = restricting.posts_of((person.pk for person in people), at)
    return [
        (str(person.pk), ", ".join(filter(None, (person.name, restricting.said_posts(held.get(person.pk, ()))))))
        for person in people
    ]


def _said(appointment: Appointment) -> str:
    place = appointment.team or appointment.area
    return f"{appointment.user.name}, {place}" if place else appointment.user.name
