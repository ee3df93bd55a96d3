"""The figures behind the charts as rows for a file: numbers stay numbers, each line says what it is. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from dashboards import words
from dashboards.reading import Reading
from portal.kit.i18n import day_of, language, quarter_short
from portal.kit.i18n import gettext as _
from portal.monitoring.published import WORDS, Cell, Indicator, Point, Series, YearValue

Value = str | int | Decimal | None
PLACES = Decimal("0.0001")
NOT_JUDGED = (None,) * 6


@dataclass(frozen=True, slots=True)
class Table:
    """A table to be saved: `name` of the file, `title`, notes that stand over it, heads of its columns, its lines."""

    name: str
    title: str
    notes: tuple[str, ...]
    heads: tuple[str, ...]
    lines: tuple[tuple[Value, ...], ...]


def of_indicator(reading: Reading, indicator: Indicator) -> Table:
    """Every quarter of every region that promised the indicator, in the district that was asked for."""
    name = "-".join(filter(None, (indicator.code, reading.asked.district.lower())))
    return _table(reading, name, str(indicator.name), [(one, indicator) for one in reading.of(indicator)])


def of_region(reading: Reading, region: str) -> Table:
    """Every quarter of every indicator of a region, or of the one that was asked for."""
    asked = reading.asked.indicator
    rows = [
        (one, reading.indicators[one.indicator_code])
        for one in reading.series
        if one.region_code == region and asked in ("", one.indicator_code)
    ]
    name = "-".join(filter(None, (region, asked)))
    return _table(reading, name, str(reading.programmes[region].region), rows)


def of_poverty(years: Iterable[YearValue], *, region: str = "", of: Iterable[YearValue] = ()) -> Table:
    """The country's official series, or that of the `region` beside it; it is real in the demonstration too."""
    heads = [_("Year"), _("Poverty rate, % of the population"), _("Comparable with the year before")]
    lines: list[tuple[Value, ...]] = [(year.year, year.value, _("no") if year.breaks else _("yes")) for year in years]
    name, title = "poverty", _("The poverty rate of the country")
    if region:
        own = {year.year: year.value for year in of}
        heads.append(_("Poverty rate in the region, %"))
        lines = [(*line, own.get(line[0])) for line in lines if isinstance(line[0], int)]
        name, title = f"poverty-{region}", _("The poverty rate of the region and of the country")
    return Table(name, title, (_("Source: Rosstat (EMISS)"),), tuple(heads), tuple(lines))


def _table(reading: Reading, name: str, title: str, rows: Iterable[tuple[Series, Indicator]]) -> Table:
    release = reading.release
    source = _("Release no. %(number)s", number=release.number)
    notes = (
        *([_("Demonstration data")] if reading.demo else []),
        _("Release no. %(number)s of %(day)s", number=release.number, day=day_of(release.published_at)),
        _("Source: accepted reports of the regions"),
        _("Small numbers of people are hidden and stand in no cell: see the column of states."),
    )
    lines = tuple(
        _line(one, indicator, point, reading, source, notes) for one, indicator in rows for point in one.points
    )
    return Table(f"{name}-{release.number}-{language.get()}", title, notes, _heads(), lines)


def _heads() -> tuple[str, ...]:
    return (
        _("Region code"), _("Region"), _("Indicator code"), _("Indicator"), _("Unit"), _("Quarter, code"),
        _("Quarter"),
        _("Plan"), _("Done so far"), _("Numerator"), _("Denominator"), _("State of the cell"),
        _("Before the programme"), _("Target"), _("State"), _("Forecast for the end"), _("Forecast, lower limit"),
        _("Forecast, upper limit"), _("State by the officer"), _("Why"), _("Release"), _("Data"),
    )  # fmt: skip


def _line(
    one: Series, indicator: Indicator, point: Point, reading: Reading, source: str, notes: tuple[str, ...]
) -> tuple[Value, ...]:
    unit = "%" if indicator.unit == "percent" else words.unit(indicator)
    return (
        one.region_code,
        reading.name(one.region_code),
        indicator.code,
        str(indicator.name),
        unit,
        point.period,
        quarter_short(point.period),
        plain(point.plan, indicator),
        plain(point.actual, indicator),
        point.actual.numerator,
        point.actual.denominator,
        words.state(point.actual),
        plain(one.baseline, indicator),
        plain(one.target, indicator),
        *(_outlook(one, indicator) if point.period == reading.release.period else NOT_JUDGED),
        source,
        notes[0],
    )


def _outlook(one: Series, indicator: Indicator) -> tuple[Value, ...]:
    if one.outlook is None:
        return NOT_JUDGED
    figures = (one.outlook.forecast, one.outlook.low, one.outlook.high)
    said = (str(WORDS[one.outlook.stated][1]), one.outlook.because) if one.outlook.stated else (None, None)
    return str(WORDS[one.outlook.status][1]), *(_in_unit(figure, indicator) for figure in figures), *said


def plain(cell: Cell, indicator: Indicator) -> Decimal | None:
    """The figure in its unit, percent for shares, to four places; None for every kind of nothing."""
    return _in_unit(cell.value, indicator)


def _in_unit(value: Decimal | None, indicator: Indicator) -> Decimal | None:
    if value is None:
        return None
    shown = value * 100 if indicator.unit == "percent" else value
    return shown.quantize(PLACES).normalize()
