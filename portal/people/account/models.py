"""What accounts keep: tries, tokens given out for one deed, the second factor and its recovery codes."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from portal.people.person.models import Person


class RefusedSignIn(Model):
    """A try, refused until it proves right, kept for an hour: fingerprints of the account tried and of the network."""

    id = fields.BigIntField(primary_key=True)
    account = fields.CharField(max_length=64, db_index=True)
    network = fields.CharField(max_length=64, db_index=True)
    at = fields.DatetimeField()

    class Meta:
        table = "refused_sign_in"

    def __str__(self) -> str:
        return ""  # Whoever tried is not known, and what was tried is not written down.


class Purpose(StrEnum):
    """What a ticket is for."""

    RESET = "reset"
    CODE = "code"


LIFE = {Purpose.RESET: timedelta(hours=1), Purpose.CODE: timedelta(minutes=10)}


class Ticket(Model):
    """A random token given out for one deed and a short time; `bound` is the address and password it was made for."""

    id = fields.BigIntField(primary_key=True)
    purpose = fields.CharEnumField(Purpose, max_length=16)
    token_hash = fields.CharField(max_length=64, unique=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "portal.Person", related_name="tickets", on_delete=fields.CASCADE
    )
    person_id: int
    bound = fields.CharField(max_length=64)
    made_at = fields.DatetimeField()

    class Meta:
        table = "ticket"


class SecondFactor(Model):
    """The authenticator of one person: its secret, sealed, and the last step of time whose code was used."""

    id = fields.BigIntField(primary_key=True)
    person: fields.OneToOneRelation[Person] = fields.OneToOneField(
        "portal.Person", related_name="second_factor", on_delete=fields.CASCADE
    )
    person_id: int
    sealed = fields.CharField(max_length=200)
    last_step = fields.BigIntField()
    since = fields.DatetimeField()
    recovery_codes: fields.ReverseRelation[RecoveryCode]

    class Meta:
        table = "second_factor"


class RecoveryCode(Model):
    """A code for the day when the telephone is lost: its keyed hash, and when it was used."""

    id = fields.BigIntField(primary_key=True)
    factor: fields.ForeignKeyRelation[SecondFactor] = fields.ForeignKeyField(
        "portal.SecondFactor", related_name="recovery_codes", on_delete=fields.CASCADE
    )
    code_hash = fields.CharField(max_length=64)
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "recovery_code"
        unique_together = (("factor", "code_hash"),)
