"""The event record: who did what, when, from where to where and why, chained by a keyed digest per case file.

Each digest covers every field of its event and the digest before it; the case file holds the head of its chain, and the
heads are exported nightly. So an edit, a deletion, an insertion, a swap and a cut tail all show (`verify_events`). A
file's first event names the child, home or provider that it was opened for, so that files given to each other show too.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from casework.models import CaseFile, Event

CHAINED = (
    "case_file_id",
    "number",
    "act",
    "record",
    "from_state",
    "to_state",
    "by_id",
    "at",
    "recorded_at",
    "because",
    "details",
    "previous_digest",
)
FILES_AT_ONCE = 500
EVENTS_AT_ONCE = 2_000


def digest_of(event: Event) -> str:
    """The keyed digest of an event: HMAC-SHA256 over its fields and the digest before it."""
    content = json.dumps([_plain(getattr(event, name)) for name in CHAINED], sort_keys=True, ensure_ascii=False)
    return hmac.new(settings.EVENT_KEY.encode(), content.encode(), hashlib.sha256).hexdigest()


def label_of(record: Any) -> str:
    """How events, duties and signatures name a record: "approvals.casediscussion:5"."""
    return f"{record._meta.label_lower}:{record.pk}"


def append(
    case_file: CaseFile,
    *,
    act: str,
    record: Any,
    by: Any,
    at: datetime,
    because: str = "",
    from_state: str = "",
    to_state: str = "",
    details: Mapping[str, Any] | None = None,
) -> Event:
    """The next event of a case file, not yet saved; moves the file's head. The caller holds the file's lock."""
    event = Event(
        case_file=case_file,
        number=case_file.last_number + 1,
        act=act,
        record=label_of(record),
        from_state=from_state,
        to_state=to_state,
        by=by,
        at=at,
        recorded_at=timezone.now(),
        because=because,
        details=dict(details or {}),
        previous_digest=case_file.last_digest,
    )
    event.digest = digest_of(event)
    case_file.last_number, case_file.last_digest = event.number, event.digest
    return event


def faults_in_chains(heads: Mapping[int, tuple[int, str]] | None = None) -> Iterator[tuple[int, str]]:
    """Every fault of every chain: the case file's number and a sentence. `heads` are exported heads to hold against.

    What looks like a fault may be an event written while we read: that file is asked again under its lock.
    """
    heads = heads or {}
    known: set[int] = set()
    for files in _files_in_batches():
        known.update(file.pk for file in files)
        for file, chain in _chains(files):
            if any(_faults(file, chain, heads.get(file.pk))):
                yield from _faults_under_lock(file.pk, heads.get(file.pk))
    yield from _files_of_others()
    without_file = Event.objects.filter(~Exists(CaseFile.objects.filter(pk=OuterRef("case_file"))))
    gone = {*without_file.values_list("case_file_id", flat=True), *(heads.keys() - known)}
    yield from ((pk, "the case file is gone") for pk in sorted(gone))


def _files_in_batches() -> Iterator[list[CaseFile]]:
    last = 0
    while files := list(CaseFile.objects.filter(pk__gt=last).order_by("pk")[:FILES_AT_ONCE]):
        yield files
        last = files[-1].pk


def _chains(files: list[CaseFile]) -> Iterator[tuple[CaseFile, Iterable[Event]]]:
    """Each file with its events as they come from the database: a chain of any length takes no more memory."""
    chains = Event.objects.filter(case_file__gte=files[0].pk, case_file__lte=files[-1].pk)
    in_order = chains.order_by("case_file_id", "number").iterator(chunk_size=EVENTS_AT_ONCE)
    left = {file.pk: file for file in files}
    for pk, chain in groupby(in_order, key=attrgetter("case_file_id")):
        if pk in left:
            yield left.pop(pk), chain
    for file in left.values():
        yield file, ()


def _files_of_others() -> Iterator[tuple[int, str]]:
    """Files that were opened for another child, home or provider than the one that they now belong to."""
    for relation in CaseFile._meta.related_objects:
        if relation.one_to_one:
            whose: Any = relation.related_model
            label = Concat(Value(f"{whose._meta.label_lower}:"), Cast("pk", CharField()))
            opened_for_another = Event.objects.filter(case_file=OuterRef("case_file"), number=1).exclude(
                record=OuterRef("label")
            )
            strayed = whose._base_manager.annotate(label=label).filter(Exists(opened_for_another))
            for pk in strayed.order_by("case_file").values_list("case_file", flat=True):
                yield pk, f"it was opened for another {whose._meta.verbose_name} than the one whose file it is now"


@transaction.atomic
def _faults_under_lock(pk: int, exported: tuple[int, str] | None) -> list[tuple[int, str]]:
    case_file = CaseFile.objects.select_for_update().get(pk=pk)
    chain = Event.objects.filter(case_file=case_file).order_by("number").iterator(chunk_size=EVENTS_AT_ONCE)
    return [(pk, fault) for fault in _faults(case_file, chain, exported)]


def _faults(case_file: CaseFile, chain: Iterable[Event], exported: tuple[int, str] | None) -> Iterator[str]:
    number, digest = 0, ""
    exported_stands = False
    for event in chain:
        if event.number != number + 1:
            yield f"event {number + 1} is missing"
        elif event.previous_digest != digest:
            yield f"event {event.number} does not follow the one before it"
        if event.digest != digest_of(event):
            yield f"event {event.number} was changed"
        number, digest = event.number, event.digest
        exported_stands = exported_stands or (number, digest) == exported
    if number == 0:
        yield "it holds no event, and every file begins with one"
    if (number, digest) != (case_file.last_number, case_file.last_digest):
        yield f"the chain ends at event {number}, the file says {case_file.last_number}"
    if exported and exported[0] and not exported_stands:
        yield f"event {exported[0]} is not the one that was exported as the chain’s head"


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
