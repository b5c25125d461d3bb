"""The page on which people get the address of their calendar feed, and the feed itself."""

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.views.decorators.http import require_safe

from casework.calendars import CONTENT_TYPE
from casework.pages import Holds, page
from visits.permissions import roles_to_visit_in
from visits.planning import feed
from visits.planning.views import FROM_MY_WORK, places_of_planning

NOT_HERE = "There is no calendar at this address. Make a new one in Hearth.\n"


@page(Holds.NOTHING_PERSONAL)
def calendar(request: HttpRequest) -> HttpResponse:
    """Get an address under which a calendar reads my dates, get another one, or end it.

    The address is shown in the answer itself and never again; whoever sends the form once more gets a new one.
    """
    address = ""
    if request.method == "POST" and "end" in request.POST:
        feed.ended(request.user, at=request.at)
        messages.success(request, "The address is ended. Calendars that use it get nothing any more.")
        return HttpResponseRedirect(request.path)
    if request.method == "POST":
        address = feed.address_of(feed.renewed(request.user, at=request.at))
    context = {
        **FROM_MY_WORK,
        "places": places_of_planning(request) if roles_to_visit_in(request.user, request.at) else [],
        "feed": feed.running(request.user),
        "address": address,
        "at": request.at,
    }
    return render(request, "visits/planning/calendar.html", context)


@require_safe
@page(Holds.NOTHING_PERSONAL, is_public=True)
def dates(request: HttpRequest) -> HttpResponse:
    """The feed, to whichever calendar knows its secret."""
    too_often = ratelimit.consume_or_429(request, action="calendar", limit_get=True)
    if too_often:
        return too_often
    opened = feed.opened_by(request.GET.get(feed.KEY, ""), at=request.at)
    if opened is None:
        return HttpResponseNotFound(NOT_HERE, content_type="text/plain; charset=utf-8")
    content = feed.content_of(opened, at=request.at)
    feed.was_read(opened, content, at=request.at)
    etag, changed_at = quote_etag(opened.content_digest), opened.changed_at.timestamp()
    told = {"ETag": etag, "Last-Modified": http_date(changed_at), "Cache-Control": "private, no-cache"}
    whole = HttpResponse(content, content_type=CONTENT_TYPE, headers=told)
    return get_conditional_response(request, etag=etag, last_modified=int(changed_at), response=whole)
