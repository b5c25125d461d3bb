"""How an authority sets a value of its own: an administrator asks, a named senior manager decides, and both are kept.

An administrator keeps the rules but does not run the service; a senior manager runs it. So the one prepares the value,
with a reason and a first day, and names who decides; the other reads whom it would concern, says whether deadlines that
run are taken along, and confirms it under his or her own sign-in. Nobody decides what he or she asked for, nor on a
deadline of the own role (`casework.own_values`). What was decided is a `RuleValue`, never changed or removed.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from accounts.models import Appointment, User
from accounts.roles import Role
from casework import outbox, preview
from casework.limits import local_day
from casework.own_values import ASK, DECIDE, may_decide, objections_to
from casework.previewed import figures
from casework.procedures import OwnValue, Rule, row_on
from casework.rule_values import Answer, RuleProposal, RuleValue
from casework.rules_in_force import rules_in_force
from casework.steps import NotYet, NotYou
from casework.wording import said_day

MAY_READ: Final = ASK | DECIDE
"""Who reads proposals and their previews."""
STALE_AFTER: Final = timedelta(days=7)
"""Nobody decides on an older preview: the facts go on."""


def may_ask(user: Any, at: datetime) -> bool:
    """May this person ask for a value?"""
    return bool(user.holds(*ASK, at=at))


def deciders(rule: Rule, *, asked_by: Any, at: datetime) -> dict[User, set[Role]]:
    """Who may be asked to decide on a rule, with their roles: senior managers whom its deadline does not bind.

    Whoever asks is not among them. Two queries.
    """
    people = {person.pk: person for person in User.objects.holding(*DECIDE, at=at)}
    roles: dict[int, set[Role]] = {pk: set() for pk in people}
    for appointment in Appointment.objects.in_force(at).filter(user__in=people):
        roles[appointment.user_id].add(Role(appointment.role))
    return {person: roles[pk] for pk, person in people.items() if pk != asked_by.pk and may_decide(roles[pk], rule)}


def objections_to_asking(own: OwnValue, at: datetime) -> list[str]:
    """Why a value cannot be asked for at a moment; empty where it can."""
    objections = objections_to(own, decided_on=local_day(at))
    rule = row_on(own.code, own.since)
    if not objections and rule:
        values = RuleValue.objects.filter(code=own.code)
        if values.filter(since=own.since).exists():
            objections.append(f"{own.code} has a value of its own from {said_day(own.since)} on already.")
        elif is_nothing_new(own, rule):
            objections.append(f"That is what {own.code} says already, on {said_day(own.since)}.")
    return objections


def is_nothing_new(own: OwnValue, rule: Rule) -> bool:
    """Does the value say what would hold on its first day without it?"""
    present = rules_in_force().own_value(rule, own.since)
    if own.is_on is not None:
        return own.is_on == (present.is_on if present else True)
    return own.limit == (present.limit if present else rule.limit)


@transaction.atomic
def propose(proposal: RuleProposal) -> RuleProposal:
    """Ask for a value: keep what is asked, have the preview worked out, and tell whoever decides."""
    if not may_ask(proposal.asked_by, proposal.asked_at):
        raise NotYou("Values of the authority’s own are asked for by administrators.")
    own = proposal.as_own_value(takes_running_along=False)
    objections = objections_to_asking(own, proposal.asked_at)
    rule = row_on(own.code, own.since)
    if rule and not _may_decide(proposal.decider, rule, proposal.asked_at):
        objections.append("Whoever decides must be a senior manager whom this rule’s deadline does not bind.")
    if objections:
        raise NotYet(*objections)
    proposal.full_clean()
    proposal.save()
    preview.ask(proposal, by=proposal.asked_by, at=proposal.asked_at)
    _tell(proposal.decider, TO_DECIDE, proposal, proposal.asked_at)
    return proposal


def is_decider(proposal: RuleProposal, user: Any, at: datetime) -> bool:
    """Is this the person who decides, and may he or she still?"""
    rule = row_on(proposal.code, proposal.since)
    return proposal.decider_id == user.pk and rule is not None and _may_decide(user, rule, at)


def require_decider(proposal: RuleProposal, user: Any, at: datetime) -> None:
    """Raises NotYou for anybody but the person who decides."""
    if not is_decider(proposal, user, at):
        raise NotYou(f"{proposal.decider} decides this, while a senior manager.")


def objections_to_answer(proposal: RuleProposal) -> list[str]:
    """Why a proposal cannot be answered any more; empty while it is open."""
    return [f"This proposal is answered: {proposal.get_answer_display().lower()}."] if proposal.answer else []


def objections_to_decision(proposal: RuleProposal, at: datetime) -> list[str]:
    """Why a proposal cannot be decided yet, or any more; empty where it can."""
    if answered := objections_to_answer(proposal):
        return answered
    objections = objections_to(proposal.as_own_value(takes_running_along=False), decided_on=local_day(at))
    worked_out = proposal.preview
    if worked_out is None or worked_out.failed:
        objections.append("Nobody knows yet whom it concerns: have that worked out first.")
    elif worked_out.ended_at is None:
        objections.append("Whom it concerns is still being worked out.")
    elif at - worked_out.asked_at > STALE_AFTER:
        objections.append("It was worked out more than a week ago whom it concerns: have it worked out again.")
    elif RuleValue.objects.filter(decided_at__gt=worked_out.asked_at).exists():
        objections.append("Another value was decided since this was looked at: have it worked out again.")
    return objections


@transaction.atomic
def decide(proposal: RuleProposal, *, by: Any, at: datetime, takes_running_along: bool, because: str) -> RuleValue:
    """Decide a value, with what the preview showed. Raises NotYou or NotYet.

    One at a time: of two decided at the same moment the second was looked at without the first, and is refused.
    """
    list(RuleProposal.objects.waiting().order_by("pk").select_for_update().values_list("pk"))
    proposal = _locked(proposal)
    require_decider(proposal, by, at)
    worked_out: Any = proposal.preview
    if objections := objections_to_decision(proposal, at):
        raise NotYet(*objections)
    value = RuleValue(
        code=proposal.code,
        count=proposal.count,
        unit=proposal.unit,
        is_on=proposal.is_on,
        since=proposal.since,
        because=because,
        takes_running_along=takes_running_along,
        asked_by_id=proposal.asked_by_id,
        decided_by=by,
        decided_as=_decides_as(by, at),
        decided_at=at,
        seen={
            "at": worked_out.ended_at.isoformat(),
            "asked_because": proposal.because,
            "figures": [each.as_kept() for each in figures(proposal, by, at, for_all=True)],
        },
    )
    value.save()
    proposal.value = value
    _answer(proposal, Answer.CONFIRMED, by, at, because)
    return value


@transaction.atomic
def decline(proposal: RuleProposal, *, by: Any, at: datetime, because: str) -> None:
    """Say no. Raises NotYou or NotYet."""
    proposal = _locked(proposal)
    require_decider(proposal, by, at)
    _require_open(proposal)
    _answer(proposal, Answer.DECLINED, by, at, because)


@transaction.atomic
def take_back(proposal: RuleProposal, *, by: Any, at: datetime, because: str) -> None:
    """Take a proposal back, as any administrator may. Raises NotYou or NotYet."""
    proposal = _locked(proposal)
    if not may_ask(by, at):
        raise NotYou("A proposal is withdrawn by an administrator.")
    _require_open(proposal)
    _answer(proposal, Answer.WITHDRAWN, by, at, because)


@transaction.atomic
def look_again(proposal: RuleProposal, *, by: Any, at: datetime) -> None:
    """Have it worked out anew whom an open proposal concerns; one that is being worked out goes on."""
    proposal = _locked(proposal)
    if not (may_ask(by, at) or is_decider(proposal, by, at)):
        raise NotYou("This is worked out for administrators and for whoever decides.")
    _require_open(proposal)
    if proposal.preview is None or proposal.preview.ended_at:
        preview.ask(proposal, by=by, at=at)


def _locked(proposal: RuleProposal) -> RuleProposal:
    locked: RuleProposal = (
        RuleProposal.objects.select_for_update(of=("self",))
        .select_related("preview", "asked_by", "decider")
        .get(pk=proposal.pk)
    )
    return locked


def _require_open(proposal: RuleProposal) -> None:
    if objections := objections_to_answer(proposal):
        raise NotYet(*objections)


def _answer(proposal: RuleProposal, answer: Answer, by: Any, at: datetime, because: str) -> None:
    proposal.answer, proposal.answered_by, proposal.answered_at = answer, by, at
    proposal.answered_because = because
    proposal.save(update_fields=["answer", "answered_by", "answered_at", "answered_because", "value"])
    if by.pk != proposal.asked_by_id:
        _tell(proposal.asked_by, ANSWERED, proposal, at)


def _may_decide(person: Any, rule: Rule, at: datetime) -> bool:
    return may_decide(person.roles_at(at), rule)


def _decides_as(person: Any, at: datetime) -> str:
    """The role in which somebody decides: of several the most senior."""
    seniority = (Role.DCS, Role.SERVICE_DIRECTOR, Role.ASSISTANT_DIRECTOR, Role.HOS)
    return next((role.value for role in seniority if person.holds(role, at=at)), "")


def _tell(person: Any, subject: str, proposal: RuleProposal, at: datetime) -> None:
    text = TEXT.format(address=outbox.address_of(proposal.get_absolute_url()))
    outbox.write([(person, subject, text)], at=at)


TO_DECIDE: Final = "Hearth: a rule waits for your decision"
ANSWERED: Final = "Hearth: a rule that you asked about is answered"
TEXT: Final = """\
It is about one of the authority's own numbers for a rule, and about no child.

To see it, sign in and open:
{address}

This message was sent by Hearth.
"""
