"""A form on paper: how far it holds, and what its digest tells whoever types it."""

from datetime import datetime
from typing import Any, Final

from django.apps import apps
from django.urls import reverse

from casework.digests import Told
from casework.documents import Mark
from casework.wording import said_moment
from children.access import sight_of
from visits.visiting_forms.reading import form_as_read

SHOWN: Final = (
    "child__case_file",
    "placement__home",
    "placement__carer",
    "placement__standing",
    "home",
    "carer",
    "visit__visitor",
    "author",
)
"""What page and paper show of a form."""


def mark_of(read: dict[str, Any]) -> Mark | None:
    """Why nobody may act upon this version; None for the one that counts."""
    later = read["later"]
    says = f"Version {later.number} took its place on {said_moment(later.typed_at)}." if later else ""
    return Mark("Void", says) if later else None


def tell_of_form(version: int, user: Any, at: datetime) -> Told | None:
    """What a person may know of one version of a form."""
    found: Any = apps.get_model("visits", "VisitingForm").objects
    visible = found.visible_to(user, at=at).filter(versions=version).select_related(*SHOWN)
    form = visible.first()
    if form is None:
        return None
    number = form.versions.values_list("number", flat=True).get(pk=version)
    read = form_as_read(form, sight_of(user, form.child, at), at=at, by=user, number=number)
    return Told(
        title=str(form),
        about=form.child.name,
        url=reverse("visits:form", args=[form.pk]),
        version=read["version"],
        mark=mark_of(read),
        stands=read["stands"],
    )
