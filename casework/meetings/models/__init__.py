"""Meetings, who is invited, their minutes, who got them, and what was agreed."""

from casework.meetings.models.action import Action
from casework.meetings.models.meeting import Invitation, Meeting
from casework.meetings.models.minutes import Circulation, Minutes

__all__ = ["Action", "Circulation", "Invitation", "Meeting", "Minutes"]
