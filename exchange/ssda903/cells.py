"""What stands in one cell: dates, codes, numbers. Every function takes the text as it stood, and none raises.

A value that cannot be read is None with the code of a reason (findings.REASONS); what stood there is kept elsewhere, in
the row as it came.
"""

import re
from datetime import date
from typing import Final

from exchange.ssda903.codes import CodeList
from exchange.ssda903.tables import Column, Kind

Value = str | date | None
Read = tuple[Value, str | None]
"""What a cell says, and the code of the reason where something is wrong with it."""

_DAY_FIRST: Final = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})(?:[ T]00:00(?::00(?:\.0+)?)?)?", re.ASCII)
_YEAR_FIRST: Final = re.compile(r"(\d{4})[/\-](\d{1,2})[/\-](\d{1,2})(?:[ T]00:00(?::00(?:\.0+)?)?)?", re.ASCII)
_POSTCODE: Final = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)(\d[ABD-HJLNP-UW-Z]{2})", re.ASCII)
_URN: Final = re.compile(r"SC\d{6}|\d{7}|X{7}", re.ASCII)
_UPN: Final = re.compile(r"[A-HJ-NP-RT-Z](\d{12}|\d{11}[A-Z])", re.ASCII)
_UPN_UNKNOWN: Final = frozenset({"UN1", "UN2", "UN3", "UN4", "UN5"})
_UPN_LETTERS: Final = "ABCDEFGHJKLMNPQRTUVWXYZ"
_FLAGS: Final = {"0": "0", "1": "1", "0.0": "0", "1.0": "1"}
_SCORES: Final = frozenset(str(score) for score in range(41))
YEARS_AHEAD: Final = 20
"""A year of two digits lies at most this far ahead (a date on which a child of today turns 18), else a century back."""
LONGEST_CHILD: Final = 10
NO_HOME: Final = "XXXXXXX"
"""The number of a home that another regulator inspects: it tells no home from another."""


def read_date(text: str, *, on: date) -> date | None:
    """The day in dd/mm/yyyy, dd/mm/yy or ISO form, with a midnight behind it or not; None where it is no day.

    `on` is the day of the reading: it settles the century of a year of two digits.
    """
    text = text.strip()
    if found := _DAY_FIRST.fullmatch(text):
        day, month, year = int(found[1]), int(found[2]), int(found[3])
        if len(found[3]) == len("yy"):
            year += 2000 if 2000 + year <= on.year + YEARS_AHEAD else 1900
    elif found := _YEAR_FIRST.fullmatch(text):
        year, month, day = int(found[1]), int(found[2]), int(found[3])
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_postcode(text: str) -> str | None:
    """The postcode in capitals with one space ("b122ke" gives "B12 2KE"); None where it has not a postcode's form.

    Whether it exists is not asked.
    """
    found = _POSTCODE.fullmatch("".join(text.upper().split()))
    return f"{found[1]} {found[2]}" if found else None


def upn_is_consistent(upn: str) -> bool:
    """Does the first letter of a unique pupil number fit the twelve characters after it?

    Weights 2 to 13, remainder by 23; the letter that ends a temporary number counts by its place in the letters.
    Source: DfE's guide to unique pupil numbers, as data-standards §3.5 restates it.
    """
    total = sum(
        weight * (int(character) if character.isdigit() else _UPN_LETTERS.find(character))
        for weight, character in enumerate(upn[1:], start=2)
    )
    return upn[0] == _UPN_LETTERS[total % len(_UPN_LETTERS)]


def read_cell(column: Column, text: str, *, year: int, on: date) -> Read:
    """What a cell of a column says in a collection year. A blank cell is None with nothing wrong."""
    text = text.strip()
    if not text:
        return None, None
    match column.kind:
        case Kind.DATE:
            day = read_date(text, on=on)
            return day, None if day else "not-a-date"
        case Kind.CODE:
            return _read_code(column.codes, text, year)
        case Kind.POSTCODE:
            postcode = read_postcode(text)
            return postcode or text.upper(), None if postcode else "not-a-postcode"
        case Kind.CHILD:
            return text, None if len(text) <= LONGEST_CHILD else "long-child"
        case Kind.TEXT:
            return text, None
        case _:
            return _read_number(column.kind, text.upper())


def _read_code(codes: CodeList | None, text: str, year: int) -> Read:
    code = text.upper().removesuffix(".0")
    known = codes.get(code) if codes else None
    if known is None:
        return code, "unknown-code"
    return code, None if known.is_used_in(year) else "code-not-in-year"


def _read_number(kind: Kind, text: str) -> Read:
    match kind:
        case Kind.FLAG:
            return _FLAGS.get(text, text), None if text in _FLAGS else "not-a-flag"
        case Kind.SCORE:
            score = text.removesuffix(".0")
            fits = score in _SCORES
            return score, None if fits else "not-a-score"
        case Kind.URN:
            return text, None if _URN.fullmatch(text) else "not-a-urn"
        case _:
            return text, _wrong_with_upn(text)


def _wrong_with_upn(upn: str) -> str | None:
    if upn in _UPN_UNKNOWN:
        return None
    if not _UPN.fullmatch(upn):
        return "not-a-upn"
    return None if upn_is_consistent(upn) else "upn-check-letter"
