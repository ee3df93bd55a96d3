"""Who was refused at sign-in, and what was brought into the directory."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('portal', '0002_what_must_never_happen')]

    initial = False

    operations = [
        ops.CreateModel(
            name='DirectoryImport',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('what', fields.CharField(max_length=40)),
                ('added', fields.IntField()),
                ('changed', fields.IntField()),
                ('unchanged', fields.IntField()),
                ('done_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'directory_import', 'app': 'portal', 'pk_attr': 'id', 'table_description': 'One bringing-in of reference data that changed something: which data, how many rows, and when.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='RefusedSignIn',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('account', fields.CharField(db_index=True, max_length=64)),
                ('network', fields.CharField(db_index=True, max_length=64)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'refused_sign_in', 'app': 'portal', 'pk_attr': 'id', 'table_description': 'A wrong password, kept for a quarter of an hour: fingerprints of the account tried and of the network.'},
            bases=['Model'],
        ),
    ]
