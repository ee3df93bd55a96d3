"""What the outbox may send, and its states in words."""

from __future__ import annotations

from portal.kit.forms import Field, Kind
from portal.kit.i18n import say
from portal.kit.mail import LetterState

STANDINGS = {
    LetterState.WAITING: ("early", say("waiting")),
    LetterState.SENT: ("met", say("sent")),
    LetterState.FAILED: ("risk", say("could not be sent")),
    LetterState.STOPPED: ("none", say("stopped")),
}

REASON = Field("reason", say("Why the letters must not go"), Kind.LONG, limit=300)
