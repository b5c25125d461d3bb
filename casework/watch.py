"""Watches the clock: looks at the files for which time alone has changed something, and tells whom it concerns.

Most limits end with a day, so most files wait just after midnight: they are cut into stretches of primary keys, each a
task of its own, spread over as many workers as there are. Whatever a stretch leaves, because its worker was killed or
the broker down, still waits in the database, and the next hour's look finds it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby, islice
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.apps import apps
from django.db import OperationalError, transaction
from django.db.models import F, Q

from accounts.models import Appointment
from casework import bell, diary, holders, jobs, notifications
from casework.diary import Differences
from casework.limits import local_day
from casework.models import CaseFile, CaseFileQuerySet, Duty
from casework.rule_values import RuleValue

LOOKS = ("look_at_night", "look_each_hour")
STRETCH = 5_000
"""Primary keys in one task: at five milliseconds a file, half a minute's work."""
DUTIES_AT_ONCE = 5_000
LEFT_FOR = timedelta(minutes=5)
"""A file that has waited for a look for so long was left: its act's own look was lost, or the night's stretch."""
TRIED_AFTER = timedelta(minutes=75)
"""A file that has waited for so long cannot be looked at: the hourly look has tried it, and goes on trying."""
WRITTEN_LATE = timedelta(minutes=10)
"""A change of an appointment may be committed this long after the moment that it bears."""


Refresh = Callable[[int, int], Differences]
"""Looks at the files of a stretch of primary keys, the first inclusive, the last exclusive."""


class CannotBeLookedAt(Exception):
    """Some files could not be looked at; all others were. The message names them by number, never by name."""

    def __init__(self, failures: Mapping[int, Exception]):
        self.failures = failures
        super().__init__(f"These case files could not be looked at: {', '.join(map(str, sorted(failures)))}.")


@dataclass(slots=True)
class Look:
    """What one look found."""

    differences: Differences = field(default_factory=Differences)
    told: int = 0
    """How many notifications were written."""

    def __str__(self) -> str:
        found = self.differences
        return (
            f"{found.files} case files looked at: {found.opened} duties opened, {found.closed} closed, "
            f"{found.changed} changed; {self.told} notifications."
        )


def hand_out(at: datetime) -> int:
    """Cut the files that wait for a look into stretches and ring for each; how many stretches."""
    _mark(at)
    return _hand_out(CaseFile.objects.due_a_look(at))


def hand_over(at: datetime) -> int:
    """Hand out the files whose holders have just changed, because somebody came or went; how many stretches.

    The hourly look would find them too. An alarm that nobody holds does not wait for it.
    """
    mark_new_holders(at - WRITTEN_LATE, at)
    return _hand_out(CaseFile.objects.due_a_look(at))


def take_up(at: datetime) -> int:
    """Hand out the files that were left without the look they waited for; how many stretches.

    Most often a page's process was killed between an act and the look after it: until it comes, a duty stands as open
    that the act has met.
    """
    left = CaseFile.objects.due_a_look(at - LEFT_FOR)
    return _hand_out(left.filter(look_again_at__gt=at - TRIED_AFTER))


def _hand_out(waiting: CaseFileQuerySet) -> int:
    in_stretches = waiting.order_by().annotate(stretch=F("pk") / STRETCH)
    stretches = sorted(in_stretches.values_list("stretch", flat=True).distinct())
    for stretch in stretches:
        bell.ring("casework.tasks.look_at_stretch", stretch * STRETCH, (stretch + 1) * STRETCH)
    return len(stretches)


def look(at: datetime) -> Look:
    """Look at everything that waits for a look, and tell whom it concerns, also of what nobody was told yet."""
    _mark(at)
    return _look(_at_what_waits(at), 0, _past_the_last_file(), at=at, among=Q())


def look_at_stretch(first: int, last: int, *, at: datetime) -> Look:
    """Look at what waits from primary key `first`, inclusive, to `last`, exclusive, and tell whom it concerns."""
    return _look(_at_what_waits(at), first, last, at=at, among=Q(case_file__gte=first, case_file__lt=last))


def look_at_everything(at: datetime) -> Look:
    """Look at every file, whether it waits or not, and tell whom it concerns."""
    return _look(_at_every_file(at), 0, _past_the_last_file(), at=at, among=Q())


def _look(refresh: Refresh, first: int, last: int, *, at: datetime, among: Q) -> Look:
    """A file that cannot be looked at holds up no other; CannotBeLookedAt is raised at the end, so the run has failed."""
    failures: dict[int, Exception] = {}
    differences = _look_apart(refresh, first, last, failures)
    told = notifications.tell(at=at, among=among)
    if failures:
        raise CannotBeLookedAt(failures) from next(iter(failures.values()))
    return Look(differences, told)


def _look_apart(refresh: Refresh, first: int, last: int, failures: dict[int, Exception]) -> Differences:
    """Look at a stretch; where that fails, at its halves, down to the files at fault."""
    try:
        return refresh(first, last)
    except (OperationalError, SoftTimeLimitExceeded):
        raise
    except Exception as error:  # noqa: BLE001 - raised again once the other files have been looked at
        if last - first == 1:
            failures[first] = error
            return Differences()
    middle = (first + last) // 2
    differences = _look_apart(refresh, first, middle, failures)
    differences.add(_look_apart(refresh, middle, last, failures))
    return differences


def _at_what_waits(at: datetime) -> Refresh:
    return lambda first, last: diary.refresh_due(at=at, first=first, last=last)


def _at_every_file(at: datetime) -> Refresh:
    files = CaseFile.objects.values_list("pk", flat=True)
    return lambda first, last: diary.refresh(files.filter(pk__gte=first, pk__lt=last), at=at)


def _past_the_last_file() -> int:
    return (CaseFile.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1


def _mark(at: datetime) -> None:
    """Mark the files for which something began or ended that no event of theirs says, since the last look began."""
    since = jobs.last_started(*LOOKS, by=at)
    mark_new_values(since, at)
    mark_new_holders(since, at)


def mark_new_values(since: datetime | None, at: datetime) -> int:
    """Mark the files with open duties where a value of the authority's own began after a moment; how many.

    `since` None asks about every value that has begun. Files that somebody works on are waited for, in the one order.
    """
    begun = RuleValue.objects.filter(since__lte=local_day(at))
    if since is not None:
        begun = begun.filter(since__gt=local_day(since))
    if not begun.exists():
        return 0
    owing = sorted(Duty.objects.open().order_by().values_list("case_file", flat=True).distinct())
    return sum(_mark_files(owing[first : first + STRETCH], at) for first in range(0, len(owing), STRETCH))


@transaction.atomic
def _mark_files(files: list[int], at: datetime) -> int:
    locked = CaseFile.objects.select_for_update().filter(pk__in=files).order_by("pk")
    return (
        CaseFile.objects.filter(pk__in=list(locked.values_list("pk", flat=True)))
        .exclude(look_again_at__lte=at)
        .update(look_again_at=at)
    )


def mark_new_holders(since: datetime | None, at: datetime) -> int:
    """Mark the files some of whose duties somebody else owes now; how many. `since` None asks about every open duty.

    An appointment, an allocation or a restriction that begins or ends changes who owes a duty, and no event says so.
    """
    files: set[int] = set()
    duties = Duty.objects.open()
    if since is not None:
        files.update(holders.files_changed_between(since, at))
        roles, people = _changed_between(since, at)
        stood_in_for = ~Q(stands_in="") if roles else Q(pk__in=[])
        duties = duties.filter(Q(role__in=roles) | Q(owner__in=people) | stood_in_for)
    files.update(_files_with_new_holders(duties, at))
    return CaseFile.objects.filter(pk__in=files).exclude(look_again_at__lte=at).update(look_again_at=at)


def _changed_between(since: datetime, at: datetime) -> tuple[set[str], set[int]]:
    """The roles and the people whose appointments began, ended, or were written or corrected, between two moments."""
    written = {"pgh_created_at__gt": since - WRITTEN_LATE, "pgh_created_at__lte": at}
    changed = {
        *Appointment.objects.changed_between(since, at).values_list("role", "user"),
        *apps.get_model("accounts", "AppointmentEvent").objects.filter(**written).values_list("role", "user"),
    }
    people = apps.get_model("accounts", "UserEvent").objects.filter(**written).values_list("id", flat=True)
    return {role for role, _ in changed}, {person for _, person in changed} | set(people)


def _files_with_new_holders(duties: Any, at: datetime) -> Iterator[int]:
    """The files of those duties whose holder is not the one that stands there."""
    columns = ("case_file__kind", "case_file", "role", "owner", "stands_in")
    rows = duties.order_by("case_file__kind", "case_file").values_list(*columns).distinct()
    for kind, of_kind in groupby(rows.iterator(chunk_size=DUTIES_AT_ONCE), key=lambda row: row[0]):
        for batch in _batches(of_kind):
            now = holders.find(kind, {(pk, role) for _, pk, role, _, _ in batch}, at)
            for _, pk, role, owner, stands_in in batch:
                if now[pk, role] != holders.Holder(owner, stands_in):
                    yield pk


def _batches(rows: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    left = iter(rows)
    while batch := list(islice(left, DUTIES_AT_ONCE)):
        yield batch
