"""The name as search looks through it: a column that the database itself keeps. Adding it changes no row and locks nobody out."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

FOLDED = """
CREATE OR REPLACE FUNCTION public.hearth_folded(said text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT upper(translate(
        public.unaccent('public.unaccent', normalize(said, NFC)), $chars$-‐‑–—_/,;.()"'’‘ʼ`´$chars$, '         '
    ))
$$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('children', '0002_restricting_and_breaking_glass'),
    ]

    operations = [
        migrations.RunSQL(FOLDED, "DROP FUNCTION public.hearth_folded(text)"),
        migrations.AddField(
            model_name='childname',
            name='folded',
            field=models.TextField(editable=False, null=True),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='childname',
            trigger=pgtrigger.compiler.Trigger(name='folded', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n        NEW.folded = public.hearth_folded(NEW.name);\n        RETURN NEW;\n    ', hash='d779be8677d7228741b3fb5fcbf4f9307f0b52c1', operation='INSERT OR UPDATE', pgid='pgtrigger_folded_b3281', table='children_childname', when='BEFORE')),
        ),
    ]
