"""What the officer says of an indicator stands beside the computed status, never instead of it, and has a reason."""

from importlib import import_module

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

only_added = import_module("portal.migrations.0002_what_must_never_happen").only_added

CHECKS = """
CREATE INDEX last_manual_status ON manual_status (agreed_id, id DESC);
ALTER TABLE manual_status ADD CONSTRAINT manual_status_is_known
    CHECK (status IN ('', 'achieved', 'on_track', 'unclear', 'at_risk', 'off_track'));
ALTER TABLE manual_status ADD CONSTRAINT manual_status_has_a_reason
    CHECK ((status = '') = (btrim(reason) = ''));
ALTER TABLE release_figure ADD CONSTRAINT manual_status_stands_beside_a_computed_one
    CHECK (stated IN ('', 'achieved', 'on_track', 'unclear', 'at_risk', 'off_track')
        AND (stated = '' OR status <> '') AND (stated = '') = (because = ''));
"""


class Migration(migrations.Migration):
    """A table, and what a release takes of it."""

    dependencies = [("portal", "0017_judging_and_openness")]

    operations = [
        ops.CreateModel(
            name='ManualStatus',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('agreed', fields.ForeignKeyField('portal.AgreedIndicator', source_field='agreed_id', db_constraint=True, to_field='id', related_name='manual_statuses', on_delete=OnDelete.RESTRICT)),
                ('period', fields.CharField(max_length=6)),
                ('status', fields.CharField(max_length=16)),
                ('reason', fields.TextField(unique=False)),
                ('stated_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('stated_by_name', fields.CharField(max_length=200)),
            ],
            options={'table': 'manual_status', 'app': 'portal', 'pk_attr': 'id', 'table_description': 'What the programme officer says of an indicator beside the computed status, and why; the last counts.'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='ReleaseFigure',
            name='because',
            field=fields.TextField(default='', db_default='', unique=False),
        ),
        ops.AddField(
            model_name='ReleaseFigure',
            name='stated',
            field=fields.CharField(default='', db_default='', max_length=16),
        ),
        ops.RunSQL(CHECKS),
        ops.RunSQL(only_added("manual_status")),
    ]
