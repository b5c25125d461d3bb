"""Arrangements written down in few words, for tests of regulation and lawfulness.

Days are written as in tests of the visit clocks, with a weekday that is checked ("Mon 2026-01-05").
"""

from casework.procedures import rules_as_declared
from placements import rulebook
from placements.arrangement import Approval, ArrangementFacts, BeforeAssessment, LegalBasis, Registration, Span
from placements.lawfulness import standing_on, standings_over
from placements.states import ApprovalKind, ListedSetting, RegistrationStatus, Regulator, Setting
from tests.visits.placed import day, moment

assert rulebook.RULES
RULES = rules_as_declared()

APPROVED = ApprovalKind.APPROVED
TEMPORARY = ApprovalKind.TEMPORARY
EXTENDED = ApprovalKind.EXTENDED
EXTENDED_FOR_REVIEW = ApprovalKind.EXTENDED_FOR_REVIEW


def arrangement(setting, start="Mon 2026-01-05 10:00", born="Sat 2014-02-01", ended=None, **facts):
    """An arrangement with a child who is eleven when it begins, unless something else is said."""
    return ArrangementFacts(
        born_on=day(born),
        setting=Setting(setting),
        started_at=moment(start),
        ended_at=moment(ended) if ended else None,
        **facts,
    )


def approval(kind, from_words, to_words=None):
    """An approval from a day, up to but not on another."""
    return Approval(day(from_words), day(to_words) if to_words else None, kind)


def span(from_words, to_words=None):
    """Days from one, up to but not on another."""
    return Span(day(from_words), day(to_words) if to_words else None)


def registered(from_words, status="registered", regulator="ofsted", accepted=None):
    """Where the home stands with a regulator from a day."""
    accepted_on = day(accepted) if accepted else None
    return Registration(day(from_words), RegistrationStatus(status), Regulator(regulator), accepted_on)


def order(code, from_words="Mon 2015-01-05"):
    """The legal status from a day."""
    return LegalBasis(day(from_words), code)


def before_assessment(from_words, to_words=None, assessed=None):
    """A stay under reg 19."""
    return BeforeAssessment(day(from_words), day(to_words) if to_words else None, day(assessed) if assessed else None)


def stands(facts, words):
    """Where the arrangement stands on a day."""
    return standing_on(facts, day(words), RULES)


def story(facts, until):
    """The life of the arrangement as (first day, row) pairs."""
    return [(f"{p.from_on:%a %Y-%m-%d}", p.standing.row) for p in standings_over(facts, RULES, day(until))]


def with_carer(*approvals, setting="connected_person", **facts):
    """An arrangement with a carer whose approvals are on record; without any: recorded as not approved."""
    return arrangement(setting, approvals=approvals, **facts)


def outside_terms(*stays, approvals=(), setting="ifa_foster", **facts):
    """An arrangement with an approved carer whose terms do not cover it."""
    approvals = approvals or (approval(APPROVED, "Wed 2020-01-01"),)
    return arrangement(setting, approvals=approvals, outside_terms=stays, **facts)


MONDAY = "Mon 2026-01-05"
LATER = "Mon 2026-03-02"
SIXTEEN = {"born": "Sat 2009-08-01"}
UNAPPROVED = with_carer()

EXAMPLES = {
    "0-adult": (arrangement("hotel", born="Sat 2008-02-02"), LATER),
    "0-usual-home": (arrangement("temporary"), LATER),
    "0-custody": (arrangement("custody"), LATER),
    "0-adoption": (arrangement("adoptive"), LATER),
    "2": (arrangement("parent", legal=(order("V2"),)), LATER),
    "1-no-status": (arrangement("parent"), LATER),
    "1-ask-legal": (arrangement("parent", legal=(order("L1"),)), LATER),
    "1-decision-late": (
        arrangement("parent", legal=(order("C2"),), before_assessment=(before_assessment(MONDAY),)),
        LATER,
    ),
    "1-decision-due": (
        arrangement("parent", legal=(order("C2"),), before_assessment=(before_assessment(MONDAY),)),
        MONDAY,
    ),
    "1": (arrangement("parent", legal=(order("C1"),), with_parent_decided_on=day(MONDAY)), LATER),
    "3-not-recorded": (arrangement("connected_person", approvals=None), LATER),
    "5-emergency-over": (outside_terms(span(MONDAY)), LATER),
    "5-emergency": (outside_terms(span(MONDAY)), MONDAY),
    "3-until": (with_carer(approval(APPROVED, MONDAY, "Mon 2026-06-01")), LATER),
    "3": (with_carer(approval(APPROVED, MONDAY)), LATER),
    "5-until": (with_carer(approval(APPROVED, MONDAY, "Mon 2026-06-01"), setting="in_house_foster"), LATER),
    "5": (with_carer(approval(APPROVED, MONDAY), setting="in_house_foster"), LATER),
    "4-review": (with_carer(approval(EXTENDED_FOR_REVIEW, MONDAY)), LATER),
    "4": (with_carer(approval(TEMPORARY, MONDAY)), LATER),
    "4-pandemic": (
        with_carer(approval(TEMPORARY, "Fri 2020-04-24"), setting="ifa_foster", start="Fri 2020-04-24 12:00"),
        "Mon 2020-06-01",
    ),
    "4-connection": (with_carer(approval(TEMPORARY, MONDAY), setting="ifa_foster"), LATER),
    "9-ran-out": (with_carer(approval(TEMPORARY, MONDAY, "Mon 2026-02-02")), LATER),
    "9": (UNAPPROVED, LATER),
    "9-before-the-list": (with_carer(start="Mon 2021-03-01 10:00"), "Wed 2021-09-08"),
    "10-carer": (with_carer(setting="ifa_foster"), LATER),
    "10-hotel": (arrangement("hotel", **SIXTEEN), LATER),
    "7-under-16": (arrangement("supported_accommodation", registrations=(registered(MONDAY),)), LATER),
    "7-listed-for-older": (arrangement("other", listed_as=ListedSetting.FURTHER_EDUCATION), LATER),
    "7-listed": (arrangement("other", listed_as=ListedSetting.HOLIDAY_SCHEME), LATER),
    "7": (arrangement("hospital"), LATER),
    "8-before-the-list": (
        arrangement("supported_accommodation", start="Mon 2023-10-02 10:00", born="Sat 2006-02-04"),
        "Fri 2023-10-27",
    ),
    "8-independent": (arrangement("independent_living", **SIXTEEN), LATER),
    "6-secure": (arrangement("secure_home", registrations=(registered(MONDAY),)), LATER),
    "6": (arrangement("childrens_home", registrations=(registered(MONDAY),)), LATER),
    "7-with-parent": (
        arrangement(
            "supported_accommodation",
            born="Sat 2025-02-01",
            registrations=(registered(MONDAY),),
            with_looked_after_parent=(span(MONDAY),),
        ),
        LATER,
    ),
    "8": (arrangement("supported_accommodation", registrations=(registered(MONDAY),), **SIXTEEN), LATER),
    "8-accepted": (
        arrangement(
            "supported_accommodation",
            registrations=(registered(MONDAY, "transitional", accepted="Sat 2023-10-28"),),
            **SIXTEEN,
        ),
        LATER,
    ),
    "8-accepted-when": (
        arrangement("supported_accommodation", registrations=(registered(MONDAY, "transitional"),), **SIXTEEN),
        LATER,
    ),
    "7-registered": (arrangement("care_home", registrations=(registered(MONDAY, regulator="cqc"),)), LATER),
    "6-not-recorded": (arrangement("childrens_home"), LATER),
    "10-applied": (arrangement("childrens_home", registrations=(registered(MONDAY, "applied"),)), LATER),
    "10": (arrangement("childrens_home", registrations=(registered(MONDAY, "unregistered"),)), LATER),
    "10-other": (arrangement("other", registrations=(registered(MONDAY, "unregistered"),)), LATER),
    "0-employment": (arrangement("residential_employment", **SIXTEEN), LATER),
    "0-which-kind": (arrangement("other"), LATER),
}
"""For each row of the decision table an arrangement and a day on which it is the row that applies."""
