"""Who is told of a meeting, by mail: when it is, that it was moved or called off, that its minutes are there.

A mail says when and links to the meeting. What it is about, where it is and who comes, it does not say.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from casework import outbox
from casework.links import link_to
from casework.wording import said_moment

INVITED: Final = ("Hearth: you are invited to a meeting", "You are invited to a meeting on {when}.")
MOVED: Final = ("Hearth: a meeting has changed", "The arrangements of a meeting have changed. It is on {when}.")
CALLED_OFF: Final = ("Hearth: a meeting is called off", "The meeting on {when} is called off.")
NOT_ANY_MORE: Final = (
    "Hearth: you need not come to a meeting",
    "You are not invited any more to the meeting on {when}.",
)
MINUTES: Final = ("Hearth: minutes for you to read", "The minutes of the meeting on {when} are there for you to read.")
TEXT: Final = """\
{says}

To see more, sign in:
{address}

This message was sent by Hearth. It names nobody on purpose, so please do not add names if you forward it.
"""


def tell(what: tuple[str, str], meeting: Any, people: Iterable[Any], *, but: Any, at: datetime) -> None:
    """Write a mail to each of these people of the house, but for whoever acts."""
    subject, says = what
    address = outbox.address_of(link_to("meetings:meeting", meeting.pk))
    text = TEXT.format(says=says.format(when=said_moment(meeting.starts_at)), address=address)
    told = {person.pk: person for person in people if person is not None and person.pk != but.pk}
    outbox.write([(person, subject, text) for person in told.values()], at=at)
