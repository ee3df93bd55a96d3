"""Amendments of agreements; what was agreed is only ever added to."""

from importlib import import_module

from tortoise import migrations
from tortoise.migrations import operations as ops
from portal.monitoring.amendment.states import AmendmentState
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.migrations.constraints import UniqueConstraint

only_added = import_module("portal.migrations.0002_what_must_never_happen").only_added

CHECKS = """
CREATE UNIQUE INDEX one_amendment_waits ON amendment (agreement_id) WHERE state = 'proposed';
ALTER TABLE amendment ADD CONSTRAINT amendment_has_a_reason CHECK (length(btrim(reason)) > 0);
ALTER TABLE amendment ADD CONSTRAINT amendment_counts_from_one CHECK (number > 0);
ALTER TABLE amendment ADD CONSTRAINT signed_amendment_has_an_instant
    CHECK (state <> 'signed' OR signed_at IS NOT NULL);
ALTER TABLE amended_value ADD CONSTRAINT amended_values_are_not_negative
    CHECK (numerator >= 0 AND (denominator IS NULL OR denominator >= 0));
ALTER TABLE agreed_value ADD CONSTRAINT editions_say_since_when CHECK ((edition > 0) = (since IS NOT NULL));
"""


class Migration(migrations.Migration):
    dependencies = [("portal", "0007_passing_versions_may_go")]

    initial = False

    operations = [
        ops.CreateModel(
            name='Amendment',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('agreement', fields.ForeignKeyField('portal.Agreement', source_field='agreement_id', db_constraint=True, to_field='id', related_name='amendments', on_delete=OnDelete.RESTRICT)),
                ('number', fields.IntField()),
                ('state', fields.CharEnumField(default=AmendmentState.PROPOSED, description='PROPOSED: proposed\nSIGNED: signed\nWITHDRAWN: withdrawn', enum_type=AmendmentState, max_length=24)),
                ('reason', fields.TextField(unique=False)),
                ('proposed_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('proposed_by', fields.CharField(max_length=200)),
                ('signed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('signed_by', fields.CharField(default='', max_length=200)),
            ],
            options={'table': 'amendment', 'app': 'portal', 'unique_together': (('agreement', 'number'),), 'pk_attr': 'id', 'table_description': "One change of one agreement's plan, numbered from 1. The officer proposes it, the region's signatory signs it."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='AmendedValue',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('amendment', fields.ForeignKeyField('portal.Amendment', source_field='amendment_id', db_constraint=True, to_field='id', related_name='changes', on_delete=OnDelete.RESTRICT)),
                ('agreed', fields.ForeignKeyField('portal.AgreedIndicator', source_field='agreed_id', db_constraint=True, to_field='id', related_name='changes', on_delete=OnDelete.RESTRICT)),
                ('period', fields.CharField(max_length=6)),
                ('numerator', fields.DecimalField(max_digits=15, decimal_places=2)),
                ('denominator', fields.DecimalField(null=True, max_digits=15, decimal_places=2)),
                ('before_numerator', fields.DecimalField(max_digits=15, decimal_places=2)),
                ('before_denominator', fields.DecimalField(null=True, max_digits=15, decimal_places=2)),
            ],
            options={'table': 'amended_value', 'app': 'portal', 'unique_together': (('amendment', 'agreed', 'period'),), 'pk_attr': 'id', 'table_description': 'What an amendment proposes for an indicator by the end of a quarter, and what stood there before.'},
            bases=['Model'],
        ),
        ops.RemoveConstraint(
            model_name='AgreedValue',
            name=None,
            fields=['agreed', 'period'],
        ),
        ops.AddField(
            model_name='AgreedValue',
            name='edition',
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name='AgreedValue',
            name='since',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddConstraint(
            model_name='AgreedValue',
            constraint=UniqueConstraint(fields=('agreed', 'period', 'edition'), name=None),
        ),
        ops.RunSQL(CHECKS),
        *(ops.RunSQL(only_added(table)) for table in ("agreed_value", "amended_value")),
    ]
