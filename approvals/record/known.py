"""What Hearth knows already when a case discussion is written up: shown as facts, and sealed into the version as it was.

Nobody types these again. Each row of FACTS says what it is, where it comes from, and how it reads at a moment. What is
sealed is what was known when the record was typed: whoever signs later signs upon that.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final

from accounts.roles import Role
from approvals.connected.household import said_household
from approvals.connected.states import HowEnded, Pathway
from approvals.kinds.temporarily import approvals_of
from approvals.record.parts import FORM, OTHERS, PRESENT, is_in_present_form, without_known
from casework.forms import in_a_sentence
from casework.limits import local_day
from casework.meetings.states import ActionState
from casework.models import Duty
from casework.rules_in_force import rules_in_force
from casework.sections import known
from casework.sections.known import KNOWN, Fact
from casework.sections.parts import Row
from casework.wording import said_day, said_moment
from children.access import Sight
from placements.arrangement import NEXT_DAY
from placements.temporary import TemporaryTime, temporary_times

VISITS_NAMED = 5


class Known:
    """What is on record about the child and the arrangement of one case discussion, read once."""

    def __init__(self, discussion: Any, at: datetime):
        self.discussion, self.at, self.day = discussion, at, local_day(at)
        self.placement = discussion.placement
        self.child, self.carer = self.placement.child, self.placement.carer

    @cached_property
    def person(self) -> Any:
        """The carer as a relative or friend who was looked into for this child; None where nobody asked."""
        asked = self.child.connected_persons.filter(carer=self.carer) if self.carer else None
        return asked.order_by("-pk").first() if asked is not None else None

    @cached_property
    def approvals(self) -> list[Any]:
        """The approvals of the carer that count, the first first."""
        return list(self.carer.approvals.filter(struck_out=False).order_by("from_on")) if self.carer else []

    @cached_property
    def temporary_times(self) -> list[TemporaryTime]:
        """The times in which the carer was approved temporarily, as the law counts them."""
        return temporary_times(approvals_of(self.carer), rules_in_force()) if self.carer else []

    @cached_property
    def reviews(self) -> list[Any]:
        """The reviews of the child's plan, the first first."""
        return list(self.child.reviews.order_by("scheduled_on"))

    @cached_property
    def standing(self) -> Any:
        """How the arrangement stands; None where that is not worked out yet."""
        return getattr(self.placement, "standing", None)


def _child(known: Known) -> str:
    return str(known.child.name)


def _born(known: Known) -> str:
    return f"{said_day(known.child.date_of_birth)}, {known.child.age_on(known.day)} years old"


def _number(known: Known) -> str:
    return str(known.child.reference)


def _in_care(known: Known) -> str:
    began = [period.started_on for period in known.child.care_periods.all()]
    return said_day(max(began)) if began else ""


def _legal_status(known: Known) -> str:
    status = known.child.legal_status
    return f"{status.get_code_display()}, since {said_day(status.from_on)}" if status else ""


def _carer(known: Known) -> str:
    return str(known.carer.name) if known.carer else ""


def _relationship(known: Known) -> str:
    return str(known.placement.relationship)


def _household(known: Known) -> str:
    return said_household(known.person.household.all(), known.day) if known.person else ""


def _lives_there(known: Known) -> str:
    return said_moment(known.placement.started_at)


def _regulation(known: Known) -> str:
    standing = known.standing
    return f"{standing.get_regulation_display()}, since {said_day(standing.since_on)}" if standing else ""


def _lawfulness(known: Known) -> str:
    standing = known.standing
    return f"{standing.get_lawfulness_display()}. {standing.reason}" if standing else ""


def _regulation_24(known: Known) -> str:
    return "\n".join(_said_approval(approval) for approval in known.approvals) or "The carer was never approved"


def _said_approval(approval: Any) -> str:
    until = f", until {said_day(approval.to_on - NEXT_DAY)}" if approval.to_on else ""
    return f"{approval.get_kind_display()}: from {said_day(approval.from_on)}{until}"


def _enquiry(known: Known) -> str:
    person = known.person
    if person is None:
        return "Nobody asked about this carer as a relative or friend"
    how = f": {in_a_sentence(person.get_how_ended_display())}" if person.how_ended else ""
    on = f", {said_day(person.ended_on)}" if person.ended_on else ""
    return f"Asked about on {said_day(person.asked_on)}. {person.get_state_display()}{how}{on}"


def _viability(known: Known) -> str:
    confirmed = known.person.viability if known.person else None
    found = "Viable" if known.person and known.person.is_viable else "Not viable"
    return f"{found}, confirmed on {said_day(confirmed.stands_since)}" if confirmed else ""


def _visits(known: Known) -> str:
    made = list(known.placement.visits.order_by("-made_at")[: VISITS_NAMED + 1])
    if not made:
        return "Nobody has visited here yet"
    lines = [f"{said_day(visit.made_at)}: {visit.how_seen}" for visit in made[:VISITS_NAMED]]
    earlier = known.placement.visits.count() - VISITS_NAMED if len(made) > VISITS_NAMED else 0
    return "\n".join([*lines, *([f"and {earlier} before"] if earlier else [])])


def _visits_due(known: Known) -> str:
    due = Duty.objects.open().filter(case_file=known.child.case_file_id, source="visits").order_by("due_at", "pk")
    return "\n".join(duty.says for duty in due)


def _allocated(known: Known) -> str:
    rows = [
        f"{Role(row.role).label}: {row.person}" for row in known.child.allocations_at(known.at) if row.role != Role.IRO
    ]
    holding = known.child.holding_at(known.at)
    return "\n".join([*rows, *([f"Team: {holding.team}"] if holding else [])])


def _iro(known: Known) -> str:
    return next((str(row.person) for row in known.child.allocations_at(known.at) if row.role == Role.IRO), "")


def _reviews(known: Known) -> str:
    held = [review.held_on for review in known.reviews if review.held_on]
    ahead = [review.scheduled_on for review in known.reviews if not review.held_on and review.scheduled_on >= known.day]
    said = [f"Last held on {said_day(max(held))}"] if held else ["None held so far"]
    return "\n".join([*said, *([f"Next arranged for {said_day(min(ahead))}"] if ahead else [])])


def _met(known: Known) -> str:
    four = [f"{role.label}: {person}" for role, person in known.discussion.four_people.items() if person]
    return "\n".join([f"The case discussion ended on {said_moment(known.discussion.held_at)}.", *four])


def _last_actions(known: Known) -> str:
    before = known.placement.case_discussions.filter(pk__lt=known.discussion.pk or 0).exclude(meeting=None)
    last = before.order_by("-pk").first()
    actions = last.meeting.actions.select_related("owner__person") if last else ()
    return "\n".join(f"{each.says} ({each.owner}, by {said_day(each.due_on)}): {_stands(each)}" for each in actions)


def _stands(action: Any) -> str:
    outcome = f". {action.outcome}" if action.outcome else ""
    return f"{ActionState(action.state).label}{outcome}"


CHILD, ARRANGEMENT, CARERS = "The child’s record", "The arrangement", "The carer’s record"
FACTS: Final = (
    Fact("child", "Child", CHILD, _child),
    Fact("born", "Date of birth", CHILD, _born),
    Fact("number", "The authority’s number", CHILD, _number),
    Fact("in_care", "Looked after since", CHILD, _in_care),
    Fact("legal_status", "Legal status", CHILD, _legal_status),
    Fact("allocated", "Who works with the child", "Allocations", _allocated),
    Fact("iro", "Independent reviewing officer", "Allocations", _iro),
    Fact("reviews", "Looked-after reviews", CHILD, _reviews),
    Fact("carer", "Carer", ARRANGEMENT, _carer, by_address=True),
    Fact("relationship", "Relationship to the child", ARRANGEMENT, _relationship, by_address=True),
    Fact("household", "Who lives there, and their checks", "The enquiry about the carer", _household, by_address=True),
    Fact("lives_there", "Lives there since", ARRANGEMENT, _lives_there),
    Fact("regulation", "Regulation", "Worked out from the arrangement", _regulation),
    Fact("lawfulness", "Lawfulness", "Worked out from the arrangement", _lawfulness),
    Fact("regulation_24", "Approvals of the carer", CARERS, _regulation_24),
    Fact("enquiry", "Looked into as a relative or friend", "The enquiry about the carer", _enquiry),
    Fact("viability", "Viability assessment", "The enquiry about the carer", _viability),
    Fact("visits", "Visits here so far", "Visits", _visits),
    Fact("visits_due", "What the visit clocks say", "Duties", _visits_due),
    Fact("met", "The case discussion", "Convening", _met),
    Fact("last_actions", "Actions of the last case discussion here", "Its actions", _last_actions),
)
BY_NAME: Final = {fact.name: fact for fact in FACTS}


def facts_of(discussion: Any, at: datetime) -> list[dict[str, str]]:
    """Everything that Hearth knows, as the rows of a record: what nothing is on record about is left out."""
    return known.rows_of(FACTS, Known(discussion, at))


def sealed(content: Mapping[str, Any], last: Any, discussion: Any, at: datetime) -> dict[str, Any]:
    """What is typed, with what Hearth knows at that moment; where nothing new is typed, as it was sealed before."""
    if not is_in_present_form(content):
        return dict(content)
    if last and without_known(last.content) == without_known(content):
        return dict(last.content)
    return {**content, FORM: PRESENT, KNOWN: facts_of(discussion, at)}


def may_read(row: Row, sight: Sight) -> bool:
    """May somebody with this sight of the child read a fact as it was sealed?"""
    return known.may_read(row, BY_NAME, address=bool(sight.address))


def readable(rows: Sequence[Row], sight: Sight) -> list[Row]:
    """Facts as somebody with this sight may read them."""
    return known.readable(rows, BY_NAME, address=bool(sight.address))


# What Hearth knows of the answers


def first_answers(discussion: Any, at: datetime) -> dict[str, Any]:
    """What the form is filled in with before anybody typed: to be looked at, and changed where it is not so."""
    known = Known(discussion, at)
    return {OTHERS: list(_others(discussion)), **_why_not(known), **_pets(known)}


def _others(discussion: Any) -> Iterator[dict[str, str]]:
    """Whoever was invited from outside."""
    if discussion.meeting:
        for invitation in discussion.meeting.invited.filter(person=None):
            yield {"name": invitation.name, "as_what": invitation.capacity}


def _why_not(known: Known) -> dict[str, str]:
    """Why regulation 24 does not apply, as the carer's way ended, or as the temporary approval ran out."""
    person = known.person
    ended_on = _said(person.ended_on) if person else ""
    if person and person.state in (Pathway.REFUSED, Pathway.IN_REVIEW):
        return {"why_not": "refused", "refused_on": ended_on}
    if person and person.how_ended == HowEnded.WITHDREW:
        return {"why_not": "declines", "declined_on": ended_on}
    if person and person.how_ended == HowEnded.NOT_VIABLE:
        return {"why_not": "unlikely", "assessed_on": ended_on}
    over = [time for time in known.temporary_times if time.to_on and time.to_on <= known.day]
    if over and over[-1] == known.temporary_times[-1]:
        return {
            "why_not": "lapsed",
            "approved_from": _said(over[-1].from_on),
            "approved_until": _said(over[-1].last_on),
        }
    return {}


def _pets(known: Known) -> dict[str, str]:
    """Pets as the viability assessment has them."""
    assessed = known.person.viability if known.person else None
    content = assessed.version.content if assessed else {}
    return {name: content[name] for name in ("pets", "pet_risks") if content.get(name)}


def _said(day: date | None) -> str:
    return day.isoformat() if day else ""
