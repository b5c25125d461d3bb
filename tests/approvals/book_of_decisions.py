"""Senior decisions as whoever follows the procedures would keep them: a book beside Hearth, that knows nothing of its code.

Written from the procedures: who prepares, checks and decides each kind (roles; processes 2, 3 and 12; L-13 to L-26, C-43,
C-44, C-47, P-05), who sees a child (roles, last table), and that nobody has two parts in one decision (C-33).
"""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from accounts.roles import Role

SW, PA, TM, SM = Role.SOCIAL_WORKER, Role.PERSONAL_ADVISER, Role.TEAM_MANAGER, Role.SERVICE_MANAGER
DHOS, HOS, DIRECTOR, DCS = Role.DHOS, Role.HOS, Role.SERVICE_DIRECTOR, Role.DCS
OFFICER, LEGAL = Role.DECISION_MAKER, Role.LEGAL
"""OFFICER is agency decision maker or nominated officer: one role (C-23)."""

WORKERS, IN_A_TEAM, IN_AN_AREA = (SW, PA), (SW, PA, TM), (SM, DHOS, HOS)
SEES_ALL = (DIRECTOR, DCS, Role.ASSISTANT_DIRECTOR)
SEES_WHAT_IS_PUT = (OFFICER, LEGAL)


@dataclass(frozen=True)
class Procedure:
    """Who does what in one kind of decision."""

    prepares: tuple[Role, ...]
    checks: Role | None
    decides: Role
    by_telephone: bool = False
    """Can it be so urgent that a yes by telephone comes first, and is signed afterwards?"""


PARTS = {"prepare": "writes", "put": "writes", "confirm": "checks", "decide": "decides", "decline": "decides"}
PARTS |= {"say": "is asked", "take_back": "writes"}
"""What one does with a step; to hand it back is a part of whoever reads it then."""

URGENT = (SW, PA, TM, SM, DHOS)
PROCEDURES = {
    "unregistered_setting": Procedure(URGENT, TM, DIRECTOR, by_telephone=True),
    "secure_accommodation": Procedure(URGENT, TM, DIRECTOR, by_telephone=True),
    "contact": Procedure(IN_A_TEAM, TM, DHOS),
    "viability": Procedure(WORKERS, None, TM),
    "temporary_approval": Procedure(IN_A_TEAM, TM, OFFICER, by_telephone=True),
    "extension": Procedure(IN_A_TEAM, TM, OFFICER),
    "extension_for_review": Procedure(IN_A_TEAM, TM, OFFICER),
    "with_parents": Procedure(IN_A_TEAM, TM, OFFICER),
    "with_parents_at_once": Procedure(IN_A_TEAM, TM, OFFICER, by_telephone=True),
    "out_of_area": Procedure(IN_A_TEAM, TM, OFFICER, by_telephone=True),
    "ceasing": Procedure(IN_A_TEAM, TM, OFFICER),
}


@dataclass(frozen=True)
class Office:
    """A role that somebody holds, where, and how long."""

    role: Role
    place: object = None
    until: object = None
    acts_for: object = None


@dataclass
class Authority:
    """Who holds which office, who works with the child, and who may see it."""

    team: object
    area: object
    at: object
    allocated: object
    people: dict
    """The offices of everybody who takes part."""
    reviewer: object = None
    """The child's independent reviewing officer."""
    named: set | None = None
    """Who alone sees the child, where the record is restricted."""

    @property
    def today(self):
        return self.at.astimezone(ZoneInfo("Europe/London")).date()

    def offices(self, person):
        return [office for office in self.people[person] if office.until is None or self.at < office.until]

    def holders(self, role):
        return {person for person in self.people if any(office.role == role for office in self.offices(person))}

    def sees(self, person, put_to):
        """Does the person see the child, to whom something is put or not?"""
        offices = self.offices(person)
        if self.named is not None:
            return person in self.named and bool(offices)
        return any(self._opens(person, office, put_to) for office in offices)

    def holds(self, person, role, put_to):
        """Does the person hold this role for this child?"""
        if not self.sees(person, put_to):
            return False
        held = [office for office in self.offices(person) if office.role == role]
        return any(self.named is not None or office.place in (None, self.team, self.area) for office in held)

    def _opens(self, person, office, put_to):
        if office.role in IN_A_TEAM:
            return office.place == self.team
        if office.role in IN_AN_AREA:
            return office.place == self.area
        if office.role in SEES_WHAT_IS_PUT:
            return person in put_to or office.acts_for in put_to
        return office.role in SEES_ALL or (office.role == Role.IRO and person == self.reviewer)


@dataclass
class Book:
    """One decision: where it stands, what was written and signed, and who did what."""

    kind: str
    authority: Authority
    for_director: bool
    """Is it for the Director of Children's Services: at a distance (L-13), or at 16 and not in care (L-26)?"""
    stage: str = "begun"
    decides: Role | None = None
    versions: list = field(default_factory=list)
    """What each says, and who wrote it."""
    signed: list = field(default_factory=list)
    """Which act, by whom, under the version of which number."""
    log: list = field(default_factory=list)
    handed_back: list = field(default_factory=list)
    """By whom, and at which stage: checking and deciding are two parts."""
    parts: dict = field(default_factory=dict)
    """By person, what he or she did in it: nobody has two parts."""
    put_to: set = field(default_factory=set)
    """Who sees the child only because it is put to him or her."""

    def __repr__(self):
        said = f"{self.kind} {self.stage}, {len(self.versions)} versions"
        return f"<{said}: {', '.join(f'{act} by {person.username}' for act, person in self.log)}>"

    @property
    def procedure(self):
        return PROCEDURES[self.kind]

    @property
    def is_under_way(self):
        return self.stage in ("begun", "checking", "deciding", "handed back")

    # Who

    def sees(self, person):
        return self.authority.sees(person, self.put_to)

    def holds(self, person, role):
        return role is not None and self.authority.holds(person, role, self.put_to)

    def has_no_part_but(self, person, part):
        return self.parts.get(person, set()) <= {part}

    def may_prepare(self, person):
        prepares = any(
            self.holds(person, role) and (role not in WORKERS or person == self.authority.allocated)
            for role in self.procedure.prepares
        )
        return prepares and self.has_no_part_but(person, "writes")

    def may_check(self, person):
        return self.holds(person, self.procedure.checks) and self.has_no_part_but(person, "checks")

    def may_decide(self, person):
        is_stranger = self.has_no_part_but(person, "decides") and person != self.authority.allocated
        return self.holds(person, self.decides) and is_stranger

    def may_be_asked(self, person):
        """The child's IRO says what he or she thinks."""
        is_iro = person == self.authority.reviewer and any(o.role == Role.IRO for o in self.authority.offices(person))
        return is_iro and self.sees(person) and self.has_no_part_but(person, "is asked")

    @property
    def able(self):
        """Who can take the step that it waits for."""
        may = {"checking": self.may_check, "deciding": self.may_decide}.get(self.stage, self.may_prepare)
        return [person for person in self.authority.people if self.is_under_way and may(person)]

    # What

    def allows(self, step, person, said):
        """Can this person do this now? None where the book does not say: which kinds ask the IRO, and how often."""
        match step:
            case "say":
                return None if self.is_under_way and self.may_be_asked(person) else False
            case "put":
                return self.is_under_way and self.may_prepare(person) and self._is_worth_reading(said)
            case "confirm":
                return self.stage == "checking" and self.may_check(person) and said["is_current"]
            case "decide":
                return self.stage == "deciding" and self.may_decide(person) and said["is_current"]
            case "decline":
                return self.stage == "deciding" and self.may_decide(person)
            case "hand_back":
                return self.stage in ("checking", "deciding") and person in self.able
            case "take_back":
                return self.is_under_way and self.may_prepare(person)
        return False

    def _is_worth_reading(self, said):
        """Complete, new, upon what was read last, and with a telephone call only of whoever decides."""
        is_new = not self.versions or self.versions[-1][0] != said["text"]
        could_say = said["said_by"] is None or (
            self.procedure.by_telephone and said["said_by"] in self.authority.holders(self.will_decide)
        )
        return said["is_complete"] and is_new and said["is_current"] and could_say

    @property
    def will_decide(self):
        return DCS if self.for_director else self.procedure.decides

    def write(self, step, person, said):
        """It was done."""
        self.log.append((step, person))
        part = PARTS.get(step) or ("checks" if self.stage == "checking" else "decides")
        if step != "take_back":
            self.parts.setdefault(person, set()).add(part)
        match step:
            case "put":
                self.versions.append((said["text"], person))
                self.decides = self.will_decide
                self._stands("deciding" if said["said_by"] or self.procedure.checks is None else "checking")
            case "confirm":
                self.signed.append(("confirm", person, len(self.versions)))
                self._stands("deciding")
            case "decide":
                self.signed.append(("decide", person, len(self.versions)))
                self._stands("yes")
            case "decline":
                self._stands("no")
            case "hand_back":
                self.handed_back.append((self.stage, person))
                self._stands("handed back")
            case "take_back":
                self._stands("taken back")

    def _stands(self, stage):
        self.stage = stage
        if stage == "deciding" and self.decides in SEES_WHAT_IS_PUT:
            self.put_to |= self.authority.holders(self.decides)
        if not self.is_under_way:
            self.put_to = set()
