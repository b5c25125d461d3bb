"""The dated facts of children's placements, gathered for a batch of case files by one query.

What the standing of a placement, the visit clocks and the sign-off chain ask for is read once per look of the diary.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from casework.diary import Batch
from casework.limits import local_day
from casework.models import CaseFile
from casework.procedures import rules_as_declared
from casework.together import By, Rows, Together
from children.models import CarePeriod, Child, LegalStatus, LookedAfterReview
from placements.arrangement import Approval, ArrangementFacts, BeforeAssessment, LegalBasis, Registration, Span
from placements.models import (
    Authorisation,
    Carer,
    CarerApproval,
    Home,
    HomeRegistration,
    Placement,
    PlacementFact,
    RegulatorNotice,
    SecureAuthority,
    SecureReview,
)
from placements.outside_area import Approved, OutsideFacts
from placements.secure import REMANDED, Order, Review, SecureFacts, Time, orders_as_they_count
from placements.states import (
    OUTSIDE,
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


OF_CHILD = "r.child_id IN (SELECT id FROM child)"
OF_PLACEMENT = "r.placement_id IN (SELECT id FROM placement)"
OF_HOME = "r.home_id IN (SELECT home_id FROM placement)"
OF_CARER = "r.carer_id IN (SELECT carer_id FROM placement)"
ON_RECORD = "NOT r.struck_out AND "
READ = Together(
    Rows(CaseFile, "r.id = ANY(%(case_files)s)"),
    Rows(Child, "r.case_file_id = ANY(%(case_files)s)"),
    Rows(LegalStatus, OF_CHILD, ("from_on",)),
    Rows(LookedAfterReview, OF_CHILD, ("scheduled_on",)),
    Rows(CarePeriod, OF_CHILD, ("started_on",)),
    Rows(Placement, ON_RECORD + OF_CHILD, ("started_at",)),
    Rows(SecureAuthority, ON_RECORD + OF_CHILD, ("given_at",)),
    Rows(SecureReview, ON_RECORD + OF_CHILD, ("held_on",)),
    Rows(PlacementFact, ON_RECORD + OF_PLACEMENT, ("from_on",)),
    Rows(Authorisation, OF_PLACEMENT, ("starts_at",)),
    Rows(Home, "r.id IN (SELECT home_id FROM placement)"),
    Rows(HomeRegistration, ON_RECORD + OF_HOME, ("from_on",)),
    Rows(RegulatorNotice, OF_HOME, ("given_on",)),
    Rows(Carer, "r.id IN (SELECT carer_id FROM placement)"),
    Rows(CarerApproval, ON_RECORD + OF_CARER, ("from_on",)),
)


@dataclass(frozen=True, slots=True)
class Around:
    """What hangs on placements, homes and carers, by their primary keys, oldest first."""

    facts: By[PlacementFact]
    authorisations: By[Authorisation]
    registrations: By[HomeRegistration]
    notices: By[RegulatorNotice]
    approvals: By[CarerApproval]


@dataclass(frozen=True, slots=True)
class History:
    """One child with every placement, oldest first, and what hangs on them."""

    child: Child
    known_from: datetime | None
    legal_statuses: Sequence[LegalStatus]
    reviews: Sequence[LookedAfterReview]
    care_periods: Sequence[CarePeriod]
    placements: Sequence[Placement]
    secure_authorities: Sequence[SecureAuthority]
    secure_reviews: Sequence[SecureReview]
    around: Around

    def care_around(self, day: date) -> CarePeriod | None:
        """The period of care in which a day lies; the latest that began by then where none covers it."""
        begun = [period for period in self.care_periods if period.started_on <= day]
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

    def authorised(self, placement: Placement, kind: AuthorisationKind) -> list[Authorisation]:
        """What was authorised of one kind for a placement."""
        return [row for row in self.around.authorisations[placement.pk] if row.kind == kind]

    def facts_of_kind(self, placement: Placement, kind: FactKind) -> list[PlacementFact]:
        """The dated facts of one kind about a placement."""
        return [fact for fact in self.around.facts[placement.pk] if fact.kind == kind]

    def _facts_alone(self, placement: Placement) -> ArrangementFacts:
        home = placement.home
        decided = self.authorised(placement, AuthorisationKind.WITH_PARENTS)
        return ArrangementFacts(
            born_on=self.child.date_of_birth,
            setting=Setting(placement.setting),
            started_at=placement.started_at,
            ended_at=placement.ended_at,
            legal=tuple(LegalBasis(status.from_on, status.code) for status in self.legal_statuses),
            approvals=self.approvals_of(placement),
            registrations=tuple(
                Registration(row.from_on, RegistrationStatus(row.status), Regulator(row.regulator), row.accepted_on)
                for row in self.around.registrations[placement.home_id]
            ),
            regulator=Regulator(home.regulator) if home and home.regulator else None,
            listed_as=ListedSetting(home.listed_as) if home and home.listed_as else None,
            with_parent_decided_on=min((local_day(a.starts_at) for a in decided), default=None),
            before_assessment=tuple(
                BeforeAssessment(fact.from_on, fact.to_on, fact.assessed_on)
                for fact in self.facts_of_kind(placement, FactKind.REG19)
            ),
            outside_terms=self._spans(placement, FactKind.OUTSIDE_TERMS),
            with_looked_after_parent=self._spans(placement, FactKind.WITH_LOOKED_AFTER_PARENT),
            secure_authority=self._secure_authority(placement),
            secretary_of_state_approved_on=min(map(local_day, self.secure.approvals), default=None),
        )

    @property
    def secure(self) -> SecureFacts:
        """What the keeping in secure accommodation hangs on; nothing is asked of a child who never was there."""
        stays = [each for each in self.placements if each.setting == Setting.SECURE_HOME]
        if not stays:
            return SecureFacts(born_on=self.child.date_of_birth, stays=())
        legal = self.legal_statuses
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
            reviews=tuple(Review(row.held_on, row.finding == SecureFinding.LEAVE) for row in self.secure_reviews),
        )

    def _secure(self, kind: SecureBasis) -> list[SecureAuthority]:
        return [row for row in self.secure_authorities if row.kind == kind]

    def _secure_authority(self, placement: Placement) -> tuple[Span, ...]:
        """Orders, as they count, and remands. How long an order counts is the law's alone: no authority sets it."""
        if placement.setting != Setting.SECURE_HOME:
            return ()
        orders = orders_as_they_count(self.secure, rules_as_declared())
        spans = [Span(local_day(time.from_at), local_day(time.to_at) if time.to_at else None) for time in orders]
        return (*spans, *self.secure.remands)

    def outside_facts_of(self, placement: Placement) -> OutsideFacts | None:
        """What a home outside the authority's area makes due hangs on; None where it is not on record as outside."""
        if not any(fact.kind in OUTSIDE for fact in self.around.facts[placement.pk]):
            return None
        approved = self.authorised(placement, AuthorisationKind.OUT_OF_AREA)
        told = self.facts_of_kind(placement, FactKind.HOST_TOLD)
        return OutsideFacts(
            setting=Setting(placement.setting),
            started_at=placement.started_at,
            ended_at=placement.ended_at,
            approved=tuple(Approved(row.starts_at, row.ends_at, row.record) for row in approved),
            host_told_on=min((fact.from_on for fact in told), default=None),
        )

    def _spans(self, placement: Placement, kind: FactKind) -> tuple[Span, ...]:
        return tuple(Span(fact.from_on, fact.to_on) for fact in self.facts_of_kind(placement, kind))

    def approvals_of(self, placement: Placement) -> tuple[Approval, ...] | None:
        """What is on record of the carer's approval, also where nobody knows the name; None where the source hides it.

        The return's codes for other foster carers (U4-U6) say that the carer is approved, though not who it is.
        """
        if not placement.approval_recorded:
            return None
        if placement.carer:
            rows = self.around.approvals[placement.carer_id]
            return tuple(Approval(row.from_on, row.to_on, ApprovalKind(row.kind)) for row in rows)
        if placement.source_code in APPROVED_BY_CODE:
            return (Approval(local_day(placement.started_at)),)
        return ()


def histories(batch: Batch) -> Mapping[int, History]:
    """Every child of the batch by case file, with all placements and their dated facts."""
    return histories_of(batch.files)


def histories_of(case_files: Iterable[int]) -> Mapping[int, History]:
    """Every child of these case files, by case file; one query."""
    found = READ.read(case_files=list(case_files))
    known_from = {file.pk: file.known_from for file in found.all(CaseFile)}
    homes, carers = found.one_by_one(Home), found.one_by_one(Carer)
    legal_statuses = found.by("child_id", LegalStatus)
    reviews = found.by("child_id", LookedAfterReview)
    care_periods = found.by("child_id", CarePeriod)
    placements = found.by("child_id", Placement)
    secure_authorities = found.by("child_id", SecureAuthority)
    secure_reviews = found.by("child_id", SecureReview)
    around = Around(
        facts=found.by("placement_id", PlacementFact),
        authorisations=found.by("placement_id", Authorisation),
        registrations=found.by("home_id", HomeRegistration),
        notices=found.by("home_id", RegulatorNotice),
        approvals=found.by("carer_id", CarerApproval),
    )
    for child in found.all(Child):
        for placement in placements[child.pk]:
            placement.child = child
            placement.home = homes.get(placement.home_id)
            placement.carer = carers.get(placement.carer_id)
    return {
        child.case_file_id: History(
            child,
            known_from[child.case_file_id],
            legal_statuses[child.pk],
            reviews[child.pk],
            care_periods[child.pk],
            placements[child.pk],
            secure_authorities[child.pk],
            secure_reviews[child.pk],
            around,
        )
        for child in found.all(Child)
    }
