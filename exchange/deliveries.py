"""The life of a delivery: files are brought, looked through, decided about, loaded or not, and deleted here.

`bring` and `decide` are what people do; `forget_old` is the nightly job's. Where a delivery stands is read off its rows
(`standing_of`), from the top of the table.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.db.models import Q

from casework import errands
from casework.models import Errand
from casework.steps import NotYet
from casework.wording import said_moment
from exchange.limits import DAYS_KEPT, PART
from exchange.loading import DECIDING, LOCK
from exchange.models import DeliveredFile, Delivery, FilePart, KeptFinding
from exchange.unpacking import legible

LOOK, LOAD = "look_through_return", "load_return"
"""The kinds of errand."""
Decision = Delivery.Decision


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a delivery stands, in words."""

    code: str
    says: str
    tone: str
    explains: str = ""
    may_be_decided: bool = False


def holds_something_new(delivery: Delivery) -> bool:
    """Was a table found, when the files were looked through, that is not loaded yet?"""
    return any(file["is_new"] for file in delivery.told.get("files", []))


WHERE_IT_STANDS: Final = (
    # The first row that fits says it. Each: is it so (delivery), and what is said.
    (lambda d: d.decision == Decision.NOTHING, Standing("nothing", "Nothing was loaded", "quiet")),
    (lambda d: d.load and d.load.ended_at and not d.load.failed, Standing("loaded", "Loaded", "good")),
    (lambda d: d.files_gone_at and d.load_id, Standing("broken_off", "Loaded in part, files deleted", "alarm")),
    (lambda d: d.files_gone_at, Standing("lapsed", "Nobody decided: files deleted", "quiet", DAYS_KEPT.says)),
    (
        lambda d: d.load and d.load.failed,
        Standing("failed", "Loading stopped", "alarm", "What was loaded until then stays. Load again to go on.", True),
    ),
    (
        lambda d: d.load_id,
        Standing("loading", "Being loaded", "watch", "The findings are complete once everything is loaded."),
    ),
    (
        lambda d: d.look.failed,
        Standing("unreadable", "Cannot be read", "alarm", "Mend that, and bring the files again."),
    ),
    (
        lambda d: d.look.ended_at and not holds_something_new(d),
        Standing("nothing_new", "Nothing new to load", "quiet", "", True),
    ),
    (lambda d: d.look.ended_at, Standing("waits", "Waits for a decision", "watch", "", True)),
    (lambda d: True, Standing("looking", "Being looked through", "plain", "Nothing is written meanwhile.")),
)


def standing_of(delivery: Delivery) -> Standing:
    """Where a delivery stands now."""
    return next(standing for is_so, standing in WHERE_IT_STANDS if is_so(delivery))


# Bringing


@transaction.atomic
def bring(
    files: Iterable[UploadedFile],
    *,
    by: Any,
    at: datetime,
    kind: Delivery.Kind = Delivery.Kind.RETURN,
    authority_code: str = "",
    year: int | None = None,
    since: date | None = None,
) -> Delivery:
    """Keep the files, part by part, and ask for somebody to look through them."""
    delivery = Delivery.objects.create(
        kind=kind,
        brought_at=at,
        by=by,
        authority_code=authority_code,
        year=year,
        since=since,
        look=errands.ask(LOOK, by=by, at=at, told={}),
    )
    for file in files:
        kept = DeliveredFile.objects.create(delivery=delivery, name=legible(file.name or "file"), size=file.size)
        file.seek(0)
        for number, content in enumerate(iter(lambda file=file: file.read(PART), b"")):
            FilePart.objects.create(file=kept, number=number, content=content)
    return delivery


def digest_of(file: UploadedFile) -> str:
    """What tells one upload from another."""
    digest = hashlib.sha256()
    file.seek(0)
    for part in iter(lambda: file.read(PART), b""):
        digest.update(part)
    return digest.hexdigest()


# Deciding


def objections_to_deciding(delivery: Delivery, decision: str) -> list[str]:
    """Why this cannot be decided now; empty where it can."""
    standing = standing_of(delivery)
    if standing.code == "looking":
        return ["The files are still being looked through: wait until the report is there."]
    if standing.code == "unreadable":
        return ["The files cannot be read, so there is nothing to load. Bring them again."]
    if not standing.may_be_decided:
        return [already_decided(delivery)]
    if decision == Decision.NOTHING and delivery.run_id:
        return ["Loading has begun, and what is loaded stays. Load again to go on."]
    if decision == Decision.LOAD:
        return _objections_to_loading(delivery)
    return []


def already_decided(delivery: Delivery) -> str:
    """Who decided, when, and what; or that time has."""
    if not delivery.decided_by:
        return DAYS_KEPT.says
    label = Decision(delivery.decision).label
    return f"{delivery.decided_by.name} has decided already, on {said_moment(delivery.decided_at)}: “{label}”."


def _objections_to_loading(delivery: Delivery) -> list[str]:
    if not delivery.run_id and not holds_something_new(delivery):
        return ["There is nothing new in these files to load."]
    under_way = Delivery.objects.exclude(pk=delivery.pk).filter(load__ended_at=None, load__isnull=False).first()
    if under_way:
        return ["Another import is being loaded: wait until it has ended, then decide."]
    return []


@transaction.atomic
def decide(delivery_pk: int, decision: str, *, by: Any, at: datetime) -> Delivery:
    """Load, or load nothing: once, and one import at a time. Raises NotYet with sentences."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, DECIDING])
    delivery = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery_pk)
    if objections := objections_to_deciding(delivery, decision):
        raise NotYet(*objections)
    delivery.decision, delivery.decided_by, delivery.decided_at = decision, by, at
    if decision == Decision.LOAD:
        delivery.load = errands.ask(LOAD, by=by, at=at, told={})
    delivery.save()
    if decision == Decision.NOTHING:
        delete_files([delivery.pk], at=at)
    return delivery


# Deleting


def delete_files(deliveries: Iterable[int], *, at: datetime) -> None:
    """Delete the bytes of brought files; their names, and what was found, stay."""
    deliveries = list(deliveries)
    FilePart.objects.filter(file__delivery__in=deliveries).delete()
    Delivery.objects.filter(pk__in=deliveries, files_gone_at=None).update(files_gone_at=at)


@transaction.atomic
def forget_old(at: datetime) -> int:
    """After a week: delete files that nobody decided about, and the findings of files that were not loaded.

    Gives how many deliveries lost something. One that is being loaded is left alone.
    """
    old = Delivery.objects.filter(brought_at__lt=at - timedelta(days=DAYS_KEPT.most))
    under_way = Q(load__isnull=False, load__ended_at=None)
    with_files = list(old.filter(files_gone_at=None).exclude(under_way).values_list("pk", flat=True))
    delete_files(with_files, at=at)
    not_loaded = old.filter(run=None).exclude(under_way).values("pk")
    forgotten = set(KeptFinding.objects.filter(delivery__in=not_loaded).values_list("delivery", flat=True).distinct())
    KeptFinding.objects.filter(delivery__in=forgotten).delete()
    return len(forgotten.union(with_files))


def address_of(errand: Errand) -> str:
    """The report that an errand is for."""
    delivery: Delivery = Delivery.objects.get(Q(look=errand) | Q(load=errand))
    return delivery.get_absolute_url()
