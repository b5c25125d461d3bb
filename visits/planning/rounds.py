"""One day's round: the visits that are planned for it and those that are due, by the part of the country where they are.

The part is the outward half of the home's postcode, "ME14", so that one round does a whole part. For people who may know
addresses: every role that visits may (`children.access`).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from accounts.roles import Role
from casework.limits import end_of
from casework.links import link_to
from casework.models import Duty
from casework.wording import due
from children.models import Child, TeamHolding
from placements.models import Placement
from visits.clocks.purposeful import LETTER as PURPOSEFUL
from visits.models import PlannedVisit
from visits.planning.spreading import said_of_time
from visits.planning.who_goes import ONE_FOR_ANOTHER, home_of_duty

DUE_SOON: Final = timedelta(days=7)
"""What is due within these days after the round's is on it too: whoever is there anyway need not come again."""
INWARD: Final = re.compile(r"\d[A-Z]{2}$")
NO_POSTCODE: Final = "No postcode on record"


@dataclass(frozen=True, slots=True)
class DueThere:
    """What is due at a home: "Visit: 2 days overdue"; with whose it is, on a team's round."""

    says: str
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Call:
    """One home at which a child is visited on the round."""

    child: str
    child_url: str
    home: str
    address: str
    record_url: str
    plan_url: str
    dues: tuple[DueThere, ...]
    plans: tuple[str, ...]
    """Who goes, and when: "14:00"."""


@dataclass(frozen=True, slots=True)
class Part:
    """The calls of one part of the country."""

    name: str
    calls: list[Call] = field(default_factory=list)


def outward(postcode: str) -> str:
    """The outward half of a postcode: ME14 of "me14 1xx", however it was typed; what is there of a part of one."""
    letters = re.sub(r"\W", "", postcode).upper()
    return INWARD.sub("", letters) or letters


def in_order(part: str) -> list[tuple[str, int]]:
    """By what outward halves are put in order: MQ5 before MQ15."""
    return [(letters, int(number or 0)) for letters, number in re.findall(r"(\D+)(\d*)", part)]


def teams_led_by(user: Any, at: datetime) -> list[int]:
    """The teams that this person manages."""
    return [a.team_id for a in user.appointments_at(at) if a.role == Role.TEAM_MANAGER and a.team_id]


def round_of(user: Any, at: datetime, day: date, *, of_team: bool) -> list[Part]:
    """The round of a person, or of the person's team, on a day: parts by name, what has no postcode last."""
    homes, plans = Placement.objects.visible_to(user, at=at).live(at), PlannedVisit.objects.still_to_make()
    duties = Duty.objects.open().filter(source="visits", due_at__lte=end_of(day + DUE_SOON))
    if of_team:
        held = TeamHolding.objects.in_force(at).filter(team__in=teams_led_by(user, at))
        children = Child.objects.filter(pk__in=held.values("child"))
        duties = duties.filter(case_file__in=children.values("case_file"), role__in=ONE_FOR_ANOTHER)
        plans = plans.filter(child__in=held.values("child"))
    else:
        duties, plans = duties.filter(owner=user), plans.filter(visitor=user)
    due_at = _by_home((home_of_duty(d), d) for d in duties.soonest_first().select_related("owner"))
    planned = _by_home((p.placement_id, p) for p in plans.filter(planned_on=day).select_related("visitor"))
    at_homes = homes.filter(pk__in={*due_at, *planned}).select_related("child", "home", "carer")
    parts: dict[str, Part] = {}
    for home in sorted(at_homes, key=_place_of):
        name = outward(_postcode_of(home)) or NO_POSTCODE
        call = _call(home, due_at.get(home.pk, []), planned.get(home.pk, []), at, of_team)
        parts.setdefault(name, Part(name)).calls.append(call)
    return sorted(parts.values(), key=lambda part: (part.name == NO_POSTCODE, in_order(part.name)))


def _by_home(pairs: Iterable[tuple[int | None, Any]]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for home, each in pairs:
        if home is not None:
            found.setdefault(home, []).append(each)
    return found


def _call(home: Placement, duties: list[Duty], plans: list[PlannedVisit], at: datetime, of_team: bool) -> Call:
    place = home.home or home.carer
    return Call(
        child=home.child.name,
        child_url=link_to("children:child", home.child_id),
        home=place.name if place else home.get_setting_display(),
        address=", ".join(part for part in (_one_line(place.address) if place else "", _postcode_of(home)) if part),
        record_url=link_to("visits:record", home.pk),
        plan_url=link_to("visits:plan", home.pk),
        dues=tuple(_said_of_due(duty, at, of_team) for duty in duties),
        plans=tuple(_said_of_plan(plan, of_team) for plan in plans),
    )


def _said_of_due(duty: Duty, at: datetime, of_team: bool) -> DueThere:
    what = "Purposeful visit" if duty.key.startswith(PURPOSEFUL) else "Visit"
    who = f" ({duty.owner.name})" if of_team and duty.owner else ""
    return DueThere(f"{what}{who}: {due(duty.due_at, at)}", duty.is_overdue(at))


def _said_of_plan(plan: PlannedVisit, of_team: bool) -> str:
    at = said_of_time(plan.planned_time) or "No time yet"
    return f"{at}, {plan.visitor.name}" if of_team else at


def _postcode_of(home: Placement) -> str:
    place = home.home or home.carer
    return (place.postcode if place else home.source_postcode).strip()


def _one_line(address: str) -> str:
    return ", ".join(line.strip() for line in address.splitlines() if line.strip())


def _place_of(home: Placement) -> tuple[str, str, int]:
    return (_postcode_of(home), home.child.name, home.pk)
