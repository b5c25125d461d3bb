"""What stands against a senior decision of a kind, of the child and of the arrangement: sentences; nothing means none.

A rule may stop a proposal. It never stops the record of where a child is (C-45).
"""

from typing import Any

from placements.states import Regulation
from placements.where import standing_of

UNREGISTERED = (Regulation.UNREGISTERED_SETTING, Regulation.UNREGISTERED_APPLIED)


def nothing_more(decision: Any) -> list[str]:
    """Nothing but what stands against any decision."""
    return []


def setting_is_unregistered(decision: Any) -> list[str]:
    """The Director authorises a setting that should be registered and is not; nobody can authorise what is forbidden."""
    standing = standing_of(decision.placement)
    if standing is None or standing.regulation in UNREGISTERED:
        return []
    if standing.regulation == Regulation.NOT_PERMITTED:
        return ["This arrangement is not permitted: nobody can authorise it, and the child has to move."]
    return [
        f"This is for settings that should be registered and are not. This one is: {standing.get_regulation_display()}."
    ]
