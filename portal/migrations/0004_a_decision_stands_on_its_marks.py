"""When a review is due and why it came back; after the Board's approval the reviews of the call no longer change."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

DECISION_STANDS = """
CREATE FUNCTION decision_stands_on_marks() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched bigint;
BEGIN
    IF TG_TABLE_NAME = 'mark' THEN
        touched := CASE TG_OP WHEN 'DELETE' THEN OLD.review_id ELSE NEW.review_id END;
    ELSE
        touched := OLD.id;
    END IF;
    PERFORM 1 FROM review
        JOIN application ON application.id = review.application_id
        JOIN protocol ON protocol.call_id = application.call_id
        WHERE review.id = touched AND protocol.state <> 'recommended';
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'decision_stands_on_marks',
            MESSAGE = 'the decision on this call has been approved';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER decision_stands BEFORE INSERT OR UPDATE OR DELETE ON mark
    FOR EACH ROW EXECUTE FUNCTION decision_stands_on_marks();
CREATE TRIGGER decision_stands BEFORE UPDATE OF state ON review
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION decision_stands_on_marks();
CREATE TRIGGER decision_stands_still BEFORE DELETE ON review
    FOR EACH ROW EXECUTE FUNCTION decision_stands_on_marks();
"""


class Migration(migrations.Migration):
    """Two columns of a review, and the triggers."""

    dependencies = [("portal", "0003_who_was_refused_and_what_was_brought_in")]

    operations = [
        ops.AddField(model_name="Review", name="due_on", field=fields.DateField(null=True)),
        ops.AddField(
            model_name="Review", name="returned_because", field=fields.TextField(unique=False, default="")
        ),
        ops.RunSQL(DECISION_STANDS),
    ]
