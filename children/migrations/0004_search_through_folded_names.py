"""Fills in the names that were there before, a few at a time, and makes the index, while people go on working."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations
from django.db.models import Max

AT_ONCE = 5_000


def fold(apps, schema_editor):
    """Writing a name lets the trigger fold it; each stretch is a transaction of its own."""
    names = apps.get_model("children", "ChildName").objects.using(schema_editor.connection.alias)
    last = names.aggregate(last=Max("pk"))["last"] or 0
    for first in range(0, last + 1, AT_ONCE):
        names.filter(pk__gte=first, pk__lt=first + AT_ONCE, folded=None).update(folded="")


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ("children", "0003_names_folded_for_search"),
    ]

    operations = [
        migrations.RunPython(fold, migrations.RunPython.noop),
        AddIndexConcurrently("childname", GinIndex(OpClass("folded", name="gin_trgm_ops"), name="child_name_folded")),
    ]
