from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0011_drafts_say_in_which_tab"),
    ]

    operations = [
        migrations.AlterField(
            model_name="duty",
            name="kind",
            field=models.CharField(max_length=40),
        ),
    ]
