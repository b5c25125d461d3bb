"""What is asked for and agreed about a home, as a page tells it: a table for each kind, with what can follow.

What workers wrote is shown to those who read that; a question about the contract is shown to Commissioning, which answers.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.text import capfirst

from accounts.roles import Role
from casework.limits import Days, end_of, local_day
from casework.links import link_to
from casework.rules_in_force import rules_in_force
from casework.wording import due, said_day, said_moment
from placements.models import Placement
from visits.after.agreed import FOLLOWING
from visits.after.rulebook import TOLD_IN
from visits.after.showing import WITHHELD
from visits.models import ContractQuestion, HealthAsked, Incident, VisitAskedFor


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, and when."""

    user: Any
    at: datetime
    text: bool
    """Does the reader see what workers wrote?"""
    may: Callable[[str], bool]
    """May the reader write down this of what follows?"""

    def says(self, text: str) -> str:
        """What somebody wrote, or that it is not shown."""
        return (text or "") if self.text or not text else WITHHELD

    def follow(self, name: str, record: Any) -> dict[str, str] | str:
        """The link to what can come of a record."""
        row = next(row for row in FOLLOWING if row.name == name)
        return {"says": row.button, "url": link_to(f"visits:{name}", record.pk)} if self.may(name) else ""


@dataclass(frozen=True, slots=True)
class Part:
    """One kind, as a table."""

    title: str
    columns: list[dict[str, str]]
    rows: list[list[Any]]
    empty: str


def parts_of(home: Placement, sight: Any, user: Any, at: datetime) -> list[Part]:
    """Every kind, in the order in which it stands on the page; one statement each."""
    allowed = {row.name: row.may(home, user, at) for row in FOLLOWING}
    reader = Reader(user, at, bool(sight.narrative), allowed.__getitem__)
    contract = Reader(user, at, reader.text or user.holds(Role.COMMISSIONING, at=at), reader.may)
    return [
        _part(
            "Visits asked for",
            ("Who asked", "When", "By when", "About", "How it stands"),
            (_asked(row, reader) for row in home.visits_asked_for.order_by("-asked_at")),
            "Whoever asks for a visit will appear here, with the day by which it is made.",
        ),
        _part(
            "Another interval of visits",
            ("From", "At most apart", "Agreed with", "Why"),
            (
                [said_day(row.from_on), str(Days(row.days)), str(row.iro), reader.says(row.because)]
                for row in home.variations_of_visits.select_related("iro").order_by("-from_on")
            ),
            "The monthly visits to a home that is not registered can be varied at a review, with the reviewing officer.",
        ),
        _part(
            "Health professionals",
            ("Who is asked", "By when", "To look at", "How it stands"),
            (_health(row, reader) for row in home.health_asked.select_related("professional").order_by("-recorded_at")),
            "The reviewing officer can ask a health professional for the placement assurance tool.",
        ),
        _part(
            "The provider’s reports",
            ("When", "What"),
            sorted(
                [
                    *((row.from_on, f"Agreed: a report every {Days(row.days)}") for row in home.reports_agreed.all()),
                    *(
                        (row.received_on, reader.says(row.says) or "A report came")
                        for row in home.provider_reports.all()
                    ),
                ],
                reverse=True,
            ),
            "How often the provider reports can be agreed, and each report is kept here.",
        ),
        _part(
            "Incidents",
            ("When it happened", "When we were told", "Written account", "What happened"),
            (_incident(row, reader) for row in home.incidents.order_by("-happened_at")),
            "The provider tells of each within 24 hours, with a written account.",
        ),
        _part(
            "The contract with the provider",
            ("When it was raised", "What has to change", "Answer"),
            (
                _contract(row, contract)
                for row in home.contract_questions.select_related("answered_by").order_by("-recorded_at")
            ),
            "A contract that needs changing is raised with Commissioning.",
        ),
    ]


def _part(title: str, labels: Iterable[str], rows: Iterable[Iterable[Any]], empty: str) -> Part:
    said = [[said_day(cell) if hasattr(cell, "isoformat") else cell for cell in row] for row in rows]
    return Part(title, [{"label": label} for label in labels], said, empty)


def _asked(row: VisitAskedFor, reader: Reader) -> list[Any]:
    stands: Any = reader.follow("take_back_visit", row) or "Asked for"
    if row.taken_back_at:
        stands = f"Not wanted any more since {said_day(row.taken_back_at)}. {reader.says(row.why_taken_back)}"
    by = said_day(row.agreed_for) if row.agreed_for else "Within 7 days"
    return [row.get_asked_by_display(), said_moment(row.asked_at), by, reader.says(row.says), stands]


def _health(row: HealthAsked, reader: Reader) -> list[Any]:
    tool = row.tool
    if row.shared_at:
        stands: Any = {"says": f"Shared on {said_day(row.shared_at)}", "url": link_to("visits:form", tool.pk)}
    elif tool:
        stands = reader.follow("share_health", row) or "Complete, not shared"
        if isinstance(stands, dict):
            stands = {**stands, "note": "Complete, not shared"}
    else:
        stands = capfirst(due(end_of(row.wanted_by), reader.at)) if row.wanted_by else "Asked for"
    return [str(row.professional), said_day(row.wanted_by), reader.says(row.says), stands]


def _incident(row: Incident, reader: Reader) -> list[Any]:
    limit = rules_in_force().limit(TOLD_IN, local_day(row.happened_at))
    told: Any = said_moment(row.told_at)
    if row.told_at > limit.after(row.happened_at):
        told = {"says": told, "tone": "alarm", "note": f"Later than {limit}"}
    account: Any = said_moment(row.account_received_at)
    if not row.account_received_at:
        link = reader.follow("receive_account", row)
        account = {**link, "note": "Not here yet"} if isinstance(link, dict) else "Not here yet"
    return [said_moment(row.happened_at), told, account, reader.says(row.says)]


def _contract(row: ContractQuestion, reader: Reader) -> list[Any]:
    answer: Any = reader.follow("answer_contract", row) or "Not answered yet"
    if row.answered_at:
        answer = f"{said_day(row.answered_at)}, {row.answered_by}: {reader.says(row.answer)}"
    return [said_day(row.recorded_at), reader.says(row.says), answer]
