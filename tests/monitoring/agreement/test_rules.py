"""The budget that an agreement takes over: the Foundation's sums fitted, the others as promised."""

from decimal import Decimal

from portal.applications.programme.rules import Activity, Budget, BudgetLine, Cost, Goal, Passport, Programme
from portal.kit.bilingual import Bilingual
from portal.monitoring.agreement import rules

D = Decimal
ACTIVITY = Activity("a1", "contract", Bilingual("Контракт"), "Наставник семьи", "2027Q1", "2027Q2", "", "")
LINES = (
    BudgetLine("b1", "Обучение", "a1", (Cost(2027, "foundation", D("100.00")), Cost(2027, "regional", D("50.00")),
                                        Cost(2028, "foundation", D("200.00")))),
    BudgetLine("b2", "Поездки", "", (Cost(2028, "municipal", D("10.00")), Cost(2028, "extra", D("5.55")))),
)  # fmt: skip
PASSPORT = Passport(Bilingual("Шаг"), Bilingual(""), "", "", "", "", None, "")
PROGRAMME = Programme(
    "2027", "2027Q1", "2028Q4", PASSPORT, Goal("", "", ()), (ACTIVITY,), (), Budget(LINES, "")
)  # fmt: skip


def test_foundation_is_fitted_to_the_kopeck_and_others_are_kept() -> None:
    found = [
        (cost.position, cost.year, cost.source, cost.asked, cost.agreed) for cost in rules.costs(PROGRAMME, D("200"))
    ]
    assert found == [
        (1, 2027, "foundation", D("100.00"), D("66.67")),
        (1, 2027, "regional", D("50.00"), D("50.00")),
        (1, 2028, "foundation", D("200.00"), D("133.33")),
        (2, 2028, "municipal", D("10.00"), D("10.00")),
        (2, 2028, "extra", D("5.55"), D("5.55")),
    ]
    assert rules.costs(PROGRAMME, D("300.00"))[0].agreed == D("100.00")


def test_table_shows_promised_beside_agreed_and_adds_up() -> None:
    agreed = {(cost.position, cost.year, cost.source): cost.agreed for cost in rules.costs(PROGRAMME, D("200.00"))}
    lines = rules.table(PROGRAMME, agreed)
    assert [[(row.year, row.asked, row.agreed["foundation"], row.total) for row in rows] for rows in lines] == [
        [(2027, D("100.00"), D("66.67"), D("116.67")), (2028, D("200.00"), D("133.33"), D("133.33"))],
        [(2028, D("0.00"), D("0.00"), D("15.55"))],
    ]
    assert (lines[0][0].activity, lines[1][0].activity) == ("Наставник семьи", "")
    sums = rules.totals(row for rows in lines for row in rows)
    assert (sums["asked"], sums["foundation"], sums["all"]) == (D("300.00"), D("200.00"), D("265.55"))
