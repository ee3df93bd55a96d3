"""What the pages of an application may send, and what they show."""

from __future__ import annotations

from portal.kit.forms import Field, Kind
from portal.kit.i18n import say

WITHDRAWAL = (Field("reason", say("Why the application is withdrawn"), Kind.LONG, limit=2000),)
REJECTION = (
    Field("reason", say("Why the application is not admitted"), Kind.LONG, limit=4000,
          hint=say("The region reads this text. Name the condition of the call that is not met.")),
)  # fmt: skip
