"""An indicator that somebody has promised keeps its kind, unit, direction and way of measuring."""

from tortoise import migrations
from tortoise.migrations import operations as ops

KEEPS_ITS_MEANING = """
CREATE FUNCTION promised_indicator_keeps_its_meaning() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM agreed_indicator WHERE indicator_id = OLD.id) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'promised_indicator_keeps_its_meaning',
            MESSAGE = 'indicator ' || OLD.code || ' has been promised: what it measures cannot change';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keeps_its_meaning BEFORE UPDATE OF kind, unit, desired, measured ON indicator
    FOR EACH ROW WHEN ((OLD.kind, OLD.unit, OLD.desired, OLD.measured)
        IS DISTINCT FROM (NEW.kind, NEW.unit, NEW.desired, NEW.measured))
    EXECUTE FUNCTION promised_indicator_keeps_its_meaning();
"""


class Migration(migrations.Migration):
    """One trigger."""

    dependencies = [("portal", "0012_certainty")]

    operations = [ops.RunSQL(KEEPS_ITS_MEANING)]
