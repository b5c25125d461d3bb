"""Mails about people's accounts, through the outbox: the link to choose a password, and that something waits.

What waits is never named in a mail. A link goes to the address on the person's page and works for a few days, once.
"""

from datetime import datetime
from typing import Any, Final

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from accounts.models import Decision, GrantRequest
from casework import outbox
from casework.outbox import address_of

GOODBYE: Final = (
    "This message was sent by Hearth. It names nobody on purpose, so please do not add names if you forward it."
)


def send_link(person: Any, *, at: datetime) -> None:
    """Send the link to choose a password; to whoever signs in by the directory only, where to sign in."""
    if settings.HEARTH_PASSWORDS:
        key = default_token_generator.make_token(person)
        link = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(person), key])
        days = settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60)
        text = LINK.format(username=person.username, address=address_of(link), days=days, start=address_of("/"))
        outbox.write([(person, "Hearth: choose your password", text)], at=at)
    else:
        outbox.write([(person, "Hearth: you can sign in", DIRECTORY.format(start=address_of("/")))], at=at)


def tell_who_can_decide(request: GrantRequest, *, at: datetime) -> None:
    """Tell those who can decide that a request waits."""
    text = WAITS.format(address=address_of(reverse("people:request", args=[request.pk])), goodbye=GOODBYE)
    outbox.write(
        [(person, "Hearth: a request waits for a second administrator", text) for person in request.deciders(at)], at=at
    )


def tell_who_asked(request: GrantRequest, *, at: datetime) -> None:
    """Tell whoever asked what became of it."""
    asker: Any = request.asked_by
    if request.decision == Decision.WITHDRAWN or not asker.is_active:
        return
    became = Decision(request.decision).label.lower()
    text = DECIDED.format(
        became=became, address=address_of(reverse("people:request", args=[request.pk])), goodbye=GOODBYE
    )
    outbox.write([(asker, f"Hearth: your request was {became}", text)], at=at)


LINK: Final = """\
You have an account in Hearth. To choose your password, open this link within {days} days. It works once.
{address}

Your user name is: {username}
Then sign in at {start}

Keep the link to yourself. If it is too old, choose "Reset your password" on the sign-in page.
If you did not expect this mail, tell the administrators of Hearth.
"""
DIRECTORY: Final = """\
You have an account in Hearth. Sign in with your council account at:
{start}

If you did not expect this mail, tell the administrators of Hearth.
"""
WAITS: Final = """\
Another administrator has asked for something that needs your decision as well.

To see what, sign in and open:
{address}

{goodbye}
"""
DECIDED: Final = """\
Something that you asked for was {became} by another administrator.

To see it, sign in and open:
{address}

{goodbye}
"""
