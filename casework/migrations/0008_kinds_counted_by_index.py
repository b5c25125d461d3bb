from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """What is open of a kind, and about which record, without reading the duties themselves."""

    atomic = False
    dependencies = [("casework", "0007_one_asks_another_decides")]
    operations = [
        AddIndexConcurrently(
            model_name="duty",
            index=models.Index(
                fields=["kind", "due_at"],
                include=["about", "source"],
                condition=Q(closed_at__isnull=True),
                name="open_of_kind",
            ),
        ),
        RemoveIndexConcurrently(model_name="duty", name="open_by_kind"),
    ]
