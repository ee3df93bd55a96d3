"""The catalogue and the directions that come with the portal, and what is refused in others."""

import re
from collections import Counter
from pathlib import Path

import pytest

from portal.directory.indicator.rules import CATALOGUE_COLUMNS, read_catalogue, read_directions
from portal.kit.bilingual import Bilingual
from portal.kit.rows import Faulty

DATA = Path(__file__).parents[3] / "portal" / "directory" / "indicator" / "data"
COUNT = (
    "SC-04,Группа,Group,Число контрактов,Contracts,count,contracts,642,up,output,Контракты,Agreements,,,"
    "город; село,town; village,over the period,Q,protect,computed,adapted,форма,form"
)
SHARE = (
    "SC-01,Группа,Group,Доля граждан,Share,share,percent,744,up,outcome,Граждане,Citizens,Все граждане,All citizens,,,"
    "over the period,Y,protect,computed,official,приказ,order"
)


def test_the_42_indicators_are_read() -> None:
    catalogue = read_catalogue((DATA / "indicators.csv").read_text("utf-8"))
    assert len(catalogue) == 42
    assert Counter(one.kind for one in catalogue) == {"share": 27, "count": 7, "ratio": 5, "mean": 2, "context": 1}
    assert sum(one.small_numbers == "protect" for one in catalogue) == 30
    assert sum(one.measured == "over the period" for one in catalogue) == 35
    assert sum(one.is_quotient for one in catalogue) == 35
    families = next(one for one in catalogue if one.code == "SC-04")
    assert families.disaggregation == Bilingual(
        "направление социального контракта; многодетные; неполные; с ребёнком-инвалидом; город или село",
        "purpose of the social contract; large families; single-parent families; families with a child with a "
        "disability; urban or rural",
    )
    assert not [one.code for one in catalogue if re.search("[а-яё]", f"{one.group.en}{one.name.en}{one.numerator.en}")]


def test_the_8_directions_are_read() -> None:
    directions = read_directions((DATA / "directions.csv").read_text("utf-8"))
    assert len(directions) == 8
    assert directions[0].code == "contract"
    assert all(one.recommendation.ru and one.recommendation.en for one in directions)


def test_two_rows_are_read_in_order() -> None:
    assert [one.code for one in read_catalogue(f"{','.join(CATALOGUE_COLUMNS)}\n{COUNT}\n{SHARE}\n")] == [
        "SC-04",
        "SC-01",
    ]


@pytest.mark.parametrize(
    ("row", "old", "new", "column"),
    [
        (COUNT, "SC-04", "SC4", "code"),
        (COUNT, ",count,", ",counts,", "kind"),
        (COUNT, "Agreements,,", "Agreements,Все,All", "denominator_ru"),
        (SHARE, "Все граждане,All citizens", ",", "denominator_ru"),
        (SHARE, "All citizens", "", "denominator_en"),
        (SHARE, ",up,", ",neutral,", "status"),
        (SHARE, ",share,", ",context,", "status"),
        (SHARE, ",приказ,order", ",,", "reference_ru"),
        (SHARE, "744", "сорок", "okei"),
        (SHARE, "over the period", "sometimes", "measured"),
        (SHARE, "protect", "hide", "small_numbers"),
        (SHARE, "Share", "", "name_en"),
        (COUNT, "town; village", "", "disaggregation_en"),
    ],
)
def test_a_wrong_indicator_is_named_by_line_and_column(row: str, old: str, new: str, column: str) -> None:
    with pytest.raises(Faulty) as faulty:
        read_catalogue(f"{','.join(CATALOGUE_COLUMNS)}\n{row.replace(old, new, 1)}\n")
    assert [(fault.line, fault.column) for fault in faulty.value.faults] == [(2, column)]


def test_directions_do_not_repeat() -> None:
    with pytest.raises(Faulty) as faulty:
        read_directions(
            "code,name_ru,name_en,seminar_recommendation_ru,seminar_recommendation_en\na,А,A,а,a\na,Б,B,б,b\n"
        )
    assert [(fault.line, fault.column) for fault in faulty.value.faults] == [(3, "code")]
