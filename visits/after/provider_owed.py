"""What is owed around the provider: its reports (K-26), incidents (K-20), the contract (K-28), and the health tool (K-14)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from accounts.roles import Role
from casework.limits import end_of, from_day, local_day, start_of
from casework.procedures import RulesInForce
from casework.wording import said_day, said_moment
from visits.after.facts import AfterFacts, IntervalAgreed, ReportReceived, ToldOf
from visits.after.owed import Owed
from visits.after.rulebook import ACCOUNT, CONTRACT, HEALTH, REPORT, TOLD_IN
from visits.after.wording import owed


def provider_owed(facts: AfterFacts, rules: RulesInForce) -> Iterator[Owed]:
    """What is owed around the providers of every home."""
    for agreed_about in dict.fromkeys(agreed.placement for agreed in facts.intervals):
        yield from _reports(agreed_about, facts, rules)
    for incident in facts.incidents:
        yield from _account(incident, facts, rules)
    for asked in facts.contracts:
        yield owed(
            CONTRACT,
            rules,
            key=asked.record,
            role=Role.COMMISSIONING,
            about=asked.record,
            opened_at=asked.at,
            due_at=rules.limit(CONTRACT, local_day(asked.at)).after(asked.at),
            because=f"The contract was raised with Commissioning on {said_day(asked.at)}",
            met_at=asked.answered_at,
            evidence=asked.record if asked.answered_at else "",
            over_at=_over_at(facts, asked.placement),
        )
    for tool in facts.tools:
        yield owed(
            HEALTH,
            rules,
            key=tool.record,
            role=Role.HEALTH,
            about=tool.record,
            opened_at=tool.at,
            due_at=end_of(tool.wanted_by or local_day(tool.at)),
            because=f"The reviewing officer asked for the placement assurance tool on {said_day(tool.at)}",
            met_at=tool.done_at,
            evidence=tool.form,
            over_at=_over_at(facts, tool.placement),
            owner_id=tool.professional,
        )


def _over_at(facts: AfterFacts, placement: str) -> datetime | None:
    over_on = facts.over(placement)
    return start_of(over_on) if over_on else None


def _account(incident: ToldOf, facts: AfterFacts, rules: RulesInForce) -> Iterator[Owed]:
    """The social worker asks for the account that did not come within the provider's time."""
    limit = rules.limit(TOLD_IN, local_day(incident.happened_at))
    asked_from = max(limit.after(incident.happened_at), incident.told_at)
    if incident.account_at and incident.account_at <= asked_from:
        return
    yield owed(
        ACCOUNT,
        rules,
        key=f"{incident.record}:account",
        role=Role.SOCIAL_WORKER,
        about=incident.record,
        opened_at=asked_from,
        due_at=rules.limit(ACCOUNT, local_day(asked_from)).after(asked_from),
        because=f"No written account came within {limit} of the incident of {said_moment(incident.happened_at)}: ask for it",
        facts=(("Told by the provider", said_moment(incident.told_at)),),
        met_at=incident.account_at,
        evidence=incident.record if incident.account_at else "",
        over_at=_over_at(facts, incident.placement),
    )


def _reports(placement: str, facts: AfterFacts, rules: RulesInForce) -> Iterator[Owed]:
    """One report after the other: each is due the agreed time after the one before, or after the day agreed."""
    intervals = sorted((each for each in facts.intervals if each.placement == placement), key=lambda each: each.from_on)
    reports = sorted((each for each in facts.reports if each.placement == placement), key=lambda each: each.on)
    for number, agreed in enumerate(intervals):
        following = intervals[number + 1] if number + 1 < len(intervals) else None
        mine = [r for r in reports if agreed.from_on <= r.on and (following is None or r.on < following.from_on)]
        ends = [_over_at(facts, placement), start_of(following.from_on) if following else None]
        over_at = min((moment for moment in ends if moment), default=None)
        yield from _under(agreed, mine, over_at, rules)


def _under(
    agreed: IntervalAgreed, reports: list[ReportReceived], over_at: datetime | None, rules: RulesInForce
) -> Iterator[Owed]:
    base = agreed.from_on
    opened_at = from_day(base, agreed.recorded_at)
    for report in (*reports, None):
        last = "the day agreed" if base == agreed.from_on else "the last report"
        yield owed(
            REPORT,
            rules,
            key=f"report:{agreed.placement}:{agreed.from_on}:{base}",
            role=Role.SOCIAL_WORKER,
            about=agreed.placement,
            opened_at=opened_at,
            due_at=end_of(base + timedelta(days=agreed.days)),
            because=f"The provider reports every {agreed.days} days; {last} was {said_day(base)}",
            met_at=max(start_of(report.on), opened_at) if report else None,
            evidence=report.record if report else "",
            over_at=over_at,
        )
        if report:
            base = report.on
            opened_at = max(start_of(base), opened_at)
