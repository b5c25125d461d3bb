"""Which decisions senior managers take about a child: a row each. A new kind is a module here, a row below, and its rule.

The sign-off of an unregulated arrangement with a connected person is the one decision with a meeting and two signatures
at the top: it has a model of its own (`approvals.models.discussion`).
"""

from typing import Final

from approvals.kinds import (
    ceasing,
    contact,
    extension,
    out_of_area,
    secure_accommodation,
    temporary_approval,
    unregistered_setting,
    viability,
    with_parents,
    with_parents_at_once,
)
from approvals.kinds.kind import GOING_HOME, WORKERS, Kind

KINDS: Final = {
    kind.code: kind
    for kind in (
        unregistered_setting.KIND,
        secure_accommodation.KIND,
        contact.KIND,
        viability.KIND,
        temporary_approval.KIND,
        extension.KIND,
        extension.KIND_FOR_REVIEW,
        with_parents.KIND,
        with_parents_at_once.KIND,
        out_of_area.KIND,
        ceasing.KIND,
    )
}
"""By code."""

__all__ = ["GOING_HOME", "KINDS", "WORKERS", "Kind"]
