"""Pure questions about people: what an e-mail and a password must be, how many tries, where one may go back to."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from datetime import timedelta
from ipaddress import IPv4Address, ip_address, ip_network
from urllib.parse import urlsplit

from portal.kit.errors import Problem
from portal.kit.i18n import LANGUAGES, Text, say
from portal.kit.numbers import Unreadable
from portal.people.person.rules import canonical_email

PASSWORD_SHORTEST, PASSWORD_LONGEST = 12, 1024
WINDOW = timedelta(minutes=15)
DEMONSTRATION = "try-the-portal"
"""The password of everybody in the demonstration, known to all: outside it, it opens nothing."""
TRIES_PER_ACCOUNT, TRIES_PER_NETWORK = 10, 50

_COMMON = frozenset(
    ["password", "passw", "parol", "qwerty", "qwertyuiop", "admin", "administrator", "letmein", "welcome", "iloveyou",
     "portal", "foundation", "fond", "пароль", "йцукен", "йцукенгшщзхъ", "админ", "администратор", "привет", "любовь",
     "портал", "фонд", "фондподдержкидетей", "комплексымер"]
)  # fmt: skip


def as_typed_once(password: str) -> str:
    """The password as it is hashed: a letter typed as one sign or as two is the same letter."""
    return unicodedata.normalize("NFC", password)


def is_too_long(password: str) -> bool:
    """Whether the password is refused before it costs anything."""
    return len(password) > PASSWORD_LONGEST


def why_not_password(password: str, email: str) -> Text | None:
    """Why a new password would not do. Length is what counts; no signs of several kinds are demanded."""
    if len(password) < PASSWORD_SHORTEST:
        return say("The password is too short: take %(least)s characters or more.", least=PASSWORD_SHORTEST)
    if is_too_long(password):
        return say("The password is too long: take no more than %(most)s characters.", most=PASSWORD_LONGEST)
    bare = "".join(sign for sign in password.casefold() if sign.isalpha())
    if len(set(password)) < 5 or bare in _COMMON or bare == email.partition("@")[0].casefold():
        return say("This password is easy to guess. Take several words that do not belong together.")
    return None


def read_person(email: str, name_ru: str, password: str, language: str) -> tuple[str, list[Problem]]:
    """The e-mail in its one form, and everything that is wrong with what is said of a new person."""
    problems: list[Problem] = []
    address = ""
    try:
        address = canonical_email(email)
    except Unreadable as unreadable:
        problems.append(Problem("email", unreadable.reason))
    if not name_ru.strip():
        problems.append(Problem("name_ru", say("Write the name.")))
    if language not in LANGUAGES:
        problems.append(Problem("language", say("Choose one of the languages of the portal.")))
    weak = why_not_password(password, address)
    if weak:
        problems.append(Problem("password", weak))
    return address, problems


def why_not_try(account_tries: int, network_tries: int) -> Text | None:
    """Why no password is looked at now. It is the same for an account that exists and for one that does not."""
    if account_tries >= TRIES_PER_ACCOUNT or network_tries >= TRIES_PER_NETWORK:
        return say(
            "There were too many wrong passwords. Wait %(minutes)s minutes and try again; whoever is already signed in "
            "is not affected.",
            minutes=WINDOW // timedelta(minutes=1),
        )
    return None


def network_of(address: str) -> str:
    """The network whose tries are counted together: an IPv4 address, or the /64 of an IPv6 one."""
    try:
        read = ip_address(address)
    except ValueError:
        return "unknown"
    mapped = read if isinstance(read, IPv4Address) else read.ipv4_mapped
    return str(mapped) if mapped else str(ip_network((read, 64), strict=False))


def path_back(asked: str, hosts: Collection[str]) -> str | None:
    """The path of our own that `asked` means, or None for everything that could lead elsewhere.

    A whole address is taken too if its host is one of ours: that is what a browser sends as the page it came from.
    """
    if not asked.isascii() or asked.startswith("//") or re.search(r"[\x00-\x20\x7f\\]", asked):
        return None
    try:
        parts = urlsplit(asked)
    except ValueError:
        return None
    if (parts.scheme or parts.netloc) and not (parts.scheme in ("http", "https") and parts.netloc.lower() in hosts):
        return None
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    if not path.startswith("/") or path.startswith("//") or re.fullmatch(r"/(ru|en)/sign-(in|out)", parts.path):
        return None
    return path
