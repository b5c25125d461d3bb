"""A person's calendar feed: what is due and what is planned, without a name, an address or a reference.

The address holds a secret, which is shown once and of which only the digest is kept. It opens nothing but the dates, ends
when the person ends or renews it, and with the person's last role.
"""

import hashlib
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.urls import reverse

from accounts.models import User
from casework import outbox
from casework.calendars import Entry, calendar_of
from casework.limits import LONDON, local_day, start_of
from casework.models import Duty
from casework.wording import due_day
from visits.models import CalendarFeed, PlannedVisit
from visits.planning.spreading import said_of_time

KEY: Final = "key"
LENGTH: Final = 32
"""Bytes of the secret."""
LOOKS_BACK: Final = timedelta(days=90)
LOOKS_AHEAD: Final = timedelta(days=400)
TAKES: Final = timedelta(hours=1)
"""How long a planned visit stands in a calendar."""
TOLD: Final = "Open Hearth to see more."


def renewed(person: Any, *, at: datetime) -> str:
    """A new secret for this person's feed; an address made before ends."""
    secret = secrets.token_urlsafe(LENGTH)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=person.pk)
        ended(person, at=at)
        CalendarFeed.objects.create(person=person, token_digest=digest_of(secret), made_at=at)
    return secret


def ended(person: Any, *, at: datetime) -> None:
    """The person's address gives nothing any more."""
    CalendarFeed.objects.filter(person=person, ended_at=None).update(ended_at=at)


def running(person: Any) -> CalendarFeed | None:
    """The person's feed; None where there is none."""
    return CalendarFeed.objects.filter(person=person, ended_at=None).first()


def address_of(secret: str) -> str:
    """The whole address of a feed. The secret stands behind the question mark: logs leave that part out."""
    return outbox.address_of(f"{reverse('visits:feed')}?{KEY}={secret}")


def digest_of(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def opened_by(secret: str, *, at: datetime) -> CalendarFeed | None:
    """The feed that a secret opens; None for any other, however like one it is, and for one that ended.

    It is found by the digest, so that an answer takes as long for every wrong secret. With the account, or the last
    role, the feed ends for good.
    """
    found = CalendarFeed.objects.filter(token_digest=digest_of(secret), ended_at=None).select_related("person").first()
    if found is None or found.person.roles_at(at):
        return found
    ended(found.person, at=at)
    return None


def content_of(feed: CalendarFeed, *, at: datetime) -> bytes:
    """The calendar as it stands at a moment."""
    entries = [*_due(feed.person, at), *_planned(feed.person, at)]
    hints = {"X_WR_CALNAME": "Hearth", "REFRESH_INTERVAL;VALUE=DURATION": "PT1H", "X_PUBLISHED_TTL": "PT1H"}
    return calendar_of(entries, product="Dates", **hints)


def was_read(feed: CalendarFeed, content: bytes, *, at: datetime) -> None:
    """Keep when a calendar asked, and since when it has been told the same."""
    digest = hashlib.sha256(content).hexdigest()
    feed.read_at = at
    if digest != feed.content_digest:
        feed.content_digest, feed.changed_at = digest, at.replace(microsecond=0)
    feed.save(update_fields=["read_at", "content_digest", "changed_at"])


def _due(person: Any, at: datetime) -> Iterator[Entry]:
    within = {"due_at__gte": at - LOOKS_BACK, "due_at__lt": at + LOOKS_AHEAD}
    told = Duty.objects.owed_by(person).filter(**within).soonest_first().only("source", "kind", "opened_at", "due_at")
    for duty in told:
        what = "Visit due" if duty.source == "visits" else "Due"
        in_hours = duty.due_at != start_of(local_day(duty.due_at))
        yield Entry(
            name=f"duty-{duty.pk}",
            says=f"{what} ({duty.kind})",
            told=TOLD,
            starts=duty.due_at if in_hours else due_day(duty.due_at),
            as_of=duty.opened_at,
            url=_my_work(),
            takes_time=False,
        )


def _planned(person: Any, at: datetime) -> Iterator[Entry]:
    seen = PlannedVisit.objects.visible_to(person, at=at).filter(visitor=person).standing()
    since = local_day(at) - LOOKS_BACK
    read = ("pk", "planned_on", "planned_time", "planned_at", "times_changed")
    for pk, day, time, planned_at, times_changed in seen.filter(planned_on__gte=since).values_list(*read):
        starts = datetime.combine(day, time, tzinfo=LONDON).astimezone(UTC) if time else day
        yield Entry(
            name=f"planned-visit-{pk}",
            says=f"Planned visit {said_of_time(time)}".rstrip(),
            told=TOLD,
            starts=starts,
            ends=starts + TAKES if isinstance(starts, datetime) else None,
            as_of=planned_at,
            url=_my_work(),
            times_changed=times_changed,
        )


def _my_work() -> str:
    return outbox.address_of(reverse("children:my_work"))
