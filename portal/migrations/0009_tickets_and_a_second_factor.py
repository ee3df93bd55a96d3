"""Tickets for letters and codes, the second factor and its recovery codes, and what a session has proved."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from portal.people.account.models import Purpose
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [("portal", "0008_amendments")]

    initial = False

    operations = [
        ops.CreateModel(
            name='SecondFactor',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('person', fields.OneToOneField('portal.Person', source_field='person_id', db_constraint=True, to_field='id', related_name='second_factor', on_delete=OnDelete.CASCADE)),
                ('sealed', fields.CharField(max_length=200)),
                ('last_step', fields.BigIntField()),
                ('since', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'second_factor', 'app': 'portal', 'pk_attr': 'id', 'table_description': 'The authenticator of one person: its secret, sealed, and the last step of time whose code was used.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='RecoveryCode',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('factor', fields.ForeignKeyField('portal.SecondFactor', source_field='factor_id', db_constraint=True, to_field='id', related_name='recovery_codes', on_delete=OnDelete.CASCADE)),
                ('code_hash', fields.CharField(max_length=64)),
                ('used_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'recovery_code', 'app': 'portal', 'unique_together': (('factor', 'code_hash'),), 'pk_attr': 'id', 'table_description': 'A code for the day when the telephone is lost: its keyed hash, and when it was used.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Ticket',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('purpose', fields.CharEnumField(description='RESET: reset\nCODE: code', enum_type=Purpose, max_length=16)),
                ('token_hash', fields.CharField(unique=True, max_length=64)),
                ('person', fields.ForeignKeyField('portal.Person', source_field='person_id', db_constraint=True, to_field='id', related_name='tickets', on_delete=OnDelete.CASCADE)),
                ('bound', fields.CharField(max_length=64)),
                ('made_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'ticket', 'app': 'portal', 'pk_attr': 'id', 'table_description': 'A random token given out for one deed and a short time; `bound` is the address and password it was made for.'},
            bases=['Model'],
        ),
        ops.AlterModelOptions(
            name='RefusedSignIn',
            options={'table': 'refused_sign_in', 'app': 'portal', 'pk_attr': 'id', 'table_description': 'A try, refused until it proves right, kept for an hour: fingerprints of the account tried and of the network.'},
        ),
        ops.AlterModelOptions(
            name='Session',
            options={'table': 'session', 'app': 'portal', 'pk_attr': 'id', 'table_description': 'One sign-in on one device. Flash messages wait here for the next page; `is_strong` had a second factor.'},
        ),
        ops.AddField(
            model_name='Session',
            name='confirmed_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Session',
            name='is_strong',
            field=fields.BooleanField(default=False, db_default=False),
        ),
    ]
