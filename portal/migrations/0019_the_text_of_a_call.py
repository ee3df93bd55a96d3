"""A call knows from which version of what was typed its conditions were read."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    """A column of the call."""

    dependencies = [("portal", "0018_said_beside")]

    operations = [
        ops.AddField(model_name="Call", name="text_version", field=fields.IntField(default=0, db_default=0)),
    ]
