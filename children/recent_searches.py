"""What somebody has just searched for, kept in the session: going back and turning pages need no name in an address."""

import secrets
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from casework.lists import number_in
from children.search import A_PAGE, MOST_COUNTED

IN_SESSION = "searches"
KEPT = 20
LAST_PAGE = -(-MOST_COUNTED // A_PAGE)


def keep(request: HttpRequest, words: str) -> str:
    """Keep the words for as long as the session lasts, the latest few; gives the key."""
    kept = [search for search in request.session.get(IN_SESSION, []) if search[1] != words]
    key = secrets.token_urlsafe(9)
    request.session[IN_SESSION] = [*kept, [key, words]][-KEPT:]
    return key


def words_of(request: HttpRequest, key: str) -> str:
    """What was searched for under a key; empty for a key of another session, or of long ago."""
    return dict(request.session.get(IN_SESSION, [])).get(key, "")


def page_number(request: HttpRequest) -> int:
    """Which page is asked for, from 1."""
    return min(number_in(request.GET.get("page", "")) or 1, LAST_PAGE)


def pages(key: str, number: int, found: int, shown: int) -> dict[str, Any]:
    """Where this page, the one before and the next one are found again; `found` children in all, `shown` here."""
    if not key:
        return {}
    address = f"{reverse('children:search')}?found={key}"
    return {
        "address": f"{address}&page={number}",
        "previous": f"{address}&page={number - 1}" if number > 1 else "",
        "next": f"{address}&page={number + 1}" if number * A_PAGE < found else "",
        "first_shown": (number - 1) * A_PAGE + 1,
        "last_shown": (number - 1) * A_PAGE + shown,
    }
