"""Is the made data what the application would have made? Asked before anything is measured."""

from collections.abc import Iterator
from datetime import datetime
from random import Random

from django.apps import apps
from django.db import connection, models

from bench.speed.copying import SEALED, SPAN, TABLES
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
    """Signatures under another version than the one that they are bound to."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM approvals_signature s JOIN approvals_recordversion v ON v.id = s.version_id"
            " WHERE s.digest <> v.digest"
        )
        number = cursor.fetchone()[0]
    if number:
        yield f"{number} signatures are not of the version that they sign"
    versions = apps.get_model("approvals.RecordVersion").objects.order_by("-pk")[:SAMPLE]
    yield from (f"version {version.pk} is not sealed" for version in versions if not version.is_intact)
