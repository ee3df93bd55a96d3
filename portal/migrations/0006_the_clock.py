from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [("portal", "0005_the_catalogue_speaks_english")]

    initial = False

    operations = [
        ops.CreateModel(
            name='ScheduledRun',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('name', fields.CharField(max_length=64)),
                ('slot', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('done_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'scheduled_run', 'app': 'portal', 'unique_together': (('name', 'slot'),), 'pk_attr': 'id', 'table_description': 'A slot of a schedule: its work is done once, however many workers count the hours and however clocks jump.'},
            bases=['Model'],
        ),
    ]
