"""The history of a person, a team or an area in sentences, newest first, out of the rows that the database's triggers keep.

Each row of the history holds a whole row of the table as it then stood, and who wrote it. What a sentence says is the
difference between two that follow each other.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.apps import apps

from accounts.models import Decision, GrantRequest, ServiceArea, Team, User
from casework.limits import local_day
from casework.people import said
from casework.wording import said_day, said_moment

SOMEBODY: Final = "somebody at the server’s command line"
DECIDED: Final = {
    Decision.CONFIRMED: "confirmed",
    Decision.REFUSED: "refused",
    Decision.WITHDRAWN: "withdrew the request",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened, as a sentence."""

    at: datetime
    says: str
    because: str = ""


@dataclass(frozen=True, slots=True)
class _Happened:
    """What happened, without who did it."""

    at: datetime
    by: int | None
    did: str
    because: str = ""


def of_person(person: User) -> list[Told]:
    """Everything that was changed about a person, their appointments and what was asked for them."""
    users = _rows("UserEvent", id=person.pk)
    appointments = _rows("AppointmentEvent", user=person.pk)
    requests = list(GrantRequest.objects.filter(person=person).select_related("team", "area", "acting_for"))
    names = _names(users, appointments, requests)
    happened = [
        *_changes(users, _account),
        *_changes(appointments, lambda before, now: _appointment(before, now, names)),
        *(one for request in requests for one in _request(request)),
    ]
    return _told(happened, names["people"])


def of_place(place: Team | ServiceArea) -> list[Told]:
    """Everything that was changed about a team or an area."""
    rows = _rows(f"{type(place).__name__}Event", id=place.pk)
    names = _names(rows, [], [])
    areas = dict(ServiceArea.objects.values_list("pk", "name"))
    return _told(list(_changes(rows, lambda before, now: _place(before, now, areas))), names["people"])


def _rows(model: str, **which: Any) -> list[Any]:
    return list(apps.get_model("accounts", model).objects.filter(**which).order_by("pgh_id"))


def _names(users: Iterable[Any], appointments: Iterable[Any], requests: Iterable[Any]) -> dict[str, dict[int, Any]]:
    """The people and places that the rows point to, loaded at once."""
    people = {(row.pgh_context or {}).get("user") for rows in (users, appointments) for row in rows}
    for row in appointments:
        people |= {row.acting_for_id, row.line_manager_id}
    for request in requests:
        people |= {request.asked_by_id, request.decided_by_id}
    rows = list(appointments)
    return {
        "people": User.objects.in_bulk(people - {None}),
        "teams": Team.objects.in_bulk({row.team_id for row in rows} - {None}),
        "areas": ServiceArea.objects.in_bulk({row.area_id for row in rows} - {None}),
    }


def _changes(rows: Iterable[Any], tell: Any) -> Iterator[_Happened]:
    """What each row changed of the one before it; `tell(before, now)` gives the sentences."""
    last: dict[int, Any] = defaultdict(lambda: None)
    for row in rows:
        context = row.pgh_context or {}
        for did in tell(last[row.id], row):
            yield _Happened(row.pgh_created_at, context.get("user"), did, context.get("because", ""))
        last[row.id] = row


def _account(before: Any, now: Any) -> Iterator[str]:
    name = f"{now.first_name} {now.last_name}".strip() or now.username
    if before is None:
        yield f"added {name}, to sign in as {now.username} with {said.sign_in(now.email, now.directory_name)}"
        return
    name_before = f"{before.first_name} {before.last_name}".strip() or before.username
    yield from _changed("the name", name_before, name)
    yield from _changed("the name to sign in with", before.username, now.username)
    yield from _changed("the mail address", before.email, now.email)
    yield from _changed("the name in the directory", before.directory_name, now.directory_name)
    if before.is_active != now.is_active:
        yield "opened the sign-in again" if now.is_active else "closed the sign-in, because of leaving"


def _changed(what: str, before: str | None, now: str | None) -> Iterator[str]:
    if (before or "") == (now or ""):
        return
    if before and now:
        yield f"changed {what} from {before} to {now}"
    else:
        yield f"recorded {what} {now}" if now else f"took away {what} {before}"


def _appointment(before: Any, now: Any, names: dict[str, dict[int, Any]]) -> Iterator[str]:
    row = said.of_row(now, names)
    post = said.post(row)
    if before is None:
        yield f"recorded the appointment as {post}, {said.period(now.starts_at, now.ends_at)}"
        return
    if before.ends_at != now.ends_at:
        yield _ended(post, now)
    if before.line_manager_id != now.line_manager_id:
        manager = names["people"].get(now.line_manager_id)
        yield f"made {manager.name if manager else 'nobody'} the line manager in the appointment as {post}"
    if (before.role, before.team_id, before.area_id, before.starts_at, before.acting_for_id) != (
        now.role,
        now.team_id,
        now.area_id,
        now.starts_at,
        now.acting_for_id,
    ):
        yield f"changed an appointment to {post}, {said.period(now.starts_at, now.ends_at)}"


def _ended(post: str, now: Any) -> str:
    if now.ends_at is None:
        return f"took away the end of the appointment as {post}"
    if now.ends_at <= now.starts_at:
        return f"called off the appointment as {post}, before it began"
    return f"set the end of the appointment as {post} to {said_moment(now.ends_at)}"


def _request(request: GrantRequest) -> Iterator[_Happened]:
    what = said.wanted(request)
    yield _Happened(request.asked_at, request.asked_by_id, f"asked for this person to {what}", request.because)
    if request.decided_at:
        did = f"{DECIDED[Decision(request.decision)]} that this person is to {what}"
        yield _Happened(request.decided_at, request.decided_by_id, did, request.decided_because)


def _place(before: Any, now: Any, areas: dict[int, str]) -> Iterator[str]:
    area = areas.get(getattr(now, "area_id", 0))
    if before is None:
        yield f"added {now.name}" + (f" in {area}" if area else "")
        return
    yield from _changed("the name", before.name, now.name)
    if area and before.area_id != now.area_id:
        yield f"moved {now.name} from {areas.get(before.area_id)} to {area}"
    if before.closed_at != now.closed_at:
        yield (f"closed {now.name} from {said_moment(now.closed_at)}" if now.closed_at else f"opened {now.name} again")


def _told(happened: list[_Happened], people: dict[int, Any]) -> list[Told]:
    # The oldest first, turned round: of what one act changed, all at one moment, the last comes first too.
    oldest_first = sorted(happened, key=lambda one: one.at)
    return [Told(one.at, _sentence(one, people), one.because) for one in reversed(oldest_first)]


def _sentence(one: _Happened, people: dict[int, Any]) -> str:
    who = people[one.by].name if one.by in people else SOMEBODY
    return f"On {said_day(local_day(one.at))} {who} {one.did}."
