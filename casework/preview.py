"""Whom a proposed value would concern: every ledger under the rules in force and under the value, as of its first day.

The errand reads and compares, and writes nothing but what it found (`MovedDuty`), so that it can be taken up from the
start. It asks the very sources of the diary, with the facts of a batch of files read once for all variants, and asks
those again that read the rule. What a person sees of the result, `casework.previewed` says.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.urls import reverse

from casework import diary, errands, holders, tidying
from casework.diary import Batch, Ledger
from casework.ledger import Entry
from casework.limits import start_of
from casework.models import CaseFile, Errand
from casework.procedures import OwnValue, Rule, RulesInForce
from casework.rule_values import MovedDuty, Moves, RuleProposal, Variant
from casework.rules_in_force import rules_in_force

KIND: Final = "preview_rule_value"
FILES_AT_ONCE: Final = 500
LOOKED_BACK: Final = timedelta(weeks=13)
"""How long before its first day a switch is thought to have held already: on that day itself it changes nothing yet."""
KEPT_FOR: Final = timedelta(days=90)

Open = Mapping[tuple[int, str], Entry]
"""What is open, by case file and key."""
Pair = tuple[int, Entry | None, Entry | None]
"""A duty of a case file as it is under the rules in force, and as it would be; None where there is none."""


def ask(proposal: RuleProposal, *, by: Any, at: datetime) -> Errand:
    """Have the preview of a proposal worked out, anew where it was already."""
    errand = errands.ask(KIND, by=by, at=at, told={"proposal": proposal.pk})
    RuleProposal.objects.filter(pk=proposal.pk).update(preview=errand)
    return errand


def register() -> None:
    """Make the errand known, and that its lists are forgotten."""
    tidying.register("lines of previews", forget)
    errands.register(
        errands.Kind(
            KIND,
            "Whom the new value concerns",
            work_out,
            lambda errand: reverse("casework:proposal", args=[errand.told["proposal"]]),
        )
    )


def variants_of(proposal: RuleProposal) -> dict[Variant, OwnValue]:
    """What the preview holds against the rules in force, in the order of a page."""
    plain = proposal.as_own_value(takes_running_along=False)
    if plain.is_on is None:
        return {Variant.KEEP: plain, Variant.TAKE_ALONG: replace(plain, takes_running_along=True)}
    return {Variant.KEEP: plain, Variant.AS_IF: replace(plain, since=plain.since - LOOKED_BACK)}


def work_out(under_way: errands.UnderWay) -> Mapping[str, Any]:
    """Work a preview out, file by file; `told` the proposal."""
    errand = under_way.errand
    proposal = RuleProposal.objects.get(pk=errand.told["proposal"])
    MovedDuty.objects.filter(errand=errand).delete()
    at, rules = start_of(proposal.since), rules_in_force()
    variants = variants_of(proposal)
    files = CaseFile.objects.filter(kind__in=diary.kinds_with_duties())
    of, done, duties = files.count(), 0, 0
    for kind, batch in _batches(files):
        found = Comparison(kind, batch, at, rules, variants)
        MovedDuty.objects.bulk_create(_rows(found, errand), batch_size=2_000)
        done += len(batch)
        duties += len(found.before)
        under_way.tell(done, of, f"{done:,} of {of:,} case files are looked at.")
    return {"files": done, "duties": duties}


def _batches(files: Any) -> Iterator[tuple[str, list[int]]]:
    for kind in diary.kinds_with_duties():
        last, of_kind = 0, files.filter(kind=kind).order_by("pk").values_list("pk", flat=True)
        while batch := list(of_kind.filter(pk__gt=last)[:FILES_AT_ONCE]):
            yield kind, batch
            last = batch[-1]


@dataclass(frozen=True, slots=True)
class RulesHeard(RulesInForce):
    """Rules that note which of them were asked for."""

    asked: set[str] = field(default_factory=set)

    def rule(self, code: str, on: date) -> Rule:
        """The same, noted."""
        self.asked.add(code)
        return RulesInForce.rule(self, code, on)


@dataclass
class Comparison:
    """What is open in files of a kind on a first day, under the rules in force and under each variant of a value."""

    kind: str
    files: list[int]
    at: datetime
    rules: RulesInForce
    variants: Mapping[Variant, OwnValue]
    before: dict[tuple[int, str], Entry] = field(default_factory=dict)
    after: dict[Variant, dict[tuple[int, str], Entry]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """A source that asked nothing of the rule answers the same under each variant."""
        batch = Batch(tuple(self.files), self.at, self.rules)
        self.after = {variant: {} for variant in self.variants}
        for source in diary.sources_of(self.kind).values():
            heard = RulesHeard(self.rules.rules, self.rules.own)
            answer = diary.answer_of(source, batch.under(heard))
            self.before |= _open(answer)
            for variant, under_it in self._answers(source, batch, answer, heard.asked):
                self.after[variant] |= _open(under_it)

    def _answers(
        self, source: diary.Source, batch: Batch, answer: Mapping[int, Ledger], asked: set[str]
    ) -> Iterator[tuple[Variant, Mapping[int, Ledger]]]:
        """What is taken along differs from what keeps its day by what the value reaches, and by nothing else."""
        present = answer
        for variant, value in self.variants.items():
            if value.code in asked:
                under_it = batch.under(self.rules.with_own(value))
                if variant is Variant.TAKE_ALONG:
                    present = diary.take_along(source, present, under_it, value.since)
                else:
                    present = diary.answer_of(source, under_it)
            yield variant, present


def _open(ledgers: Mapping[int, Ledger]) -> dict[tuple[int, str], Entry]:
    return {(pk, entry.key): entry for pk, ledger in ledgers.items() for entry in ledger.entries if entry.is_open}


def _rows(found: Comparison, errand: Errand) -> list[MovedDuty]:
    moved = [
        (variant, pair)
        for variant, after in found.after.items()
        for pair in pairs_of(found.before, after)
        if _due(pair[1]) != _due(pair[2])
    ]
    teams = holders.teams_of(found.kind, {pk for _, (pk, _, _) in moved}, found.at)
    return [
        _row(entry, before, after, found.at, errand=errand, variant=variant, case_file_id=pk, team_id=teams.get(pk))
        for variant, (pk, before, after) in moved
        if (entry := after or before)
    ]


def pairs_of(before: Open, after: Open) -> Iterator[Pair]:
    """Each duty as it is and as it would be.

    The same key is the same duty. What a rule ends it may open in another place of the same clock, as where a visit
    counts no longer: one that ends and one that opens, for the same role about the same record, are one that moves.
    """
    gone: dict[tuple[int, str, str], list[Entry]] = {}
    for key in before.keys() - after.keys():
        gone.setdefault(_clock(key, before[key]), []).append(before[key])
    for key in sorted(before.keys() & after.keys()):
        yield key[0], before[key], after[key]
    for key in sorted(after.keys() - before.keys()):
        instead_of = gone.get(_clock(key, after[key]))
        yield key[0], instead_of.pop() if instead_of else None, after[key]
    for (pk, _, _), entries in gone.items():
        for entry in entries:
            yield pk, entry, None


def _clock(key: tuple[int, str], entry: Entry) -> tuple[int, str, str]:
    return key[0], entry.about, entry.role


def _due(entry: Entry | None) -> datetime | None:
    return entry.due_at if entry else None


def _row(entry: Entry, before: Entry | None, after: Entry | None, at: datetime, **about: Any) -> MovedDuty:
    return MovedDuty(
        kind=entry.kind,
        role=entry.role,
        how=_how(before, after),
        is_overdue_at_once=after is not None and after.due_at <= at and (before is None or before.due_at > at),
        due_before=_due(before),
        due_after=_due(after),
        **about,
    )


def _how(before: Entry | None, after: Entry | None) -> Moves:
    if before is None:
        return Moves.OPENS
    if after is None:
        return Moves.NO_LONGER_DUE
    return Moves.EARLIER if after.due_at < before.due_at else Moves.LATER


def forget(at: datetime) -> int:
    """Forget the lists of old previews; the counts on which somebody decided are kept with the decision. How many."""
    deleted: int = MovedDuty.objects.filter(errand__asked_at__lt=at - KEPT_FOR).delete()[0]
    return deleted
