"""Gives interim approvals that were signed before approvals were renewed their end, and has their files looked at."""

from datetime import timedelta

from django.db import migrations

from casework.limits import end_of, local_day

HELD = timedelta(days=28)


def give_an_end(apps, schema_editor):
    """Each holds as long as if it were signed today: 28 days. What is over by then is an alarm at the next look."""
    alias = schema_editor.connection.alias
    files = apps.get_model("casework", "CaseFile").objects.using(alias)
    oversight = apps.get_model("placements", "Authorisation").objects.using(alias)
    endless = oversight.filter(kind="connected_person", as_permanence=False, ends_at=None)
    for signed in endless.select_related("placement__child"):
        signed.ends_at = end_of(local_day(signed.starts_at) + HELD)
        signed.save(update_fields=["ends_at"])
        files.filter(pk=signed.placement.child.case_file_id).update(look_again_at=signed.starts_at)


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ("approvals", "0012_interim_approvals_are_renewed"),
        ("casework", "0002_initial"),
        ("placements", "0006_a_proposed_home_stays_as_it_was"),
    ]

    operations = [
        migrations.RunPython(give_an_end, migrations.RunPython.noop),
    ]
