"""How sure a ranking was: rows that are only added, and the one that the council had before it."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops

ONLY_ADDED = """
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE ON certainty FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON certainty EXECUTE FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    """A table and a column of the decision."""

    dependencies = [("portal", "0011_forecasts")]

    operations = [
        ops.CreateModel(
            name='Certainty',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('call', fields.ForeignKeyField('portal.Call', source_field='call_id', db_constraint=True, to_field='id', related_name='certainties', on_delete=OnDelete.RESTRICT)),
                ('made_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('method', fields.CharField(max_length=40)),
                ('seed', fields.BigIntField()),
                ('basis', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('basis_sha256', fields.CharField(max_length=64)),
                ('result', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={'table': 'certainty', 'app': 'portal', 'unique_together': (('call', 'basis_sha256'),), 'pk_attr': 'id', 'table_description': 'How sure a ranking was, by a method and a seed, on a basis that is kept whole: anyone can reckon it again.'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Protocol',
            name='certainty',
            field=fields.ForeignKeyField('portal.Certainty', source_field='certainty_id', null=True, db_constraint=True, to_field='id', related_name='protocols', on_delete=OnDelete.RESTRICT),
        ),
        ops.RunSQL(ONLY_ADDED),
    ]
