"""Takes a senior decision on its way, by its own steps, each by the person who owes it, at its own time.

There is no other way to a state: what the invented authority shows has been through the door. A day in a record is said
as a number of days from the one on which it is put forward.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from accounts.roles import Role
from approvals.models import Decision
from casework.limits import local_day
from casework.steps import carry_out
from placements.models import Carer, Home, ProposedHome
from placements.states import Setting

Said = Mapping[str, str | int]
IRO: Final[Said] = {"iro_on": -2, "iro_says": "Agrees, and asks to hear how the first fortnight went."}
SETTING: Final[Said] = {
    "why": "Her foster home ended on Friday night. No registered home in reach had room before the weekend was over.",
    "sought": "Fourteen homes were asked from Friday, 17:00. Eleven have no room, two said no, one has not answered.",
    "applied": "yes",
    "applied_on": -40,
    "risks": "She has gone missing twice. Two staff are awake at night, and the police know where she lives.",
    "checks": "References, vetting and training of all six staff were seen, and the house was inspected by us.",
    "views": "She likes the garden, and wants to be nearer to her school. Her mother is against it.",
    **IRO,
    "iro_on": 0,
    "legal_advice": "It is not lawful while the provider is not registered. The court is told at the next hearing.",
    "plan": "A registered home has a place from the first of next month; she sees it on Saturday.",
    "until": 12,
}
SECURE: Final[Said] = {
    "footing": "72_hours",
    "grounds": "absconds",
    "why": "She left three homes within a week, and each time was found with adults who mean her harm.",
    "alternatives": "A specialist home with a night team was asked, and a foster family far from here. Both said no.",
    "health": "A nurse sees her today. The home’s school has room. Her medicine went with her.",
    "views": "She is angry and says so. Her father is relieved. The independent visitor comes tomorrow.",
    **IRO,
    "iro_on": 0,
    "legal_advice": "The grounds are made out. The application is with the court, to be heard tomorrow at ten.",
    "plan": "She leaves when a home with a night team is found; two are being asked.",
}
CONTACT: Final[Said] = {
    "going_home": "no",
    "relationship": "parent",
    "not_a_placement": "It is four days in the holidays, with the carers ten minutes away. Nobody plans a return.",
    "starts_on": 9,
    "ends_on": 13,
    "purpose": "They are to know each other in a flat and not in a contact room.",
    "visited_on": -5,
    "home": "Two rooms on the second floor. He sleeps on a bed in the front room; the balcony door has a lock.",
    "household": "Nobody else lives there. A sister of 24 comes often; her checks came back clear.",
    "pets": "yes",
    "pet_risks": "A cat, which keeps away from visitors.",
    "bond": "Warm and a little shy. They have met every fortnight for a year.",
    "health": "No alcohol since last spring. A caution for shoplifting at nineteen.",
    "risks": "Old friends may call. The sister stays the first night, and we look in on the second day.",
    "child_says": "He counts the days, and asks whether he can bring his bicycle.",
    "family_says": "The carers are for it, if he is back for the swimming lesson.",
    **IRO,
    "support": "We look in on the second day; he has the number of his worker and of the carers.",
    "contingency": "The carers fetch him, at any hour.",
}
PARENT: Final[Said] = {
    "why": "The plan of the last review is that he goes home, step by step. The steps so far went well.",
    "care": "She plans the week, keeps to bedtimes, and has learned to say no without shouting.",
    "health": "She takes medicine for depression, and sees her doctor each month.",
    "family": "Her own mother lives near and helps. She was in care herself for two years.",
    "household": "She alone. A new partner, 31, does not live there; he was met, and his checks are clear.",
    "offences": "None of hers. A fine of the partner’s for driving without insurance. Checked on the third of last month.",
    "work": "She works mornings in a bakery, and gets universal credit.",
    "home": "A dry flat of the housing association with a room for him, near his old school.",
    "pets": "no",
    "assessed_on": -6,
    "compatible": "yes",
    "reviewed_on": -4,
    **IRO,
    "child_says": "He wants to go home, and to keep his football team.",
    "others_say": "His father has no objection. The foster carers think that he is ready.",
    "legal_advice": "The order stays in force. Apply for its discharge after a year that went well.",
    "schooling": "He stays at his school; a taxi takes him until the summer.",
    "support": "The LAC Exit team comes three times a week for three months, as they asked for.",
    "planned_on": -3,
    "contingency": "The foster carers keep his room for eight weeks.",
}
AT_ONCE: Final[Said] = {
    "why": "His foster carer was taken to hospital in the night, and he asked for nobody but his father.",
    "interviewed_on": -1,
    "found": "The father was assessed two years ago. Nothing of concern has come up since; the flat was seen yesterday.",
    "household": "The father, and a lodger of 44, whose checks are asked for. He moves out until they are back.",
    "pets": "no",
    "risks": "The lodger is not yet checked. We visit every day of the first week.",
    **IRO,
    "child_says": "He is glad to be there, and worried about his carer.",
    "others_say": "His mother agrees.",
    "legal_advice": "Regulation 19 allows it. The ten working days run from yesterday.",
    "assessment": "Priya Nair of the LAC Exit team; the review is booked for Thursday of next week.",
    "contingency": "A foster family of the authority has a room for him.",
}
OUT_OF_AREA: Final[Said] = {
    "distance": "at_a_distance",
    "host": "Northumbria Invented",
    "why": "It is the one home with a school for children who have been through what she has, and a place now.",
    "needs": "Its school and its therapist are on the same ground. The carers and her sister visit each month.",
    "child_says": "She saw it and wants to go. She is afraid of losing her sister.",
    "at_once": "no",
    "relatives_who": "Her mother and her grandfather",
    "relatives_on": -9,
    "relatives_says": "Both agree, if the fares for visits are paid.",
    **IRO,
    "host_told_on": -5,
    "host_who": "Edwin Marr, service manager for looked-after children",
    "host_on": -5,
    "host_says": "The school has no concerns. They ask to be told of any move at once.",
    "legal_advice": "No order stands against it.",
    "support": "A visit every fortnight at first; a worker of the authority there looks in between.",
}
EMERGENCY: Final[Said] = {
    **{name: OUT_OF_AREA[name] for name in ("why", "needs", "child_says", "legal_advice", "support")},
    "distance": "next_to_it",
    "host": "East Invented",
    "at_once": "yes",
    "emergency": "Her home closed at an hour’s notice after a flood. This was the one home with a room.",
}
CEASING: Final[Said] = {
    "ceases_on": 10,
    "how": "E4A",
    "where": "With his mother and his younger brother, in the house where he grew up.",
    "why": "What brought him into care is over: she has been well for a year, and the last four months went well.",
    "assessed": "By a single assessment, which the LAC Exit team completed last month.",
    "support": "A family worker until the summer, and a place in the after-school club.",
    "child_says": "He packed his bag on the day he heard of it.",
    "relatives_who": "His mother, and his aunt",
    "relatives_on": -6,
    "relatives_says": "Both are glad, and his aunt has him on Fridays.",
    **IRO,
    "legal_advice": "He is accommodated, so no court is asked.",
    "contingency": "His aunt takes him in, and we are called.",
}
CONTENT: Final[Mapping[str, Said]] = {
    "unregistered_setting": SETTING,
    "secure_accommodation": SECURE,
    "contact": CONTACT,
    "with_parents": PARENT,
    "with_parents_at_once": AT_ONCE,
    "out_of_area": OUT_OF_AREA,
    "ceasing": CEASING,
}
REASONS: Final = {
    "hand_back": "Who lives in the flat is not clear to me. Please find out about the sister’s partner, and put it again.",
    "decline": "Four weeks of contact at home are not enough to go by. Put it forward again after the summer.",
}
THINKS: Final = "He should go home. I should like to see him there after two weeks, and not after six."


@dataclass(frozen=True, slots=True)
class Proposed:
    """A home or a family where the child does not live yet."""

    setting: Setting
    name: str
    relationship: str = ""
    address: str = ""


@dataclass(slots=True)
class Course:
    """One decision under way, with the people who take part in it."""

    kind: str
    child: Any
    people: Mapping[Role, Any]
    placement: Any = None
    proposed: Proposed | None = None
    subject: str = ""
    content: Said = field(default_factory=dict)
    by_telephone: timedelta | None = None
    """How long before it is put forward whoever decides said yes by telephone."""
    decision: Any = None

    def take(self, step: str, at: datetime) -> None:
        """One step, as the person who owes it."""
        if self.decision is None:
            self.decision = Decision(kind=self.kind, child=self.child, placement=self.placement)
        by, told = STEPS[step](self, at)
        because = REASONS.get(step, "")
        self.decision = carry_out(getattr(self.decision, step), by=by, at=at, because=because, **told)

    def of(self, role: Role) -> Any:
        """The person who takes part in a role."""
        return self.people[role]

    def home(self, at: datetime) -> ProposedHome | None:
        """The home that is proposed; it may be new."""
        if self.proposed is None:
            return None
        told = {"child": self.child, "setting": self.proposed.setting, "proposed_at": at}
        where = {"name": self.proposed.name, "address": self.proposed.address}
        if self.proposed.setting == Setting.PARENT:
            return ProposedHome(carer=Carer(**where), relationship=self.proposed.relationship, **told)
        return ProposedHome(home=Home(setting=self.proposed.setting, **where), **told)

    def answers(self, at: datetime) -> dict[str, str]:
        """The record, each day counted from the one on which it is put forward."""
        said = {"iro_who": str(self.of(Role.IRO)), **CONTENT[self.kind], **self.content}
        if self.subject:
            said[self.decision.of_kind.tells_apart] = self.subject
        filled = {name: _said(answer, at) for name, answer in said.items()}
        return {
            part.name: filled.get(part.name, "") if part.is_asked(filled) else ""
            for part in self.decision.of_kind.parts
        }


def _said(answer: str | int, at: datetime) -> str:
    return answer if isinstance(answer, str) else (local_day(at) + timedelta(days=answer)).isoformat()


def _put(course: Course, at: datetime) -> tuple[Any, dict[str, Any]]:
    version = course.decision.version
    told = {"content": course.answers(at), "digest": version.digest if version else None}
    if course.by_telephone is not None:
        told |= {
            "said_at": at - course.by_telephone,
            "said_by": course.of(course.decision.of_kind.decider(course.decision)),
        }
    return course.of(Role.SOCIAL_WORKER), told


def _read(role_of: Callable[[Course], Role]) -> Callable[[Course, datetime], tuple[Any, dict[str, Any]]]:
    return lambda course, at: (course.of(role_of(course)), {"digest": course.decision.version.digest})


def _checks(course: Course) -> Role:
    return Role.TEAM_MANAGER


def _decides(course: Course) -> Role:
    return Role(course.decision.decider)


STEPS: Final[Mapping[str, Callable[[Course, datetime], tuple[Any, dict[str, Any]]]]] = {
    "prepare": lambda course, at: (
        course.of(Role.SOCIAL_WORKER),
        {"proposed": course.home(at), "subject": course.subject},
    ),
    "say": lambda course, at: (course.of(Role.IRO), {"says": THINKS}),
    "put": _put,
    "confirm": _read(_checks),
    "decide": _read(_decides),
    "hand_back": lambda course, at: (course.of(_decides(course)), {}),
    "decline": lambda course, at: (course.of(_decides(course)), {}),
    "take_effect": lambda course, at: (course.of(Role.SOCIAL_WORKER), {}),
}
"""By step: who takes it, and what it is told."""
