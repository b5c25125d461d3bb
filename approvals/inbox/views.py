"""The page of the approvals inbox: four piles with their counts, narrowed by a form, twenty-five rows at a time."""

from itertools import groupby

from django import forms
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import Team
from approvals.inbox import piles as inbox
from approvals.inbox.piles import DECISIONS, DISCUSSIONS, NOUNS, Pile
from approvals.inbox.rows import CASE_DISCUSSION, COLUMNS, rows_of
from approvals.kinds import KINDS
from approvals.states import DecisionState, State
from casework import lists
from casework.lists import FilterForm
from casework.pages import Holds, page
from children.models import TeamHolding

A_PAGE = 25
ANY = [("", "Any")]


class InboxFilter(FilterForm):
    """By what it is, how it stands, whose the child is, and whether it is late."""

    kind = forms.ChoiceField(
        label="What it is",
        required=False,
        choices=[
            *ANY,
            (DISCUSSIONS.code, CASE_DISCUSSION),
            *((code, kind.title) for code, kind in sorted(KINDS.items(), key=lambda row: row[1].title)),
        ],
    )
    state = forms.ChoiceField(
        label="How it stands",
        required=False,
        choices=[
            *ANY,
            (CASE_DISCUSSION, [(f"{DISCUSSIONS.code}-{s}", s.label) for s in State if s != State.TO_CONVENE]),
            (
                "Other decisions",
                [(f"{DECISIONS.code}-{s}", s.label) for s in DecisionState if s != DecisionState.TO_PREPARE],
            ),
        ],
    )
    team = forms.ChoiceField(label="Team or service area", required=False)
    late = forms.ChoiceField(label="In time", required=False, choices=[*ANY, ("yes", "Only what is late")])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["team"].choices = [*ANY, *_teams_by_area()]

    def narrow(self, noun, records, by, at):
        """Those records of one noun that the choices leave; what is late is late for one person, where one is named."""
        chosen = self.chosen
        if kind := chosen.get("kind"):
            is_discussion = kind == DISCUSSIONS.code
            records = records.filter(kind=kind) if noun is DECISIONS and not is_discussion else records
            records = records if is_discussion == (noun is DISCUSSIONS) else records.none()
        if state := chosen.get("state"):
            code, _, state = state.partition("-")
            records = records.filter(state=state) if noun.code == code else records.none()
        if team := chosen.get("team"):
            place, _, pk = team.partition("-")
            held = TeamHolding.objects.in_force(at).filter(**{"team__area" if place == "area" else "team": pk})
            records = records.filter(**{f"{noun.child}__in": held.values("child")})
        return records.annotate(due=inbox.due(noun, by)).filter(due__lte=at) if chosen.get("late") else records


@require_safe
@page(Holds.THOSE_IN_SIGHT, roles=inbox.TAKE_PART)
def show(request, pile=Pile.WAITING):
    """What waits for me, what comes to me, what is with others, or what I did."""
    seen = {noun: inbox.piles(noun, request.user, request.at) for noun in NOUNS}
    counted = inbox.counts(seen.values())
    form = InboxFilter(request.GET)
    by = request.user if pile == Pile.WAITING else None
    narrowed = {noun: form.narrow(noun, inbox.within(seen[noun], pile), by, request.at) for noun in NOUNS}
    listed = inbox.in_order(narrowed, pile, request.user, request.at)
    shown = lists.page_of(request, listed, A_PAGE, number=None if form.chosen else counted[pile])
    empty = ("Nothing like this", "Take a filter away to see more.") if form.chosen else inbox.EMPTY[pile]
    context = {
        "piles": [_tab(each, counted[each], pile) for each in Pile],
        "pile": pile,
        "says": inbox.SAYS[pile],
        "filter_form": form,
        "shows_filters": bool(counted[pile] or form.chosen),
        "applied": lists.applied(request, form.in_words()),
        "clear_url": _address_of(pile),
        "columns": [{"label": label} for label in COLUMNS[pile]],
        "rows": rows_of(shown.object_list, pile, request.user, request.at),
        "page": shown,
        "empty_title": empty[0],
        "empty_says": empty[1],
    }
    return render(request, "approvals/inbox.html", context)


def _tab(pile, count, present):
    return {"label": pile.label, "url": _address_of(pile), "current": pile == present, "count": count}


def _address_of(pile):
    return reverse(f"approvals:{pile.url_name}")


def _teams_by_area():
    teams = Team.objects.order_by("area__name", "name").values_list("area", "area__name", "pk", "name")
    return [
        (area, [(f"area-{pk}", f"All of {area}"), *((f"team-{team}", name) for *_, team, name in held)])
        for (pk, area), held in groupby(teams, key=lambda row: row[:2])
    ]
