"""Pure questions about accounts: what a password and a code must be, how many tries, where one may go back to."""

from portal.people.account.rules.codes import (
    RECOVERY_CODES,
    address_of,
    grouped,
    must_have_second_factor,
    read_code,
    read_recovery_code,
    step_of,
    why_not_remove,
)
from portal.people.account.rules.devices import words_of_device
from portal.people.account.rules.passwords import (
    DEMONSTRATION,
    as_typed_once,
    effort,
    is_too_long,
    read_person,
    why_not_password,
)
from portal.people.account.rules.tries import (
    CODES,
    LETTERS,
    LONGEST,
    PASSWORDS,
    REQUESTS,
    Limit,
    network_of,
    why_not_try,
)
from portal.people.account.rules.ways import path_back

__all__ = [
    "CODES", "DEMONSTRATION", "LETTERS", "LONGEST", "PASSWORDS", "RECOVERY_CODES", "REQUESTS", "Limit", "address_of",
    "as_typed_once", "effort", "grouped", "is_too_long", "must_have_second_factor", "network_of", "path_back",
    "read_code", "read_person", "read_recovery_code", "step_of", "why_not_password", "why_not_remove", "why_not_try",
    "words_of_device",
]  # fmt: skip
