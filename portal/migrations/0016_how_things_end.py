"""Agreements end: since when, and why."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

CHECKS = """
ALTER TABLE agreement ADD CONSTRAINT agreement_that_is_over_says_since_when_and_why
    CHECK (state NOT IN ('closed', 'terminated')
        OR (ended_on IS NOT NULL AND (state = 'closed' OR length(btrim(ended_because)) > 0)));
"""


class Migration(migrations.Migration):
    """Two columns and what they must say."""

    dependencies = [("portal", "0015_people_come_in")]

    operations = [
        ops.AddField(
            model_name="Agreement",
            name="ended_because",
            field=fields.TextField(default="", db_default="", unique=False),
        ),
        ops.AddField(model_name="Agreement", name="ended_on", field=fields.DateField(null=True)),
        ops.RunSQL(CHECKS),
    ]
