"""What the way of a connected person makes due, and what the end of a temporary approval does. L-21, L-35, A-23 to A-27.

Pure: facts in, entries out. A duty about an enquiry opens with it; those about a temporary approval belong to the time in
which the child lives there under it, and those of L-21 to the time after it ran out. What L-21 asks for has no limit in
the law: it is overdue from the first minute. Sign-off by senior managers closes it, and makes nothing lawful (C-00).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from accounts.roles import Role
from approvals.connected.rulebook import ANSWERED, ASSESSED, CHECKED, PAPERS, RAN_OUT, SETTLED_AFTER, SETTLED_BEFORE
from approvals.connected.states import RUNNING, Pathway
from casework.ledger import Closed, Entry
from casework.limits import end_of, local_day, start_of
from casework.procedures import RulesInForce
from casework.wording import said_day, source
from placements.arrangement import ArrangementFacts
from placements.duties import Oversight
from placements.lawfulness import Standing, StandingPeriod
from placements.spells import Spell, is_by, spells_of
from placements.states import Setting

APPROVED_FOR_A_TIME: Final = ("4", "4-review")
"""The rows of the decision table by which a temporary approval makes an arrangement lawful."""
AFTER_IT_RAN_OUT: Final = "9-ran-out"
WITHOUT_APPROVAL: Final = (Pathway.REFUSED, Pathway.NO_FURTHER)


@dataclass(frozen=True, slots=True)
class Adult:
    """Somebody of the household, from the day on which they have to be checked."""

    record: str
    """The record, "approvals.householdmember:5"."""
    from_on: date
    """The 18th birthday, the enquiry or the day on which they moved in, whichever came last."""
    checked_on: date | None = None
    """When the last of the checks came back; None before."""
    left_on: date | None = None


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """One connected person, as far as duties hang on it."""

    record: str
    """The record, "approvals.connectedperson:5"."""
    carer: int
    state: Pathway
    asked_on: date
    stands_since: datetime
    viable_at: datetime | None = None
    """When a manager confirmed the viability assessment, whatever it found."""
    assess_by: date | None = None
    """By when the full assessment is to be complete, as the nominated officer was told last."""
    approved_at: datetime | None = None
    """When the nominated officer was told so."""
    adults: tuple[Adult, ...] = ()
    review_asked_on: date | None = None
    review_papers_on: date | None = None
    """When the fostering service sent its papers to the independent panel; None before."""

    @property
    def is_in_review(self) -> bool:
        """Does an independent panel look at a refusal?"""
        return self.state == Pathway.IN_REVIEW

    @property
    def is_over(self) -> bool:
        """Is it on record what came of it?"""
        return self.state != Pathway.LOOKED_INTO


def person_entries(facts: PersonFacts, rules: RulesInForce, now: datetime) -> Iterator[Entry]:
    """What one enquiry makes due by `now`: its answer, the full assessment, and the checks of the household."""
    opened_at = start_of(facts.asked_on)
    rule, limit = rules.rule(ANSWERED, on=facts.asked_on), rules.limit(ANSWERED, on=facts.asked_on)
    answered = Entry(
        kind=ANSWERED,
        key=f"{ANSWERED}:{facts.record}",
        role=Role.SOCIAL_WORKER,
        about=facts.record,
        opened_at=opened_at,
        due_at=limit.after(opened_at),
        says=f"Assess whether it is viable, within {limit} of {said_day(facts.asked_on)}. {source(rule)}",
        facts=(("Asked about on", said_day(facts.asked_on)),),
    )
    ends = [moment for moment in (facts.viable_at, facts.stands_since if facts.is_over else None) if moment]
    yield _met(answered, min(ends), facts.record) if ends else answered
    if facts.assess_by and facts.approved_at:
        assessed = Entry(
            kind=ASSESSED,
            key=f"{ASSESSED}:{facts.record}",
            role=Role.SOCIAL_WORKER,
            about=facts.record,
            opened_at=facts.approved_at,
            due_at=end_of(facts.assess_by),
            says=f"Record what came of the full assessment, complete by {said_day(facts.assess_by)}. "
            f"{source(rules.rule(ASSESSED, on=local_day(facts.approved_at)))}",
        )
        yield _met(assessed, facts.stands_since, facts.record) if facts.is_over else assessed
    if facts.review_asked_on:
        yield _to_send_papers(facts, facts.review_asked_on, rules)
    for adult in facts.adults:
        if start_of(adult.from_on) <= now:
            yield _to_check(adult, facts, rules)


def next_adult_at(people: Iterable[PersonFacts], now: datetime) -> datetime | None:
    """The next moment at which somebody in a household has to be checked by time alone: an 18th birthday."""
    moments = (start_of(adult.from_on) for person in people for adult in person.adults)
    return min((moment for moment in moments if now < moment), default=None)


def _to_send_papers(facts: PersonFacts, asked_on: date, rules: RulesInForce) -> Entry:
    opened_at = start_of(asked_on)
    rule, limit = rules.rule(PAPERS, on=asked_on), rules.limit(PAPERS, on=asked_on)
    entry = Entry(
        kind=PAPERS,
        key=f"{PAPERS}:{facts.record}:{asked_on}",
        role=Role.TEAM_MANAGER,
        about=facts.record,
        opened_at=opened_at,
        due_at=limit.after(opened_at),
        says="See that the fostering service sends its papers to the independent panel, within "
        f"{limit} of {said_day(asked_on)}. {source(rule)}",
        facts=(("Review asked for on", said_day(asked_on)),),
    )
    if facts.review_papers_on:
        return _met(entry, start_of(facts.review_papers_on), facts.record)
    if facts.is_in_review:
        return entry
    ends_at = max(facts.stands_since, opened_at)
    return replace(
        entry, closed_at=ends_at, closed_as=Closed.MISSED if entry.due_at <= ends_at else Closed.NO_LONGER_DUE
    )


def _to_check(adult: Adult, facts: PersonFacts, rules: RulesInForce) -> Entry:
    opened_at = start_of(adult.from_on)
    rule, limit = rules.rule(CHECKED, on=adult.from_on), rules.limit(CHECKED, on=adult.from_on)
    entry = Entry(
        kind=CHECKED,
        key=f"{CHECKED}:{adult.record}",
        role=Role.SOCIAL_WORKER,
        about=facts.record,
        opened_at=opened_at,
        due_at=limit.after(opened_at),
        says="Have somebody of 18 or older in the household checked by the police and in the authority’s own records, "
        f"within {limit} of {said_day(adult.from_on)}. {source(rule)}",
    )
    if adult.checked_on:
        return _met(entry, start_of(adult.checked_on), adult.record)
    over = [facts.stands_since] if facts.state not in RUNNING else []
    over += [start_of(adult.left_on)] if adult.left_on else []
    if not over:
        return entry
    ends_at = max(min(over), opened_at)
    closed_as = Closed.MISSED if entry.due_at <= ends_at else Closed.NO_LONGER_DUE
    return replace(entry, closed_at=ends_at, closed_as=closed_as)


def temporary_entries(
    facts: ArrangementFacts,
    periods: Sequence[StandingPeriod],
    people: Iterable[PersonFacts],
    oversight: Sequence[Oversight],
    rules: RulesInForce,
    *,
    about: str,
    now: datetime,
) -> Iterator[Entry]:
    """What a temporary approval asks for while the child lives there under it, and once it has run out.

    `periods` are those of `standings_over(facts, rules, until=the local day of now)`; `people` are those about whom the
    child's carers were asked. A short stay elsewhere owes nothing of its own.
    """
    if facts.setting == Setting.TEMPORARY:
        return
    for spell in spells_of(facts, periods, is_approved_for_a_time, now):
        if spell.standing.until_on:
            yield _before_it_runs_out(spell, spell.standing.until_on, rules, about)
        yield from _after_the_assessment(spell, people, rules, about)
    for spell in spells_of(facts, periods, is_after_it_ran_out, now):
        yield _to_end(spell, oversight, rules, about, now)


def is_approved_for_a_time(standing: Standing) -> bool:
    """Is the arrangement lawful because of a temporary approval?"""
    return standing.row in APPROVED_FOR_A_TIME


def is_after_it_ran_out(standing: Standing) -> bool:
    """Has a temporary approval run out in the course of the arrangement, and none followed (reg 25(6))?"""
    return standing.row == AFTER_IT_RAN_OUT


def _before_it_runs_out(spell: Spell, last_on: date, rules: RulesInForce, about: str) -> Entry:
    """It moves with an extension; once it has run out unsettled, it was missed."""
    rule, limit = rules.rule(SETTLED_BEFORE, on=spell.from_on), rules.limit(SETTLED_BEFORE, on=spell.from_on)
    before = end_of(last_on) - (limit.after(spell.starts_at) - end_of(local_day(spell.starts_at)))
    entry = Entry(
        kind=SETTLED_BEFORE,
        key=f"{SETTLED_BEFORE}:{about}:{spell.from_on}",
        role=Role.TEAM_MANAGER,
        about=about,
        opened_at=spell.starts_at,
        due_at=max(spell.starts_at, start_of(local_day(before))),
        says=f"The temporary approval ends on {said_day(last_on)}. Settle what comes next {limit} before: approval by the "
        f"panel, an extension, or another home. {source(rule)}",
        facts=(("Approved until", said_day(last_on)),),
    )
    return _settled(entry, spell)


def _after_the_assessment(
    spell: Spell, people: Iterable[PersonFacts], rules: RulesInForce, about: str
) -> Iterator[Entry]:
    for person in people:
        if person.state not in WITHOUT_APPROVAL or is_by(spell.ends_at, person.stands_since):
            continue
        opened_at = max(person.stands_since, spell.starts_at)
        day = local_day(opened_at)
        rule, limit = rules.rule(SETTLED_AFTER, on=day), rules.limit(SETTLED_AFTER, on=day)
        entry = Entry(
            kind=SETTLED_AFTER,
            key=f"{SETTLED_AFTER}:{about}:{person.record}",
            role=Role.TEAM_MANAGER,
            about=about,
            opened_at=opened_at,
            due_at=limit.after(opened_at),
            says=f"The carer will not be approved as a foster carer. Settle where the child will live, within {limit} of "
            f"{said_day(day)}. {source(rule)}",
        )
        yield _settled(entry, spell)


def _to_end(spell: Spell, oversight: Sequence[Oversight], rules: RulesInForce, about: str, now: datetime) -> Entry:
    """It is met when the child has left or the carer is approved; sign-off says that it goes on for now."""
    entry = Entry(
        kind=RAN_OUT,
        key=f"{RAN_OUT}:{about}:{spell.from_on}",
        role=Role.TEAM_MANAGER,
        about=about,
        opened_at=spell.starts_at,
        due_at=spell.starts_at,
        says="The temporary approval has run out. Arrange another home and end this one, or have senior managers decide "
        f"what happens in the meantime. {source(rules.rule(RAN_OUT, on=spell.from_on))}",
        facts=(("Without approval since", said_day(spell.from_on)),),
    )
    if spell.ends_at:
        return _met(entry, spell.ends_at)
    signed = [each for each in oversight if spell.covers(each.from_at) and not is_by(each.to_at, now)]
    if not signed:
        return entry
    return replace(entry, closed_at=signed[-1].from_at, closed_as=Closed.NO_LONGER_DUE, evidence=signed[-1].evidence)


def _settled(entry: Entry, spell: Spell) -> Entry:
    """It was settled when the child left or the carer was approved; what ran out first was not."""
    if spell.ends_at is None:
        return entry
    if spell.then is not None and is_after_it_ran_out(spell.then):
        return replace(entry, closed_at=spell.ends_at, closed_as=Closed.MISSED)
    return _met(entry, spell.ends_at)


def _met(entry: Entry, at: datetime, evidence: str = "") -> Entry:
    return replace(entry, closed_at=max(at, entry.opened_at), closed_as=Closed.MET, evidence=evidence)
