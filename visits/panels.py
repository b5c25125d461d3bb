"""What the visits app adds to the pages of the child and of the placement."""

from django.db.models import Count, OuterRef, Prefetch, Subquery
from django.urls import reverse

from casework.links import link_to
from casework.wording import said_moment
from placements.where import home_of
from visits.models import RoomPhoto, Visit, VisitingForm
from visits.permissions import may_record_visit
from visits.planning.panels import planned_at_home, planned_for_child
from visits.states import FormState

SHOWN = 5
COLUMNS = [{"label": "When"}, {"label": "By"}, {"label": "Child"}]
COLUMNS_IN_FULL = [*COLUMNS, {"label": "Forms"}, {"label": "Photographs", "numeric": True}]
STRUCK_OUT = {"says": "Recorded by mistake", "tone": "plain"}


def visits_of_child(request, child, sight):
    """The latest visits to the child, in whichever home; and the way to record one."""
    home = home_of(child, request.at)
    made = Visit.objects.filter(placement__child=child)
    return _panel(request, child, made, home, planned_for_child(request, child, home))


def visits_of_placement(request, placement, sight):
    """The latest visits in one home."""
    beside = {**planned_at_home(request, placement), "try_url": link_to("visits:try_rules_here", placement.pk)}
    return _panel(request, placement.child, placement.visits.all(), placement, beside)


def where_met(duty):
    """The page on which a visit is recorded."""
    label, _, pk = duty.about.partition(":")
    return reverse("visits:record", args=[pk]) if label == "placements.placement" else None


def rows_of(visits):
    """Visits as the rows of a table."""
    return [
        [
            {"says": said_moment(visit.made_at), "url": link_to("visits:visit", visit.pk)},
            visit.visited_by,
            visit.how_seen,
        ]
        for visit in visits
    ]


def with_what_hangs_on(visits):
    """Visits with their forms, and the number of their photographs: one query more, however many there are."""
    photos = (
        RoomPhoto.objects.filter(visit=OuterRef("pk")).order_by().values("visit").annotate(n=Count("pk")).values("n")
    )
    of_visit = Prefetch("forms", VisitingForm.objects.exclude(state=FormState.WITHDRAWN).order_by("kind"))
    return visits.prefetch_related(of_visit).annotate(number_of_photos=Subquery(photos))


def rows_in_full(visits):
    """Visits as the rows of their own list: with forms and photographs, and marked where they are struck out."""
    return [
        [*row[:2], STRUCK_OUT if visit.struck_out else row[2], _said_forms(visit), _said_photos(visit)]
        for visit, row in zip(visits, rows_of(visits), strict=True)
    ]


def photographs_of(visit):
    """The photographs of a visit, without the pictures themselves."""
    return visit.photos.defer("image").select_related("added_by")


def _said_forms(visit):
    return ", ".join(f"{form.get_kind_display()} ({form.get_state_display().lower()})" for form in visit.forms.all())


def _said_photos(visit):
    return "" if visit.struck_out else visit.number_of_photos or ""


def _panel(request, child, made, placement, beside):
    latest = list(made.select_related("visitor").order_by("-made_at")[: SHOWN + 1])
    may = placement is not None and may_record_visit(placement, request.user, request.at)
    return {
        "columns": COLUMNS,
        "rows": rows_of(latest[:SHOWN]),
        "all_url": reverse("visits:visits_of_child", args=[child.pk]) if len(latest) > SHOWN else "",
        "record_url": reverse("visits:record", args=[placement.pk]) if may else "",
        **beside,
    }
