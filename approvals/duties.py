"""What the approvals app makes due: the alarm of every unapproved live arrangement (D-00), and the chain beside it.

The alarm runs from the first minute until final sign-off or the end of the arrangement, and names whoever holds the next
step. For a connected person the chain of S0 runs beside it (D-01 to D-05); an unregistered setting waits for the Service
Director (K-10).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import cast

from accounts.roles import Role
from approvals.chain import (
    CONVENING,
    Act,
    ChainFacts,
    Chains,
    Held,
    case_note_entry,
    chain_entries,
    convening_entries,
    last_stay,
    row_of,
    row_of_now,
)
from approvals.decisions.duties import decision_entries, owed_in
from approvals.decisions.facts import Known, decisions_by_file
from approvals.decisions.secure_duties import agreed_to_entries
from approvals.decisions.setting_duties import Authorised, anew_entries, beforehand_entries
from approvals.holders import NOBODY, able_in
from approvals.kinds import secure_accommodation, unregistered_setting
from approvals.models import CaseDiscussion
from approvals.read_together import records
from approvals.renewals import renewal_entries, to_renew
from approvals.rulebook import RENEWING
from approvals.states import SIGNED, ApprovedAs, State
from approvals.telling import telling_entries
from casework.diary import Batch, Ledger
from casework.events import label_of
from casework.ledger import Entry
from casework.limits import local_day
from casework.models import Event
from casework.wording import said_start
from placements.duties import NextStep, Oversight, alarm_entries, alarm_spells
from placements.histories import History, histories
from placements.lawfulness import standings_over
from placements.models import Placement
from placements.secure import Time
from placements.spells import Spell
from placements.standing import standings
from placements.states import AuthorisationKind, Regulation, Setting

OVERSIGHT = {True: AuthorisationKind.CONNECTED_PERSON, False: AuthorisationKind.UNREGISTERED_SETTING}
"""What signs an arrangement off: with a connected person the chain, anywhere else the Director's authorisation."""
BACK_HOME = NextStep(Role.DHOS, "Next: the usual home is signed off when the child is back there, or the child moves.")
"""A short stay elsewhere is judged like the usual home, and has no sign-off of its own."""


def approval_duties(batch: Batch) -> Mapping[int, Ledger]:
    """The alarms and the chains, by case file."""
    return {
        pk: Ledger(tuple(_of_child(pk, history, batch)), _next_lapse(history, batch.at))
        for pk, history in batch.load(histories).items()
    }


def _next_lapse(history: History, at: datetime) -> datetime | None:
    """The next moment at which what senior managers signed runs out: the alarm opens again by time alone."""
    given = (row for placement in history.placements for row in history.around.authorisations[placement.pk])
    return min((row.ends_at for row in given if row.ends_at and row.ends_at > at), default=None)


def _of_child(case_file: int, history: History, batch: Batch) -> Iterator[Entry]:
    chains = {
        placement: [replace(chain, held=_held(history, chain)) for chain in about_it]
        for placement, about_it in batch.load(chains_by_placement).get(case_file, {}).items()
    }
    decisions = batch.load(decisions_by_file).get(case_file, [])
    for placement in history.placements:
        about_it = [known for known in decisions if known.decision.is_about(placement)]
        yield from _of(placement, history, chains.get(placement.pk, ()), about_it, batch)
    for known in decisions:
        yield from _of_decision(known, history, batch)
    yield from _of_secure(history, decisions, batch)
    for struck_out in chains.keys() - {placement.pk for placement in history.placements}:
        for chain in chains[struck_out]:
            about = f"{Placement._meta.label_lower}:{struck_out}"
            yield from chain_entries(chain, about, chain.acts[-1].at, batch.rules)


def _held(history: History, chain: ChainFacts) -> tuple[Held, ...]:
    """The oversight that a chain gave, oldest first."""
    given = (row for rows in history.around.authorisations.values() for row in rows if row.record == chain.record)
    return tuple(Held(row.starts_at, row.ends_at) for row in given)


def chains_by_placement(batch: Batch) -> Mapping[int, Mapping[int, Chains]]:
    """By case file and placement every chain, oldest first, with its acts from the event record."""
    found = batch.load(records)
    discussions = {label_of(discussion): discussion for discussion in found.all(CaseDiscussion)}
    able = able_in(discussions.values(), batch.at)
    acts: dict[str, list[Act]] = defaultdict(list)
    case_files: dict[str, int] = {}
    for event in found.all(Event):
        if event.record not in discussions:
            continue
        role = event.details.get("role", "")
        acts[event.record].append(Act(event.act, State(event.to_state), event.at, event.by_id, role))
        case_files[event.record] = event.case_file_id
    chains: dict[int, dict[int, list[ChainFacts]]] = defaultdict(lambda: defaultdict(list))
    for label, taken in acts.items():
        discussion = discussions[label]
        who = able.get(discussion.pk, NOBODY)
        facts = ChainFacts(
            label,
            cast("datetime", discussion.held_at),
            tuple(taken),
            who.deputy_id,
            who.to_agree,
            decider_id=who.decider_id,
            lacks_decider=who.lacks_decider,
            is_interim=discussion.approved_as == ApprovedAs.INTERIM,
        )
        chains[case_files[label]][discussion.placement_id].append(facts)
    return chains


def _of(
    placement: Placement, history: History, chains: Chains, decisions: Sequence[Known], batch: Batch
) -> list[Entry]:
    facts = history.facts_of(placement)
    about = label_of(placement)
    periods = batch.load(standings)[placement.pk]
    if facts.usual is not None:
        usual = standings_over(facts.usual, batch.rules, local_day(batch.at))
        oversight = _oversight_of(history, history.usual_home(placement), alarm_spells(facts.usual, usual, batch.at))
        return alarm_entries(facts, periods, oversight, BACK_HOME, about=about, now=batch.at)
    spells = alarm_spells(facts, periods, batch.at)
    oversight = _oversight_of(history, placement, spells)
    next_step = _next_step(spells, chains, decisions)
    alarms = alarm_entries(facts, periods, oversight, next_step, about=about, now=batch.at)
    entries = [*alarms]
    for number, chain in enumerate(chains, start=1):
        entries += chain_entries(chain, about, _ends_at(chain, spells, placement, batch.at), batch.rules)
        entries += [case_note_entry(chain, about, batch.rules), *telling_entries(chain, about, batch.rules)]
        over_at = _oversight_over_at(chain, chains[number:], spells)
        entries += renewal_entries(chain, chains[number:], about, over_at, batch.rules)
    if spells and spells[-1].standing.regulation == Regulation.UNREGULATED_CONNECTED:
        entries += convening_entries(alarms, chains, batch.rules)
    elif spells and spells[-1].standing.regulation in unregistered_setting.UNREGISTERED:
        entries += _of_setting(history, placement, alarms, spells, decisions, about, batch)
    return entries


def _of_setting(
    history: History,
    placement: Placement,
    alarms: Sequence[Entry],
    spells: Sequence[Spell],
    decisions: Sequence[Known],
    about: str,
    batch: Batch,
) -> Iterator[Entry]:
    """What an unregistered setting makes due beside its alarm: to put it forward, and to put it forward anew."""
    put = [known.facts for known in decisions if known.decision.kind == unregistered_setting.KIND.code]
    until = {known.facts.record: known.decision.holds_until for known in decisions}
    given = history.authorised(placement, AuthorisationKind.UNREGISTERED_SETTING)
    authorised = [Authorised(row.starts_at, until.get(row.record) or row.ends_at) for row in given]
    over_at = spells[-1].ends_at
    told = {"director": unregistered_setting.relevant_director()}
    yield from beforehand_entries(alarms, put, batch.rules, **told)
    yield from anew_entries(authorised, put, batch.rules, about=about, over_at=over_at, now=batch.at, **told)


def _oversight_of(history: History, placement: Placement, spells: Sequence[Spell]) -> list[Oversight]:
    """The sign-offs of an arrangement, each as long as it holds in the time in which the arrangement was an alarm."""
    is_family = placement.setting == Setting.CONNECTED_PERSON
    role = Role.SERVICE_DIRECTOR if is_family else unregistered_setting.relevant_director()
    signed: list[Oversight] = []
    for row in history.authorised(placement, OVERSIGHT[is_family]):
        first = next((before for before in signed if is_family and before.evidence == row.record), None)
        given = Oversight(row.starts_at, row.ends_at, Role.HOS if first else role, row.record)
        signed.append(_within(spells, given, first or given))
    return signed


def _within(spells: Sequence[Spell], signed: Oversight, first: Oversight) -> Oversight:
    """Sign-off, renewed or not, holds for the unbroken time in which it was first given: once regulated in between, it is
    asked for anew.
    """
    spell = next((spell for spell in spells if spell.covers(first.from_at)), None)
    if spell is None or spell.ends_at is None or (signed.to_at and signed.to_at <= spell.ends_at):
        return signed
    return replace(signed, to_at=spell.ends_at)


def _oversight_over_at(chain: ChainFacts, later: Chains, spells: Sequence[Spell]) -> datetime | None:
    """The moment at which what a chain signed was over for another reason than time: the arrangement ended or became
    regulated, or a later chain was decided.
    """
    if chain.signed_off_at is None:
        return None
    spell = next((spell for spell in spells if spell.covers(chain.signed_off_at)), None)
    ends = [spell.ends_at] if spell and spell.ends_at else []
    decided = (*SIGNED, State.REFUSED)
    ends += [each.settled.at for each in later if each.settled and each.settled.to_state in decided]
    return min(ends, default=None)


def _ends_at(chain: ChainFacts, spells: Sequence[Spell], placement: Placement, at: datetime) -> datetime | None:
    """The moment at which what a chain is about was over: it became regulated after it was convened, or ended."""
    ends = [spell.ends_at for spell in spells[-1:] if spell.ends_at and chain.convened_at < spell.ends_at]
    if placement.ended_at and placement.ended_at <= at:
        ends.append(placement.ended_at)
    return min(ends, default=None)


def _of_secure(history: History, decisions: Sequence[Known], batch: Batch) -> Iterator[Entry]:
    """What secure accommodation makes due of senior managers."""
    kept = [placement for placement in history.placements if placement.setting == Setting.SECURE_HOME]
    if not kept:
        return
    put = [known for known in decisions if known.decision.kind == secure_accommodation.KIND.code]
    began = {placement.pk: placement.started_at for placement in kept}
    agreed = [
        Time(max(act.at, began[known.decision.placement_id]), known.decision.holds_until)
        for known in put
        for act in known.facts.acts
        if act.name == "decide" and known.decision.placement_id in began
    ]
    facts = [known.facts for known in put]
    yield from agreed_to_entries(history.secure, agreed, facts, batch.rules, about=label_of(kept[-1]), now=batch.at)


def _of_decision(known: Known, history: History, batch: Batch) -> Iterator[Entry]:
    """What one decision makes due, until the arrangement that it is about has ended."""
    placement = next((each for each in history.placements if each.pk == known.decision.placement_id), None)
    about = label_of(placement or known.decision.child)
    yield from decision_entries(known.facts, about, _over_at(known, placement, history, batch), batch.rules)


def _over_at(known: Known, placement: Placement | None, history: History, batch: Batch) -> datetime | None:
    """The moment at which what a decision is about was over: the child left, it was struck out, or it became registered."""
    if placement is None:
        return known.facts.acts[-1].at if known.decision.placement_id else None
    ends = [placement.ended_at] if placement.ended_at and placement.ended_at <= batch.at else []
    if known.decision.kind == unregistered_setting.KIND.code:
        spells = alarm_spells(history.facts_of(placement), batch.load(standings)[placement.pk], batch.at)
        begun_at = known.facts.acts[0].at
        ends += [spell.ends_at for spell in spells[-1:] if spell.ends_at and begun_at < spell.ends_at]
    return min(ends, default=None)


def _next_step(spells: Sequence[Spell], chains: Chains, decisions: Sequence[Known]) -> NextStep:
    """Who holds the next step, and since when: by the running chain; without one the Deputy Head, who is to convene.

    An unregistered setting waits for the Service Director.
    """
    if not spells or spells[-1].standing.regulation != Regulation.UNREGULATED_CONNECTED:
        return _next_step_of_setting(decisions)
    chain = chains[-1] if chains and not chains[-1].settled_at else None
    lapsed = to_renew(chains, spells[-1].starts_at) if chain is None else None
    if lapsed:
        return NextStep(RENEWING.role, _waits(RENEWING.role.label, RENEWING.owes, lapsed))
    if chain is None:
        since = max([spells[-1].starts_at, *(c.fell_through_at for c in chains if c.fell_through_at)])
        return NextStep(CONVENING.role, _waits(CONVENING.role.label, CONVENING.owes, since))
    stay = last_stay(chain)
    row = row_of_now(chain, row_of(stay.state) or CONVENING)
    if stay.state == State.TO_AGREE:
        to_agree = ", ".join(role.label for role in stay.yet_to_agree)
        return NextStep(row.role, _waits(to_agree, "agree the record", stay.since), chain.deputy_id)
    owner_id = chain.deputy_id if row.role == Role.DHOS else chain.decider_id
    return NextStep(row.role, _waits(row.role.label, row.owes, stay.since), owner_id)


def _next_step_of_setting(decisions: Sequence[Known]) -> NextStep:
    """For a setting: whoever holds the decision under way; without one the director who authorises, and has to know."""
    running = [known.facts for known in decisions if known.decision.kind == unregistered_setting.KIND.code]
    facts = running[-1] if running and running[-1].is_under_way else None
    owed = owed_in(facts.acts[-1].to_state, facts) if facts else None
    if facts is None or owed is None:
        director = unregistered_setting.relevant_director()
        return NextStep(director, f"Next: the {director.label} authorises it for now, or the child moves.")
    return NextStep(owed.role, _waits(owed.role.label, owed.says, facts.acts[-1].at), facts.holder_id)


def _waits(who: str, owes: str, since: datetime) -> str:
    return f"Next: {who}: {owes}; waiting since {said_start(since)}."
