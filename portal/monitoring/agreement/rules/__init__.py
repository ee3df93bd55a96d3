"""What an agreement takes over from the winning programme, what it binds to, and who may draft and sign it."""

from portal.monitoring.agreement.rules.budget import FOUNDATION, Cost, Row, costs, table, totals
from portal.monitoring.agreement.rules.steps import Side, side_of, why_not_draft, why_not_sign
from portal.monitoring.agreement.rules.terms import Terms, cell, stands, value

__all__ = [
    "FOUNDATION",
    "Cost",
    "Row",
    "Side",
    "Terms",
    "cell",
    "costs",
    "side_of",
    "stands",
    "table",
    "totals",
    "value",
    "why_not_draft",
    "why_not_sign",
]
