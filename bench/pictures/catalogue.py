"""Hangs the pictures: the files of docs/pictures, and the page that shows them."""

from pathlib import Path

from bench.pictures.album import DESK, PHONE, Group, Picture
from bench.pictures.tables import GROUPS

MOST_BYTES_IN_ALL = 8_000_000
HEAD = """\
# Gallery

Every page of Hearth, as the people of the invented authority see it: on a phone (360 pixels wide) and on a desk (1,280).
Of a long page its top is shown. `make pictures` takes them anew; what each shows stands in `bench/pictures/tables`.
"""
SHOWN = {str(PHONE): 180, str(DESK): 560, "print": 560, "pages": 560}
"""How wide each is on the page of the gallery."""
SAYS = {str(PHONE): "on a phone", str(DESK): "on a desk", "print": "printed", "pages": "as a PDF"}


def hang(taken: dict[str, dict[str, bytes]], folder: Path) -> int:
    """Write the pictures and their page, take down what is no more, and say how large all are together."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {f"{slug}-{kind}.png": png for slug, kinds in taken.items() for kind, png in kinds.items()}
    for file in folder.glob("*.png"):
        if file.name not in files:
            file.unlink()
    for name, png in files.items():
        (folder / name).write_bytes(png)
    (folder / "README.md").write_text(page(taken))
    size = sum(len(png) for png in files.values())
    if size > MOST_BYTES_IN_ALL:
        raise ValueError(f"The pictures are {size:,} bytes together, more than {MOST_BYTES_IN_ALL:,}.")
    return size


def page(taken: dict[str, dict[str, bytes]]) -> str:
    """The gallery as Markdown."""
    contents = [f"- [{group.title}](#{_anchor(group.title)})" for group in GROUPS]
    return "\n".join([HEAD, *contents, "", *("\n".join(_group(group, taken)) for group in GROUPS)])


def _group(group: Group, taken: dict[str, dict[str, bytes]]) -> list[str]:
    lines = [f"## {group.title}", "", group.says, ""]
    for picture in group.pictures:
        lines += _picture(picture, taken.get(picture.slug, {}))
    return lines


def _picture(picture: Picture, kinds: dict[str, bytes]) -> list[str]:
    who = f"As `{picture.who}`." if picture.who else "Before signing in."
    order = [kind for kind in SHOWN if kind in kinds]
    shown = [
        f'<img src="{picture.slug}-{kind}.png" width="{SHOWN[kind]}" alt="{picture.title}, {SAYS[kind]}">'
        for kind in order
    ]
    return [f"### {picture.title}", "", f"{picture.sees} {who}", "", *shown, ""]


def _anchor(title: str) -> str:
    return "".join(letter for letter in title.lower().replace(" ", "-") if letter.isalnum() or letter == "-")
