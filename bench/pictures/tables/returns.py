"""Whoever makes the return: files are brought, looked through, and loaded or not. It loads children, so it comes last."""

from bench.pictures import acts, records
from bench.pictures.album import DESK, PHONE, Group, Picture

WHO = "performance"

IMPORTS = Group(
    "The return",
    "Nothing is written until somebody says so.",
    (
        Picture("Imports", "Every import there was, and where it stands.", WHO, "exchange:imports"),
        Picture("Bringing files", "The files of a year, or a zip of several.", WHO, "exchange:bring"),
        Picture(
            "Bringing nothing",
            "What is missing, at its question.",
            WHO,
            "exchange:bring",
            first=acts.sent_empty,
            answers=422,
            only=DESK,
        ),
        Picture(
            "The report",
            "What was found, row by row, before anything is written.",
            WHO,
            "exchange:report",
            of=records.delivery(0),
            prints=True,
        ),
        Picture(
            "The report with a filter",
            "Only what was refused.",
            WHO,
            "exchange:report",
            of=records.delivery(0),
            query="?level=refused",
        ),
        Picture(
            "Nothing new to load",
            "Files that hold no table.",
            WHO,
            "exchange:report",
            of=records.delivery(1),
            only=DESK,
        ),
        Picture("Files that cannot be read", "Why, and what to do.", WHO, "exchange:report", of=records.delivery(2)),
        Picture(
            "Work that could not be done",
            "Why, and the way to how it stands.",
            WHO,
            "casework:errand",
            of=records.failed_errand,
            only=PHONE,
        ),
        Picture(
            "Deciding",
            "Load the good rows, or load nothing.",
            WHO,
            "exchange:decide",
            of=records.delivery(0),
            only=DESK,
        ),
        Picture(
            "Work that takes a while",
            "It goes on when the page is left.",
            WHO,
            "exchange:report",
            of=records.delivery(0),
            first=acts.pressed("Load the good rows"),
        ),
        Picture("Work that is done", "The way to what came of it.", WHO, "casework:errand", of=records.errand),
        Picture(
            "A report that is loaded",
            "What was loaded, and what was refused.",
            WHO,
            "exchange:report",
            of=records.delivery(0),
        ),
        Picture(
            "Bringing visits",
            "The visits of another system, and from when on they are all of them.",
            WHO,
            "exchange:bring_visits",
        ),
        Picture(
            "Exporting visits",
            "A period’s visits, as the Standard Safeguarding Dataset has them.",
            WHO,
            "exchange:export_visits",
            first=acts.pressed("Export the visits"),
            only=DESK,
        ),
        Picture("An export", "What the file holds, and the file.", WHO, "exchange:export", of=records.export),
        Picture("Exports", "Every export there was, and where it stands.", WHO, "exchange:exports"),
    ),
    comes_last=True,
)
GROUPS = (IMPORTS,)
