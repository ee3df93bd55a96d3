"""The amendments in force, as part of the agreement's document."""

from __future__ import annotations

from collections.abc import Sequence

from portal.applications.programme.rules import Figure
from portal.directory.indicator.models import Indicator
from portal.kit.documents import Block, Column, Document, Row, Said, facts, heading, ru, table
from portal.kit.i18n import instant, quarter, say
from portal.monitoring.agreement import documents
from portal.monitoring.agreement.models import Agreement
from portal.monitoring.agreement.rules import Terms, value
from portal.monitoring.amendment.models import Amendment
from portal.monitoring.amendment.rules import changes


def agreement(one: Agreement, terms: Terms, amendments: Sequence[Amendment]) -> Document:
    """The agreement with its amendments in force, by number; what each changes must be loaded."""
    blocks = [block for amendment in amendments for block in _amendment(one, amendment)]
    changed_at = max((amendment.signed_at for amendment in amendments if amendment.signed_at), default=None)
    return documents.agreement(one, terms, amendments=blocks, changed_at=changed_at)


def _amendment(one: Agreement, amendment: Amendment) -> list[Block]:
    signed = Said(instant(amendment.signed_at), sub=(ru(amendment.signed_by),)) if amendment.signed_at else ""
    return [
        heading(say("Amendment No. %(number)s", number=amendment.number)),
        facts([
            (say("Reason"), ru(amendment.reason)),
            (say("Foundation"), Said(instant(amendment.proposed_at), sub=(ru(amendment.proposed_by),))),
            (one.region.name, signed),
        ]),
        *(_changed(indicator, values) for indicator, values in changes(amendment)),
    ]  # fmt: skip


def _changed(indicator: Indicator, values: list[tuple[str, Figure, Figure]]) -> Block:
    rows = [
        Row([quarter(period), *(documents.both(value(indicator, one.numerator, one.denominator)) for one in pair)])
        for period, *pair in values
    ]
    heads = [Column(say("By the end of"), 1), Column(say("Before"), 1, right=True), Column(say("After"), 1, right=True)]
    return table(f"{indicator.code} {indicator.name}", heads, rows)
