"""Verbs of accounts: to sign in and out, passwords, the second factor, sessions on other devices."""

from portal.people.account.service.entry import (
    Browser,
    Entry,
    confirm,
    device_mark,
    enter,
    give_code,
    prove,
    sign_in,
    sign_out,
)
from portal.people.account.service.offering import offer, offered
from portal.people.account.service.own import choose_language, end_session, sign_out_everywhere
from portal.people.account.service.passwords import change_password, register, set_password
from portal.people.account.service.reset import ask_for_link, set_by_link, whose_link

__all__ = [
    "Browser", "Entry", "ask_for_link", "change_password", "choose_language", "confirm", "device_mark", "end_session",
    "enter", "give_code", "offer", "offered", "prove", "register", "set_by_link", "set_password", "sign_in",
    "sign_out", "sign_out_everywhere", "whose_link",
]  # fmt: skip
