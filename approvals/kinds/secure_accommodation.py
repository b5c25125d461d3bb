"""The Service Director agrees that a child is kept in secure accommodation. L-31, C-43; it is the court that allows it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.urls import reverse

from accounts.roles import Role
from approvals.kinds.asking import IRO
from approvals.kinds.authorising import end_authorisation
from approvals.kinds.kind import WORKERS, Kind
from approvals.states import Act
from casework.events import label_of
from casework.limits import local_day
from casework.rules_in_force import rules_in_force
from casework.sections.parts import Asks, Part
from casework.wording import duration, said_day, said_moment
from placements.histories import histories_of
from placements.models import Authorisation
from placements.secure import (
    NEEDS_SECRETARY_OF_STATE_UNDER,
    SecureFacts,
    kept_without_order,
    orders_as_they_count,
    used_before,
    used_up_at,
)
from placements.states import AuthorisationKind, Setting

ORDER, HOURS = "order", "72_hours"
YOUNGEST: Final = 10
"""Kent placement procedure, line 40: the age from which secure homes take children."""
REVIEWER: Final = replace(
    IRO, required=False, when="as soon as can be: keeping a child safe tonight does not wait for it"
)
NO_APPROVAL: Final = (
    "The child is younger than 13: the Secretary of State approves it first, and no approval is on record. Record it where "
    "the child lives now."
)


def objections(decision: Any) -> list[str]:
    """It is for a child in a secure children's home, or for whom one is proposed."""
    arrangement = decision.arrangement
    if arrangement is None or arrangement.setting == Setting.SECURE_HOME:
        return []
    return ["This is for secure children’s homes. The child lives in another kind of home."]


def objections_to_record(decision: Any, content: Mapping[str, str], at: datetime) -> list[str]:
    """Under 13 the Secretary of State comes first; and there are hours left where it is to be without an order."""
    facts = _facts_of(decision.child)
    objections = []
    is_younger = decision.child.age_on(local_day(at)) < NEEDS_SECRETARY_OF_STATE_UNDER
    if is_younger and not any(approved_at <= at for approved_at in facts.approvals):
        objections.append(NO_APPROVAL)
    used_up = _used_up(facts)
    if content["footing"] == HOURS and used_up and used_up <= at:
        objections.append(
            f"The 72 hours without an order were used up on {said_moment(used_up)}: only an order of the court lets the "
            "child be kept."
        )
    return objections


def tells(decision: Any, at: datetime) -> list[dict[str, str]]:
    """What lets the child be kept, and how much of the 72 hours is used up."""
    facts = _facts_of(decision.child)
    rows = [{"label": "Order of the court", "says": _said_orders(facts, at)}]
    if decision.child.age_on(local_day(at)) < YOUNGEST:
        rows.append({"label": "Age", "says": f"Younger than {YOUNGEST}: secure homes take children of 10 to 17."})
    times = kept_without_order(facts, rules_in_force())
    if times and times[-1].to_at is None:
        used = used_before(times, len(times) - 1, rules_in_force())
        before = f" {duration(used)} were used up in the 28 days before." if used else ""
        says = f"Kept without one since {said_moment(times[-1].from_at)}.{before} The hours end on "
        rows.append({"label": "72 hours without an order", "says": f"{says}{said_moment(_used_up(facts))}."})
    if decision.child.age_on(local_day(at)) < NEEDS_SECRETARY_OF_STATE_UNDER:
        given = f"Given on {said_day(facts.approvals[0])}" if facts.approvals else "None is on record"
        row = {"label": "Approval by the Secretary of State (under 13)", "says": given}
        lives = decision.child.placements.filter(ended_at=None).first()
        if lives and not facts.approvals:
            row |= {"url": reverse("placements:allow_secure", args=[lives.pk]), "link": "Record the approval"}
        rows.append(row)
    return rows


def agree(decision: Any, by: Any, at: datetime) -> datetime | None:
    """Without an order it holds until the 72 hours are used up; with one as long as the child is kept without a break.

    Signed before the child came, it holds from the move.
    """
    is_for_hours = decision.version.content["footing"] == HOURS
    until = _used_up(_facts_of(decision.child)) if is_for_hours else None
    signed = decision.signatures_now.get(act=Act.DECIDE)
    end_authorisation(decision, AuthorisationKind.SECURE, at)
    Authorisation.objects.create(
        placement=decision.placement,
        kind=AuthorisationKind.SECURE,
        starts_at=max(signed.at, decision.placement.started_at),
        ends_at=until,
        by=by,
        record=label_of(decision),
    )
    return until


def _facts_of(child: Any) -> SecureFacts:
    return histories_of([child.case_file_id])[child.case_file_id].secure


def _used_up(facts: SecureFacts) -> datetime | None:
    """When the hours of a child who is kept without an order are used up; None where an order or nothing keeps the child."""
    times = kept_without_order(facts, rules_in_force())
    return used_up_at(times, len(times) - 1, rules_in_force()) if times and times[-1].to_at is None else None


def _said_orders(facts: SecureFacts, at: datetime) -> str:
    for order in reversed(orders_as_they_count(facts, rules_in_force())):
        if order.covers(at) and order.to_at:
            return f"Made on {said_day(order.from_at)}, counts until {said_day(order.to_at - timedelta.resolution)}"
    if any(span.covers(local_day(at)) for span in facts.remands):
        return "Remanded or detained by a criminal court"
    return "None is in force"


KIND: Final = Kind(
    code="secure_accommodation",
    title="Secure accommodation",
    verb="Agree to secure accommodation",
    done="Agreed to",
    rule="C-43",
    holds="without an order for {L-31} in any {L-31a}; with one as long as the child is kept",
    put_under="C-43",
    in_time="A-12",
    prepares=(*WORKERS, Role.TEAM_MANAGER, Role.SERVICE_MANAGER, Role.DHOS),
    checks=Role.TEAM_MANAGER,
    decides=Role.SERVICE_DIRECTOR,
    consults=(REVIEWER,),
    limits=("L-31", "L-31a", "L-31b", "L-31c", "L-31d", "L-31e", "L-31f"),
    objections=objections,
    objections_to_record=objections_to_record,
    tells=tells,
    grants=agree,
    proposes=(Setting.SECURE_HOME,),
    source="Children Act 1989, section 25; Secure Accommodation Regulations 1991; Decision C-43. Who decides is a local "
    "default, no source",
    parts=(
        Part(
            "footing",
            "On what footing is the child to be kept?",
            asks=Asks.CHOICE,
            choices=(
                (ORDER, "With an order of the court, which is made or applied for"),
                (HOURS, "Without an order: for 72 hours in any 28 days at most"),
            ),
        ),
        Part(
            "court",
            "Which court, and when does it hear or when did it make it?",
            asks=Asks.LINE,
            only_if=("footing", ORDER),
        ),
        Part(
            "grounds",
            "Which reason of the law is it?",
            asks=Asks.CHOICE,
            choices=(
                (
                    "absconds",
                    "The child runs away and is likely to again, and is likely to come to significant harm then",
                ),
                ("injures", "In any other home the child is likely to injure themselves or somebody else"),
            ),
        ),
        Part("why", "What has happened, and why it comes to that reason"),
        Part(
            "alternatives", "Which other homes and ways of keeping the child safe were looked for, and why none serves"
        ),
        Part("health", "Health, mental health and education, and how each is met there"),
        Part("views", "What the child, the parents and the independent visitor say"),
        *REVIEWER.parts,
        Part("legal_advice", "Legal advice", legal_advice=True),
        Part("plan", "What has to change so that the child can leave, and where the child goes then"),
    ),
)
