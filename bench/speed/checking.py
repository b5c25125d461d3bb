"""Is the made data what the application would have made? Asked before anything is measured."""

from collections.abc import Iterator
from datetime import datetime
from random import Random

from django.apps import apps
from django.db import models

from bench.speed.copying import SEALED, SPAN, TABLES, VERSIONS
from casework import diary
from casework.events import faults_in_chains
from children.models import Child

SAMPLE = 200


class NotAsItShould(Exception):
    """The bench does not measure what is wrong."""


def require_sound(made_at: datetime, seed: int) -> None:
    """Every reference leads somewhere, every chain of events verifies, and the diary finds nothing to change in a sample."""
    faults = [*_dangling(), *(f"file {pk}: {fault}" for pk, fault in faults_in_chains()), *_unsealed()]
    if faults:
        raise NotAsItShould("\n".join(faults[:20]))
    copied = list(Child.objects.filter(case_file__gte=SPAN).order_by("pk").values_list("case_file", flat=True))
    sample = Random(seed).sample(copied, min(SAMPLE, len(copied)))
    differences = diary.refresh(sample, at=made_at, announce=False)
    if differences.opened or differences.closed or differences.changed:
        raise NotAsItShould(f"The diary finds other duties than were copied: {differences}")


def _dangling() -> Iterator[str]:
    """References of copied rows that lead nowhere."""
    for label in sorted({*SEALED, *(table.model for table in TABLES)}):
        model = apps.get_model(label)
        for column in model._meta.concrete_fields:
            if isinstance(column, models.ForeignKey):
                nowhere = model._base_manager.filter(**{f"{column.name}__isnull": False}).exclude(
                    models.Exists(column.related_model._base_manager.filter(pk=models.OuterRef(column.attname)))
                )
                number = nowhere.count()
                if number:
                    yield f"{label}.{column.name}: {number} lead nowhere"


def _unsealed() -> Iterator[str]:
    """Versions that do not fit their digest, and signatures under another version than the one that they are bound to."""
    for label in VERSIONS:
        for version in apps.get_model(label)._base_manager.order_by("-pk")[:SAMPLE]:
            if not version.is_intact:
                yield f"{label} {version.pk} is not sealed"
    for label in ("approvals.Signature", "approvals.DecisionSignature"):
        number = apps.get_model(label)._base_manager.exclude(digest=models.F("version__digest")).count()
        if number:
            yield f"{number} of {label} are not of the version that they sign"
