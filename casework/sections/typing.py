"""A record as one person has typed it so far: what stands in each section, and how far each is.

An app says of its record which sections it has, where their pages are and what they begin with: a `Typed` of its own.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Final

from casework import drafts
from casework.models import Draft
from casework.sections.forms import Rows, SectionForm, is_begun, typed_of
from casework.sections.parts import Section
from casework.sections.rules import Bounds

DONE, BEGUN, NOT_BEGUN, OVERTAKEN = (
    ("Done", "good"),
    ("Begun", "watch"),
    ("Not begun", "quiet"),
    ("To be looked at again", "alarm"),
)
"""How a section stands: the word, and its tone."""
MORE: Final = "more"
LEAVE: Final = "leave"
"""The buttons of a section that keep what is typed as it is: to add a row, and to go on later."""


@dataclass
class SectionTyped:
    """One section as it is typed so far: by this person, or in the version before."""

    of: "RecordTyped"
    section: Section
    draft: Draft | None

    @property
    def url(self) -> str:
        """Its page."""
        return self.of.address_of(self.section)

    @cached_property
    def typed(self) -> Mapping[str, Any]:
        """What stands in its boxes."""
        return drafts.typed_into(self.draft) if self.draft else typed_of(self.section, self.of.begun_with)

    @property
    def is_overtaken(self) -> bool:
        """Was it typed upon a version that is not the last any more?"""
        return bool(self.draft) and self.typed.get("digest", "") != self.of.digest

    @cached_property
    def form(self) -> SectionForm:
        """Its form, as if it were sent now; what nobody has looked at is sent empty."""
        is_seen = self.draft or not self.of.is_new
        return self.of.form(self.section, self.typed if is_seen else {})

    @property
    def stands(self) -> tuple[str, str]:
        """How far it is."""
        if self.is_overtaken:
            return OVERTAKEN
        if not self.draft and self.of.is_new:
            return NOT_BEGUN
        if self.form.is_valid():
            return DONE
        return BEGUN if is_begun(self.section, self.typed) else NOT_BEGUN


class RecordTyped(ABC):
    """The record as one person has typed it so far, upon the version that was read."""

    form_class: ClassVar[type[SectionForm]] = SectionForm

    def __init__(self, request: Any, record: Any, sections: Sequence[Section], *, url: str):
        self.record, self.user, self.at, self.url = record, request.user, request.at, url
        self.version = record.version
        self.digest = self.version.digest if self.version else ""
        paths = {self.address_of(section): section for section in sections}
        kept = {draft.form: draft for draft in Draft.objects.filter(user=request.user, form__in=[url, *paths])}
        self.left = kept.get(url)
        self.sections = [SectionTyped(self, section, kept.get(path)) for path, section in paths.items()]

    @abstractmethod
    def address_of(self, section: Section) -> str:
        """The page of a section."""

    @property
    @abstractmethod
    def bounds(self) -> Bounds:
        """Between which days its answers can lie."""

    @property
    def owners(self) -> Sequence[tuple[str, str]]:
        """Who can owe an action of it."""
        return ()

    @property
    def given(self) -> Rows:
        """The rows that are there already, of parts in which they differ from record to record."""
        return {}

    @cached_property
    def before(self) -> Any:
        """The version from which the text is taken up; None where there is none."""
        return self.version

    @property
    def is_new(self) -> bool:
        """Is there no text to take up?"""
        return self.before is None

    @cached_property
    def begun_with(self) -> Mapping[str, Any]:
        """What the boxes hold before anybody types."""
        return self.before.content if self.before else {}

    def form(self, section: Section, typed: Mapping[str, Any], *, data: bool = True) -> SectionForm:
        """The form of a section: bound to what is typed, or to be filled in."""
        told = {"section": section, "bounds": self.bounds, "owners": self.owners, "typed": typed, "given": self.given}
        return self.form_class(typed, **told) if data else self.form_class(**told)

    def of_section(self, section: Section) -> SectionTyped:
        """One section as it is typed so far."""
        return next(each for each in self.sections if each.section == section)

    @property
    def overtaken(self) -> list[Section]:
        """The sections that were typed upon an earlier version."""
        return [each.section for each in self.sections if each.is_overtaken]

    def forms(self, request: Any) -> Sequence[SectionForm]:
        """The forms of all sections, where the whole is sent."""
        return [each.form for each in self.sections] if request.method == "POST" else ()

    def listed(self) -> dict[str, Any]:
        """The list of sections as a page shows it."""
        rows = [{"title": each.section.title, "url": each.url, "stands": each.stands} for each in self.sections]
        done = sum(row["stands"] == DONE for row in rows)
        return {"sections": rows, "done": done, "is_whole": done == len(rows)}

    def keep(self, request: Any, wanted: Section, form: SectionForm) -> str:
        """Keep what is typed into a section. The address to go to; empty where the page comes back with what is wrong."""
        sent = request.POST.copy()
        leaves, adds = sent.pop(LEAVE, None), sent.pop(MORE, None)
        try:
            drafts.save(request.user, request.path, sent, at=request.at)
        except drafts.NotKept as not_kept:
            form.is_valid()
            form.add_error(None, str(not_kept))
            return ""
        if leaves:
            return self.url
        if adds:
            return f"{request.path}#more-{adds[-1]}"
        if not form.is_valid():
            return ""
        following = [each.section for each in self.sections].index(wanted) + 1
        return self.url if following == len(self.sections) else self.sections[following].url

    def forget(self) -> None:
        """It is sent: nothing of it is a draft any more."""
        Draft.objects.filter(user=self.user, form__in=[self.url, *(each.url for each in self.sections)]).delete()
