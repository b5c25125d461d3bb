"""What the page of a person, and of a request about a person, says."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.apps import apps
from django.utils.text import capfirst

from accounts.granting import NOBODY_CAN, lapses_at
from accounts.models import Appointment, Decision, GrantRequest, User
from casework.limits import local_day
from casework.models import Duty
from casework.people import said
from casework.people.changes import OF_APPOINTMENT, menu
from casework.wording import counted, said_day, said_moment

COLUMNS_OF_PAST = [{"label": label} for label in ("Role", "When", "Line manager", "Granted by")]


@dataclass(frozen=True, slots=True)
class Post:
    """One appointment on the person's page."""

    pk: int
    title: str
    rows: list[dict[str, str]]
    actions: list[dict[str, str]]


def facts(person: Any) -> list[dict[str, str]]:
    """Who this is and how the person signs in."""
    return [
        {"label": "User name", "says": person.username},
        {"label": "Mail address", "says": person.email},
        {"label": "Name in the directory", "says": person.directory_name or ""},
        {"label": "Can sign in", "says": "Yes" if person.is_active else "No: has left"},
        {"label": "Second factor", "says": "Set up" if is_mfa_enabled(person) else "Not set up"},
        {"label": "Last signed in", "says": said_moment(person.last_login) or "Never"},
    ]


def posts(person: User, at: datetime) -> list[dict[str, Any]]:
    """The appointments of a person: now, ahead and past."""
    loaded = list(
        person.appointments.select_related(
            "team", "area", "acting_for", "line_manager", "grant__asked_by", "grant__decided_by"
        ).order_by("-starts_at", "-pk")
    )
    written = _written_by(person)
    now = [row for row in loaded if row.holds_at(at)]
    past = [row for row in loaded if row.ends_at is not None and row.ends_at <= max(at, row.starts_at)]
    ahead = [row for row in loaded if row not in now and row not in past]
    parts: list[dict[str, Any]] = [
        {"title": title, "posts": [_post(row, written, at) for row in some]}
        for title, some in (("Now", now), ("Ahead", ahead))
        if some
    ]
    if past:
        parts.append({"title": "Past", "columns": COLUMNS_OF_PAST, "rows": [_past(row, written) for row in past]})
    return parts


def _past(row: Appointment, written: dict[int, str]) -> list[str]:
    """One line of the appointments that are over: nothing can be done about them any more."""
    manager = row.line_manager.name if row.line_manager else ""
    granted = _granted(row) or written.get(row.pk, "")
    return [said.post(row), capfirst(said.period(row.starts_at, row.ends_at)), manager, granted]


def _post(row: Appointment, written: dict[int, str], at: datetime) -> Post:
    rows = [
        {"label": "When", "says": capfirst(said.period(row.starts_at, row.ends_at))},
        {"label": "Granted by", "says": _granted(row) or written.get(row.pk, "")},
    ]
    if row.line_manager:
        rows.insert(1, {"label": "Line manager", "says": row.line_manager.name})
    return Post(row.pk, said.post(row), rows, menu(OF_APPOINTMENT, "appointment", row, at))


def _granted(row: Appointment) -> str:
    if row.grant is None or row.grant.decided_by is None:
        return ""
    asked, decided = row.grant.asked_by.name, row.grant.decided_by.name
    return f"{asked}, confirmed by {decided} on {said_day(row.grant.decided_at)}"


def _written_by(person: User) -> dict[int, str]:
    """By whom each appointment was recorded, out of the history."""
    events = apps.get_model("accounts", "AppointmentEvent").objects.filter(user=person.pk, pgh_label="insert")
    rows = list(events.values_list("id", "pgh_context", "pgh_created_at"))
    names = {
        user.pk: user.name for user in User.objects.filter(pk__in={(c or {}).get("user") for _, c, _ in rows} - {None})
    }
    return {
        pk: f"{names.get((context or {}).get('user'), 'The server’s command line')} on {said_day(local_day(at))}"
        for pk, context, at in rows
    }


def duties(person: User, by: Any, at: datetime) -> list[dict[str, str]]:
    """What falls to a person, as a number: administrators see the work, not the child, and of restricted records nothing."""
    owed = Duty.objects.owed_by(person).counted_for(by, at=at)
    number, overdue = owed.count(), owed.overdue(at).count()
    said_overdue = f", {overdue} of them overdue" if overdue else ""
    return [{"label": "Duties", "says": f"{counted(number, 'duty')} to do{said_overdue}" if number else "None"}]


def request_facts(request: GrantRequest, deciders: Collection[User]) -> list[dict[str, str]]:
    """What is asked, by whom and why; and where a link would go, which is what a second administrator looks at."""
    person = request.person
    rows = [
        {"label": "Person", "says": person.name},
        {"label": "User name", "says": person.username},
        {"label": "Signs in with", "says": capfirst(said.sign_in(person.email, person.directory_name))},
    ]
    if person.email or person.directory_name:
        rows.append({"label": "That address since", "says": _address_since(person)})
    if request.kind == GrantRequest.Kind.APPOINTMENT:
        rows += [
            {"label": "Role", "says": said.post(request)},
            {"label": "When", "says": capfirst(said.period(request.starts_at, request.ends_at))},
            {"label": "Line manager", "says": request.line_manager.name if request.line_manager else "Nobody"},
        ]
    elif request.kind == GrantRequest.Kind.SIGN_IN:
        rows.append(
            {"label": "Would sign in with", "says": capfirst(said.sign_in(request.email, request.directory_name))}
        )
    rows += [
        {"label": "Asked by", "says": f"{request.asked_by.name} on {said_moment(request.asked_at)}"},
        {"label": "Why", "says": request.because},
    ]
    if request.decided_by:
        decision = Decision(request.decision).label
        rows.append(
            {"label": decision, "says": f"By {request.decided_by.name} on {said_moment(request.decided_at)}"},
        )
        if request.decided_because:
            rows.append({"label": "Reason", "says": request.decided_because})
    else:
        names = ", ".join(each.name for each in deciders)
        rows.append({"label": "Who can decide", "says": names or NOBODY_CAN})
        rows.append({"label": "Lapses", "says": said_day(lapses_at(request.asked_at))})
    return rows


def _address_since(person: User) -> str:
    """Since when the present way in has stood: a change just before a request is worth a question."""
    events = apps.get_model("accounts", "UserEvent").objects.filter(id=person.pk).order_by("-pgh_id")
    since = None
    for email, directory_name, at in events.values_list("email", "directory_name", "pgh_created_at"):
        if (email, directory_name) != (person.email, person.directory_name):
            break
        since = at
    return said_moment(since)
