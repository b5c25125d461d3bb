"""How an arrangement is said on the dashboard: one row, for whoever may or may not know the address."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.text import capfirst

from approvals.states import State
from casework import duty_links
from casework.duty_lines import holder_of
from casework.limits import local_day
from casework.links import link_to
from casework.models import Duty
from casework.procedures import row_on
from casework.wording import age, due, said_day
from children.access import Extent, Scope, Sight
from placements.states import Regulation
from placements.where import said_lawfulness, with_whom
from tracking.arrangements import Arrangement

COLUMNS = (
    ("Child", "name"),
    ("Lives", None),
    ("Regulation and law", None),
    ("Days", "-days"),
    ("Oversight", None),
    ("Due next", None),
    ("Visits overdue", None),
)
"""The headings, each with what it sorts by when it is first chosen; chosen again, it turns round."""
NUMERIC = ("Days", "Visits overdue")


@dataclass(frozen=True, slots=True)
class Row:
    """What `tracking/arrangements.html` shows of one arrangement."""

    child: str
    child_url: str
    age: str
    is_restricted: bool
    home: str
    home_url: str
    regulation: str
    lawfulness: str
    days: int
    oversight: str
    tone: str
    step: str
    """Where the chain stands and who holds the next step; once it is signed, how and by whom."""
    due: str
    due_url: str
    due_note: str
    overdue_visits: int


def row_of(arrangement: Arrangement, at: datetime, *, knows_addresses: bool) -> Row:
    """One row of the list, as it stands at a moment."""
    today = local_day(at)
    standing, child, placement = arrangement.standing, arrangement.child, arrangement.placement
    oversight, tone, step = _oversight(arrangement)
    does, url, note = _due_next(arrangement.next_duty, at)
    return Row(
        child=child.name,
        child_url=link_to("children:child", child.pk),
        age=f"Age {age(child.date_of_birth, today)}",
        is_restricted=arrangement.is_restricted,
        home=with_whom(placement, SEES_ADDRESS if knows_addresses else SEES_NO_ADDRESS),
        home_url=link_to("placements:placement", placement.pk),
        regulation=standing.get_regulation_display(),
        lawfulness=said_lawfulness(standing),
        days=(today - standing.since_on).days,
        oversight=oversight,
        tone=tone,
        step=step,
        due=does,
        due_url=url,
        due_note=note,
        overdue_visits=arrangement.overdue_visits,
    )


SEES_ADDRESS, SEES_NO_ADDRESS = Sight(Scope.INVITED, address=Extent.YES), Sight(Scope.INVITED)
"""Of all that sight of a child means, a row depends on this alone."""


def _oversight(arrangement: Arrangement) -> tuple[str, str, str]:
    if arrangement.alarm:
        return "Not signed off", "alarm", f"{_step(arrangement)}. Waits for {holder_of(arrangement.alarm)}"
    signed = arrangement.signed
    if signed:
        how = "permanence plan" if signed.as_permanence else "interim arrangement"
        return "Signed off", "good", f"As {how} by {signed.by}, {said_day(signed.starts_at)}"
    return "Not worked out yet", "watch", ""


def _step(arrangement: Arrangement) -> str:
    if arrangement.discussion:
        return arrangement.discussion.get_state_display()
    is_connected = arrangement.standing.regulation == Regulation.UNREGULATED_CONNECTED
    return State.TO_CONVENE.label if is_connected else "To be authorised"


def _due_next(duty: Duty | None, at: datetime) -> tuple[str, str, str]:
    if duty is None:
        return "", "", ""
    rule = row_on(duty.kind, local_day(duty.opened_at))
    does = duty_links.label_of(duty) or (rule.says.rstrip(".") if rule else duty.kind)
    return does, duty_links.url_of(duty), f"{capfirst(due(duty.due_at, at))}. {holder_of(duty)}"
