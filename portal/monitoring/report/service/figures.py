"""The figures of a report as they are promised, typed, submitted and accepted, and the forecasts that stand on them."""

from __future__ import annotations

from collections.abc import Mapping

from portal.directory.indicator.models import Indicator
from portal.kit import clock
from portal.kit.db import record, records
from portal.kit.forms import Typed
from portal.kit.periods import quarters
from portal.monitoring.agreement.models import AgreedIndicator, Agreement
from portal.monitoring.report import rules
from portal.monitoring.report.models import Forecast, Report, ReportValue, accepted_under, agreed_for
from portal.monitoring.report.rules import Figure, Judged, Line, Remark, Span


async def lines(report: Report) -> list[Line]:
    """The agreed indicators in their order, with the plan of the quarter and what is accepted of the other ones."""
    asked, told = await agreed_for(report.agreement_id, report.period), await _accepted(report.agreement_id)
    found = []
    for row in asked:
        plan = None if row["numerator"] is None else Figure(row["numerator"], row["denominator"])
        others = {period: one for period, one in told.get(row["agreed_id"], {}).items() if period != report.period}
        found.append(Line(row["agreed_id"], record(Indicator, row, "indicator"), plan, others))
    return found


async def _accepted(agreement: int) -> dict[int, dict[str, Figure]]:
    """What is accepted under an agreement, by its id: by agreed indicator and quarter."""
    found: dict[int, dict[str, Figure]] = {}
    for row in await accepted_under(agreement):
        figure = Figure(row["numerator"], row["denominator"], row["missing"], row["explanation"])
        found.setdefault(row["agreed_id"], {})[row["period"]] = figure
    return found


def span_of(report: Report) -> Span:
    """The report's quarter within its agreement, which must be loaded with its call."""
    agreement = report.agreement
    return Span(agreement.first_period, report.period, agreement.application.call.resets_in_january)


async def frozen(report: Report, asked: list[Line]) -> tuple[int, Typed]:
    """The last submitted attempt, 0 if there is none, and its values as they would be typed."""
    values = await records(ReportValue, "report_id = $1 ORDER BY attempt", report.id)
    last = values[-1].attempt if values else 0
    codes = {line.agreed_id: line.code for line in asked}
    pairs: list[tuple[str, str]] = []
    for value in values:
        if value.attempt == last:
            cells = {"n": _digits(value.numerator), "d": _digits(value.denominator), "missing": value.missing,
                     "why": value.explanation}  # fmt: skip
            pairs += [(f"{codes[value.agreed_id]}.{part}", text) for part, text in cells.items() if text]
    return last, Typed(pairs)


def _digits(value: object) -> str:
    if value is None:
        return ""
    text = str(value)
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def judged(report: Report, asked: list[Line], typed: Mapping[str, str]) -> list[Judged]:
    """Each indicator read and checked."""
    return [rules.judge(line, typed, span_of(report)) for line in asked]


def obstacles(found: list[Judged]) -> list[Remark]:
    """What keeps these figures from being submitted, in the order of the page."""
    return [remark for one in found for remark in one.obstacles]


async def appraise(agreement: Agreement) -> None:
    """Each indicator has a forecast from what is promised and accepted as it is now. Called inside a verb.

    The agreement must be loaded with its call. Nothing is computed before the first report is accepted.
    """
    told = await _accepted(agreement.id)
    if not told:
        return
    last, call = max(period for figures in told.values() for period in figures), agreement.application.call
    due = quarters(agreement.first_period, last)
    agreed = AgreedIndicator.filter(agreement_id=agreement.id).select_related("indicator").prefetch_related("plan")
    made = []
    for one in await agreed:
        pace = rules.outlook(rules.promise_of(one, call), told.get(one.id, {}), due)
        low, high = pace.interval_80 or (None, None)
        made.append(
            Forecast(agreed=one, period=last, computed_at=clock.now(), status=pace.status or "", forecast=pace.forecast,
                     low=low, high=high, p_target=pace.p_target, method=pace.method)
        )  # fmt: skip
    await Forecast.bulk_create(made)
