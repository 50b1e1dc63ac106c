"""An open call belongs to the format that left it open: a queue_log and a CDR of one PBX speak of the same ids."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("numbers", "0003_holiday_policy")]

    operations = [
        migrations.RemoveConstraint("opencall", "open_call_once"),
        migrations.AddField(
            "opencall",
            "connector",
            models.CharField("connecteur", max_length=32, default="asterisk-queue-log"),
        ),
        migrations.AddConstraint(
            "opencall",
            models.UniqueConstraint(fields=["source", "connector", "external_id"], name="open_call_once"),
        ),
    ]
