"""Where a child lives, as pages say it: to whoever may know the address with names, to others only the kind of place."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Prefetch

from casework.links import link_to
from casework.subjects import Subject
from casework.wording import cited, said_day
from children.models import Child
from placements.models import Home, Placement, PresentStanding, Provider
from placements.permissions import may_see_homes
from placements.states import Lawfulness, Regulation, Setting

NOT_SHOWN = "Your role does not see the address"
NOWHERE = "No home is on record"
NEVER_BY_SIGNING = "No sign-off makes it lawful."
TONE_OF_REGULATION = {
    Regulation.REGULATED: "good",
    Regulation.UNREGULATED_CONNECTED: "alarm",
    Regulation.UNREGISTERED_SETTING: "alarm",
    Regulation.UNREGISTERED_APPLIED: "alarm",
    Regulation.NOT_PERMITTED: "alarm",
    Regulation.NOT_KNOWN: "watch",
    Regulation.NOT_LOOKED_AFTER: "plain",
}
TONE_OF_LAWFULNESS = {
    Lawfulness.LAWFUL: "good",
    Lawfulness.LAWFUL_UNTIL: "watch",
    Lawfulness.NOT_LAWFUL: "alarm",
    Lawfulness.NOT_KNOWN: "watch",
    Lawfulness.NOT_APPLICABLE: "plain",
}


def home_of(child: Child, at: datetime) -> Placement | None:
    """Where the child lives at a moment, with its standing; read once for a page."""
    read = child.__dict__.setdefault("_homes_read", {})
    if at not in read:
        live = Placement.objects.live(at).filter(child=child).select_related("home", "carer", "standing")
        read[at] = live.first()
        if read[at]:
            read[at].child = child
    return read[at]


BESIDE_A_NAME = {Setting.CONNECTED_PERSON: "connected person"}
"""Kinds of place that are said more shortly after a name."""


def with_whom(placement: Placement, sight: Any) -> str:
    """The home or the family by name, or only the kind of place."""
    kind = placement.get_setting_display()
    named = (placement.home or placement.carer) if sight.address else None
    beside = BESIDE_A_NAME.get(placement.setting) or f"{kind[:1].lower()}{kind[1:]}"
    return f"{named.name} ({beside})" if named else kind


def named(placement: Placement, sight: Any) -> str:
    """The home or the family by name alone, as a heading; the kind of place to whoever may not know the name."""
    who = (placement.home or placement.carer) if sight.address else None
    return who.name if who else placement.get_setting_display()


def address_of(placement: Placement, sight: Any) -> str:
    """The address on record; that the reader does not see it, where so."""
    if not sight.address:
        return NOT_SHOWN
    place = placement.home or placement.carer
    return "\n".join(part for part in (place.address, place.postcode) if part) if place else placement.source_postcode


def dates_of(placement: Placement) -> str:
    """Since when, or from when to when; not confirmed where the next statutory return does not mention it."""
    if placement.ended_at is None:
        unconfirmed = placement.not_confirmed_since
        doubt = f", not confirmed since {said_day(unconfirmed)}" if unconfirmed else ""
        return f"Since {said_day(placement.started_at)}{doubt}"
    return f"{said_day(placement.started_at)} to {said_day(placement.ended_at)}"


def standing_of(placement: Placement) -> PresentStanding | None:
    """Where the placement stands now; None where nobody has looked yet."""
    return getattr(placement, "standing", None)


def parts_of(placement: Placement | None) -> list[dict[str, Any]]:
    """Regulation and lawfulness side by side, for `components/standing.html`. Oversight stands beside, never in them."""
    standing = standing_of(placement) if placement else None
    if placement is None:
        return [{"label": "Regulation and lawfulness", "says": NOWHERE, "tone": "watch"}]
    if standing is None:
        return [{"label": "Regulation and lawfulness", "says": "Not worked out yet", "tone": "watch"}]
    return [
        {
            "label": "Regulation",
            "says": standing.get_regulation_display(),
            "tone": TONE_OF_REGULATION[standing.regulation],
            "because": [standing.reason],
            "since": standing.since_on,
        },
        {
            "label": "Lawfulness",
            "says": said_lawfulness(standing),
            "tone": TONE_OF_LAWFULNESS[standing.lawfulness],
            "because": _because(standing),
            "cites": cited(standing.cites),
        },
    ]


def _because(standing: PresentStanding) -> list[str]:
    sentences = [f"To be sure, find out: {missing}." for missing in standing.missing]
    return [NEVER_BY_SIGNING, *sentences] if standing.lawfulness == Lawfulness.NOT_LAWFUL else sentences


def said_lawfulness(standing: Any) -> str:
    """Lawfulness in words, with its last day where it has one."""
    if standing.lawfulness == Lawfulness.LAWFUL_UNTIL and standing.until_on:
        return f"Lawful until {said_day(standing.until_on)}"
    return Lawfulness(standing.lawfulness).label


# Homes and providers


def files_of_homes_visible_to(user: Any, at: datetime):
    """The files of homes: all of them, to every role that sees homes."""
    homes = Home.objects.all() if may_see_homes(user, at) else Home.objects.none()
    return homes.values("case_file")


def files_of_providers_visible_to(user: Any, at: datetime):
    """The files of providers, to the same people."""
    providers = Provider.objects.all() if may_see_homes(user, at) else Provider.objects.none()
    return providers.values("case_file")


def subjects_of_homes(case_files: Iterable[int], user: Any, at: datetime) -> dict[int, Subject]:
    """Homes by their files, for lists."""
    homes = Home.objects.filter(case_file__in=files_of_homes_visible_to(user, at)).filter(case_file__in=case_files)
    return {home.case_file_id: Subject(home.name, link_to("placements:home", home.pk)) for home in homes}


def subjects_of_providers(case_files: Iterable[int], user: Any, at: datetime) -> dict[int, Subject]:
    """Providers by their files, for lists."""
    seen = Provider.objects.filter(case_file__in=files_of_providers_visible_to(user, at))
    providers = seen.filter(case_file__in=case_files)
    return {each.case_file_id: Subject(each.name, link_to("placements:provider", each.pk)) for each in providers}


def children_at_home(case_file: int) -> Iterable[int]:
    """The files of the children whose facts an event on a home's file changes: who lives there now or ever did."""
    return Placement.objects.filter(home__case_file=case_file).values_list("child__case_file", flat=True).distinct()


def children_with_the_same_carers(case_file: int) -> Iterable[int]:
    """The files of other children who live with the same family: what is recorded of the carers concerns them all.

    The question begins at the one child: by way of a sub-select, a database that still takes the tables for empty goes
    through every pair of rows.
    """
    with_this_child = {
        "carer__placements__child__case_file": case_file,
        "carer__placements__ended_at": None,
        "carer__placements__struck_out": False,
    }
    others = Placement.objects.filter(ended_at=None, **with_this_child).exclude(child__case_file=case_file)
    return others.order_by().values_list("child__case_file", flat=True)


def with_history(placements):
    """Placements with everything that their own page tells of them."""
    return placements.select_related("home__provider", "carer", "standing", "child__case_file").prefetch_related(
        "home__registrations", "home__inspections", "carer__approvals", Prefetch("facts"), "authorisations__by"
    )
