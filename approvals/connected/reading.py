"""A relative or friend who may care for a child, as one person may read it: the way so far, the household, what is left."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from approvals.connected.permissions import may_ask
from approvals.connected.rules import objections_of_household
from approvals.kinds import KINDS
from approvals.kinds.temporarily import approvals_of, temporary_time_of
from approvals.models import ConnectedPerson, Decision, HouseholdMember
from approvals.permissions import may_prepare
from approvals.reading import WITHHELD
from approvals.rules import objections_to_putting
from approvals.states import TO_PUT
from casework.limits import local_day
from casework.rules_in_force import rules_in_force
from casework.wording import cited, counted, said_day
from children.access import Sight
from placements.states import ApprovalKind
from placements.temporary import TEMPORARY, TemporaryTime, temporary_time_on, temporary_times

WAY = ("viability", "temporary_approval", "extension", "extension_for_review")
"""The kinds of decision on the way of a connected person, in their order."""
EXTENSIONS = ("extension", "extension_for_review")
SOON = 28
"""Days before its end from which a temporary approval is shown as something to watch."""
NOT_NAMED = "A relative or friend"
NOT_ANY_MORE = "Not begun. What has run out is not extended."


def named(person: Any, sight: Sight) -> str:
    """The name, to whoever may know where the child may live."""
    return person.carer.name if sight.address else NOT_NAMED


def countdown(time: TemporaryTime | None, at: datetime) -> list[dict[str, Any]]:
    """How much of a temporary approval is left, as a part of the standing; nothing where none holds."""
    if time is None:
        return []
    day = local_day(at)
    left = time.days_left(day)
    part: dict[str, Any] = {"label": "Temporary approval", "tone": "plain"}
    if left is None:
        part |= {"says": "Until the independent review is decided", "tone": "watch"}
        part["because"] = [f"Approved temporarily since {said_day(time.from_on)}."]
    else:
        part |= {"says": f"{counted(left, 'day')} left" if left else "Today is the last day"}
        part["tone"] = "alarm" if left == 0 else "watch" if left <= SOON else "plain"
        extended = ", extended once" if time.is_extended else ""
        part["because"] = [f"{said_day(time.from_on)} to {said_day(time.last_on)}{extended}."]
    return [part]


def countdown_of_carer(carer: Any, at: datetime) -> list[dict[str, Any]]:
    """The same, for whoever the carer is. Most were never approved for a time: of those no rule is asked."""
    approvals = approvals_of(carer)
    if not any(approval.kind in TEMPORARY for approval in approvals):
        return []
    return countdown(temporary_time_on(local_day(at), approvals, rules_in_force()), at)


def time_of_carer(carer: Any, at: datetime) -> list[dict[str, Any]]:
    """The countdown; once it is over and no approval followed, when the temporary approval ran out."""
    day, approvals, rules = local_day(at), approvals_of(carer), rules_in_force()
    over = [time for time in temporary_times(approvals, rules) if time.to_on and time.to_on <= day]
    is_approved = any(row.kind == ApprovalKind.APPROVED and row.covers(day) for row in approvals)
    left = countdown_of_carer(carer, at)
    if left or is_approved or not over:
        return left
    return [
        {
            "label": "Temporary approval",
            "says": f"Ran out on {said_day(over[-1].last_on)}",
            "tone": "alarm",
            "because": ["No child can stay under it: another home is arranged, and this one ends."],
            "cites": cited(rules.rule("L-21", on=day).cites),
        }
    ]


def person_as_read(person: ConnectedPerson, sight: Sight, *, user: Any, at: datetime) -> dict[str, Any]:
    """What the page of a connected person shows."""
    members = list(person.household.all())
    decisions = list(person.decisions.order_by("pk"))
    may = may_ask(person, user, at)
    return {
        "person": person,
        "name": named(person, sight),
        "standing": [_part(person), *_time_of(person, at)],
        "way": [
            *_enquiry(person),
            *(_row(kind, person, decisions, user, at) for kind in WAY if _is_shown(kind, person)),
        ],
        "outcome": _outcome(person),
        "members": [_member(member, sight, at, may=may and person.is_running) for member in members],
        "unknown": [*_unknown(members, sight, at), *_known_elsewhere(person, sight, user, at)]
        if person.is_running
        else [],
        "may_keep_household": may and person.is_running,
    }


def _time_of(person: ConnectedPerson, at: datetime) -> list[dict[str, Any]]:
    """The countdown; once it is over while the child still lives there, the way to where that is settled."""
    parts, lives = time_of_carer(person.carer, at), person.lives_with_child
    if not parts or "cites" not in parts[0] or lives is None:
        return parts
    url = reverse("placements:placement", args=[lives.pk])
    return [{**parts[0], "url": url, "link": "Where the child lives, and who decides"}]


def _part(person: ConnectedPerson) -> dict[str, Any]:
    tone = {"approved": "good", "refused": "alarm", "in_review": "watch"}.get(person.state, "plain")
    because = [f"{person.get_how_ended_display()}."] if person.how_ended else []
    if person.why_not:
        because.append(f"{person.get_why_not_display()}.")
    return {
        "label": "Where it stands",
        "says": person.get_state_display(),
        "tone": tone,
        "because": because,
        "since": local_day(person.stands_since),
    }


def _enquiry(person: ConnectedPerson) -> list[dict[str, str]]:
    return [{"label": "Enquiry", "says": f"{person.relationship}, asked about on {said_day(person.asked_on)}"}]


def _is_shown(kind: str, person: ConnectedPerson) -> bool:
    return kind != "extension_for_review" or person.review_asked_on is not None


def _row(code: str, person: ConnectedPerson, decisions: list[Decision], user: Any, at: datetime) -> dict[str, str]:
    """One decision on the way: how the latest of its kind stands; where it can be begun, the way there."""
    kind = KINDS[code]
    of_kind = [decision for decision in decisions if decision.kind == code]
    latest = of_kind[-1] if of_kind else None
    row = {"label": kind.title, "says": "Not begun"}
    if latest:
        row = {
            "label": kind.title,
            "says": f"{latest.says}, {said_day(latest.stands_since)}",
            "url": reverse("approvals:decision", args=[latest.pk]),
            "change": "Open",
        }
    if latest and latest.state in TO_PUT:
        return row
    new = Decision(kind=code, child=person.child, connected_person=person)
    can_begin = may_prepare(new, user, at) and not objections_to_putting(new)
    if code in EXTENSIONS and temporary_time_of(person, at) is None:
        return row if latest or not person.was_approved_temporarily else {**row, "says": NOT_ANY_MORE}
    if can_begin and (latest is None or not latest.is_decided or code != "temporary_approval"):
        begin = reverse("approvals:begin_about_person", args=[person.pk, code])
        row |= {"begin": begin, "begin_says": f"{'Write it anew' if latest else 'Begin'}"}
    return row


def _outcome(person: ConnectedPerson) -> list[dict[str, str]]:
    rows = []
    if person.ended_on:
        rows.append({"label": "Decided on", "says": said_day(person.ended_on)})
    if person.review_asked_on:
        sent = f", papers sent on {said_day(person.review_papers_on)}" if person.review_papers_on else ""
        decided = f", decided on {said_day(person.review_decided_on)}" if person.review_decided_on else ""
        rows.append(
            {"label": "Independent review", "says": f"Asked for on {said_day(person.review_asked_on)}{sent}{decided}"}
        )
    return rows


def _member(member: Any, sight: Sight, at: datetime, *, may: bool) -> dict[str, Any]:
    day = local_day(at)
    may_read = bool(sight.narrative and sight.address)
    missing = member.checks_missing_on(day)
    if not member.lives_there_on(day):
        checks = {"says": f"Left on {said_day(member.left_on)}"}
    elif not member.is_adult_on(day):
        checks = {"says": "Under 18: none needed"}
    elif missing:
        checks = {"says": f"Not back: {' and '.join(missing)}", "tone": "watch"}
    else:
        known = "something" in (member.police_found, member.authority_found)
        checks = {"says": "Back", "tone": "good"}
        if may_read:
            checks = {
                "says": "Something is known" if known else "Nothing is known",
                "tone": "watch" if known else "good",
            }
    return {
        "name": member.name if sight.address else member.is_who,
        "is_who": member.is_who,
        "born_on": said_day(member.born_on) if sight.address else "",
        "checks": checks,
        "says": (member.says if may_read else WITHHELD) if member.says else "",
        "url": reverse("approvals:household_member", args=[member.person_id, member.pk]) if may else "",
    }


def _known_elsewhere(person: ConnectedPerson, sight: Sight, user: Any, at: datetime) -> list[str]:
    """Who lives there by the record of a brother or sister, and is not on record here."""
    if not sight.address:
        return []
    known = HouseholdMember.objects.known_to(user, person, at=at)
    return [
        f"{member.name}, {member.is_who}, lives there by the record of another child: add them here too."
        for member in known
    ]


def _unknown(members: list[Any], sight: Sight, at: datetime) -> list[str]:
    """What is not known of the household yet; without names for whoever may not know them."""
    day = local_day(at)
    if sight.address or not members:
        return objections_of_household(members, day)
    waiting = sum(bool(member.checks_missing_on(day)) for member in members)
    return [f"The checks of {counted(waiting, 'person')} are not all back."] if waiting else []
