"""What becomes of a photograph before it is kept: read with care, turned upright, made small, stripped of everything else.

A table says which formats are read, and how many pixels of each: a small file can unfold into more than a web worker
holds. What is kept is a JPEG of our own making: of the file that came, only the picture itself is left, neither place nor
time nor the maker of the phone.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, Final

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from visits.models.photo import LARGEST

MILLION: Final = 1_000_000
FORMATS: Final = ("JPEG", "PNG", "WEBP")
READ: Final = {"JPEG": 50 * MILLION, "progressive JPEG": 20 * MILLION, "PNG": 9 * MILLION, "WEBP": 9 * MILLION}
"""By kind: the most pixels, so that none takes more than a hundred megabytes. A JPEG unfolds no further than it is wanted
(`Image.draft`), but for a progressive one, which like the others is held whole."""
AS_JPEG: Final = {"MPO": "JPEG"}
"""What some phones make: a JPEG with further pictures behind it, of which the first is taken."""
LONGEST_SIDE: Final = 1600
QUALITIES: Final = (85, 75, 65, 55, 45)
"""Tried one after another; where none makes it small enough, it is made smaller by a quarter and tried again."""
SMALLER: Final = 0.75

NOT_READ: Final = (
    "This is not a photograph that Hearth can read, or it did not arrive whole. Choose a JPEG, PNG or WebP file."
)
HEIC: Final = (
    "This photograph is in the HEIC format, which Hearth cannot read. In the phone’s camera settings choose “Most "
    "compatible”, or save it as JPEG."
)
TOO_MANY_PIXELS: Final = (
    "This picture is too large to be read. Take it again with the usual setting of the camera, or save it as JPEG."
)
HEIC_BRANDS: Final = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
DAMAGE: Final = (
    UnidentifiedImageError,
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    OverflowError,
    EOFError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)
"""What Pillow raises of files that are none, are cut off or were made to do harm."""


class NotAPhotograph(ValueError):
    """It cannot be kept; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A photograph as it is kept."""

    image: bytes
    width: int
    height: int


def kept(file: BinaryIO) -> Kept:
    """The photograph in a file, as it is kept. Raises NotAPhotograph."""
    try:
        picture = _upright(_opened(file))
    except DAMAGE as damage:
        raise NotAPhotograph(_why(file, damage)) from None
    return next(small for small in _smaller_and_smaller(picture) if len(small.image) <= LARGEST)


def _opened(file: BinaryIO) -> Image.Image:
    """Looked at before it unfolds: its format and its size stand in its first bytes."""
    file.seek(0)
    opened = Image.open(file, formats=FORMATS)
    if opened.width * opened.height > READ[_kind_of(opened)]:
        raise Image.DecompressionBombError
    opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    with _whole_or_not_at_all():
        opened.load()
    return opened


@contextmanager
def _whole_or_not_at_all() -> Iterator[None]:
    """A photograph that is cut off is none: the library that makes documents has Pillow fill the rest with grey."""
    before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _kind_of(opened: Image.Image) -> str:
    kind = AS_JPEG.get(opened.format or "", opened.format or "")
    return f"progressive {kind}" if kind == "JPEG" and opened.info.get("progressive") else kind


def _upright(opened: Image.Image) -> Image.Image:
    """As it was seen through the camera, on white where it is transparent; a new picture that knows of nothing else."""
    opened.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    turned = ImageOps.exif_transpose(opened).convert("RGBA")
    picture = Image.new("RGB", turned.size, "white")
    picture.paste(turned, mask=turned)
    return picture


def _smaller_and_smaller(picture: Image.Image) -> Iterator[Kept]:
    while True:
        for quality in QUALITIES:
            written = io.BytesIO()
            picture.save(written, "JPEG", quality=quality, optimize=True)
            yield Kept(written.getvalue(), *picture.size)
        picture = picture.resize(max(1, int(side * SMALLER)) for side in picture.size)


def _why(file: BinaryIO, damage: Exception) -> str:
    if isinstance(damage, Image.DecompressionBombError | Image.DecompressionBombWarning):
        return TOO_MANY_PIXELS
    file.seek(0)
    head = file.read(12)
    return HEIC if head[4:8] == b"ftyp" and head[8:12] in HEIC_BRANDS else NOT_READ
