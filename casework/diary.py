"""The diary: holds what each app makes due against the duty table, and writes only differences.

A source is registered by its app: it gathers facts for a batch of case files and answers with pure ledgers. Facts that
lists need at hand (where a placement stands) are derivations: registered the same way, run before the sources. After an
event the diary looks at the file and at those whose facts it changes; at night only at files whose `look_again_at`, the
next moment at which time alone changes something, has come.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final, TypeVar, cast

from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from casework import holders
from casework.ledger import Closed, Entry
from casework.limits import local_day, start_of
from casework.models import CaseFile, CaseFileQuerySet, Duty, DutyQuerySet
from casework.procedures import RulesInForce
from casework.rules_in_force import rules_in_force

FILES_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Ledger:
    """What a source answers for one case file: every duty, and the next moment at which time alone changes them."""

    entries: tuple[Entry, ...] = ()
    look_again_at: datetime | None = None


Loaded = TypeVar("Loaded")


@dataclass(frozen=True, slots=True)
class Batch:
    """Case files of one kind that are looked at together, at one moment, under the rules in force."""

    files: tuple[int, ...]
    at: datetime
    rules: RulesInForce
    _loaded: dict[object, object] = field(default_factory=dict)

    def load(self, load: "Callable[[Batch], Loaded]") -> Loaded:
        """What a loader reads for these files: read once, however many sources ask for it."""
        if load not in self._loaded:
            self._loaded[load] = load(self)
        return cast("Loaded", self._loaded[load])

    def under(self, rules: RulesInForce) -> "Batch":
        """The same files and facts under other rules. What was loaded is loaded for both.

        A loader may read the rules for what is lawful: no authority's own value changes that (`casework.own_values`).
        """
        return replace(self, rules=rules)


Source = Callable[[Batch], Mapping[int, Ledger]]
Derivation = Callable[[Batch], Mapping[int, datetime | None]]
Dependents = Callable[[int], Iterable[int]]
"""Asked with the case file to which something was written: whose facts change as well?"""

_sources: dict[str, dict[str, Source]] = {}
_derivations: dict[str, dict[str, Derivation]] = {}
_dependents: dict[type[Model], Dependents] = {}
_readers: dict[tuple[type[Model], str], frozenset[str]] = {}
ANY_ACT: Final = ""


def register_source(kind: str, name: str, source: Source) -> None:
    """`source(batch)` answers with the ledger of each file of a kind."""
    _sources.setdefault(kind, {})[name] = source


def register_derivation(kind: str, name: str, derivation: Derivation) -> None:
    """`derivation(batch)` writes what lists need and answers, by file, when to look again."""
    _derivations.setdefault(kind, {})[name] = derivation


def register_dependents(dependents: Dependents, *facts: type[Model]) -> None:
    """`dependents(case_file)` names the files whose facts change as well where one of these is written to a file.

    Whatever is not named here concerns its own file alone, and nobody is asked.
    """
    _dependents.update(dict.fromkeys(facts, dependents))


def files_touched_by(case_file: CaseFile | int, *written: Model) -> set[int]:
    """The file itself and those whose facts change where these are written to it."""
    pk = case_file if isinstance(case_file, int) else case_file.pk
    concerned = {_dependents[type(fact)] for fact in written if type(fact) in _dependents}
    return {pk}.union(*(dependents(pk) for dependents in concerned))


def register_readers(fact: type[Model], *sources: str, after: Iterable[str] = (ANY_ACT,)) -> None:
    """Only these sources read facts of this kind: after an act that writes nothing else, no other need be asked.

    `after` names the acts of which that is said; what is said of an act goes before what is said of any.
    """
    _readers.update({(fact, act): frozenset(sources) for act in after})


def sources_that_read(*written: Model, act: str) -> frozenset[str]:
    """The sources that read what an act wrote in these facts; none where every source may."""
    readers = [_readers.get((type(fact), act)) or _readers.get((type(fact), ANY_ACT)) for fact in written]
    return frozenset[str]().union(*(reader or () for reader in readers)) if all(readers) else frozenset()


_put_off: ContextVar[set[int] | None] = ContextVar("put_off", default=None)


@contextmanager
def one_look_at_the_end(*, announce: bool = True) -> Iterator[None]:
    """One transaction in which acts only note their files; the look comes once, at its end: for loading in bulk."""
    files: set[int] = set()
    with transaction.atomic():
        token = _put_off.set(files)
        try:
            yield
        finally:
            _put_off.reset(token)
        refresh(files, announce=announce)


def puts_off(case_files: Iterable[int]) -> bool:
    """Is the look at these files put off to the end of a load in bulk? They are then noted."""
    files = _put_off.get()
    if files is None:
        return False
    files.update(case_files)
    return True


@dataclass(frozen=True, slots=True)
class Part:
    """Part of a look: these sources alone. The others are asked again at a moment; None where nothing lies ahead."""

    sources: frozenset[str]
    others_again_at: datetime | None


@dataclass(slots=True)
class Differences:
    """What a look at the files changed."""

    files: int = 0
    opened: int = 0
    closed: int = 0
    changed: int = 0

    def add(self, other: "Differences") -> None:
        """Count another look as well."""
        self.files += other.files
        self.opened += other.opened
        self.closed += other.closed
        self.changed += other.changed


def refresh(case_files: Iterable[int], *, at: datetime | None = None, announce: bool = True) -> Differences:
    """Look at these files and write what differs, waiting for whoever works on one. Doing it again changes nothing.

    `announce=False` for what an import opens: no mail is sent for it.
    """
    files = CaseFile.objects.select_for_update().order_by("pk")
    return _refresh(case_files, files, at or timezone.now(), announce)


def refresh_after(case_file: CaseFile, sources: frozenset[str], *, before: datetime | None) -> Differences:
    """Look at one file after an act that only these sources read: the others answer as before it.

    `before` is when the file was to be looked at before the act. Where that has come, or anything was written or marked
    since the act, everything is looked at.
    """
    at = timezone.now()
    as_left = CaseFile.objects.select_for_update().filter(
        pk=case_file.pk, last_number=case_file.last_number, look_again_at=case_file.look_again_at
    )
    with transaction.atomic():
        nothing_else_waits = (before is None or before > at) and bool(as_left.values_list("pk"))
        if nothing_else_waits:
            part = Part(sources, before)
            return _refresh_kind(case_file.kind, [case_file.pk], rules_in_force(), at, announce=True, part=part)
    return refresh([case_file.pk], at=at)


def refresh_due(*, at: datetime | None = None, first: int | None = None, last: int | None = None) -> Differences:
    """Look at every file whose next look has come; of some primary keys only, `first` inclusive, `last` exclusive.

    One that somebody else holds is passed over: they look at it themselves, or it still waits for the next round.
    """
    moment = at or timezone.now()
    due = CaseFile.objects.due_a_look(moment)
    if first is not None:
        due = due.filter(pk__gte=first)
    if last is not None:
        due = due.filter(pk__lt=last)
    free = due.select_for_update(skip_locked=True).order_by("pk")
    return _refresh(due.values_list("pk", flat=True), free, moment, announce=True)


def _refresh(case_files: Iterable[int], among: CaseFileQuerySet, at: datetime, announce: bool) -> Differences:
    rules = rules_in_force()
    total = Differences()
    for batch in _batches(sorted(set(case_files)), FILES_AT_ONCE):
        total.add(_refresh_batch(among.filter(pk__in=batch), rules, at, announce))
    return total


@transaction.atomic
def _refresh_batch(case_files: CaseFileQuerySet, rules: RulesInForce, at: datetime, announce: bool) -> Differences:
    """Look at files under their locks, taken in the one order in which acts take them.

    The filter is asked under the lock, so that of two who look at what is due the second finds nothing to do.
    """
    by_kind: dict[str, list[int]] = {}
    for pk, kind in case_files.values_list("pk", "kind"):
        by_kind.setdefault(kind, []).append(pk)
    total = Differences()
    for kind, files in by_kind.items():
        total.add(_refresh_kind(kind, files, rules, at, announce))
    return total


def _refresh_kind(
    kind: str, files: list[int], rules: RulesInForce, at: datetime, announce: bool, part: Part | None = None
) -> Differences:
    batch = Batch(tuple(files), at, rules)
    ahead = [part.others_again_at] if part and part.others_again_at else []
    looks: dict[int, list[datetime]] = {pk: [*ahead] for pk in files}
    for derivation in _derivations.get(kind, {}).values() if part is None else ():
        for pk, moment in derivation(batch).items():
            if moment:
                looks[pk].append(moment)
    wanted: dict[tuple[int, str], tuple[str, Entry]] = {}
    for name, source in sources_of(kind, part).items():
        for pk, ledger in answer_of(source, batch).items():
            if ledger.look_again_at:
                looks[pk].append(ledger.look_again_at)
            for entry in ledger.entries:
                wanted[pk, entry.key] = (name, entry)
    standing = Duty.objects.filter(case_file__in=files)
    if part:
        standing = standing.filter(source__in=part.sources)
    differences = _write_differences(kind, standing, wanted, at, announce)
    differences.files = len(files)
    _write_looks(looks, at)
    return differences


def kinds_with_duties() -> list[str]:
    """The kinds of case files for which something may be due."""
    return list(_sources)


def sources_of(kind: str, part: Part | None = None) -> Mapping[str, Source]:
    """What answers for files of a kind, by name; in part of a look, those of the part."""
    sources = _sources.get(kind, {}).items()
    return {name: source for name, source in sources if part is None or name in part.sources}


def answer_of(source: Source, batch: Batch) -> Mapping[int, Ledger]:
    """What a source answers under the rules of a batch, what they take along included; nothing is written."""
    ledgers = source(batch)
    for day in batch.rules.days_that_take_along(until=local_day(batch.at)):
        ledgers = take_along(source, ledgers, batch, day)
    return ledgers


def take_along(source: Source, ledgers: Mapping[int, Ledger], batch: Batch, day: date) -> Mapping[int, Ledger]:
    """The ledgers in which what still ran on a day is as the rules that reach back from it make it."""
    at = start_of(day)
    if not any(_ran_on(entry, at) for ledger in ledgers.values() for entry in ledger.entries):
        return ledgers
    reached = source(batch.under(batch.rules.reaching_back_from(day)))
    return {pk: _taken_along(ledger, reached.get(pk, ledger), at) for pk, ledger in ledgers.items()}


def _ran_on(entry: Entry, at: datetime) -> bool:
    return entry.opened_at < at and (entry.closed_at is None or entry.closed_at >= at)


def _taken_along(ledger: Ledger, reached: Ledger, at: datetime) -> Ledger:
    """One file's ledger, in which what still ran at a moment is taken from another.

    What had ended by then stays as it was. A number moves a deadline; it neither makes nor removes one, so that what
    the reaching rules do not know stays too.
    """
    by_key = {entry.key: entry for entry in reached.entries}
    looks = [look for look in (ledger.look_again_at, reached.look_again_at) if look]
    return Ledger(
        tuple(by_key.get(entry.key, entry) if _ran_on(entry, at) else entry for entry in ledger.entries),
        min(looks, default=None),
    )


def _write_differences(
    kind: str,
    kept: DutyQuerySet,
    wanted: dict[tuple[int, str], tuple[str, Entry]],
    at: datetime,
    announce: bool,
) -> Differences:
    standing = {(duty.case_file_id, duty.key): duty for duty in kept}
    unowned = {(pk, entry.role) for (pk, _), (_, entry) in wanted.items() if entry.is_open and entry.owner_id is None}
    found = holders.find(kind, unowned, at)
    opened, changed = [], []
    closed = 0
    for (pk, key), (source, entry) in wanted.items():
        duty = standing.pop((pk, key), None)
        holder = holders.Holder(entry.owner_id) if entry.owner_id else found.get((pk, entry.role), holders.Holder(None))
        row = _row(pk, source, entry, holder, announce)
        if duty and not entry.is_open:
            row.owner_id = entry.owner_id or duty.owner_id
        if duty is None:
            opened.append(row)
        elif _differs(duty, row):
            closed += duty.closed_at is None and row.closed_at is not None
            row.announced = duty.announced
            changed.append(row)
    for duty in standing.values():
        if duty.closed_at is None:
            duty.closed_at, duty.closed_as = at, Closed.NO_LONGER_DUE
            closed += 1
            changed.append(duty)
    Duty.objects.bulk_create(
        [*opened, *changed],
        update_conflicts=True,
        unique_fields=["case_file", "key"],
        update_fields=KEPT,
        batch_size=2000,
    )
    return Differences(opened=len(opened), closed=closed, changed=len(changed) - closed)


KEPT = (
    "source",
    "kind",
    "about",
    "role",
    "owner",
    "stands_in",
    "opened_at",
    "due_at",
    "says",
    "facts",
    "closed_at",
    "closed_as",
    "evidence",
)


def _row(pk: int, source: str, entry: Entry, holder: holders.Holder, announce: bool) -> Duty:
    return Duty(
        case_file_id=pk,
        source=source,
        key=entry.key,
        kind=entry.kind,
        about=entry.about,
        role=entry.role,
        owner_id=holder.person_id if entry.is_open else entry.owner_id,
        stands_in=holder.stands_in if entry.is_open else "",
        opened_at=entry.opened_at,
        due_at=entry.due_at,
        says=entry.says,
        facts=[list(fact) for fact in entry.facts],
        closed_at=entry.closed_at,
        closed_as=entry.closed_as or "",
        evidence=entry.evidence,
        announced=announce,
    )


def _differs(duty: Duty, row: Duty) -> bool:
    return any(getattr(duty, _column(name)) != getattr(row, _column(name)) for name in KEPT)


def _column(name: str) -> str:
    return "owner_id" if name == "owner" else name


def _write_looks(looks: dict[int, list[datetime]], at: datetime) -> None:
    """Set when they were looked at and when to look again, all files in one statement."""
    rows = [(pk, min(moments) if moments else None) for pk, moments in looks.items()]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE casework_casefile AS file SET looked_at = %s, look_again_at = look.at"
            " FROM unnest(%s::bigint[], %s::timestamptz[]) AS look(pk, at) WHERE file.id = look.pk",
            [at, [pk for pk, _ in rows], [moment for _, moment in rows]],
        )


def _batches(items: Sequence[int], size: int) -> Iterator[list[int]]:
    for start in range(0, len(items), size):
        yield list(items[start : start + size])
