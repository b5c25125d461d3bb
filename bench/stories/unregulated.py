"""With a relative whom nobody approved, and how far the sign-off chain is."""

from dataclasses import replace
from datetime import timedelta

from approvals.states import ApprovedAs, State
from bench.chains import RENEWED, ROUTES
from bench.plan import ApprovalPlan, PlacementPlan
from bench.rhythm import working_days_before
from bench.stories.parts import SIXTEEN_WEEKS
from bench.telling import Teller
from placements.states import ApprovalKind


def approval_ran_out(tell: Teller) -> None:
    """The temporary approval ran out last month, the child still lives there, and nobody has convened anything."""
    child = tell.child(tell.day(112 + tell.rng.randint(24, 32)), (5, 14))
    until = child.care_from + SIXTEEN_WEEKS
    tell.with_relative(child, child.care_from, ApprovalPlan(ApprovalKind.TEMPORARY, child.care_from, until))


def moved_today(tell: Teller) -> None:
    """Moved to an unapproved relative minutes ago."""
    child = tell.child(tell.between(700, 300), (12, 15))
    tell.with_foster_carer(child, child.care_from).why_ended = "The carer gave notice"
    tell.with_relative(child, tell.plan.at - timedelta(minutes=17))


def with_an_unapproved_relative(tell: Teller, days: int) -> PlacementPlan:
    """A child with an unapproved relative for some days, after a foster home."""
    child = tell.child(tell.between(900, 200), (6, 16))
    tell.with_foster_carer(child, child.care_from)
    return tell.with_relative(child, tell.day(days))


def convened(tell: Teller) -> None:
    """The case discussion was held yesterday; its record is to be typed."""
    tell.chain(with_an_unapproved_relative(tell, 9), State.CONVENED, working_days_ago=1)


def two_of_four_have_agreed(tell: Teller) -> None:
    """Typed, and agreed by the Deputy Head and Legal; social worker and team manager have the rest of the 72 hours."""
    placement = with_an_unapproved_relative(tell, 12)
    typed_and_two = (*ROUTES[State.AGREED][:4], replace(ROUTES[State.AGREED][6], after=timedelta(hours=6)))
    held = tell.at(working_days_before(tell.today, 1), 10)
    if tell.plan.at - held > timedelta(hours=60):
        held = tell.plan.at - timedelta(hours=20)
    tell.chain_held(placement, typed_and_two, held, ApprovedAs.INTERIM)


def agreement_is_overdue(tell: Teller) -> None:
    """The record was typed a week ago, and two of the four have still not agreed it."""
    tell.chain(with_an_unapproved_relative(tell, 21), State.AGREED, working_days_ago=6, steps=5)


def waits_for_the_head_of_service(tell: Teller) -> None:
    """All four have agreed; the Head of Service is to decide."""
    tell.chain(with_an_unapproved_relative(tell, 20), State.AGREED, working_days_ago=tell.rng.choice((4, 5)))


def head_of_service_is_late(tell: Teller) -> None:
    """All four agreed two weeks ago; the Head of Service has not decided."""
    tell.chain(with_an_unapproved_relative(tell, 33), State.AGREED, working_days_ago=12)


def waits_for_the_director(tell: Teller) -> None:
    """The Head of Service has approved; the Service Director is to sign."""
    tell.chain(with_an_unapproved_relative(tell, 24), State.APPROVED, working_days_ago=6)


def director_is_late(tell: Teller) -> None:
    """The Head of Service approved long ago; the Service Director has not signed."""
    tell.chain(
        with_an_unapproved_relative(tell, 40), State.APPROVED, working_days_ago=13, approved_as=ApprovedAs.PERMANENCE
    )


def nobody_has_visited_for_weeks(tell: Teller) -> None:
    """All four have agreed and the Head of Service is to decide; meanwhile nobody has been to see the child."""
    tell.chain(with_an_unapproved_relative(tell, 35), State.AGREED, working_days_ago=3)


def approved_while_the_record_waits(tell: Teller) -> None:
    """The relative became an approved foster carer before the Head of Service decided: the chain is to be withdrawn."""
    placement = with_an_unapproved_relative(tell, 30)
    tell.chain(placement, State.AGREED, working_days_ago=6)
    placement.carer.approvals.append(ApprovalPlan(ApprovalKind.APPROVED, tell.day(1)))


def moved_before_the_record_was_typed(tell: Teller) -> None:
    """The child moved on to foster carers after the case discussion: the chain is to be withdrawn."""
    tell.chain(with_an_unapproved_relative(tell, 26), State.CONVENED, working_days_ago=4)
    tell.with_foster_carer(tell.told[0], tell.day(1))


def sent_back(tell: Teller) -> None:
    """The Head of Service sent the record back."""
    tell.chain(with_an_unapproved_relative(tell, 22), State.SENT_BACK, working_days_ago=5)


def refused(tell: Teller) -> None:
    """The Head of Service refused; the child has not moved yet."""
    tell.chain(with_an_unapproved_relative(tell, 26), State.REFUSED, working_days_ago=6)


def dissented(tell: Teller) -> None:
    """The Service Director dissents."""
    tell.chain(with_an_unapproved_relative(tell, 29), State.DISSENTED, working_days_ago=8)


def signed_off_as_interim(tell: Teller) -> None:
    """Signed off as an interim arrangement; the outcome is to be communicated."""
    tell.chain(with_an_unapproved_relative(tell, 27), State.SIGNED_OFF, working_days_ago=7)


def signed_off_as_permanence(tell: Teller) -> None:
    """Signed off as the child's permanence plan; the outcome is to be communicated."""
    tell.chain(
        with_an_unapproved_relative(tell, 34), State.SIGNED_OFF, working_days_ago=6, approved_as=ApprovedAs.PERMANENCE
    )


def communicated(tell: Teller) -> None:
    """The outcome is communicated; the social worker is to file the record."""
    tell.chain(with_an_unapproved_relative(tell, 30), State.COMMUNICATED, working_days_ago=8)


def filed(tell: Teller) -> None:
    """The chain is complete, for an interim arrangement."""
    tell.chain(with_an_unapproved_relative(tell, 44), State.FILED, working_days_ago=16)


def interim_approval_to_renew(tell: Teller) -> None:
    """The chain is complete, and the interim approval has to be renewed within days."""
    tell.chain(with_an_unapproved_relative(tell, 80), State.FILED, working_days_ago=22)


def interim_approval_lapsed(tell: Teller) -> None:
    """The chain is complete, and nobody renewed the interim approval: the alarm is on again."""
    tell.chain(with_an_unapproved_relative(tell, 90), State.FILED, working_days_ago=30)


def interim_approval_renewed(tell: Teller) -> None:
    """The Head of Service renewed the interim approval; the Service Director has yet to confirm to know it."""
    placement = with_an_unapproved_relative(tell, 70)
    held = tell.at(working_days_before(tell.today, 27), 10)
    tell.chain_held(placement, RENEWED, held, ApprovedAs.INTERIM)


def filed_as_permanence(tell: Teller) -> None:
    """The chain is complete: the arrangement is the child's permanence plan."""
    tell.chain(
        with_an_unapproved_relative(tell, 150), State.FILED, working_days_ago=80, approved_as=ApprovedAs.PERMANENCE
    )


def withdrawn(tell: Teller) -> None:
    """The case discussion was held in the morning, and that afternoon the relative was approved after all."""
    placement = with_an_unapproved_relative(tell, 60)
    chain = tell.chain(placement, State.WITHDRAWN, working_days_ago=30)
    placement.carer.approvals.append(ApprovalPlan(ApprovalKind.APPROVED, chain.held_at.date()))
