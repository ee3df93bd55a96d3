"""The tokens of portal.css that a figure needs in Python, because Plotly writes its colours into the drawing."""

from __future__ import annotations

from typing import Any, Final

INK: Final = "#17202a"
QUIET: Final = "#4a5563"
EDGE: Final = "#6b7785"
LINE: Final = "#c9d1da"
PAPER: Final = "#ffffff"
RIVER: Final = "#0b5ca8"
BAND: Final = "#cfe1f0"
MIDDLE: Final = "#7fb0da"
LAND: Final = "#e9edf1"
VEIL: Final = "rgba(255,255,255,0.85)"

TOKENS: Final = {
    "ink": INK,
    "quiet": QUIET,
    "edge": EDGE,
    "line": LINE,
    "paper": PAPER,
    "river": RIVER,
    "river-1": BAND,
    "river-2": MIDDLE,
    "land": LAND,
}

FAMILY: Final = '"Golos Text", system-ui, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif'
TEXT: Final = 14
"""Pixels of every text in a chart: a chart is drawn again for a phone, never shrunk."""
HEIGHT: Final = 272


def font(colour: str = QUIET, *, size: int = TEXT, weight: int = 400) -> dict[str, Any]:
    """Plotly's font in the house's family."""
    return {"family": FAMILY, "size": size, "color": colour, "weight": weight}


def config(language: str) -> dict[str, Any]:
    """How Plotly behaves in the page: no toolbar, no zoom by accident, numbers as the reader writes them."""
    return {
        "locale": language,
        "displayModeBar": False,
        "showTips": False,
        "scrollZoom": False,
        "doubleClick": False,
        "responsive": True,
    }


def separators(language: str) -> str:
    """Decimal and thousands separators: 1 234,5 in Russian and 1,234.5 in English."""
    return ",\u00a0" if language == "ru" else ".,"
