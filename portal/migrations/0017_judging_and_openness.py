"""A call decides by what statuses are judged, and whether the certainty of places is published."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops

CHECKS = """
ALTER TABLE call ADD CONSTRAINT thresholds_have_names CHECK (jsonb_typeof(judging) = 'object');
"""


class Migration(migrations.Migration):
    """Two columns of the call."""

    dependencies = [("portal", "0016_how_things_end")]

    operations = [
        ops.AddField(
            model_name="Call",
            name="judging",
            field=fields.JSONField(default=dict, db_default="{}", encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name="Call",
            name="publishes_certainty",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.RunSQL(CHECKS),
    ]
