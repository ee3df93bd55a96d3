from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [("portal", "0004_a_decision_stands_on_its_marks")]

    initial = False

    operations = [
        ops.AddField(
            model_name='Direction',
            name='recommendation_en',
            field=fields.CharField(default='', db_default='', max_length=300),
        ),
        ops.AddField(
            model_name='Indicator',
            name='denominator_en',
            field=fields.CharField(default='', db_default='', max_length=400),
        ),
        ops.AddField(
            model_name='Indicator',
            name='disaggregation_en',
            field=fields.CharField(default='', db_default='', max_length=300),
        ),
        ops.AddField(
            model_name='Indicator',
            name='group_en',
            field=fields.CharField(default='', db_default='', max_length=80),
        ),
        ops.AddField(
            model_name='Indicator',
            name='numerator_en',
            field=fields.CharField(default='', db_default='', max_length=400),
        ),
        ops.AddField(
            model_name='Indicator',
            name='reference_en',
            field=fields.CharField(default='', db_default='', max_length=200),
        ),
        ops.AddField(
            model_name='Indicator',
            name='reference_ru',
            field=fields.CharField(default='', db_default='', max_length=200),
        ),
        ops.RemoveField(model_name='Indicator', name='reference'),
    ]
