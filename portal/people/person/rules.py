"""Pure questions about persons: how an e-mail is written, which roles go together."""

from __future__ import annotations

import re
from collections.abc import Collection

from portal.kit.i18n import Text, say
from portal.kit.numbers import Unreadable
from portal.people.roles import REGIONAL, STAFF, Role

EMAIL_LONGEST = 254
_LOCAL = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_EMAIL = re.compile(rf"(?=[^@]{{1,64}}@){_LOCAL}@(?:{_LABEL}\.)+{_LABEL}")


def canonical_email(typed: str) -> str:
    """The one way this address is written: lower case, ASCII only, so that no look-alike letter can stand for another.

    Raises Unreadable with what to do.
    """
    text = typed.strip(" \t")
    if not text.isascii():
        raise Unreadable(say("Write the e-mail in Latin letters only: one of these looks like one and is not."))
    email = text.lower()
    if len(email) > EMAIL_LONGEST or not _EMAIL.fullmatch(email):
        raise Unreadable(say("Write the whole e-mail, for example name@region.ru."))
    return email


def why_not_hold(roles: Collection[Role], *, has_region: bool) -> Text | None:
    """Why a person of such an organisation cannot have these roles together."""
    if not roles:
        return say("Choose at least one role.")
    if REGIONAL & set(roles) and not has_region:
        return say("Editors and signatories speak for a region. Choose an organisation that has one.")
    if STAFF & set(roles) and (has_region or REGIONAL & set(roles)):
        return say("Whoever works for the Foundation cannot speak for a region.")
    return None
