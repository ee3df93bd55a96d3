"""Verbs of the second factor: to set it up, to use a code of it once, to take it away; its secret is sealed at rest."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from contextlib import suppress

import pyotp

from portal.kit import clock, journal, mail, sessions
from portal.kit.errors import Invalid, Problem, Refusal, refuse
from portal.kit.i18n import say
from portal.kit.sessions import Session
from portal.kit.verb import verb
from portal.people.account import rules
from portal.people.account.models import RecoveryCode, RefusedSignIn, SecondFactor
from portal.people.account.rules.codes import ALPHABET, RECOVERY_SIGNS
from portal.people.account.service import tries
from portal.people.person.models import Person
from portal.settings import settings

IF_NOT_YOU = say(
    "If it was not you, set a new password at once (%(address)s) and tell the portal's administrator.",
    address=mail.link("password-reset"),
)
WRONG = say("This code does not fit. Wait for the next one in the application and type it.")


class WrongCode(Refusal):
    """The code is not the right one, or it has been used."""

    def __init__(self) -> None:
        super().__init__(WRONG, 422)


def _keys(use: str) -> list[bytes]:
    """Keys of their own for each use, derived from the portal's secrets (HMAC as in HKDF, RFC 5869, one block).

    The first one is of the secret of now; those of earlier secrets only open.
    """
    by = f"second factor:{use}".encode()
    return [hmac.new(secret.encode(), by, hashlib.sha256).digest() for secret in settings().secrets]


def seal(secret: str, *, of: str) -> str:
    """The secret as it is stored or carried by a form: AES-256-GCM, good only for the same `of`."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # Eight megabytes, needed by few requests.

    nonce = secrets.token_bytes(12)
    return base64.urlsafe_b64encode(
        nonce + AESGCM(_keys("seal")[0]).encrypt(nonce, secret.encode(), of.encode())
    ).decode()


def unseal(sealed: str, *, of: str) -> str | None:
    """The secret again; None where it was sealed for something else, or by nobody."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    for key in _keys("seal"):
        with suppress(ValueError, InvalidTag):
            raw = base64.urlsafe_b64decode(sealed)
            return AESGCM(key).decrypt(raw[:12], raw[12:], of.encode()).decode()
    return None


def _hashes(person: Person, code: str) -> list[str]:
    """What is stored of the code: by the secret of now first, then by the earlier ones."""
    return [hmac.new(key, f"{person.id}:{code}".encode(), hashlib.sha256).hexdigest() for key in _keys("recovery")]


def offered(session: Session) -> str:
    """A new secret, sealed for this session: nothing is stored until its first code has come back."""
    return seal(pyotp.random_base32(), of=f"offer:{session.id}")


def secret_offered(sealed: str, session: Session) -> str | None:
    """The secret that was offered to this session; None for anything else."""
    return unseal(sealed, of=f"offer:{session.id}")


async def of_person(person: Person) -> SecondFactor | None:
    """Her second factor with its recovery codes, or None."""
    return await SecondFactor.filter(person_id=person.id).prefetch_related("recovery_codes").first()


@verb
async def set_up(person: Person, sealed: str, typed: str, *, session: Session) -> tuple[str, list[str]]:
    """From now on her sign-in asks for a code; other sessions are ended, a letter tells.

    Answers with this session's new token and ten recovery codes, which nobody can show again. Raises Invalid for a
    code that does not fit the secret offered, Refusal where she has a second factor already.
    """
    secret = secret_offered(sealed, session)
    code = rules.read_code(typed)
    step = rules.step_of(secret, code, clock.now(), after=0) if secret and code else None
    if secret is None or step is None:
        raise Invalid([Problem("code", WRONG)])
    await Person.filter(id=person.id).select_for_update().first()
    if await SecondFactor.exists(person_id=person.id):
        raise Refusal(say("You have a second step already."))
    factor = await SecondFactor.create(
        person=person, sealed=seal(secret, of=f"person:{person.id}"), last_step=step, since=clock.now()
    )
    codes = await _new_codes(person, factor)
    await sessions.close_all(person.id, but=session)
    told = say("From now on the portal asks for a code from your telephone after the password.")
    await mail.write([person], say("A second step of signing in was set up"), [told, IF_NOT_YOU])
    await journal.write(person, by=person)
    return await sessions.renew(session, strong=True), codes


async def _new_codes(person: Person, factor: SecondFactor) -> list[str]:
    signs = range(RECOVERY_SIGNS)
    codes = ["".join(secrets.choice(ALPHABET) for _ in signs) for _ in range(rules.RECOVERY_CODES)]
    await RecoveryCode.filter(factor=factor).delete()
    await RecoveryCode.bulk_create([RecoveryCode(factor=factor, code_hash=_hashes(person, code)[0]) for code in codes])
    return [rules.grouped(code) for code in codes]


@verb
async def renew_codes(person: Person) -> list[str]:
    """She has ten new recovery codes; the old ones open nothing. Raises Refusal where she has no second factor."""
    factor = await SecondFactor.filter(person_id=person.id).select_for_update().first()
    if factor is None:
        raise Refusal(say("There is no second step to change."))
    codes = await _new_codes(person, factor)
    told = say("Ten new recovery codes were made. The old ones open nothing any more.")
    await mail.write([person], say("Your recovery codes were made anew"), [told, IF_NOT_YOU])
    await journal.write(person, by=person)
    return codes


async def spend(person: Person, typed: str) -> None:
    """The code or recovery code is used up and will not serve again. Raises WrongCode. Stands inside a verb."""
    factor = await SecondFactor.filter(person_id=person.id).select_for_update().first()
    if factor is None:
        raise WrongCode
    code, recovery = rules.read_code(typed), rules.read_recovery_code(typed)
    if code is not None:
        secret = unseal(factor.sealed, of=f"person:{person.id}")
        step = rules.step_of(secret, code, clock.now(), after=factor.last_step) if secret else None
        if secret is None or step is None:
            raise WrongCode
        factor.last_step, factor.sealed = step, seal(secret, of=f"person:{person.id}")
        await factor.save(update_fields=["last_step", "sealed"])
        return
    unused = RecoveryCode.filter(factor=factor, used_at__isnull=True)
    hashed = _hashes(person, recovery) if recovery else []
    if not await unused.filter(code_hash__in=hashed).update(used_at=clock.now()):
        raise WrongCode
    left = await unused.count()
    told = say("Somebody signed in as you with a recovery code. Codes left: %(left)s.", left=left)
    await mail.write([person], say("A recovery code was used"), [told, IF_NOT_YOU])


@verb
async def use(person: Person, typed: str, *, tried: RefusedSignIn) -> None:
    """The code is used up by somebody who is signed in. Raises WrongCode, and then nothing happens."""
    await spend(person, typed)
    await tries.forgive(tried)
    await journal.write(person, by=person)


@verb
async def remove(person: Person, *, by: journal.Actor) -> None:
    """Her sign-in asks for the password only; her recovery codes are gone, a letter tells. Raises Refusal without one.

    By another (an administrator, for somebody whose telephone is lost), all her sessions are ended too.
    """
    if by.id == person.id and not settings().demo:
        refuse(rules.why_not_remove(person.roles))
    if not await SecondFactor.filter(person_id=person.id).delete():
        raise Refusal(say("There is no second step to change."))
    if by.id != person.id:
        await sessions.close_all(person.id)
    told = say("The portal does not ask for a code from your telephone any more.")
    await mail.write([person], say("The second step of signing in was removed"), [told, IF_NOT_YOU])
    await journal.write(person, by=by)
