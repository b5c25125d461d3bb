"""Exports the heads of the event record's chains every night: a cut tail shows even where its file was rewritten.

An export is one file of JSON lines, a head a line, sealed by a keyed digest in the last line. Keep the folder
(`HEARTH_HEADS_DIR`) where whoever could change the database cannot write. A head never goes back: where a chain no
longer holds the head that was exported before, the new export keeps the old one, and `verify_events` goes on finding it.
"""

import hashlib
import hmac
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import connection

from casework.models import CaseFile

Head = tuple[int, str]
"""The number and the digest of a chain's last event."""

EXPORTS_KEPT = 30
FILES_AT_ONCE = 2_000

STILL_THERE = """
SELECT head.file FROM unnest(%s::bigint[], %s::int[], %s::text[]) AS head (file, number, digest)
JOIN casework_event AS event ON event.case_file_id = head.file AND event.number = head.number
    AND event.digest = head.digest
"""


class BadExport(Exception):
    """An export was cut or changed; the message is a sentence that names the file."""


@dataclass(frozen=True, slots=True)
class Export:
    """What one export holds."""

    path: Path
    heads: int
    kept: int
    """How many heads of an earlier export had to be kept, because their chains no longer hold them."""

    def __str__(self) -> str:
        said = f"{self.heads} heads exported to {self.path.name}."
        return f"{said} {self.kept} chains were cut: run verify_events." if self.kept else said


def export(at: datetime) -> Export:
    """Write the heads of all chains as they now stand to a new file, whole or not at all; forget the oldest exports."""
    folder = Path(settings.HEARTH_HEADS_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    before = latest_heads()
    kept = _no_longer_there(before)
    path = folder / f"heads-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}.jsonl"
    count = _write_sealed(path, _heads_now(kept))
    for old in _exports()[:-EXPORTS_KEPT]:
        old.unlink()
    return Export(path, count, len(kept))


def latest_heads() -> dict[int, Head]:
    """The heads of the latest export by case file; none where nothing was ever exported. Raises BadExport."""
    path = latest_export()
    return read(path) if path else {}


def latest_export() -> Path | None:
    """The newest file of exported heads."""
    return next(reversed(_exports()), None)


def read(path: Path) -> dict[int, Head]:
    """The heads of an export, by case file. Raises BadExport where it does not hold what was written."""
    heads: dict[int, Head] = {}
    seal = _seal()
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            try:
                row = json.loads(line)
                if "seal" in row:
                    if row["seal"] == seal.hexdigest() and not lines.readline():
                        return heads
                    break
                heads[row["file"]] = (row["number"], row["digest"])
            except (ValueError, KeyError, TypeError):
                break
            seal.update(line.encode())
    raise BadExport(f"The exported heads in {path} were cut or changed: take a copy that was kept elsewhere.")


def _exports() -> list[Path]:
    """Every export, oldest first: their names sort by time."""
    return sorted(Path(settings.HEARTH_HEADS_DIR).glob("heads-*.jsonl"))


def _heads_now(kept: Mapping[int, Head]) -> Iterator[tuple[int, Head]]:
    """The head of every case file, in order; of those whose chain was cut the head that was exported before."""
    gone = dict(kept)
    files = CaseFile.objects.order_by("pk").values_list("pk", "last_number", "last_digest")
    for pk, number, digest in files.iterator(chunk_size=FILES_AT_ONCE):
        yield pk, gone.pop(pk, (number, digest))
    yield from sorted(gone.items())


def _no_longer_there(heads: Mapping[int, Head]) -> dict[int, Head]:
    """Those of the heads whose event their chain no longer holds."""
    missing: dict[int, Head] = {}
    left = iter(sorted(item for item in heads.items() if item[1][0]))
    while batch := list(islice(left, FILES_AT_ONCE)):
        files, numbers, digests = zip(*((pk, *head) for pk, head in batch), strict=True)
        with connection.cursor() as cursor:
            cursor.execute(STILL_THERE, [list(files), list(numbers), list(digests)])
            there = {pk for (pk,) in cursor.fetchall()}
        missing.update((pk, head) for pk, head in batch if pk not in there)
    return missing


def _write_sealed(path: Path, heads: Iterable[tuple[int, Head]]) -> int:
    count, seal = 0, _seal()
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
        for pk, (number, digest) in heads:
            line = json.dumps({"file": pk, "number": number, "digest": digest}) + "\n"
            seal.update(line.encode())
            file.write(line)
            count += 1
        file.write(json.dumps({"seal": seal.hexdigest()}) + "\n")
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(path)
    return count


def _seal() -> "hmac.HMAC":
    return hmac.new(settings.EVENT_KEY.encode(), digestmod=hashlib.sha256)
