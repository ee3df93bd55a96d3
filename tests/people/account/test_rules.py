"""E-mails that cannot be mistaken, passwords that are long, tries that are counted, ways back that stay here."""

import unicodedata

import pytest

from portal.kit.numbers import Unreadable
from portal.people.account import rules
from portal.people.person.rules import canonical_email, why_not_hold
from portal.people.roles import Role

HOSTS = frozenset({"localhost", "portal.example"})


@pytest.mark.parametrize("typed", ["Name@Region.RU", "  name@region.ru ", "name@region.ru\t"])
def test_email_has_one_way_to_be_written(typed: str) -> None:
    assert canonical_email(typed) == "name@region.ru"


@pytest.mark.parametrize(
    "typed",
    [
        "аdmin@region.ru", "admın@region.ru", "admİn@region.ru", unicodedata.normalize("NFD", "й@region.ru"),
        "\u212a@region.ru", "name@регион.рф", "", "name", "name@region", "name@region.ru.", "@region.ru",
        "a b@region.ru", ".a@region.ru", "a..b@region.ru", "a@-region.ru", "name@region.ru\n", "a@b.ru\x00",
        "x" * 65 + "@region.ru", "x@" + "y" * 63 + "." + ("z" * 62 + ".") * 3 + "ru",
    ],
)  # fmt: skip
def test_email_that_could_be_taken_for_another_is_refused(typed: str) -> None:
    with pytest.raises(Unreadable):
        canonical_email(typed)


@pytest.mark.parametrize("password", ["двенадцать букв", "correct horse battery", "п" * 3 + "арольдлинный!"])
def test_long_password_is_taken(password: str) -> None:
    assert rules.why_not_password(password, "name@region.ru") is None


@pytest.mark.parametrize(
    "password",
    ["", "short", "одиннадцать", "aaaaaaaaaaaaaa", "Password12345!", "пароль-2026-2026", "Фонд20262026", "x1" * 600],
)
def test_short_common_and_endless_passwords_are_refused(password: str) -> None:
    assert rules.why_not_password(password, "name@region.ru")


def test_password_of_the_own_name_is_refused() -> None:
    assert rules.why_not_password("Editor.2026-2027", "editor@region.ru")


def test_password_typed_in_two_signs_is_the_same() -> None:
    assert rules.as_typed_once(unicodedata.normalize("NFD", "йод и ёлка")) == "йод и ёлка"


@pytest.mark.parametrize(
    ("roles", "has_region", "fits"),
    [
        ({Role.EDITOR}, True, True), ({Role.EDITOR, Role.SIGNATORY}, True, True), ({Role.OFFICER}, False, True),
        ({Role.REVIEWER}, False, True), ({Role.REVIEWER}, True, True), (set(), False, False),
        ({Role.EDITOR}, False, False), ({Role.OFFICER}, True, False), ({Role.EDITOR, Role.AUDITOR}, True, False),
    ],
)  # fmt: skip
def test_roles_go_together_with_the_organisation(roles: set[Role], has_region: bool, fits: bool) -> None:
    assert (why_not_hold(roles, has_region=has_region) is None) is fits


def test_tries_are_counted_by_account_and_by_network() -> None:
    for limit in (rules.PASSWORDS, rules.CODES, rules.LETTERS):
        assert rules.why_not_try(limit, limit.of_account - 1, limit.of_network - 1) is None
        assert rules.why_not_try(limit, limit.of_account, 0)
        assert rules.why_not_try(limit, 0, limit.of_network)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("10.1.2.3", "10.1.2.3"), ("::ffff:10.1.2.3", "10.1.2.3"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", "unknown"), ("nonsense", "unknown"),
    ],
)  # fmt: skip
def test_network_of_an_address(address: str, network: str) -> None:
    assert rules.network_of(address) == network


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ("/ru/applications/2027-001?x=1", "/ru/applications/2027-001?x=1"),
        ("http://localhost/ru/calls?a=%2Fb#c", "/ru/calls?a=%2Fb#c"),
        ("https://PORTAL.example/ru/", "/ru/"),
        ("/ru/", "/ru/"),
    ],
)
def test_way_back_stays_on_this_site(asked: str, path: str) -> None:
    assert rules.path_back(asked, HOSTS) == path


@pytest.mark.parametrize(
    "asked",
    [
        "", "//evil", "/\\evil", "\\\\evil", "https:evil", "https:///evil", "https://evil/ru", "javascript:alert(1)",
        "http://localhost@evil/", "http://localhost:80@evil/", "http://localhost//evil", "///evil", "ru/calls",
        "/ru\r\nSet-Cookie: a=b", "/ru/\x00", "/ru/%0d%0a\n", "/ру", "http://[", "/ru/sign-in?next=/ru/sign-in",
        "data:text/html,x", " /ru/", "/\t/evil", "ftp://localhost/ru/",
    ],
)  # fmt: skip
def test_way_back_never_leads_elsewhere(asked: str) -> None:
    assert rules.path_back(asked, HOSTS) is None
