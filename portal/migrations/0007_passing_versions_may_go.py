"""Of the saves of one sitting the last stays: a version that was only passed through may be thinned, no other is."""

from tortoise import migrations
from tortoise.migrations import operations as ops

THINNING = """
CREATE FUNCTION half_hour(at timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE
    RETURN date_bin('30 minutes', at, timestamptz '2000-01-01 00:00:00+00');

-- Its writer saved the section again in the same half-hour, and no line of the journal speaks of it.
CREATE FUNCTION was_only_passed_through(one draft) RETURNS boolean LANGUAGE sql STABLE
RETURN EXISTS (
    SELECT FROM draft later
     WHERE later.subject = one.subject AND later.subject_id = one.subject_id AND later.section = one.section
       AND later.version > one.version AND later.saved_by_id IS NOT DISTINCT FROM one.saved_by_id
       AND half_hour(later.saved_at) = half_hour(one.saved_at)
) AND NOT EXISTS (
    SELECT FROM journal
     WHERE journal.subject = one.subject AND journal.subject_id = one.subject_id
       AND one.version::text IN (journal.detail ->> 'version', journal.detail ->> 'draft')
);

CREATE FUNCTION only_passing_drafts_go() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT was_only_passed_through(OLD) THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'draft is only ever added to';
    END IF;
    RETURN OLD;
END $$;
DROP TRIGGER only_added ON draft;
CREATE TRIGGER only_added BEFORE UPDATE ON draft FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER only_passing_go BEFORE DELETE ON draft FOR EACH ROW EXECUTE FUNCTION only_passing_drafts_go();

-- With the owner's right, which the portal itself has not: it may thin and can do nothing else.
CREATE FUNCTION thin_drafts(of_subject varchar, of_id bigint, of_section varchar, up_to integer) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM draft WHERE subject = of_subject AND subject_id = of_id AND section = of_section
        AND version <= up_to AND was_only_passed_through(draft)
$$;
"""


class Migration(migrations.Migration):
    """How drafts are thinned."""

    dependencies = [("portal", "0006_the_clock")]

    operations = [ops.RunSQL(THINNING)]
