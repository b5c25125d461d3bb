"""A director authorises the use of a setting that should be registered and is not. K-10, C-47; never more lawful (C-00)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from accounts.roles import Role
from approvals.kinds.asking import IRO
from approvals.kinds.authorising import authorised_until
from approvals.kinds.kind import WORKERS, Kind
from approvals.states import Act
from casework.events import label_of
from casework.limits import end_of, local_day
from casework.rules_in_force import rules_in_force
from casework.sections.parts import YES_OR_NO, Asks, Part
from casework.wording import counted, said_day, source
from placements.models import Home
from placements.states import AuthorisationKind, RegistrationStatus, Regulation, Setting
from placements.where import standing_of

UNREGISTERED: Final = (Regulation.UNREGISTERED_SETTING, Regulation.UNREGISTERED_APPLIED)
LONGEST: Final = "C-47"
REVIEWER: Final = replace(
    IRO, required=False, when="as soon as can be: a child who has nowhere to sleep does not wait for it"
)
DIRECTORS: Final = (Role.SERVICE_DIRECTOR, Role.ASSISTANT_DIRECTOR, Role.DCS)


def relevant_director(decision: Any = None) -> Role:
    """Who authorises it here: the Service Director, or by the authority's own setting another director (C-47)."""
    named = settings.AUTHORITY["relevant_director"]
    if named not in DIRECTORS:
        raise ImproperlyConfigured(f"AUTHORITY_RELEVANT_DIRECTOR is one of {', '.join(DIRECTORS)}, not {named}.")
    return Role(named)


def objections(decision: Any) -> list[str]:
    """It is for a setting that should be registered and is not; nobody can authorise what is forbidden."""
    if decision.placement is None:
        return _objections_to_proposed(decision.proposed.home) if decision.proposed else []
    standing = standing_of(decision.placement)
    if standing is None or standing.regulation in UNREGISTERED:
        return []
    if standing.regulation == Regulation.NOT_PERMITTED:
        return ["This arrangement is not permitted: nobody can authorise it, and the child has to move."]
    return [
        f"This is for settings that should be registered and are not. This one is: {standing.get_regulation_display()}."
    ]


def _objections_to_proposed(home: Home) -> list[str]:
    """A home that is registered needs no authorisation."""
    latest = home.registrations.last()
    if latest and latest.status == RegistrationStatus.REGISTERED:
        return [f"This is for settings that should be registered and are not. {home} is registered."]
    return []


def objections_to_record(decision: Any, content: Mapping[str, str], at: datetime) -> list[str]:
    """It is authorised for some days to come, and for no longer than the authority's own limit."""
    today, until = local_day(at), date.fromisoformat(content["until"])
    rules = rules_in_force()
    longest = local_day(rules.limit(LONGEST, today).after(at)) - date.resolution
    if until < today:
        return [f"It cannot be authorised until {said_day(until)}: that day has passed."]
    if until > longest:
        rule = rules.rule(LONGEST, today)
        said = f"It can be authorised for {rule.limit} at the longest, until {said_day(longest)}; then it is asked for anew."
        return [f"{said} {source(rule)}"]
    return []


def tells(decision: Any, at: datetime) -> list[dict[str, str]]:
    """How often it was authorised before."""
    if decision.placement is None:
        return []
    seen_at = decision.stands_since if decision.is_decided else at
    before = [
        given
        for given in decision.placement.authorisations.filter(kind=AuthorisationKind.UNREGISTERED_SETTING)
        if given.starts_at < seen_at and given.record != label_of(decision)
    ]
    first = f", first on {said_day(before[0].starts_at)}" if before else ""
    return [{"label": "Authorised before", "says": f"{counted(len(before), 'time')}{first}" if before else "Never"}]


def authorise(decision: Any, by: Any, at: datetime) -> datetime | None:
    """The setting is authorised up to and including the day that the record names.

    Signed before the child moved in, it holds from the move; where its days are over by then, it holds for nothing.
    """
    until = decision.version.content["until"]
    signed = decision.signatures_now.get(act=Act.DECIDE)
    from_at = max(signed.at, decision.placement.started_at)
    if date.fromisoformat(until) < local_day(from_at):
        return end_of(date.fromisoformat(until))
    return authorised_until(until, decision, AuthorisationKind.UNREGISTERED_SETTING, by, from_at)


KIND: Final = Kind(
    code="unregistered_setting",
    title="Use of an unregistered setting",
    verb="Authorise",
    done="Authorised",
    rule="K-10",
    holds="until the day that the record names, {C-47} at the longest",
    proposes=(Setting.CHILDRENS_HOME, Setting.SUPPORTED_ACCOMMODATION, Setting.OTHER),
    put_under="K-10",
    in_time="A-12",
    prepares=(*WORKERS, Role.TEAM_MANAGER, Role.SERVICE_MANAGER, Role.DHOS),
    checks=Role.TEAM_MANAGER,
    decides=relevant_director,
    consults=(REVIEWER,),
    limits=(LONGEST, "C-47b"),
    objections=objections,
    objections_to_record=objections_to_record,
    tells=tells,
    grants=authorise,
    source="Kent placement procedure, lines 87 to 91 and 175; Decision C-47",
    parts=(
        Part("why", "Why the child has to live in a setting that is not registered"),
        Part("sought", "Which registered homes were asked, when, and what they answered"),
        Part(
            "applied",
            "Has the provider applied to be registered?",
            asks=Asks.CHOICE,
            choices=YES_OR_NO,
        ),
        Part("applied_on", "When did the provider apply?", asks=Asks.DAY, only_if=("applied", "yes")),
        Part("risks", "Risks to the child there, and what is done about them"),
        Part("checks", "Which checks were made of the setting and of its staff"),
        Part("views", "What the child and the parents say"),
        *REVIEWER.parts,
        Part("legal_advice", "Legal advice", legal_advice=True),
        Part("plan", "How the child will move to a registered home, and by when"),
        Part(
            "until",
            "Authorise it up to and including",
            "It can be asked for anew before that day. It never makes the setting lawful.",
            asks=Asks.DAY,
        ),
    ),
)
