"""When somebody reaches an age: one answer for the law, the visits and the page."""

from datetime import date


def birthday(born_on: date, years: int) -> date:
    """The day on which somebody reaches an age, from its first minute (Family Law Reform Act 1969, section 9).

    Born on 29 February: 1 March in a year without that day.
    """
    try:
        return born_on.replace(year=born_on.year + years)
    except ValueError:
        return date(born_on.year + years, 3, 1)


def age_on(born_on: date, day: date) -> int:
    """Full years of age on a day."""
    years = day.year - born_on.year
    return years if birthday(born_on, years) <= day else years - 1
