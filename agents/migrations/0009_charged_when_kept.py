"""A verdict charges a duration when it is kept, and only then."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("agents", "0008_fill_charged_ms")]
    operations = [
        migrations.RunSQL(
            """ALTER TABLE agents_verdict ADD CONSTRAINT charged_when_kept
                CHECK ((verdict = 'kept') = (charged_ms IS NOT NULL) AND charged_ms >= 0);""",
            reverse_sql="ALTER TABLE agents_verdict DROP CONSTRAINT charged_when_kept;",
        ),
    ]
