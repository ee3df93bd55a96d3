"""Invitations and requests for registration; people and organisations have names for addresses."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from portal.people.invitation.states import InvitationState
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.fields.db_defaults import SqlDefault
from tortoise import fields

NEVER = """
CREATE UNIQUE INDEX invitation_waits_once ON invitation (email, coalesce(invited_by_id, 0))
    WHERE state IN ('asked', 'sent');
ALTER TABLE invitation
    ADD CONSTRAINT invitation_is_sent_by_somebody CHECK (state IN ('asked', 'declined')
        OR (organisation_id IS NOT NULL AND invited_by_id IS NOT NULL AND sent_at IS NOT NULL)),
    ADD CONSTRAINT invitation_is_accepted_by_somebody CHECK (state <> 'accepted' OR person_id IS NOT NULL),
    ADD CONSTRAINT invitation_is_asked_for_a_region CHECK (asked_at IS NULL OR region_id IS NOT NULL),
    ADD CONSTRAINT invitation_gives_a_role CHECK (jsonb_array_length(roles) > 0);
"""


class Migration(migrations.Migration):
    dependencies = [("portal", "0014_files")]

    initial = False

    operations = [
        ops.CreateModel(
            name='Invitation',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('public_id', fields.CharField(unique=True, db_default=SqlDefault('substr(md5(gen_random_uuid()::text), 1, 16)'), max_length=16)),
                ('state', fields.CharEnumField(description='ASKED: asked\nSENT: sent\nACCEPTED: accepted\nWITHDRAWN: withdrawn\nDECLINED: declined', enum_type=InvitationState, max_length=24)),
                ('email', fields.CharField(db_index=True, max_length=254)),
                ('name_ru', fields.CharField(max_length=200)),
                ('language', fields.CharField(default='ru', max_length=2)),
                ('roles', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('position', fields.CharField(default='', max_length=200)),
                ('typed_organisation', fields.CharField(default='', max_length=300)),
                ('region', fields.ForeignKeyField('portal.Region', source_field='region_id', null=True, db_constraint=True, to_field='id', related_name='invitations', on_delete=OnDelete.RESTRICT)),
                ('organisation', fields.ForeignKeyField('portal.Organisation', source_field='organisation_id', null=True, db_constraint=True, to_field='id', related_name='invitations', on_delete=OnDelete.RESTRICT)),
                ('invited_by', fields.ForeignKeyField('portal.Person', source_field='invited_by_id', null=True, db_constraint=True, to_field='id', related_name='invited', on_delete=OnDelete.RESTRICT)),
                ('person', fields.OneToOneField('portal.Person', source_field='person_id', null=True, db_constraint=True, to_field='id', related_name='invitation', on_delete=OnDelete.RESTRICT)),
                ('token_hash', fields.CharField(null=True, unique=True, max_length=64)),
                ('asked_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('sent_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('declined_because', fields.CharField(default='', max_length=500)),
            ],
            options={'table': 'invitation', 'app': 'portal', 'pk_attr': 'id', 'table_description': 'One person asked in. A request has the region and the organisation as typed until somebody approves it.'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Organisation',
            name='public_id',
            field=fields.CharField(unique=True, db_default=SqlDefault('substr(md5(gen_random_uuid()::text), 1, 16)'), max_length=16),
        ),
        ops.AddField(
            model_name='Person',
            name='public_id',
            field=fields.CharField(unique=True, db_default=SqlDefault('substr(md5(gen_random_uuid()::text), 1, 16)'), max_length=16),
        ),
        ops.RunSQL(NEVER),
    ]
