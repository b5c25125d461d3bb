"""The gallery: every page that a person can open is in it or left out for a reason, and what hangs is what the tables say."""

import io
import random

import pytest
from django.urls import NoReverseMatch, reverse
from PIL import Image

from approvals.views import STEPS
from bench.pictures import camera, catalogue
from bench.pictures.album import LEFT_OUT
from bench.pictures.tables import GROUPS, PICTURES
from config.checkout import ROOT
from tests.test_access import MOVED_FOR_GOOD, addresses

HUNG = ROOT / "docs/pictures"
SAMPLES = [
    (1,),
    (1, 1),
    ("15fe6187-c434-487a-aa64-04e30caa5d7b",),
    ("D-03",),
    ("1", "abc-123"),
    ("network", 1),
    ("discussion", 1, 1),
    ("contact", 1),
]
"""A record of each kind, as it stands in an address."""


def pages():
    return {name for route, name, _ in addresses() if not MOVED_FOR_GOOD.match(route)}


def test_every_page_is_in_the_gallery_or_left_out_for_a_reason():
    shown = {picture.page for picture in PICTURES}
    assert pages() - shown - set(LEFT_OUT) == set()
    assert shown & set(LEFT_OUT) == set()
    assert all(LEFT_OUT.values())


def test_no_page_is_left_out_that_is_no_more():
    assert set(LEFT_OUT) <= pages()


def test_every_step_of_the_chain_is_in_the_gallery():
    shown = {picture.step for picture in PICTURES if picture.page == "approvals:take"}
    assert set(STEPS) - {"convene"} <= shown | {"agree"}


def test_every_picture_has_an_address_and_a_sentence():
    wrong = [p.slug for p in PICTURES if not any(resolves(p, sample) for sample in (SAMPLES if p.of else [()]))]
    assert wrong == []
    assert [p.slug for p in PICTURES if not p.sees.endswith(".")] == []


def resolves(picture, record):
    try:
        return bool(reverse(picture.page, args=[*record, *([picture.step] if picture.step else [])]))
    except NoReverseMatch:
        return False


def test_no_two_pictures_have_the_same_name():
    slugs = [picture.slug for picture in PICTURES]
    assert len(slugs) == len(set(slugs))


# What hangs


def test_the_gallery_shows_what_its_tables_say():
    hung = {file.stem: file for file in HUNG.glob("*.png")}
    taken = {}
    for picture in PICTURES:
        taken[picture.slug] = {kind: hung.pop(f"{picture.slug}-{kind}").read_bytes() for kind in picture.kinds}
    assert hung == {}, "pictures that nobody takes: run `make pictures`"
    assert (HUNG / "README.md").read_text() == catalogue.page(taken), "run: make pictures"
    sizes = [len(png) for kinds in taken.values() for png in kinds.values()]
    assert max(sizes) <= camera.MOST_BYTES
    assert sum(sizes) <= catalogue.MOST_BYTES_IN_ALL


def test_what_is_no_longer_taken_is_taken_down(tmp_path):
    first = GROUPS[0].pictures[0]
    (tmp_path / "of-a-page-that-is-no-more-360.png").write_bytes(b"")
    catalogue.hang({first.slug: {"360": a_png(360, 700)}}, tmp_path)
    assert {file.name for file in tmp_path.iterdir()} == {"README.md", f"{first.slug}-360.png"}
    assert f'<img src="{first.slug}-360.png"' in (tmp_path / "README.md").read_text()


def test_a_gallery_that_grows_too_large_is_refused(tmp_path):
    large = {"x": {"360": bytes(catalogue.MOST_BYTES_IN_ALL + 1)}}
    with pytest.raises(ValueError, match="more than 8,000,000"):
        catalogue.hang(large, tmp_path)


def test_a_picture_is_cut_where_it_grows_too_large():
    kept = camera.small(a_png(1280, 400), tallest=300, scale=1)
    shown = Image.open(io.BytesIO(kept))
    assert len(kept) <= camera.MOST_BYTES
    assert shown.width == 1280
    assert 0 < shown.height < 300


def a_png(width, height):
    """A picture as hard to make small as there is."""
    noise = random.Random(903).randbytes(width * height)
    written = io.BytesIO()
    Image.frombytes("L", (width, height), noise).save(written, "png")
    return written.getvalue()
