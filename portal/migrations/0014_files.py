"""Files on record: a row never changes, except that it is removed once; bytes are named by their hash."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index

NEVER_CHANGES = """
ALTER TABLE stored_file
    ADD CONSTRAINT stored_file_is_not_empty CHECK (size > 0),
    ADD CONSTRAINT stored_file_is_named_by_its_hash CHECK (sha256 ~ '^[0-9a-f]{64}$');
CREATE TRIGGER never_changes BEFORE UPDATE ON stored_file FOR EACH ROW
    WHEN (OLD.removed_at IS NOT NULL
        OR to_jsonb(OLD) - 'removed_at' IS DISTINCT FROM to_jsonb(NEW) - 'removed_at')
    EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_deleted BEFORE DELETE ON stored_file FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON stored_file EXECUTE FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("portal", "0013_what_was_promised_keeps_its_meaning")]

    initial = False

    operations = [
        ops.CreateModel(
            name='StoredFile',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('public_id', fields.CharField(unique=True, max_length=16)),
                ('sha256', fields.CharField(db_index=True, max_length=64)),
                ('size', fields.BigIntField()),
                ('kind', fields.CharField(max_length=8)),
                ('name', fields.CharField(max_length=150)),
                ('subject', fields.CharField(max_length=64)),
                ('subject_id', fields.BigIntField()),
                ('part', fields.CharField(max_length=40)),
                ('owner_id', fields.BigIntField(null=True)),
                ('uploaded_by_id', fields.BigIntField(null=True)),
                ('uploaded_by_name', fields.CharField(max_length=200)),
                ('uploaded_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('removed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'stored_file', 'app': 'portal', 'indexes': [Index(fields=['subject', 'subject_id']), Index(fields=['owner_id'])], 'pk_attr': 'id', 'table_description': 'A file on record. Its bytes are in the store under `sha256`; the row never changes, except that it is removed.'},
            bases=['Model'],
        ),
        ops.RunSQL(NEVER_CHANGES),
    ]
