"""The way of one public number back: release, report, agreement, score, promise."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from portal.applications.award.models import Award
from portal.applications.programme.rules import from_canonical
from portal.directory.indicator.models import Kind
from portal.monitoring.agreement.models import AgreedIndicator
from portal.monitoring.published.reading import NOT_REPORTED, cell, plan
from portal.monitoring.published.rows import Cell, CellState, Trace
from portal.monitoring.release.models import ReleaseFigure


async def trace(number: int, region: str, indicator: str, period: str) -> Trace | None:
    """How this number of release `number` came about; None where the release has no such cell.

    A hidden number is traced too, without any figure that would reveal it.
    """
    figure = await _figure(number, region, indicator, period)
    if figure is None:
        return None
    agreed = figure.agreed
    agreement = agreed.agreement
    award = await Award.get(application_id=agreement.application_id).select_related("protocol")
    score = Fraction(award.score)
    return Trace(
        region_code=region,
        indicator_code=indicator,
        period=period,
        promised=promised(agreement.version.content, agreed, period),
        application_number=agreement.application.number,
        application_version=agreement.version.number,
        submitted_at=agreement.version.submitted_at,
        score=Decimal(score.numerator) / Decimal(score.denominator),
        place=award.place,
        protocol=award.protocol.board_number,
        agreed=plan(agreed, figure.release.published_at).get(period, NOT_REPORTED),
        agreement_number=agreement.number,
        signed_at=max(filter(None, (agreement.region_signed_at, agreement.foundation_signed_at))),
        reported=cell(agreed.indicator.kind, figure.numerator, figure.denominator, figure.state),
        report_revision=figure.report.revision if figure.report else 0,
        accepted_at=figure.report.accepted_at if figure.report else None,
        released_at=figure.release.published_at,
        release_number=figure.release.number,
    )


async def _figure(number: int, region: str, indicator: str, period: str) -> ReleaseFigure | None:
    return await ReleaseFigure.get_or_none(
        release__number=number,
        agreed__agreement__region__code=region,
        agreed__indicator__code=indicator,
        period=period,
    ).prefetch_related(
        "release",
        "report",
        "agreed__indicator",
        "agreed__plan",
        "agreed__agreement__version",
        "agreed__agreement__application",
    )


def promised(content: str, agreed: AgreedIndicator, period: str) -> Cell:
    """What the submitted programme promised for the quarter, read from its frozen text."""
    for one in from_canonical(content).indicators:
        if one.code == agreed.indicator.code:
            value = one.planned(period)
            if value is not None:
                return cell(Kind(agreed.indicator.kind), value.numerator, value.denominator)
    return Cell(CellState.NOT_REPORTED)
