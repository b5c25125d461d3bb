"""What an import of the return may find, and of any file, row or cell: a table of sentences.

Each row holds by itself; its level says what became of the row that it is said of (`exchange.findings`).
"""

from typing import Final

from exchange.reasons import Level, Reason

_OWN: Final = ("data-standards §5",)
_EPISODES: Final = ("SSDA903 episodes",)

REASONS: Final = (
    # Files
    Reason("read", Level.LOADED, "{rows} rows of the table “{table}”, {year}.", _OWN),
    Reason("year", Level.LOADED, "Taken as the {year}: {because}.", _OWN),
    Reason("read-before", Level.LOADED, "The same file was loaded before, as “{before}”: nothing changed.", _OWN),
    Reason("kept", Level.LOADED, "{rows} rows of the table “{table}” are kept as they came.", _OWN),
    Reason("no-rows", Level.LOADED, "The file has column names and no rows.", _OWN),
    Reason("empty", Level.WARNED, "The file is empty: it has not even column names.", _OWN),
    Reason("not-a-table", Level.REFUSED, "The columns are those of no table of the return.", _OWN),
    Reason("not-csv", Level.REFUSED, "Only CSV files are read.", _OWN),
    Reason("not-a-file", Level.REFUSED, "The file cannot be read.", _OWN),
    Reason(
        "not-text",
        Level.REFUSED,
        "This is no text but perhaps a workbook, or UTF-16: save it as CSV, with UTF-8.",
        _OWN,
    ),
    Reason("no-table", Level.WARNED, "No file of this folder is a table of the return: nothing is loaded.", _OWN),
    Reason(
        "unfinished",
        Level.WARNED,
        "Loading this file was interrupted, and some of its children are missing: load its folder again.",
        _OWN,
    ),
    Reason("not-utf-8", Level.WARNED, "The file is not UTF-8: read as Windows-1252.", _OWN),
    Reason("extra-column", Level.WARNED, "The table “{table}” has no such column: kept, not used.", _OWN),
    Reason("repeated-column", Level.WARNED, "The column stands twice: the first is used, both are kept.", _OWN),
    Reason("missing-column", Level.WARNED, "The table “{table}” should have this column: read as blank.", _OWN),
    Reason("folder-inside", Level.WARNED, "Folders inside the folder are not read: name them to load them.", _OWN),
    Reason(
        "year-not-known",
        Level.REFUSED,
        "No episode says which year this is: nothing of this folder is loaded. Say the year, and load it again.",
        _OWN,
    ),
    Reason("separated", Level.LOADED, "The cells are separated by {by}, not by commas: read so.", _OWN),
    Reason(
        "too-many-columns",
        Level.REFUSED,
        "The file has {columns} columns, and a table has at most 13: it is not read.",
        _OWN,
    ),
    # Files in a zip
    Reason("zip-outside", Level.REFUSED, "The name leads out of the zip: the file is not read.", _OWN),
    Reason("zip-link", Level.REFUSED, "This is a link to another file: it is not followed.", _OWN),
    Reason("zip-locked", Level.REFUSED, "The file needs a password: bring it without one.", _OWN),
    Reason("zip-damaged", Level.REFUSED, "The file is damaged in the zip: zip it again, and bring it.", _OWN),
    Reason("zip-inside", Level.REFUSED, "A zip inside a zip is not opened.", _OWN),
    Reason("zip-twice", Level.REFUSED, "This name stands twice in the zip: the first file is read.", _OWN),
    # Rows
    Reason("unreadable", Level.REFUSED, "The row cannot be read as CSV: other rows may be hidden in it.", _OWN),
    Reason("too-many-cells", Level.WARNED, "The row has more cells than columns: the rest is kept, not used.", _OWN),
    Reason("too-few-cells", Level.WARNED, "The row has fewer cells than columns: the rest is read as blank.", _OWN),
    Reason(
        "runs-on",
        Level.REFUSED,
        "The cell runs over several lines, as after a quotation mark without its pair: nothing is made of the row, "
        "and other rows may be hidden in it.",
        _OWN,
    ),
    Reason("no-child", Level.REFUSED, "The row does not say which child it is about.", _OWN),
    Reason(
        "too-many-rows",
        Level.REFUSED,
        "More rows stand under this child’s code than any child has: kept as they came.",
        _OWN,
    ),
    Reason("repeated", Level.LINKED, "The same row stands in row {row} of {file}.", _OWN),
    # Cells
    Reason("long-child", Level.WARNED, "A child’s code has at most 10 characters: kept.", ("SSDA903 XSD 2021",)),
    Reason("too-long-child", Level.REFUSED, "A child’s code can be kept up to 20 characters.", _OWN),
    Reason("not-a-date", Level.WARNED, "This is not a date: kept as it came, read as blank.", _OWN),
    Reason("unknown-code", Level.WARNED, "No list of {codes} has this code: kept as it came.", _OWN),
    Reason("code-not-in-year", Level.WARNED, "This code is not used in the {year}: kept.", _OWN),
    Reason("not-a-flag", Level.WARNED, "Only 0 or 1 can stand here: kept as it came.", _OWN),
    Reason("not-a-score", Level.WARNED, "Only a number from 0 to 40 can stand here: kept.", ("V rule 180",)),
    Reason("not-a-postcode", Level.WARNED, "This is not a postcode: kept as it came.", ("V rule 392c",)),
    Reason("not-a-urn", Level.WARNED, "This is not the form of a regulator’s number: kept.", ("V rule 1008",)),
    Reason("not-a-upn", Level.WARNED, "This is not the form of a unique pupil number: kept.", ("V rule 168",)),
    Reason("upn-check-letter", Level.WARNED, "The number’s first letter does not fit its digits: kept.", _OWN),
    # The child
    Reason(
        "another-child",
        Level.REFUSED,
        "The child {child} was born on {born}; the same code with another date of birth is another child.",
        ("V rule 203",),
    ),
    Reason(
        "rows-of-another-child",
        Level.REFUSED,
        "In this year the code {child} stands for a child born on another day than {born}: not joined.",
        ("V rule 203",),
    ),
    Reason(
        "whose-rows",
        Level.WARNED,
        "The year’s Header has this code with several dates of birth: rows without one are taken as of the child "
        "born on {born}.",
        ("V rule 203",),
    ),
    Reason("no-date-of-birth", Level.REFUSED, "No row says when the child was born.", ("V rule 102",)),
    Reason("born-later", Level.REFUSED, "The date of birth lies in the future.", ("V rule 301",)),
    Reason("no-header", Level.WARNED, "No Header has this child: the date of birth is from “{table}”.", _OWN),
    Reason("no-episodes", Level.WARNED, "No episode says where the child lives.", _OWN),
    Reason("fact-changed", Level.LINKED, "Was “{before}” in the {year}.", _OWN),
    Reason("same-child", Level.LINKED, "The same child as in the {year}.", _OWN),
    # Episodes
    Reason("no-start", Level.REFUSED, "Without a day on which it began, this is no episode.", ("V rule 141",)),
    Reason("starts-later", Level.REFUSED, "An episode cannot begin on a day that has not come.", ("V rule 141",)),
    Reason("starts-after-year", Level.WARNED, "The episode begins after the {year}.", ("V rule 141",)),
    Reason("end-not-read", Level.REFUSED, "The episode ended, but the day cannot be read.", ("V rule 147",)),
    Reason("ends-before-it-starts", Level.REFUSED, "The episode ends before it begins.", _EPISODES),
    Reason("no-days", Level.REFUSED, "The episode ends on the day on which it begins.", _EPISODES),
    Reason("before-birth", Level.WARNED, "The episode begins before the child was born.", ("V rule 302",)),
    Reason("grown-up", Level.WARNED, "The child was 18 or older when care began.", ("V rule 352",)),
    Reason("ends-later", Level.WARNED, "The end has not come yet: read as open until then.", ("V rule 147",)),
    Reason("reason-but-open", Level.WARNED, "The episode says why it ceased, but not when: read as open.", _OWN),
    Reason("ended-without-reason", Level.WARNED, "The episode ended without a reason: care goes on.", _OWN),
    Reason("twice-in-one-year", Level.REFUSED, "A child has one episode from a day: row {row} is used.", _EPISODES),
    Reason(
        "overlaps",
        Level.WARNED,
        "The child lived somewhere else then, from {since} ({until}): kept and marked, not made a placement.",
        ("architecture, The database",),
    ),
    Reason(
        "overlaps-record",
        Level.WARNED,
        "A placement recorded here covers these days, from {since} ({until}): kept and marked, not made one.",
        ("architecture, The database",),
    ),
    Reason(
        "update-overlaps",
        Level.WARNED,
        "Brought up to date, it would overlap the placement from {since} ({until}): the earlier row stands.",
        ("architecture, The database",),
    ),
    Reason("same-episode", Level.LINKED, "The same episode as in the {year}: nothing changed.", _EPISODES),
    Reason("brought-up-to-date", Level.LINKED, "The same episode as in the {year}: {changes}.", _EPISODES),
    Reason("older-row", Level.LINKED, "The {year} knows this episode better: kept.", _EPISODES),
    Reason("continues", Level.LINKED, "Only the legal status changed: the placement from {since} goes on.", _EPISODES),
    Reason(
        "nothing-to-continue",
        Level.WARNED,
        "Only the legal status changed, but the placement before it is not in the files: one begins here.",
        _EPISODES,
    ),
    Reason(
        "continues-elsewhere",
        Level.WARNED,
        "Only the legal status changed, says the row, but this differs from the row before: {changes}.",
        _EPISODES,
    ),
    Reason("temporary-stay", Level.LINKED, "A short time away: the placement from {since} goes on.", ("V rule 383",)),
    Reason(
        "back-again",
        Level.LINKED,
        "Back from a short time away: the placement from {since} goes on.",
        ("V rule 383",),
    ),
    Reason(
        "not-back",
        Level.WARNED,
        "After a short time away the child did not go back: a new placement.",
        ("V rule 383",),
    ),
    Reason("away-from-nowhere", Level.WARNED, "A short time away, but from no known placement.", ("V rule 380",)),
    Reason(
        "gap",
        Level.WARNED,
        "{days} before this, nothing says where the child lived: care went on.",
        ("V rule 433",),
    ),
    Reason("care-again", Level.WARNED, "Care had ended on {ended}: read as looked after again.", ("V rule 433",)),
    Reason(
        "care-began-before",
        Level.WARNED,
        "Care began before, on a day not in the files: counted from here.",
        _EPISODES,
    ),
    Reason(
        "next-not-in-files",
        Level.WARNED,
        "The next episode is not in the files: care goes on, and where the child lives is not known.",
        _EPISODES,
    ),
    Reason(
        "started-without-break",
        Level.WARNED,
        "Started to be looked after, but care had not ended.",
        ("V rule 431",),
    ),
    Reason("need-changed", Level.WARNED, "Was “{before}” earlier in this period of care.", _EPISODES),
    Reason("no-legal-status", Level.WARNED, "The episode does not say the legal status: that before goes on.", _OWN),
    Reason(
        "not-confirmed",
        Level.WARNED,
        "Open in the {year} and absent since: marked “not confirmed since {since}”.",
        ("SSDA903 episodes",),
    ),
    Reason(
        "approval-hidden",
        Level.WARNED,
        "The code does not say whether the relative or friend is approved: “Not known yet” (D-08).",
        ("eligibility §4",),
    ),
    # Reviews
    Reason("no-review-day", Level.REFUSED, "Without a day this is no review.", ("V rule 166",)),
    Reason(
        "review-later", Level.REFUSED, "A review cannot have been held on a day that has not come.", ("V rule 166",)
    ),
    Reason("review-after-year", Level.WARNED, "The review lies after the {year}.", ("V rule 166",)),
    Reason("same-review", Level.LINKED, "The same review as in row {row} of {file}.", ("V rule 166",)),
    # What the installation already holds
    Reason("changed-here", Level.WARNED, "{what} was changed here since it was loaded: left as it is.", _OWN),
    Reason("urn-not-listed", Level.WARNED, "No list has this number: a home with no registration recorded.", _OWN),
)

FROM_THE_RECORD: Final = frozenset(
    {
        "another-child",
        "rows-of-another-child",
        "whose-rows",
        "before-birth",
        "grown-up",
        "overlaps-record",
        "changed-here",
        "not-confirmed",
    }
)
