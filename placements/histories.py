"""The dated facts of children's placements, gathered for a batch of case files in a constant number of queries.

What the standing of a placement, the visit clocks and the sign-off chain ask for is read once per look of the diary.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from casework.diary import Batch
from casework.limits import local_day
from casework.procedures import rules_as_declared
from children.models import CarePeriod, Child
from placements.arrangement import Approval, ArrangementFacts, BeforeAssessment, LegalBasis, Registration, Span
from placements.models import Placement
from placements.outside_area import Approved, OutsideFacts
from placements.secure import REMANDED, Order, Review, SecureFacts, Time, orders_as_they_count
from placements.states import (
    ApprovalKind,
    AuthorisationKind,
    FactKind,
    ListedSetting,
    RegistrationStatus,
    Regulator,
    SecureBasis,
    SecureFinding,
    Setting,
)

APPROVED_BY_CODE = ("U4", "U5", "U6")


@dataclass(frozen=True, slots=True)
class History:
    """One child with every placement, oldest first, and what hangs on them."""

    child: Child
    placements: tuple[Placement, ...]
    known_from: datetime | None

    def care_around(self, day: date) -> CarePeriod | None:
        """The period of care in which a day lies; the latest that began by then where none covers it."""
        begun = [period for period in self.child.care_periods.all() if period.started_on <= day]
        return begun[-1] if begun else None

    def facts_of(self, placement: Placement) -> ArrangementFacts:
        """What regulation and lawfulness hang on, for one placement."""
        facts = self._facts_alone(placement)
        usual = self.usual_home(placement)
        return facts if usual is placement else replace(facts, usual=replace(self._facts_alone(usual), ended_at=None))

    def usual_home(self, placement: Placement) -> Placement:
        """The home to which the child will go back from a short stay elsewhere; the same one where it is no such stay."""
        if placement.setting != Setting.TEMPORARY:
            return placement
        before = [each for each in self.placements if each.started_at < placement.started_at]
        return next((each for each in reversed(before) if each.setting != Setting.TEMPORARY), placement)

    def _facts_alone(self, placement: Placement) -> ArrangementFacts:
        home = placement.home
        decided = [a for a in placement.authorisations.all() if a.kind == AuthorisationKind.WITH_PARENTS]
        return ArrangementFacts(
            born_on=self.child.date_of_birth,
            setting=Setting(placement.setting),
            started_at=placement.started_at,
            ended_at=placement.ended_at,
            legal=tuple(LegalBasis(status.from_on, status.code) for status in self.child.legal_statuses.all()),
            approvals=_approvals(placement),
            registrations=tuple(
                Registration(row.from_on, RegistrationStatus(row.status), Regulator(row.regulator), row.accepted_on)
                for row in (home.registrations.all() if home else ())
            ),
            regulator=Regulator(home.regulator) if home and home.regulator else None,
            listed_as=ListedSetting(home.listed_as) if home and home.listed_as else None,
            with_parent_decided_on=min((local_day(a.starts_at) for a in decided), default=None),
            before_assessment=tuple(
                BeforeAssessment(fact.from_on, fact.to_on, fact.assessed_on)
                for fact in facts_of_kind(placement, FactKind.REG19)
            ),
            outside_terms=_spans(placement, FactKind.OUTSIDE_TERMS),
            with_looked_after_parent=_spans(placement, FactKind.WITH_LOOKED_AFTER_PARENT),
            secure_authority=self._secure_authority(placement),
            secretary_of_state_approved_on=min(map(local_day, self.secure.approvals), default=None),
        )


    @property
    def secure(self) -> SecureFacts:
        """What the keeping in secure accommodation hangs on; nothing is asked of a child who never was there."""
        stays = [each for each in self.placements if each.setting == Setting.SECURE_HOME]
        if not stays:
            return SecureFacts(born_on=self.child.date_of_birth, stays=())
        legal = list(self.child.legal_statuses.all())
        ends = [*(status.from_on for status in legal[1:]), None]
        return SecureFacts(
            born_on=self.child.date_of_birth,
            stays=tuple(Time(each.started_at, each.ended_at) for each in stays),
            orders=tuple(Order(row.given_at, row.to_on) for row in self._secure(SecureBasis.ORDER)),
            approvals=tuple(row.given_at for row in self._secure(SecureBasis.SECRETARY_OF_STATE)),
            remands=tuple(
                Span(status.from_on, to_on)
                for status, to_on in zip(legal, ends, strict=False)
                if status.code in REMANDED
            ),
            reviews=tuple(
                Review(row.held_on, row.finding == SecureFinding.LEAVE) for row in self.child.secure_reviews.all()
            ),
        )

    def _secure(self, kind: SecureBasis) -> list[Any]:
        return [row for row in self.child.secure_authorities.all() if row.kind == kind]

    def _secure_authority(self, placement: Placement) -> tuple[Span, ...]:
        """Orders, as they count, and remands. How long an order counts is the law's alone: no authority sets it."""
        if placement.setting != Setting.SECURE_HOME:
            return ()
        orders = orders_as_they_count(self.secure, rules_as_declared())
        spans = [Span(local_day(time.from_at), local_day(time.to_at) if time.to_at else None) for time in orders]
        return (*spans, *self.secure.remands)


def histories(batch: Batch) -> Mapping[int, History]:
    """Every child of the batch by case file, with all placements and their dated facts."""
    return histories_of(batch.files)


def histories_of(case_files: Iterable[int]) -> Mapping[int, History]:
    """Every child of these case files, by case file; a constant number of queries."""
    placements = (
        Placement.objects.order_by("started_at")
        .select_related("home", "carer")
        .prefetch_related("home__registrations", "home__notices", "carer__approvals", "facts", "authorisations")
    )
    children = (
        Child.objects.filter(case_file__in=case_files)
        .select_related("case_file")
        .prefetch_related("legal_statuses", "reviews", "care_periods", Prefetch("placements", queryset=placements))
    )
    found = {}
    _load_secure(children)
    for child in children:
        own = tuple(child.placements.all())
        for placement in own:
            placement.child = child
        found[child.case_file_id] = History(child, own, child.case_file.known_from)
    return found


def _load_secure(children: Iterable[Child]) -> None:
    """What lets the few be kept who are or were in secure accommodation."""
    kept = [child for child in children if any(each.setting == Setting.SECURE_HOME for each in child.placements.all())]
    prefetch_related_objects(kept, "secure_authorities", "secure_reviews")


def facts_of_kind(placement: Placement, kind: FactKind) -> list:
    """The dated facts of one kind about a placement."""
    return [fact for fact in placement.facts.all() if fact.kind == kind]


def outside_facts_of(placement: Placement) -> OutsideFacts | None:
    """What a home outside the authority's area makes due hangs on; None where it is not on record as outside."""
    if placement.outside_area is None:
        return None
    approved = [row for row in placement.authorisations.all() if row.kind == AuthorisationKind.OUT_OF_AREA]
    told = facts_of_kind(placement, FactKind.HOST_TOLD)
    return OutsideFacts(
        setting=Setting(placement.setting),
        started_at=placement.started_at,
        ended_at=placement.ended_at,
        approved=tuple(Approved(row.starts_at, row.ends_at, row.record) for row in approved),
        host_told_on=min((fact.from_on for fact in told), default=None),
    )


def _spans(placement: Placement, kind: FactKind) -> tuple[Span, ...]:
    return tuple(Span(fact.from_on, fact.to_on) for fact in facts_of_kind(placement, kind))


def _approvals(placement: Placement) -> tuple[Approval, ...] | None:
    """What is on record of the carer's approval, also where nobody knows the name; None where the source hides it.

    The return's codes for other foster carers (U4-U6) say that the carer is approved, though not who it is.
    """
    if not placement.approval_recorded:
        return None
    if placement.carer:
        rows = placement.carer.approvals.all()
        return tuple(Approval(row.from_on, row.to_on, ApprovalKind(row.kind)) for row in rows)
    if placement.source_code in APPROVED_BY_CODE:
        return (Approval(local_day(placement.started_at)),)
    return ()
