"""Letters have a life: they wait, go, fail or are stopped; those of one deed are seen together."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from portal.kit.mail import LetterState
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [("portal", "0009_tickets_and_a_second_factor")]

    initial = False

    operations = [
        ops.AlterModelOptions(
            name='Letter',
            options={'table': 'letter', 'app': 'portal', 'indexes': [Index(fields=['address', 'written_at']), Index(fields=['sent_at']), Index(fields=['state', 'due_at'])], 'pk_attr': 'id', 'table_description': "A letter in the outbox. `batch` names all letters of one deed; a `secret` one's body is for its reader alone."},
        ),
        ops.AddField(
            model_name='Letter',
            name='batch',
            field=fields.CharField(db_index=True, db_default='', max_length=22),
        ),
        ops.AddField(
            model_name='Letter',
            name='due_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Letter',
            name='note',
            field=fields.CharField(db_default='', max_length=300),
        ),
        ops.AddField(
            model_name='Letter',
            name='once',
            field=fields.CharField(null=True, unique=True, max_length=400),
        ),
        ops.AddField(
            model_name='Letter',
            name='secret',
            field=fields.BooleanField(db_default=False),
        ),
        ops.AddField(
            model_name='Letter',
            name='state',
            field=fields.CharEnumField(default=LetterState.WAITING, description='WAITING: waiting\nSENT: sent\nFAILED: failed\nSTOPPED: stopped', db_default='waiting', enum_type=LetterState, max_length=24),
        ),
        ops.AddField(
            model_name='Letter',
            name='tries',
            field=fields.IntField(db_default=0),
        ),
        ops.AddIndex(
            model_name='Letter',
            index=Index(fields=['address', 'written_at']),
        ),
        ops.AddIndex(
            model_name='Letter',
            index=Index(fields=['sent_at']),
        ),
        ops.AddIndex(
            model_name='Letter',
            index=Index(fields=['state', 'due_at']),
        ),
        ops.RunSQL(
            "UPDATE letter SET state = 'sent' WHERE sent_at IS NOT NULL; UPDATE letter SET due_at = written_at;"
            "ALTER TABLE letter ADD CONSTRAINT letter_is_sent_at_an_instant"
            " CHECK ((state = 'sent') = (sent_at IS NOT NULL));",
            "ALTER TABLE letter DROP CONSTRAINT letter_is_sent_at_an_instant",
        ),
    ]
