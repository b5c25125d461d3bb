"""Who says which worker is allocated to a child, and which team holds the case. Domain facts: roles, both tables.

Read ALLOCATION from top to bottom: one row for each role in which somebody is allocated to a child. `here` are the roles
held in the child's team or in its service area, `over_all` those of the whole authority. Where no team holds the case, as
after an import, a director says it for every role. The same rows count for one child and for a whole caseload, also for
the one that somebody leaves behind; whoever covers an absence by a dated acting appointment holds the role.

MOVES says who moves a case from team to team: one case, on the child's page; many at once, between areas as well.
Scope comes first everywhere: of whom somebody may not see, nothing is said, listed, counted or changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from accounts.roles import Role

NOBODY: Final[frozenset[Role]] = frozenset()
OVER_ALL: Final = frozenset({Role.SERVICE_DIRECTOR, Role.ASSISTANT_DIRECTOR, Role.DCS})
"""Who gives a case to a team where none holds it, as after an import."""
MANAGERS: Final = frozenset({Role.TEAM_MANAGER, Role.SERVICE_MANAGER})


@dataclass(frozen=True, slots=True)
class Allocators:
    """Who allocates in one role, and among whom."""

    here: frozenset[Role]
    """Held in the child's team or its service area."""
    over_all: frozenset[Role]
    """Held in the whole authority."""
    from_the_team: bool
    """Is somebody of the child's own team allocated? Otherwise whoever holds the role in the authority."""
    who: str
    """Who allocates, as a refusal says it."""
    because: str
    cites: tuple[str, ...]


ALLOCATION: Final[Mapping[Role, Allocators]] = {
    Role.SOCIAL_WORKER: Allocators(
        here=MANAGERS,
        over_all=NOBODY,
        from_the_team=True,
        who="the manager of the child’s team, or the service manager of its area",
        because="The team manager answers for the team’s work and knows what each worker can carry; the service manager "
        "stands above, and hands over where the manager is away.",
        cites=("roles: team manager, service manager", "S2 §3"),
    ),
    Role.PERSONAL_ADVISER: Allocators(
        here=MANAGERS,
        over_all=NOBODY,
        from_the_team=True,
        who="the manager of the child’s team, or the service manager of its area",
        because="A personal adviser works in the team under the same manager.",
        cites=("roles: personal adviser", "S3"),
    ),
    Role.IRO: Allocators(
        here=NOBODY,
        over_all=OVER_ALL,
        from_the_team=False,
        who="a director",
        because="A reviewing officer is independent of the case and of whoever manages it and its money: nobody in the "
        "line of the case chooses one, or takes one away.",
        cites=("P41", "roles: separation of duties"),
    ),
    Role.SUPERVISING_SOCIAL_WORKER: Allocators(
        here=MANAGERS,
        over_all=NOBODY,
        from_the_team=False,
        who="the service manager of the child’s area, or the manager of its team",
        because="Supervising social workers belong to the fostering service and to no child’s team. What one leaves "
        "behind lies in several teams: the service manager sees all of an area.",
        cites=("roles: fostering supervising social worker", "S4"),
    ),
    Role.EXIT_WORKER: Allocators(
        here=MANAGERS,
        over_all=NOBODY,
        from_the_team=False,
        who="the service manager of the child’s area, or the manager of its team",
        because="The LAC Exit team manager sees only what is referred to the team; whoever manages the child’s case hands "
        "over what a LAC Exit worker leaves behind.",
        cites=("S2 §3",),
    ),
}


@dataclass(frozen=True, slots=True)
class Movers:
    """Who moves cases from team to team."""

    here: frozenset[Role]
    over_all: frozenset[Role]
    who: str
    because: str
    cites: tuple[str, ...]


MOVES: Final[Mapping[str, Movers]] = {
    "one": Movers(
        here=MANAGERS,
        over_all=NOBODY,
        who="the manager of the child’s team or the service manager of its area; a director where no team holds the case",
        because="A case is transferred by whoever answers for it.",
        cites=("S2 §3",),
    ),
    "many": Movers(
        here=frozenset({Role.SERVICE_MANAGER}),
        over_all=OVER_ALL,
        who="the service manager of both teams’ areas, or a director",
        because="Moving many cases changes what two teams carry: whoever answers for both decides.",
        cites=("roles: service manager", "S2 §3"),
    ),
}
