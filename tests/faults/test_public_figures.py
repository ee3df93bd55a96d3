"""Public figures: those of accepted reports, without the hidden ones, the same for everybody who asks."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal

from tortoise.backends.base.client import TransactionalDBClient

from portal.kit.i18n import number, speaking
from portal.monitoring import published
from portal.monitoring.release.models import ReleaseFigure
from portal.monitoring.report.models import Report, ReportValue
from portal.monitoring.report.states import ReportState
from tests import make
from tests.faults.conftest import SignedIn


async def test_s9_public_figures_are_those_of_accepted_reports(people: SignedIn) -> None:
    """Every cell of the release, against the report's own rows; and nothing that is not accepted."""
    release = await published.latest()
    assert release is not None
    figures = await ReleaseFigure.filter(release__number=release.number).prefetch_related("agreed__agreement", "report")
    assert len(figures) > 50
    shown = 0
    for figure in figures:
        if figure.report is None:
            assert figure.numerator is None
            continue
        values = await ReportValue.filter(report_id=figure.report_id, agreed_id=figure.agreed_id).order_by("-attempt")
        assert figure.report.state in (ReportState.ACCEPTED, ReportState.CORRECTED)
        if figure.state == "value":
            assert (figure.numerator, figure.denominator) == (values[0].numerator, values[0].denominator)
            shown += 1
    assert shown > 50


async def test_s9_what_is_typed_or_returned_is_never_public(tx: TransactionalDBClient) -> None:
    region = await make.region(*make.KAMCHATKA)
    agreement = await make.agreement(region)
    report = await Report.filter(agreement_id=agreement.id).order_by("period").first()
    assert report is not None
    from portal.monitoring.release.service import cells

    call = await (await agreement.application).call
    for state in (
        ReportState.OPEN,
        ReportState.DRAFT,
        ReportState.AWAITING,
        ReportState.SUBMITTED,
        ReportState.RETURNED,
    ):
        await Report.filter(id=report.id).update(state=state, returned_because="x", submitted_at=make.NOW)
        drafts = await cells(call, "2027Q2", make.NOW)
        assert {draft.numerator for draft in drafts} == {None}, state


async def test_s5_hidden_numbers_are_in_no_payload(people: SignedIn) -> None:
    """For every small number of the demonstration: no page, no callback of it holds the value or its parts."""
    browser = await people()
    release = await published.latest()
    assert release is not None
    hidden = await ReleaseFigure.filter(release__number=release.number, state="hidden").prefetch_related(
        "agreed__agreement__region", "agreed__indicator"
    )
    assert hidden
    for figure in hidden:
        assert (figure.numerator, figure.denominator) == (None, None)
        code, indicator = figure.agreed.agreement.region.code, figure.agreed.indicator.code
        trace = await published.trace(release.number, code, indicator, figure.period)
        assert trace is not None
        assert (trace.reported.numerator, trace.reported.value) == (None, None)
        for series in await published.series(release.number, region=code, indicator=indicator):
            point = next(one for one in series.points if one.period == figure.period)
            assert (point.actual.numerator, point.actual.denominator, point.actual.value) == (None, None, None)
        answer = await browser.get(f"/ru/dashboards/numbers/{code}/{indicator}/{figure.period}")
        assert answer.status_code == 200
    totals = {total.indicator_code: total for total in await published.totals(release.number)}
    for code in {figure.agreed.indicator.code for figure in hidden}:
        rows = [one.latest for one in await published.series(release.number, indicator=code)]
        visible = sum((one.numerator or 0 for one in rows if one.value is not None), Decimal(0))
        assert (totals[code].actual.numerator or 0) == visible, "a total holds what is shown, and no more"


CALLBACK = {"output": "page.children", "outputs": {"id": "page", "property": "children"},
            "changedPropIds": ["address.pathname"]}  # fmt: skip


async def test_s1_and_s3_callbacks_answer_everybody_alike(people: SignedIn) -> None:
    """The dashboards know no person: whoever asks, the answer is the public one."""
    inputs = [{"id": "address", "property": "pathname", "value": "/ru/dashboards/"},
              {"id": "address", "property": "search", "value": ""}]  # fmt: skip
    answers = set[tuple[object, str]]()
    for who in ("", "officer", "editor.kamchatka", "reviewer.1", "administrator"):
        browser = await people(who)
        answer = await browser.post("/ru/dashboards/_dash-update-component", json={**CALLBACK, "inputs": inputs})
        answers.add((answer.status_code, answer.text))
        for path in ("_dash-layout", "_dash-dependencies"):
            answers.add((path, (await browser.get(f"/ru/dashboards/{path}")).text))
    assert len(answers) == 3
    forged = [{**CALLBACK, "inputs": inputs, "user": 1}, {"output": "..a.b...c.d..", "inputs": []},
              {**CALLBACK, "inputs": [{**one, "value": {"$ne": 1}} for one in inputs]}]  # fmt: skip
    browser = await people("officer")
    for body in forged:
        answer = await browser.post("/ru/dashboards/_dash-update-component", json=body)
        assert answer.status_code in (200, 422)
    huge = json.dumps({"a": 0}).replace("0", "[" * 8000)
    answer = await browser.post(
        "/ru/dashboards/_dash-update-component", content=huge, headers={"content-type": "application/json"}
    )
    assert answer.status_code == 422


FIGURES = (
    'Код региона,Регион,Код показателя,Показатель,Единица,"Квартал, код",Квартал,План,Сделано,Числитель,Знаменатель,'
    'Что в ячейке,До программы,Цель,Статус,Прогноз на конец программы,"Прогноз, нижняя граница",'
    '"Прогноз, верхняя граница",Статус от куратора,Почему,Выпуск,Данные'
)
COLUMNS = {
    "indicators/SS-01.csv": FIGURES,
    "regions/RU-TYU.csv": FIGURES,
    "poverty.csv?region=RU-TYU": (
        'Год,"Уровень бедности, % населения",Можно сравнить с предыдущим годом,"Уровень бедности в регионе, %"'
    ),
}
"""What a file may hold, column by column: one that comes to be added is looked at by whoever adds it here."""


async def test_o2_files_are_the_same_for_everybody_and_hold_the_columns_listed(people: SignedIn) -> None:
    for path, columns in COLUMNS.items():
        files = set()
        for who in ("", "officer", "editor.kamchatka", "signatory.tyumen", "reviewer.1", "administrator"):
            answer = await (await people(who)).get(f"/ru/dashboards/{path}")
            assert answer.status_code == 200, (who, path)
            files.add(answer.text.lstrip("\ufeff"))
        (file,) = files
        assert file.splitlines()[0].replace("\u00a0", " ") == columns, path


async def test_o2_a_file_holds_the_figures_of_the_screen(people: SignedIn) -> None:
    """What stands on the page stands in the file, and what is hidden in neither."""
    browser = await people()
    page = (await browser.get("/ru/dashboards/indicators/SS-01")).text
    file = (await browser.get("/ru/dashboards/indicators/SS-01.csv")).text.lstrip("\ufeff")
    lines = {(line["Код региона"], line["Квартал, код"]): line for line in csv.DictReader(io.StringIO(file))}
    shown = re.findall(r'/numbers/(RU-[A-Z]+)/SS-01/(\w+)">([^<]+)</a>', page)
    assert len(shown) > 10
    with speaking("ru"):
        for region, period, figure in shown:
            assert figure == f"{number(Decimal(lines[region, period]['Сделано']), 1)}\u00a0%", region
    hidden = [line for line in lines.values() if line["Что в ячейке"] != "число"]
    assert any("скрыто" in line["Что в ячейке"] for line in hidden)
    assert {line[name] for line in hidden for name in ("Сделано", "Числитель", "Знаменатель")} == {""}
