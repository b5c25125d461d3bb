from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q

UNIQUE = "a_visit_is_brought_once"


class Migration(migrations.Migration):
    """The table of visits is big: its indexes are made while it is in use."""

    atomic = False

    dependencies = [("visits", "0002_forms_plans_and_what_is_agreed")]

    operations = [
        AddIndexConcurrently(
            model_name="visit",
            index=models.Index(
                fields=["shared"], condition=Q(shared__isnull=False), name="parts_of_shared_visits"
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"CREATE UNIQUE INDEX CONCURRENTLY {UNIQUE} ON visits_visit (brought_as) WHERE NOT (brought_as = '')",
                    f"DROP INDEX CONCURRENTLY {UNIQUE}",
                )
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="visit",
                    constraint=models.UniqueConstraint(
                        fields=["brought_as"],
                        condition=~Q(brought_as=""),
                        name=UNIQUE,
                        violation_error_message="This visit was brought before.",
                    ),
                )
            ],
        ),
    ]
