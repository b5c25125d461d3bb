from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """What is open of a team's children, without passing all that was ever closed of them."""

    atomic = False
    dependencies = [("casework", "0005_readings_of_a_file")]
    operations = [
        AddIndexConcurrently(
            model_name="duty",
            index=models.Index(
                fields=["case_file", "due_at"], condition=Q(closed_at__isnull=True), name="open_by_file"
            ),
        ),
    ]
