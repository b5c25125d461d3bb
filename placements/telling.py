"""What the pages of placements and homes tell: the basis, the standing over time, and the dated facts behind it."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from casework.limits import local_day
from casework.links import link_to
from casework.rules_in_force import rules_in_force
from casework.wording import cited, said_day, said_moment
from placements.arrangement import NEXT_DAY
from placements.histories import History
from placements.lawfulness import standings_over
from placements.models import Home, HomeRegistration, Placement, PlacementFact, SecureAuthority, SecureReview
from placements.states import FactKind, RegistrationStatus, Regulation, Setting
from placements.where import TONE_OF_LAWFULNESS, TONE_OF_REGULATION, said_lawfulness


def basis_of(history: History, placement: Placement) -> list[dict[str, str]]:
    """On what legal basis the child lived here."""
    first, last = local_day(placement.started_at), local_day(placement.ended_at) if placement.ended_at else None
    statuses = history.legal_statuses
    ends = [*(status.from_on for status in statuses[1:]), None]
    held = [
        status.get_code_display()
        for status, ends_on in zip(statuses, ends, strict=False)
        if (ends_on is None or ends_on > first) and (last is None or status.from_on <= last)
    ]
    return [{"label": "Legal basis", "says": "\n".join(held)}]


def periods_of(history: History, placement: Placement, at: datetime) -> list[list]:
    """How the placement stood on every day of its life, the latest first: rows of a table."""
    facts = history.facts_of(next(each for each in history.placements if each.pk == placement.pk))
    periods = standings_over(facts, rules_in_force(), until=local_day(at))
    return [
        [
            _from_to(period),
            {
                "says": Regulation(period.standing.regulation).label,
                "tone": TONE_OF_REGULATION[period.standing.regulation],
            },
            {"says": said_lawfulness(period.standing), "tone": TONE_OF_LAWFULNESS[period.standing.lawfulness]},
            {"says": period.standing.reason, "note": cited(period.standing.cites)},
        ]
        for period in reversed(periods)
    ]


def facts_of(placement: Placement) -> list[dict[str, str]]:
    """The dated facts that make the standing."""
    rows = []
    if placement.carer:
        approvals = [said_period(row, row.decided_by) for row in placement.carer.approvals.all()]
        rows.append({"label": "Approval of the carers", "says": "\n".join(approvals)})
    if placement.home:
        rows.append({"label": "Registration of the home", "says": "\n".join(_registrations(placement.home))})
    if placement.setting == Setting.SECURE_HOME:
        rows += _kept_secure(placement)
    facts = [said_fact(row) for row in placement.facts.all()]
    return [*rows, {"label": "Facts", "says": "\n".join(facts)}]


def _kept_secure(placement: Placement) -> list[dict[str, str]]:
    """What lets the child be kept, and how it was reviewed, the latest first."""
    given = [said_secure_authority(row) for row in placement.child.secure_authorities.order_by("-given_at")]
    reviews = [said_secure_review(row) for row in placement.child.secure_reviews.order_by("-held_on")]
    return [
        {"label": "Orders and approvals", "says": "\n".join(given) or "None is on record"},
        {"label": "Reviews by three people", "says": "\n".join(reviews) or "None is on record"},
    ]


TONE_OF_REGISTRATION = {
    RegistrationStatus.APPLIED: "watch",
    RegistrationStatus.TRANSITIONAL: "watch",
    RegistrationStatus.UNREGISTERED: "alarm",
}
"""A registered home needs no mark."""


def row_of_home(home: Home) -> list[Any]:
    """One home of a list: its page, its kind, and where it stands with its regulator now."""
    return [
        {"says": home.name, "url": reverse("placements:home", args=[home.pk])},
        home.get_setting_display(),
        standing_of_home(home) or {"says": "Not recorded"},
    ]


def standing_of_home(home: Home) -> dict[str, str]:
    """Where a home stands with its regulator now; empty where nothing is on record."""
    latest = list(home.registrations.all())[-1:]
    return (
        {"says": latest[0].get_status_display(), "tone": TONE_OF_REGISTRATION.get(latest[0].status, "")}
        if latest
        else {}
    )


def rows_of_home(home: Home) -> list[dict[str, str]]:
    """The facts of a home."""
    return [
        {"label": "Kind of home", "says": home.get_setting_display()},
        {"label": "Registration", "says": "\n".join(_registrations(home))},
        {"label": "Regulator’s number", "says": home.urn},
        {"label": "Address", "says": "\n".join(part for part in (home.address, home.postcode) if part)},
        {"label": "Run by", "says": _run_by(home), **_page_of_provider(home)},
    ]


def _run_by(home: Home) -> str:
    provider = home.provider.name if home.provider else ""
    return "\n".join(name for name in ("The authority" if home.run_by_authority else "", provider) if name)


def _page_of_provider(home: Home) -> dict[str, str]:
    return {"url": link_to("placements:provider", home.provider_id), "change": "See"} if home.provider_id else {}


def facts_of_home(home: Home) -> list[dict[str, str]]:
    """What the regulator found, the latest first."""
    inspections = [f"{said_day(row.inspected_on)}: {row.judgement}" for row in home.inspections.all()]
    notices = [f"{said_day(row.given_on)}: {row.says}" for row in home.notices.order_by("-given_on")]
    return [
        {"label": "Inspections", "says": "\n".join(inspections)},
        {"label": "Notices of concern", "says": "\n".join(notices)},
    ]


def lives_here(placement: Placement) -> dict[str, str]:
    """A child at a home, for whoever may see the child."""
    return {
        "says": placement.child.name,
        "url": reverse("children:child", args=[placement.child_id]),
        "since": said_day(placement.started_at),
    }


def _from_to(period: Any) -> str:
    """Days inclusive; `to_on` is the first day on which it is over."""
    first = said_day(period.from_on)
    return f"{first} to {said_day(period.to_on - NEXT_DAY)}" if period.to_on else f"From {first}"


def said_period(row: Any, note: str = "") -> str:
    """A period of approval, or another dated fact: what, and from when to when."""
    said = f"{row.get_kind_display()}. {_from_to(row)}"
    return f"{said} ({note})" if note else said


def said_fact(row: PlacementFact) -> str:
    """A dated fact about a placement, with the day of its assessment where it has one."""
    if row.kind == FactKind.HOST_TOLD:
        return f"{row.get_kind_display()} on {said_day(row.from_on)}"
    return said_period(row, f"assessed on {said_day(row.assessed_on)}" if row.assessed_on else "")


def said_secure_authority(row: SecureAuthority) -> str:
    """An order or an approval for secure accommodation: who gave it, when, and until when."""
    until = f", until {said_day(row.to_on - NEXT_DAY)}" if row.to_on else ""
    return f"{row.get_kind_display()}, {said_moment(row.given_at)}{until} ({row.given_by})"


def said_secure_review(row: SecureReview) -> str:
    """A review of the keeping: when, by whom, and what they found."""
    people = f"{row.first_member}, {row.second_member} and {row.independent_member} (independent)"
    return f"{said_day(row.held_on)}, by {people}: {row.get_finding_display()}"


def said_registration(row: HomeRegistration) -> str:
    """Where a home stands with its regulator, and since when."""
    return f"{row.get_status_display()} with {row.get_regulator_display()}, from {said_day(row.from_on)}"


def _registrations(home: Home) -> list[str]:
    """The latest first."""
    return [said_registration(row) for row in reversed(home.registrations.all())]
