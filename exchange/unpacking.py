"""Brought files, opened: loose files are one folder, a zip holds one for each of its folders with files.

Nothing is unpacked onto a disk. Every file is read where it is kept, part by part, and no name in a zip is ever used as a
path. A zip that is made to do harm is refused as a whole, by the limits of `exchange.limits`, before anything of it is
taken; a single file that cannot be read is left out with a finding.
"""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from casework.errands import CannotBeDone
from exchange.findings import Finding
from exchange.limits import ENTRIES, PART, RATIO, RATIO_COUNTS_FROM, UNPACKED
from exchange.loading import Folder
from exchange.models import DeliveredFile, Delivery, FilePart
from exchange.ssda903.reading import Source

LONGEST_NAME: Final = 120
LITTER: Final = frozenset({"thumbs.db", "desktop.ini"})
"""What file managers leave in folders."""
NOT_A_ZIP: Final = "“{}” is no zip, or did not arrive whole: zip the files again, and bring it."
BEYOND_4_GIGABYTES: Final = "“{}” is packed as only files beyond 4 gigabytes need be: zip it with another program."
DAMAGE: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)
END, END_LENGTH, LONGEST_END, LOCATOR = b"PK\5\6", 22, 22 + 0xFFFF, b"PK\6\7"
BYTES_OF_AN_ENTRY: Final = 1000
"""How long an entry in a zip's list of contents may be; names are far shorter."""

Tell = Callable[[int, int | None, str], None]


class _Bytes(io.RawIOBase):
    """The bytes of a brought file, one part of it in memory at a time."""

    def __init__(self, file: DeliveredFile) -> None:
        self._file = file
        self._at = 0
        self._number, self._part = -1, b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._file.size}[whence]
        if start + offset < 0:
            raise OSError("before the beginning of the file")
        self._at = start + offset
        return self._at

    def readinto(self, buffer: bytearray) -> int:
        if self._at >= self._file.size:
            return 0
        number, within = divmod(self._at, PART)
        if number != self._number:
            self._number, self._part = number, self._fetch(number)
        taken = self._part[within : within + len(buffer)]
        buffer[: len(taken)] = taken
        self._at += len(taken)
        return len(taken)

    def _fetch(self, number: int) -> bytes:
        part = FilePart.objects.filter(file=self._file, number=number).values_list("content", flat=True).first()
        if part is None:
            raise OSError(f"part {number} of file {self._file.pk} is not there")
        return bytes(part)


@dataclass(frozen=True, slots=True)
class Brought:
    """A file as it was brought."""

    file: DeliveredFile

    @property
    def name(self) -> str:
        """What it is called."""
        return self.file.name

    def open(self) -> BinaryIO:
        """Its bytes."""
        return io.BufferedReader(_Bytes(self.file), PART)


@dataclass(frozen=True, slots=True)
class Zipped:
    """A file in a zip that was brought."""

    archive: zipfile.ZipFile
    info: zipfile.ZipInfo
    name: str

    def open(self) -> BinaryIO:
        """Its bytes."""
        return self.archive.open(self.info)  # type: ignore[return-value]


@dataclass(slots=True)
class Unpacked:
    """What was brought: folders to load, and what is to be said of files that are in none."""

    folders: list[Folder] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


@contextmanager
def unpacked(delivery: Delivery, tell: Tell) -> Iterator[Unpacked]:
    """The brought files, open inside the block. Raises CannotBeDone for a zip that cannot or must not be read."""
    found = Unpacked()
    loose: list[Source] = []
    with ExitStack() as open_until_read:
        for file in delivery.files.all():
            if file.name.lower().endswith(".zip"):
                archive = open_until_read.enter_context(_archive(file))
                found.folders += _Unpacking(archive, file.name, found.findings, tell).folders()
            else:
                loose.append(Brought(file))
        if loose:
            found.folders.append(Folder(delivery.folder_of_loose_files, loose))
        yield found


def _archive(file: DeliveredFile) -> zipfile.ZipFile:
    raw = Brought(file).open()
    try:
        if _length_of_contents(raw, file) > ENTRIES.most * BYTES_OF_AN_ENTRY:
            raise CannotBeDone(ENTRIES.says)
        archive = zipfile.ZipFile(raw)
    except DAMAGE as damage:
        raise CannotBeDone(NOT_A_ZIP.format(file.name)) from damage
    if len(archive.infolist()) > ENTRIES.most:
        raise CannotBeDone(ENTRIES.says)
    return archive


def _length_of_contents(raw: BinaryIO, file: DeliveredFile) -> int:
    """How many bytes the zip's list of contents has: the library reads all of it into memory, whatever its length."""
    raw.seek(max(0, file.size - LONGEST_END - len(LOCATOR) * 5))
    tail = raw.read()
    # The library looks in these two places, in this order.
    at = len(tail) - END_LENGTH
    if tail[at : at + len(END)] != END or tail[-2:] != b"\0\0":
        at = tail.rfind(END)
    if at < 0 or len(tail) < at + END_LENGTH:
        raise zipfile.BadZipFile
    if tail[max(0, at - 20) : at].startswith(LOCATOR):
        raise CannotBeDone(BEYOND_4_GIGABYTES.format(file.name))
    (length,) = struct.unpack("<L", tail[at + 12 : at + 16])
    return int(length)


class _Unpacking:
    """One zip on its way into folders."""

    def __init__(self, archive: zipfile.ZipFile, name: str, findings: list[Finding], tell: Tell) -> None:
        self.archive = archive
        self.name = name
        self.findings = findings
        self.tell = tell
        self.size = 0

    def folders(self) -> list[Folder]:
        """The folders that have files, each file read once from end to end: what it claims to be is not believed."""
        by_folder: dict[str, list[Source]] = {}
        seen: set[str] = set()
        entries = self.archive.infolist()
        for number, info in enumerate(entries):
            self.tell(number, len(entries), "Checking the zip.")
            name = info.filename.replace("\\", "/")
            if info.is_dir() or _is_litter(name):
                continue
            if wrong := "zip-twice" if name in seen else self._wrong_with(info, name):
                self.findings.append(Finding(wrong, legible(name)))
                continue
            seen.add(name)
            folder, _, last = name.rpartition("/")
            by_folder.setdefault(folder, []).append(Zipped(self.archive, info, legible(last)))
        if not by_folder and not self.findings:
            raise CannotBeDone(f"“{self.name}” holds no file.")
        return [Folder(self._name_of(folder), sources) for folder, sources in by_folder.items()]

    def _name_of(self, folder: str) -> str:
        return legible(folder.rpartition("/")[2] or self.name.rpartition(".")[0])

    def _wrong_with(self, info: zipfile.ZipInfo, name: str) -> str | None:
        """Why a file is not read: the code of a reason; None where it is. Raises CannotBeDone beyond the limits."""
        if name.startswith("/") or ".." in name.split("/") or ":" in name.partition("/")[0]:
            return "zip-outside"
        if stat.S_ISLNK(info.external_attr >> 16):
            return "zip-link"
        if name.lower().endswith(".zip"):
            return "zip-inside"
        if info.flag_bits & 1:
            return "zip-locked"
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            return "zip-damaged"
        try:
            self._read_through(info)
        except DAMAGE:
            return "zip-damaged"
        return None

    def _read_through(self, info: zipfile.ZipInfo) -> None:
        size = 0
        with self.archive.open(info) as file:
            while part := file.read(PART):
                size += len(part)
                self.size += len(part)
                if self.size > UNPACKED.most:
                    raise CannotBeDone(UNPACKED.says)
                if size > RATIO_COUNTS_FROM and size > RATIO.most * max(info.compress_size, 1):
                    raise CannotBeDone(RATIO.says)


def _is_litter(name: str) -> bool:
    *folders, last = name.split("/")
    return "__MACOSX" in folders or last.startswith(".") or last.lower() in LITTER


def legible(name: str) -> str:
    """A file's name as it can be shown and kept, whatever signs stand in it."""
    shown = "".join(sign if sign.isprintable() else "?" for sign in name)
    return shown if len(shown) <= LONGEST_NAME else f"{shown[: LONGEST_NAME - 21]}…{shown[-20:]}"
