"""In which records of a list somebody took steps: a condition for the database, where the list is."""

from typing import Any

from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from casework.models import Event


def label_in(model: Any, *, end: str = "") -> Concat:
    """How events and duties name the record of a row of this model, inside a sub-select; `end` is put behind it."""
    return Concat(Value(f"{model._meta.label_lower}:"), Cast(OuterRef("pk"), CharField()), Value(end))


def acts_in(model: Any, user: Any, *acts: str) -> QuerySet[Event]:
    """The steps that this person took in the record of a row; only these, where some are named."""
    taken = Event.objects.filter(record=label_in(model), by=user)
    return taken.filter(act__in=acts) if acts else taken


def took_part(model: Any, user: Any, *acts: str) -> Exists:
    """Did this person take a step in the record of a row?"""
    return Exists(acts_in(model, user, *acts))
