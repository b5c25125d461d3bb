"""The table of forms: who fills each in, on what visit, and of which sections it is made. A new form is a row here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from accounts.roles import Role
from casework.sections.parts import Part, Section
from visits.states import FormKind
from visits.visiting_forms import purposeful

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
    """Is it made on a visit to the child? Otherwise it is a look at the home alone (K-15)."""
    before_move: tuple[Role, ...] = ()
    """Who can make it before the child moves in (K-01, K-11)."""

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections that are typed now."""
        return self.editions[-1]

    @property
    def edition(self) -> str:
        """The name of the edition that is typed now."""
        return str(len(self.editions))

    def parts_of(self, content: Mapping[str, Any]) -> tuple[Part, ...]:
        """The parts of the edition in which a form was typed."""
        sections = self.editions[int(content.get(FORM, "1")) - 1]
        return tuple(part for section in sections for part in section.parts)


VISIT_CHILDREN: Final = (Role.SOCIAL_WORKER, Role.PERSONAL_ADVISER, Role.IRO, Role.SERVICE_MANAGER)
PLACE_CHILDREN: Final = (Role.SOCIAL_WORKER, Role.PERSONAL_ADVISER)

KINDS: Final = (Kind(FormKind.PURPOSEFUL, VISIT_CHILDREN, (purposeful.SECTIONS,), before_move=PLACE_CHILDREN),)
BY_CODE: Final[Mapping[str, Kind]] = {kind.code.value: kind for kind in KINDS}
