"""What an interim approval makes due while it holds: to renew it in time, a few times; then the whole chain again. C-48.

Pure: the acts of a chain and the moment at which its oversight was over for another reason in, entries out. What happens
when it lapses is the alarm's (`placements.duties`): it opens again from that minute.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from approvals.chain import CONVENING, ChainFacts, closed, entry_of
from approvals.rulebook import RENEWALS, RENEWING
from approvals.states import SIGNED, State
from casework.ledger import Closed, Entry
from casework.procedures import RulesInForce
from casework.wording import said_moment

ANEW = replace(CONVENING, owes="convene the case discussion anew: the interim approval was renewed three times")


def renewals_left(facts: ChainFacts) -> int:
    """How often the approval can still be renewed."""
    return max(0, RENEWALS - len(facts.renewed))


def renewal_entries(
    facts: ChainFacts, later: Sequence[ChainFacts], about: str, over_at: datetime | None, rules: RulesInForce
) -> Iterator[Entry]:
    """Every duty to renew an interim approval, and the one to convene anew after the last renewal.

    `later` are the chains about the arrangement that were convened after this one, oldest first; `over_at` is the moment
    at which the arrangement ended or became regulated, or at which another chain was decided in this one's place.
    """
    given = [act for act in facts.acts if act.name in ("sign_off", "renew")]
    if not facts.is_interim or not given:
        return
    for number, (act, following) in enumerate(zip(given[:RENEWALS], (*given[1:], None), strict=False)):
        entry = entry_of(RENEWING, f"{RENEWING.rule}:{facts.record}:{number}", about, act.at, act.at, rules)
        if following is None and facts.holds_until and (over_at is None or facts.holds_until <= over_at):
            entry = replace(entry, due_at=facts.holds_until)
        entry = replace(entry, facts=(*entry.facts, ("Renewed so far", f"{number} of {RENEWALS} times")))
        if following:
            yield closed(entry, following.at, Closed.MET, facts.record)
        else:
            yield _over(entry, over_at)
    if len(given) > RENEWALS:
        yield _convene_anew(facts, given[RENEWALS].at, later, about, over_at, rules)


def to_renew(chains: Sequence[ChainFacts], since: datetime) -> datetime | None:
    """Until when an interim approval holds, or held, that can still be renewed: one that was signed after a moment, and
    that no later chain was decided in place of. None where there is none. `chains` are those about one arrangement.
    """
    decided = [chain for chain in chains if chain.settled and chain.settled.to_state in (*SIGNED, State.REFUSED)]
    last = decided[-1] if decided else None
    if last is None or not last.is_interim or last.signed_off_at is None or last.signed_off_at < since:
        return None
    return last.holds_until if renewals_left(last) else None


def _convene_anew(
    facts: ChainFacts,
    since: datetime,
    later: Sequence[ChainFacts],
    about: str,
    over_at: datetime | None,
    rules: RulesInForce,
) -> Entry:
    """The whole chain again: due so early that it can be signed off before the last renewal is over."""
    entry = entry_of(ANEW, f"{ANEW.rule}:{facts.record}:anew", about, since, since, rules)
    entry = replace(entry, facts=(*entry.facts, ("Renewed for the last time", said_moment(since))))
    convened = next((chain for chain in later if chain.fell_through_at is None or chain.fell_through_at > since), None)
    if convened and (over_at is None or convened.convened_at <= over_at):
        return closed(entry, max(convened.convened_at, since), Closed.MET, convened.record)
    return _over(entry, over_at)


def _over(entry: Entry, over_at: datetime | None) -> Entry:
    return entry if over_at is None else closed(entry, max(over_at, entry.opened_at), Closed.NO_LONGER_DUE)
