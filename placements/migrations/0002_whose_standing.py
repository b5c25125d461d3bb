"""Whose a standing is, beside it: a column that the database itself keeps. Adding it changes no row and locks nobody out."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('children', '0005_children_of_a_team_by_index'),
        ('placements', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='presentstanding',
            name='child',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='children.child'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='presentstanding',
            trigger=pgtrigger.compiler.Trigger(name='of_the_child', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n        NEW.child_id = (SELECT child_id FROM placements_placement WHERE id = NEW.placement_id);\n        RETURN NEW;\n    ', hash='f1b43d53a789a6e89e7af5f2edea0b0812afef4a', operation='INSERT OR UPDATE', pgid='pgtrigger_of_the_child_e0df2', table='placements_presentstanding', when='BEFORE')),
        ),
    ]
