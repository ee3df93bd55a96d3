"""After the award: agreements, amendments, reports, releases, and the chain from the promise to the public number."""

RULES = {
    "An agreement is with an announced winner, over the sum awarded": """
        SELECT agreement.number AS what FROM agreement
          LEFT JOIN award ON award.application_id = agreement.application_id AND award.outcome = 'winner'
         WHERE award.amount IS DISTINCT FROM agreement."grant" """,
    "An agreement is of its application's region and version": """
        SELECT agreement.number AS what FROM agreement
          JOIN application ON application.id = agreement.application_id
          JOIN application_version version ON version.id = agreement.version_id
         WHERE agreement.region_id <> application.region_id OR version.application_id <> application.id""",
    "The Foundation's sums of an agreed budget add up to the grant": """
        SELECT agreement.number AS what FROM agreement
          JOIN agreed_cost ON agreed_cost.agreement_id = agreement.id AND agreed_cost.source = 'foundation'
         GROUP BY agreement.id HAVING sum(agreed_cost.amount) <> agreement."grant" """,
    "An agreement has a plan for every indicator in every quarter": """
        SELECT agreement.number AS what FROM agreement
          JOIN agreed_indicator agreed ON agreed.agreement_id = agreement.id
         WHERE (SELECT count(DISTINCT period) FROM agreed_value WHERE agreed_id = agreed.id) <>
               (substr(agreement.last_period, 1, 4)::int - substr(agreement.first_period, 1, 4)::int) * 4
             + substr(agreement.last_period, 6)::int - substr(agreement.first_period, 6)::int + 1""",
    "A plan lies within its agreement's quarters": """
        SELECT agreement.number AS what FROM agreed_value value
          JOIN agreed_indicator agreed ON agreed.id = value.agreed_id
          JOIN agreement ON agreement.id = agreed.agreement_id
         WHERE value.period NOT BETWEEN agreement.first_period AND agreement.last_period""",
    "An agreement in force is signed by both": """
        SELECT number AS what FROM agreement WHERE state IN ('signed', 'closed')
           AND (region_signed_at IS NULL OR foundation_signed_at IS NULL)""",
    "An agreement that is over says since when, a terminated one also why": """
        SELECT number AS what FROM agreement WHERE (state IN ('closed', 'terminated')) <> (ended_on IS NOT NULL)
            OR (state = 'terminated' AND btrim(ended_because) = '')""",
    "An agreement is closed with every report accepted, or says why not": """
        SELECT agreement.number AS what FROM agreement JOIN report ON report.agreement_id = agreement.id
         WHERE agreement.state = 'closed' AND report.revision = 0 AND report.state NOT IN ('accepted', 'corrected')
           AND btrim(agreement.ended_because) = ''""",
    "Only counts have no denominator": """
        SELECT agreed.id AS what FROM agreed_value value JOIN agreed_indicator agreed ON agreed.id = value.agreed_id
          JOIN indicator ON indicator.id = agreed.indicator_id
         WHERE (indicator.kind = 'count') <> (value.denominator IS NULL)""",
    "A signed amendment is the plan that it proposed": """
        SELECT amendment.id AS what FROM amendment JOIN amended_value change ON change.amendment_id = amendment.id
          LEFT JOIN agreed_value value ON value.agreed_id = change.agreed_id AND value.period = change.period
               AND value.edition = amendment.number
         WHERE (amendment.state = 'signed') <> (value.id IS NOT NULL)
            OR (value.id IS NOT NULL AND (value.numerator, coalesce(value.denominator, -1)) <>
               (change.numerator, coalesce(change.denominator, -1)))""",
    "A plan that is not the first comes from an amendment of its agreement": """
        SELECT value.id AS what FROM agreed_value value JOIN agreed_indicator agreed ON agreed.id = value.agreed_id
          LEFT JOIN amendment ON amendment.agreement_id = agreed.agreement_id AND amendment.number = value.edition
         WHERE value.edition > 0 AND amendment.id IS NULL""",
    "An agreement in force has a report for every quarter": """
        SELECT agreement.number AS what FROM agreement WHERE state = 'signed'
           AND (SELECT count(DISTINCT period) FROM report WHERE agreement_id = agreement.id) <>
               (substr(agreement.last_period, 1, 4)::int - substr(agreement.first_period, 1, 4)::int) * 4
             + substr(agreement.last_period, 6)::int - substr(agreement.first_period, 6)::int + 1""",
    "Reports are only of agreements in force": """
        SELECT agreement.number AS what FROM report JOIN agreement ON agreement.id = report.agreement_id
         WHERE agreement.state = 'drafted'""",
    "A quarter has one accepted report at most": """
        SELECT agreement_id AS what FROM report WHERE state = 'accepted'
         GROUP BY agreement_id, period HAVING count(*) > 1""",
    "Revisions of a report count from zero without a gap": """
        SELECT agreement_id AS what FROM report GROUP BY agreement_id, period
        HAVING max(revision) + 1 <> count(*) OR min(revision) <> 0""",
    "A correction says why": """
        SELECT id AS what FROM report WHERE revision > 0 AND btrim(corrects_because) = ''""",
    "A submitted report holds every agreed indicator": """
        SELECT report.id AS what FROM report JOIN agreed_indicator agreed ON agreed.agreement_id = report.agreement_id
         WHERE report.state IN ('submitted', 'accepted', 'corrected')
           AND NOT EXISTS (SELECT FROM report_value WHERE report_id = report.id AND agreed_id = agreed.id)""",
    "A reported value is of an indicator of its agreement": """
        SELECT value.id AS what FROM report_value value JOIN report ON report.id = value.report_id
          JOIN agreed_indicator agreed ON agreed.id = value.agreed_id
         WHERE agreed.agreement_id <> report.agreement_id""",
    "A reported value is a number or the word why there is none": """
        SELECT id AS what FROM report_value WHERE (numerator IS NULL) <> (missing <> '')""",
    "A part is never more than its whole": """
        SELECT value.id AS what FROM report_value value JOIN agreed_indicator agreed ON agreed.id = value.agreed_id
          JOIN indicator ON indicator.id = agreed.indicator_id
         WHERE indicator.kind = 'share' AND value.numerator > value.denominator""",
    "A report was accepted after it was submitted": """
        SELECT id AS what FROM report WHERE accepted_at < submitted_at""",
    "A public number is the accepted one, as it stood when it was released": """
        SELECT figure.id AS what FROM release_figure figure JOIN release ON release.id = figure.release_id
          JOIN report ON report.id = figure.report_id
          LEFT JOIN LATERAL (SELECT numerator, denominator FROM report_value
                              WHERE report_id = report.id AND agreed_id = figure.agreed_id
                              ORDER BY attempt DESC LIMIT 1) reported ON true
         WHERE figure.state = 'value' AND (report.accepted_at IS NULL OR report.accepted_at > release.published_at
            OR (figure.numerator, coalesce(figure.denominator, -1)) IS DISTINCT FROM
               (reported.numerator, coalesce(reported.denominator, -1)))""",
    "A hidden or missing public cell holds no number at all": """
        SELECT id AS what FROM release_figure WHERE state <> 'value'
           AND num_nonnulls(numerator, denominator, forecast, low, high) > 0""",
    "No public number of people of a protected indicator is from 1 to 4": """
        SELECT figure.id AS what FROM release_figure figure JOIN agreed_indicator agreed ON agreed.id = figure.agreed_id
          JOIN indicator ON indicator.id = agreed.indicator_id
         WHERE indicator.small_numbers = 'protect' AND indicator.kind IN ('count', 'share')
           AND figure.numerator BETWEEN 1 AND 4""",
    "A release holds nothing after its quarter": """
        SELECT release.number AS what FROM release_figure figure JOIN release ON release.id = figure.release_id
         WHERE figure.period > release.period AND figure.state = 'value'""",
    "Releases are numbered from 1 without a gap": """
        SELECT max(number) AS what FROM release HAVING max(number) <> count(*)""",
    "A public number belongs to a region that won": """
        SELECT figure.id AS what FROM release_figure figure JOIN agreed_indicator agreed ON agreed.id = figure.agreed_id
          JOIN agreement ON agreement.id = agreed.agreement_id
         WHERE NOT EXISTS (SELECT FROM award WHERE application_id = agreement.application_id AND outcome = 'winner')""",
}
