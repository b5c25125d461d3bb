"""The approvals inbox: case discussions and senior decisions, by whom they wait for.

It waits for whoever owes the step: the duties that the diary wrote for it name them (C-46), so that the inbox, My work
and the mails never disagree. "Coming to me" is what I have no step in now, but hold the role of this step or of a later
one. Everything else that runs and that I may see is with others. What I did stays to be found.

Each pile is a condition on both tables, so that a page asks the same of the database for one row and for five hundred.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    Subquery,
    TextChoices,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Concat

from accounts.roles import Role
from approvals import permissions
from approvals.acts import acts_in, label_in, took_part
from approvals.chain import CONVENING
from approvals.decisions.duties import TO_TAKE_BACK
from approvals.kinds import KINDS, WORKERS
from approvals.models import CaseDiscussion, Decision
from approvals.rulebook import FOUR
from approvals.states import ENDED, TO_PUT, DecisionState, State
from casework.models import Duty
from children.access import children_held_for
from children.models import Allocation

TAKE_PART: Final = frozenset(
    {
        *FOUR,
        Role.HOS,
        Role.SERVICE_DIRECTOR,
        Role.ASSISTANT_DIRECTOR,
        Role.DCS,
        Role.DECISION_MAKER,
        Role.PERSONAL_ADVISER,
        Role.SERVICE_MANAGER,
        Role.EXIT_WORKER,
        Role.IRO,
    }
)
"""Whoever prepares, discusses, checks, is consulted about, or decides what goes up."""

NAMES_A_RECORD: Final = (
    rf"^(?!{CONVENING.rule}:)"
    rf"(?:{TO_TAKE_BACK}:|[^:]+:(?=approvals\.(?:casediscussion:|decision:[0-9]+:)))"
    r"(approvals\.(?:casediscussion|decision):[0-9]+)"
)
"""The key of a duty that is a step of a record; a duty to begin anew names the record that fell through, and is none."""

NEVER: Final = timedelta(days=36500)
"""Where no duty says by when, it comes last."""


class Pile(TextChoices):
    """Where a record lies, for one person."""

    WAITING = "waiting", "Waiting for me"
    COMING = "coming", "Coming to me"
    OTHERS = "others", "With others"
    DONE = "done", "Done by me"

    @property
    def url_name(self) -> str:
        """The name of its page's address."""
        return "inbox" if self == Pile.WAITING else f"inbox_{self.value}"


SAYS: Final[Mapping[str, str]] = {
    Pile.WAITING: "You have the next step. Soonest due first.",
    Pile.COMING: "Somebody else has the next step. You hold the role of this step, or of one that comes after it.",
    Pile.OTHERS: "You took part or may see it, and it waits for somebody else.",
    Pile.DONE: "Everything in which you took a step, whether or not it is over. The latest first.",
}
EMPTY: Final[Mapping[str, tuple[str, str]]] = {
    Pile.WAITING: ("Nothing waits for you", "What you have to agree, check, decide or sign will appear here."),
    Pile.COMING: (
        "Nothing is on its way to you",
        "What others have now, and what comes to you later, will appear here.",
    ),
    Pile.OTHERS: (
        "Nothing is with others",
        "What waits for somebody else will appear here, with who has it and since when.",
    ),
    Pile.DONE: (
        "You have taken no step yet",
        "Whatever you agree, check, decide or sign can be found here afterwards.",
    ),
}

BEFORE_SIGN_OFF: Final = (
    State.CONVENED,
    State.SENT_BACK,
    State.TO_AGREE,
    State.AGREED,
    State.APPROVED,
    State.DISSENTED,
)
UNTIL_TOLD: Final = (*BEFORE_SIGN_OFF, State.SIGNED_OFF)
BEFORE_AGREED: Final = (State.CONVENED, State.SENT_BACK)
BEFORE_CHECKED: Final = (DecisionState.PREPARED, DecisionState.TO_CHECK, DecisionState.HANDED_BACK)


@dataclass(frozen=True, slots=True)
class Noun:
    """One of the two kinds of record that go up."""

    code: str
    model: Any
    child: str
    """How it leads to its child."""

    def running(self) -> Q:
        """Those that are under way."""
        return ~Q(state__in=ENDED) if self.model is CaseDiscussion else Q(state__in=TO_PUT)

    def seen_by(self, user: Any, at: datetime) -> Any:
        """Those that this person may see, or may read again because of the own part in them."""
        records: Any = self.model.objects
        visible = records.visible_to(user, at=at)
        return visible | records.kept_by(user, at=at) if self.model is Decision else visible


DISCUSSIONS: Final = Noun("discussion", CaseDiscussion, "placement__child")
DECISIONS: Final = Noun("decision", Decision, "child")
NOUNS: Final = (DISCUSSIONS, DECISIONS)


def steps_owed() -> Any:
    """The open duties that are a step of a record, each with the record that it names."""
    named = Func(F("key"), Value(NAMES_A_RECORD), function="substring", output_field=CharField())
    return Duty.objects.open().annotate(names=named).filter(names__isnull=False)


def record_of(duty: Duty) -> str:
    """The record whose step a duty is; empty where it is none."""
    found = re.match(NAMES_A_RECORD, duty.key)
    return found[1] if found else ""


def takes_part(user: Any, at: datetime) -> bool:
    """Does this person hold a role to which anything goes up?"""
    return bool(user.holds(*TAKE_PART, at=at))


def piles(noun: Noun, user: Any, at: datetime) -> Any:
    """The records of a noun that this person finds here, each with its pile, and whether he or she took a step in it."""
    model = noun.model
    owed = steps_owed().filter(owner=user)
    label = Concat(Value(f"{model._meta.label_lower}:"), F("pk"), output_field=CharField())
    seen = noun.seen_by(user, at).annotate(label=label)
    coming = _discussions_coming_to(user, at) if model is CaseDiscussion else _decisions_coming_to(user, at)
    pile = Case(
        When(label__in=owed.values("names"), then=Value(Pile.WAITING.value)),
        When(noun.running() & coming, then=Value(Pile.COMING.value)),
        When(noun.running(), then=Value(Pile.OTHERS.value)),
        default=Value(""),
        output_field=CharField(),
    )
    return seen.annotate(pile=pile, is_done=ExpressionWrapper(Q(took_part(model, user)), BooleanField()))


def counts(seen: Iterable[Any]) -> dict[str, int]:
    """How many records lie in each pile."""
    found = dict.fromkeys(Pile.values, 0)
    for records in seen:
        for pile, number, done in (
            records.order_by()
            .values_list("pile")
            .annotate(number=Count("pk"), done=Count("pk", filter=Q(is_done=True)))
        ):
            found[Pile.DONE] += done
            if pile:
                found[pile] += number
    return found


def within(records: Any, pile: str) -> Any:
    """The records that lie in one pile."""
    return records.filter(is_done=True) if pile == Pile.DONE else records.filter(pile=pile)


def due(noun: Noun, by: Any = None) -> Any:
    """The soonest moment at which a step of a record is overdue; a step of one person alone, where one is named."""
    ends_here = Concat(F("key"), Value(":"), output_field=CharField())
    steps = steps_owed().filter(case_file=OuterRef(f"{noun.child}__case_file")).annotate(whole_key=ends_here)
    of_record = steps.filter(whole_key__contains=Concat(Value(":"), label_in(noun.model, end=":")))
    of_record = of_record.filter(owner=by) if by else of_record
    return Subquery(of_record.order_by("due_at").values("due_at")[:1])


def in_order(records: Mapping[Noun, Any], pile: str, user: Any, at: datetime) -> Any:
    """The records of both nouns as one list, noun and primary key: what was done last first, else what is due soonest."""
    lists = [
        narrowed.order_by()
        .annotate(noun=Value(noun.code, output_field=CharField()), stands_at=_placed_by(noun, pile, user, at))
        .values_list("noun", "pk", "stands_at")
        for noun, narrowed in records.items()
    ]
    first = "-stands_at" if pile == Pile.DONE else "stands_at"
    return lists[0].union(*lists[1:], all=True).order_by(first, "noun", "pk")


def _placed_by(noun: Noun, pile: str, user: Any, at: datetime) -> Any:
    if pile == Pile.DONE:
        return Subquery(acts_in(noun.model, user).order_by("-number").values("at")[:1])
    return Coalesce(due(noun, user if pile == Pile.WAITING else None), Value(at + NEVER))


def _discussions_coming_to(user: Any, at: datetime) -> Q:
    """Case discussions in which this person has a step still to come: as one of the four, to decide, to tell, to file."""
    child = DISCUSSIONS.child
    is_one_of_four = Q(*((role.value, user.pk) for role in FOUR), _connector=Q.OR)
    wrote = permissions.AUTHORED | permissions.AGREED
    coming = Q(state__in=BEFORE_AGREED) & is_one_of_four
    for role, states, other in (
        (Role.HOS, UNTIL_TOLD, wrote | permissions.DECIDED_AS_DIRECTOR),
        (Role.SERVICE_DIRECTOR, BEFORE_SIGN_OFF, wrote | permissions.DECIDED_AS_HOS),
    ):
        if user.holds(role, at=at):
            has_no_part = ~is_one_of_four & ~Q(took_part(CaseDiscussion, user, *other))
            coming |= Q(state__in=states) & children_held_for(user, role, at, child) & has_no_part
    if user.holds(Role.SOCIAL_WORKER, at=at):
        coming |= _allocated(user, at, child, Role.SOCIAL_WORKER)
    return coming


def _decisions_coming_to(user: Any, at: datetime) -> Q:
    """Senior decisions that this person is to check or to decide, and has no other part in."""
    coming = Q(pk__in=[])
    for role in user.roles_at(at):
        checked = [code for code, kind in KINDS.items() if kind.checks == role]
        if checked:
            has_no_part = ~Q(took_part(Decision, user, *permissions.NOT_TO_CHECK))
            is_to_check = Q(kind__in=checked, state__in=BEFORE_CHECKED)
            coming |= is_to_check & children_held_for(user, role, at, DECISIONS.child) & has_no_part
        decides = Q(decides=role) | Q(decides="", kind__in=[code for code, k in KINDS.items() if k.decides == role])
        has_no_part = ~Q(took_part(Decision, user, *permissions.NOT_TO_DECIDE))
        works_with = _allocated(user, at, DECISIONS.child, *WORKERS)
        coming |= decides & children_held_for(user, role, at, DECISIONS.child) & has_no_part & ~works_with
    return coming


def _allocated(user: Any, at: datetime, child: str, *roles: Role) -> Q:
    allocated = Allocation.objects.in_force(at).filter(person=user, role__in=roles)
    return Q(**{f"{child}__in": allocated.values("child")})
