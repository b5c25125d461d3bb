"""What an import of visits may find of a file, a row or a cell: a table of sentences.

Each row holds by itself; its level says what became of the row that it is said of (`exchange.findings`). Of several that
refuse a row, the first in the order of `exchange.ssd.linking` is said.
"""

from typing import Final

from exchange.reasons import Level, Reason

_LAYOUT: Final = ("SSD ssd_cla_visits",)
_OWN: Final = ("data-standards §5",)
_SEEN: Final = ("decisions C-35", "SSD ssd_cla_visits")

REASONS: Final = (
    # Files
    Reason("visits-read", Level.LOADED, "{rows} rows of the table “{table}”.", _LAYOUT),
    Reason(
        "not-visits",
        Level.REFUSED,
        "The columns are not those of visits: clav_cla_visit_id, clav_person_id and clav_cla_visit_date are needed.",
        _LAYOUT,
    ),
    # Rows and cells
    Reason(
        "no-visit-id", Level.REFUSED, "Without a number of its own a visit would be loaded again and again.", _LAYOUT
    ),
    Reason("long-visit-id", Level.REFUSED, "The number of a visit has at most 48 characters.", _LAYOUT),
    Reason(
        "visit-id-twice", Level.REFUSED, "The same number stands in row {row} of {file}: that row is used.", _LAYOUT
    ),
    Reason("unknown-child", Level.REFUSED, "No child with this number is on record. Load the return first.", _LAYOUT),
    Reason("no-visit-day", Level.REFUSED, "Without a day this is no visit.", _LAYOUT),
    Reason(
        "not-a-visit-day",
        Level.REFUSED,
        "This is not a day, nor a day with a time: write 2026-03-05 14:30:00 or 05/03/2026 14:30.",
        _LAYOUT,
    ),
    Reason(
        "day-as-number",
        Level.REFUSED,
        "A spreadsheet has made a number of this day: format the column as a date, and save the file as CSV again.",
        _OWN,
    ),
    Reason("visit-later", Level.REFUSED, "A visit cannot have been made at a time that has not come.", _LAYOUT),
    Reason("alone-not-seen", Level.REFUSED, "Seen alone, and not seen: a child who was seen alone was seen.", _SEEN),
    Reason(
        "not-a-yes-or-no",
        Level.WARNED,
        "This is neither Y nor N: kept with the visit as it came, and counted as N until somebody knows.",
        _SEEN,
    ),
    Reason(
        "seen-not-said",
        Level.WARNED,
        "Nothing says whether the child was seen: the visit is kept, and counts for no duty.",
        _SEEN,
    ),
    # What the installation already holds
    Reason("no-placement-then", Level.REFUSED, "No placement of the child is on record at this time.", _OWN),
    Reason("visit-known", Level.LINKED, "This visit is on record already: nothing changed.", _OWN),
    Reason("visit-struck-out", Level.WARNED, "Struck out here, as recorded by mistake: not made again.", _OWN),
    Reason("visit-differs", Level.WARNED, "On record with another {what}: left as it is here.", _OWN),
    Reason("visit-of-another", Level.REFUSED, "The visit with this number is on record for another child.", _OWN),
    Reason(
        "visit-recorded-here",
        Level.WARNED,
        "A visit at this time was recorded here by hand: it stands, and this one is not made beside it.",
        _OWN,
    ),
    Reason(
        "not-every-visit",
        Level.WARNED,
        "Not every row of this child could be read, so visits still count as on record only from the day on which the "
        "child’s history was loaded. Mend the rows, and bring the file again.",
        _OWN,
    ),
)

FROM_THE_RECORD: Final = frozenset(
    {"no-placement-then", "visit-known", "visit-struck-out", "visit-differs", "visit-of-another", "visit-recorded-here"}
)
"""What whoever holds the file alone could not say: it shows what was recorded here."""
