"""How many tries at a password, a code or a letter there are, and whose they are counted as."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Address, ip_address, ip_network

from portal.kit.i18n import Text, say

LONGEST = timedelta(hours=1)
"""After this no try counts any more."""


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries for one account and from one network within the window; `kind` keeps their counts apart."""

    kind: str
    window: timedelta
    of_account: int
    of_network: int


PASSWORDS = Limit("password", timedelta(minutes=15), 10, 50)
CODES = Limit("code", timedelta(minutes=30), 10, 50)
LETTERS = Limit("letter", LONGEST, 3, 20)
REQUESTS = Limit("request", LONGEST, 3, 20)


def why_not_try(limit: Limit, by_account: int, by_network: int) -> Text | None:
    """Why nothing is looked at now. It is the same for an account that exists and for one that does not."""
    if by_account < limit.of_account and by_network < limit.of_network:
        return None
    minutes = limit.window // timedelta(minutes=1)
    if limit is LETTERS:
        return say(
            "Too many letters were asked for within an hour. Look for them in your mailbox, also among the unwanted "
            "ones, or ask again in %(minutes)s minutes.",
            minutes=minutes,
        )
    if limit is REQUESTS:
        return say("Too many requests came within an hour. Send yours again in %(minutes)s minutes.", minutes=minutes)
    if limit is CODES:
        return say("There were too many wrong codes. Wait %(minutes)s minutes and try again.", minutes=minutes)
    return say(
        "There were too many wrong passwords. Wait %(minutes)s minutes and try again; whoever is already signed in "
        "is not affected.",
        minutes=minutes,
    )


def network_of(address: str) -> str:
    """The network whose tries are counted together: an IPv4 address, or the /64 of an IPv6 one."""
    try:
        read = ip_address(address)
    except ValueError:
        return "unknown"
    mapped = read if isinstance(read, IPv4Address) else read.ipv4_mapped
    return str(mapped) if mapped else str(ip_network((read, 64), strict=False))
