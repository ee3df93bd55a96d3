"""What the kit keeps for everybody: the journal, drafts, letters."""

RULES = {
    "Every line of the journal says what was done, to what, by whom": """
        SELECT id AS what FROM journal WHERE deed = '' OR subject = '' OR actor_name = ''""",
    "Every actor of the journal is a person or the portal itself": """
        SELECT journal.id AS what FROM journal LEFT JOIN person ON person.id = journal.actor_id
         WHERE journal.actor_id IS NOT NULL AND person.id IS NULL""",
    "Every submitted version has its line in the journal": """
        SELECT application.number AS what FROM application_version version
          JOIN application ON application.id = version.application_id WHERE NOT EXISTS
          (SELECT FROM journal WHERE deed = 'application.submit' AND subject_id = application.id)""",
    "Every accepted report has its line in the journal": """
        SELECT id AS what FROM report WHERE accepted_at IS NOT NULL AND NOT EXISTS
          (SELECT FROM journal WHERE deed = 'report.accept' AND subject = 'Report' AND subject_id = report.id)""",
    "Every signed agreement has two lines in the journal": """
        SELECT number AS what FROM agreement WHERE state = 'signed' AND
          (SELECT count(*) FROM journal WHERE deed = 'agreement.sign' AND subject_id = agreement.id) < 2""",
    "Every release has its line in the journal": """
        SELECT number AS what FROM release WHERE NOT EXISTS
          (SELECT FROM journal WHERE deed = 'release.publish' AND subject_id = release.id)""",
    "Every announced decision has its line in the journal": """
        SELECT call_id AS what FROM protocol WHERE state = 'announced' AND NOT EXISTS
          (SELECT FROM journal WHERE deed = 'award.announce' AND subject_id IN (protocol.call_id, protocol.id))""",
    "Versions of a draft are kept in order": """
        SELECT one.id AS what FROM draft one JOIN draft other USING (subject, subject_id, section)
         WHERE one.version < other.version AND one.saved_at > other.saved_at""",
    "A draft belongs to a record that is there": """
        SELECT id AS what FROM draft
         WHERE subject = 'Application' AND NOT EXISTS (SELECT FROM application WHERE id = subject_id)
            OR subject = 'Call' AND NOT EXISTS (SELECT FROM call WHERE id = subject_id)
            OR subject = 'Person' AND NOT EXISTS (SELECT FROM person WHERE id = subject_id)
            OR subject = 'Review' AND NOT EXISTS (SELECT FROM review WHERE id = subject_id)
            OR subject = 'Report' AND NOT EXISTS (SELECT FROM report WHERE id = subject_id)""",
    "A letter that waits has an address, a subject of one line and a text": """
        SELECT id AS what FROM letter WHERE address !~ '^[^[:space:]]+@[^[:space:]]+$' OR subject ~ '[\\r\\n]'
            OR btrim(subject) = '' OR (state = 'waiting' AND btrim(body) = '')""",
    "A sent letter says when": """
        SELECT id AS what FROM letter WHERE (state = 'sent') <> (sent_at IS NOT NULL)""",
}
