"""The partitioned table agents_verdict, in SQL beside this file; its partitions are made month by month when needed."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("agents", "0002_initial")]
    operations = [
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(), reverse_sql="DROP TABLE agents_verdict;"),
    ]
