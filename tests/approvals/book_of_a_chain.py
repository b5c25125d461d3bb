"""The sign-off chain as whoever follows S0 would keep it: a book beside Hearth, that knows nothing of its code.

Written from S0 2.3-2.7 (processes 1), C-31, C-32, C-33 and C-48: the Deputy Head convenes and types, four named people
agree, the Head of Service decides, the Service Director signs or dissents; nobody has two parts in one chain.
"""

from dataclasses import dataclass, field

from tests.approvals.book_of_decisions import DHOS, DIRECTOR, HOS, LEGAL, SW, TM, Authority

FOUR = (SW, TM, LEGAL, DHOS)
TYPING = ("convened", "to_agree", "agreed", "approved", "sent_back")
OVER = ("filed", "refused", "withdrawn")
SIGNED = ("signed_off", "communicated", "filed")
RENEWED_AT_MOST = 3
TELLS = ("feed_back", "communicate", "renew")
"""After these the Deputy Head, the team manager and the social worker confirm that they know."""
AS_WRITER = {"convene", "record", "note"}
AS_HOS = {"approve", "send_back", "refuse", "feed_back"}
AS_DIRECTOR = {"sign_off", "dissent"}

WHEN = {
    "convene": ("to_convene",),
    "record": TYPING,
    "agree": ("to_agree",),
    "approve": ("agreed",),
    "send_back": ("agreed",),
    "refuse": ("agreed",),
    "sign_off": ("approved",),
    "dissent": ("approved",),
    "feed_back": ("dissented",),
    "communicate": ("signed_off",),
    "file": ("communicated",),
    "withdraw": (*TYPING, "dissented"),
    "renew": SIGNED,
    "note": (*TYPING, "dissented", *SIGNED),
}
LEADS_TO = {
    "convene": "convened",
    "record": "to_agree",
    "approve": "approved",
    "send_back": "sent_back",
    "refuse": "refused",
    "sign_off": "signed_off",
    "dissent": "dissented",
    "communicate": "communicated",
    "file": "filed",
    "withdraw": "withdrawn",
}
UPON_WHAT_WAS_READ = ("record", "agree", "approve", "sign_off", "renew")
WHILE_IT_GOES_ON = ("convene", "approve", "sign_off", "renew")
"""What cannot be done any more once the arrangement is over."""


@dataclass
class ChainBook:
    """One case discussion: where it stands, who the four are, what was typed and signed, and who did what."""

    authority: Authority
    stage: str = "to_convene"
    four: dict = field(default_factory=dict)
    """By role."""
    texts: list = field(default_factory=list)
    signed: list = field(default_factory=list)
    """Which act, in which role, by whom, under the version of which number."""
    log: list = field(default_factory=list)
    is_interim: bool = False
    renewed_on: list = field(default_factory=list)
    is_live: bool = True
    """Does the arrangement go on?"""

    def __repr__(self):
        told = ", ".join(f"{act} by {person.username}" for act, person in self.log)
        return f"<{self.stage}, {len(self.texts)} versions: {told}>"

    @property
    def is_over(self):
        return self.stage in OVER

    # Who

    @property
    def put_to(self):
        """Legal sees the child while the matter is open."""
        return {self.four[LEGAL]} if self.four and not self.is_over else set()

    def holds(self, person, role):
        return self.authority.holds(person, role, self.put_to)

    def sees(self, person):
        return self.authority.sees(person, self.put_to)

    def did(self, person, acts):
        return any(act in acts for act, by in self.log if by == person)

    def signed_as(self, person):
        return {role for _, role, by, _ in self.signed if by == person}

    @property
    def agreed_now(self):
        return {role for act, role, _, number in self.signed if act == "agree" and number == len(self.texts)}

    def agrees_as(self, person):
        """In which of the four roles: the one in which the person was there, or that of somebody whose absence is covered."""
        offices = self.authority.offices(person)
        named = [role for role in FOUR if self.four.get(role) == person]
        if named:
            roles = [role for role in named if any(office.role == role for office in offices)]
        else:
            covers = {(office.role, office.acts_for) for office in offices if office.acts_for}
            roles = [role for role in FOUR if (role, self.four.get(role)) in covers]
        if SW in roles and self.four[SW] != self.authority.allocated:
            roles.remove(SW)
        return roles

    def may_agree(self, person):
        """Once for each version, and in one role only."""
        roles = [role for role in self.agrees_as(person) if self.signed_as(person) <= {role}]
        has_decided = self.did(person, AS_HOS | AS_DIRECTOR)
        return self.sees(person) and not has_decided and any(role not in self.agreed_now for role in roles)

    def is_stranger(self, person, *other):
        """Has the person no other part: neither wrote, nor was there, nor agreed, nor works with the child?"""
        has_other = self.did(person, AS_WRITER | {"agree"}.union(*other))
        return person not in self.four.values() and not has_other and person != self.authority.allocated

    def may_decide(self, person):
        return self.holds(person, HOS) and self.is_stranger(person, AS_DIRECTOR)

    def may_sign_off(self, person):
        return self.holds(person, DIRECTOR) and self.is_stranger(person, AS_HOS)

    def may_type(self, person):
        return self.holds(person, DHOS) and not self.did(person, AS_HOS | AS_DIRECTOR)

    def may(self, step, person):
        """Is this the person for this step?"""
        match step:
            case "convene":
                return self.holds(person, DHOS)
            case "record" | "note":
                return self.may_type(person)
            case "agree":
                return self.may_agree(person)
            case "sign_off" | "dissent":
                return self.may_sign_off(person)
            case "communicate":
                return self.holds(person, HOS)
            case "file":
                return person == self.authority.allocated and self.holds(person, SW)
            case "withdraw":
                return self.holds(person, DHOS) or self.holds(person, TM)
            case "know":
                return any(self.holds(person, role) for role in (SW, TM, DHOS))
        return self.may_decide(person)

    # What

    def allows(self, step, person, said):
        """Can this person do this now? None where the book does not say: who knows already, only Hearth remembers."""
        if step == "know":
            was_told = any(act in TELLS for act, _ in self.log)
            return None if was_told and self.may(step, person) else False
        is_upon_what_was_read = step not in UPON_WHAT_WAS_READ or said["is_current"]
        goes_on = step not in WHILE_IT_GOES_ON or self.is_live
        can_be = self.stage in WHEN[step] and is_upon_what_was_read and goes_on
        return can_be and self.may(step, person) and self._makes_sense(step, person, said)

    def _makes_sense(self, step, person, said):
        match step:
            case "convene":
                four = [*said["four"].values(), person]
                would_see = {said["four"][LEGAL]}
                return len(set(four)) == 4 and all(self.authority.sees(one, would_see) for one in four)
            case "record":
                return not self.texts or self.texts[-1] != said["text"]
            case "note":
                return not any(act == "note" for act, _ in self.log)
            case "renew":
                is_done_today = self.authority.today in self.renewed_on
                return self.is_interim and len(self.renewed_on) < RENEWED_AT_MOST and not is_done_today
        return True

    def write(self, step, person, said):
        """It was done."""
        self.log.append((step, person))
        number = len(self.texts)
        match step:
            case "convene":
                self.four = {**said["four"], DHOS: person}
            case "record":
                self.texts.append(said["text"])
                self.is_interim = False
            case "agree":
                role = next(role for role in self.agrees_as(person) if role not in self.agreed_now)
                self.signed.append(("agree", role, person, number))
                self.stage = "agreed" if self.agreed_now == set(FOUR) else "to_agree"
            case "approve":
                self.signed.append(("approve", HOS, person, number))
                self.is_interim = said["is_interim"]
            case "sign_off":
                self.signed.append(("sign_off", DIRECTOR, person, number))
            case "feed_back":
                self.stage = "sent_back" if said["record_changes"] else "approved"
            case "renew":
                self.renewed_on.append(self.authority.today)
        self.stage = LEADS_TO.get(step, self.stage)
