"""What the gallery needs of visits: the records that its pictures are of, and what was done so that there are some."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from accounts.models import User
from accounts.roles import Role
from casework.limits import local_day
from casework.steps import write_down
from children.models import LookedAfterReview
from placements.models import Placement
from visits.after.agreed import where_visits_are_monthly
from visits.models import (
    ContractQuestion,
    FormReading,
    HealthAsked,
    Incident,
    PlannedVisit,
    ProviderAction,
    Visit,
    VisitAskedFor,
    VisitingForm,
)
from visits.states import AskedBy, PlanState, Reading


def much_is_asked_for_and_agreed(at: Any) -> None:
    """A visit is planned and another asked for; a provider tells of an incident; a contract and health are asked about."""
    worker, iro = User.objects.get(username="social-worker"), User.objects.get(username="iro")
    home = Placement.objects.get(pk=home_with_visits(worker, at))
    by = {"recorded_by": worker, "recorded_at": at, "placement": home}
    _write(
        PlannedVisit(
            placement=home,
            visitor=worker,
            role=Role.SOCIAL_WORKER,
            planned_on=local_day(at) + timedelta(days=3),
            says="Look at the new room, and ask about the swimming club.",
            planned_at=at,
        ),
        "plan_visit",
        home,
        worker,
        at,
    )
    asked = VisitAskedFor(
        **by, asked_by=AskedBy.CHILD, asked_at=at - timedelta(hours=2), says="Wants to talk about school."
    )
    _write(asked, "ask_for_visit", home, worker, at)
    told = {"happened_at": at - timedelta(hours=30), "told_at": at - timedelta(hours=3)}
    _write(Incident(**by, **told, says="A window was broken; nobody was hurt."), "tell_incident", home, worker, at)
    _write(ContractQuestion(**by, says="Cleaning is not in the contract."), "raise_contract", home, worker, at)
    professional = User.objects.get(username="health")
    health = HealthAsked(**{**by, "recorded_by": iro}, professional=professional, says="Medication, and sleep.")
    _write(health, "ask_health", home, iro, at)
    form = VisitingForm.objects.complete().filter(pk=form_to_read(iro, at)).get()
    reading = FormReading(
        version=form.version, by=iro, role=Role.IRO, at=at, concludes=Reading.FORMAL_ESCALATION, says="Nobody mends it."
    )
    _write(reading, "read_form", form.child, iro, at)


def _write(fact: Any, act: str, about: Any, by: Any, at: Any) -> None:
    write_down(fact, act=act, about=about, may=lambda *_: True, by=by, at=at)


def _forms(user: Any, at: Any) -> Any:
    forms = VisitingForm.objects.visible_to(user, at=at).complete().filter(child__restrictions=None)
    return forms.order_by("-has_concerns", "-made_at", "pk")


def home_with_visits(user: Any, at: Any) -> int:
    """Where a child lives to whom this person made a purposeful visit."""
    forms = _forms(user, at).filter(author=user, placement__ended_at=None, visit__child_seen=True)
    return forms.values_list("placement", flat=True)[0]


def home_to_vary(user: Any, at: Any) -> int:
    """A home for which this person, who reviews the child, may agree another interval."""
    homes = Placement.objects.visible_to(user, at=at).live(at).filter(child__restrictions=None)
    found = homes.filter(child__allocations__person=user, home__isnull=False).order_by("pk").distinct()
    return next(home.pk for home in found if not where_visits_are_monthly(home, at))


def child_with_visits(user: Any, at: Any) -> int:
    """Who lives there."""
    return Placement.objects.get(pk=home_with_visits(user, at)).child_id


def form_to_read(user: Any, at: Any) -> int:
    """A social worker's form that the reviewing officer has not read."""
    forms = _forms(user, at).filter(role=Role.SOCIAL_WORKER, placement__ended_at=None)
    return forms.exclude(versions__readings__by=user)[0].pk


def own_reading(user: Any, at: Any) -> int:
    """A form that this person read and escalates."""
    return FormReading.objects.filter(by=user, concludes=Reading.FORMAL_ESCALATION)[0].pk


def action(user: Any, at: Any) -> int:
    """Something that a provider still has to do."""
    open_ones = ProviderAction.objects.visible_to(user, at=at).open().filter(form__author=user)
    return open_ones.filter(form__placement__ended_at=None)[0].pk


def child_of_action(user: Any, at: Any) -> int:
    """The child whom it is about."""
    return ProviderAction.objects.get(pk=action(user, at)).form.child_id


def visit_of_own(user: Any, at: Any) -> int:
    """The latest visit of this person to somebody who lives there still."""
    made = Visit.objects.visible_to(user, at=at).filter(visitor=user, placement__ended_at=None, child_seen=True)
    return made.order_by("-made_at", "pk")[0].pk


def plan(user: Any, at: Any) -> int:
    """A visit that this person means to make."""
    return PlannedVisit.objects.filter(visitor=user, state=PlanState.PLANNED).order_by("-planned_on", "pk")[0].pk


def review_ahead(user: Any, at: Any) -> int:
    """A review that is arranged, of a child whom this person reviews."""
    day = local_day(at)
    mine = {"child__allocations__person": user, "child__allocations__role": Role.IRO, "child__restrictions": None}
    ahead = LookedAfterReview.objects.filter(held_on=None, scheduled_on__gte=day, **mine)
    return ahead.order_by("scheduled_on", "pk")[0].pk


def latest(model: Any) -> Callable[[Any, Any], int]:
    """What was last written down of a kind."""
    return lambda user, at: model.objects.order_by("-pk")[0].pk
