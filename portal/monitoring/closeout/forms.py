"""What the pages of an ending may send."""

from __future__ import annotations

from portal.kit.forms import Field, Kind
from portal.kit.i18n import say

WITHOUT = Field("close-reason", say("Why it is closed without these reports"), Kind.LONG,
                say("The region and the Foundation read it."), required=False, limit=2000)  # fmt: skip
TERMINATION = (
    Field("ended_on", say("Day of the termination"), Kind.DATE, say("For example, 20.11.2026. Everybody will see it.")),
    Field("reason", say("Why the agreement is terminated"), Kind.LONG,
          say("The region and the Foundation read it; public pages only say since when it is terminated."), limit=2000),
)  # fmt: skip
