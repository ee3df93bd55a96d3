"""The look: parts that every page is built from, in both languages, without inline style or script."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request

from portal.kit.errors import Problem
from portal.kit.forms import Field, Kind
from portal.kit.i18n import say, speaking
from portal.kit.pages import asked, environment

PORTAL = Path(__file__).parents[2] / "portal"
TEMPLATES = sorted(PORTAL.rglob("templates/*.html"))
IMPORTS = '{% import "kit/parts.html" as p %}{% import "kit/forms.html" as f %}{% import "kit/tables.html" as t %}'
NOW = datetime(2026, 11, 20, 14, 20, tzinfo=UTC)
READING = Request({"type": "http", "method": "GET", "query_string": b"", "headers": []})


def shown(source: str, **context: Any) -> str:
    """The source, written with the parts at hand."""
    asked.set(READING)
    return environment().from_string(IMPORTS + source).render({"now": NOW, **context})


def shell(source: str, **context: Any) -> str:
    """A page in the shell."""
    context = {"language": "ru", "alternate": ("en", "/en/here"), "person": None, "here": "/ru/here", **context}
    return shown('{% extends "kit/page.html" %}' + source, **context)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: f"{path.parts[-3]}/{path.name}")
def test_templates_hold_no_inline_style_or_script(path: Path) -> None:
    """The Content-Security-Policy would drop them silently."""
    text = path.read_text()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


def test_every_icon_that_is_used_is_drawn() -> None:
    drawn = set(re.findall(r'id="i-(\w+)"', (PORTAL / "kit/templates/sprite.html").read_text()))
    assert drawn >= {
        "met",
        "pace",
        "unsure",
        "risk",
        "behind",
        "early",
        "small",
        "none",
        "lock",
        "warn",
        "error",
        "info",
    }
    for path in TEMPLATES:
        named = set(re.findall(r'(?:p\.icon|p\.status)\("(\w+)"', path.read_text()))
        assert named <= drawn, path


def test_the_style_sheet_stays_small() -> None:
    assert (PORTAL / "static/css/portal.css").stat().st_size <= 48 * 1024


@pytest.mark.parametrize("language", ["ru", "en"])
def test_shell_names_the_other_language_and_the_clear_view(language: str) -> None:
    with speaking(language):
        plain = shell("{% block title %}Смета <b>&amp;</b>{% endblock %}", language=language)
        clear = shell("{% block title %}x{% endblock %}", language=language, clear_view=True)
    assert f'<html lang="{language}">' in plain
    assert 'hreflang="en"' in plain
    assert "<title>Смета &amp;amp; ·" not in plain
    assert "<title>Смета &amp;" in plain
    assert f'<html lang="{language}" data-view="clear">' in clear
    assert 'name="view" value="usual"' in clear
    assert 'name="view" value="clear"' in plain


def test_field_is_tied_to_its_hint_and_its_error() -> None:
    problems = [Problem("sum", say("Sign in")), Problem("sum", say("Sign out"))]
    source = '{{ f.field("sum", "Сумма", kind="money", values={"sum": "<1>"}, hint="В рублях", problems=problems) }}'
    html = shown(source, problems=problems)
    assert '<label for="sum">' in html
    assert 'value="&lt;1&gt;"' in html
    assert 'inputmode="decimal"' in html
    assert 'aria-describedby="sum-hint sum-error" aria-invalid="true"' in html
    assert 'id="sum-hint"' in html
    assert html.count('id="sum-error"') == 1


def test_error_summary_leads_to_every_field() -> None:
    problems = [Problem("group", say("Sign in")), Problem("", say("Sign out"))]
    source = (
        '{% call f.form("/x") %}{{ f.error_summary(problems) }}'
        '{{ f.field("group", "Группа", kind="choice", value="b", options=[("a", "А"), ("b", "Б", "пояснение")]) }}'
        "{% endcall %}"
    )
    with speaking("en"):
        html = shown(source, problems=problems)
    assert '<a href="#group">Sign in</a>' in html
    assert "<b>Sign out</b>" in html
    assert "2 things to correct" in html
    assert 'id="group" name="group" value="a"' in html
    assert 'value="b" checked aria-describedby="group-2-note"' in html
    assert 'name="form_token"' in html


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_field_has_its_control(kind: Kind) -> None:
    field = Field("x", say("Sign in"), kind, limit=600, choices=(("a", "А"), ("b", "Б")))
    html = shown('{{ f.spec(field, {"x": value}, prefix="part.") }}', field=field,
                 value=["b"] if kind is Kind.CHOICES else "b")  # fmt: skip
    assert 'id="part.x" name="part.x"' in html
    assert ("checked" in html) == (kind in {Kind.CHOICE, Kind.CHOICES, Kind.FLAG})


def test_password_is_never_written_back() -> None:
    assert "secret" not in shown('{{ f.field("p", "Пароль", kind="password", value="secret") }}')


def test_deadline_shows_two_clocks_with_their_weekdays() -> None:
    source = '{{ p.deadline(closes=closes, now=now, title="T", closed_title="C", zone="Asia/Kamchatka") }}'
    with speaking("en"):
        html = shown(source, closes=NOW + timedelta(minutes=40))
        over = shown(source, closes=NOW)
    assert "40 minutes" in html
    assert "18:00</b>, Friday, 20 November" in html
    assert "03:00</b>, Saturday, 21 November" in html
    assert "<h2>C</h2>" in over
    assert "data-left" not in over


def test_table_cells_know_their_column_and_messages_their_row() -> None:
    html = shown(
        '{{ t.table([("Регион", ""), ("Сумма", "r", "₽")], [{"cells": ["Коми", "1"], "message": ("bad", "А", "Б")}],'
        ' caption="Суммы", foot=[["Всего", "1"]]) }}'
    )
    assert '<th scope="row">Коми</th>' in html
    assert '<td class="r" data-label="Сумма"><span>1</span></td>' in html
    assert '<tr class="message-row"><td colspan="2">' in html
    assert '<tr class="total">' in html


@pytest.mark.parametrize("code", [403, 404, 409, 422, 500])
def test_error_page_says_what_to_do(code: int) -> None:
    context = {"language": "ru", "person": None, "alternate": ("en", "/en/"), "code": code}
    html = environment().get_template("kit/error.html").render(context, reason=say("Sign in"), problems=[])
    assert "<h1>" in html
    assert str(say("Sign in")) in html
