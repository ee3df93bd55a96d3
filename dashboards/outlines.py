"""Where the regions stand: their outlines from Natural Earth as paths of SVG, and their places in a grid of tiles."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final

SOURCE: Final = Path(__file__).parent / "assets" / "map" / "regions.geojson"
WIDTH: Final = 1100

TILES: Final = """
 .   .   .   .   .   .   MUR .   .   .   .   .   .   .   .   .   CHU
 .   .   .   .   SPE LEN KR  ARK NEN .   YAN .   .   .   .   MAG KAM
 KGD .   .   PSK NGR VLG KOS KIR KO  PER KHM .   .   .   SA  .   .
 .   .   SMO TVE YAR IVA NIZ ME  UD  SVE TYU TOM KYA IRK .   KHA SAK
 .   BRY KLU MOW MOS VLA CU  TA  BA  CHE KGN NVS KEM BU  ZAB AMU .
 .   KRS ORL TUL RYA MO  ULY SAM ORE .   OMS ALT KK  .   .   YEV PRI
 .   BEL VOR LIP TAM PNZ SAR .   .   .   .   AL  TY  .   .   .   .
 AD  KDA ROS VGG AST .   .   .   .   .   .   .   .   .   .   .   .
 .   KC  STA KL  .   .   .   .   .   .   .   .   .   .   .   .   .
 .   KB  SE  IN  CE  DA  .   .   .   .   .   .   .   .   .   .   .
"""

Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Outline:
    """One region on the map: its shape as the `d` of a path, and where its label stands; in units of `WIDTH`."""

    path: str
    label: Point
    name_ru: str
    name_en: str


@cache
def outlines() -> tuple[dict[str, Outline], int]:
    """Every region's outline by code, and the height of the map whose width is `WIDTH`."""
    features = json.loads(SOURCE.read_text())["features"]
    rings = {one["id"]: _rings(one["geometry"]) for one in features}
    points = [point for region in rings.values() for ring in region for point in ring]
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    low, high = min(y for _, y in points), max(y for _, y in points)
    scale = WIDTH / (right - left)

    def place(x: float, y: float) -> Point:
        return round((x - left) * scale), round((high - y) * scale)

    found = {}
    for one in features:
        told = one["properties"]
        path = "".join(_path([place(x, y) for x, y in ring]) for ring in rings[one["id"]])
        found[one["id"]] = Outline(path, place(told["label_x"], told["label_y"]), told["name_ru"], told["name_en"])
    return found, round((high - low) * scale)


@cache
def tiles() -> dict[str, Point]:
    """Column and row of every region in a grid where all are equal in size and roughly where they are."""
    rows = [line.split() for line in TILES.strip().splitlines()]
    return {f"RU-{code}": (x, y) for y, row in enumerate(rows) for x, code in enumerate(row) if code != "."}


def _rings(geometry: dict[str, object]) -> list[list[Sequence[float]]]:
    shapes = geometry["coordinates"]
    polygons = shapes if geometry["type"] == "MultiPolygon" else [shapes]
    return [ring for polygon in polygons for ring in polygon]  # type: ignore[attr-defined]


def _path(points: list[Point]) -> str:
    """A closed ring in steps from point to point: half as long as with whole coordinates."""
    steps = [f"M{points[0][0]} {points[0][1]}l"]
    for (x, y), (next_x, next_y) in pairwise(points):
        if (x, y) != (next_x, next_y):
            steps.append(f"{next_x - x} {next_y - y} ")
    return "".join(steps).rstrip() + "z" if len(steps) > 2 else ""
