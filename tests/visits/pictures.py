"""Photographs for tests, as a phone would send them."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

PLACE, MAKER = "51.2787", "Canaryphone"
ORIENTATION, GPS, MAKE = 0x0112, 0x8825, 0x010F


def a_picture(kind="JPEG", size=(800, 600), *, mode="RGB", colour=(120, 80, 40), corner=None, **more):
    """A picture of one colour; `corner` is the colour of its upper left quarter."""
    picture = Image.new(mode, size, colour)
    if corner:
        picture.paste(corner, (0, 0, size[0] // 2, size[1] // 2))
    written = io.BytesIO()
    picture.save(written, kind, **more)
    return written.getvalue()


def exif_of_a_phone(orientation=1):
    """What a camera writes into a picture: how it was held, where it was, and who made it."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[MAKE] = MAKER
    exif.get_ifd(GPS).update({1: "N", 2: (51.0, 16.0, 43.3), 3: "E", 4: (1.0, 4.0, 48.7)})
    return exif


def noise(size=(2000, 1500)):
    """A picture that hardly lets itself be compressed."""
    written = io.BytesIO()
    Image.effect_noise(size, 120).convert("RGB").save(written, "JPEG", quality=95)
    return written.getvalue()


def upload(content, name="photograph.jpg"):
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, content, content_type="image/jpeg")
