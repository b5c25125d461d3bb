"""How appointments and requests are said in sentences."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from accounts.models import GrantRequest
from accounts.roles import Place, Role
from casework.limits import local_day
from casework.wording import said_day


def last_day(ends_at: datetime) -> str:
    """The last day on which something holds that ends at a moment, exclusive."""
    return said_day(local_day(ends_at - timedelta(microseconds=1)))


def period(starts_at: datetime, ends_at: datetime | None) -> str:
    """From 3 March 2026; from 3 March 2026 until 30 June 2026, that day included."""
    since = f"from {said_day(local_day(starts_at))}"
    if ends_at is None:
        return since
    if ends_at <= starts_at:
        return f"{since}, called off before it began"
    return f"{since} until {last_day(ends_at)}"


def post(row: Any) -> str:
    """A role and where it is held, of an appointment or of a request for one: Team manager, Alder team."""
    where = row.team or row.area
    said = f"{Role(row.role).label}, {where.name if where else Place.AUTHORITY.value}"
    return f"{said}, acting for {row.acting_for.name}" if row.acting_for else said


def wanted(request: GrantRequest) -> str:
    """What a request asks for, as the end of a sentence that begins: this person is to ..."""
    if request.kind == GrantRequest.Kind.APPOINTMENT:
        return f"be appointed {post(request)}, {period(request.starts_at, request.ends_at)}"
    if request.kind == GrantRequest.Kind.SIGN_IN:
        return f"sign in with {sign_in(request.email, request.directory_name)}"
    if request.kind == GrantRequest.Kind.RETURN:
        return "come back, and sign in again"
    return "lose the second factor, and set up another at the next sign-in"


def sign_in(email: str, directory_name: str | None) -> str:
    """The ways in that depend on an address or a name in the directory."""
    said = f"the mail address {email}" if email else "no mail address"
    return f"{said} and the name {directory_name} in the directory" if directory_name else said


def of_row(row: Any, names: Mapping[str, Mapping[int, Any]]) -> Any:
    """A row of the history with the places and people that it points to, found among what was loaded at once."""
    return SimpleNamespace(
        role=row.role,
        team=names["teams"].get(row.team_id),
        area=names["areas"].get(row.area_id),
        acting_for=names["people"].get(row.acting_for_id),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
    )
