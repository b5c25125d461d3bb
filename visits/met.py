"""For what a visit counts: the duties that the diary holds as met by it, in words."""

from dataclasses import dataclass

from casework.events import label_of
from casework.ledger import Closed
from casework.limits import local_day
from casework.links import link_to_rule
from casework.models import Duty
from casework.procedures import row_on
from casework.wording import due_on
from visits.models import Visit


@dataclass(frozen=True, slots=True)
class Met:
    """One duty that a visit met."""

    rule: str
    """The code of the rule."""
    url: str
    says: str
    """What the rule asks for."""
    when: str
    """By when it was due, and whether that was kept."""


def met_by(visit: Visit) -> list[Met]:
    """The duties that this visit met, the one due first before the others. One query."""
    met = Duty.objects.filter(case_file=visit.case_file_id, evidence=label_of(visit), closed_as=Closed.MET)
    return [_said(duty) for duty in met.order_by("due_at", "pk")]


def _said(duty: Duty) -> Met:
    rule = row_on(duty.kind, local_day(duty.opened_at))
    late = duty.closed_at is not None and duty.closed_at >= duty.due_at
    return Met(
        rule=duty.kind,
        url=link_to_rule(duty.kind) if rule else "",
        says=rule.says.rstrip(".") if rule else "",
        when=f"due {due_on(duty.due_at)}, {'late' if late else 'in time'}",
    )
