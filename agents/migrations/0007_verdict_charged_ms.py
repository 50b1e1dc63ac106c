"""The talk that a kept verdict charges, beside the verdict: rating then reads one narrow table."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("agents", "0006_evidence_and_uploads")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE agents_verdict ADD COLUMN charged_ms integer;",
            reverse_sql="ALTER TABLE agents_verdict DROP COLUMN charged_ms;",
        ),
    ]
