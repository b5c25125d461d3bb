"""With foster carers, in homes, with relatives and parents: as it should be, and in emergencies that the law allows."""

from datetime import timedelta

from bench import names
from bench.plan import ApprovalPlan, ChildPlan
from bench.rhythm import working_days_before
from bench.stories.parts import EIGHT_WEEKS, SIXTEEN_WEEKS, first_days, moves_before, nearly_grown_up
from bench.telling import Teller
from placements.states import ApprovalKind, FactKind


def settled(tell: Teller, ages: tuple[int, int] = (1, 17)) -> ChildPlan:
    """With a foster carer of the authority, for some time."""
    child = tell.child(tell.between(1900, 60), ages)
    stays = moves_before(tell, child, tell.rng.choice((0, 0, 0, 1, 1, 2)))
    placement = tell.with_foster_carer(child, stays)
    if (tell.today - stays).days > 500 and tell.rng.random() < 0.6:
        placement.facts.append((FactKind.MEANT_TO_LAST_TO_18, stays + timedelta(days=200)))
        if tell.rng.random() < 0.3 and child.born_on < tell.day(11 * 365):
            placement.facts.append((FactKind.FEWER_VISITS_AGREED, stays + timedelta(days=400)))
    return child


def with_an_agency(tell: Teller) -> None:
    """With a foster carer of an agency."""
    child = tell.child(tell.between(1500, 90), (3, 17))
    tell.with_foster_carer(child, moves_before(tell, child, tell.rng.choice((0, 0, 1, 2))), agency=True)


def in_a_childrens_home(tell: Teller) -> None:
    """In a registered children's home."""
    child = tell.child(tell.between(1500, 120), (10, 17))
    home = tell.rng.choice(names.CHILDRENS_HOMES[:5])
    tell.in_home(child, home, moves_before(tell, child, tell.rng.choice((1, 1, 2, 3))))


def in_supported_accommodation(tell: Teller) -> None:
    """16 or 17, in registered supported accommodation."""
    child = nearly_grown_up(tell)
    tell.in_home(child, tell.rng.choice(names.SUPPORTED_ACCOMMODATION[:2]), tell.between(150, 20))


def at_home_under_a_care_order(tell: Teller) -> None:
    """With a parent, under a full care order."""
    child = tell.child(tell.between(1200, 500), (1, 15), legal=((0, "C1"), (180, "C2")))
    tell.with_foster_carer(child, child.care_from)
    tell.with_parent(child, tell.between(250, 40))


def at_home_under_an_interim_order(tell: Teller) -> None:
    """With a parent, under an interim care order."""
    child = tell.child(tell.between(130, 50), (0, 12), legal=((0, "C1"),))
    tell.with_parent(child, child.care_from + timedelta(days=3))
    tell.told[-1].placements.insert(0, first_days(tell, child))


def with_an_approved_relative(tell: Teller) -> None:
    """With a connected person, who was temporarily approved at first and is now a foster carer."""
    child = tell.child(tell.between(900, 200), (1, 16))
    approved_on = child.care_from + timedelta(days=100)
    tell.with_relative(
        child,
        child.care_from,
        ApprovalPlan(ApprovalKind.TEMPORARY, child.care_from, approved_on),
        ApprovalPlan(ApprovalKind.APPROVED, approved_on),
    )


def with_temporary_approval(tell: Teller) -> None:
    """With a connected person, temporarily approved for 16 weeks that are still running."""
    child = tell.child(tell.between(85, 12), (1, 15))
    until = child.care_from + SIXTEEN_WEEKS
    tell.with_relative(child, child.care_from, ApprovalPlan(ApprovalKind.TEMPORARY, child.care_from, until))


def temporary_approval_extended(tell: Teller) -> None:
    """The temporary approval was extended; for the second child once more, until an independent review is decided."""
    for_review = tell.time % 2
    child = tell.child(tell.day(190 if for_review else 130), (2, 14))
    first_end = child.care_from + SIXTEEN_WEEKS
    second_end = first_end + EIGHT_WEEKS
    approvals = [
        ApprovalPlan(ApprovalKind.TEMPORARY, child.care_from, first_end),
        ApprovalPlan(ApprovalKind.EXTENDED, first_end, second_end),
        ApprovalPlan(ApprovalKind.EXTENDED_FOR_REVIEW, second_end),
    ]
    tell.with_relative(child, child.care_from, *approvals[: 3 if for_review else 2])


def order_made_at_home(tell: Teller) -> None:
    """With a parent under an interim order, which became a full care order four days ago."""
    child = tell.child(tell.day(100), (1, 12), legal=((0, "C1"), (96, "C2")))
    tell.with_parent(child, child.care_from + timedelta(days=3))
    child.placements.insert(0, first_days(tell, child))


def before_the_assessment(tell: Teller) -> None:
    """With a parent before the assessment (regulation 19): to be assessed, to be decided, and both far too late."""
    child = tell.child(tell.between(700, 300), (3, 12), legal=((0, "C1"), (180, "C2")))
    tell.with_foster_carer(child, child.care_from)
    stage = tell.time % 3
    since = working_days_before(tell.today, (6, 14, 30)[stage])
    placement = tell.with_parent(child, tell.at(since, 11))
    placement.decided_with_parents = False
    placement.facts.append((FactKind.REG19, since))
    if stage == 1:
        placement.assessed_on = working_days_before(tell.today, 5)


def outside_the_terms(tell: Teller) -> None:
    """In an emergency with foster carers who are not approved for one more child (regulation 23); the second, too long."""
    child = tell.child(tell.between(900, 200), (5, 14))
    tell.with_foster_carer(child, child.care_from)
    since = working_days_before(tell.today, (2, 15)[tell.time % 2])
    tell.with_foster_carer(child, tell.at(since, 11)).facts.append((FactKind.OUTSIDE_TERMS, since))


def in_one_foster_home(tell: Teller) -> ChildPlan:
    """With one foster carer since coming into care."""
    child = tell.child(tell.between(900, 300), (4, 14))
    tell.with_foster_carer(child, child.care_from)
    return child
