"""What the visits app adds to the pages of the child and of the placement."""

from django.urls import reverse

from casework.links import link_to
from casework.wording import said_moment
from placements.where import home_of
from visits.models import Visit
from visits.permissions import may_record_visit

SHOWN = 5
COLUMNS = [{"label": "When"}, {"label": "By"}, {"label": "Child"}]


def visits_of_child(request, child, sight):
    """The latest visits to the child, in whichever home; and the way to record one."""
    return _panel(request, child, Visit.objects.filter(placement__child=child), home_of(child, request.at))


def visits_of_placement(request, placement, sight):
    """The latest visits in one home."""
    return _panel(request, placement.child, placement.visits.all(), placement)


def where_met(duty):
    """The page on which a visit is recorded."""
    label, _, pk = duty.about.partition(":")
    return reverse("visits:record", args=[pk]) if label == "placements.placement" else None


def rows_of(visits):
    """Visits as the rows of a table."""
    return [
        [
            {"says": said_moment(visit.made_at), "url": link_to("visits:visit", visit.pk)},
            f"{visit.visitor}, {visit.get_role_display()}",
            visit.how_seen,
        ]
        for visit in visits
    ]


def _panel(request, child, made, placement):
    latest = list(made.select_related("visitor").order_by("-made_at")[: SHOWN + 1])
    may = placement is not None and may_record_visit(placement, request.user, request.at)
    return {
        "columns": COLUMNS,
        "rows": rows_of(latest[:SHOWN]),
        "all_url": reverse("visits:visits_of_child", args=[child.pk]) if len(latest) > SHOWN else "",
        "record_url": reverse("visits:record", args=[placement.pk]) if may else "",
    }
