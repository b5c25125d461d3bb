"""Who agrees before a child stops being looked after by the authority's own decision: regulation 39, L-26, C-20.

A nominated officer, once the child has been looked after for the working days of L-26 (counted from the first day as day
0). For a child of 16 or 17 who is not in care the Director of Children's Services, however short the time was. An end that
the authority does not decide on (an order of a court, the 18th birthday, adoption) asks for nobody's agreement.

The end of care is a fact and never stopped (C-45). One that was recorded here without agreement is put forward afterwards.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from accounts.roles import Role
from casework.diary import Batch, Ledger
from casework.events import label_of
from casework.ledger import Closed, Entry
from casework.limits import end_of, local_day, start_of
from casework.procedures import RulesInForce
from casework.wording import said_day, source
from children.ages import age_on
from children.models import AgreedCeasing, CarePeriod, Child
from children.states import IN_CARE, CareEnded

AGREED_FIRST: Final = "L-26"
BY_DECISION: Final = (
    CareEnded.E4A,
    CareEnded.E13,
    CareEnded.E5,
    CareEnded.E6,
    CareEnded.E16,
    CareEnded.E8,
)
"""How care ends where the authority decides that it does. An unplanned return home (E4B) is nobody's decision here."""
DIRECTOR_FROM, DIRECTOR_UNTIL = 16, 18


def is_for_director(born_on: date, ceases_on: date, code: str) -> bool:
    """Is the child 16 or 17 on the last day of care, and not in care? `code` is that of the legal status."""
    return DIRECTOR_FROM <= age_on(born_on, ceases_on) < DIRECTOR_UNTIL and code not in IN_CARE


def who_agrees(born_on: date, started_on: date, ceases_on: date, code: str, rules: RulesInForce) -> Role | None:
    """The role that has to agree that care ends on a day, its last; None where the law asks for nobody."""
    if is_for_director(born_on, ceases_on, code):
        return Role.DCS
    return Role.DECISION_MAKER if asked_from(started_on, rules) <= ceases_on else None


def asked_from(started_on: date, rules: RulesInForce) -> date:
    """The day on which the child has been looked after for the working days of L-26."""
    limit = rules.limit(AGREED_FIRST, on=started_on)
    return local_day(limit.after(start_of(started_on))) - date.resolution


def ceasings_without_agreement(batch: Batch) -> Mapping[int, Ledger]:
    """The ends of care that were recorded here and that nobody had agreed to, by case file."""
    ended = CarePeriod.objects.filter(
        child__case_file__in=batch.files, end_recorded_at__lte=batch.at, how_ended__in=BY_DECISION
    )
    periods = list(ended.select_related("child").prefetch_related("child__legal_statuses").order_by("pk"))
    if not periods:
        return {}
    agreed: dict[int, list[AgreedCeasing]] = defaultdict(list)
    for row in AgreedCeasing.objects.filter(child__in={period.child_id for period in periods}, agreed_at__lte=batch.at):
        agreed[row.child_id].append(row)
    found: dict[int, list[Entry]] = defaultdict(list)
    for period in periods:
        entry = _entry(period, agreed[period.child_id], batch.rules)
        if entry:
            found[period.child.case_file_id].append(entry)
    return {pk: Ledger(tuple(entries)) for pk, entries in found.items()}


def status_on(child: Child, day: date) -> str:
    """The code of the child's legal status on a day; empty where none is on record."""
    held = [status for status in child.legal_statuses.all() if status.from_on <= day]
    return held[-1].code if held else ""


def agreement_for(period: CarePeriod, agreed: Iterable[AgreedCeasing]) -> AgreedCeasing | None:
    """The first agreement to the end of this period of care; None where there is none."""
    return next((row for row in agreed if local_day(row.agreed_at) >= period.started_on), None)


def agreed_for_now(child: Child) -> AgreedCeasing | None:
    """The latest agreement to the end of the period of care that is running; None where there is none."""
    period = child.care_periods.get(ended_on=None)
    return agreement_for(period, reversed(child.agreed_ceasings.select_related("by")))


def said_of_agreement(child: Child, day: date, rules: RulesInForce) -> str:
    """Whether the end of the present period of care is agreed to, for whoever is about to record it on a day."""
    agreement = agreed_for_now(child)
    if agreement:
        who = f"{agreement.by}, {Role(agreement.role).label}"
        return f"{who}, agreed on {said_day(agreement.agreed_at)} that care ends on {said_day(agreement.ceases_on)}."
    started_on = child.care_periods.get(ended_on=None).started_on
    role = who_agrees(child.date_of_birth, started_on, day, status_on(child, day), rules)
    if role is None:
        return ""
    return (
        f"Nobody has agreed to it yet. Where the authority decides that care ends, the {role.label} agrees first "
        "(regulation 39). What you record is kept all the same, and the team manager is asked to put it forward."
    )


def _entry(period: Any, agreed: Iterable[AgreedCeasing], rules: RulesInForce) -> Entry | None:
    child, recorded_at = period.child, period.end_recorded_at
    code = status_on(child, period.ended_on)
    role = who_agrees(child.date_of_birth, period.started_on, period.ended_on, code, rules)
    agreement = agreement_for(period, agreed)
    if role is None or (agreement and agreement.agreed_at < end_of(period.ended_on)):
        return None
    rule = rules.rule(AGREED_FIRST, on=period.started_on)
    entry = Entry(
        kind=AGREED_FIRST,
        key=f"{AGREED_FIRST}:{label_of(period)}",
        role=Role.TEAM_MANAGER,
        about=label_of(child),
        opened_at=recorded_at,
        due_at=recorded_at,
        says=f"Care ended on {said_day(period.ended_on)}, and the {role.label} had not agreed. "
        f"Put it forward now. {source(rule)}",
        facts=(
            ("Looked after since", said_day(period.started_on)),
            ("How care ended", CareEnded(period.how_ended).label),
            ("Who agrees", role.label),
        ),
    )
    if agreement is None:
        return entry
    closed_at = max(agreement.agreed_at, recorded_at)
    return replace(entry, closed_at=closed_at, closed_as=Closed.MET, evidence=agreement.record)
