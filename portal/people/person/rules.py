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
    if Role.REVIEWER in roles and REGIONAL & set(roles):
        return say("Whoever writes for a region does not review applications.")
    return None


NOT_OWN = say("Nobody changes her own roles. Ask another administrator.")


def why_not_change_roles(
    before: Collection[Role], after: Collection[Role], *, has_region: bool, is_own: bool, is_last_administrator: bool
) -> Text | None:
    """Why these roles cannot be changed into those: nobody changes her own, and somebody has to run the portal."""
    if is_own:
        return NOT_OWN
    if is_last_administrator and Role.ADMINISTRATOR not in after:
        return say("This is the last administrator. Make somebody else an administrator first.")
    if set(before) == set(after):
        return say("These are the roles that this person has already.")
    return why_not_hold(after, has_region=has_region)


def why_not_deactivate(*, is_active: bool, is_own: bool, is_last_administrator: bool) -> Text | None:
    """Why this person's entry cannot be closed."""
    if not is_active:
        return say("The entry of this person is closed already.")
    if is_own:
        return say("Nobody closes her own entry. Ask another administrator.")
    if is_last_administrator:
        return say("This is the last administrator. Make somebody else an administrator first.")
    return None
