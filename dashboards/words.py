"""Rows in, sentences out: figures as the reader writes them, the five kinds of nothing, findings read aloud. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from portal.kit.i18n import day_of, language, number, percent, quarter, quarter_short, say
from portal.kit.i18n import gettext as _
from portal.monitoring.published import Cell, CellState, Indicator, Point, Series, YearValue, unit_name

NOTHING = {
    CellState.HIDDEN: say("hidden: small number"),
    CellState.NOT_REPORTED: say("not reported"),
    CellState.NOT_APPLICABLE: say("not applicable"),
    CellState.NOT_DUE: say("not yet due"),
}


def unit(indicator: Indicator) -> str:
    """The unit in the reader's language, for the head of an axis or a column."""
    return str(unit_name(indicator.unit))


def named(indicator: Indicator) -> str:
    """The name, with the sign of percent where it is one; other units are in the names themselves."""
    return f"{indicator.name}, %" if indicator.unit == "percent" else str(indicator.name)


def measure(indicator: Indicator) -> str:
    """The subtitle of a chart over time: what is measured, in what, and since when."""
    name = named(indicator)
    if indicator.measured == "as of date":
        return _("%(name)s, at the end of each quarter", name=name)
    return _("%(name)s, since the programme began", name=name)


def figure(value: Decimal, indicator: Indicator) -> str:
    """29,8 % of a share, 229 of a count, 11,5 of a mean: columns of what was measured stay aligned."""
    if indicator.unit == "percent":
        return percent(value, 1)
    return number(value, 0 if indicator.kind == "count" and _whole(value) else 1)


def cell(value: Cell, indicator: Indicator) -> str:
    """The figure that was measured, or which of the five nothings stands in its place."""
    return figure(value.value, indicator) if value.value is not None else str(NOTHING[value.state])


def state(value: Cell) -> str:
    """In words why a cell holds a number, or none."""
    return _("a number") if value.value is not None else str(NOTHING[value.state])


def promise(value: Cell, indicator: Indicator) -> str:
    """A plan, target or baseline: the same, but a whole figure is written whole, 27 % and not 27,0 %."""
    if value.value is None:
        return str(NOTHING[value.state])
    if indicator.unit == "percent":
        return percent(value.value, 0 if _whole(value.value * 100) else 1)
    return number(value.value, 0 if _whole(value.value) else 1)


def round_figure(value: Decimal, indicator: Indicator) -> str:
    """A round limit as it is said: 30 %, 1 200, 2,5."""
    return promise(Cell(CellState.VALUE, value=value), indicator)


def short_figure(value: Decimal, indicator: Indicator) -> str:
    """The figure for a label on a map: 30 without its sign, 2,5."""
    shown = value * 100 if indicator.unit == "percent" else value
    return number(shown, 0 if abs(shown) >= 10 or _whole(shown) else 1)


def _whole(value: Decimal) -> bool:
    return value == value.to_integral_value()


def parts(value: Cell) -> str:
    """118 из 396: what a share is made of; the word of its nothing where there is no share."""
    if value.numerator is None or value.denominator is None:
        return str(NOTHING.get(value.state, ""))
    return _("%(part)s of %(whole)s", part=_count(value.numerator), whole=_count(value.denominator))


def _count(value: Decimal) -> str:
    return number(value, 0 if _whole(value) else 2)


def gap(difference: Decimal, indicator: Indicator) -> str:
    """The size of a difference: 2,8 percentage points of a share, 11 of a count."""
    size = abs(difference)
    if indicator.unit == "percent":
        return _("%(points)s pp", points=number(size * 100, 0 if _whole(size * 100) else 1))
    return number(size, 0 if _whole(size) else 1)


def way(series: Series, indicator: Indicator) -> Decimal | None:
    """The part of the way from baseline to target that is behind: 1 at the target, None where it has no sense."""
    start, now, aim = series.baseline.value, series.latest.value, series.target.value
    if now is None or aim is None or indicator.direction == "neutral":
        return None
    start = Decimal(0) if start is None else start
    return (
        (now - start) / (aim - start)
        if aim != start
        else Decimal(int(bool(series.latest.reaches(series.target, indicator.direction))))
    )


def _said(point: Point) -> bool:
    return point.actual.state is not CellState.NOT_DUE


def last_point(series: Series) -> Point | None:
    """The newest quarter that is due, whether or not its figure may be shown; None before the first."""
    due = [point for point in series.points if _said(point)]
    return due[-1] if due else None


def to_plan(point: Point, indicator: Indicator) -> str:
    """How far the quarter is from its plan: «на 11 меньше плана»; empty where either is missing."""
    if point.actual.value is None or point.plan.value is None:
        return ""
    difference = point.actual.value - point.plan.value
    if difference == 0:
        return _("exactly as planned")
    size = gap(difference, indicator)
    return _("%(gap)s more than planned", gap=size) if difference > 0 else _("%(gap)s less than planned", gap=size)


def finding(series: Series, indicator: Indicator) -> str:
    """The title of a chart: what it shows, in one line."""
    point = last_point(series)
    if point is None:
        return _("The first figures are not due yet")
    if point.actual.value is None:
        return _("%(period)s: %(nothing)s", period=quarter(point.period), nothing=cell(point.actual, indicator))
    now = cell(point.actual, indicator)
    compared = to_plan(point, indicator)
    return _("Now %(now)s, %(compared)s", now=now, compared=compared) if compared else _("Now %(now)s", now=now)


def aloud(series: Series, indicator: Indicator) -> str:
    """The chart read aloud: where it began, where it is, where it should be, and what is missing."""
    point, sentences = last_point(series), []
    if series.baseline.value is not None:
        sentences.append(_("Before the programme it was %(was)s.", was=promise(series.baseline, indicator)))
    if point is not None:
        sentences.append(
            _(
                "By the end of %(period)s: %(now)s; planned %(plan)s.",
                period=quarter(point.period),
                now=cell(point.actual, indicator),
                plan=promise(point.plan, indicator),
            )
        )
    if series.points:
        last = quarter(series.points[-1].period)
        sentences.append(
            _("The target for %(period)s is %(target)s.", period=last, target=promise(series.target, indicator))
        )
    sentences += filter(None, [expected(series, indicator), *changed(series, indicator)])
    hidden = [point.period for point in series.points if point.actual.state is CellState.HIDDEN]
    if hidden:
        named = listed(quarter(period) for period in hidden)
        sentences.append(_("Not shown, because the number is too small: %(periods)s.", periods=named))
    return " ".join(sentences)


def expected(series: Series, indicator: Indicator) -> str:
    """What is expected at the end, with the limits of 80 %; empty where nothing can be said."""
    end = series.outlook
    if end is None or end.forecast is None or end.low is None or end.high is None:
        return ""
    return _(
        "Expected at the end: %(forecast)s (from %(low)s to %(high)s in 80%% of cases).",
        forecast=rounded(end.forecast, indicator), low=rounded(end.low, indicator), high=rounded(end.high, indicator),
    )  # fmt: skip


def rounded(value: Decimal, indicator: Indicator) -> str:
    """An expected figure: as exact as the measured one, counts whole."""
    return figure(value.quantize(Decimal(1)) if indicator.kind == "count" else value, indicator)


def changed(series: Series, indicator: Indicator) -> list[str]:
    """What each amendment has changed, as the marks in the chart number them."""
    return [
        _(
            "Mark %(number)s: the plan was changed by amendment no. %(number)s of %(day)s; the target was %(before)s.",
            number=one.number, day=day_of(one.since),
            before=promise(one.before[series.points[-1].period], indicator),
        )
        if series.points[-1].period in one.before
        else _("Mark %(number)s: the plan was changed by amendment no. %(number)s of %(day)s.",
               number=one.number, day=day_of(one.since))
        for one in series.amendments
    ]  # fmt: skip


def listed(names: Iterable[str]) -> str:
    """Курскую область, Бурятию и Коми: a list as a sentence has it."""
    items = list(names)
    if len(items) < 2:
        return "".join(items)
    return _("%(first)s and %(last)s", first=", ".join(items[:-1]), last=items[-1])


def poverty_finding(years: list[YearValue]) -> str:
    """The title of the country's half-line, compared only within the years that may be compared."""
    line = comparable(years)
    if len(line) < 2:
        return _("The poverty rate of the country")
    top = max(line, key=lambda year: year.value)
    last = line[-1]
    if top.year == last.year:
        return _("In %(year)s the poverty rate was %(value)s%%", year=last.year, value=number(last.value, 1))
    return _(
        "From %(first)s to %(last)s the country's poverty rate fell from %(high)s to %(low)s%%",
        first=top.year, last=last.year, high=number(top.value, 1), low=number(last.value, 1),
    )  # fmt: skip


def comparable(years: list[YearValue]) -> list[YearValue]:
    """The years before the series breaks."""
    until = next((place for place, year in enumerate(years) if year.breaks), len(years))
    return years[:until]


def term(first: str, last: str) -> str:
    """I кв. 2026 — IV кв. 2027."""
    dash = " — " if language.get() == "ru" else " – "
    return dash.join(dict.fromkeys((quarter_short(first), quarter_short(last))))
