"""What the sign-in page may send."""

from __future__ import annotations

from portal.kit.forms import Field, Kind
from portal.kit.i18n import say

SIGN_IN = (
    Field("email", say("E-mail"), Kind.EMAIL, limit=300),
    Field("password", say("Password"), Kind.PASSWORD, limit=10_000),
)
