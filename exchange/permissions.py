"""Who brings files of the return, who decides, and who sees what of a report. Domain facts: roles, last table.

The files are children's records: so nobody gets more of them here than the role may have, or than the person brought along.

- Performance brings files, decides about them, and sees which imports there were and how much they hold. The team that makes
  the return has its files; administrators see no child's record, so they bring none (roles: Performance; Administrator).
- Performance sees the findings: file, row, column, rule, and the child's code, which is no name (roles: Performance).
- What stands in a cell, and what a sentence says about a child, sees whoever brought the files, who has them. To colleagues
  a cell may tell an address, to which Performance has no right (roles: Address).
- What was found about a restricted child by comparing with what was recorded here sees whoever is named on the restriction.
  What the return itself says stays, so that no gap betrays the child (roles: Restricted children).
"""

from datetime import datetime
from typing import Any, Final

from accounts.roles import Role

LOADERS: Final = frozenset({Role.PERFORMANCE})


def may_load(user: Any, at: datetime) -> bool:
    """May this person bring files and decide about them?"""
    return bool(user.holds(*LOADERS, at=at))


def may_see_values(delivery: Any, user: Any) -> bool:
    """May this person see what stands in the cells of a delivery?"""
    return bool(delivery.by_id == user.pk)
