"""The roles that sign in. Domain facts: roles, last table."""

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
