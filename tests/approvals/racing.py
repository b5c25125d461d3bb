"""Clicks at the same moment: each on a connection of its own, upon a page that was opened before."""

import threading

from django.db import IntegrityError, connection

from casework.steps import Refused, carry_out
from tests.factories import NOW

DONE = "done"


def together(*acts):
    """Do all of this at the same moment, each on a connection of its own; how each went, in the given order."""
    return [type(went).__name__ if isinstance(went, Exception) else went for went in _together(acts)]


def click(record, step, person, /, *, at=NOW, because="Because it is so.", **said):
    """A click on a page that was opened before: of the record as it was then."""
    seen = type(record).objects.get(pk=record.pk) if record.pk else record

    def act():
        carry_out(getattr(seen, step), by=person, at=at, because=because, **said)

    return act


def one_holds(*clicks):
    """Does exactly one of these hold, and does everybody else read a sentence? A message where not."""
    went = _together(clicks)
    refused = [each for each in went if each != DONE]
    if len(refused) != len(went) - 1:
        return f"{len(went) - len(refused)} held: {went}"
    silent = [
        each for each in refused if isinstance(each, Refused) and not all(s.endswith(".") for s in each.sentences)
    ]
    return f"no sentence: {silent}" if silent else ""


def _together(acts):
    ready, went = threading.Barrier(len(acts)), [None] * len(acts)

    def do(number, act):
        try:
            ready.wait(timeout=30)
            went[number] = act() or DONE
        except (Refused, IntegrityError) as refused:
            went[number] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return went
