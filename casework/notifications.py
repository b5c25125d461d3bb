"""Who is told what, and when: once for each duty, person and threshold, ever, however often this runs.

Read TABLE from top to bottom: a duty has the rows that name the code of its rule, or those of EVERYTHING_ELSE where
none does. Of the thresholds in its rows only the latest that has passed counts: whoever takes over an overdue duty is
told that it is overdue, not that half its time had gone. Above whom stands who, ABOVE says; the first in line who holds
the role for that child in their own right is told, so that of a restricted child only people named on it ever are.

What is told is a row (`Notification`), and one mail for everything that one person is told at one time, written in the
same transaction. The mail says that something waits and links to My work: no name, no reference, no word of a case.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Value, When

from accounts.models import User
from accounts.roles import Role
from casework import holders, outbox
from casework.models import Duty, Notification


class Threshold(Enum):
    """A moment in the life of an open duty; the value is what the table of notifications keeps."""

    OPENED = "opened"
    HALF_TIME = "half_time"
    DUE = "due"
    """The last day has begun, and at least half the time has gone."""
    OVERDUE = "overdue"


class Whom(Enum):
    """Who is told of a duty."""

    OWNER = "whoever owes it"
    ABOVE = "whoever stands above the role that owes it"
    TEAM_MANAGER = "the child's team manager"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table: duties of these rules, at this threshold, are told to these people."""

    kinds: tuple[str, ...]
    at: Threshold
    whom: tuple[Whom, ...]


ALARMS: Final = ("D-00",)
STATUTORY_VISITS: Final = ("L-01", "L-02", "L-03", "L-04", "L-05", "L-06", "L-07", "L-08", "C-38")
PURPOSEFUL_VISITS: Final = ("K-01", "K-02", "K-05", "K-06", "K-11", "K-12", "K-13", "K-15", "K-16", "K-17", "K-18")
VISITS: Final = STATUTORY_VISITS + PURPOSEFUL_VISITS
LIBERTY_AND_SAFETY: Final = ("K-10", "L-31", "L-31f", "C-43")
"""A child whom nobody agreed to keep where the child is: whoever stands above learns it as soon as it is overdue."""
EVERYTHING_ELSE: Final = ()

TABLE: Final = (
    Row(ALARMS, Threshold.OPENED, (Whom.OWNER, Whom.ABOVE, Whom.TEAM_MANAGER)),
    Row(VISITS, Threshold.DUE, (Whom.OWNER,)),
    Row(VISITS, Threshold.OVERDUE, (Whom.OWNER, Whom.ABOVE)),
    Row(LIBERTY_AND_SAFETY, Threshold.OPENED, (Whom.OWNER,)),
    Row(LIBERTY_AND_SAFETY, Threshold.HALF_TIME, (Whom.OWNER,)),
    Row(LIBERTY_AND_SAFETY, Threshold.OVERDUE, (Whom.OWNER, Whom.ABOVE)),
    Row(EVERYTHING_ELSE, Threshold.HALF_TIME, (Whom.OWNER,)),
    Row(EVERYTHING_ELSE, Threshold.DUE, (Whom.OWNER,)),
    Row(EVERYTHING_ELSE, Threshold.OVERDUE, (Whom.OWNER,)),
)

ABOVE: Final[Mapping[str, tuple[Role, ...]]] = {
    Role.SOCIAL_WORKER: (Role.TEAM_MANAGER, Role.SERVICE_MANAGER, Role.HOS),
    Role.PERSONAL_ADVISER: (Role.TEAM_MANAGER, Role.SERVICE_MANAGER, Role.HOS),
    Role.TEAM_MANAGER: (Role.SERVICE_MANAGER, Role.HOS),
    Role.SERVICE_MANAGER: (Role.HOS, Role.SERVICE_DIRECTOR),
    Role.DHOS: (Role.HOS, Role.SERVICE_DIRECTOR),
    Role.HOS: (Role.SERVICE_DIRECTOR, Role.DCS),
    Role.SERVICE_DIRECTOR: (Role.DCS,),
    Role.IRO: (Role.ASSISTANT_DIRECTOR,),
    Role.COMMISSIONING: (Role.ASSISTANT_DIRECTOR,),
    Role.PLACEMENT_SERVICE: (Role.ASSISTANT_DIRECTOR,),
    Role.EXIT_WORKER: (Role.EXIT_TEAM_MANAGER, Role.SERVICE_MANAGER),
    Role.EXIT_TEAM_MANAGER: (Role.SERVICE_MANAGER, Role.HOS),
}
"""Roles in line above each role, nearest first. Of roles not listed nobody above is told."""

LAST_DAY: Final = timedelta(days=1)

Telling = tuple[int, int, str]
"""A duty, a person and a threshold."""

NOTIFY = """
INSERT INTO casework_notification (duty_id, person_id, threshold, at)
SELECT duty, person, threshold, %s FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS told (duty, person, threshold)
ON CONFLICT (duty_id, person_id, threshold) DO NOTHING
RETURNING person_id, threshold
"""


def tell_of(case_files: Iterable[int], *, at: datetime) -> int:
    """Tell whom it concerns what is open in these files; how many notifications were new."""
    return tell(at=at, among=Q(case_file__in=list(case_files)))


@transaction.atomic
def tell(*, at: datetime, among: Q) -> int:
    """Tell of every open duty, `among` these, what nobody told the same person before; how many notifications were new.

    What an import opened is passed over. Whoever has left is told nothing.
    """
    duties = Duty.objects.open().filter(among, announced=True).annotate(threshold=_present_threshold(at))
    tellings = {*_to_owners(duties), *_to_others(duties, at)}
    news = _write(tellings, at) if tellings else []
    thresholds: dict[int, list[Threshold]] = defaultdict(list)
    for person, threshold in news:
        thresholds[person].append(Threshold(threshold))
    people = User.objects.filter(pk__in=thresholds, is_active=True)
    outbox.write([(person, *mail_about(thresholds[person.pk])) for person in people.order_by("pk")], at=at)
    return len(news)


def mail_about(thresholds: Iterable[Threshold]) -> tuple[str, str]:
    """Subject and text of a mail about as many duties as there are thresholds. It holds no name and no reference."""
    counted = dict.fromkeys(Threshold, 0)
    for threshold in thresholds:
        counted[threshold] += 1
    waiting = sum(counted.values())
    subject = f"Hearth: {_things(waiting)} for you"
    lines = [f"- {SAID[threshold](count)}" for threshold, count in counted.items() if count]
    return subject, TEXT.format(waiting=_things(waiting), lines="\n".join(lines), address=outbox.address_of())


def _things(count: int) -> str:
    return "1 thing waits" if count == 1 else f"{count} things wait"


SAID: Final = {
    Threshold.OPENED: lambda n: "1 alarm has opened" if n == 1 else f"{n} alarms have opened",
    Threshold.HALF_TIME: lambda n: f"{n} {'has' if n == 1 else 'have'} used half the time there is",
    Threshold.DUE: lambda n: f"{n} {'falls' if n == 1 else 'fall'} due within a day",
    Threshold.OVERDUE: lambda n: f"{n} {'is' if n == 1 else 'are'} overdue",
}
TEXT: Final = """\
{waiting} for you in Hearth:

{lines}

To see what and why, sign in and open My work:
{address}/

This message was sent by Hearth. It names nobody on purpose, so please do not add names if you forward it.
"""


def _present_threshold(at: datetime) -> Case:
    """The latest threshold of a duty's rows that has passed; blank where none has."""
    named = {kind for row in TABLE for kind in row.kinds}
    latest_first = sorted(TABLE, key=lambda row: list(Threshold).index(row.at), reverse=True)
    return Case(
        *(When(_is_of(row, named) & _has_passed(row.at, at), then=Value(row.at.value)) for row in latest_first),
        default=Value(""),
        output_field=CharField(),
    )


def _is_of(row: Row, named: set[str]) -> Q:
    return Q(kind__in=row.kinds) if row.kinds else ~Q(kind__in=named)


def _has_passed(threshold: Threshold, at: datetime) -> Q:
    """Has the threshold of a duty been passed by a moment? Half the time has gone when as much has gone as is left."""
    half_gone = Q(due_at__lte=Value(at) + (Value(at) - F("opened_at")))
    return {
        Threshold.OPENED: Q(opened_at__lte=at),
        Threshold.HALF_TIME: half_gone,
        Threshold.DUE: half_gone & Q(due_at__lte=at + LAST_DAY),
        Threshold.OVERDUE: Q(due_at__lte=at),
    }[threshold]


def _to_owners(duties: Any) -> Iterator[Telling]:
    """What owners have not been told yet."""
    told = Notification.objects.filter(duty=OuterRef("pk"), person=OuterRef("owner"), threshold=OuterRef("threshold"))
    untold = _with_rows_for(duties, Whom.OWNER).filter(~Exists(told), owner__is_active=True)
    yield from untold.values_list("pk", "owner", "threshold").iterator()


def _to_others(duties: Any, at: datetime) -> Iterator[Telling]:
    """What the people beside the owner are to be told, whether they know it already or not."""
    for whom in (Whom.ABOVE, Whom.TEAM_MANAGER):
        columns = ("pk", "case_file", "case_file__kind", "role", "owner", "threshold")
        rows = list(_with_rows_for(duties, whom).values_list(*columns))
        lines = {pk: _line(whom, role) for pk, _, _, role, _, _ in rows}
        holding = _holders({(kind, file, above) for pk, file, kind, *_ in rows for above in lines[pk]}, at)
        for pk, file, _, _, owner, threshold in rows:
            in_line = (holding.get((file, above)) for above in lines[pk])
            person = next((person for person in in_line if person and person != owner), None)
            if person:
                yield pk, person, threshold


def _line(whom: Whom, role: str) -> tuple[Role, ...]:
    """The roles to ask, in turn."""
    return ABOVE.get(role, ()) if whom == Whom.ABOVE else (Role.TEAM_MANAGER,)


def _with_rows_for(duties: Any, whom: Whom) -> Any:
    """The duties at whose present threshold the table names these people."""
    named = {kind for row in TABLE for kind in row.kinds}
    theirs = Q(pk__in=[])
    for row in TABLE:
        if whom in row.whom:
            theirs |= _is_of(row, named) & Q(threshold=row.at.value)
    return duties.filter(theirs)


def _holders(wanted: set[tuple[str, int, str]], at: datetime) -> dict[tuple[int, str], int]:
    """Who holds roles on files in their own right: whoever only stands in is left out."""
    found: dict[tuple[int, str], int] = {}
    for kind in {kind for kind, _, _ in wanted}:
        pairs = {(file, role) for its_kind, file, role in wanted if its_kind == kind}
        for pair, holder in holders.find(kind, pairs, at).items():
            if holder.person_id and not holder.stands_in:
                found[pair] = holder.person_id
    return found


def _write(tellings: Iterable[Telling], at: datetime) -> list[tuple[int, str]]:
    """Write the notifications that do not stand there yet; whom they tell, and of which threshold."""
    duties, people, thresholds = zip(*sorted(tellings), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(NOTIFY, [at, list(duties), list(people), list(thresholds)])
        news: list[tuple[int, str]] = cursor.fetchall()
    return news
