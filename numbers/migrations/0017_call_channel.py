"""What a call came through, and the part of its talk that set up an interpreter or a relay; voice and none by default.

The index holds the calls of other channels only: calls by voice are looked up as before.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("numbers", "0016_access_channels")]
    operations = [
        migrations.RunSQL(
            """ALTER TABLE numbers_call
                   ADD COLUMN channel varchar(8) NOT NULL DEFAULT 'voice',
                   ADD COLUMN setup_ms integer,
                   ADD CONSTRAINT call_setup_in_talk CHECK (setup_ms BETWEEN 0 AND talk_ms);
               CREATE INDEX call_channel_offered ON numbers_call (company_id, offered_at) WHERE channel <> 'voice';""",
            reverse_sql="ALTER TABLE numbers_call DROP COLUMN channel, DROP COLUMN setup_ms;",
        ),
    ]
