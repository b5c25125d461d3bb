"""What pages of the child, the home where the child lives, homes and providers show of what follows from visits."""

from typing import Any

from django.urls import reverse

from casework.links import link_to
from casework.models import Duty
from children.access import SIGHTS
from placements.where import home_of
from visits.after.permissions import is_of_the_team, may_read
from visits.after.rulebook import (
    ACCOUNT,
    ACTION,
    CONSIDER,
    CONTRACT,
    CONVERSATION,
    EARLY_REVIEW,
    ESCALATION,
    HEALTH,
    MANAGER_READS,
    MISSING,
    RAISE,
    READ_FIRST,
    REMINDER,
    REPORT,
)
from visits.after.showing import action_as_read
from visits.models import HealthAsked, ProviderAction
from visits.states import FormKind, FormState

SHOWN = 5

WHERE_MET = {
    "visits.provideraction": "visits:action",
    "visits.visitingform": "visits:read_form",
    "visits.formreading": "visits:reading",
    "children.lookedafterreview": "visits:around_review",
}
"""The page where a duty about a record is met, where that page is the record's."""
WRITTEN_DOWN = {
    CONTRACT: "visits:answer_contract",
    ACCOUNT: "visits:receive_account",
    REPORT: "visits:receive_report",
    MISSING: "visits:missing_form",
    CONVERSATION: "visits:speak_privately",
    CONSIDER: "visits:consider_visits",
    RAISE: "visits:raise_reading",
    REMINDER: "visits:action_remind",
    ESCALATION: "visits:action_escalate",
}
"""The page on which a duty of a rule is met, where that is one thing to write down."""
LABELS = {
    ACTION: "See what the provider has done",
    REMINDER: "Remind the provider",
    ESCALATION: "Take higher what the provider has not done",
    READ_FIRST: "Read the visiting form",
    MANAGER_READS: "Read and answer the visiting form",
    MISSING: "Decide about the missing form",
    RAISE: "Raise it with the managers",
    EARLY_REVIEW: "Arrange the earlier review",
    CONVERSATION: "Speak to the child alone before the review",
    CONSIDER: "Look at everybody’s visits for the review",
    HEALTH: "Fill in the placement assurance tool",
    ACCOUNT: "Ask for the written account",
    REPORT: "The provider’s report",
    CONTRACT: "Answer about the contract",
}


def where_met(duty: Duty) -> str | None:
    """The page where a duty after a visit is met."""
    label, _, pk = duty.about.partition(":")
    page = WRITTEN_DOWN.get(duty.kind) or WHERE_MET.get(label)
    if duty.kind == HEALTH:
        return _tool_of(int(pk))
    return reverse(page, args=[pk]) if page else None


def label_of(duty: Duty) -> str:
    """What one does to meet it."""
    return LABELS.get(duty.kind, "")


def _tool_of(pk: int) -> str | None:
    """Where the health professional writes the tool that was asked for."""
    asked = HealthAsked.objects.filter(pk=pk).values_list("placement", flat=True).first()
    return reverse("visits:begin_at_home", args=[FormKind.HEALTH.value, asked]) if asked else None


def after_form(request: Any, form: Any, sight: Any) -> list[dict[str, Any]]:
    """What others do with a complete form: read it, and raise the contract that it speaks of (K-28)."""
    if form.state != FormState.COMPLETE:
        return []
    found: list[dict[str, Any]] = []
    if may_read(form, request.user, request.at) and not form.version.readings.filter(by=request.user).exists():
        found.append({"label": "Read it, and say what follows", "url": reverse("visits:read_form", args=[form.pk])})
    if form.placement and form.author_id == request.user.pk and is_of_the_team(form, request.user, request.at):
        raise_it = reverse("visits:raise_contract", args=[form.placement_id])
        found.append({"label": "Raise the contract with Commissioning", "url": raise_it, "secondary": True})
    return found


def after_visits_of_child(request: Any, child: Any, sight: Any) -> dict[str, Any] | None:
    """What providers still have to do for the child, for those who may know the home. One statement."""
    if not sight.address:
        return None
    home = home_of(child, request.at)
    panel = _open(request, ProviderAction.objects.filter(form__child=child), sight)
    return panel | {
        "all_url": reverse("visits:actions_of_child", args=[child.pk]),
        "agreed_url": reverse("visits:agreed", args=[home.pk]) if home else "",
    }


def after_visits_of_placement(request: Any, placement: Any, sight: Any) -> dict[str, Any] | None:
    """What the provider of this home still has to do, for those who may know the home."""
    if not sight.address:
        return None
    panel = _open(request, ProviderAction.objects.filter(form__placement=placement), sight)
    return panel | {
        "all_url": reverse("visits:actions_of_child", args=[placement.child_id]),
        "agreed_url": reverse("visits:agreed", args=[placement.pk]),
    }


def actions_of_home(request: Any, home: Any, sight: Any) -> dict[str, Any]:
    """What a home still has to do, for all children whom the reader may see."""
    return _of_several(request, ProviderAction.objects.filter(form__placement__home=home))


def actions_of_provider(request: Any, provider: Any, sight: Any) -> dict[str, Any]:
    """What a provider still has to do in all its homes, for all children whom the reader may see."""
    return _of_several(request, ProviderAction.objects.filter(form__placement__home__provider=provider))


def _of_several(request: Any, actions: Any) -> dict[str, Any]:
    """Those of visible children; what was written to whoever reads that of every child in sight."""
    visible = actions.visible_to(request.user, at=request.at)
    sights = [SIGHTS[role] for role in request.user.roles_at(request.at)]
    return _open(request, visible, _Text(any(sight.narrative for sight in sights)), children=True)


class _Text:
    """A reader of several children: does the reader see what workers wrote?"""

    def __init__(self, narrative: bool):
        self.narrative = narrative


def _open(request: Any, actions: Any, sight: Any, *, children: bool = False) -> dict[str, Any]:
    found = actions.open().select_related("form__author", *(["form__child"] if children else []))
    rows = [action_as_read(each, sight, request.at) for each in found.order_by("due_on", "pk")[: SHOWN * 4]]
    for row in rows if children else ():
        child = row["form"].child
        row["whose"], row["whose_url"] = child.name, link_to("children:child", child.pk)
    return {"actions": rows, "at": request.at}
