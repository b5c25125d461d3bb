"""What administrators do about people and places: each act in one transaction, kept with who did it and why.

Only whoever is an administrator at the moment of the act may act, and nobody for themselves. What needs a second
administrator (`accounts.granting`) becomes a request; confirmed, it is carried out exactly as it was asked. What needs
none is carried out at once, by the same function.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

import pghistory
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import F, Q

from accounts import granting
from accounts.models import Appointment, Decision, GrantRequest, ServiceArea, Team, User
from accounts.places import objections_to_closing
from accounts.roles import Role
from casework import bell
from casework.people import letters, said
from casework.steps import NotYet, NotYou

ADMINISTRATORS: Final = frozenset({Role.ADMINISTRATOR})
DECIDE: Final = ADMINISTRATORS | {granting.STANDS_IN}
"""Who may be the one to decide on a request; whether it is, the request says (`GrantRequest.deciders`)."""
ADMINISTRATORS_ONLY: Final = "Only administrators can do this."
Kind = GrantRequest.Kind
Place = Team | ServiceArea


@contextmanager
def _act(
    by: Any, at: datetime, *, person: int | None = None, because: str = "", roles: frozenset[Role] = ADMINISTRATORS
) -> Iterator[Any]:
    """One act of an administrator; gives the person whom it is about, locked. Raises NotYou."""
    if not by.holds(*roles, at=at):
        raise NotYou(ADMINISTRATORS_ONLY)
    if person == by.pk:
        raise NotYou(granting.NOT_FOR_YOURSELF)
    with transaction.atomic(), pghistory.context(user=by.pk, because=because):
        yield User.objects.select_for_update().get(pk=person) if person else None


def _refuse(objections: list[str]) -> None:
    if objections:
        raise NotYet(*objections)


# People


def add_person(person: User, *, by: Any, at: datetime) -> User:
    """Make an account without a password, and send the link to choose one."""
    with _act(by, at):
        person.set_unusable_password()
        person.save()
        letters.send_link(person, at=at)
    return person


def send_link(person: User, *, by: Any, at: datetime) -> None:
    """Send a new link to the address on the person's page."""
    with _act(by, at, person=person.pk) as locked:
        if not locked.is_active:
            raise NotYet(f"{locked.name} has left. Open the sign-in again first.")
        if not locked.email:
            raise NotYet(f"{locked.name} has no mail address on record. Add one first.")
        letters.send_link(locked, at=at)


def rename(person: User, *, first_name: str, last_name: str, by: Any, at: datetime) -> None:
    """Change the name that colleagues see."""
    with _act(by, at, person=person.pk) as locked:
        locked.first_name, locked.last_name = first_name, last_name
        locked.save(update_fields=["first_name", "last_name"])


def leave(person: User, *, by: Any, at: datetime, because: str) -> None:
    """Somebody leaves: every appointment ends now, what has not begun is called off, and the sign-in is closed."""
    with _act(by, at, person=person.pk, because=because) as locked:
        if not locked.is_active:
            raise NotYet(f"{locked.name} has left already.")
        mine = Appointment.objects.filter(user=locked)
        mine.in_force(at).update(ends_at=at)
        mine.filter(starts_at__gt=at).update(ends_at=F("starts_at"))
        _hand_duties_over()
        locked.is_active = False
        locked.save(update_fields=["is_active"])


# Appointments


def end(appointment: Appointment, *, ends_at: datetime, by: Any, at: datetime, because: str) -> None:
    """End an appointment from a moment on; one that has not begun by then never will."""
    with _act(by, at, person=appointment.user_id, because=because):
        locked = Appointment.objects.select_for_update().get(pk=appointment.pk)
        if ends_at < at:
            raise NotYet("An appointment cannot end in the past: what was done under it was done by right.")
        if locked.ends_at and locked.ends_at <= max(at, ends_at):
            raise NotYet("It ends by then already.")
        locked.ends_at = max(ends_at, locked.starts_at)
        locked.save(update_fields=["ends_at"])
        if ends_at <= at:
            _hand_duties_over()


def change_line_manager(appointment: Appointment, *, manager: User | None, by: Any, at: datetime, because: str) -> None:
    """Say who else is now asked where nobody holds the role (C-46)."""
    with _act(by, at, person=appointment.user_id, because=because):
        locked = Appointment.objects.select_for_update().get(pk=appointment.pk)
        locked.line_manager = manager
        locked.save(update_fields=["line_manager"])


# What may need a second administrator


def ask(wanted: GrantRequest, *, by: Any, at: datetime) -> bool:
    """Carry out what is wanted, or ask a second administrator for it. True where it is done, False where it waits."""
    with _act(by, at, person=wanted.person_id, because=wanted.because) as person:
        wanted.person, wanted.asked_by, wanted.asked_at = person, by, at
        waiting = list(GrantRequest.objects.waiting(at).filter(person=person))
        _refuse(
            granting.objections_to_asking(
                person=person,
                asks_the_same=any(_same(one, wanted) for one in waiting),
                returns=wanted.kind == Kind.RETURN,
            )
        )
        _refuse(list(_held_already(wanted)))
        if not granting.needs_second(role=wanted.role, roles_of_person=roles_ahead(person, waiting, at)):
            _carry_out(wanted, at)
            return True
        wanted.save()
        letters.tell_who_can_decide(wanted, at=at)
        return False


def decide(request: GrantRequest, decision: Decision, *, by: Any, at: datetime, because: str = "") -> GrantRequest:
    """Confirm, refuse or withdraw a request. What is confirmed is carried out as it was asked."""
    is_withdrawn = decision == Decision.WITHDRAWN
    theirs = granting.not_theirs_to_withdraw if is_withdrawn else granting.not_theirs_to_confirm
    sentences = theirs(request, by)
    if sentences:
        raise NotYou(*sentences)
    with _act(by, at, person=request.person_id, because=because, roles=ADMINISTRATORS if is_withdrawn else DECIDE):
        locked = GrantRequest.objects.select_for_update(of=("self",)).select_related(*READ_WITH).get(pk=request.pk)
        if not is_withdrawn and (sentences := granting.not_a_decider(by, locked.deciders(at))):
            raise NotYou(*sentences)
        is_confirmed = decision == Decision.CONFIRMED
        objections = granting.objections_to_confirming if is_confirmed else granting.objections_to_deciding
        _refuse([*objections(locked, at), *(_changed_since(locked) if is_confirmed else ())])
        locked.decision, locked.decided_by, locked.decided_at, locked.decided_because = decision, by, at, because
        locked.save()
        if is_confirmed:
            _carry_out(locked, at)
        letters.tell_who_asked(locked, at=at)
    return locked


def _changed_since(request: GrantRequest) -> Iterator[str]:
    """What stands against it meanwhile: the role is held, or somebody else has the way in that was asked for."""
    yield from _held_already(request)
    others = User.objects.exclude(pk=request.person_id)
    if request.email and others.filter(email__iexact=request.email).exists():
        yield "Somebody else has this mail address since it was asked for."
    if request.directory_name and others.filter(directory_name=request.directory_name).exists():
        yield "Somebody else has this name in the directory since it was asked for."


def _held_already(wanted: GrantRequest) -> Iterator[str]:
    """Held twice, a role would go on when one of the two is ended."""
    if wanted.kind != Kind.APPOINTMENT:
        return
    same = {name: getattr(wanted, name) for name in ("role", "team_id", "area_id", "acting_for_id")}
    held = Appointment.objects.filter(user=wanted.person, **same).exclude(ends_at__lte=wanted.starts_at)
    held = held.exclude(ends_at__lte=F("starts_at"))
    if wanted.ends_at:
        held = held.filter(starts_at__lt=wanted.ends_at)
    for row in held[:1]:
        yield (
            f"{wanted.person.name} holds this {said.period(row.starts_at, row.ends_at)}: hold it longer there, or begin "
            "when that ends."
        )


READ_WITH: Final = ("person", "team", "area", "acting_for", "line_manager", "asked_by", "decided_by")


def roles_ahead(person: User, waiting: list[GrantRequest], at: datetime) -> set[str]:
    """The roles that a person holds, will hold, or is asked to be given."""
    held = Appointment.objects.filter(user=person).exclude(Q(ends_at__lte=at) | Q(ends_at__lte=F("starts_at")))
    return {*held.values_list("role", flat=True), *(request.role for request in waiting if request.role)}


def _hand_duties_over() -> None:
    """Have a worker look at once who owes what now: nobody's alarm waits for the hourly look."""
    bell.ring_on_commit("casework.tasks.hand_over")


def _same(one: GrantRequest, other: GrantRequest) -> bool:
    return (one.kind, one.role, one.team_id, one.area_id) == (other.kind, other.role, other.team_id, other.area_id)


def _carry_out(wanted: GrantRequest, at: datetime) -> None:
    """Do what was asked for, exactly as it was asked."""
    person = wanted.person
    if wanted.kind == Kind.APPOINTMENT:
        Appointment.objects.create(
            user=person,
            role=wanted.role,
            team=wanted.team,
            area=wanted.area,
            starts_at=wanted.starts_at,
            ends_at=wanted.ends_at,
            acting_for=wanted.acting_for,
            line_manager=wanted.line_manager,
            grant=wanted if wanted.pk else None,
        )
        if wanted.starts_at <= at:
            _hand_duties_over()
    elif wanted.kind == Kind.SIGN_IN:
        # An address of before that the library still keeps would go on getting links.
        EmailAddress.objects.filter(user=person).delete()
        person.email, person.directory_name = wanted.email, wanted.directory_name or None
        person.save(update_fields=["email", "directory_name"])
    elif wanted.kind == Kind.RETURN:
        person.is_active = True
        person.save(update_fields=["is_active"])
        letters.send_link(person, at=at)
    else:
        Authenticator.objects.filter(user=person).delete()


# Places


def keep_place(place: Place, *, by: Any, at: datetime, because: str = "") -> None:
    """Add a team or an area, or change its name or its area."""
    with _act(by, at, because=because):
        stays = isinstance(place, ServiceArea) or Team.objects.filter(pk=place.pk, area=place.area_id).exists()
        if not stays and place.area.is_closed(at):
            raise NotYet(f"{place.area.name} is closed: it takes no teams.")
        place.save()


def close(place: Place, *, closed_at: datetime, by: Any, at: datetime, because: str) -> None:
    """Close a team or an area from a moment on."""
    with _act(by, at, because=because):
        locked = type(place).objects.select_for_update().get(pk=place.pk)
        teams = locked.teams.all() if isinstance(locked, ServiceArea) else ()
        _refuse(objections_to_closing(locked, teams=teams, closed_at=closed_at))
        locked.closed_at = closed_at
        locked.save(update_fields=["closed_at"])


def open_again(place: Place, *, by: Any, at: datetime, because: str) -> None:
    """Open a team or an area that was closed, or is to be."""
    with _act(by, at, because=because):
        locked = type(place).objects.select_for_update().get(pk=place.pk)
        if locked.closed_at is None:
            raise NotYet(f"{locked.name} is open.")
        if isinstance(locked, Team) and locked.area.is_closed(at):
            raise NotYet(f"{locked.area.name} is closed. Open the area first, or move the team to another.")
        locked.closed_at = None
        locked.save(update_fields=["closed_at"])
