"""Who works in the invented authority: two service areas, four teams, one sign-in per role, and their colleagues.

SIGN_INS is what `make run` prints: one user name per role, and what to try with it. The rest of the people are made from
the seed, so that every team has four social workers and every case somebody else to go to.
"""

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Final

from accounts.roles import Role
from bench import names
from bench.plan import AppointmentPlan, PersonPlan, Plan
from casework.limits import local_day, start_of

PASSWORD: Final = names.PASSWORD

VALE, COAST = "Merrow Vale", "Merrow Coast"
TEAMS: Final = {"Larkfield": VALE, "Beacon Hill": VALE, "Quayside": COAST, "Saltings": COAST}
FIRST_TEAM: Final = "Larkfield"
"""The team of the sign-ins; its area is VALE."""
SECOND_TEAM: Final = "Beacon Hill"

IN_A_TEAM: Final = (Role.SOCIAL_WORKER, Role.PERSONAL_ADVISER, Role.TEAM_MANAGER)
IN_AN_AREA: Final = (Role.SERVICE_MANAGER, Role.DHOS, Role.HOS)
LINE: Final = {
    Role.SOCIAL_WORKER: Role.TEAM_MANAGER,
    Role.PERSONAL_ADVISER: Role.TEAM_MANAGER,
    Role.TEAM_MANAGER: Role.SERVICE_MANAGER,
    Role.SERVICE_MANAGER: Role.DHOS,
    Role.DHOS: Role.HOS,
    Role.HOS: Role.SERVICE_DIRECTOR,
    Role.SERVICE_DIRECTOR: Role.DCS,
    Role.ASSISTANT_DIRECTOR: Role.DCS,
    Role.IRO: Role.ASSISTANT_DIRECTOR,
}
COLLEAGUES: Final = {Role.IRO: 3, Role.SUPERVISING_SOCIAL_WORKER: 2, Role.LEGAL: 1, Role.COMMISSIONING: 1}
"""How many more hold a role of the whole authority."""
SOCIAL_WORKERS_IN_A_TEAM: Final = 4
IN_POST_FOR: Final = timedelta(days=4 * 365)
"""How long ago the people were appointed."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """One line of the table of sign-ins."""

    username: str
    forename: str
    surname: str
    role: Role
    try_this: str


SIGN_INS: Final = (
    SignIn(
        "social-worker", "Amina", "Pelling", Role.SOCIAL_WORKER, "your fifteen children; agree a record; record a visit"
    ),
    SignIn("personal-adviser", "Jordan", "Okafor", Role.PERSONAL_ADVISER, "visits to young people of 16 and 17"),
    SignIn(
        "team-manager",
        "Ruth",
        "Calderwood",
        Role.TEAM_MANAGER,
        "your team; hand over what Jo Bell left; agree a record",
    ),
    SignIn("service-manager", "Dominic", "Ferreira", Role.SERVICE_MANAGER, "the area’s children and homes"),
    SignIn("dhos", "Shabnam", "Iqbal", Role.DHOS, "convene a case discussion; approve a contact"),
    SignIn("hos", "Margaret", "Tollemache", Role.HOS, "approve, send back or refuse; communicate an outcome"),
    SignIn(
        "service-director",
        "Desmond",
        "Achterberg",
        Role.SERVICE_DIRECTOR,
        "give final sign-off; sign what you said by telephone",
    ),
    SignIn("assistant-director", "Philippa", "Nwosu", Role.ASSISTANT_DIRECTOR, "every child of the authority"),
    SignIn("dcs", "Alasdair", "Rowntree", Role.DCS, "every child; a home far away to approve"),
    SignIn("decision-maker", "Helena", "Brandt", Role.DECISION_MAKER, "a relative’s approval and a way home to decide"),
    SignIn("legal", "Tobias", "Nkemelu", Role.LEGAL, "agree the record of a case discussion"),
    SignIn("iro", "Bronwen", "Sharples", Role.IRO, "a meeting ahead; say what you think of a way home"),
    SignIn("placement-service", "Kieran", "Dunphy", Role.PLACEMENT_SERVICE, "where children live; homes and providers"),
    SignIn("commissioning", "Leila", "Haverford", Role.COMMISSIONING, "homes, registrations and notices"),
    SignIn("lado", "Colin", "Prendergast", Role.LADO, "only what is put to you: nothing yet"),
    SignIn("exit-team-manager", "Sunita", "Bhandari", Role.EXIT_TEAM_MANAGER, "only what is referred: nothing yet"),
    SignIn("exit-worker", "Gwen", "Alderton", Role.EXIT_WORKER, "only what is allocated: nothing yet"),
    SignIn(
        "supervising-social-worker", "Neil", "Oyelowo", Role.SUPERVISING_SOCIAL_WORKER, "the children with your carers"
    ),
    SignIn("health", "Frances", "Achebe", Role.HEALTH, "only what you are asked about: nothing yet"),
    SignIn("performance", "Martin", "Zielinski", Role.PERFORMANCE, "counts, without names"),
    SignIn("administrator", "Jess", "Winterbourne", Role.ADMINISTRATOR, "people, roles and rules; no child’s record"),
    SignIn("administrator-2", "Femi", "Lindqvist", Role.ADMINISTRATOR, "confirm what the first administrator asks for"),
    SignIn(
        "privacy-officer",
        "Ottoline",
        "Marsh",
        Role.PRIVACY_OFFICER,
        "a use of break-glass to review; no child’s record",
    ),
    SignIn("auditor", "Rashid", "Coombe", Role.AUDITOR, "events and the read log; no child’s record"),
)

BROKE_THE_GLASS: Final = "personal-adviser"
"""Who opened a restricted record by break-glass."""
ACTING: Final = SignIn(
    "acting-dhos", "Imogen", "Castellane", Role.SERVICE_MANAGER, "covers a Deputy Head this fortnight"
)
"""A service manager, who this fortnight covers the Deputy Head of Service of COAST."""
ACTED: Final = SignIn(
    "acted-until-yesterday", "Fergus", "Adeleke", Role.TEAM_MANAGER, "covered a manager until yesterday"
)
"""The team manager of SECOND_TEAM, who covered the service manager of VALE until yesterday."""
FORMER: Final = (("former-worker", 60), ("earlier-worker", 200))
"""Social workers who have left, and how many days ago."""
JUST_LEFT: Final = ("jo-bell", 6)
"""The social worker who left last week, whose children nobody has been given yet."""


def appoint_people(plan: Plan, rng: Random) -> None:
    """Fill a plan with its people and their appointments."""
    plan.teams = dict(TEAMS)
    for sign_in in SIGN_INS:
        _add(plan, _named(sign_in), sign_in.role, *_place(sign_in.role))
    _add(plan, _named(ACTING), ACTING.role, "", COAST)
    _add(plan, _named(ACTED), ACTED.role, SECOND_TEAM)
    for role in (Role.DHOS, Role.HOS):
        _add(plan, _somebody(plan, rng), role, "", COAST)
    for team in TEAMS:
        _staff(plan, rng, team)
    for role, count in COLLEAGUES.items():
        for _ in range(count):
            _add(plan, _somebody(plan, rng), role)
    _set_line_managers(plan)
    _act_up(plan)
    _leave(plan)


def _named(sign_in: SignIn) -> PersonPlan:
    return PersonPlan(sign_in.username, sign_in.forename, sign_in.surname)


def _place(role: Role) -> tuple[str, str]:
    """The team and the area in which a sign-in holds its role."""
    if role in IN_A_TEAM:
        return FIRST_TEAM, ""
    return "", VALE if role in IN_AN_AREA else ""


def _staff(plan: Plan, rng: Random, team: str) -> None:
    """A team manager, a personal adviser and four social workers, the sign-ins included."""
    for role, count in (
        (Role.TEAM_MANAGER, 1),
        (Role.PERSONAL_ADVISER, 1),
        (Role.SOCIAL_WORKER, SOCIAL_WORKERS_IN_A_TEAM),
    ):
        for _ in range(count - len(list(plan.holders(role, team=team)))):
            _add(plan, _somebody(plan, rng), role, team)


def _somebody(plan: Plan, rng: Random) -> PersonPlan:
    """A worker with a name that nobody has yet."""
    while True:
        person = names.an_adult(rng, names.WORKER_FORENAMES)
        username = f"{person.forename}.{person.surname}".lower()
        if username not in plan.people:
            return PersonPlan(username, person.forename, person.surname)


def _add(plan: Plan, person: PersonPlan, role: Role, team: str = "", area: str = "") -> None:
    plan.people[person.username] = person
    person.appointments.append(AppointmentPlan(role, team, area, starts_at=plan.at - IN_POST_FOR))


def _set_line_managers(plan: Plan) -> None:
    for person in plan.people.values():
        for held in person.appointments:
            above = LINE.get(held.role)
            if above and held.team:
                held.line_manager = plan.holder(above, held.team)
            elif above:
                area = held.area or VALE
                places = ({"area": area}, {})
                held.line_manager = next(name for place in places for name in plan.holders(above, **place))


def _act_up(plan: Plan) -> None:
    """One acting appointment that runs this fortnight, and one that ended with yesterday."""
    today = local_day(plan.at)
    for sign_in, role, area, since, until in (
        (ACTING, Role.DHOS, COAST, today - timedelta(days=5), today + timedelta(days=9)),
        (ACTED, Role.SERVICE_MANAGER, VALE, today - timedelta(days=14), today),
    ):
        covered = next(plan.holders(role, area=area))
        acting = AppointmentPlan(role, "", area, start_of(since), start_of(until), acting_for=covered)
        acting.line_manager = next(held.line_manager for held in plan.people[covered].appointments)
        plan.people[sign_in.username].appointments.append(acting)


def _leave(plan: Plan) -> None:
    """Social workers who have left: their appointments have ended, and they can no longer sign in."""
    former = [
        (PersonPlan(name, name.split("-")[0].capitalize(), "Leaver", is_active=False), days) for name, days in FORMER
    ]
    for person, days in (*former, (PersonPlan(JUST_LEFT[0], "Jo", "Bell", is_active=False), JUST_LEFT[1])):
        _add(plan, person, Role.SOCIAL_WORKER, FIRST_TEAM)
        person.appointments[0].ends_at = start_of(local_day(plan.at) - timedelta(days=days))
