"""Visits, the forms filled in on them, what came of those, and what is planned, asked for and agreed."""

from visits.models.agreed import (
    ContractQuestion,
    HealthAsked,
    Incident,
    PrivateConversation,
    ProviderReport,
    RaisedByIro,
    ReportsAgreed,
    VariationOfVisits,
    VisitAskedFor,
    VisitsConsidered,
)
from visits.models.form import FormReading, FormVersion, VisitingForm
from visits.models.photo import RoomPhoto
from visits.models.plan import CalendarFeed, PlannedVisit
from visits.models.provider_action import ProviderAction
from visits.models.visit import SharedVisit, Visit, WhyNotAlone

__all__ = [
    "CalendarFeed",
    "ContractQuestion",
    "FormReading",
    "FormVersion",
    "HealthAsked",
    "Incident",
    "PlannedVisit",
    "PrivateConversation",
    "ProviderAction",
    "ProviderReport",
    "RaisedByIro",
    "ReportsAgreed",
    "RoomPhoto",
    "SharedVisit",
    "VariationOfVisits",
    "Visit",
    "VisitAskedFor",
    "VisitingForm",
    "VisitsConsidered",
    "WhyNotAlone",
]
