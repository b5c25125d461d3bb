"""What becomes of a photograph before it is kept: small, upright, and without a word of what the camera knew."""

import io
import struct
import zlib

import pytest
from PIL import Image, ImageFile
from PIL.PngImagePlugin import PngInfo

from tests.visits.pictures import GPS, MAKER, ORIENTATION, a_picture, exif_of_a_phone, noise
from visits.models.photo import LARGEST
from visits.photos.images import HEIC, NOT_READ, READ, TOO_MANY_PIXELS, NotAPhotograph, kept


def seen_in(image):
    return Image.open(io.BytesIO(image))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "MPO"])
def test_what_phones_make_is_kept_as_a_jpeg(kind):
    more = {"save_all": True, "append_images": [Image.new("RGB", (8, 8))]} if kind == "MPO" else {}
    small = kept(io.BytesIO(a_picture(kind, **more)))
    picture = seen_in(small.image)
    assert (picture.format, picture.size) == ("JPEG", (800, 600))
    assert (small.width, small.height) == (800, 600)


def test_nothing_of_what_the_camera_wrote_is_kept():
    profile, comment = b"Canary of a profile", b"Canary of a comment"
    content = a_picture(exif=exif_of_a_phone(), icc_profile=profile, comment=comment)
    assert Image.open(io.BytesIO(content)).getexif().get_ifd(GPS), "the place stands in what is sent"
    image = kept(io.BytesIO(content)).image
    for word in (MAKER.encode(), profile, comment, b"Exif", b"GPS", b"http"):
        assert word not in image
    picture = seen_in(image)
    assert not dict(picture.getexif())
    assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_what_a_png_says_beside_its_picture_is_not_kept():
    told = PngInfo()
    told.add_text("Comment", "Canary in the text")
    assert b"Canary" not in kept(io.BytesIO(a_picture("PNG", pnginfo=told))).image


@pytest.mark.parametrize(
    ("orientation", "size", "where"), [(1, (800, 600), (9, 9)), (6, (600, 800), (590, 9)), (3, (800, 600), (790, 590))]
)
def test_it_stands_upright_as_it_was_seen_through_the_camera(orientation, size, where):
    content = a_picture(corner=(250, 250, 250), colour=(10, 10, 10), exif=exif_of_a_phone(orientation))
    picture = seen_in(kept(io.BytesIO(content)).image)
    assert picture.size == size
    assert min(picture.getpixel(where)) > 200
    assert ORIENTATION not in picture.getexif()


def test_a_large_one_is_made_small():
    small = kept(io.BytesIO(a_picture(size=(4000, 3000))))
    assert (small.width, small.height) == (1600, 1200)


def test_a_small_one_is_not_made_larger():
    assert kept(io.BytesIO(a_picture(size=(40, 30)))).width == 40


def test_even_noise_is_kept_within_its_bytes():
    small = kept(io.BytesIO(noise()))
    assert len(small.image) <= LARGEST
    assert small.width >= 400, "and still shows something"


def test_what_is_transparent_is_white():
    content = a_picture("PNG", mode="RGBA", colour=(0, 0, 0, 0))
    assert seen_in(kept(io.BytesIO(content)).image).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["L", "CMYK", "1"])
def test_grey_and_printers_colours_are_read_too(mode):
    kind = "JPEG" if mode in ("L", "CMYK") else "PNG"
    assert kept(io.BytesIO(a_picture(kind, mode=mode, colour=0))).width == 800


# What is refused


def refused(content):
    with pytest.raises(NotAPhotograph) as raised:
        kept(io.BytesIO(content))
    return str(raised.value)


NO_PHOTOGRAPHS = {
    "empty": b"",
    "a letter": b"Dear Sir or Madam",
    "a document": b"%PDF-1.7 ...",
    "a drawing with a script": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "half a gif": b"GIF89a" + bytes(40),
    "zeros": b"\xff\xd8\xff\xe0" + bytes(200),
    "a cut jpeg": a_picture()[:2000],
    "a cut png": a_picture("PNG")[:300],
    "a gif": a_picture("GIF", mode="P", colour=0),
    "a bitmap": a_picture("BMP"),
}


@pytest.mark.parametrize("content", NO_PHOTOGRAPHS.values(), ids=NO_PHOTOGRAPHS)
def test_what_is_no_photograph_is_refused_with_a_sentence(content, monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as the library that makes documents sets it
    assert refused(content) == NOT_READ


def test_heic_is_named():
    assert refused(b"\x00\x00\x00\x18ftypheic" + bytes(64)) == HEIC


def a_png_bomb(side):
    """A few hundred bytes that say they unfold into side by side pixels."""

    def chunk(name, content):
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("side", [3001, 10_000, 60_000])
def test_a_small_file_that_unfolds_into_too_much_is_refused_before_it_does(side):
    assert refused(a_png_bomb(side)) == TOO_MANY_PIXELS


def test_a_progressive_one_is_held_whole_and_has_a_limit_of_its_own(monkeypatch):
    monkeypatch.setitem(READ, "progressive JPEG", 800 * 600 - 1)
    assert refused(a_picture(progressive=True)) == TOO_MANY_PIXELS
    assert kept(io.BytesIO(a_picture())).width == 800


def test_every_format_that_is_read_has_its_limit():
    assert all(limit <= 50_000_000 for limit in READ.values())
