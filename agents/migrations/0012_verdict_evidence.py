"""The links of the chain of evidence that a verdict rests on, beside its contract and proof."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("agents", "0011_evidence_and_training")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE agents_verdict ADD COLUMN agreement_id bigint, ADD COLUMN check_in_id bigint;",
            reverse_sql="ALTER TABLE agents_verdict DROP COLUMN agreement_id, DROP COLUMN check_in_id;",
        ),
    ]
