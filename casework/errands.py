"""Errands: long work that somebody asks for on a page and a worker does, as an import, an export or a preview.

An errand is a row before the bell rings (`ask`). Whoever does it holds a lock (`casework.alone`). So an errand that was
handed out five times is done once, and one whose worker was killed is taken up again at the next bell, by which time it must
find what it did already: what an errand does can be repeated from the start without doubling anything.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from casework import bell, outbox
from casework.alone import alone
from casework.models import Errand

TASK: Final = "casework.tasks.do_errand"
LOCK: Final = 311
"""The kind of the lock on an errand (`casework.alone`); its number is the errand's own."""
SECONDS_BETWEEN_WORDS: Final = 1.0
"""How often an errand under way writes how far it is."""
MOST_ATTEMPTS: Final = 3
MOST_BEGINNINGS: Final = 20
"""How often an errand is begun at most: one that takes its worker down each time would do so for ever."""


class CannotBeDone(Exception):
    """What was asked cannot be done; the sentence says why, to whoever asked."""


class NotDoneYet(Exception):
    """A stretch of it is done, and stands; whoever hears the bell goes on. For what takes longer than one task may."""


class UnderWay:
    """An errand while it is done: what was asked, and how far it is."""

    def __init__(self, errand: Errand):
        self.errand = errand
        self._said_at = float("-inf")

    def tell(self, done: int, of: int | None, says: str) -> None:
        """Say how far it is: so many of so many, and what is done now. Seen once the present transaction is committed."""
        if time.monotonic() - self._said_at >= SECONDS_BETWEEN_WORDS:
            Errand.objects.filter(pk=self.errand.pk).update(done=done, of=of, says=says, alive_at=timezone.now())
            self._said_at = time.monotonic()


Do = Callable[[UnderWay], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Kind:
    """What can be asked for: its name, its title on pages, what does it, and where its result stands."""

    name: str
    title: str
    do: Do
    """`do(under_way)` does it and gives the outcome as plain values; raises CannotBeDone."""
    result: Callable[[Errand], str]
    """The address of the result."""


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind of errand known. Registering it again changes nothing."""
    _kinds[kind.name] = kind


def kind_of(errand: Errand) -> Kind:
    """What an errand is."""
    return _kinds[errand.kind]


def ask(kind: str, *, by: Any, at: datetime, told: Mapping[str, Any]) -> Errand:
    """Ask for an errand, `told` what it needs as plain values; a worker comes once the transaction is committed."""
    errand: Errand = Errand.objects.create(kind=_kinds[kind].name, by=by, asked_at=at, told=dict(told))
    bell.ring_on_commit(TASK, errand.pk)
    return errand


def take_up() -> int:
    """Ring for every errand that has not ended; how many they are. Those under way are left alone by whoever comes."""
    waiting = list(Errand.objects.not_ended().values_list("pk", flat=True))
    for pk in waiting:
        bell.ring(TASK, pk)
    return len(waiting)


def do(pk: int) -> None:
    """Do an errand, unless it has ended or somebody is at it.

    What goes wrong with the database, and a worker that dies, leaves it to be taken up, up to MOST_BEGINNINGS times.
    Anything else that nobody foresaw does so too, until it has gone wrong three times.
    """
    is_left = False
    with alone(LOCK, pk) as is_ours:
        errand = Errand.objects.not_ended().filter(pk=pk).first() if is_ours else None
        if errand is None:
            return
        if errand.attempts >= MOST_BEGINNINGS:
            _end(errand, failed=BROKE_OFF)
            return
        _begin(errand)
        try:
            outcome = kind_of(errand).do(UnderWay(errand))
        except CannotBeDone as why:
            _end(errand, failed=str(why))
        except NotDoneYet:
            is_left = True
            Errand.objects.filter(pk=pk).update(attempts=F("attempts") - 1)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            if errand.attempts + 1 >= MOST_ATTEMPTS:
                _end(
                    errand,
                    failed="Something went wrong here, three times. Nothing more is tried. Tell your administrator.",
                )
            raise
        else:
            _end(errand, outcome=outcome)
    if is_left:
        bell.ring(TASK, pk)


def _begin(errand: Errand) -> None:
    now = timezone.now()
    Errand.objects.filter(pk=errand.pk).update(
        attempts=F("attempts") + 1, started_at=Coalesce("started_at", now), alive_at=now
    )


@transaction.atomic
def _end(errand: Errand, *, outcome: Mapping[str, Any] | None = None, failed: str = "") -> None:
    """Write how it ended, and tell whoever asked, naming nobody."""
    now = timezone.now()
    Errand.objects.filter(pk=errand.pk).update(ended_at=now, outcome=dict(outcome or {}), failed=failed)
    person: Any = errand.by
    outbox.write([(person, SUBJECT, TEXT.format(address=outbox.address_of(errand.get_absolute_url())))], at=now)


BROKE_OFF: Final = (
    f"It was broken off {MOST_BEGINNINGS} times before its end, so nothing more is tried. Tell your administrator."
)
SUBJECT: Final = "Hearth: what you asked for has ended"
TEXT: Final = """\
Something that you asked for in Hearth, and that took a while, has ended.

To see what came of it, sign in and open:
{address}

This message was sent by Hearth. It names nobody on purpose, so please do not add names if you forward it.
"""
