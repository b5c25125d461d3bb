"""What the children app makes due: the review of each use of break-glass (A-02), by somebody else than who used it."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F

from accounts.models import Appointment
from accounts.roles import Role
from casework.diary import Batch, Ledger
from casework.events import label_of
from casework.ledger import Closed, Entry
from casework.limits import local_day
from casework.wording import said_day, said_moment, source
from children.models import BreakGlassReview, BreakGlassUse
from children.states import ReviewOutcome, WhyOpened

REVIEW = "A-02"


def reviews_of_break_glass(batch: Batch) -> Mapping[int, Ledger]:
    """The reviews that are due or were made, by case file."""
    begun = BreakGlassUse.objects.filter(child__case_file__in=batch.files, starts_at__lte=batch.at)
    uses: list[Any] = list(begun.annotate(case_file_id=F("child__case_file")).select_related("by").order_by("pk"))
    if not uses:
        return {}
    reviews, held = _settling_reviews(batch), _appointments()
    found: dict[int, list[Entry]] = defaultdict(list)
    for use in uses:
        found[use.case_file_id].append(_entry(use, reviews.get(use.pk), _reviewer(use, held, batch.at), batch))
    return {pk: Ledger(tuple(entries)) for pk, entries in found.items()}


def _settling_reviews(batch: Batch) -> Mapping[int, BreakGlassReview]:
    """By use, the first review that settled it."""
    made = BreakGlassReview.objects.filter(use__child__case_file__in=batch.files, at__lte=batch.at)
    settled = made.exclude(outcome=ReviewOutcome.EXPLAIN).order_by("-at", "-pk")
    return {review.use_id: review for review in settled}


def _appointments() -> list[Appointment]:
    """Who holds or held the roles that review, privacy officers first."""
    held = Appointment.objects.filter(role__in=(Role.PRIVACY_OFFICER, Role.AUDITOR)).select_related("user")
    return sorted(held, key=lambda each: (each.role != Role.PRIVACY_OFFICER, each.starts_at, each.pk))


def _reviewer(use: BreakGlassUse, held: list[Appointment], at: datetime) -> Appointment | None:
    """The first in office who is not the user; an auditor reviews what privacy officers used, and nothing else."""
    was_officer = any(
        each.user_id == use.by_id and each.role == Role.PRIVACY_OFFICER and each.holds_at(use.starts_at)
        for each in held
    )
    others = (each for each in held if each.user_id != use.by_id and each.user.is_active and each.holds_at(at))
    return next((each for each in others if each.role == Role.PRIVACY_OFFICER or was_officer), None)


def _entry(use: Any, review: BreakGlassReview | None, reviewer: Appointment | None, batch: Batch) -> Entry:
    rule = batch.rules.rule(REVIEW, local_day(use.starts_at))
    limit = batch.rules.limit(REVIEW, local_day(use.starts_at))
    due_at = limit.after(use.starts_at)
    return Entry(
        kind=REVIEW,
        key=f"{REVIEW}:{use.pk}",
        role=reviewer.role if reviewer else Role.PRIVACY_OFFICER,
        about=label_of(use),
        opened_at=use.starts_at,
        due_at=due_at,
        says=f"Opened by break-glass on {said_moment(use.starts_at)}: somebody else reviews it. {source(rule)}",
        facts=(
            ("Opened by", use.by.name),
            ("Open until", said_moment(use.ends_at)),
            ("Reason", WhyOpened(use.why).label),
            ("Limit", f"{limit}, so by {said_day(local_day(due_at - timedelta.resolution))}"),
        ),
        closed_at=review.at if review else None,
        closed_as=Closed.MET if review else None,
        evidence=label_of(review) if review else "",
        owner_id=review.by_id if review else reviewer.user_id if reviewer else None,
    )
