"""What accounts keep: the wrong passwords of the last quarter of an hour."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model


class RefusedSignIn(Model):
    """A wrong password, kept for a quarter of an hour: fingerprints of the account tried and of the network."""

    id = fields.BigIntField(primary_key=True)
    account = fields.CharField(max_length=64, db_index=True)
    network = fields.CharField(max_length=64, db_index=True)
    at = fields.DatetimeField()

    class Meta:
        table = "refused_sign_in"

    def __str__(self) -> str:
        return "unknown e-mail"
