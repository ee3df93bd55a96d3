"""What the environment may ask for, and what is refused."""

from pathlib import Path

import pytest

from portal.settings import Unsafe, read_settings

REAL = {
    "PORTAL_SECRET": "9f3c7a51d20e4b8896aa0c1d5e7f2b34",
    "PORTAL_BASE_URL": "https://portal.example.org/",
    "PORTAL_DATABASE_URL": "postgresql://portal_app@db/portal",
}


def test_a_whole_environment_is_read() -> None:
    found = read_settings(REAL | {"PORT": "8001", "PORTAL_VAR": "/srv/portal"})
    assert found.base_url == "https://portal.example.org"
    assert (found.port, found.var, found.secure, found.demo) == (8001, Path("/srv/portal"), True, False)
    assert found.hosts == {"portal.example.org"}


def test_named_port_goes_before_the_short_name() -> None:
    assert read_settings(REAL | {"PORT": "8001", "PORTAL_PORT": "8002"}).port == 8002


@pytest.mark.parametrize("missing", sorted(REAL))
def test_each_missing_value_is_named(missing: str) -> None:
    with pytest.raises(Unsafe, match=missing):
        read_settings({name: value for name, value in REAL.items() if name != missing})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORTAL_SECRET", "short"),
        ("PORTAL_BASE_URL", "http://portal.example.org"),
        ("PORT", "0"),
        ("PORT", "70000"),
        ("PORT", "http"),
        ("PORTAL_DEMO", "perhaps"),
        ("PORTAL_WORKER", "outside"),
        ("PORTAL_SMTP_URL", "smtp://portal:password@mail.example"),
        ("PORTAL_SMTP_URL", "mail.example:25"),
    ],
)
def test_unsafe_and_unreadable_values_are_refused(name: str, value: str) -> None:
    with pytest.raises(Unsafe):
        read_settings(REAL | {name: value})


@pytest.mark.parametrize("url", ["smtps://u:p@m.example", "smtp://u:p@m.example?starttls", "smtp://localhost:25"])
def test_mail_servers_that_keep_a_password_are_taken(url: str) -> None:
    assert read_settings(REAL | {"PORTAL_SMTP_URL": url}).smtp_url == url


def test_demo_needs_nothing() -> None:
    found = read_settings({"PORTAL_DEMO": "1"})
    assert found.demo
    assert found.base_url == "http://localhost:8000"
    assert found.hosts == {"localhost:8000", "127.0.0.1:8000"}
