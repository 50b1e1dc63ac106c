"""A number's choice for holidays becomes a dated row; it held for all its days, and for those before its enrolment."""

from django.db import migrations

FORWARD = """
    INSERT INTO numbers_holidayrule (number_id, policy, alsace_moselle, valid_from)
    SELECT id, holiday_policy, false, (created_at AT TIME ZONE 'Europe/Paris')::date - 366
      FROM numbers_premiumnumber WHERE holiday_policy <> 'usual'
"""
# What holds last is what the number keeps.
BACK = """
    UPDATE numbers_premiumnumber n SET holiday_policy = r.policy
      FROM numbers_holidayrule r WHERE r.number_id = n.id AND r.valid_until IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("numbers", "0010_holiday_rules")]

    operations = [migrations.RunSQL(FORWARD, BACK)]
