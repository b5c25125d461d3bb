"""What the next page says was done: carried there by a cookie, so that nothing is written to the database for it.

It is a sentence of the program's own and never says whom it is about: a cookie lies in the browser.
"""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage


class SaidOnTheNextPage(CookieStorage):
    """Signed, and gone once it is said."""

    cookie_name = settings.SESSION_COOKIE_NAME.replace("session", "messages")
