"""Invented rows of one release, for the dashboards alone: ten regions, four indicators, every kind of nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from portal.kit.bilingual import Bilingual
from portal.kit.periods import quarters
from portal.monitoring.published import (
    Cell,
    CellState,
    Indicator,
    Point,
    Programme,
    Release,
    Series,
    Total,
    Trace,
    YearValue,
)

QUARTERS = quarters("2026Q1", "2027Q4")
NEWEST = "2027Q1"
SECRET = Decimal("3.1415")
HIDDEN, SILENT, IDLE, LATER = (
    Cell(state) for state in (CellState.HIDDEN, CellState.NOT_REPORTED, CellState.NOT_APPLICABLE, CellState.NOT_DUE)
)

RELEASE = Release(
    number=3,
    published_at=datetime(2027, 5, 14, 9, tzinfo=UTC),
    period=NEWEST,
    call=Bilingual("Учебный конкурс", "Training call"),
    call_number="2026-1",
    regions=10,
    reported=9,
)

OLDER = [replace(RELEASE, number=2, period="2026Q4", published_at=datetime(2027, 2, 12, 9, tzinfo=UTC))]

INDICATORS = [
    Indicator(
        "SC-04",
        Bilingual("Число заключённых социальных контрактов с семьями с детьми", "Contracts with families"),
        Bilingual("Социальный контракт", "Social contract"), "count", "contracts", "up",
        Bilingual("Социальные контракты", "Social contracts"), Bilingual("", ""), "over the period",
    ),
    Indicator(
        "SC-11",
        Bilingual("Доля социальных контрактов, расторгнутых досрочно", "Contracts ended early"),
        Bilingual("Социальный контракт", "Social contract"), "share", "percent", "down",
        Bilingual("Расторгнутые", "Ended"), Bilingual("Действовавшие", "In force"), "over the period",
    ),
    Indicator(
        "SS-01",
        Bilingual(
            "Доля семей, достигших самообеспечения (доход не ниже прожиточного минимума без адресных выплат)",
            "Share of families that became self-sufficient (income not below the subsistence minimum)",
        ),
        Bilingual("Самообеспечение", "Self-sufficiency"), "share", "percent", "up",
        Bilingual("Семьи", "Families"), Bilingual("Семьи, завершившие программу", "Families"), "over the period",
    ),
    Indicator(
        "AC-04",
        Bilingual("Нагрузка на специалиста по сопровождению", "Families per specialist"),
        Bilingual("Сопровождение", "Accompaniment"), "mean", "families per specialist", "down",
        Bilingual("Семьи", "Families"), Bilingual("Ставки", "Posts"), "as of date",
    ),
]  # fmt: skip

DISTRICTS = {
    "RU-NGR": ("NWFD", "Северо-Западный", "Northwestern"),
    "RU-KO": ("NWFD", "Северо-Западный", "Northwestern"),
    "RU-KAM": ("FEFD", "Дальневосточный", "Far Eastern"),
    "RU-ZAB": ("FEFD", "Дальневосточный", "Far Eastern"),
}
REGIONS = [
    ("RU-NGR", "Новгородская область", "Novgorod Region", "Новгородская область"),
    ("RU-KAM", "Камчатский край", "Kamchatka Territory", "Камчатский край"),
    ("RU-TYU", "Тюменская область", "Tyumen Region", "Тюменская область"),
    ("RU-BA", "Республика Башкортостан", "Republic of Bashkortostan", "Башкортостан"),
    ("RU-KHM", "Ханты-Мансийский автономный округ — Югра", "Khanty-Mansi AO", "ХМАО – Югра"),
    ("RU-ALT", "Алтайский край", "Altai Territory", "Алтайский край"),
    ("RU-KO", "Республика Коми", "Komi Republic", "Коми"),
    ("RU-TVE", "Тверская область", "Tver Region", "Тверская область"),
    ("RU-IVA", "Ивановская область", "Ivanovo Region", "Ивановская область"),
    ("RU-ZAB", "Забайкальский край", "Zabaykalsky Territory", "Забайкальский край"),
]


def count(value: float) -> Cell:
    return Cell(CellState.VALUE, Decimal(str(value)), None, Decimal(str(value)))


def share(part: int, whole: int) -> Cell:
    return Cell(CellState.VALUE, Decimal(part), Decimal(whole), Decimal(part) / Decimal(whole))


def programme(place: int) -> Programme:
    code, ru, en, short = REGIONS[place]
    district, district_ru, district_en = DISTRICTS.get(code, ("CFD", "Центральный", "Central"))
    return Programme(
        region_code=code,
        region=Bilingual(ru, en),
        region_short=Bilingual(short, en),
        district_code=district,
        district=Bilingual(district_ru, district_en),
        title=Bilingual("«От пособия к заработку»", "From benefit to earnings"),
        summary=Bilingual(
            "К концу 2027 года каждая третья семья, прошедшая программу, должна обходиться без пособий по бедности.",
            "By the end of 2027 every third family should live without poverty benefits.",
        ),
        place=place + 1,
        application_number=f"2026-0{place + 10}",
        agreement_number=f"2026-0{place + 1}",
        grant=Decimal("9480000.00"),
        cofinancing_share=Decimal("0.25"),
        first_period=QUARTERS[0],
        last_period=QUARTERS[-1],
    )


def one_series(place: int, indicator: Indicator) -> Series:
    code, pace = REGIONS[place][0], 1.35 - 0.09 * place
    points = []
    for step, period in enumerate(QUARTERS, 1):
        if indicator.kind == "count":
            plan, actual = count(40 * step), count(round(40 * step * pace))
        elif indicator.code == "SS-01":
            plan, actual = share(14 + 2 * step, 100), share(round((14 + 2 * step) * pace * step), 100 * step)
        elif indicator.kind == "mean":
            plan, actual = (
                count(25 - step),
                Cell(CellState.VALUE, Decimal(250), Decimal(11), Decimal(250) / Decimal(11)),
            )
        else:
            plan, actual = share(14 - step, 100), share(round((15 - step) / pace * 3), 300)
        if period > NEWEST:
            actual = LATER
        elif place == 9:
            actual = SILENT
        elif place == 6 and indicator.code == "SS-01" and step in (2, 5):
            actual = HIDDEN
        elif place == 5 and indicator.kind == "mean":
            plan, actual = IDLE, IDLE
        points.append(Point(period, plan, actual))
    latest = next(point.actual for point in points if point.period == NEWEST)
    baseline = count(0) if indicator.kind == "count" else share(14, 100) if indicator.kind == "share" else count(26)
    return Series(code, indicator.code, baseline, points[-1].plan, tuple(points), latest)


SERIES = [one_series(place, indicator) for place in range(len(REGIONS)) for indicator in INDICATORS]
PROGRAMMES = [programme(place) for place in range(len(REGIONS))]
TOTALS = [
    Total("SC-04", count(1846), count(3200), 10, 9, 1),
    Total("SC-11", share(301, 2700), share(60, 1000), 10, 9, 0),
    Total("SS-01", share(3214, 12174), share(30, 100), 10, 8, 3),
    Total(
        "AC-04", Cell(CellState.VALUE, Decimal(2500), Decimal(110), Decimal(2500) / Decimal(110)), count(17), 9, 8, 0
    ),
]
TRACE = Trace(
    region_code="RU-NGR", indicator_code="SS-01", period=NEWEST, promised=share(38, 100), application_number="2026-010",
    application_version=2, submitted_at=datetime(2025, 11, 20, 14, tzinfo=UTC), score=Decimal("5.2"), place=1,
    protocol="4", agreed=share(30, 100), agreement_number="2026-01", signed_at=datetime(2026, 1, 20, tzinfo=UTC),
    reported=share(162, 500), report_revision=0, accepted_at=datetime(2027, 4, 29, 9, tzinfo=UTC),
    released_at=RELEASE.published_at, release_number=3,
)  # fmt: skip
POVERTY = [
    YearValue(year, Decimal(value), year == 2021)
    for year, value in zip(
        range(2011, 2022),
        ("12.7", "10.7", "10.8", "11.3", "13.4", "13.2", "12.9", "12.6", "12.3", "12.1", "11.0"),
        strict=True,
    )
]


class Window:
    """Stands in for `published`: the same functions over the rows above."""

    def __init__(self) -> None:
        self.release: Release | None = RELEASE
        self.series_rows = SERIES

    async def latest(self) -> Release | None:
        return self.release

    async def releases(self) -> list[Release]:
        return [self.release, *OLDER] if self.release else []

    async def programmes(self, number: int) -> list[Programme]:
        return PROGRAMMES

    async def indicators(self, number: int) -> list[Indicator]:
        return INDICATORS

    async def series(self, number: int, *, region: str | None = None, indicator: str | None = None) -> list[Series]:
        return [
            one for one in self.series_rows
            if region in (None, one.region_code) and indicator in (None, one.indicator_code)
        ]  # fmt: skip

    async def totals(self, number: int) -> list[Total]:
        return TOTALS

    async def trace(self, number: int, region: str, indicator: str, period: str) -> Trace | None:
        asked = (region, indicator, period)
        return TRACE if asked == (TRACE.region_code, TRACE.indicator_code, TRACE.period) else None

    async def region_name(self, code: str) -> Bilingual | None:
        names = {
            "RU-NGR": Bilingual("Новгородская область", "Novgorod Region"),
            "RU-MOW": Bilingual("Москва", "Moscow"),
        }
        return names.get(code)

    async def poverty(self, region: str = "") -> list[YearValue]:
        own = [YearValue(year.year, year.value + 5, year.breaks) for year in POVERTY]
        return {"": POVERTY, "RU-NGR": own}.get(region, [])

    def open(self, patch: Any) -> None:
        """From now on `published` answers with these rows, until `patch` is undone."""
        from portal.monitoring import published

        for name in (
            "latest",
            "releases",
            "programmes",
            "indicators",
            "series",
            "totals",
            "trace",
            "poverty",
            "region_name",
        ):
            patch.setattr(published, name, getattr(self, name), raising=False)
