"""What an administrator can do about a person, an appointment, a request, a team or an area: each with its form and words.

Read each table as the menu on the page of its kind of row, in this order. `fits` says to which rows a line is offered;
whoever gets there all the same is told by the act why it cannot be done.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from allauth.mfa.utils import is_mfa_enabled
from django.urls import reverse

from accounts.models import Appointment, Decision, GrantRequest, ServiceArea, Team, User
from casework.people import acts, forms, said
from casework.recording import ReasonForm, RecordingForm

Kind = GrantRequest.Kind
WAITS: Final = "Asked for. It holds once another administrator has confirmed it."


@dataclass(frozen=True, slots=True)
class Change:
    """One act: its address, its words, what is asked, and what does it."""

    name: str
    """Of its address."""
    label: str
    form: type[RecordingForm]
    do: Callable[[Any, Any, Any, datetime], Any]
    """`do(form, row, by, at)` does it; false where it waits for a second administrator."""
    done: str
    lede: str = ""
    button: str = "Record"
    title: str = ""
    """Of its page, where the label stands beside what it is about."""
    fits: Callable[[Any, datetime], bool] = lambda row, at: True
    shows_what_falls: bool = False
    """Does the page say what somebody else will have to do then?"""

    def says_done(self, form: Any) -> str:
        """What the page says once the form is sent."""
        return WAITS if getattr(form, "waits", False) else self.done


def is_here(person: User, at: datetime) -> bool:
    """Has somebody not left?"""
    return person.is_active


def runs(appointment: Appointment, at: datetime) -> bool:
    """Does an appointment hold, or is it to hold?"""
    return appointment.ends_at is None or appointment.ends_at > max(at, appointment.starts_at)


def _appoint(form: Any, person: User, by: Any, at: datetime) -> bool:
    wanted = GrantRequest(
        kind=Kind.APPOINTMENT, person=person, because=form.cleaned_data["because"], **form.appointment()
    )
    return acts.ask(wanted, by=by, at=at)


def _hold_longer(form: Any, row: Appointment, by: Any, at: datetime) -> bool:
    """The same again, from the end on: an appointment that was granted is never widened."""
    same = ("role", "team_id", "area_id", "acting_for_id", "line_manager_id")
    wanted = GrantRequest(
        kind=Kind.APPOINTMENT,
        person_id=row.user_id,
        starts_at=row.ends_at,
        ends_at=form.ends_at(),
        because=form.cleaned_data["because"],
        **{name: getattr(row, name) for name in same},
    )
    return acts.ask(wanted, by=by, at=at)


def _sign_in(form: Any, person: User, by: Any, at: datetime) -> bool:
    wanted = {name: form.cleaned_data[name] for name in ("email", "directory_name", "because")}
    return acts.ask(GrantRequest(kind=Kind.SIGN_IN, person=person, **wanted), by=by, at=at)


def _ask(kind: Kind) -> Callable[[Any, Any, Any, datetime], bool]:
    def ask(form: Any, person: User, by: Any, at: datetime) -> bool:
        return acts.ask(GrantRequest(kind=kind, person=person, because=form.cleaned_data["because"]), by=by, at=at)

    return ask


def _decide(form: Any, request: GrantRequest, by: Any, at: datetime) -> None:
    cleaned = form.cleaned_data
    acts.decide(request, Decision(cleaned["decision"]), by=by, at=at, because=cleaned["because"])


OF_PERSON: Final = (
    Change(
        "appoint",
        "Appoint to a role",
        forms.AppointForm,
        _appoint,
        "The appointment is recorded.",
        lede="Roles that sign records, administer or guard the read log need a second administrator.",
        button="Appoint",
        fits=is_here,
    ),
    Change(
        "name",
        "Change the name",
        forms.NameForm,
        lambda form, person, by, at: acts.rename(
            person,
            first_name=form.cleaned_data["first_name"],
            last_name=form.cleaned_data["last_name"],
            by=by,
            at=at,
        ),
        "The name is changed.",
        fits=is_here,
    ),
    Change(
        "sign-in",
        "Change the mail address or the name in the directory",
        forms.SignInForm,
        _sign_in,
        "The change is recorded. Links go to the new address from now on.",
        lede="Links for a new password go there. For whoever signs records, a second administrator confirms it.",
        fits=is_here,
    ),
    Change(
        "link",
        "Send a new link to choose a password",
        RecordingForm,
        lambda form, person, by, at: acts.send_link(person, by=by, at=at),
        "The link is on its way.",
        lede="The link goes to the mail address on record. Nobody else sees it.",
        button="Send the link",
        fits=is_here,
    ),
    Change(
        "second-factor",
        "The second factor is lost: take it away",
        ReasonForm,
        _ask(Kind.SECOND_FACTOR),
        "The second factor is taken away. Another is set up at the next sign-in.",
        lede="Make sure that it is this person who asks you: speak to them. Recovery codes are taken away as well.",
        button="Take it away",
        fits=lambda person, at: person.is_active and is_mfa_enabled(person),
    ),
    Change(
        "leave",
        "This person leaves",
        ReasonForm,
        lambda form, person, by, at: acts.leave(person, by=by, at=at, because=form.cleaned_data["because"]),
        "The sign-in is closed, and every appointment has ended.",
        lede="Every appointment ends now, and the person is signed out everywhere. To end one role later, end that role.",
        button="Close the sign-in",
        fits=is_here,
        shows_what_falls=True,
    ),
    Change(
        "return",
        "Open the sign-in again",
        ReasonForm,
        _ask(Kind.RETURN),
        "The sign-in is open again, and a new link is on its way. Appointments of before stay ended.",
        lede="Roles of before do not come back: appoint the person again.",
        button="Open the sign-in",
        fits=lambda person, at: not person.is_active,
    ),
)
OF_APPOINTMENT: Final = (
    Change(
        "end",
        "End",
        forms.FromForm,
        lambda form, row, by, at: acts.end(
            row, ends_at=form.moment(), by=by, at=at, because=form.cleaned_data["because"]
        ),
        "The end is recorded.",
        button="End the appointment",
        title="End the appointment",
        fits=runs,
    ),
    Change(
        "longer",
        "Hold longer",
        forms.LongerForm,
        _hold_longer,
        "It is recorded, as an appointment that begins when this one ends.",
        title="Hold the appointment longer",
        fits=lambda row, at: runs(row, at) and row.ends_at is not None,
    ),
    Change(
        "line-manager",
        "Line manager",
        forms.LineManagerForm,
        lambda form, row, by, at: acts.change_line_manager(
            row, manager=form.manager(), by=by, at=at, because=form.cleaned_data["because"]
        ),
        "The line manager is recorded.",
        title="Change the line manager",
        fits=runs,
    ),
)
OF_REQUEST: Final = (
    Change(
        "decide", "Decide on the request", forms.DecisionForm, _decide, "Your decision is recorded.", button="Decide"
    ),
    Change(
        "withdraw",
        "Withdraw the request",
        ReasonForm,
        lambda form, row, by, at: acts.decide(
            row, Decision.WITHDRAWN, by=by, at=at, because=form.cleaned_data["because"]
        ),
        "The request is withdrawn.",
        button="Withdraw the request",
    ),
)


def _close(form: Any, row: Any, by: Any, at: datetime) -> None:
    acts.close(row, closed_at=form.moment(), by=by, at=at, because=form.cleaned_data["because"])


def _open(form: Any, row: Any, by: Any, at: datetime) -> None:
    acts.open_again(row, by=by, at=at, because=form.cleaned_data["because"])


def _keep(form: Any, row: Any, by: Any, at: datetime) -> None:
    acts.keep_place(form.place(), by=by, at=at, because=form.cleaned_data.get("because", ""))


def is_open(place: Any, at: datetime) -> bool:
    """Is no end set for a team or an area?"""
    return place.closed_at is None


def _has_end(place: Any, at: datetime) -> bool:
    return not is_open(place, at)


STAYS: Final = "Then nobody is appointed to it and no child comes to it any more. Whoever is there stays until moved."
OF_TEAM: Final = (
    Change(
        "change",
        "Change the name, or move to another area",
        forms.TeamChangeForm,
        _keep,
        "The team is changed.",
        lede="A team that moves takes its children along: the managers of the new area see them, those of the old do not.",
    ),
    Change(
        "close",
        "Close the team",
        forms.FromForm,
        _close,
        "The end is recorded.",
        lede=STAYS,
        button="Close the team",
        fits=is_open,
    ),
    Change("open", "Open the team again", ReasonForm, _open, "The team is open.", fits=_has_end),
)
OF_AREA: Final = (
    Change("change", "Change the name", forms.AreaForm, _keep, "The area is changed."),
    Change(
        "close",
        "Close the area",
        forms.FromForm,
        _close,
        "The end is recorded.",
        lede=STAYS,
        button="Close the area",
        fits=is_open,
    ),
    Change("open", "Open the area again", ReasonForm, _open, "The area is open.", fits=_has_end),
)
ADD_TEAM: Final = Change("add-team", "Add a team", forms.TeamForm, _keep, "The team is added.", button="Add the team")
ADD_AREA: Final = Change("add-area", "Add a service area", forms.AreaForm, _keep, "The area is added.", button="Add it")


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind of row that can be changed: its menu, and how a page about one of its rows begins and ends."""

    kind: str
    rows: Callable[[], Any]
    changes: tuple[Change, ...]
    says: Callable[[Any], str]
    """What the row is, above the form."""
    back: Callable[[Any], tuple[str, str]]
    """The address of the page that it stands on, and what that page is called."""


SUBJECTS: Final = (
    Subject(
        "person",
        User.objects.all,
        OF_PERSON,
        lambda person: (
            f"{person.name}, who signs in as {person.username}." if person.is_active else f"{person.name} has left."
        ),
        lambda person: (reverse("people:person", args=[person.pk]), person.name),
    ),
    Subject(
        "appointment",
        lambda: Appointment.objects.select_related("user", "team", "area", "acting_for"),
        OF_APPOINTMENT,
        lambda row: f"{row.user.name}: {said.post(row)}, {said.period(row.starts_at, row.ends_at)}.",
        lambda row: (reverse("people:person", args=[row.user_id]), row.user.name),
    ),
    Subject(
        "request",
        lambda: GrantRequest.objects.select_related(*acts.READ_WITH),
        OF_REQUEST,
        lambda row: f"{row.person.name} is to {said.wanted(row)}.",
        lambda row: (reverse("people:request", args=[row.pk]), "The request"),
    ),
    Subject(
        "team",
        lambda: Team.objects.select_related("area"),
        OF_TEAM,
        lambda team: f"{team.name}, in {team.area.name}.",
        lambda team: (reverse("people:team", args=[team.pk]), team.name),
    ),
    Subject(
        "area",
        ServiceArea.objects.all,
        OF_AREA,
        lambda area: f"{area.name}.",
        lambda area: (reverse("people:area", args=[area.pk]), area.name),
    ),
)


def menu(changes: Iterable[Change], kind: str, row: Any, at: datetime) -> list[dict[str, str]]:
    """What can be done about a row, as links."""
    return [
        {"label": change.label, "url": reverse(f"people:{kind}_{change.name}", args=[row.pk])}
        for change in changes
        if change.fits(row, at)
    ]
