"""What PostgreSQL must know before any table is made: exclusion by equality, search in parts of words, accents."""

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension, UnaccentExtension
from django.db import migrations


class Migration(migrations.Migration):
    """The extensions of the database."""

    dependencies = ()
    operations = (BtreeGistExtension(), TrigramExtension(), UnaccentExtension())
