"""What the pages of accounts may send."""

from __future__ import annotations

from portal.kit.forms import Field, Kind
from portal.kit.i18n import say

PASSWORD_LIMIT = 10_000

SIGN_IN = (
    Field("email", say("E-mail"), Kind.EMAIL, limit=300),
    Field("password", say("Password"), Kind.PASSWORD, limit=PASSWORD_LIMIT),
)
CODE = (Field("code", say("Code"), limit=100),)
CONFIRM_PASSWORD = Field("confirm-password", say("Password"), Kind.PASSWORD, limit=PASSWORD_LIMIT)
CONFIRM_CODE = Field("confirm-code", say("Code"), limit=100)
ASK_FOR_LINK = (Field("email", say("E-mail"), Kind.EMAIL, limit=300),)
NEW_PASSWORD = (Field("password", say("New password"), Kind.PASSWORD, limit=PASSWORD_LIMIT),)
CHANGE_PASSWORD = (Field("present", say("Present password"), Kind.PASSWORD, limit=PASSWORD_LIMIT), *NEW_PASSWORD)
