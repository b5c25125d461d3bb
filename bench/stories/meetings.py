"""Meetings about a child: one ahead, one held whose actions are open, one called off."""

from datetime import timedelta

from accounts.roles import Role
from bench.meetings import ActionPlan
from bench.plan import MeetingPlan
from bench.rhythm import working_day_from, working_days_before
from bench.stories.settled import settled
from bench.telling import Teller

FROM_OUTSIDE = (("Amara Okafor", "Grandmother"), ("Jo Fielding", "School nurse"))
SAID = {
    "risks": "She was seen with older boys at the station three times this month, and was out past midnight twice.",
    "working_well": "She likes her school and tells the school nurse what worries her.",
    "views": "She says that nothing is wrong. Her grandmother does not sleep.",
    "plan": "The worker rings every evening. If she is not back by nine, the police are told at once.",
    "added_1": "Two weeks with the youth club; the grandmother has the weekends.",
}


def meeting_ahead(tell: Teller) -> None:
    """A network meeting is arranged for next week."""
    child = settled(tell, (11, 15))
    day = working_day_from(tell.day(-5))
    child.meetings.append(MeetingPlan("network", tell.at(day, 14), FROM_OUTSIDE))


def meeting_with_open_actions(tell: Teller) -> None:
    """Held two weeks ago: one thing is done, one is late and was asked for, one is ahead."""
    child = settled(tell, (11, 15))
    held = working_days_before(tell.today, 12)
    due = working_days_before(tell.today, 6)
    asked = tell.at(working_days_before(tell.today, 5), 16)
    done = tell.at(working_days_before(tell.today, 9), 15)
    actions = (
        ActionPlan("Ask the police for their reports of both nights.", Role.SOCIAL_WORKER, due, (("chase", asked),)),
        ActionPlan("Talk to her about the boys at the station.", "School nurse", due, (("finish", done),)),
        ActionPlan("Find a place in the youth club for the holidays.", Role.SOCIAL_WORKER, tell.day(-9)),
    )
    child.meetings.append(MeetingPlan("network", tell.at(held, 14), FROM_OUTSIDE, SAID, actions))


def meeting_called_off(tell: Teller) -> None:
    """It was to be last week, and was called off the day before."""
    child = settled(tell, (8, 15))
    day = working_days_before(tell.today, 4)
    called_off_at = tell.at(day, 11) - timedelta(days=1)
    child.meetings.append(MeetingPlan("network", tell.at(day, 14), FROM_OUTSIDE[:1], called_off_at=called_off_at))
