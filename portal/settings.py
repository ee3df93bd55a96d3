"""The portal's settings: one frozen record, read once from the environment (PORTAL_*)."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args, get_origin
from urllib.parse import urlsplit

CHECKOUT = Path(__file__).parents[1]
SECRET_LENGTH, SECRET_SIGNS = 32, 10
DEMO_SECRET = "demonstration only, never for real data"


class Unsafe(Exception):
    """The environment asks for something that must not run; the text says what to set."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the environment chose. Each field is read from PORTAL_ and its name in capitals; `port` also from PORT."""

    var: Path = CHECKOUT / "var"
    listen: str = "127.0.0.1"
    port: int = 8000
    base_url: str = ""
    """The address people type, without the last slash; https outside the demo."""
    database_url: str | None = None
    """PostgreSQL for the server and the worker; without it a private server is started under `var`."""
    owner_database_url: str | None = None
    """The same database as the role that migrates; without it `database_url`."""
    pg_bin: Path | None = None
    """A folder with PostgreSQL 18's own programs, for the private server instead of the wheel's."""
    files_url: str | None = None
    """Where files are kept: s3://bucket/folder, with the keys in AWS_*; without it a folder under `var`."""
    secret: str = ""
    secret_before: str = ""
    """Earlier values of `secret`, separated by spaces: what was made with them is still read. Recovery codes and links
    end with the value that they were made with; a second factor is sealed anew when it is used."""
    demo: bool = False
    strict: bool = False
    """A test that should run and cannot is a failure."""
    smtp_url: str | None = None
    """smtps://user:password@host:port of the server that takes letters, or smtp://…?starttls, or smtp://host:port on
    the same machine; without it they stay in the outbox."""
    worker: Literal["inside", "apart"] = "inside"
    """Whether `portal serve` keeps a worker beside itself, or `portal worker` runs somewhere else."""
    mail_from: str = "portal@localhost"
    metrics_token: str = ""
    """The word by which a collector of metrics is known; without it there is no page of metrics."""
    trusted_proxies: str = ""
    """Addresses whose X-Forwarded-* are believed, separated by commas."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """The secret that signs and seals, and after it those that did so earlier."""
        return (self.secret, *self.secret_before.split())

    @property
    def secure(self) -> bool:
        """Whether people reach the portal over an encrypted connection."""
        return self.base_url.startswith("https://")

    @property
    def hosts(self) -> frozenset[str]:
        """The Host headers that are answered."""
        named = urlsplit(self.base_url).netloc.lower()
        local = {f"{name}:{self.port}" for name in ("localhost", "127.0.0.1")} if self.demo else set()
        return frozenset({named} | local)


def read_settings(environment: Mapping[str, str]) -> Settings:
    """The settings an environment describes; raises `Unsafe` for a value that cannot be read or must not be served."""
    values: dict[str, object] = {}
    for name, kind in Settings.__annotations__.items():
        text = environment.get(f"PORTAL_{name.upper()}", "").strip()
        if name == "port":  # `PORT=8001 make demo`
            text = text or environment.get("PORT", "").strip()
        if text:
            values[name] = _read(name, kind, text)
    demo = bool(values.get("demo"))
    port = values.get("port", Settings.port)
    if demo:
        values.setdefault("base_url", f"http://localhost:{port}")
        values.setdefault("secret", DEMO_SECRET)
    values["base_url"] = str(values.get("base_url", "")).rstrip("/")
    settings = Settings(**values)  # type: ignore[arg-type]
    if not demo:
        _refuse_unsafe(settings)
    return settings


def _read(name: str, kind: object, text: str) -> object:
    if kind is bool:
        if text.lower() not in {"0", "1", "true", "false", "yes", "no"}:
            raise Unsafe(f"PORTAL_{name.upper()} is 1 or 0, not {text!r}.")
        return text.lower() in {"1", "true", "yes"}
    if kind is int:
        if not text.isdigit() or not 0 < int(text) < 65536:
            raise Unsafe(f"{name.upper()} is a number from 1 to 65535, not {text!r}.")
        return int(text)
    if get_origin(kind) is Literal and text not in get_args(kind):
        raise Unsafe(f"PORTAL_{name.upper()} is {' or '.join(get_args(kind))}, not {text!r}.")
    if kind is Path or kind == Path | None:
        return Path(text).absolute()
    return text


def _is_weak(secret: str) -> bool:
    return len(secret) < SECRET_LENGTH or len(set(secret)) < SECRET_SIGNS or secret == DEMO_SECRET


def _refuse_unsafe(settings: Settings) -> None:
    if _is_weak(settings.secret):
        raise Unsafe(
            f"Set PORTAL_SECRET to at least {SECRET_LENGTH} random characters, for example of `openssl rand -hex 32`."
        )
    if any(map(_is_weak, settings.secret_before.split())):
        raise Unsafe("PORTAL_SECRET_BEFORE holds earlier values of PORTAL_SECRET, separated by spaces.")
    host = urlsplit(settings.base_url).netloc
    if not host or "@" in host or settings.base_url != f"https://{host}":
        raise Unsafe("Set PORTAL_BASE_URL to the https:// address that people will type, without a path.")
    server = urlsplit(settings.smtp_url or "smtp://localhost")
    encrypted = server.scheme == "smtps" or "starttls" in server.query
    if server.scheme not in ("smtp", "smtps") or not server.hostname or (server.password and not encrypted):
        raise Unsafe("Set PORTAL_SMTP_URL to smtps://…, or to smtp://…?starttls: a password must not go unencrypted.")
    if settings.database_url is None:
        raise Unsafe(
            "Set PORTAL_DATABASE_URL: outside the demo the portal needs a PostgreSQL 18 that someone looks after."
        )


@cache
def settings() -> Settings:
    """The settings of this process, read at the first call."""
    return read_settings(os.environ)
