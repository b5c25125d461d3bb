"""Every unregulated and unregistered arrangement that a person may see: the question the dashboard puts to the database.

The rows are standings that are an alarm: a child lives there now. What the list filters and
counts by is asked in the same query; what a page of it shows beside is read for that page alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import BooleanField, CharField, Count, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from approvals.models import CaseDiscussion
from casework.events import label_of
from casework.models import Duty
from children.access import children_counted_for, children_visible_to
from children.models import Child, Restriction
from placements.models import Authorisation, Placement, PresentStanding
from placements.states import AuthorisationKind, Lawfulness

ALARM = "D-00"
OVERSIGHT = (AuthorisationKind.CONNECTED_PERSON, AuthorisationKind.UNREGISTERED_SETTING)
SHOWN = (
    *("regulation", "lawfulness", "until_on", "since_on"),
    *("placement__setting", "placement__home__name", "placement__carer__name"),
    *("child__case_file", "child__forename", "child__surname"),
    *("child__reference", "child__date_of_birth"),
)
SHOWN_OF_DUTIES = (
    *("source", "kind", "about", "role", "stands_in", "opened_at", "due_at", "closed_at"),
    *("owner__username", "owner__first_name", "owner__last_name"),
)
"""What a row needs of what is loaded for it: the long texts stay where they are."""
ABOUT = Concat(Value("placements.placement:"), Cast("placement_id", CharField()))


@dataclass(slots=True)
class Arrangement:
    """One row of the dashboard."""

    standing: PresentStanding
    alarm: Duty | None = None
    """Open while nobody has signed the arrangement off; its owner holds the next step."""
    discussion: CaseDiscussion | None = None
    """The chain that is running."""
    signed: Authorisation | None = None
    next_duty: Duty | None = None
    overdue_visits: int = 0

    @property
    def placement(self) -> Placement:
        """Where the child lives."""
        return self.standing.placement

    @property
    def child(self) -> Child:
        """The child."""
        return self.standing.child

    @property
    def is_restricted(self) -> bool:
        """Is the child's record seen only by the people named on it?"""
        return self.standing.is_restricted


def arrangements(user: Any, at: datetime) -> QuerySet[PresentStanding]:
    """The standings of the arrangements that this person may see, with what lists filter by."""
    return _asked(children_visible_to(user, at, "child"), at)


def arrangements_counted(user: Any, at: datetime) -> QuerySet[PresentStanding]:
    """Those that this person may count: more than may be seen, for whoever only counts."""
    return _asked(children_counted_for(user, at, "child"), at)


def _asked(of_children: Q, at: datetime) -> QuerySet[PresentStanding]:
    return PresentStanding.objects.annotate(
        about=ABOUT,
        is_unsigned=_is_about(Duty.objects.open().filter(kind=ALARM)),
        has_overdue_visit=_is_about(Duty.objects.overdue(at).filter(source="visits")),
    ).filter(of_children, is_alarm=True)


def _is_about(duties: QuerySet[Duty]) -> ExpressionWrapper:
    """Is one of these duties about the arrangement? The database reads them once, and not for each row anew."""
    return ExpressionWrapper(Q(about__in=duties.values("about")), output_field=BooleanField())


COUNTED = {
    "all": Count("pk"),
    "unsigned": Count("pk", filter=Q(is_unsigned=True)),
    "overdue_visit": Count("pk", filter=Q(has_overdue_visit=True)),
    "not_lawful": Count("pk", filter=Q(lawfulness=Lawfulness.NOT_LAWFUL)),
}


def counts(standings: QuerySet[PresentStanding]) -> dict[str, int]:
    """How many there are of each kind that the dashboard counts; one query."""
    return _with_signed(standings.aggregate(**COUNTED))


def counts_and_order(
    standings: QuerySet[PresentStanding], order: Sequence[str], chosen: QuerySet[PresentStanding] | None = None
) -> tuple[dict[str, int], list[int]]:
    """The counts, and the primary keys of those chosen, sorted; all are chosen unless said. One query reads them once."""
    among = None if chosen is None else Q(pk__in=chosen.values("pk"))
    listed = ArrayAgg("pk", filter=among, order_by=order, default=Value([]))
    told = standings.aggregate(listed=listed, **COUNTED)
    return _with_signed(told), told.pop("listed")


def _with_signed(counted: dict[str, int]) -> dict[str, int]:
    counted["signed"] = counted["all"] - counted["unsigned"]
    return counted


def _as_listed(standings: QuerySet[PresentStanding], at: datetime) -> QuerySet[PresentStanding]:
    """With everything that a row shows of child and home."""
    restricted = Restriction.objects.in_force(at).filter(child=OuterRef("child"))
    related = ("child", "placement__home", "placement__carer")
    return standings.annotate(is_restricted=Exists(restricted)).select_related(*related).only(*SHOWN)


def read_page(numbers: Iterable[int], at: datetime) -> list[Arrangement]:
    """What one page of the list shows, its standings given by primary key: four queries, however many rows.

    The database sorts thousands by little, and reads child and home of these few.
    """
    numbers = list(numbers)
    found = _as_listed(PresentStanding.objects.all(), at).in_bulk(numbers)
    standings = (found[pk] for pk in numbers if pk in found)
    rows = {label_of(standing.placement): Arrangement(standing) for standing in standings}
    duties = Duty.objects.open().filter(about__in=rows).select_related("owner").only(*SHOWN_OF_DUTIES)
    for duty in duties.soonest_first():
        _take_in(rows[duty.about], duty, at)
    by_placement = {row.placement.pk: row for row in rows.values()}
    for discussion in CaseDiscussion.objects.running().filter(placement__in=by_placement).order_by("pk"):
        by_placement[discussion.placement_id].discussion = discussion
    signed = Authorisation.objects.in_force(at).filter(placement__in=by_placement, kind__in=OVERSIGHT)
    for authorisation in signed.select_related("by"):
        by_placement[authorisation.placement_id].signed = authorisation
    return list(rows.values())


def _take_in(row: Arrangement, duty: Duty, at: datetime) -> None:
    if duty.kind == ALARM:
        row.alarm = duty
        return
    if row.next_duty is None:
        row.next_duty = duty
    row.overdue_visits += duty.source == "visits" and duty.is_overdue(at)
