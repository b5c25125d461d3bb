"""What is asked for and agreed about a home beside the visit clocks, each with its form, its words and who may record it.

Read ABOUT_HOME as a part of the menu "Record a change" on the page of the home where the child lives; FOLLOWING as what can
come of each of these afterwards.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Model

from casework.limits import local_day
from casework.links import link_to
from casework.wording import said_day
from placements.models import Placement
from placements.states import RegistrationStatus
from visits.after import agreed_forms as forms, permissions
from visits.after.forms import FactsForm
from visits.after.health import asked_of
from visits.clocks.purposeful_rulebook import WITHOUT_PURPOSEFUL_VISITS
from visits.models import ContractQuestion, HealthAsked, Incident, VisitAskedFor

Objections = Callable[[Any, datetime], list[str]]


def never(record: Any, at: datetime) -> list[str]:
    """Nothing speaks against it."""
    return []


def while_living_there(placement: Placement, at: datetime) -> list[str]:
    """A visit is asked for to where the child lives."""
    gone = placement.ended_at is not None and placement.ended_at <= at
    return [f"The child left this home on {said_day(placement.ended_at)}."] if gone else []


def where_visits_are_monthly(placement: Placement, at: datetime) -> list[str]:
    """K-13 is about homes that are not registered, and is agreed at a review."""
    objections = while_living_there(placement, at)
    if placement.setting in WITHOUT_PURPOSEFUL_VISITS or _is_registered(placement, at):
        objections.append("Another interval is agreed only for a home that is not registered (K-13).")
    elif not placement.child.reviews.filter(held_on__gte=local_day(placement.started_at)).exists():
        objections.append(
            "No review was held since the child moved here. Another interval is agreed at a review (K-13)."
        )
    return objections


def _is_registered(placement: Placement, at: datetime) -> bool:
    if placement.home is None:
        return False
    rows = [row for row in placement.home.registrations.all() if row.from_on <= local_day(at)]
    return bool(rows) and max(rows, key=lambda row: row.from_on).status == RegistrationStatus.REGISTERED


def not_taken_back(asked: VisitAskedFor, at: datetime) -> list[str]:
    """It is wanted still."""
    return ["It is on record already that this visit is not wanted any more."] if asked.taken_back_at else []


def complete_and_not_shared(asked: HealthAsked, at: datetime) -> list[str]:
    """What is not written yet cannot be shared, and what is shared is shared."""
    if asked.shared_at:
        return ["The tool is shared with the social worker already."]
    return [] if asked.tool else ["The health professional has not completed the tool yet."]


def without_account(incident: Incident, at: datetime) -> list[str]:
    """The account came once."""
    return ["The written account is on record already."] if incident.account_received_at else []


def not_answered(question: ContractQuestion, at: datetime) -> list[str]:
    """It was answered once."""
    return ["Commissioning has answered this already."] if question.answered_at else []


@dataclass(frozen=True, slots=True)
class Recorded:
    """One thing that can be written down: its address, its act, its words, and who may."""

    name: str
    """Of its address, and its act."""
    label: str
    form: type[FactsForm]
    done: str
    may: Callable[[Any, Any, datetime], bool] = permissions.is_of_the_team
    who: str = permissions.THE_TEAM
    objections: Objections = never
    lede: str = ""
    button: str = "Record"
    about: type[Model] = Placement
    then: Callable[[Any, datetime], None] | None = None
    """What else follows in the same transaction, given the first row."""


ABOUT_HOME: Final = (
    Recorded(
        "ask_for_visit",
        "Somebody asks for a visit",
        forms.AskForVisitForm,
        "The visit is asked for. It is due until a visit is made.",
        objections=while_living_there,
        lede="A child, a parent, a carer or the reviewing officer can ask. It is due within 7 days, or on the day agreed.",
    ),
    Recorded(
        "vary_visits",
        "Another interval of visits is agreed",
        forms.VaryForm,
        "The interval is recorded. The next visits are due by it.",
        may=permissions.is_the_iro,
        who=permissions.THE_IRO,
        objections=where_visits_are_monthly,
        lede="For a home that is not registered, once the weekly visits are over. It is agreed at a review, and stays on "
        "record with your reasons.",
    ),
    Recorded(
        "ask_health",
        "Ask a health professional for the placement assurance tool",
        forms.AskHealthForm,
        "The health professional is asked, and can fill in the tool.",
        may=permissions.is_the_iro,
        who=permissions.THE_IRO,
        objections=while_living_there,
        lede="Whoever is asked sees of this child only the own tool. The social worker reads it when you have it shared.",
        then=asked_of,
        button="Ask for it",
    ),
    Recorded(
        "agree_reports",
        "How often the provider reports",
        forms.AgreeReportsForm,
        "It is recorded how often the provider reports.",
        objections=while_living_there,
        lede="On the child’s development, every week, every month, or as agreed.",
    ),
    Recorded("receive_report", "A report of the provider came", forms.ReceiveReportForm, "The report is recorded."),
    Recorded(
        "tell_incident",
        "The provider told of an incident",
        forms.IncidentForm,
        "The incident is recorded.",
        lede="The provider tells the authority within 24 hours, with a written account.",
    ),
    Recorded(
        "raise_contract",
        "Raise the contract with Commissioning",
        forms.RaiseContractForm,
        "It is raised: Commissioning has it on the list.",
        lede="Where the contract with the provider needs changing and the provider does not answer.",
        button="Raise it",
    ),
)

FOLLOWING: Final = (
    Recorded(
        "take_back_visit",
        "The visit is not wanted any more",
        forms.TakeBackForm,
        "It is recorded that the visit is not wanted any more.",
        objections=not_taken_back,
        about=VisitAskedFor,
        button="Take it back",
    ),
    Recorded(
        "share_health",
        "Have the placement assurance tool shared",
        forms.ShareHealthForm,
        "The social worker can read the tool now.",
        may=permissions.is_the_iro,
        who=permissions.THE_IRO,
        objections=complete_and_not_shared,
        lede="From now on everybody who reads what workers wrote about this child reads the tool too.",
        button="Share it with the social worker",
        about=HealthAsked,
    ),
    Recorded(
        "receive_account",
        "The written account came",
        forms.AccountForm,
        "The account is recorded.",
        objections=without_account,
        about=Incident,
        button="Record that it came",
    ),
    Recorded(
        "answer_contract",
        "Answer about the contract",
        forms.AnswerContractForm,
        "Your answer is recorded.",
        may=permissions.may_answer_contract,
        who=permissions.COMMISSIONERS,
        objections=not_answered,
        about=ContractQuestion,
        button="Answer",
    ),
)


def changes_after_visits(request: Any, placement: Placement, sight: Any) -> list[dict[str, str]]:
    """What this person may record about a home, for its page."""
    allowed = {may: may(placement, request.user, request.at) for may in {row.may for row in ABOUT_HOME}}
    return [
        {"label": row.label, "url": link_to(f"visits:{row.name}", placement.pk)}
        for row in ABOUT_HOME
        if allowed[row.may]
    ]
