"""Relatives and friends who were asked about: enquiries, and temporary approvals that came about through the door. Reg 24."""

from datetime import timedelta

from bench import names
from bench.enquiries import Lives
from bench.plan import ApprovalPlan, ChildPlan, EnquiryPlan
from bench.stories.parts import EIGHT_WEEKS, SIXTEEN_WEEKS
from bench.telling import RELATIONS, Teller
from placements.states import ApprovalKind, Setting

VIABLE = (("check", 4), ("put viability", 7), ("decide viability", 8))
"""What happens on the way, and how many days after the enquiry."""
PUT_UP = (*VIABLE, ("put temporary_approval", 9), ("confirm temporary_approval", 10))
APPROVED = (*PUT_UP, ("decide temporary_approval", 11))
MOVES_AFTER = 11


def just_asked_about(tell: Teller) -> None:
    """Somebody was named three days ago; the checks of her and her partner are not back."""
    child = _in_a_foster_home(tell)
    _asked_about(tell, child, 3, (), checked_after=None)


def viability_to_confirm(tell: Teller) -> None:
    """The viability assessment is written up; the team manager is to confirm it. Something is known of the partner."""
    child = _in_a_foster_home(tell)
    known = "A caution for a fight in 2004, when he was nineteen. Nothing since; he told us before we asked."
    _asked_about(tell, child, 9, VIABLE[:2], known=known)


def waits_for_the_nominated_officer(tell: Teller) -> None:
    """Found viable; the nominated officer is to decide on a temporary approval."""
    child = _in_a_foster_home(tell)
    _asked_about(tell, child, 12, PUT_UP)


def approval_runs_out_soon(tell: Teller) -> None:
    """Approved for sixteen weeks, of which about two are left; nothing is settled that comes after."""
    _approved(tell, 96 + MOVES_AFTER + tell.time)


def approval_was_extended(tell: Teller) -> None:
    """Approved for sixteen weeks, and extended once before they were over."""
    enquiry = _approved(tell, 125 + MOVES_AFTER)
    _happens(tell, enquiry, 100, "put extension", "confirm extension", "decide extension")
    until = enquiry.carer.approvals[0].to_on
    enquiry.carer.approvals.append(ApprovalPlan(ApprovalKind.EXTENDED, until, until + EIGHT_WEEKS, decided=True))


def approval_ran_out(tell: Teller) -> None:
    """Approved for sixteen weeks that were over last week; the child is still there, and the case is to be discussed."""
    _approved(tell, 118 + MOVES_AFTER)


def refused_and_in_review(tell: Teller) -> None:
    """Refused as a foster carer; she asked for an independent review, and the approval goes on until it is decided."""
    enquiry = _approved(tell, 120 + MOVES_AFTER)
    _happens(tell, enquiry, 90, "refuse")
    _happens(tell, enquiry, 95, "ask_for_review")
    kind = "extension_for_review"
    _happens(tell, enquiry, 97, f"put {kind}", f"confirm {kind}", f"decide {kind}")
    until = enquiry.carer.approvals[0].to_on
    _happens(tell, enquiry, 99, "send_papers")
    enquiry.carer.approvals.append(ApprovalPlan(ApprovalKind.EXTENDED_FOR_REVIEW, until, decided=True))


def did_not_become_a_carer(tell: Teller) -> None:
    """Somebody who was asked about and did not become a foster carer: withdrew, or was not viable."""
    child = _in_a_foster_home(tell)
    ends = ("withdraw", "find_not_viable")[tell.time % 2]
    _asked_about(tell, child, tell.rng.randint(40, 120), (*VIABLE[:1], (ends, 9)))


def became_a_foster_carer(tell: Teller) -> None:
    """Approved for a time, then as a foster carer."""
    enquiry = _approved(tell, 130 + MOVES_AFTER)
    _happens(tell, enquiry, 80, "approve")
    approved_on = tell.day(130 + MOVES_AFTER - 80)
    first = enquiry.carer.approvals[0]
    enquiry.carer.approvals[:] = [
        ApprovalPlan(ApprovalKind.TEMPORARY, first.from_on, approved_on, decided=True),
        ApprovalPlan(ApprovalKind.APPROVED, approved_on, decided=True),
    ]


def _in_a_foster_home(tell: Teller) -> ChildPlan:
    child = tell.child(tell.between(400, 180), (3, 13), legal=((0, "C1"),))
    tell.with_foster_carer(child, child.care_from)
    return child


def _asked_about(
    tell: Teller,
    child: ChildPlan,
    days_ago: int,
    steps: tuple[tuple[str, int], ...],
    *,
    checked_after: int | None = 4,
    known: str = "",
) -> EnquiryPlan:
    """An enquiry opened so many days ago, with the steps taken since."""
    carer = tell.carer()
    partner = names.an_adult(tell.rng).forename
    family = carer.name.split()[-1]
    household = (
        Lives(carer.name, "carer", tell.rng.randint(46, 60), checked_after),
        Lives(f"{partner} {family}", "partner", tell.rng.randint(46, 60), checked_after, known),
        Lives(f"{names.a_child(tell.rng).forename} {family}", "grandchild", tell.rng.randint(4, 15)),
    )
    enquiry = EnquiryPlan(carer, tell.rng.choice(RELATIONS), tell.at(tell.day(days_ago), 10), household)
    enquiry.steps.append(("enquire", enquiry.asked_at))
    child.enquiries.append(enquiry)
    for number, (step, after) in enumerate(steps):
        enquiry.steps.append((step, tell.at(tell.day(days_ago - after), 11, number)))
    return enquiry


def _approved(tell: Teller, days_ago: int) -> EnquiryPlan:
    """Asked about so many days ago and approved for a time, whereupon the child moved in."""
    child = _in_a_foster_home(tell)
    enquiry = _asked_about(tell, child, days_ago, APPROVED)
    moved_on = tell.day(days_ago - MOVES_AFTER)
    enquiry.carer.approvals.append(
        ApprovalPlan(ApprovalKind.TEMPORARY, moved_on, moved_on + SIXTEEN_WEEKS, decided=True)
    )
    about = {"carer": enquiry.carer, "relationship": enquiry.relationship}
    tell.lives(child, Setting.CONNECTED_PERSON, tell.at(moved_on, 16), **about)
    return enquiry


def _happens(tell: Teller, enquiry: EnquiryPlan, days_after: int, *steps: str) -> None:
    """Further steps so many days after the enquiry, one hour after another."""
    first = tell.at(tell.today - (tell.today - enquiry.asked_at.date()) + timedelta(days=days_after), 9)
    enquiry.steps.extend((step, first + timedelta(hours=number)) for number, step in enumerate(steps))
