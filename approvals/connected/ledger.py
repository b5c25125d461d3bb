"""What the diary is told of connected persons: the facts of a batch of children, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from accounts.roles import Role
from approvals.connected.duties import Adult, PersonFacts, next_adult_at, person_entries, temporary_entries
from approvals.connected.states import Pathway
from approvals.models import ConnectedPerson, DecisionSignature
from approvals.states import Act, DecisionState
from casework.diary import Batch, Ledger
from casework.events import label_of
from casework.ledger import Entry
from children.ages import birthday
from placements.duties import Oversight
from placements.histories import History, histories
from placements.models import Placement
from placements.standing import standings
from placements.states import AuthorisationKind

VIABILITY = "viability"
SAY_WHEN_ASSESSED = ("temporary_approval", "extension")
"""The kinds of decision that say by when the full assessment is to be complete."""


def connected_duties(batch: Batch) -> Mapping[int, Ledger]:
    """What enquiries, temporary approvals and their ends make due, by case file."""
    people = batch.load(people_by_file)
    return {
        pk: Ledger(tuple(_of_child(history, people.get(pk, []), batch)), next_adult_at(people.get(pk, []), batch.at))
        for pk, history in batch.load(histories).items()
    }


def _of_child(history: History, people: list[PersonFacts], batch: Batch) -> Iterator[Entry]:
    for person in people:
        yield from person_entries(person, batch.rules, batch.at)
    for placement in history.placements:
        if placement.carer_id is None:
            continue
        asked_about = [person for person in people if person.carer == placement.carer_id]
        yield from temporary_entries(
            history.facts_of(placement),
            batch.load(standings)[placement.pk],
            asked_about,
            _oversight_of(history, placement),
            batch.rules,
            about=label_of(placement),
            now=batch.at,
        )


def _oversight_of(history: History, placement: Placement) -> list[Oversight]:
    signed = history.authorised(placement, AuthorisationKind.CONNECTED_PERSON)
    return [Oversight(row.starts_at, row.ends_at, Role.SERVICE_DIRECTOR, row.record) for row in signed]


def people_by_file(batch: Batch) -> Mapping[int, list[PersonFacts]]:
    """By case file, whoever was asked about for the child, the first first."""
    found = ConnectedPerson.objects.on_record().filter(child__case_file__in=batch.files)
    found = found.select_related("child").order_by("pk")
    people = [person for person in found.prefetch_related("household") if person.asked_on and person.stands_since]
    decided = _decided(people) if people else {}
    known: dict[int, list[PersonFacts]] = defaultdict(list)
    for person in people:
        known[person.case_file_id].append(_facts(person, decided.get(person.pk, [])))
    return known


def files_with_the_same_carers(case_file: int) -> Iterable[int]:
    """The files of other children who live with somebody who was asked about for this child: an approval is theirs too."""
    lived = Placement.objects.filter(ended_at=None, carer__enquiries__child__case_file=case_file)
    return lived.exclude(child__case_file=case_file).order_by().values_list("child__case_file", flat=True).distinct()


def _facts(person: Any, decided: list[Any]) -> PersonFacts:
    viable = [each for each in decided if each.version.decision.kind == VIABILITY]
    told = [each for each in decided if each.version.decision.kind in SAY_WHEN_ASSESSED]
    return PersonFacts(
        record=label_of(person),
        carer=person.carer_id,
        state=Pathway(person.state),
        asked_on=person.asked_on,
        stands_since=person.stands_since,
        viable_at=viable[0].at if viable else None,
        assess_by=_day(told[-1].version.content.get("assess_by")) if told else None,
        approved_at=told[-1].at if told else None,
        review_asked_on=person.review_asked_on,
        review_papers_on=person.review_papers_on,
        adults=tuple(_adult(member, person) for member in person.household.all()),
    )


def _adult(member: Any, person: Any) -> Adult:
    """From when somebody of the household has to be checked, and whether that is done."""
    days = (member.police_checked_on, member.authority_checked_on)
    came_on = max(member.came_on or person.asked_on, person.asked_on)
    return Adult(
        record=label_of(member),
        from_on=max(birthday(member.born_on, 18), came_on),
        checked_on=max(days) if all(days) else None,
        left_on=member.left_on,
    )


def _decided(people: Iterable[Any]) -> Mapping[int, list[Any]]:
    """By person, the decisions that were taken about them, oldest first: each by its signature."""
    kinds = (VIABILITY, *SAY_WHEN_ASSESSED)
    about = {"version__decision__connected_person__in": people, "version__decision__state": DecisionState.GRANTED}
    signed = DecisionSignature.objects.filter(act=Act.DECIDE, version__decision__kind__in=kinds, **about)
    taken: dict[int, list[Any]] = defaultdict(list)
    for each in signed.select_related("version__decision").order_by("at", "pk"):
        taken[each.version.decision.connected_person_id].append(each)
    return taken


def _day(said: str | None) -> date | None:
    return date.fromisoformat(said) if said else None
