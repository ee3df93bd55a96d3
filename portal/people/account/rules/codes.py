"""The second factor: codes of an authenticator (RFC 6238) and recovery codes, as typed and as shown."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime

import pyotp
from pyotp.utils import strings_equal

from portal.kit.i18n import Text, say
from portal.people.roles import STAFF, Role

ISSUER = "Programmes for families"
DIGITS, SECONDS = 6, 30
DRIFT = 1
"""So many steps of thirty seconds may the clock of the telephone go before or after ours."""
RECOVERY_CODES, RECOVERY_SIGNS = 10, 12
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without i, l, o, 0 and 1, which are mistaken for each other on paper."""


def must_have_second_factor(roles: Collection[Role]) -> bool:
    """Whoever works for the Foundation signs in with a second factor; in the demonstration nobody must."""
    return bool(STAFF & set(roles))


def why_not_remove(roles: Collection[Role]) -> Text | None:
    """Why she cannot do without the second step."""
    if must_have_second_factor(roles):
        return say("Whoever works for the Foundation signs in with a second step.")
    return None


def read_code(typed: str) -> str | None:
    """The six digits as they are compared, whatever spaces stand between them; None for anything else.

    Digits of other scripts are none: each code has one way to be written.
    """
    bare = re.sub(r"[ \u00a0\u202f-]", "", typed.strip())
    return bare if re.fullmatch(r"[0-9]{6}", bare, re.ASCII) else None


def read_recovery_code(typed: str) -> str | None:
    """The twelve signs as they are compared; None for anything else."""
    bare = re.sub(r"[ \u00a0\u202f-]", "", typed.strip()).lower()
    return bare if re.fullmatch(f"[{ALPHABET}]{{{RECOVERY_SIGNS}}}", bare, re.ASCII) else None


def grouped(text: str) -> str:
    """A secret or a recovery code in fours, as it is read aloud and typed."""
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def step_of(secret: str, code: str, now: datetime, *, after: int) -> int | None:
    """The step of time, later than `after`, whose code this is; None if there is none. RFC 6238, section 5.2."""
    otp = pyotp.TOTP(secret, digits=DIGITS, interval=SECONDS)
    here = int(now.timestamp()) // SECONDS
    for step in range(here - DRIFT, here + DRIFT + 1):
        if strings_equal(otp.generate_otp(step), code) and step > after:
            return step
    return None


def address_of(secret: str, email: str) -> str:
    """What the square code holds: the key's address, which an authenticator reads."""
    return pyotp.TOTP(secret, digits=DIGITS, interval=SECONDS).provisioning_uri(name=email, issuer_name=ISSUER)
