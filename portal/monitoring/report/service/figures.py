"""The figures of a report as they are promised, typed, submitted and accepted, and the forecasts that stand on them."""

from __future__ import annotations

from collections.abc import Mapping

from portal.kit import clock
from portal.kit.forms import Typed
from portal.kit.periods import quarters
from portal.monitoring.agreement.models import AgreedIndicator, Agreement
from portal.monitoring.report import rules
from portal.monitoring.report.models import Forecast, Report, ReportValue
from portal.monitoring.report.rules import Figure, Judged, Line, Remark, Span
from portal.monitoring.report.states import ReportState


async def lines(report: Report) -> list[Line]:
    """The agreed indicators in their order, with the plan of the quarter and what is accepted of the other ones."""
    agreed = (
        await AgreedIndicator.filter(agreement_id=report.agreement_id)
        .select_related("indicator")
        .prefetch_related("plan")
        .order_by("position")
    )
    others = await Report.filter(agreement_id=report.agreement_id, state=ReportState.ACCEPTED)
    periods = {other.id: other.period for other in others if other.period != report.period}
    accepted: dict[int, dict[str, Figure]] = {}
    for value in await ReportValue.filter(report_id__in=list(periods)).order_by("attempt"):
        accepted.setdefault(value.agreed_id, {})[periods[value.report_id]] = _figure(value)
    return [Line(one.id, one.indicator, _planned(one, report.period), accepted.get(one.id, {})) for one in agreed]


def _planned(agreed: AgreedIndicator, period: str) -> Figure | None:
    value = agreed.planned().get(period)
    return None if value is None else Figure(value.numerator, value.denominator)


def _figure(value: ReportValue) -> Figure:
    return Figure(value.numerator, value.denominator, value.missing, value.explanation)


def span_of(report: Report) -> Span:
    """The report's quarter within its agreement, which must be loaded with its call."""
    agreement = report.agreement
    return Span(agreement.first_period, report.period, agreement.application.call.resets_in_january)


async def frozen(report: Report, asked: list[Line]) -> tuple[int, Typed]:
    """The last submitted attempt, 0 if there is none, and its values as they would be typed."""
    values = await ReportValue.filter(report_id=report.id).order_by("attempt")
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
    accepted = await Report.filter(agreement_id=agreement.id, state=ReportState.ACCEPTED)
    if not accepted:
        return
    periods = {report.id: report.period for report in accepted}
    told: dict[int, dict[str, Figure]] = {}
    for value in await ReportValue.filter(report_id__in=list(periods)).order_by("attempt"):
        told.setdefault(value.agreed_id, {})[periods[value.report_id]] = _figure(value)
    last, call = max(periods.values()), agreement.application.call
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
