"""What people wrote, as paper can show it: no letter becomes an empty box, and what runs from right to left does so.

A page on a screen has the reader's own fonts; a document has those of the machine that makes it. What none of these holds
is said in words, so that whoever reads the paper knows that something stands there, and that Hearth shows it.
"""

import ctypes
import re
import unicodedata
from functools import cache
from itertools import groupby
from typing import Any, Final

FOREIGN: Final = re.compile("[^\x00-\u024f\u2010-\u2027\u20ac]+")
"""Everything but what every font holds."""
PICTURES: Final = re.compile("[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]")
"""Emoji and their like: shown by their names, for the eye and for the ear."""
SHAPING: Final = frozenset("\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202f\ufe0e\ufe0f\ufeff\ufffc")
"""Signs without a shape of their own."""
WRITTEN: Final = re.compile(r"<(p|td|th)>([^<]*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc][^<]*)")
"""What people wrote that holds letters which run from right to left."""
LEFTWARDS: Final = ("R", "AL")


def as_printed(html: str) -> str:
    """The text of a document with every letter that the machine's fonts hold, and words for those that they lack."""
    return WRITTEN.sub(_with_direction, FOREIGN.sub(_shown_or_said, html))


def _with_direction(found: re.Match[str]) -> str:
    tag, text = found.groups()
    strong = next((way for way in map(unicodedata.bidirectional, text) if way in ("L", *LEFTWARDS)), "L")
    return f'<{tag} dir="rtl">{text}' if strong in LEFTWARDS else found[0]


def _shown_or_said(found: re.Match[str]) -> str:
    return "".join(_said(how, "".join(letters)) for how, letters in groupby(found[0], key=_how))


def _how(letter: str) -> str:
    if PICTURES.match(letter):
        return "picture"
    return "letter" if letter in SHAPING or letter.isspace() or _is_held(ord(letter)) else "lacking"


def _said(how: str, letters: str) -> str:
    if how == "letter":
        return letters.replace("\ufe0f", "")
    if how == "picture":
        return "".join(f"[{unicodedata.name(picture, 'a sign').lower()}]" for picture in letters)
    return f"[letters that this paper cannot show: {' '.join(f'U+{ord(letter):04X}' for letter in letters)}]"


@cache
def _is_held(letter: int) -> bool:
    library, held = _letters_held()
    return bool(library.FcCharSetHasChar(held, letter))


@cache
def _letters_held() -> tuple[Any, Any]:
    """The library that chooses fonts, asked once which letters all fonts of this machine hold together."""

    class FontSet(ctypes.Structure):
        _fields_ = (("count", ctypes.c_int), ("room", ctypes.c_int), ("fonts", ctypes.POINTER(ctypes.c_void_p)))

    library = ctypes.CDLL("libfontconfig.so.1")
    library.FcInitLoadConfigAndFonts.restype = ctypes.c_void_p
    library.FcConfigGetFonts.restype = ctypes.POINTER(FontSet)
    library.FcConfigGetFonts.argtypes = (ctypes.c_void_p, ctypes.c_int)
    library.FcCharSetCreate.restype = ctypes.c_void_p
    library.FcCharSetMerge.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
    library.FcCharSetHasChar.argtypes = (ctypes.c_void_p, ctypes.c_uint32)
    library.FcPatternGetCharSet.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_void_p)
    held = ctypes.c_void_p(library.FcCharSetCreate())
    fonts = library.FcConfigGetFonts(library.FcInitLoadConfigAndFonts(), 0).contents
    for font in fonts.fonts[: fonts.count]:
        letters = ctypes.c_void_p()
        if library.FcPatternGetCharSet(font, b"charset", 0, ctypes.byref(letters)) == 0:
            library.FcCharSetMerge(held, letters, None)
    return library, held
