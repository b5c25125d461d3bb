"""Duties as the lines of a page: each with whose it is, what to do and where, and the answer to "why this date?"."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from casework import duty_links
from casework.limits import local_day
from casework.links import link_to_rule
from casework.models import Duty
from casework.procedures import Rule, row_on
from casework.subjects import Subject
from casework.wording import cited, without_source


@dataclass(frozen=True, slots=True)
class DutyLine:
    """One duty as `components/duty_row.html` shows it."""

    due_at: datetime
    says: str
    kind: str
    title: str
    url: str
    owner: str
    stands_in: str
    facts: list[list[str]]
    rule: str
    """What the rule says, and who says so unless `says` tells; empty for a rule that is declared no more."""
    rule_url: str = ""
    """The page of the rule."""
    whose: str = ""
    whose_url: str = ""
    stands_since: datetime | None = None
    """Since when, for a duty that is overdue from its first minute: an alarm stands, it is not late."""
    note: duty_links.Note | None = None
    """What somebody means to do about it: "Planned for 5 March 2026"."""


def line_of(duty: Duty, subject: Subject | None = None, note: duty_links.Note | None = None) -> DutyLine:
    """A duty of a record that the reader may see. `owner` must be loaded with it."""
    rule = row_on(duty.kind, local_day(duty.opened_at))
    return DutyLine(
        due_at=duty.due_at,
        says=duty.says,
        kind=duty.kind,
        title=duty_links.label_of(duty) or (rule.says.rstrip(".") if rule else duty.kind),
        url=duty_links.url_of(duty),
        owner=duty.owner.name if duty.owner_id else "",
        stands_in=duty.stands_in,
        facts=duty.facts,
        rule=_said(rule, duty.says) if rule else "",
        rule_url=link_to_rule(rule.code) if rule else "",
        whose=subject.name if subject else "",
        whose_url=subject.url if subject else "",
        stands_since=duty.opened_at if duty.due_at == duty.opened_at else None,
        note=note,
    )


def holder_of(duty: Duty) -> str:
    """Who a duty waits for: by name, and in which role. `owner` must be loaded with it."""
    role = duty.get_role_display()
    if duty.owner is None:
        return f"{role}: nobody holds this role"
    return f"{duty.owner}, {f'for {role}' if duty.stands_in else role}"


def _said(rule: Rule, duty_says: str) -> str:
    says, source = f"{rule.says.rstrip('.')}.", cited(rule.cites)
    return says if source in duty_says else f"{says} {source}."


def lines_of(duties: Iterable[Duty]) -> list[DutyLine]:
    """Duties of one child, in the order given: of several by one rule, who says so is named at the first alone."""
    lines, told = [], set()
    for duty in duties:
        line, rule = line_of(duty), row_on(duty.kind, local_day(duty.opened_at))
        if rule and duty.kind in told:
            line = replace(line, says=without_source(line.says, rule))
        told.add(duty.kind)
        lines.append(line)
    return lines
