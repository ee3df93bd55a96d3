"""Long lists in parts: every row is on one of them, and the links lead there."""

from __future__ import annotations

import pytest
from starlette.requests import Request

from portal.kit.paging import part


def asked(query: str) -> Request:
    return Request({"type": "http", "path": "/ru/reviews", "query_string": query.encode(), "headers": []})


@pytest.mark.parametrize(
    ("here", "number", "pages"),
    [(1, 100, []), (1, 900, [1, 2, 3, 9]), (5, 900, [1, 3, 4, 5, 6, 7, 9]), (9, 801, [1, 7, 8, 9])],
)
def test_pages_worth_a_link(here: int, number: int, pages: list[int]) -> None:
    shown = part(asked(f"page={here}"), number)
    assert [page for _, page, _ in shown.links] == pages
    assert [page for _, page, current in shown.links if current] == ([here] if pages else [])


@pytest.mark.parametrize("number", [0, 1, 100, 101, 850])
def test_every_row_is_on_one_part(number: int) -> None:
    rows = list(range(number))
    last = part(asked(""), number).last
    assert [row for page in range(1, last + 1) for row in part(asked(f"page={page}"), number).of(rows)] == rows


@pytest.mark.parametrize(("page", "here"), [("", 1), ("0", 1), ("x", 1), ("²", 1), ("-1", 1), ("99", 9), ("9" * 30, 1)])
def test_odd_page_is_the_first_and_one_beyond_is_the_last(page: str, here: int) -> None:
    assert part(asked(f"page={page}".encode().decode("latin-1")), 850).here == here


def test_links_keep_what_else_was_asked() -> None:
    shown = part(asked("call=2027&page=2&words=a%26b"), 850)
    assert shown.following == "/ru/reviews?call=2027&words=a%26b&page=3"
    assert shown.previous == "/ru/reviews?call=2027&words=a%26b&page=1"
