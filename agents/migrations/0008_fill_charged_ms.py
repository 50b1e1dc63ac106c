"""Fill what earlier kept verdicts charge.

A call that is gone, or has lost its talk since, counts as 0 here: its month is over, or its day waits to be judged again.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("agents", "0007_verdict_charged_ms"), ("numbers", "0002_call_partitions")]
    operations = [
        migrations.RunSQL(
            """UPDATE agents_verdict v SET charged_ms = coalesce(
                   (SELECT talk_ms FROM numbers_call c WHERE c.id = v.call_id AND c.month = v.month), 0)
                WHERE verdict = 'kept';""",
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
