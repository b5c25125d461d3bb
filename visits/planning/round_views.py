"""The page of one day's round."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from casework.forms import DayField, Form
from casework.limits import local_day
from casework.pages import Holds, page
from casework.wording import said_day
from visits.permissions import VISITING
from visits.planning.rounds import round_of, teams_led_by
from visits.planning.views import FROM_MY_WORK, places_of_planning

TEAM = "team"


class RoundForm(Form):
    """Which day's round."""

    says_optional = False
    on = DayField(label="Another day", required=False)


@require_safe
@page(Holds.THOSE_IN_SIGHT, roles=frozenset(VISITING))
def day_round(request: HttpRequest) -> HttpResponse:
    """The visits of one day, by the part of the country where they are: mine, or my team's."""
    today = local_day(request.at)
    form = RoundForm(request.GET) if "on_day" in request.GET else RoundForm()
    day = (form.is_valid() and form.cleaned_data["on"]) or today
    leads = bool(teams_led_by(request.user, request.at))
    of_team = leads and request.GET.get("whose") == TEAM
    parts = round_of(request.user, request.at, day, of_team=of_team)
    whose = TEAM if of_team else ""
    context = {
        **FROM_MY_WORK,
        "places": places_of_planning(request),
        "whose": whose,
        "lists": [
            {"label": label, "url": _address(day, each), "current": each == whose, "count": None}
            for label, each in (("Mine", ""), ("My team’s", TEAM))
        ]
        if leads
        else [],
        "form": form,
        "day": day,
        "title": f"Round of {day:%A} {said_day(day)}",
        "parts": parts,
        "number": sum(len(part.calls) for part in parts),
        "before_url": _address(day - timedelta(days=1), whose),
        "after_url": _address(day + timedelta(days=1), whose),
    }
    return render(request, "visits/planning/round.html", context, status=422 if form.errors else 200)


def _address(day, whose):
    asked = {"on_day": day.day, "on_month": day.month, "on_year": day.year, **({"whose": whose} if whose else {})}
    return f"?{urlencode(asked)}"
