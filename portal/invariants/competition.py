"""The competition: calls, applications, reviews, the decision."""

RULES = {
    "The weights of an opened call's criteria add up to 100": """
        SELECT call.number AS what FROM call LEFT JOIN criterion ON criterion.call_id = call.id
         WHERE call.state <> 'draft' GROUP BY call.id HAVING coalesce(sum(criterion.weight), 0) <> 100""",
    "An opened call requires at least one indicator": """
        SELECT number AS what FROM call WHERE state <> 'draft'
           AND NOT EXISTS (SELECT FROM required_indicator WHERE call_id = call.id)""",
    "A call closes after it opens and its programmes end after they begin": """
        SELECT number AS what FROM call WHERE opens_at >= closes_at OR first_period > last_period""",
    "A decided call has an announced protocol, and only a decided one": """
        SELECT call.number AS what FROM call LEFT JOIN protocol ON protocol.call_id = call.id
         WHERE (call.state IN ('decided', 'archived')) <> coalesce(protocol.state = 'announced', false)""",
    "A call has no more winners than places": """
        SELECT call.number AS what FROM call JOIN protocol ON protocol.call_id = call.id
          JOIN award ON award.protocol_id = protocol.id AND award.outcome = 'winner'
         GROUP BY call.id HAVING count(*) > call.places""",
    "The grants of a call fit into its fund": """
        SELECT call.number AS what FROM call JOIN protocol ON protocol.call_id = call.id
          JOIN award ON award.protocol_id = protocol.id GROUP BY call.id HAVING sum(award.amount) > call.fund""",
    "No grant is larger than the call allows or than what was asked": """
        SELECT application.number AS what FROM award
          JOIN application ON application.id = award.application_id JOIN call ON call.id = application.call_id
          JOIN LATERAL (SELECT "grant" FROM application_version
                         WHERE application_id = application.id ORDER BY number DESC LIMIT 1) asked ON true
         WHERE award.amount > call.grant_limit OR award.amount > asked."grant" """,
    "A protocol's ranking has the hash that stands beside it": """
        SELECT id AS what FROM protocol WHERE length(ranking_sha256) <> 64""",
    "An award stands in the protocol of its application's call": """
        SELECT application.number AS what FROM award JOIN application ON application.id = award.application_id
          JOIN protocol ON protocol.id = award.protocol_id WHERE protocol.call_id <> application.call_id""",
    "An application that has left the region's hands has a submitted version": """
        SELECT number AS what FROM application
         WHERE state IN ('submitted', 'eligible', 'ineligible', 'awarded', 'reserve', 'declined')
           AND NOT EXISTS (SELECT FROM application_version WHERE application_id = application.id)""",
    "A draft has not been submitted": """
        SELECT number AS what FROM application WHERE state IN ('draft', 'awaiting_signature')
           AND EXISTS (SELECT FROM application_version WHERE application_id = application.id)""",
    "Every version came while its call took applications": """
        SELECT application.number AS what FROM application_version version
          JOIN application ON application.id = version.application_id JOIN call ON call.id = application.call_id
         WHERE version.submitted_at < call.opens_at OR version.submitted_at >= call.closes_at""",
    "A version's text has the hash on its receipt": """
        SELECT application.number AS what FROM application_version version
          JOIN application ON application.id = version.application_id
         WHERE version.sha256 <> encode(sha256(convert_to(version.content, 'UTF8')), 'hex')""",
    "Every file of a submitted version is kept": """
        SELECT application.number AS what FROM application_version version
          JOIN application ON application.id = version.application_id
         CROSS JOIN jsonb_array_elements(coalesce(version.content::jsonb -> 'attachments', '[]')) attached
         WHERE NOT EXISTS (SELECT FROM stored_file WHERE sha256 = attached ->> 'sha256' AND removed_at IS NULL)""",
    "Whoever submitted a version speaks for its region": """
        SELECT application.number AS what FROM application_version version
          JOIN application ON application.id = version.application_id
          JOIN person ON person.id = version.submitted_by_id
          JOIN organisation ON organisation.id = person.organisation_id
         WHERE organisation.region_id IS DISTINCT FROM application.region_id""",
    "An application's organisation is of its region": """
        SELECT application.number AS what FROM application
          JOIN organisation ON organisation.id = application.organisation_id
         WHERE organisation.region_id IS DISTINCT FROM application.region_id""",
    "An application that was not admitted says why": """
        SELECT number AS what FROM application WHERE state = 'ineligible' AND btrim(ineligible_because) = ''""",
    "The outcome of an application is that of its announced award": """
        SELECT application.number AS what FROM application
          LEFT JOIN award ON award.application_id = application.id
          LEFT JOIN protocol ON protocol.id = award.protocol_id AND protocol.state = 'announced'
         WHERE (application.state = 'awarded') <> (protocol.id IS NOT NULL AND award.outcome = 'winner')
            OR (application.state = 'reserve') <> (protocol.id IS NOT NULL AND award.outcome = 'reserve')""",
    "A submitted review marks every criterion of its call": """
        SELECT review.public_id AS what FROM review JOIN application ON application.id = review.application_id
          JOIN criterion ON criterion.call_id = application.call_id
          LEFT JOIN mark ON mark.review_id = review.id AND mark.criterion_id = criterion.id
         WHERE review.state = 'submitted' AND mark.id IS NULL""",
    "A mark stands beside a criterion of its application's call": """
        SELECT review.public_id AS what FROM mark JOIN review ON review.id = mark.review_id
          JOIN application ON application.id = review.application_id
          JOIN criterion ON criterion.id = mark.criterion_id WHERE criterion.call_id <> application.call_id""",
    "Marks are from 1 to 6 and each has its comment": """
        SELECT id AS what FROM mark WHERE value NOT BETWEEN 1 AND 6 OR btrim(comment) = ''""",
    "A review of a person in conflict is not submitted": """
        SELECT public_id AS what FROM review WHERE state = 'submitted' AND conflict <> 'none'""",
    "Nobody reads one application twice": """
        SELECT application_id AS what FROM review WHERE state <> 'declined'
         GROUP BY application_id, reviewer_id HAVING count(*) > 1""",
    "Only reviewers review": """
        SELECT review.public_id AS what FROM review WHERE NOT EXISTS
          (SELECT FROM journal WHERE deed = 'account.register' AND subject_id = review.reviewer_id)
           AND NOT EXISTS (SELECT FROM membership WHERE person_id = review.reviewer_id AND role = 'reviewer')""",
    "Reviews are only of applications that were admitted": """
        SELECT review.public_id AS what FROM review JOIN application ON application.id = review.application_id
         WHERE application.state NOT IN ('eligible', 'awarded', 'reserve', 'declined', 'withdrawn')""",
}
