"""The limits of the sources that Hearth does not keep yet: nothing here becomes due, and nobody is told.

They stand on the page of procedures and in `docs/rules.md` beside the rules in force, so that nobody relies on Hearth for
what it does not watch. Whoever declares a rule of one of these codes takes its row away; a test sees to it.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class NotKept:
    """A limit that a source states and that has to be watched without Hearth."""

    code: str
    says: str


NOT_KEPT: Final[dict[str, tuple[NotKept, ...]]] = {
    "Purposeful visits to registered homes (placements and visiting procedure)": (
        NotKept("K-27", "The social worker learns at the first visit what the contract includes"),
    ),
    "Concerns, risk assessments and scoping meetings (placements and visiting procedure)": (
        NotKept("K-21", "A visit at once after concerns of a regulator (the law’s week after a notice is kept: L-08)"),
        NotKept("K-22", "A risk assessment for each child: 5 days"),
        NotKept("K-23", "A scoping meeting, if needed: within 10 days"),
        NotKept("K-24", "Managers are told of a concern without delay; the provider mends it by a date"),
        NotKept("K-25", "The risk assessment that the placement service asks for: 5 days"),
        NotKept("K-30", "The request after the Assistant Director agrees: 1 working day"),
        NotKept("K-31", "Screening of a request: 1 working day"),
        NotKept("K-33", "Risk assessments back: 5 working days"),
        NotKept("K-34", "The meeting: within 7 working days of the request"),
        NotKept("K-35", "The meeting’s actions, each by its own date"),
        NotKept("K-36", "Minutes are filed and sent on; no limit is stated"),
        NotKept("K-37", "Notice that a placement is to end: at the earliest opportunity"),
    ),
    "Unregulated arrangements (unregulated placements procedure)": (NotKept("D-07", "The monthly tracking meeting"),),
    "Going home (exit team procedure)": (
        NotKept("R-01", "Assessment of an accommodated child: 1 month"),
        NotKept("R-02", "Assessment of a child on a care order: no limit is stated"),
        NotKept("R-03", "A review at the earliest opportunity where the care plan changes much"),
        NotKept("R-04", "Stage 1, assessment and preparation: 4 to 7 weeks"),
        NotKept("R-05", "Stage 2, intensive support at home: 3 to 6 months"),
        NotKept("R-06", "Stage 3, step-down: 2 to 4 weeks"),
        NotKept("R-07", "The decision at the second review after the child went home"),
        NotKept("R-08", "The team’s report: quarterly"),
    ),
    "Planning a placement, and contact (placement planning and contact procedures)": (
        NotKept("P-01", "The first planning meeting: before the placement"),
        NotKept("P-02", "After an urgent placement the plan is ready in 72 hours"),
        NotKept("P-03", "The home’s case meeting after the first planning meeting; no limit is stated"),
        NotKept("P-04", "A disruption meeting is considered where a placement ended abruptly"),
        NotKept("P-06", "Further planning meetings as agreed, or when something arises"),
    ),
    "The law": (
        NotKept("L-08c", "Reg 30: the review comes forward where a visit shows that a child is not safeguarded"),
        NotKept("L-09", "Reg 9: the placement plan before the placement, or within 5 working days"),
        NotKept("L-10", "Reg 4: the care plan before the first placement, else within 10 working days"),
        NotKept(
            "L-11", "Reg 13(1): those concerned are told before a placement, in an emergency within 5 working days"
        ),
        NotKept("L-14", "Reg 14: before a placement is ended it is reviewed; late notice within 10 working days"),
        NotKept("L-22", "Reg 33(1): the first review within 20 working days"),
        NotKept("L-23", "Reg 33(2): the second review within 3 months of the first, later ones within 6"),
        NotKept("L-25", "Reg 32(2): a review before the care plan changes much"),
        NotKept("L-27", "Reg 48: short breaks of at most 17 days each and 75 days in a year"),
        NotKept("L-28", "A reviewing officer is told within 2 working days and appointed within 5"),
        NotKept("L-29", "A dispute that a reviewing officer raises: at most 20 working days"),
        NotKept("L-30", "Records of reviews: decisions in 5 working days, the record in 15, sent on in 20"),
        NotKept("L-32", "Referral of an allegation to the LADO service: 1 working day"),
        NotKept(
            "L-33", "Ofsted is told of a court’s order about an unregistered home: 7 days, where the court says so"
        ),
        NotKept("L-34", "The independent visitor’s report of a children’s home: monthly"),
        NotKept("L-36", "Ofsted’s next look after Inadequate: 6 to 8 weeks"),
        NotKept("L-37", "A record is kept until the 75th birthday, or 15 years after a death before 18"),
    ),
}
"""By what they are about and which document says so; in the order of their codes."""
