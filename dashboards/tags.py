"""Dash's elements, named once: their generated signatures do not know `aria-` and `data-` attributes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import dash
from dash.development.base_component import Component

Element: TypeAlias = Component


class Tags:
    """The elements of one of Dash's packages, by name."""

    def __init__(self, package: object) -> None:
        self._package = package

    def __getattr__(self, name: str) -> Callable[..., Element]:
        element: Callable[..., Element] = getattr(self._package, name)
        return element


html = Tags(dash.html)
dcc = Tags(dash.dcc)
