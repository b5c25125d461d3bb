"""What an unregistered setting makes due beside its alarm: to put it to whoever authorises it (K-10), and again before that
runs out (C-47). Pure: the alarms of one arrangement, its decisions and its authorisations in, entries out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from accounts.roles import Role
from approvals.decisions.duties import DecisionFacts
from approvals.decisions.to_put import Call, Wanting, closed_by_putting, to_put_entries
from casework.ledger import Entry
from casework.limits import end_of, local_day
from casework.procedures import RulesInForce
from casework.wording import counted, said_day, source

ANEW: Final = "C-47b"
BEFOREHAND: Final = "K-10"


def call_for(director: Role) -> Call:
    """What is to be put to the director who authorises such settings here."""
    return Call(
        BEFOREHAND,
        put_it=f"put the use of this setting to the {director.label}",
        after_a_no=f"the {director.label} said no: move the child to a registered home, or put it forward anew",
    )


@dataclass(frozen=True, slots=True)
class Authorised:
    """A time for which the setting was authorised, as it was decided; `to_at` is exclusive, None where no end was set."""

    from_at: datetime
    to_at: datetime | None


def beforehand_entries(
    alarms: Iterable[Entry], decisions: Sequence[DecisionFacts], rules: RulesInForce, *, director: Role
) -> Iterator[Entry]:
    """The duties to put it forward. `alarms` are the entries of D-00 of the arrangement."""
    unauthorised = (
        Wanting(alarm.opened_at, alarm.closed_at, alarm.about, alarm.key.removeprefix(f"{alarm.kind}:"))
        for alarm in alarms
    )
    return to_put_entries(unauthorised, call_for(director), decisions, rules)


def anew_entries(
    authorised: Sequence[Authorised],
    decisions: Sequence[DecisionFacts],
    rules: RulesInForce,
    *,
    about: str,
    over_at: datetime | None,
    now: datetime,
    director: Role,
) -> Iterator[Entry]:
    """The duties to put it forward anew, one for each authorisation that runs out.

    Due a number of days before its end, or at half its time where that is later. `over_at` is the moment at which the
    arrangement ended or became registered, if it has.
    """
    for number, given in enumerate(authorised, start=1):
        if given.to_at is None or given.from_at > now:
            continue
        day, last = local_day(given.from_at), local_day(given.to_at - timedelta.resolution)
        due_on = last - timedelta(days=max(1, min(_lead(given.to_at, day, rules), (last - day).days // 2)))
        entry = Entry(
            kind=ANEW,
            key=f"{ANEW}:{about}:{day}:{number}",
            role=Role.SOCIAL_WORKER,
            about=about,
            opened_at=given.from_at,
            due_at=max(end_of(due_on), given.from_at),
            says=f"{Role.SOCIAL_WORKER.label}: {call_for(director).put_it} anew, or have the child in a registered home, "
            f"before the authorisation runs out on {said_day(last)}. {source(rules.rule(ANEW, day))}",
            facts=(
                ("Authorised", f"{counted(number, 'time')}, first on {said_day(authorised[0].from_at)}"),
                ("Runs out", said_day(last)),
            ),
        )
        ends = [moment for moment in (over_at, given.to_at if given.to_at <= now else None) if moment]
        yield closed_by_putting(entry, decisions, over_at=min(ends, default=None))


def _lead(to_at: datetime, day: date, rules: RulesInForce) -> int:
    """How many days before its end an authorisation given on a day is asked for anew."""
    lead = rules.limit(ANEW, day)
    return (local_day(lead.after(to_at) - timedelta.resolution) - local_day(to_at)).days
