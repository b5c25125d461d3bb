"""What every record has in common that goes up to senior managers: it is typed in versions, and signed as it reads.

Who signs it, and in which order, each noun says for itself (`discussion`, `decision`). Nobody signs two parts of one.
"""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Subquery

from casework.events import label_of
from casework.models import Event
from casework.steps import NotYet
from children import access


class Chain(models.Model):
    """A record on its way up. Who inherits has a `state`, `versions` of the record, and says what signs them."""

    signed_with: ClassVar[Any]
    """The model of the signatures."""
    about_child: Any
    """The child whom it is about."""
    matter: Any
    """How invitations name it: words."""
    stands_since = models.DateTimeField(null=True, blank=True)
    """When it came to its present state."""

    class Meta:
        abstract = True

    @property
    def case_file_id(self) -> int:
        """It belongs to the child's file."""
        file: int = self.about_child.case_file_id
        return file

    @property
    def version(self) -> Any:
        """The record as it now reads; None before it is typed."""
        return self.versions.order_by("-number").first()

    @property
    def signatures_now(self) -> Any:
        """The signatures under the record as it now reads; those under earlier versions are void (C-32)."""
        latest = self.versions.order_by("-number").values("pk")[:1]
        return self.signed_with.objects.filter(version=Subquery(latest))

    @property
    def roles_signed_now(self) -> set[str]:
        """The roles in which the record as it now reads is signed."""
        return set(self.signatures_now.values_list("role", flat=True))

    def roles_signed_by(self, user: Any) -> set[str]:
        """The roles in which this person has signed any version of the record."""
        return set(self.versions.filter(signatures__by=user).values_list("signatures__role", flat=True))

    def acts_of(self, user: Any) -> set[str]:
        """The steps that this person has taken, by name."""
        return set(Event.objects.filter(record=label_of(self), by=user).values_list("act", flat=True))

    def write(self, content: dict[str, str], *, by: Any, at: Any, digest: str | None) -> None:
        """Type the record; whatever was agreed or signed before is void.

        `digest` is that of the version which the typist has read; None where nobody else can have typed.
        """
        last = self.version
        if last and digest not in (None, last.digest):
            raise NotYet("The record has changed since you opened it. Read it as it now stands.")
        if last and content == last.content:
            raise NotYet(f"The record reads as version {last.number} does: there is nothing new in it.")
        self.versions.create(number=last.number + 1 if last else 1, content=content, typed_by=by, typed_at=at)
        self.stands_since = at

    def sign(self, act: Any, role: Any, *, by: Any, at: Any, digest: str) -> None:
        """Sign the record as it now reads. Whoever has read another version is told so."""
        version = self.version
        if digest != version.digest:
            raise NotYet("The record has changed since you opened it. Read it as it now stands.")
        if not version.is_intact:
            raise NotYet("The record was changed outside Hearth: it does not fit its digest, and nobody can sign it.")
        version.signatures.create(act=act, role=role, by=by, at=at, digest=digest)

    def end(self, at: Any) -> None:
        """It is over: whoever was invited for it is a stranger again."""
        self.stands_since = at
        access.end_invitations(self.about_child, at=at, because=self.matter)
