"""Who may live where: the table that says where an arrangement stands on a day, in regulation and in law.

TABLE is read from top to bottom among the rows of the child's setting, and the first row that applies is taken. Its
order follows the decision table of `eligibility.md` §2, with these additions: what ends the question comes first (18,
custody, adoption); then what nobody has recorded, so that a missing fact is never read as good or bad news; then the
lawful rows; then the reasons why not. The number before the dash in a row's code is the row of §2 that it belongs to
(0: none).

A row knows no signature, no authorisation and no order that restricts liberty: none of them makes an arrangement lawful
(C-00; §2 row 11).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from placements.rulebook import PANDEMIC, regulation
from placements.situation import Situation
from placements.states import Lawfulness, Regulation, Setting


def always(situation: Situation) -> bool:
    """The rows above have been asked; this is what is left."""
    return True


def no_day(situation: Situation) -> date | None:
    """The row's sentence names no day."""
    return None


def nothing(situation: Situation) -> tuple[str, ...]:
    """Everything is known that the row needs."""
    return ()


def only(*words: str) -> Callable[[Situation], tuple[str, ...]]:
    """These are missing, whatever the facts."""
    return lambda situation: words


@dataclass(frozen=True, slots=True)
class Row:
    """One row: for which settings and when it applies, and what it answers."""

    code: str
    settings: tuple[Setting, ...]
    applies: Callable[[Situation], bool]
    regulation: Regulation
    lawfulness: Lawfulness
    says: str
    """The reason in plain English; `{day}` stands for the row's day, `{home}` for the kind of place."""
    cites: tuple[str, ...]
    day: Callable[[Situation], date | None] = no_day
    """The day that the sentence names. Where the arrangement is lawful until a date, that is the last lawful day."""
    missing: Callable[[Situation], tuple[str, ...]] = nothing
    """What is missing to be sure, in plain words."""


EVERYWHERE: Final = tuple(Setting)
PARENT: Final = (Setting.PARENT,)
CONNECTED: Final = (Setting.CONNECTED_PERSON,)
FOSTER: Final = (Setting.IN_HOUSE_FOSTER, Setting.IFA_FOSTER)
CARERS: Final = (*CONNECTED, *FOSTER)
SECURE: Final = (Setting.SECURE_HOME,)
CHILDRENS_HOMES: Final = (Setting.CHILDRENS_HOME, *SECURE)
SUPPORTED: Final = (Setting.SUPPORTED_ACCOMMODATION,)
INDEPENDENT: Final = (Setting.INDEPENDENT_LIVING,)
LISTED: Final = (Setting.HOSPITAL, Setting.RESIDENTIAL_SCHOOL)
LISTED_AND_REGISTERED: Final = (Setting.CARE_HOME, Setting.FAMILY_CENTRE)
HAVE_TO_REGISTER: Final = (*CHILDRENS_HOMES, *SUPPORTED, *LISTED_AND_REGISTERED)
EMPLOYMENT: Final = (Setting.RESIDENTIAL_EMPLOYMENT,)
OTHER: Final = (Setting.OTHER,)

PLACED_WITH_PARENT: Final = "Children Act 1989, section 22C(2)"
CONNECTED_FOSTERER: Final = "Children Act 1989, section 22C(6)(a)"
OTHER_FOSTERER: Final = "Children Act 1989, section 22C(6)(b)"
IN_CHILDRENS_HOME: Final = "Children Act 1989, section 22C(6)(c)"
OTHER_ARRANGEMENTS: Final = "Children Act 1989, section 22C(6)(d)"
MUST_REGISTER: Final = "Care Standards Act 2000, section 11"
BOTH_LISTS: Final = (OTHER_ARRANGEMENTS, regulation("27A"), regulation("27C"))

ADULT: Final = "0-adult"
APPROVAL_NOT_RECORDED: Final = "3-not-recorded"
REGISTRATION_NOT_RECORDED: Final = "6-not-recorded"
ACCEPTANCE_NOT_RECORDED: Final = "8-accepted-when"
WITH_PARENT: Final = "1"
ACCOMMODATED_WITH_PARENT: Final = "2"
DECISION_LATE: Final = "1-decision-late"
DECISION_DUE: Final = "1-decision-due"
EMERGENCY_OVER: Final = "5-emergency-over"
EMERGENCY: Final = "5-emergency"

TABLE: Final = (
    # What ends the question
    Row(
        ADULT,
        EVERYWHERE,
        Situation.is_adult,
        Regulation.NOT_LOOKED_AFTER,
        Lawfulness.NOT_APPLICABLE,
        "At 18 nobody is looked after any more, so the rules on where a looked-after child may live have ended.",
        ("Children Act 1989, section 105(1)",),
    ),
    Row(
        "0-usual-home",
        (Setting.TEMPORARY,),
        always,
        Regulation.NOT_KNOWN,
        Lawfulness.NOT_KNOWN,
        "A short stay elsewhere is judged like the usual home, and the usual home is not recorded.",
        ("SSDA903, placement codes T0 to T4",),
        missing=only("the usual home that the child will go back to"),
    ),
    Row(
        "0-custody",
        (Setting.CUSTODY,),
        always,
        Regulation.REGULATED,
        Lawfulness.NOT_APPLICABLE,
        "The child is in custody by order of a court; the rules on placements do not decide about that.",
        ("SSDA903, placement code R5",),
    ),
    Row(
        "0-adoption",
        (Setting.ADOPTIVE,),
        always,
        Regulation.REGULATED,
        Lawfulness.LAWFUL,
        "The child is placed for adoption, which adoption law regulates.",
        ("Adoption and Children Act 2002", "SSDA903, placement codes A3 to A6"),
    ),
    # With a parent
    Row(
        ACCOMMODATED_WITH_PARENT,
        PARENT,
        Situation.is_accommodated,
        Regulation.NOT_LOOKED_AFTER,
        Lawfulness.NOT_APPLICABLE,
        "A child whom the authority accommodated under section 20 and who lives with a parent is not looked after.",
        ("S2 11", "C-20", "SSDA903 rule 378"),
    ),
    Row(
        "1-no-status",
        PARENT,
        Situation.has_no_legal_status,
        Regulation.NOT_KNOWN,
        Lawfulness.NOT_KNOWN,
        "Whether the child is placed with the parent or not looked after at all hangs on the legal status.",
        (regulation("15 to 20"),),
        missing=only("the child’s legal status on the day"),
    ),
    Row(
        "1-ask-legal",
        PARENT,
        Situation.is_not_in_care,
        Regulation.NOT_KNOWN,
        Lawfulness.NOT_KNOWN,
        "The rules on placement with a parent are written for care orders; the child has another legal status.",
        (regulation("15"),),
        missing=only("Legal’s view: does the child’s legal status allow placement with a parent"),
    ),
    Row(
        DECISION_LATE,
        PARENT,
        Situation.decision_is_late,
        Regulation.REGULATED,
        Lawfulness.NOT_LAWFUL,
        "The child went to the parent before the assessment, and the decision was due by {day}. "
        "Without it the placement has to end.",
        (regulation("19"), "L-16"),
        day=Situation.decision_due_on,
        missing=Situation.decision_if_missing,
    ),
    Row(
        DECISION_DUE,
        PARENT,
        Situation.waits_for_decision,
        Regulation.REGULATED,
        Lawfulness.LAWFUL_UNTIL,
        "The child in care went to the parent before the assessment; assessment and decision may take until {day}.",
        (regulation("19"), "L-16"),
        day=Situation.decision_due_on,
        missing=Situation.decision_if_missing,
    ),
    Row(
        WITH_PARENT,
        PARENT,
        always,
        Regulation.REGULATED,
        Lawfulness.LAWFUL,
        "The child is in care and placed with a parent.",
        (PLACED_WITH_PARENT, regulation("15 to 20")),
        missing=Situation.decision_if_missing,
    ),
    # With a carer
    Row(
        APPROVAL_NOT_RECORDED,
        CARERS,
        Situation.approval_is_not_recorded,
        Regulation.NOT_KNOWN,
        Lawfulness.NOT_KNOWN,
        "It is not recorded whether the carer is approved, and only an approved carer makes this arrangement lawful.",
        ("C-26", "D-08"),
        missing=only("the carer’s approval: of which kind, from when, until when, or that there is none"),
    ),
    Row(
        EMERGENCY_OVER,
        CARERS,
        Situation.is_outside_terms_too_long,
        Regulation.REGULATED,
        Lawfulness.NOT_LAWFUL,
        "The terms of the carer’s approval do not cover this arrangement, and the time for an emergency is over. "
        "The terms have to be varied or the placement ended.",
        (regulation("23"), "L-17"),
    ),
    Row(
        EMERGENCY,
        CARERS,
        Situation.is_outside_terms,
        Regulation.REGULATED,
        Lawfulness.LAWFUL_UNTIL,
        "The terms of the carer’s approval do not cover this arrangement; in an emergency it may last until {day}.",
        (regulation("23"), "L-17"),
        day=Situation.last_emergency_day,
    ),
    Row(
        "3-until",
        CONNECTED,
        Situation.is_approved_until_a_day,
        Regulation.REGULATED,
        Lawfulness.LAWFUL_UNTIL,
        "The connected person is an approved foster carer until {day}.",
        (CONNECTED_FOSTERER,),
        day=Situation.last_approved_day,
    ),
    Row(
        "3",
        CONNECTED,
        Situation.is_approved,
        Regulation.REGULATED,
        Lawfulness.LAWFUL,
        "The connected person is an approved foster carer.",
        (CONNECTED_FOSTERER,),
    ),
    Row(
        "5-until",
        FOSTER,
        Situation.is_approved_until_a_day,
        Regulation.REGULATED,
        Lawfulness.LAWFUL_UNTIL,
        "The carer is an approved foster carer until {day}.",
        (OTHER_FOSTERER,),
        day=Situation.last_approved_day,
    ),
    Row(
        "5",
        FOSTER,
        Situation.is_approved,
        Regulation.REGULATED,
        Lawfulness.LAWFUL,
        "The carer is an approved foster carer.",
        (OTHER_FOSTERER,),
    ),
    Row(
        "4-review",
        CONNECTED,
        Situation.is_extended_for_review,
        Regulation.REGULATED,
        Lawfulness.LAWFUL,
        "The connected person is temporarily approved as a foster carer, until an independent review is decided.",
        (regulation("25(3)"), "L-20"),
        missing=only("the outcome of the independent review"),
    ),
    Row(
        "4",
        CONNECTED,
        Situation.is_temporarily_approved,
        Regulation.REGULATED,
        Lawfulness.LAWFUL_UNTIL,
        "The connected person is temporarily approved as a foster carer until {day}.",
        (regulation("24"), regulation("25"), "L-18", "L-19"),
        day=Situation.last_temporary_day,
    ),
    Row(
        "4-pandemic",
        FOSTER,
        Situation.is_approved_as_anybody_could_be,
        Regulation.REGULATED,
        Lawfulness.LAWFUL_UNTIL,
        "The carer is temporarily approved until {day}; during the pandemic that was possible without a connection.",
        (regulation("24"), PANDEMIC),
        day=Situation.last_temporary_day,
    ),
    Row(
        "4-connection",
        FOSTER,
        Situation.is_temporarily_approved,
        Regulation.NOT_KNOWN,
        Lawfulness.NOT_KNOWN,
        "Only a connected person, or somebody approved to adopt, can be approved temporarily; neither is recorded.",
        (regulation("24"), regulation("25A")),
        missing=only("whether the carer is connected with the child, or approved to adopt"),
    ),
    Row(
        "9-ran-out",
        CONNECTED,
        Situation.temporary_approval_ran_out,
        Regulation.UNREGULATED_CONNECTED,
        Lawfulness.NOT_LAWFUL,
        "The connected person was temporarily approved until {day}, and no approval as a foster carer followed.",
        (regulation("25(6)"), "L-21", "S0 1.2"),
        day=Situation.temporary_approval_ran_out_on,
    ),
    Row(
        "9",
        CONNECTED,
        Situation.list_binds,
        Regulation.UNREGULATED_CONNECTED,
        Lawfulness.NOT_LAWFUL,
        "The connected person is not approved as a foster carer, and the home is not a place that the law lists.",
        (*BOTH_LISTS, "S0 1.2-1.3"),
    ),
    Row(
        "9-before-the-list",
        CONNECTED,
        always,
        Regulation.UNREGULATED_CONNECTED,
        Lawfulness.NOT_KNOWN,
        "The connected person is not approved as a foster carer. "
        "On this day the law had no closed list for the child’s age.",
        (OTHER_ARRANGEMENTS, regulation("27"), "S0 1.2-1.3"),
        missing=only("Legal’s view: could this count as a suitable other arrangement on that day"),
    ),
    Row(
        "10-carer",
        FOSTER,
        always,
        Regulation.UNREGISTERED_SETTING,
        Lawfulness.NOT_LAWFUL,
        "The carer is not an approved foster carer, and no connection with the child is recorded.",
        (OTHER_FOSTERER, MUST_REGISTER),
    ),
    # In a home
    Row(
        "10-hotel",
        (Setting.HOTEL,),
        always,
        Regulation.NOT_PERMITTED,
        Lawfulness.NOT_LAWFUL,
        "No child under 18 may be housed in a hotel.",
        ("S3 L75-76", "ECPAT v Kent, High Court, 27 July 2023"),
    ),
    Row(
        "7-under-16",
        (*SUPPORTED, *INDEPENDENT),
        Situation.list_for_under_16_binds,
        Regulation.NOT_PERMITTED,
        Lawfulness.NOT_LAWFUL,
        "Nobody under 16 may be placed in supported accommodation or independent living.",
        (OTHER_ARRANGEMENTS, regulation("27A"), "C-17"),
    ),
    Row(
        "7-listed-for-older",
        (*EMPLOYMENT, *OTHER),
        Situation.is_listed_for_older,
        Regulation.NOT_PERMITTED,
        Lawfulness.NOT_LAWFUL,
        "The law lists this kind of place for 16 and 17 only, and the child is under 16.",
        (OTHER_ARRANGEMENTS, regulation("27A")),
    ),
    Row(
        "7-listed",
        (*SUPPORTED, *INDEPENDENT, *EMPLOYMENT, *OTHER),
        Situation.is_listed_place,
        Regulation.REGULATED,
        Lawfulness.LAWFUL,
        "This is one of the other arrangements that the law allows at the child’s age.",
        BOTH_LISTS,
    ),
    Row(
        "7",
        LISTED,
        always,
        Regulation.REGULATED,
        Lawfulness.LAWFUL,
        "A {home} is on the law’s list of other arrangements.",
        BOTH_LISTS,
    ),
    Row(
        "8-before-the-list",
        (*SUPPORTED, *INDEPENDENT),
        Situation.list_does_not_bind_yet,
        Regulation.REGULATED,
        Lawfulness.LAWFUL,
        "On this day the law had no closed list for the child’s age, and support without care needed no registration.",
        (OTHER_ARRANGEMENTS, regulation("27"), "SSDA903, placement codes H5 and P2"),
        missing=only("that the place gave support only: one that gave care had to be registered as a children’s home"),
    ),
    Row(
        "8-independent",
        INDEPENDENT,
        always,
        Regulation.NOT_PERMITTED,
        Lawfulness.NOT_LAWFUL,
        "A child can no longer be placed in independent living: it is not on the law’s list.",
        (OTHER_ARRANGEMENTS, regulation("27C"), "SSDA903 rule 217t"),
    ),
    Row(
        "6-secure",
        SECURE,
        Situation.is_registered,
        Regulation.REGULATED,
        Lawfulness.LAWFUL,
        "The secure children’s home is registered.",
        (IN_CHILDRENS_HOME, "S3 L40"),
        missing=Situation.secure_authority_if_missing,
    ),
    Row(
        "6",
        CHILDRENS_HOMES,
        Situation.is_registered,
        Regulation.REGULATED,
        Lawfulness.LAWFUL,
        "The children’s home is registered with the regulator that its type needs.",
        (IN_CHILDRENS_HOME, "C-42"),
    ),
    Row(
        "7-with-parent",
        SUPPORTED,
        Situation.is_under_16_and_registered,
        Regulation.REGULATED,
        Lawfulness.LAWFUL,
        "The child lives in registered supported accommodation with a parent of 16 or 17 who is looked after.",
        (regulation("27B"), regulation("27C")),
    ),
    Row(
        "8",
        SUPPORTED,
        Situation.is_registered,
        Regulation.REGULATED,
        Lawfulness.LAWFUL,
        "The supported accommodation is registered, and the child is 16 or 17.",
        (OTHER_ARRANGEMENTS, regulation("27C(1)(a)")),
    ),
    Row(
        "8-accepted",
        SUPPORTED,
        Situation.was_accepted_in_time,
        Regulation.REGULATED,
        Lawfulness.LAWFUL,
        "The provider’s application was accepted before registration became compulsory, and is not decided yet.",
        (regulation("27C(1)(a)"), "SI 2023/416, reg 44"),
    ),
    Row(
        ACCEPTANCE_NOT_RECORDED,
        SUPPORTED,
        Situation.is_transitional_without_date,
        Regulation.NOT_KNOWN,
        Lawfulness.NOT_KNOWN,
        "The provider is said to have applied before registration became compulsory, but the day is not recorded.",
        ("SI 2023/416, reg 44",),
        missing=only("the day on which the regulator accepted the provider’s application"),
    ),
    Row(
        "7-registered",
        LISTED_AND_REGISTERED,
        Situation.is_registered,
        Regulation.REGULATED,
        Lawfulness.LAWFUL,
        "A {home} is on the law’s list of other arrangements, and this one is registered.",
        (*BOTH_LISTS, "C-42"),
    ),
    Row(
        REGISTRATION_NOT_RECORDED,
        HAVE_TO_REGISTER,
        Situation.registration_is_not_recorded,
        Regulation.NOT_KNOWN,
        Lawfulness.NOT_KNOWN,
        "It is not recorded whether the {home} is registered, and only registration makes this arrangement lawful.",
        ("C-26", MUST_REGISTER),
        missing=only("the home’s registration: with which regulator, since when, or that there is none"),
    ),
    Row(
        "10-applied",
        (*HAVE_TO_REGISTER, *OTHER),
        Situation.has_applied,
        Regulation.UNREGISTERED_APPLIED,
        Lawfulness.NOT_LAWFUL,
        "The home has applied for registration. Until it is registered, it counts as unregistered.",
        (MUST_REGISTER, "S3 L49", "C-13"),
    ),
    Row(
        "10",
        HAVE_TO_REGISTER,
        Situation.is_not_registered,
        Regulation.UNREGISTERED_SETTING,
        Lawfulness.NOT_LAWFUL,
        "The {home} is not registered with the regulator that its type needs. Running it so is the provider’s offence.",
        (MUST_REGISTER, "S3 L87-91", "C-42"),
    ),
    Row(
        "10-other",
        OTHER,
        Situation.is_recorded_as_unregistered,
        Regulation.UNREGISTERED_SETTING,
        Lawfulness.NOT_LAWFUL,
        "The place gives care and is not registered. Running it so is the provider’s offence.",
        (MUST_REGISTER, "S3 L87-91"),
    ),
    Row(
        "0-employment",
        EMPLOYMENT,
        always,
        Regulation.NOT_KNOWN,
        Lawfulness.NOT_KNOWN,
        "Whether a child may live at the place of work has to be looked at in each case.",
        (OTHER_ARRANGEMENTS, "SSDA903, placement code P3"),
        missing=only("Legal’s view of living at the place of work"),
    ),
    Row(
        "0-which-kind",
        OTHER,
        always,
        Regulation.NOT_KNOWN,
        Lawfulness.NOT_KNOWN,
        "It is not recorded what kind of place this is.",
        ("SSDA903, placement codes Z1 and Z11 to Z14",),
        missing=only("what kind of place it is, whether it gives care, and whether it is registered"),
    ),
)

ROWS_OF: Final = {setting: tuple(row for row in TABLE if setting in row.settings) for setting in Setting}
"""The rows of each setting, in the order of the table."""
