"""What must never happen, whoever asks: checks, the number of winners, rows that are only ever added; and the queue."""

from tortoise import migrations
from tortoise.migrations import operations as ops

from portal.kit.jobs import install_sql

ONLY_ADDED = ("journal", "draft", "application_version", "report_value", "release", "release_figure")

REFUSE_CHANGE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = TG_TABLE_NAME || ' is only ever added to';
END $$;
"""

WINNERS_WITHIN_PLACES = """
CREATE FUNCTION winners_within_places() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    allowed integer;
    winners integer;
BEGIN
    SELECT call.places INTO allowed
      FROM call JOIN protocol ON protocol.call_id = call.id
     WHERE protocol.id = NEW.protocol_id FOR UPDATE OF call;
    SELECT count(*) INTO winners FROM award WHERE protocol_id = NEW.protocol_id AND outcome = 'winner';
    IF winners > allowed THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'winners_within_places',
            MESSAGE = winners || ' winners for ' || allowed || ' places';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER winners_within_places AFTER INSERT OR UPDATE ON award
    FOR EACH ROW WHEN (NEW.outcome = 'winner') EXECUTE FUNCTION winners_within_places();
"""

CHECKS = """
ALTER TABLE application ADD CONSTRAINT one_application_per_region UNIQUE (call_id, region_id);
ALTER TABLE report ADD CONSTRAINT one_report_per_period UNIQUE (agreement_id, period, revision);
ALTER TABLE person ADD CONSTRAINT email_is_canonical CHECK (email = lower(email) AND email !~ '[[:space:]]');
ALTER TABLE call ADD CONSTRAINT call_opens_before_it_closes CHECK (opens_at < closes_at);
ALTER TABLE call ADD CONSTRAINT call_has_places CHECK (places BETWEEN 1 AND 1000);
ALTER TABLE call ADD CONSTRAINT call_has_money CHECK (fund > 0 AND grant_limit > 0 AND grant_limit <= fund);
ALTER TABLE call ADD CONSTRAINT cofinancing_is_a_percentage CHECK (cofinancing_min >= 0 AND cofinancing_min < 100);
ALTER TABLE call ADD CONSTRAINT call_has_readers CHECK (readers BETWEEN 1 AND 20);
ALTER TABLE call ADD CONSTRAINT call_periods_are_quarters
    CHECK (first_period ~ '^[0-9]{4}Q[1-4]$' AND last_period ~ '^[0-9]{4}Q[1-4]$' AND first_period <= last_period);
ALTER TABLE criterion ADD CONSTRAINT criterion_has_weight CHECK (weight > 0 AND weight <= 100);
ALTER TABLE places_decision ADD CONSTRAINT decision_has_places CHECK (places BETWEEN 1 AND 1000);
ALTER TABLE draft ADD CONSTRAINT draft_versions_count_from_one CHECK (version > 0);
ALTER TABLE application_version ADD CONSTRAINT version_sums CHECK (number > 0 AND "grant" >= 0 AND "grant" <= total);
ALTER TABLE mark ADD CONSTRAINT mark_is_on_the_scale CHECK (value BETWEEN 1 AND 6);
ALTER TABLE mark ADD CONSTRAINT mark_has_a_comment CHECK (length(btrim(comment)) > 0);
ALTER TABLE review ADD CONSTRAINT submitted_review_has_no_conflict
    CHECK (state <> 'submitted' OR (conflict = 'none' AND submitted_at IS NOT NULL));
ALTER TABLE award ADD CONSTRAINT winner_has_an_amount
    CHECK ((outcome = 'winner') = (amount IS NOT NULL) AND (amount IS NULL OR amount > 0));
ALTER TABLE award ADD CONSTRAINT place_is_positive CHECK (place > 0);
ALTER TABLE protocol ADD CONSTRAINT approval_has_number_and_date
    CHECK (state = 'recommended' OR (board_number <> '' AND board_date IS NOT NULL AND approved_at IS NOT NULL));
ALTER TABLE protocol ADD CONSTRAINT announcement_has_an_instant CHECK (state <> 'announced' OR announced_at IS NOT NULL);
ALTER TABLE agreement ADD CONSTRAINT agreement_has_money CHECK ("grant" > 0);
ALTER TABLE agreement ADD CONSTRAINT signed_by_both
    CHECK (state NOT IN ('signed', 'closed') OR (region_signed_at IS NOT NULL AND foundation_signed_at IS NOT NULL));
ALTER TABLE agreed_value ADD CONSTRAINT agreed_values_are_not_negative
    CHECK (numerator >= 0 AND (denominator IS NULL OR denominator >= 0));
ALTER TABLE agreed_cost ADD CONSTRAINT costs_are_not_negative CHECK (amount >= 0);
ALTER TABLE agreed_cost ADD CONSTRAINT cost_has_a_source
    CHECK (source IN ('foundation', 'regional', 'municipal', 'extra'));
ALTER TABLE report ADD CONSTRAINT accepted_report_has_an_instant
    CHECK (state NOT IN ('accepted', 'corrected') OR (accepted_at IS NOT NULL AND submitted_at IS NOT NULL));
ALTER TABLE report ADD CONSTRAINT return_has_a_reason CHECK (state <> 'returned' OR length(btrim(returned_because)) > 0);
ALTER TABLE report ADD CONSTRAINT correction_has_a_reason CHECK (revision = 0 OR length(btrim(corrects_because)) > 0);
ALTER TABLE report_value ADD CONSTRAINT value_or_the_word_why_not
    CHECK ((numerator IS NULL) = (missing <> '') AND missing IN ('', 'not_reported', 'not_applicable'));
ALTER TABLE report_value ADD CONSTRAINT reported_values_are_not_negative
    CHECK (numerator >= 0 AND (denominator IS NULL OR denominator >= 0));
ALTER TABLE release_figure ADD CONSTRAINT only_shown_figures_hold_numbers
    CHECK ((state = 'value') = (numerator IS NOT NULL) AND (state = 'value' OR denominator IS NULL));
CREATE UNIQUE INDEX one_accepted_report_per_period ON report (agreement_id, period) WHERE state = 'accepted';
CREATE UNIQUE INDEX one_country_value_per_year ON observation (series, year) WHERE region_id IS NULL;
"""


def only_added(table: str) -> str:
    """The trigger that refuses to change, remove or empty the table."""
    return (
        f'CREATE TRIGGER only_added BEFORE UPDATE OR DELETE ON "{table}" '
        f"FOR EACH ROW EXECUTE FUNCTION refuse_change();"
        f'CREATE TRIGGER never_emptied BEFORE TRUNCATE ON "{table}" EXECUTE FUNCTION refuse_change();'
    )


class Migration(migrations.Migration):
    """Checks, triggers and the queue."""

    dependencies = [("portal", "0001_initial")]

    operations = [
        ops.RunSQL(REFUSE_CHANGE),
        *(ops.RunSQL(only_added(table)) for table in ONLY_ADDED),
        ops.RunSQL(CHECKS),
        ops.RunSQL(WINNERS_WITHIN_PLACES),
        ops.RunSQL(install_sql()),
    ]
