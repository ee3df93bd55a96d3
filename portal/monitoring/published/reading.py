"""A release as rows: read once and kept, because a release never changes; only agreements may end after it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tortoise.expressions import RawSQL
from tortoise.queryset import QuerySet

from portal.applications.award.models import Award
from portal.directory.indicator.models import Indicator as CatalogueIndicator
from portal.directory.indicator.models import Kind
from portal.directory.region.models import Observation, Region
from portal.directory.region.rules import POVERTY_BREAK
from portal.kit import db
from portal.kit.bilingual import Bilingual
from portal.kit.periods import quarters
from portal.monitoring.agreement.models import AgreedIndicator, Agreement
from portal.monitoring.agreement.states import AgreementState
from portal.monitoring.published.expecting import expected, outlook, statuses
from portal.monitoring.published.rows import (
    Amended,
    Cell,
    CellState,
    Indicator,
    Outlook,
    Point,
    Programme,
    Release,
    Series,
    Total,
    YearValue,
)
from portal.monitoring.release import models
from portal.monitoring.release.methods import Protection, suppress

KEPT = 16
NOT_DUE = Cell(CellState.NOT_DUE)
NOT_REPORTED = Cell(CellState.NOT_REPORTED)
OVER = "(SELECT count(*) FROM agreement WHERE ended_on IS NOT NULL)"


@dataclass(frozen=True, slots=True)
class Loaded:
    """Everything public of one release."""

    release: Release
    programmes: tuple[Programme, ...]
    indicators: tuple[Indicator, ...]
    series: tuple[Series, ...]
    totals: tuple[Total, ...]


_kept: dict[tuple[str, int, int], Loaded] = {}


async def latest() -> Release | None:
    """The newest release, if there is one."""
    newest = await db.rows(f"SELECT number, published_at, {OVER} AS over FROM release ORDER BY number DESC LIMIT 1")
    if not newest:
        return None
    number = newest[0]["number"]
    found = _kept.get((newest[0]["published_at"].isoformat(), number, newest[0]["over"])) or await load(number)
    return found.release if found else None


async def releases() -> list[Release]:
    """Every release, the newest first."""
    return [(await _load(row)).release for row in await _rows().order_by("-number")]


async def programmes(number: int) -> list[Programme]:
    """The winners' programmes of a release, by place; empty for an unknown release."""
    found = await load(number)
    return list(found.programmes) if found else []


async def indicators(number: int) -> list[Indicator]:
    """The indicators that any of its agreements uses, in the order of the catalogue."""
    found = await load(number)
    return list(found.indicators) if found else []


async def has_results(code: str) -> bool:
    """Whether the newest release speaks of the indicator."""
    release = await latest()
    return release is not None and code in {one.code for one in await indicators(release.number)}


async def series(number: int, *, region: str | None = None, indicator: str | None = None) -> list[Series]:
    """The series of a release, of one region or one indicator if named."""
    found = await load(number)
    return [
        one
        for one in (found.series if found else ())
        if region in (None, one.region_code) and indicator in (None, one.indicator_code)
    ]


async def totals(number: int) -> list[Total]:
    """Each indicator over all regions of a release: sums of counts, ratios of sums."""
    found = await load(number)
    return list(found.totals) if found else []


async def region_name(code: str) -> Bilingual | None:
    """The name of the region of this code, whether or not it has a programme; None where there is no such region."""
    row = await Region.get_or_none(code=code, is_hidden=False)
    return row.name if row else None


async def poverty(region: str = "") -> list[YearValue]:
    """The poverty rate in percent by year, of the country or of the region of this code. Source: Rosstat (EMISS)."""
    of = {"region__code": region, "region__is_hidden": False} if region else {"region_id": None}
    rows = await Observation.filter(series="poverty_rate", **of).order_by("year").values("year", "value")
    return [YearValue(row["year"], row["value"], row["year"] == POVERTY_BREAK) for row in rows]


async def load(number: int) -> Loaded | None:
    """Everything public of the release of this number, if there is one."""
    row = await _rows().get_or_none(number=number)
    return await _load(row) if row else None


def _rows() -> QuerySet[models.Release]:
    return models.Release.all().annotate(over=RawSQL(OVER)).select_related("call")


async def _load(row: models.Release) -> Loaded:
    key = (row.published_at.isoformat(), row.number, row.over)  # type: ignore[attr-defined]
    if key not in _kept:
        while len(_kept) >= KEPT:
            _kept.pop(next(iter(_kept)))
        _kept[key] = await _read(row)
    return _kept[key]


async def _read(row: models.Release) -> Loaded:
    figures: dict[int, dict[str, Cell]] = defaultdict(dict)
    agreements: set[int] = set()
    outlooks: dict[int, Outlook] = {}
    async for figure in models.ReleaseFigure.filter(release_id=row.id).prefetch_related("agreed__indicator"):
        kind = figure.agreed.indicator.kind
        figures[figure.agreed_id][figure.period] = cell(kind, figure.numerator, figure.denominator, figure.state)
        agreements.add(figure.agreed.agreement_id)
        if figure.status:
            outlooks[figure.agreed_id] = outlook(figure)
    found = await Agreement.filter(id__in=agreements).prefetch_related(
        "region", "application", "costs", "indicators__indicator", "indicators__plan"
    )
    awards = await Award.filter(application_id__in=[agreement.application_id for agreement in found])
    places = {award.application_id: award.place for award in awards}
    found.sort(key=lambda agreement: places[agreement.application_id])
    agreed = [(agreement, one) for agreement in found for one in agreement.indicators]
    rows = tuple(_series(agreement, one, figures[one.id], row, outlooks.get(one.id)) for agreement, one in agreed)
    used = {one.indicator.id: one.indicator for _, one in agreed}
    catalogue = sorted(used.values(), key=lambda indicator: indicator.position)
    reported = {one.region_code for one in rows if one.latest.state in (CellState.VALUE, CellState.HIDDEN)}
    call, count = row.call, (len(found), len(reported))
    return Loaded(
        Release(row.number, row.published_at, row.period, call.name, call.number, *count, call.thresholds),
        tuple(_programme(agreement, places[agreement.application_id]) for agreement in found),
        tuple(_indicator(indicator) for indicator in catalogue),
        rows,
        tuple(
            _total(indicator, [one for one in rows if one.indicator_code == indicator.code]) for indicator in catalogue
        ),
    )


def cell(kind: Kind, numerator: Decimal | None, denominator: Decimal | None, state: str = "value") -> Cell:
    """The public cell of a stored figure."""
    if state != CellState.VALUE or numerator is None:
        return Cell(CellState(state) if state != CellState.VALUE else CellState.NOT_REPORTED)
    if kind is Kind.COUNT:
        return Cell(CellState.VALUE, numerator, None, numerator)
    if not denominator:
        return Cell(CellState.NOT_APPLICABLE)
    return Cell(CellState.VALUE, numerator, denominator, numerator / denominator)


def baseline(agreed: AgreedIndicator) -> Cell:
    """Where the region began: people, so as protected as what it reports."""
    protection = Protection(protect=agreed.indicator.is_protected)
    numerator, denominator = agreed.baseline_numerator, agreed.baseline_denominator
    shown = suppress(agreed.indicator.kind, numerator, denominator, protection=protection)
    return cell(agreed.indicator.kind, numerator, denominator, shown.showing)


def plan(agreed: AgreedIndicator, at: datetime) -> dict[str, Cell]:
    """What was agreed at that instant for each quarter since the programme began: a promise, hence never hidden."""
    kind = agreed.indicator.kind
    return {period: cell(kind, one.numerator, one.denominator) for period, one in agreed.planned(at).items()}


def amendments(agreed: AgreedIndicator, at: datetime) -> tuple[Amended, ...]:
    """The changes of the plan that were in force at that instant, the earliest first."""
    kind, now, found = agreed.indicator.kind, dict[str, Cell](), dict[int, Amended]()
    for one in sorted(agreed.plan, key=lambda one: (one.edition, one.period)):
        if one.since is not None and one.since <= at:
            before = found.get(one.edition, Amended(one.edition, one.since, {})).before
            stood = {one.period: now[one.period]} if one.period in now else {}
            found[one.edition] = Amended(one.edition, one.since, {**before, **stood})
        if one.since is None or one.since <= at:
            now[one.period] = cell(kind, one.numerator, one.denominator)
    return tuple(found.values())


def _series(
    agreement: Agreement, agreed: AgreedIndicator, actual: dict[str, Cell], release: models.Release, end: Outlook | None
) -> Series:
    promised, until = plan(agreed, release.published_at), release.period
    points = tuple(
        Point(period, promised.get(period, NOT_REPORTED), actual.get(period, NOT_DUE))
        for period in quarters(agreement.first_period, agreement.last_period)
    )
    return Series(
        agreement.region.code,
        agreed.indicator.code,
        baseline(agreed),
        points[-1].plan,
        points,
        actual.get(min(until, agreement.last_period), NOT_DUE),
        end,
        amendments(agreed, release.published_at),
    )


def _programme(agreement: Agreement, place: int) -> Programme:
    total = sum((cost.amount for cost in agreement.costs), Decimal(0))
    return Programme(
        agreement.region.code,
        agreement.region.name,
        agreement.region.short,
        agreement.region.district_code,
        agreement.region.district,
        Bilingual(agreement.title_ru, agreement.title_en),
        Bilingual(agreement.summary_ru, agreement.summary_en),
        place,
        agreement.application.number,
        agreement.number,
        agreement.grant,
        (total - agreement.grant) / total if total else Decimal(0),
        agreement.first_period,
        agreement.last_period,
        agreement.ended_on,
        agreement.state is AgreementState.TERMINATED,
    )


def _indicator(indicator: CatalogueIndicator) -> Indicator:
    return Indicator(
        indicator.code,
        indicator.name,
        indicator.group,
        indicator.kind.value,
        indicator.unit,
        indicator.desired,
        indicator.numerator,
        indicator.denominator,
        indicator.measured,
    )


def _total(indicator: CatalogueIndicator, rows: list[Series]) -> Total:
    shown = [one for one in rows if one.latest.state is CellState.VALUE]
    return Total(
        indicator.code,
        _sum(indicator.kind, [one.latest for one in shown]) if shown else nothing_of([one.latest for one in rows]),
        _sum(indicator.kind, [one.target for one in rows]),
        len(rows),
        len(shown),
        sum(bool(one.latest.reaches(one.target, indicator.desired)) for one in shown),
        expected(indicator.kind, rows),
        statuses(rows),
    )


def _sum(kind: Kind, cells: list[Cell]) -> Cell:
    if not cells:
        return NOT_REPORTED
    numerator = sum((one.numerator or Decimal(0) for one in cells), Decimal(0))
    denominator = sum((one.denominator or Decimal(0) for one in cells), Decimal(0))
    return cell(kind, numerator, denominator)


def nothing_of(cells: Sequence[Cell]) -> Cell:
    """What stands for several cells of which none holds a number: that one is hidden is said before all else."""
    states = {one.state for one in cells}
    order = (CellState.HIDDEN, CellState.NOT_REPORTED, CellState.NOT_DUE, CellState.NOT_APPLICABLE)
    return Cell(next(state for state in order if state in states))
