"""The facts that can be recorded about where a child lives, about a placement and about a home.

Each row is one entry of the menu "Record a change": how it is asked, what it is called, who may record it, and for which
placements it makes sense.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import prefetch_related_objects
from django.urls import reverse

from casework.links import link_to
from casework.recording import RecordingForm
from placements import permissions
from placements.forms import facts, homes, mistakes, moving, naming, secure
from placements.models import Home, Placement
from placements.states import NEED_APPROVAL, FactKind, Setting
from placements.where import home_of

WORKERS_AND_PLACEMENT_SERVICE = (
    "Only the allocated worker, the workers and manager of the child’s team, and the placement service can record this."
)
KEEPERS = "Only the placement service and commissioning can record this."


def always(record: Placement | Home) -> bool:
    """It makes sense for every placement, and for every home."""
    return True


def has_registration(home: Home) -> bool:
    """Something is on record about where the home stands with its regulator."""
    return bool(home.registrations.all())


def is_running(placement: Placement) -> bool:
    """The child still lives there."""
    return placement.ended_at is None


def is_with_parent(placement: Placement) -> bool:
    """The child lives with a parent."""
    return placement.setting == Setting.PARENT


def is_with_carers(placement: Placement) -> bool:
    """The child lives with a family that needs an approval."""
    return placement.setting in NEED_APPROVAL


def is_unnamed(placement: Placement) -> bool:
    """Nobody has said yet with which family, or in which home, the child lives."""
    return placement.home is None and placement.carer is None


def is_not_known_as_outside(placement: Placement) -> bool:
    """Nothing is on record of its lying outside the authority's area."""
    return placement.outside_area is None


def is_outside_area(placement: Placement) -> bool:
    """It lies outside the authority's area, and the authority there is not on record as told."""
    told = any(fact.kind == FactKind.HOST_TOLD for fact in placement.facts.all())
    return placement.outside_area is not None and not told


def is_where_young_parents_live(placement: Placement) -> bool:
    """The child lives where a parent of 16 or 17 who is looked after may live too (regulation 27B)."""
    return placement.setting in (Setting.SUPPORTED_ACCOMMODATION, Setting.FAMILY_CENTRE, Setting.OTHER)


def is_secure(placement: Placement) -> bool:
    """The child is kept there."""
    return placement.setting == Setting.SECURE_HOME


@dataclass(frozen=True, slots=True)
class Change:
    """One kind of fact about a placement or a home."""

    name: str
    """Of its address."""
    act: str
    label: str
    form: type[RecordingForm]
    done: str
    may: Callable[[Any, Any, datetime], bool] = permissions.may_record_move
    who: str = WORKERS_AND_PLACEMENT_SERVICE
    makes_sense: Callable[[Any], bool] = always
    otherwise: str = "This cannot be said of a home of this kind."
    """Why not, where it makes no sense."""
    lede: str = ""


APPROVAL = Change(
    "approval",
    "approve_carer",
    "The carers’ approval",
    facts.ApprovalForm,
    "The approval is recorded.",
    may=permissions.may_record_approval,
    who=f"{WORKERS_AND_PLACEMENT_SERVICE} So can the carers’ supervising social worker.",
    makes_sense=is_with_carers,
    otherwise="Only carers are approved; this is another kind of home.",
)

END = Change(
    "end",
    "end_placement",
    "The child left this home",
    moving.EndForm,
    "The end is recorded. Next, record where the child lives.",
    makes_sense=is_running,
    otherwise="This home has ended already. If that is wrong, correct it.",
    lede="If you know where the child lives now, record the move instead: this home ends with it.",
)

OF_PLACEMENTS = (
    END,
    Change(
        "name",
        "name_home",
        "Which family or home this is",
        naming.NamedForm,
        "Recorded.",
        makes_sense=is_unnamed,
        otherwise="It is on record already which family or home this is. If that is wrong, strike it out and record the "
        "move as it was.",
    ),
    APPROVAL,
    Change(
        "outside-terms",
        FactKind.OUTSIDE_TERMS.value,
        "An emergency outside the terms of the carers’ approval (regulation 23)",
        facts.OutsideTermsForm,
        "Recorded.",
        makes_sense=is_with_carers,
    ),
    Change(
        "before-assessment",
        "record_regulation_19",
        "Living with a parent before the assessment is complete (regulation 19)",
        facts.BeforeAssessmentForm,
        "Recorded.",
        makes_sense=is_with_parent,
    ),
    Change(
        "outside-area",
        FactKind.OUTSIDE_AREA.value,
        "This home lies outside the authority’s area",
        facts.OutsideAreaForm,
        "Recorded.",
        makes_sense=is_not_known_as_outside,
        otherwise="It is on record already that this home lies outside the authority’s area.",
        lede="What regulations 11 and 13 ask for is due from the move.",
    ),
    Change(
        "host-told",
        FactKind.HOST_TOLD.value,
        "The authority of the area was told",
        facts.HostToldForm,
        "Recorded.",
        makes_sense=is_outside_area,
        otherwise="This is for homes outside the authority’s area, until its authority is on record as told.",
    ),
    Change(
        "long-term",
        FactKind.MEANT_TO_LAST_TO_18.value,
        "This home is meant to last until 18",
        facts.LongTermForm,
        "Recorded.",
        makes_sense=is_with_carers,
    ),
    Change(
        "fewer-visits",
        FactKind.FEWER_VISITS_AGREED.value,
        "The child agrees to fewer visits",
        facts.FewerVisitsForm,
        "Recorded.",
        makes_sense=is_with_carers,
    ),
    Change(
        "with-looked-after-parent",
        FactKind.WITH_LOOKED_AFTER_PARENT.value,
        "Living with a parent of 16 or 17 who is looked after",
        facts.WithLookedAfterParentForm,
        "Recorded.",
        makes_sense=is_where_young_parents_live,
    ),
)

SECURE = (
    Change(
        "secure-authority",
        "allow_secure",
        "An order or an approval for secure accommodation",
        secure.SecureAuthorityForm,
        "It is recorded.",
        lede="It may be given before the child goes there. Without an order a child is kept for 72 hours in any 28 days at "
        "most. A remand is recorded as the child’s legal status.",
    ),
    Change(
        "secure-review",
        "review_secure",
        "Three people reviewed whether the child has to be kept",
        secure.SecureReviewForm,
        "The review is recorded.",
        makes_sense=is_secure,
        otherwise="This is for secure children’s homes.",
        lede="Within a month, and then every three months.",
    ),
)
"""What is recorded of a child in a secure children's home; what lets the child be kept may come before the move."""

MISTAKES = (
    Change(
        "correct",
        "correct_placement",
        "Correct when the child lived here",
        mistakes.CorrectForm,
        "The correction is recorded.",
        lede="What stood here before stays in the record, with your reason. What followed from it is worked out anew.",
    ),
    Change(
        "strike-out",
        "strike_out",
        "Strike out what was never so",
        mistakes.StrikeOutOfPlacementForm,
        "It is struck out.",
        lede="What is struck out stays in the record, with your reason, and counts no longer. A home before this one stays "
        "ended: correct that next.",
    ),
)
"""What was recorded wrongly, offered on the placement's own page."""

OF_HOMES = (
    Change(
        "registration",
        "change_registration",
        "The registration changed",
        homes.RegistrationForm,
        "The registration is recorded.",
        may=permissions.may_keep_home,
        who=KEEPERS,
        lede="Every child who lives here is looked at again.",
    ),
    Change(
        "inspection",
        "record_inspection",
        "The home was inspected",
        homes.InspectionForm,
        "The inspection is recorded.",
        may=permissions.may_keep_home,
        who=KEEPERS,
    ),
    Change(
        "notice",
        "record_notice",
        "The regulator gave notice of a concern",
        homes.NoticeForm,
        "The notice is recorded.",
        may=permissions.may_keep_home,
        who=KEEPERS,
        lede="Every child who lives here is visited within a week.",
    ),
    Change(
        "about",
        "describe_home",
        "What is known of the home",
        homes.AboutHomeForm,
        "Recorded.",
        may=permissions.may_keep_home,
        who=KEEPERS,
        lede="Every child who lives here is looked at again.",
    ),
    Change(
        "strike-out",
        "strike_out_registration",
        "Strike out a registration that was never so",
        mistakes.StrikeOutOfHomeForm,
        "It is struck out.",
        may=permissions.may_keep_home,
        who=KEEPERS,
        makes_sense=has_registration,
        otherwise="No registration is on record, so none can be struck out.",
        lede="What is struck out stays in the record, with your reason, and counts no longer.",
    ),
)


def changes_for_child(request: Any, child: Any, sight: Any) -> list[dict[str, str]]:
    """On the child's page: a move, and what concerns the present home."""
    if not permissions.may_record_move(child, request.user, request.at):
        return []
    placement = home_of(child, request.at)
    links = [{"label": "The child moved", "url": reverse("placements:moved", args=[child.pk])}]
    if placement:
        links += _links_about(placement, _about(placement))
    if any(period.ended_on is None for period in child.care_periods.all()):
        links.append({"label": "Care ended", "url": reverse("placements:care_ended", args=[child.pk])})
    return links


def _about(placement: Placement) -> tuple[Change, ...]:
    """What can be recorded about a placement of this kind."""
    return (*OF_PLACEMENTS, *SECURE) if is_secure(placement) else OF_PLACEMENTS


def changes_for_placement(request: Any, placement: Placement, sight: Any) -> list[dict[str, str]]:
    """On the placement's page."""
    found = (*_about(placement), *MISTAKES)
    allowed = {may: may(placement, request.user, request.at) for may in {change.may for change in found}}
    return _links_about(placement, [change for change in found if allowed[change.may]])


def changes_for_home(request: Any, home: Any) -> list[dict[str, str]]:
    """On the home's page."""
    if not permissions.may_keep_home(home, request.user, request.at):
        return []
    return _links(OF_HOMES, home)


def _links_about(placement: Placement, changes: Iterable[Change]) -> list[dict[str, str]]:
    """Several of them ask what is on record of the placement, which is read once."""
    prefetch_related_objects([placement], "facts")
    return _links(changes, placement)


def _links(changes: Any, record: Placement | Home) -> list[dict[str, str]]:
    return [
        {"label": change.label, "url": link_to(f"placements:{change.act}", record.pk)}
        for change in changes
        if change.makes_sense(record)
    ]
