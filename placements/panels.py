"""What the placements app adds to the child's page: where the child lives, how that stands, and the homes before."""

from typing import Any

from django.urls import reverse

from casework.limits import local_day
from casework.links import link_to
from casework.models import Duty
from children.models import Child
from placements.models import Placement
from placements.permissions import may_record_move
from placements.states import Setting
from placements.where import address_of, dates_of, home_of, parts_of, with_whom

EARLIER_HOMES = 3
MET_AT = {
    "D-08": ("approve_carer", "Record the approval"),
    "C-26": ("placement", "See what is missing"),
    "L-12": ("host_told", "Record when the authority of the area was told"),
    "L-13": ("placement", "Put the home forward for approval"),
    "C-20": ("placement", "Put the end of care forward"),
    "L-15": ("placement", "Put it to the decision maker"),
    "L-16": ("record_regulation_19", "Record the assessment"),
    "L-16b": ("placement", "Put it to the decision maker"),
    "L-17": ("outside_terms", "Record the end of the emergency"),
    "L-31": ("allow_secure", "Record the court’s order"),
    "L-31b": ("allow_secure", "Record the court’s next order"),
    "L-31c": ("allow_secure", "Record the court’s next order"),
    "L-31d": ("review_secure", "Record the review"),
    "L-31e": ("review_secure", "Record the review"),
    "L-31f": ("allow_secure", "Record the Secretary of State’s approval"),
    "L-31g": ("placement", "Record that the child left"),
}
"""By the duty's rule: the page on which it is met, and what one does there."""


def identity_line(request: Any, child: Child, sight: Any) -> list[dict[str, Any]]:
    """Where the child lives, in the bar that says who the child is."""
    placement = home_of(child, request.at)
    if placement is None:
        return [{"label": "Living", "says": "No home is on record", "matters": True}]
    url = link_to("placements:placement", placement.pk)
    return [{"label": "Living", "says": with_whom(placement, sight), "url": url, "matters": True}]


def standing_of_child(request: Any, child: Child, sight: Any) -> list[dict[str, Any]]:
    """How the child's present home stands in regulation and law."""
    placement = home_of(child, request.at)
    if placement is None and child.left_care_on(local_day(request.at)):
        return [{"label": "Regulation and lawfulness", "says": "Not looked after", "tone": "plain"}]
    return parts_of(placement)


def standing_of_placement(request: Any, placement: Placement, sight: Any) -> list[dict[str, Any]]:
    """How this placement stands; how it stood at its end."""
    return parts_of(placement)


def where_the_child_lives(request: Any, child: Child, sight: Any) -> dict[str, Any]:
    """The present home, and the latest before it."""
    placement = home_of(child, request.at)
    others = child.placements.select_related("home", "carer").order_by("-started_at")
    before = list(others.exclude(pk=placement.pk if placement else None)[: EARLIER_HOMES + 1])
    return {
        "placement": placement,
        "move_url": "" if placement else _where_to_record_a_home(request, child),
        "rows": rows_of(placement, sight) if placement else [],
        "before": [row_of_list(each, sight) for each in before[:EARLIER_HOMES]],
        "all_url": reverse("placements:homes_of_child", args=[child.pk]) if len(before) > EARLIER_HOMES else "",
    }


def _where_to_record_a_home(request: Any, child: Child) -> str:
    """For whoever may record where a child in care lives, while nobody has."""
    if child.left_care_on(local_day(request.at)) or not may_record_move(child, request.user, request.at):
        return ""
    return reverse("placements:moved", args=[child.pk])


def rows_of(placement: Placement, sight: Any) -> list[dict[str, str]]:
    """The facts of one placement, for `components/summary_list.html`."""
    rows = [
        {"label": "Kind of home", "says": placement.get_setting_display()},
        {"label": "Address", "says": address_of(placement, sight)},
        {"label": "Dates", "says": dates_of(placement)},
    ]
    if placement.relationship:
        rows.insert(1, {"label": "Relationship", "says": placement.relationship})
    if sight.address:
        rows.insert(1, {"label": "With", "says": str(placement.home or placement.carer or "")})
    if placement.why_ended:
        rows.append({"label": "Why it ended", "says": placement.why_ended})
    return rows


def row_of_list(placement: Placement, sight: Any) -> dict[str, str]:
    """One home of a list: where, and when."""
    return {
        "says": with_whom(placement, sight),
        "dates": dates_of(placement),
        "url": link_to("placements:placement", placement.pk),
    }


def where_met(duty: Duty) -> str | None:
    """The page on which what the duty asks for is recorded."""
    label, _, pk = duty.about.partition(":")
    if label == "children.child":
        kept = Placement.objects.filter(child=pk, setting=Setting.SECURE_HOME).first()
        return reverse(f"placements:{MET_AT[duty.kind][0]}", args=[kept.pk]) if kept else None
    return reverse(f"placements:{MET_AT[duty.kind][0]}", args=[pk]) if label == "placements.placement" else None


def what_to_do(duty: Duty) -> str:
    """What one does there, as the words of the link."""
    return MET_AT[duty.kind][1]
