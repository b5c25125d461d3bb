"""The placement assurance tool: the IRO asks a health professional, who sees of the child only the own tool (K-14)."""

from datetime import datetime, timedelta
from typing import Any

from casework.limits import end_of
from children import access

BECAUSE = "Asked for the placement assurance tool."
TIME_TO_FINISH = timedelta(weeks=4)
"""How long after the day that was wanted the health professional can still write it. Local default, no source."""


def asked_of(asked: Any, at: datetime) -> None:
    """Let the health professional see the child until some weeks after the day that was wanted."""
    until = end_of(asked.wanted_by) + TIME_TO_FINISH
    access.invite(asked.professional, asked.placement.child, at=at, until=until, because=BECAUSE)
