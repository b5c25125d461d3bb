"""Homes that are new here: each gets its file when it is first named, and what is proposed for a child is put on record."""

from datetime import datetime
from typing import TypeVar

from django.db.models import Model

from casework.models import CaseFile
from casework.steps import write_down
from placements import permissions
from placements.models import Home, ProposedHome

Fact = TypeVar("Fact", bound=Model | None)


def with_file(fact: Fact, *, by, at: datetime) -> Fact:
    """A home that is new here gets its file; any other fact is as it was."""
    if isinstance(fact, Home) and fact.pk is None:
        fact.case_file = CaseFile.objects.create(kind=CaseFile.Kind.HOME, opened_at=at)
        write_down(fact, act="open", about=fact, may=permissions.may_open_home, by=by, at=at)
    return fact


def on_record(proposed: ProposedHome, *, by, at: datetime) -> ProposedHome:
    """The proposed home, with the home or the family that it names, where they are new."""
    with_file(proposed.home, by=by, at=at)
    if proposed.carer and proposed.carer.pk is None:
        proposed.carer.save()
    proposed.home, proposed.carer = proposed.home, proposed.carer
    proposed.save()
    return proposed
