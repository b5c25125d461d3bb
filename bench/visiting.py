"""Purposeful visits of an invented history: who goes to a home when, which form is filled in, and what comes of it.

The two schedules of visits that are not the law's alone (visit-clocks.md, clock P) are written here once
more, roughly. They begin on the day on which the authority began to work with Hearth: forms of before were not taken over.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from accounts.roles import Role
from bench.plan import ChildPlan, FormPlan, PlacementPlan, Plan, VisitPlan
from bench.rhythm import working_day_by, working_day_from
from casework.limits import local_day
from placements.states import ApprovalKind, RegistrationStatus, Setting
from visits.clocks.purposeful_rulebook import WITHOUT_PURPOSEFUL_VISITS

A_DAY: Final = timedelta(days=1)
LONGEST: Final = 80
"""Days between two forms in a registered home: a little less than twelve weeks."""
WEEKS: Final = 7
"""The visit within a day, and six weekly ones."""
LEFT_UNFINISHED, WITH_ACTION, READ = 0.05, 0.3, 0.85
ACTIONS: Final = (
    ("Mend the lock of the bathroom door", "The manager of the home"),
    ("Send the key worker’s notes of this month", "The key worker"),
    ("Book the dental check that is overdue", "The deputy manager"),
    ("Put the child’s own pictures up in the bedroom", "The key worker"),
    ("Write down who may collect the child from school", "The manager of the home"),
)
PURPOSES: Final = (
    "To see whether the care plan is being met, and to look at what was left open.",
    "To hear how the first weeks went, and to look at the home.",
    "To talk about school and contact, and to read the logs of the month.",
)


@dataclass(slots=True)
class Visitors:
    """Who goes to one child, beside the allocated workers."""

    plan: Plan
    child: ChildPlan
    rng: Random

    def lay_out(self, placement: PlacementPlan) -> None:
        """Put forms on visits that are laid out, and add the visits that the law does not ask for."""
        if placement.setting in WITHOUT_PURPOSEFUL_VISITS or placement.setting == Setting.TEMPORARY:
            return
        if self.child.imported_at or self.child.restricted_because:
            return
        live, today = local_day(self.plan.went_live_at), local_day(self.plan.at)
        end = min(local_day(placement.ends_at) if placement.ends_at else today, today)
        lost_on = _without_registration_since(placement, end)
        start = local_day(placement.starts_at)
        since = max(start, live + A_DAY)
        if lost_on is None or lost_on > since:
            self._in_registered_home(placement, since, min(end, lost_on or end))
        if lost_on is not None and lost_on < end:
            self._in_home_without_registration(placement, max(lost_on, since), end)
        placement.visits.sort(key=lambda visit: visit.at)

    def _in_registered_home(self, placement: PlacementPlan, since: date, until: date) -> None:
        last: date | None = None
        visits = [visit for visit in placement.visits if since <= local_day(visit.at) < until and visit.seen]
        for visit, following in zip(visits, [*visits[1:], None], strict=False):
            day = local_day(visit.at)
            next_on = local_day(following.at) if following else day + timedelta(days=LONGEST)
            if last is None or (next_on - last).days > LONGEST:
                last, visit.form = day, self._form(is_last=following is None)
        day = since + timedelta(days=self.rng.randint(75, 105))
        while day < until:
            self._go(placement, day, Role.IRO)
            day += timedelta(days=self.rng.randint(150, 178))

    def _in_home_without_registration(self, placement: PlacementPlan, since: date, until: date) -> None:
        """Within a day, weekly for six weeks, then monthly; Commissioning, the IRO and the Service Manager in their time."""
        days = [since + A_DAY + timedelta(days=7 * week) for week in range(WEEKS)]
        while days[-1] + timedelta(days=28) < until:
            days.append(days[-1] + timedelta(days=28))
        for day in days:
            self._go(placement, day, Role.SOCIAL_WORKER, until=until, exactly=True)
        for after, role in ((7, Role.COMMISSIONING), (12, Role.IRO), (26, Role.SERVICE_MANAGER)):
            self._go(placement, since + timedelta(days=after), role, until=until)

    def _go(
        self, placement: PlacementPlan, day: date, role: Role, *, until: date | None = None, exactly: bool = False
    ) -> None:
        day = day if exactly else working_day_by(day)
        at = self.plan.at.replace(
            year=day.year, month=day.month, day=day.day, hour=11, minute=0, second=0, microsecond=0
        )
        if (until and day >= until) or at >= self.plan.at or at <= placement.starts_at:
            return
        by = self._who(role, at)
        if not by or any(visit.at == at for visit in placement.visits):
            return
        form = self._form(is_last=False)
        account = "Seen in the home; the logs of the last weeks were read."
        placement.visits.append(VisitPlan(at, by, role, account=account, form=form))

    def _who(self, role: Role, at) -> str:
        if role in (Role.SOCIAL_WORKER, Role.IRO):
            return self.child.worker_at(at, role)
        return self.plan.holder(role, self.child.team)

    def _form(self, *, is_last: bool) -> FormPlan:
        return FormPlan(
            is_complete=not (is_last and self.rng.random() < LEFT_UNFINISHED),
            purpose=self.rng.choice(PURPOSES),
            action=self.rng.choice(ACTIONS) if self.rng.random() < WITH_ACTION else None,
            is_read=self.rng.random() < READ,
        )


def _without_registration_since(placement: PlacementPlan, end: date) -> date | None:
    """From which day the home is not registered while the child lives there; None where it always is."""
    start = local_day(placement.starts_at)
    if placement.setting == Setting.IFA_FOSTER:
        approved = placement.carer and placement.carer.approved_as_on(start) == ApprovalKind.APPROVED
        return None if approved else start
    status, since = "", start
    for day, said in sorted(placement.home.registrations, key=lambda row: row[0]) if placement.home else ():
        if day > end:
            break
        if day <= start or (said == RegistrationStatus.REGISTERED) != (status == RegistrationStatus.REGISTERED):
            status, since = said, max(day, start)
    return None if status == RegistrationStatus.REGISTERED else since


def planned_on(plan: Plan, child: ChildPlan, rng: Random) -> date | None:
    """The day for which the social worker has planned the next visit, for some children."""
    if child.care_to or child.restricted_because or not child.home_now or rng.random() > 0.25:
        return None
    return working_day_from(local_day(plan.at) + timedelta(days=rng.randint(1, 12)))
