"""Fills in whose the standings are that were there before, a few at a time, and makes the index, while people go on working.

A standing is an alarm only while a child lives there: those of the past are no more.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import F, Max, Q
from django.utils import timezone

AT_ONCE = 5_000


def fill_in(apps, schema_editor):
    """Writing a standing lets the trigger note whose it is; each stretch is a transaction of its own."""
    standings = apps.get_model("placements", "PresentStanding").objects.using(schema_editor.connection.alias)
    over = apps.get_model("placements", "Placement").objects.filter(ended_at__lte=timezone.now())
    last = standings.aggregate(last=Max("pk"))["last"] or 0
    for first in range(0, last + 1, AT_ONCE):
        stretch = standings.filter(pk__gte=first, pk__lt=first + AT_ONCE)
        stretch.filter(is_alarm=True, placement__in=over).update(is_alarm=False)
        stretch.filter(child=None).update(since_on=F("since_on"))


class Migration(migrations.Migration):

    atomic = False
    dependencies = [("placements", "0002_whose_standing")]
    operations = [
        migrations.RunPython(fill_in, migrations.RunPython.noop),
        AddIndexConcurrently(
            model_name="presentstanding",
            index=models.Index(
                fields=["since_on"],
                include=["placement", "child", "lawfulness"],
                condition=Q(is_alarm=True),
                name="live_alarms",
            ),
        ),
        RemoveIndexConcurrently(model_name="presentstanding", name="alarms"),
    ]
