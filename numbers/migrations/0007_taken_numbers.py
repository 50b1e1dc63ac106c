"""The function that tells which numbers are free without telling whose the others are, in SQL beside this file."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("numbers", "0006_enrolment")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(),
            reverse_sql="DROP FUNCTION illico_taken_numbers(text, text, timestamptz, bigint);",
        ),
    ]
