"""The roles that sign in, and where each may be held. Domain facts: roles, last table."""

from collections.abc import Mapping
from enum import Enum
from typing import Final

from django.db.models import TextChoices


class Role(TextChoices):
    """What kind of thing a person may do; for which child is another question (children.access)."""

    SOCIAL_WORKER = "social_worker", "Social worker"
    PERSONAL_ADVISER = "personal_adviser", "Personal adviser"
    TEAM_MANAGER = "team_manager", "Team manager"
    SERVICE_MANAGER = "service_manager", "Service manager"
    DHOS = "dhos", "Deputy Head of Service"
    HOS = "hos", "Head of Service"
    SERVICE_DIRECTOR = "service_director", "Service Director"
    ASSISTANT_DIRECTOR = "assistant_director", "Assistant Director"
    DCS = "dcs", "Director of Children’s Services"
    DECISION_MAKER = "decision_maker", "Agency decision maker / nominated officer"
    LEGAL = "legal", "Legal"
    IRO = "iro", "Independent reviewing officer"
    PLACEMENT_SERVICE = "placement_service", "Placement service"
    COMMISSIONING = "commissioning", "CIC Commissioning"
    LADO = "lado", "LADO service"
    EXIT_TEAM_MANAGER = "exit_team_manager", "LAC Exit team manager"
    EXIT_WORKER = "exit_worker", "LAC Exit worker"
    SUPERVISING_SOCIAL_WORKER = "supervising_social_worker", "Supervising social worker (fostering)"
    HEALTH = "health", "Health professional"
    PERFORMANCE = "performance", "Performance"
    ADMINISTRATOR = "administrator", "Administrator"
    PRIVACY_OFFICER = "privacy_officer", "Privacy officer"
    AUDITOR = "auditor", "Auditor"


SIGNING = frozenset(
    {
        Role.SOCIAL_WORKER,
        Role.TEAM_MANAGER,
        Role.LEGAL,
        Role.DHOS,
        Role.HOS,
        Role.SERVICE_DIRECTOR,
        Role.ASSISTANT_DIRECTOR,
        Role.DCS,
        Role.DECISION_MAKER,
    }
)
"""Roles that agree, approve or sign: they need a second factor to sign in (C-33; a setting)."""

GUARDED: Final = SIGNING | {Role.ADMINISTRATOR, Role.PRIVACY_OFFICER}
"""Roles that one administrator asks for and another confirms (`accounts.granting`)."""


class Place(Enum):
    """Where a role is held, as it is said."""

    TEAM = "a team"
    AREA = "a service area"
    AUTHORITY = "the whole authority"


HELD_IN: Final[Mapping[Role, tuple[Place, ...]]] = {
    Role.SOCIAL_WORKER: (Place.TEAM,),
    Role.PERSONAL_ADVISER: (Place.TEAM,),
    Role.TEAM_MANAGER: (Place.TEAM,),
    Role.SERVICE_MANAGER: (Place.AREA,),
    Role.DHOS: (Place.AREA,),
    Role.HOS: (Place.AREA,),
    Role.SERVICE_DIRECTOR: (Place.AUTHORITY,),
    Role.ASSISTANT_DIRECTOR: (Place.AUTHORITY,),
    Role.DCS: (Place.AUTHORITY,),
    Role.DECISION_MAKER: (Place.AUTHORITY,),
    Role.LEGAL: (Place.AUTHORITY,),
    Role.IRO: (Place.AUTHORITY,),
    Role.PLACEMENT_SERVICE: (Place.AUTHORITY,),
    Role.COMMISSIONING: (Place.AUTHORITY,),
    Role.LADO: (Place.AUTHORITY,),
    Role.EXIT_TEAM_MANAGER: (Place.TEAM, Place.AUTHORITY),
    Role.EXIT_WORKER: (Place.TEAM, Place.AUTHORITY),
    Role.SUPERVISING_SOCIAL_WORKER: (Place.TEAM, Place.AUTHORITY),
    Role.HEALTH: (Place.AUTHORITY,),
    Role.PERFORMANCE: (Place.AUTHORITY,),
    Role.ADMINISTRATOR: (Place.AUTHORITY,),
    Role.PRIVACY_OFFICER: (Place.AUTHORITY,),
    Role.AUDITOR: (Place.AUTHORITY,),
}
"""Where a role makes sense. What a role sees follows from it: a social worker sees the team's children, a Deputy Head the
area's; either of them appointed to the whole authority would see nobody."""
