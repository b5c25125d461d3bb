"""Sessions in the database, which say so when the database goes away while one is saved."""

from django.contrib.sessions.backends import base, db
from django.db import InterfaceError, OperationalError


class SessionStore(db.SessionStore):
    """Django takes whatever goes wrong for a session that somebody else ended, and answers that nothing was changed.

    What the page did is committed by then: where the database is at fault, the answer is 503, and the form can be sent
    again.
    """

    def save(self, must_create=False):
        """Save it; raises what the database raised."""
        try:
            super().save(must_create)
        except base.UpdateError as failed:
            if isinstance(failed.__context__, OperationalError | InterfaceError):
                raise failed.__context__ from None
            raise
