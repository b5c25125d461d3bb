"""What is shown of relatives and friends on the pages of the child and of the placement, and where their duties are met."""

from typing import Any

from django.urls import reverse

from approvals.connected.permissions import may_ask
from approvals.connected.reading import countdown_of_carer, named
from approvals.connected.rulebook import ANSWERED, ASSESSED, CHECKED, PAPERS, RAN_OUT
from approvals.models import ConnectedPerson
from casework.models import Duty
from casework.wording import said_day
from placements.models import Placement
from placements.where import home_of

WHAT_TO_DO = {
    ANSWERED: "Assess whether it is viable",
    ASSESSED: "Record what came of the assessment",
    CHECKED: "Record the checks",
    PAPERS: "Record that the papers were sent",
}


def countdown_of_child(request: Any, child: Any, sight: Any) -> list[dict[str, Any]]:
    """How much is left of the temporary approval of those with whom the child lives now."""
    placement = home_of(child, request.at)
    return countdown_of_placement(request, placement, sight) if placement else []


def countdown_of_placement(request: Any, placement: Any, sight: Any) -> list[dict[str, Any]]:
    """The same for a placement that goes on."""
    if placement.carer is None or placement.ended_at:
        return []
    left = countdown_of_carer(placement.carer, request.at)
    enquiries = ConnectedPerson.objects.filter(child=placement.child_id, carer=placement.carer_id)
    person = enquiries.order_by("-pk").first() if left else None
    if person is None:
        return left
    way = {"url": reverse("approvals:connected_person", args=[person.pk]), "link": "See the approval"}
    return [{**part, **way} for part in left]


def people_of(request: Any, child: Any, sight: Any) -> dict[str, Any] | None:
    """Whoever was asked about for a child, the latest first; and the way to ask about somebody."""
    people = list(child.connected_persons.select_related("carer").order_by("-pk"))
    may = may_ask(ConnectedPerson(child=child), request.user, request.at)
    rows = [
        {
            "label": named(person, sight) if sight.address else person.relationship,
            "says": f"{person.relationship}. {person.get_state_display()}, since {said_day(person.stands_since)}",
            "url": reverse("approvals:connected_person", args=[person.pk]),
            "change": "See",
        }
        for person in people
    ]
    url = reverse("approvals:enquire", args=[child.pk]) if may else ""
    return {"rows": rows, "enquire_url": url} if rows or url else None


def carer_of(request: Any, placement: Any, sight: Any) -> dict[str, Any] | None:
    """The page of the carers, to whoever may know where the child lives; and the way of those of them who are relatives."""
    if placement.carer is None or not sight.address:
        return None
    people = placement.child.connected_persons.filter(carer=placement.carer).order_by("-pk")
    rows = [
        {
            "label": placement.carer.name,
            "says": "Approvals, children and enquiries",
            "url": reverse("approvals:carer", args=[placement.carer_id]),
            "change": "See",
        },
        *(
            {
                "label": "Enquiry",
                "says": f"{person.get_state_display()}, since {said_day(person.stands_since)}",
                "url": reverse("approvals:connected_person", args=[person.pk]),
                "change": "See",
            }
            for person in people
        ),
    ]
    return {"rows": rows}


def where_met(duty: Duty) -> str | None:
    """The page of the relative or friend; where nobody was asked about, that of the placement."""
    label, _, pk = duty.about.partition(":")
    if label == "approvals.connectedperson":
        return reverse("approvals:connected_person", args=[pk])
    placement = Placement.objects.filter(pk=pk).first()
    if placement is None:
        return None
    if duty.kind == RAN_OUT:
        return reverse("placements:placement", args=[pk])
    person = ConnectedPerson.objects.filter(child=placement.child_id, carer=placement.carer_id).order_by("-pk").first()
    return (
        reverse("approvals:connected_person", args=[person.pk])
        if person
        else reverse("placements:placement", args=[pk])
    )


def what_to_do(duty: Duty) -> str:
    """What one does there, as the words of the link."""
    return WHAT_TO_DO.get(duty.kind, "See what has run out" if duty.kind == RAN_OUT else "Settle what comes next")
