"""People, organisations and how they come in."""

RULES = {
    "An e-mail is written in lower case and without spaces": """
        SELECT email AS what FROM person WHERE email <> lower(email) OR email ~ '[[:space:]]'""",
    "Whoever has a role that speaks for a region belongs to an organisation of one": """
        SELECT person.email AS what FROM person
          JOIN membership ON membership.person_id = person.id
          JOIN organisation ON organisation.id = person.organisation_id
         WHERE membership.role IN ('editor', 'signatory') AND organisation.region_id IS NULL""",
    "Nobody of a region works for the Foundation": """
        SELECT person.email AS what FROM person
          JOIN membership ON membership.person_id = person.id
          JOIN organisation ON organisation.id = person.organisation_id
         WHERE membership.role NOT IN ('editor', 'signatory', 'reviewer') AND organisation.region_id IS NOT NULL""",
    "Nobody both speaks for a region and judges or decides": """
        SELECT person.email AS what FROM person WHERE
          EXISTS (SELECT FROM membership WHERE person_id = person.id AND role IN ('editor', 'signatory')) AND
          EXISTS (SELECT FROM membership WHERE person_id = person.id AND role NOT IN ('editor', 'signatory'))""",
    "A password is stored as an Argon2id hash or not at all": """
        SELECT email AS what FROM person WHERE password_hash <> '' AND password_hash NOT LIKE '$argon2id$%'""",
    "Every session belongs to a person who may enter": """
        SELECT session.id AS what FROM session LEFT JOIN person ON person.id = session.person_id
         WHERE person.id IS NULL OR NOT person.is_active""",
    "A session was opened before it was last seen": """
        SELECT id AS what FROM session WHERE opened_at > seen_at""",
    "A second factor has its recovery codes": """
        SELECT second_factor.id AS what FROM second_factor
         WHERE NOT EXISTS (SELECT FROM recovery_code WHERE factor_id = second_factor.id)""",
    "A region has one short name and a time zone": """
        SELECT code AS what FROM region WHERE short_ru = '' OR timezone = ''""",
}
