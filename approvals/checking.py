"""What the digest under a signed record tells: which record it is, whether it still stands, and who signed it."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.urls import reverse

from approvals.beside import holds_of
from approvals.decisions.reading import decision_as_read
from approvals.documents import VOID, mark_of_decision, mark_of_discussion
from approvals.models import CaseDiscussion, Decision
from approvals.reading import approval_as_read
from approvals.rulebook import FOUR
from casework.digests import Told
from children.access import sight_of

PLACES = ("placement__child__case_file", "placement__carer", "placement__home", "placement__standing")
OF_DECISION = (
    "child__case_file",
    "placement__carer",
    "placement__home",
    "placement__standing",
    "proposed__home",
    "connected_person__carer",
)


def tell_of_discussion(version: int, user: Any, at: datetime) -> Told | None:
    """What a person may know of one version of the record of a case discussion."""
    visible = CaseDiscussion.objects.visible_to(user, at=at).select_related(*PLACES, *(role.value for role in FOUR))
    discussion = visible.filter(versions=version).first()
    if discussion is None:
        return None
    child = discussion.placement.child
    read = approval_as_read(discussion, sight_of(user, child, at), at=at, by=user)
    now = later_than(version, read)
    return Told(
        title=f"Case discussion {discussion.pk}: record of an unregulated arrangement",
        about=child.name,
        url=reverse("approvals:approval", args=[discussion.pk]),
        version=_version(version, read),
        mark=mark_of_discussion(discussion, {**read, "later": now, "holds": holds_of(discussion, at)}),
        stands=discussion.get_state_display(),
        signatures=_voided(version, read) if now else read["signatures"],
        unsigned=read["unsigned"],
    )


def tell_of_decision(version: int, user: Any, at: datetime) -> Told | None:
    """What a person may know of one version of what was put to whoever decides."""
    visible = Decision.objects.visible_to(user, at=at).select_related(*OF_DECISION)
    decision = visible.filter(versions=version).first()
    if decision is None:
        return None
    read = decision_as_read(decision, sight_of(user, decision.child, at), at=at, by=user)
    now = later_than(version, read)
    return Told(
        title=f"Decision {decision.pk}: {decision.of_kind.title}",
        about=decision.child.name,
        url=reverse("approvals:decision", args=[decision.pk]),
        version=_version(version, read),
        mark=mark_of_decision(decision, {**read, "later": now}),
        stands=decision.stands,
        signatures=_voided(version, read) if now else read["signatures"],
    )


def later_than(version: int, read: dict[str, Any]) -> Any:
    """The version that took the place of this one; None where none did."""
    after = [each["version"] for each in reversed(read["earlier"])] + [read["version"]]
    return next((each for before, each in pairwise(after) if before.pk == version), None)


def _version(version: int, read: dict[str, Any]) -> Any:
    known = [read["version"], *(each["version"] for each in read["earlier"])]
    return next(each for each in known if each.pk == version)


def _voided(version: int, read: dict[str, Any]) -> Sequence[dict[str, Any]]:
    """The signatures that typing anew made void."""
    earlier = next(each for each in read["earlier"] if each["version"].pk == version)
    return [
        {"role": role, "person": person, "at": at, "says": VOID, "tone": "alarm"}
        for role, person, at in earlier["signatures"]
    ]
