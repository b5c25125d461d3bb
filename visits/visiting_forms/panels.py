"""What the pages of a child, of a home and of a visit show of forms: which there are, how far, and which can be begun."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse

from casework.forms import in_a_sentence
from casework.limits import local_day
from casework.links import link_to
from casework.wording import said_day
from children.permissions import may_record
from placements.states import RegistrationStatus
from visits.clocks.purposeful_rulebook import WITHOUT_PURPOSEFUL_VISITS
from visits.models import VisitingForm
from visits.permissions import may_complete, may_fill_in
from visits.states import FormKind, FormState
from visits.visiting_forms.beginning import new_from
from visits.visiting_forms.kinds import KINDS, Kind
from visits.visiting_forms.reading import TONES

SHOWN, LATELY = 5, timedelta(days=28)
COLUMNS = [{"label": "Form"}, {"label": "Visit of"}, {"label": "By"}, {"label": "How far"}]


def before_a_move(request: Any, child: Any, sight: Any) -> list[dict[str, str]]:
    """The forms that can be begun on a look at a home to which the child may move."""
    return [
        {
            "label": f"Look at a home before a move: {in_a_sentence(kind.code.label)}",
            "url": reverse("visits:begin_before_move", args=[kind.code, child.pk]),
        }
        for kind in KINDS
        if set(kind.before_move) & request.user.roles_at(request.at) and may_record(child, request.user, request.at)
    ]


def forms_of_placement(request: Any, placement: Any, sight: Any) -> dict[str, Any] | None:
    """The latest forms about one home; and those that are begun without a visit to the child."""
    is_over = placement.ended_at is not None and placement.ended_at <= request.at
    here = [
        {"label": kind.code.label, "url": reverse("visits:begin_at_home", args=[kind.code, placement.pk])}
        for kind in KINDS
        if not kind.sees_child
        and not is_over
        and _has_place(kind, placement)
        and may_fill_in(placement.child, kind, request.user, request.at)
    ]
    return _panel(request, placement.child, placement.visiting_forms.all(), here)


def forms_of_visit(request: Any, visit: Any, sight: Any) -> dict[str, Any] | None:
    """The forms that were filled in on a visit."""
    begun = [form for form in _begun_on(visit) if form.state != FormState.WITHDRAWN]
    return {"columns": COLUMNS, "rows": [row_of(form) for form in begun]} if begun else None


def next_after_visit(request: Any, visit: Any, sight: Any) -> list[dict[str, Any]]:
    """The forms that can be begun on a visit, or gone on with. Another than the purposeful one stands second."""
    found: list[dict[str, Any]] = []
    state_of = {form.kind: form for form in _begun_on(visit) if form.state != FormState.WITHDRAWN}
    for kind in KINDS:
        begun = state_of.get(kind.code)
        form = begun or new_from(visit, kind, request.at)
        if form is None or form.state == FormState.COMPLETE or not may_complete(form, request.user, request.at):
            continue
        if begun is None and not _is_offered(kind, visit.placement, request.at):
            continue
        fill = reverse("visits:fill", args=[form.pk]) if begun else ""
        url = fill or reverse("visits:begin_from_visit", args=[kind.code, visit.pk])
        label = f"Go on with the {in_a_sentence(kind.code.label)}"
        found.append({"label": label, "url": url, "secondary": bool(found)})
    return found


def visit_without_form(placement: Any, user: Any, at: datetime) -> Any:
    """This person's last visit here, lately, if its purposeful form is not complete; None where none is missing."""
    if placement.setting in WITHOUT_PURPOSEFUL_VISITS:
        return None
    mine = placement.visits.filter(visitor=user, child_seen=True, made_at__gt=at - LATELY).order_by("-made_at")
    complete = VisitingForm.objects.filter(kind=FormKind.PURPOSEFUL, state=FormState.COMPLETE, visit=OuterRef("pk"))
    last = mine.annotate(is_complete=Exists(complete)).first()
    return last if last and not last.is_complete else None


def _is_offered(kind: Kind, placement: Any, at: datetime) -> bool:
    """Is a form of this kind asked for in such a home? Otherwise its page offers it to nobody (C-27, K-11)."""
    if placement.setting in WITHOUT_PURPOSEFUL_VISITS:
        return False
    return not kind.unregistered_only or (placement.home is not None and not _is_registered(placement.home, at))


def _is_registered(home: Any, at: datetime) -> bool:
    rows = home.registrations.filter(from_on__lte=local_day(at)).order_by("-from_on")
    status: str | None = rows.values_list("status", flat=True).first()
    return status == RegistrationStatus.REGISTERED


def _has_place(kind: Kind, placement: Any) -> bool:
    """A look at a home alone is a look at a home, and not at a family."""
    return not kind.whole_home or placement.home_id is not None


def _begun_on(visit: Any) -> list[VisitingForm]:
    """Read once for a page."""
    if "_forms_read" not in visit.__dict__:
        found = list(visit.forms.select_related("author").order_by("pk"))
        for form in found:
            form.visit, form.placement, form.child = visit, visit.placement, visit.placement.child
        visit.__dict__["_forms_read"] = found
    return list(visit.__dict__["_forms_read"])


def _panel(request: Any, child: Any, found: Any, begins: list[dict[str, str]]) -> dict[str, Any] | None:
    made = found.exclude(state=FormState.WITHDRAWN).select_related("author", "child").order_by("-made_at", "-pk")
    latest = list(made[: SHOWN + 1])
    if not latest and not begins:
        return None
    return {
        "columns": COLUMNS,
        "rows": [row_of(form) for form in latest[:SHOWN]],
        "begins": begins,
        "all_url": reverse("visits:forms_of_child", args=[child.pk]) if len(latest) > SHOWN else "",
    }


def row_of(form: Any) -> list[Any]:
    """A form as the row of a table."""
    return [
        {"says": form.get_kind_display(), "url": link_to("visits:form", form.pk)},
        said_day(form.made_at),
        f"{form.author}, {form.get_role_display()}",
        {"says": form.get_state_display(), "tone": TONES[form.state]},
    ]
