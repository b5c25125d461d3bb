"""What Hearth knows already when a form is filled in: shown beside each section, and sealed into the version as it was.

Nothing of it says what anybody wrote: whoever reads the form reads this too, but for what gives the address away.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from accounts.roles import Role
from casework.limits import local_day
from casework.sections.known import KNOWN, Fact, rows_of
from casework.wording import counted, said_day, said_moment
from placements.states import FactKind
from placements.where import said_lawfulness
from visits.visiting_forms.kinds import FORM

NAMED: Final = 5
"""How many earlier visits, incidents or reports are named."""
A_DAY: Final = 24
PLANNED: Final = (FactKind.MEANT_TO_LAST_TO_18, FactKind.FEWER_VISITS_AGREED)


class Known:
    """What is on record about the child and the home of one form, each read once."""

    def __init__(self, form: Any, at: datetime):
        self.form, self.at, self.day = form, at, local_day(at)
        self.child, self.placement, self.visit = form.child, form.placement, form.visit

    @property
    def home(self) -> Any:
        """The home, where it is one and not a family."""
        return self.form.home or (self.placement and self.placement.home)

    @cached_property
    def reviews(self) -> list[Any]:
        """The reviews of the child's plan, the first first."""
        return list(self.child.reviews.order_by("scheduled_on"))


def sealed(form: Any, content: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """What is typed, with what Hearth knows at that moment. The form for another child of the home seals its own."""
    return {FORM: form.of_kind.edition, **content, KNOWN: facts_of(form, at)}


def facts_of(form: Any, at: datetime) -> list[dict[str, str]]:
    """What Hearth knows that is shown beside a section of this form."""
    wanted = {name for section in form.of_kind.sections_of(form) for name in section.facts}
    return rows_of((fact for fact in FACTS if fact.name in wanted), Known(form, at))


def _visit(known: Known) -> str:
    form = known.form
    if known.visit is None:
        return f"{said_moment(form.made_at)}, without a visit to the child"
    return f"{said_moment(known.visit.made_at)}, by {known.visit.visitor}, {Role(known.visit.role).label}"


def _seen(known: Known) -> str:
    return str(known.visit.how_seen) if known.visit else ""


def _where(known: Known) -> str:
    place = known.form.place
    return "\n".join(filter(None, (place.name, place.address, place.postcode))) if place else ""


def _lives_there(known: Known) -> str:
    if known.placement is None:
        return "The child does not live there"
    over = f", until {said_moment(known.placement.ended_at)}" if known.placement.ended_at else ""
    return f"{said_moment(known.placement.started_at)}{over}"


def _registration(known: Known) -> str:
    rows = [row for row in known.home.registrations.all() if row.from_on <= known.day] if known.home else []
    last = max(rows, key=lambda row: row.from_on, default=None)
    if known.home is None:
        return ""
    return f"{last.get_status_display()}, since {said_day(last.from_on)}" if last else "No registration is on record"


def _lawfulness(known: Known) -> str:
    standing = getattr(known.placement, "standing", None)
    return f"{said_lawfulness(standing)}. {standing.reason}" if standing else ""


def _visits(known: Known) -> str:
    if known.placement is None:
        return ""
    found = known.placement.visits.filter(made_at__lt=known.form.made_at).order_by("-made_at")[: NAMED + 1]
    lines = [f"{said_day(visit.made_at)}: {visit.how_seen} ({visit.get_role_display()})" for visit in found]
    return "\n".join([*lines[:NAMED], *(["and more before"] if len(lines) > NAMED else [])]) or "None so far"


def _reviews(known: Known) -> str:
    held = [review.held_on for review in known.reviews if review.held_on]
    ahead = [review.scheduled_on for review in known.reviews if not review.held_on and review.scheduled_on >= known.day]
    said = [f"Last held on {said_day(max(held))}"] if held else ["None held so far"]
    return "\n".join([*said, *([f"Next arranged for {said_day(min(ahead))}"] if ahead else [])])


def _allocated(known: Known) -> str:
    return "\n".join(f"{Role(row.role).label}: {row.person}" for row in known.child.allocations_at(known.at))


def _plan(known: Known) -> str:
    if known.placement is None:
        return ""
    facts = known.placement.facts.filter(kind__in=PLANNED, to_on=None).order_by("from_on")
    return "\n".join(f"{fact.get_kind_display()}, since {said_day(fact.from_on)}" for fact in facts)


def _incidents(known: Known) -> str:
    if known.placement is None:
        return ""
    found = known.placement.incidents.order_by("-happened_at")[:NAMED]
    return "\n".join(_said_incident(incident) for incident in found) or "None is on record"


def _said_incident(incident: Any) -> str:
    hours = int((incident.told_at - incident.happened_at).total_seconds() // 3600)
    told = "told within 24 hours" if hours < A_DAY else f"told after {counted(hours, 'hour')}"
    account = "written account received" if incident.account_received_at else "no written account yet"
    return f"{said_moment(incident.happened_at)}: {told}, {account}"


def _reports(known: Known) -> str:
    if known.placement is None:
        return ""
    agreed = known.placement.reports_agreed.filter(from_on__lte=known.day).order_by("-from_on").first()
    last = known.placement.provider_reports.order_by("-received_on").first()
    lines = [f"Agreed: every {counted(agreed.days, 'day')}" if agreed else "No interval was agreed"]
    return "\n".join([*lines, f"Last received on {said_day(last.received_on)}" if last else "None received so far"])


def _inspections(known: Known) -> str:
    found = known.home.inspections.order_by("-inspected_on")[:NAMED] if known.home else ()
    return "\n".join(f"{said_day(each.inspected_on)}: {each.judgement}" for each in found)


def _notices(known: Known) -> str:
    found = known.home.notices.order_by("-given_on")[:NAMED] if known.home else ()
    return "\n".join(f"Notice of {said_day(each.given_on)}" for each in found)


VISITS, ARRANGEMENT, HOME, CHILD = "The visit", "The arrangement", "The home’s record", "The child’s record"
FACTS: Final = (
    Fact("visit", "The visit", VISITS, _visit),
    Fact("seen", "How the child was seen", VISITS, _seen),
    Fact("where", "The home", ARRANGEMENT, _where, by_address=True),
    Fact("lives_there", "Lives there since", ARRANGEMENT, _lives_there),
    Fact("registration", "Registration", HOME, _registration),
    Fact("lawfulness", "Lawfulness", "Worked out from the arrangement", _lawfulness),
    Fact("visits", "Earlier visits here", "Visits", _visits),
    Fact("reviews", "Looked-after reviews", CHILD, _reviews),
    Fact("allocated", "Who works with the child", "Allocations", _allocated),
    Fact("plan", "What the plan says of this home", ARRANGEMENT, _plan),
    Fact("incidents", "Incidents in the home", "Incidents", _incidents),
    Fact("reports", "The provider’s reports", "Reports", _reports),
    Fact("inspections", "Inspections", HOME, _inspections),
    Fact("notices", "The regulator’s notices of concern", HOME, _notices),
)
BY_NAME: Final = {fact.name: fact for fact in FACTS}
