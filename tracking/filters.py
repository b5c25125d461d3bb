"""How the list of unregulated arrangements is narrowed."""

from itertools import groupby
from operator import itemgetter

import django_filters

from accounts.models import Team
from casework.lists import FilterForm
from children.models import TeamHolding
from placements.models import PresentStanding
from placements.states import Lawfulness, Regulation

UNREGULATED = [
    (value.value, value.label)
    for value in (
        Regulation.UNREGULATED_CONNECTED,
        Regulation.UNREGISTERED_SETTING,
        Regulation.UNREGISTERED_APPLIED,
        Regulation.NOT_PERMITTED,
    )
]
OVERSIGHT = [("unsigned", "Not signed off"), ("signed", "Signed off")]
LAWFULNESS = [(value.value, value.label) for value in (Lawfulness.NOT_LAWFUL, Lawfulness.NOT_KNOWN)]
VISITS = [("overdue", "A visit is overdue")]


class ArrangementFilter(django_filters.FilterSet):
    """By regulation, oversight, lawfulness, visits, and by whose the child is."""

    regulation = django_filters.ChoiceFilter(choices=UNREGULATED, empty_label="Any")
    oversight = django_filters.ChoiceFilter(
        label="Oversight", choices=OVERSIGHT, empty_label="Any", method="by_oversight"
    )
    lawfulness = django_filters.ChoiceFilter(choices=LAWFULNESS, empty_label="Any")
    visits = django_filters.ChoiceFilter(label="Visits", choices=VISITS, empty_label="Any", method="by_visits")
    team = django_filters.ChoiceFilter(label="Team or service area", empty_label="Any", method="by_team")

    class Meta:
        model = PresentStanding
        fields = ("regulation", "oversight", "lawfulness", "visits", "team")
        form = FilterForm

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["team"].extra["choices"] = teams_by_area()

    def by_oversight(self, standings, name, value):
        """Signed off by senior managers, or waiting for it."""
        return standings.filter(is_unsigned=value == "unsigned")

    def by_visits(self, standings, name, value):
        """Those with a visit that is overdue."""
        return standings.filter(has_overdue_visit=True)

    def by_team(self, standings, name, value):
        """Those whose child the team, or a team of the area, holds now."""
        place, _, pk = value.partition("-")
        held = TeamHolding.objects.in_force(self.request.at)
        held = held.filter(team__area=pk) if place == "area" else held.filter(team=pk)
        return standings.filter(child__in=held.values("child"))


def teams_by_area():
    """What one chooses a team or a whole area from; one query."""
    teams = Team.objects.order_by("area__name", "name").values_list("area", "area__name", "pk", "name")
    return [
        (area, [(f"area-{pk}", f"All of {area}"), *((f"team-{team}", name) for *_, team, name in held)])
        for (pk, area), held in groupby(teams, key=itemgetter(0, 1))
    ]
