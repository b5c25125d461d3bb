"""The facts that the visit clocks read, gathered from the record for a batch of case files."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from casework.diary import Batch
from casework.limits import local_day
from children.models import CarePeriod
from placements.histories import History, histories
from placements.models import Placement
from placements.states import ApprovalKind, FactKind, Setting
from visits import facts
from visits.facts import Period, PlacementFacts, VisitMade
from visits.models import Visit

TEMPORARY = (ApprovalKind.TEMPORARY, ApprovalKind.EXTENDED, ApprovalKind.EXTENDED_FOR_REVIEW)
READ = ("pk", "placement", "made_at", "role", "child_seen", "seen_alone")
"""What the clocks ask of a visit: the accounts of years stay where they are."""


def placements_to_visit(batch: Batch) -> Mapping[int, tuple[PlacementFacts, ...]]:
    """By case file: every placement with what its visits hang on. A short stay elsewhere leaves the usual clocks running."""
    visits: dict[int, list[VisitMade]] = defaultdict(list)
    made = Visit.objects.filter(placement__child__case_file__in=batch.files).order_by("made_at")
    for pk, placement, at, role, seen, alone in made.values_list(*READ):
        visits[placement].append(VisitMade(at=at, role=role, seen=seen, alone=alone, record=f"visits.visit:{pk}"))
    return {
        pk: tuple(
            facts_of(history, placement, visits[placement.pk])
            for placement in history.placements
            if placement.setting != Setting.TEMPORARY
        )
        for pk, history in batch.load(histories).items()
    }


def facts_of(history: History, placement: Placement, visits: Iterable[VisitMade]) -> PlacementFacts:
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
        reviews=tuple(facts.Review(row.scheduled_on, row.held_on) for row in history.reviews),
        notices=tuple(notice.given_on for notice in history.around.notices[placement.home_id]),
        visits=tuple(visits),
        meant_to_last_to_18=_periods(history.facts_of_kind(placement, FactKind.MEANT_TO_LAST_TO_18)),
        fewer_visits_agreed=_periods(history.facts_of_kind(placement, FactKind.FEWER_VISITS_AGREED)),
        concern_at_start=placement.concern_at_start,
        registration=tuple(
            facts.Registration(row.from_on, row.status) for row in history.around.registrations[placement.home_id]
        ),
        known_from=local_day(history.known_from) if history.known_from else None,
    )


def _care_ended_on(care: CarePeriod | None):
    return care.ended_on if care else None


def _periods(rows: Iterable) -> tuple[Period, ...]:
    return tuple(Period(row.from_on, row.to_on) for row in rows)
