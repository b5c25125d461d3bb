"""The outbox: mails are rows written in the transaction that made them necessary, and sent afterwards, at least once.

A mail is taken (its next try is put off, its attempts counted), then sent, then marked as sent. So two workers do not
send the same mail, none holds a lock while a mail server thinks, and a mail whose worker was killed between sending and
marking goes out once more, rather than never.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPNotSupportedError, SMTPRecipientsRefused, SMTPSenderRefused
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from casework import bell
from casework.models import OutgoingMail

log = structlog.get_logger(__name__)

LONGEST_WAIT = timedelta(hours=12)
LEFT_FOR = timedelta(minutes=1)
"""A mail that has waited for so long was left: whoever writes one rings at once."""
REFUSED = (SMTPRecipientsRefused, SMTPSenderRefused, SMTPDataError, SMTPNotSupportedError, ValueError)
"""What is wrong with one mail: the server's answer, or an address that none could be. All else concerns every mail."""

Written = tuple[User, str, str]
"""To whom, subject, text."""


def write(mails: Iterable[Written], *, at: datetime) -> None:
    """Write mails that go out once the present transaction is committed; none to whoever has no mail address."""
    rows = [
        OutgoingMail(to=person, subject=subject, body=text, written_at=at)
        for person, subject, text in mails
        if person.email
    ]
    if rows:
        OutgoingMail.objects.bulk_create(rows)
        bell.ring_on_commit("casework.tasks.send_mail_now")


def address_of(path: str = "") -> str:
    """The whole address of a page, as a link in a mail has it; without a path, that of Hearth."""
    return f"{settings.HEARTH_ADDRESS.rstrip('/')}{path}"


def take_up(at: datetime) -> int:
    """Ring where mails were left, the bell for them lost; how many they are."""
    left: int = OutgoingMail.objects.waiting(at).filter(written_at__lte=at - LEFT_FOR).count()
    if left:
        bell.ring("casework.tasks.send_mail_now")
    return left


@dataclass(slots=True)
class Sent:
    """What one round of sending did."""

    sent: int = 0
    refused: int = 0

    def __str__(self) -> str:
        return f"{self.sent} mails sent, {self.refused} refused by the mail server and kept."


def send_waiting(*, at: datetime | None = None) -> Sent:
    """Send every mail that waits, those that waited longest first.

    A mail that the server refuses is kept and tried again later. Raises what the mail server's absence raises: then the
    mails wait for the next round.
    """
    done = Sent()
    with get_connection() as server:
        while mail := _take(at or timezone.now()):
            person: Any = mail.to
            message = EmailMessage(mail.subject, mail.body, to=[person.email], connection=server)
            try:
                message.send()
            except REFUSED as error:
                log.warning("mail_refused", mail=mail.pk, attempts=mail.attempts, error=type(error).__name__)
                done.refused += 1
                continue
            OutgoingMail.objects.filter(pk=mail.pk, sent_at__isnull=True).update(sent_at=at or timezone.now())
            done.sent += 1
    return done


@transaction.atomic
def _take(at: datetime) -> OutgoingMail | None:
    """The mail that waits longest, now ours for a while: two minutes at first, twice as long with every attempt."""
    waiting = OutgoingMail.objects.waiting(at).select_related("to")
    mail: OutgoingMail | None = waiting.select_for_update(of=("self",), skip_locked=True).first()
    if mail:
        mail.attempts += 1
        mail.try_again_at = at + min(timedelta(minutes=2 ** min(mail.attempts, 20)), LONGEST_WAIT)
        mail.save(update_fields=["attempts", "try_again_at"])
    return mail
