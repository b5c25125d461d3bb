"""The table of forms: who fills each in, on what visit, and of which sections it is made. A new form is a row here.

A form is begun from a visit, or without one: before the child moves in, or where the home is looked at and not the child.
What asks about the child is left out where the child was not there to be seen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from accounts.roles import Role
from casework.sections.known import KNOWN, WRITTEN_BY_HEARTH
from casework.sections.parts import Part, Section
from visits.states import FormKind
from visits.visiting_forms import checklist, commissioning, health, purposeful

FORM: Final = "form"
"""Where the content says in which edition it was typed: an edition that is in use is not changed, another is added."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of form."""

    code: FormKind
    roles: tuple[Role, ...]
    """Who fills it in."""
    editions: tuple[tuple[Section, ...], ...]
    """Every edition that was ever typed, the latest last."""
    sees_child: bool = True
    """Is it made on a visit to the child? Otherwise it is begun without one (K-14, K-15)."""
    of_child: frozenset[str] = frozenset()
    """The sections for which the child has to be there."""
    before_move: tuple[Role, ...] = ()
    """Who can make it before the child moves in (K-01, K-11)."""
    whole_home: bool = False
    """Is one form made for several children of the home at once?"""
    unregistered_only: bool = False
    """Is it asked for only in a home without registration?"""
    readers: tuple[Role, ...] = ()
    """The roles that read it without reading what workers wrote."""
    is_own: bool = False
    """Is it its author's alone until the author shares it?"""

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections that are typed now."""
        return self.editions[-1]

    @property
    def edition(self) -> str:
        """The name of the edition that is typed now."""
        return str(len(self.editions))

    def sections_of(self, form: Any) -> tuple[Section, ...]:
        """The sections that a form is made of: those about the child only where the child was seen."""
        if form.saw_child or not self.sees_child:
            return self.sections
        return tuple(section for section in self.sections if section.name not in self.of_child)

    def edition_of(self, content: Mapping[str, Any]) -> tuple[Section, ...]:
        """The sections of the edition in which a form was typed."""
        return self.editions[int(content.get(FORM, "1")) - 1]

    def parts_of(self, content: Mapping[str, Any]) -> tuple[Part, ...]:
        """The parts of the edition in which a form was typed, as far as they were asked."""
        asked = tuple(part for section in self.edition_of(content) for part in section.parts if part.name in content)
        return (*asked, *([WRITTEN_BY_HEARTH] if KNOWN in content else []))


VISIT_CHILDREN: Final = (
    Role.SOCIAL_WORKER,
    Role.PERSONAL_ADVISER,
    Role.IRO,
    Role.SERVICE_MANAGER,
    Role.TEAM_MANAGER,
)
PLACE_CHILDREN: Final = (Role.SOCIAL_WORKER, Role.PERSONAL_ADVISER)

KINDS: Final = (
    Kind(
        FormKind.PURPOSEFUL,
        VISIT_CHILDREN,
        (purposeful.SECTIONS,),
        of_child=frozenset({"child", "triangulation"}),
        before_move=PLACE_CHILDREN,
    ),
    Kind(FormKind.CHECKLIST, PLACE_CHILDREN, (checklist.SECTIONS,), before_move=PLACE_CHILDREN, unregistered_only=True),
    Kind(
        FormKind.COMMISSIONING,
        (Role.COMMISSIONING,),
        (commissioning.SECTIONS,),
        sees_child=False,
        whole_home=True,
        readers=(Role.COMMISSIONING,),
    ),
    Kind(FormKind.HEALTH, (Role.HEALTH,), (health.SECTIONS,), sees_child=False, is_own=True),
)
BY_CODE: Final[Mapping[str, Kind]] = {kind.code.value: kind for kind in KINDS}
