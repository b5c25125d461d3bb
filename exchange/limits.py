"""How much one import may hold, and how long things are kept: a table, with the reason of each number.

A row says what is limited, how much, and what whoever goes beyond it is told. Rows do not combine: each holds by itself.
"""

from dataclasses import dataclass
from typing import Final

MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit."""

    most: int
    says: str
    """What whoever goes beyond it is told."""
    because: str


UPLOAD: Final = Limit(
    256 * MEGABYTE,
    "The files hold more than 256 megabytes, which is the most that can be brought at once. "
    "Bring fewer years at once, or put them into a zip.",
    "A year of England’s largest authority is about 2 megabytes, a file of a million rows about 90.",
)
FILES: Final = Limit(
    100,
    "These are more than 100 files: put them into a zip.",
    "A year has at most 12 files.",
)
ENTRIES: Final = Limit(
    2000,
    "The zip holds more than 2,000 files, which no return does. Nothing of it was read.",
    "Thirty years of 12 files are 360; a million empty entries would take hours to list.",
)
UNPACKED: Final = Limit(
    1024 * MEGABYTE,
    "Unpacked, the zip holds more than 1 gigabyte. Nothing of it was read: bring fewer years at once.",
    "Four times what can be brought unzipped; what a worker reads in a few minutes.",
)
RATIO: Final = Limit(
    200,
    "A file in the zip unpacks to more than 200 times its size, as no table of a return does. Nothing of it was read.",
    "Files of the return shrink to about a tenth when they are zipped; a file that shrinks so far repeats itself.",
)
RATIO_COUNTS_FROM: Final = 10 * MEGABYTE
"""A smaller file may shrink as it likes: it harms nobody."""
ROWS: Final = Limit(
    3_000_000,
    "The files hold more than 3 million rows: bring fewer years at once. Nothing was loaded.",
    "Every child in care in England for ten years; looking through a million rows takes minutes.",
)
ROWS_IN_A_WORKBOOK: Final = Limit(
    10_000,
    "A workbook holds up to 10,000 findings: filter the list, or download it as CSV.",
    "Making more takes longer than a page may take; CSV has no such limit.",
)
DAYS_KEPT: Final = Limit(
    7,
    "The files were deleted, because nobody decided about them for a week. Bring them again.",
    "They hold every child of the authority: no longer than it takes somebody to look at the report.",
)
PART: Final = MEGABYTE
"""Bytes of a file that are held in memory at a time."""
FINDINGS_A_PAGE: Final = 50
MINUTES_AT_A_STRETCH: Final = 10
"""A worker loads for so long, then leaves the rest to the next task: a task may take twenty minutes."""
MINUTES_TO_WAIT: Final = 10
"""How long one import waits for another to end; the largest return takes about one minute."""
