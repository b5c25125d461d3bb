from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Which children a team holds, without reading the holdings themselves."""

    atomic = False
    dependencies = [("children", "0004_search_through_folded_names")]
    operations = [
        AddIndexConcurrently(
            model_name="teamholding",
            index=models.Index(fields=["team"], include=["child", "starts_at", "ends_at"], name="held_by_team"),
        ),
        RemoveIndexConcurrently(model_name="teamholding", name="children_te_team_id_a26ed2_idx"),
    ]
