"""A team's visits in March 2026 up to Monday the 9th, laid out so that every figure has somebody behind it.

All live with foster carers of the authority, where the law alone asks for visits: within 7 days, then every 6 weeks.
"""

from datetime import date

from casework import diary
from casework.models import CaseFile
from tests.factories import NOW, in_foster_care, visited
from visits.models import WhyNotAlone


def day(month, number):
    """A day of 2026."""
    return date(2026, month, number)


def lay_out(world):
    """Six children of the first team; gives them back by what is said of them."""
    seen, late, overdue, soon, moved, refused = (
        world.a_child(worker=worker, forename=name, surname="Canarycount")
        for name, worker in (
            ("Seen", world.social_worker),
            ("Late", world.colleague),
            ("Overdue", world.colleague),
            ("Soon", world.social_worker),
            ("Moved", world.social_worker),
            ("Refused", world.colleague),
        )
    )
    # Due on Monday 16 February, seen on Thursday the 12th; then due by 26 March, seen alone on Thursday 5 March.
    home = in_foster_care(seen, since=day(2, 9))
    visited(home, day(2, 12))
    visited(home, day(3, 5))
    # Due on Monday 23 February; nobody in on Friday the 20th; seen on Tuesday 3 March, 8 days late.
    home = in_foster_care(late, since=day(2, 16))
    visited(home, day(2, 20), seen=False)
    visited(home, day(3, 3))
    # Due on Monday 2 March; nobody in on Thursday the 5th.
    home = in_foster_care(overdue, since=day(2, 23))
    visited(home, day(3, 5), seen=False)
    # Due tomorrow.
    in_foster_care(soon, since=day(3, 3))
    # Due on Tuesday 17 February; moved on Wednesday 4 March unseen; due again on Wednesday the 11th.
    in_foster_care(moved, since=day(2, 10))
    in_foster_care(moved, since=day(3, 4))
    # Due on Wednesday 4 March, seen the day before, and did not want to be alone; due next by 14 April.
    home = in_foster_care(refused, since=day(2, 25))
    visited(home, day(3, 3), alone=False, why_not_alone=WhyNotAlone.REFUSED)
    look()
    return {child.forename: child for child in (seen, late, overdue, soon, moved, refused)}


def look():
    """Work out what is due for everybody."""
    diary.refresh(CaseFile.objects.values_list("pk", flat=True), at=NOW)
