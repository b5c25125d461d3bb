"""Opens the pages in a real browser, as the people of the invented authority, and keeps what is to be seen as small PNGs."""

import io
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops
from playwright.sync_api import sync_playwright

from bench.names import PASSWORD
from bench.pictures.album import DESK, PHONE, Picture

HEIGHT = {PHONE: 740, DESK: 900}
TALLEST = {PHONE: 780, DESK: 880}
"""What of a long page is kept, in pixels from its top."""
SCALE = {PHONE: 1, DESK: 0.625, "sheets": 0.5}
COLOURS = (
    "0b0c0c 555656 9a9b9b ffffff f6f5f2 d3d1ca 26383c 92999b fff6dd e0a100 fdf1f0 a3191b d28c8c 1a65a6 8cb2d2 0f7a52 "
    "87bca8 ffdd00 6b4300"
)
"""Those of the style sheet, and what lies between letters and paper."""
MOST_BYTES = 60_000
PAGES_PRINTED = 2
SHEET = (794, 1123)
"""A4 at 96 dots per inch."""
SECONDS_TO_DRAW = 60
SECONDS_FOR_A_PAGE = 60
QUIET = ("background-networking", "component-update", "sync", "quic", "gpu")
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Blurred(Exception):
    """A picture that cannot be hung: the page is not the one that was meant, or it is too wide for its window."""


@contextmanager
def cameras(port: int) -> Iterator["Camera"]:
    """A camera with its browser, which is closed at the end of the block."""
    flags = ["--no-first-run", *(f"--disable-{name}" for name in QUIET)]
    if os.geteuid() == 0:
        flags.append("--no-sandbox")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=flags)
        try:
            yield Camera(browser, port, Path(folder))
        finally:
            browser.close()


class Camera:
    """One browser, in which each person is signed in at most once."""

    def __init__(self, browser: Any, port: int, folder: Path):
        self._browser, self._folder = browser, folder
        self._start = f"http://localhost:{port}"
        self._people: dict[str, Any] = {}

    def take(self, picture: Picture, address: str) -> dict[str, bytes]:
        """The pictures of one page, by what its files end in."""
        if picture.is_pdf:
            return {"pages": self._sheets(self._fetched(picture, address))}
        page = self._opened(picture, address)
        taken = {}
        try:
            for width in (DESK, PHONE):
                page.set_viewport_size({"width": width, "height": HEIGHT[width]})
                wide = page.evaluate(SIDEWAYS)
                if wide > 0:
                    raise Blurred(f"{wide} pixels wider than its window of {width}")
                if str(width) in picture.kinds:
                    # What sticks to the lower edge of the window would lie across the middle of a long page.
                    tall = page.evaluate("document.documentElement.scrollHeight")
                    page.set_viewport_size({"width": width, "height": tall})
                    taken[str(width)] = small(page.screenshot(full_page=True), TALLEST[width], SCALE[width])
            if picture.prints:
                page.set_viewport_size({"width": DESK, "height": HEIGHT[DESK]})
                taken["print"] = self._sheets(page.pdf(format="A4", print_background=False))
        finally:
            page.close()
        return taken

    def _opened(self, picture: Picture, address: str) -> Any:
        """The page, with everything done on it; raises Blurred where it is not the page that was meant."""
        page = self._person(picture.who).new_page()
        page.set_viewport_size({"width": DESK, "height": HEIGHT[DESK]})
        answers: list[int] = []
        page.on("response", lambda got: answers.append(got.status) if got.request.is_navigation_request() else None)
        page.goto(self._start + address)
        self._confirm(page, picture)
        if picture.first:
            picture.first(page)
            self._confirm(page, picture)
            page.wait_for_load_state("networkidle")
        if answers[-1] != picture.answers:
            page.close()
            raise Blurred(f"it answers {answers[-1]} and not {picture.answers}")
        return page

    def _confirm(self, page: Any, picture: Picture) -> None:
        """Give the password again, where it is asked in between."""
        if "/reauthenticate/" in page.url and "reauthenticate" not in picture.page:
            page.locator("main input[type=password]").fill(PASSWORD)
            with page.expect_navigation():
                page.locator("main form[method=post] button[type=submit]").first.click()

    def _person(self, username: str) -> Any:
        """The browser of somebody who is signed in; a new one for whoever is not."""
        if username and username in self._people:
            return self._people[username]
        context = self._browser.new_context(locale="en-GB", timezone_id="Europe/London", service_workers="block")
        context.set_default_timeout(SECONDS_FOR_A_PAGE * 1000)
        if username:
            page = context.new_page()
            page.goto(f"{self._start}/accounts/login/")
            page.get_by_label("Username").fill(username)
            page.locator("input[type=password]").fill(PASSWORD)
            page.get_by_role("button", name="Sign in", exact=True).click()
            page.get_by_role("button", name="Sign out").wait_for()
            page.close()
            self._people[username] = context
        return context

    # PDF

    def _fetched(self, picture: Picture, address: str) -> bytes:
        answer = self._person(picture.who).request.get(self._start + address)
        if answer.status != picture.answers:
            raise Blurred(f"it answers {answer.status} and not {picture.answers}")
        return bytes(answer.body())

    def _sheets(self, pdf: bytes) -> bytes:
        """The first pages of a PDF side by side, as the browser itself shows them."""
        file = self._folder / "document.pdf"
        file.write_bytes(pdf)
        sheets = [self._sheet(file, number) for number in range(1, min(_pages_of(pdf), PAGES_PRINTED) + 1)]
        gap = 12
        whole = Image.new("RGB", (sum(s.width + gap for s in sheets) - gap, max(s.height for s in sheets)), "#b1b4b6")
        for number, sheet in enumerate(sheets):
            whole.paste(sheet, (number * (sheets[0].width + gap), 0))
        kept = io.BytesIO()
        whole.save(kept, "png")
        return small(kept.getvalue(), whole.height, SCALE["sheets"])

    def _sheet(self, file: Path, number: int) -> Any:
        page = self._browser.new_page(viewport={"width": SHEET[0] + 16, "height": SHEET[1] + 16})
        try:
            page.goto(f"file://{file}#page={number}&view=Fit&toolbar=0&navpanes=0")
            return _paper(_still(page))
        finally:
            page.close()


def _still(page: Any) -> Any:
    """What the viewer shows, once it shows paper and no longer changes."""
    before, give_up_at = None, time.monotonic() + SECONDS_TO_DRAW
    while time.monotonic() < give_up_at:
        now = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        is_paper = now.getpixel((now.width // 2, 40)) == (255, 255, 255)
        if is_paper and before is not None and ImageChops.difference(now, before).getbbox() is None:
            return now
        before = now
        time.sleep(0.3)
    raise Blurred("the PDF is not drawn")


def _paper(shown: Any) -> Any:
    """Without the viewer's dark ground around the sheet."""
    ground = Image.new("RGB", shown.size, shown.getpixel((0, 0)))
    sheet = ImageChops.difference(shown, ground).convert("L").point(lambda light: 255 if light > 180 else 0)
    return shown.crop(sheet.getbbox())


def _pages_of(pdf: bytes) -> int:
    from pypdf import PdfReader

    return len(PdfReader(io.BytesIO(pdf)).pages)


def small(png: bytes, tallest: int, scale: float) -> bytes:
    """The same with few colours, from its top as far down as it stays small."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    height = min(image.height, tallest)
    image = image.crop((0, 0, image.width, height))
    image = image.resize((round(image.width * scale), round(height * scale)), Image.Resampling.LANCZOS)
    image = image.quantize(palette=_palette(), dither=Image.Dither.NONE)
    while True:
        kept = io.BytesIO()
        image.save(kept, "png", optimize=True)
        if kept.tell() <= MOST_BYTES:
            return kept.getvalue()
        image = image.crop((0, 0, image.width, int(image.height * 0.9)))


def _palette() -> Any:
    numbers = [int(colour[at : at + 2], 16) for colour in COLOURS.split() for at in (0, 2, 4)]
    palette = Image.new("P", (1, 1))
    palette.putpalette(numbers + numbers[:3] * (256 - len(numbers) // 3))
    return palette
