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
    chain_entries,
    convening_entries,
    last_stay,
    row_of,
    row_of_now,
)
from approvals.holders import NOBODY, able_in
from approvals.models import CaseDiscussion
from approvals.states import State
from casework.diary import Batch, Ledger
from casework.events import label_of
from casework.ledger import Entry
from casework.limits import local_day
from casework.models import Event
from casework.together import Rows, Together
from casework.wording import said_start
from children.models import Child
from placements.duties import NextStep, Oversight, alarm_entries, alarm_spells
from placements.histories import History, histories
from placements.lawfulness import standings_over
from placements.models import Placement
from placements.spells import Spell
from placements.standing import standings
from placements.states import AuthorisationKind, Regulation, Setting

OVERSIGHT = {True: AuthorisationKind.CONNECTED_PERSON, False: AuthorisationKind.UNREGISTERED_SETTING}
"""What signs an arrangement off: with a connected person the chain, anywhere else the Director's authorisation."""
BACK_HOME = NextStep(Role.DHOS, "Next: the usual home is signed off when the child is back there, or the child moves.")
"""A short stay elsewhere is judged like the usual home, and has no sign-off of its own."""


def approval_duties(batch: Batch) -> Mapping[int, Ledger]:
    """The alarms and the chains, by case file."""
    return {pk: Ledger(tuple(_of_child(pk, history, batch))) for pk, history in batch.load(histories).items()}


def _of_child(case_file: int, history: History, batch: Batch) -> Iterator[Entry]:
    chains = batch.load(chains_by_placement).get(case_file, {})
    for placement in history.placements:
        yield from _of(placement, history, chains.get(placement.pk, ()), batch)
    for struck_out in chains.keys() - {placement.pk for placement in history.placements}:
        for chain in chains[struck_out]:
            about = f"{Placement._meta.label_lower}:{struck_out}"
            yield from chain_entries(chain, about, chain.acts[-1].at, batch.rules)


CHAINS = Together(
    Rows(Child, "r.case_file_id = ANY(%(files)s)"),
    Rows(Placement, "r.child_id IN (SELECT id FROM child)"),
    Rows(CaseDiscussion, "r.placement_id IN (SELECT id FROM placement)"),
    Rows(
        Event,
        """r.case_file_id = ANY(%(files)s) AND r.at <= %(at)s AND r.to_state <> ''
        AND r.record IN (SELECT 'approvals.casediscussion:' || id FROM casediscussion)""",
        ("case_file_id", "number"),
    ),
)


def chains_by_placement(batch: Batch) -> Mapping[int, Mapping[int, Chains]]:
    """By case file and placement every chain, oldest first, with its acts from the event record."""
    found = CHAINS.read(files=list(batch.files), at=batch.at)
    children, placements = found.one_by_one(Child), found.one_by_one(Placement)
    for placement in placements.values():
        placement.child = children[placement.child_id]
    discussions = {label_of(discussion): discussion for discussion in found.all(CaseDiscussion)}
    for discussion in discussions.values():
        discussion.placement = placements[discussion.placement_id]
    able = able_in(discussions.values(), batch.at)
    acts: dict[str, list[Act]] = defaultdict(list)
    case_files: dict[str, int] = {}
    for event in found.all(Event):
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
        )
        chains[case_files[label]][discussion.placement_id].append(facts)
    return chains


def _of(placement: Placement, history: History, chains: Chains, batch: Batch) -> list[Entry]:
    facts = history.facts_of(placement)
    about = label_of(placement)
    periods = batch.load(standings)[placement.pk]
    if facts.usual is not None:
        usual = standings_over(facts.usual, batch.rules, local_day(batch.at))
        oversight = _oversight_of(history, history.usual_home(placement), alarm_spells(facts.usual, usual, batch.at))
        return alarm_entries(facts, periods, oversight, BACK_HOME, about=about, now=batch.at)
    spells = alarm_spells(facts, periods, batch.at)
    oversight = _oversight_of(history, placement, spells)
    next_step = _next_step(spells, chains)
    alarms = alarm_entries(facts, periods, oversight, next_step, about=about, now=batch.at)
    entries = [*alarms]
    for chain in chains:
        entries += chain_entries(chain, about, _ends_at(chain, spells, placement, batch.at), batch.rules)
    if spells and spells[-1].standing.regulation == Regulation.UNREGULATED_CONNECTED:
        entries += convening_entries(alarms, chains, batch.rules)
    return entries


def _oversight_of(history: History, placement: Placement, spells: Sequence[Spell]) -> list[Oversight]:
    """The sign-offs of an arrangement, each as long as it holds in the time in which the arrangement was an alarm."""
    kind = OVERSIGHT[placement.setting == Setting.CONNECTED_PERSON]
    signed = history.authorised(placement, kind)
    return [_within(spells, Oversight(row.starts_at, row.ends_at, Role.SERVICE_DIRECTOR, row.record)) for row in signed]


def _within(spells: Sequence[Spell], signed: Oversight) -> Oversight:
    """Sign-off holds for the unbroken time in which it was given: once regulated in between, it is asked for anew."""
    spell = next((spell for spell in spells if spell.covers(signed.from_at)), None)
    if spell is None or spell.ends_at is None or (signed.to_at and signed.to_at <= spell.ends_at):
        return signed
    return replace(signed, to_at=spell.ends_at)


def _ends_at(chain: ChainFacts, spells: Sequence[Spell], placement: Placement, at: datetime) -> datetime | None:
    """The moment at which what a chain is about was over: it became regulated after it was convened, or ended."""
    ends = [spell.ends_at for spell in spells[-1:] if spell.ends_at and chain.convened_at < spell.ends_at]
    if placement.ended_at and placement.ended_at <= at:
        ends.append(placement.ended_at)
    return min(ends, default=None)


def _next_step(spells: Sequence[Spell], chains: Chains) -> NextStep:
    """Who holds the next step, and since when: by the running chain; without one the Deputy Head, who is to convene.

    An unregistered setting waits for the Service Director.
    """
    if not spells or spells[-1].standing.regulation != Regulation.UNREGULATED_CONNECTED:
        return NextStep(Role.SERVICE_DIRECTOR, "Next: the Service Director authorises it for now, or the child moves.")
    chain = chains[-1] if chains and not chains[-1].settled_at else None
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


def _waits(who: str, owes: str, since: datetime) -> str:
    return f"Next: {who}: {owes}; waiting since {said_start(since)}."
