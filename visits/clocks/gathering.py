"""The facts that the visit clocks read, gathered from the record for a batch of case files.

What is on record of visits, of the forms filled in on them, of other intervals agreed and of visits asked for comes by one
statement; what visits hang on beside that is read once for the whole look (`placements.histories`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from casework.diary import Batch
from casework.limits import local_day
from children.models import CarePeriod
from placements.histories import History, histories
from placements.models import Placement
from placements.states import ApprovalKind, FactKind, RegistrationStatus, Setting
from visits.clocks import facts
from visits.clocks.facts import COMPLETE, DRAFT, AskedFor, Period, PlacementFacts, Registration, Variation, VisitMade
from visits.states import FormState

TEMPORARY = (ApprovalKind.TEMPORARY, ApprovalKind.EXTENDED, ApprovalKind.EXTENDED_FOR_REVIEW)
RECORD_OF = {"visit": "visits.visit", "form": "visits.visitingform"}
FORMS = {FormState.COMPLETE.value: COMPLETE, FormState.BEGUN.value: DRAFT}
READ = """
WITH placed AS (
    SELECT p.id, p.child_id, p.home_id, p.carer_id, p.started_at FROM placements_placement p
    JOIN children_child c ON c.id = p.child_id WHERE c.case_file_id = ANY(%s) AND NOT p.struck_out
), form AS (
    SELECT f.* FROM visits_visitingform f WHERE f.child_id IN (SELECT child_id FROM placed) AND f.state <> 'withdrawn'
    AND f.kind = CASE f.role WHEN 'commissioning' THEN 'commissioning' ELSE 'purposeful' END
)
SELECT 'visit', v.placement_id, v.id, v.made_at, v.role, v.child_seen, v.seen_alone, f.state,
    NULL::date, NULL::int, NULL::timestamptz
FROM visits_visit v LEFT JOIN form f ON f.visit_id = v.id
WHERE v.placement_id IN (SELECT id FROM placed) AND NOT v.struck_out
UNION ALL
SELECT 'form', coalesce(f.placement_id, (
    SELECT p.id FROM placed p WHERE p.child_id = f.child_id AND (p.home_id = f.home_id OR p.carer_id = f.carer_id)
    AND p.started_at > f.made_at ORDER BY p.started_at LIMIT 1
)), f.id, f.made_at, f.role, false, false, f.state, NULL, NULL, NULL FROM form f WHERE f.visit_id IS NULL
UNION ALL
SELECT 'variation', a.placement_id, a.id, a.recorded_at, '', NULL, NULL, NULL, a.from_on, a.days, NULL
FROM visits_variationofvisits a WHERE a.placement_id IN (SELECT id FROM placed)
UNION ALL
SELECT 'asked', a.placement_id, a.id, a.asked_at, a.asked_by, NULL, NULL, NULL, a.agreed_for, NULL, a.taken_back_at
FROM visits_visitaskedfor a WHERE a.placement_id IN (SELECT id FROM placed)
"""
"""What the clocks ask of the tables of visits, and no more: the accounts of years stay where they are.

A form that was made before the child moved in belongs to the next placement in the same home.
"""


@dataclass(slots=True)
class OfPlacement:
    """What is on record of the visits to one placement."""

    visits: list[VisitMade] = field(default_factory=list)
    variations: list[Variation] = field(default_factory=list)
    asked_for: list[AskedFor] = field(default_factory=list)


def placements_to_visit(batch: Batch) -> Mapping[int, tuple[PlacementFacts, ...]]:
    """By case file: every placement with what its visits hang on. A short stay elsewhere leaves the usual clocks running."""
    found = visits_of(batch.files)
    return {
        pk: tuple(
            facts_of(history, placement, found[placement.pk])
            for placement in history.placements
            if placement.setting != Setting.TEMPORARY
        )
        for pk, history in batch.load(histories).items()
    }


def visits_of(case_files: Iterable[int]) -> Mapping[int, OfPlacement]:
    """By placement: what is on record of its visits. One statement, however many placements."""
    found: dict[int, OfPlacement] = defaultdict(OfPlacement)
    with connection.cursor() as cursor:
        cursor.execute(READ, [list(case_files)])
        for what, placement, pk, at, said, seen, alone, state, day, days, over_at in cursor:
            of_placement = found[placement]
            if what in RECORD_OF:
                record = f"{RECORD_OF[what]}:{pk}"
                of_placement.visits.append(VisitMade(at, said, seen, alone, FORMS.get(state), record))
            elif what == "variation":
                of_placement.variations.append(Variation(day, days))
            else:
                of_placement.asked_for.append(AskedFor(at, said, f"visits.visitaskedfor:{pk}", day, over_at))
    return found


def facts_of(history: History, placement: Placement, found: OfPlacement) -> PlacementFacts:
    """What the visit clocks read of one placement."""
    start = local_day(placement.started_at)
    care = history.care_around(start)
    approvals = history.around.approvals[placement.carer_id]
    return PlacementFacts(
        about=f"placements.placement:{placement.pk}",
        start_at=placement.started_at,
        setting=placement.setting,
        care_started_on=care.started_on if care else start,
        ended_on=local_day(placement.ended_at) if placement.ended_at else None,
        care_ended_on=_care_ended_on(care),
        born_on=history.child.date_of_birth,
        legal=tuple(facts.LegalStatus(row.from_on, row.code) for row in history.legal_statuses),
        temporary_approval=_periods(row for row in approvals if row.kind in TEMPORARY),
        carer_approved=_periods(row for row in approvals if row.kind == ApprovalKind.APPROVED),
        reg19=_periods(history.facts_of_kind(placement, FactKind.REG19)),
        reviews=_reviews_since(care, history),
        notices=tuple(notice.given_on for notice in history.around.notices[placement.home_id]),
        visits=tuple(found.visits),
        meant_to_last_to_18=_periods(history.facts_of_kind(placement, FactKind.MEANT_TO_LAST_TO_18)),
        fewer_visits_agreed=_periods(history.facts_of_kind(placement, FactKind.FEWER_VISITS_AGREED)),
        concern_at_start=placement.concern_at_start,
        registration=_registration(history, placement),
        variations=tuple(found.variations),
        asked_for=tuple(found.asked_for),
        known_from=local_day(history.known_from) if history.known_from else None,
        visits_known_from=history.child.visits_known_from,
    )


def _registration(history: History, placement: Placement) -> tuple[Registration, ...]:
    """Where the home stands with its regulator. A family of an agency stands with the agency, which its approval shows."""
    if placement.setting != Setting.IFA_FOSTER or placement.home_id:
        rows = history.around.registrations[placement.home_id]
        return tuple(Registration(row.from_on, row.status) for row in rows)
    approved = history.approvals_of(placement) or ()
    days = {span.from_on for span in approved} | {span.to_on for span in approved if span.to_on}
    return tuple(Registration(day, _status(any(span.covers(day) for span in approved))) for day in sorted(days))


def _status(is_approved: bool) -> str:
    return (RegistrationStatus.REGISTERED if is_approved else RegistrationStatus.UNREGISTERED).value


def _reviews_since(care: CarePeriod | None, history: History) -> tuple[facts.Review, ...]:
    """The reviews of this time in care: a child who comes back has a first review again."""
    since = care.started_on if care else None
    rows = (row for row in history.reviews if since is None or row.held_on is None or row.held_on >= since)
    return tuple(facts.Review(row.scheduled_on, row.held_on) for row in rows)


def _care_ended_on(care: CarePeriod | None) -> Any:
    return care.ended_on if care else None


def _periods(rows: Iterable[Any]) -> tuple[Period, ...]:
    return tuple(Period(row.from_on, row.to_on) for row in rows)
