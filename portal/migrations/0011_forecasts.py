"""What is expected of every indicator, kept each time it is computed; public figures carry it where they are shown."""

from importlib import import_module

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields

only_added = import_module("portal.migrations.0002_what_must_never_happen").only_added

CHECKS = """
CREATE INDEX last_forecast ON forecast (agreed_id, id DESC);
ALTER TABLE forecast ADD CONSTRAINT forecast_has_a_known_status CHECK (status IN ('', 'achieved', 'on_track', 'unclear',
    'at_risk', 'off_track', 'too_early', 'small_numbers', 'no_data'));
ALTER TABLE forecast ADD CONSTRAINT forecast_lies_in_its_interval
    CHECK ((forecast IS NULL) = (low IS NULL) AND (low IS NULL) = (high IS NULL) AND low <= forecast AND forecast <= high);
ALTER TABLE release_figure ADD CONSTRAINT public_status_is_known CHECK (status IN ('', 'achieved', 'on_track', 'unclear',
    'at_risk', 'off_track', 'too_early', 'small_numbers', 'no_data'));
ALTER TABLE release_figure ADD CONSTRAINT hidden_figures_expect_nothing CHECK (
    state NOT IN ('hidden', 'not_applicable')
    OR (status = '' AND forecast IS NULL AND low IS NULL AND high IS NULL AND method = ''));
"""

class Migration(migrations.Migration):
    dependencies = [("portal", "0010_letters_in_the_outbox")]

    initial = False

    operations = [
        ops.CreateModel(
            name='Forecast',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('agreed', fields.ForeignKeyField('portal.AgreedIndicator', source_field='agreed_id', db_constraint=True, to_field='id', related_name='forecasts', on_delete=OnDelete.RESTRICT)),
                ('period', fields.CharField(max_length=6)),
                ('computed_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('status', fields.CharField(max_length=16)),
                ('forecast', fields.FloatField(null=True)),
                ('low', fields.FloatField(null=True)),
                ('high', fields.FloatField(null=True)),
                ('p_target', fields.FloatField(null=True)),
                ('method', fields.CharField(max_length=40)),
            ],
            options={'table': 'forecast', 'app': 'portal', 'pk_attr': 'id', 'table_description': 'Status and forecast of an agreed indicator, computed each time that what they stand on changed; the last counts.'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='ReleaseFigure',
            name='forecast',
            field=fields.DecimalField(null=True, max_digits=19, decimal_places=4),
        ),
        ops.AddField(
            model_name='ReleaseFigure',
            name='high',
            field=fields.DecimalField(null=True, max_digits=19, decimal_places=4),
        ),
        ops.AddField(
            model_name='ReleaseFigure',
            name='low',
            field=fields.DecimalField(null=True, max_digits=19, decimal_places=4),
        ),
        ops.AddField(
            model_name='ReleaseFigure',
            name='method',
            field=fields.CharField(default='', db_default='', max_length=40),
        ),
        ops.AddField(
            model_name='ReleaseFigure',
            name='status',
            field=fields.CharField(default='', db_default='', max_length=16),
        ),
        ops.RunSQL(CHECKS),
        ops.RunSQL(only_added("forecast")),
    ]
