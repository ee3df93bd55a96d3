"""Personal data that must not come in: СНИЛС, passport numbers, lists of people with their days of birth. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

ROWS_OF_PEOPLE = 5
"""So many rows with a full name and a day in the same two columns are a list of people, whatever its head says."""
DAYS_APART = 366
"""Days of birth lie further apart than so many days; those of one order or one meeting do not."""

Row = tuple[int, Sequence[str]]

DASHES = "[-\u2010-\u2014 \u00a0]"
SNILS = re.compile(rf"(?<![\d-])(\d{{3}}){DASHES}(\d{{3}}){DASHES}(\d{{3}}){DASHES}?(\d{{2}})(?![\d-])")
BARE = re.compile(r"(?:снилс|страхов\w+ (?:номер|свидетельств\w*))\D{0,40}?(\d{11})(?!\d)", re.IGNORECASE)
PASSPORT = re.compile(
    r"(?:паспорт(?!\w* (?:программ|проект))|сери[яи])[^\d\n]{0,30}"
    r"(\d{2}\s?\d{2})(?:[\s,;:.]|№|N|номер|и)*(\d{6})(?!\d)",
    re.IGNORECASE,
)
NAME = re.compile(
    r"[А-ЯЁ][А-ЯЁа-яё-]+\s+[А-ЯЁ][А-ЯЁа-яё-]+\s+[А-ЯЁ][а-яё]*(?:вич|вна|ична|инична)\b|"
    r"[А-ЯЁ][А-ЯЁа-яё-]+\s+[А-ЯЁ][А-ЯЁа-яё-]+\s+[А-ЯЁ]?[а-яё-]*\s*(?:оглы|кызы|уулу)\b"
)
SHOUTED = re.compile(r"[А-ЯЁ-]{2,}\s+[А-ЯЁ-]{2,}\s+[А-ЯЁ]+(?:ВИЧ|ВНА|ИЧНА)\b")
DAY = re.compile(r"(?<!\d)(?:(\d{1,2})[./-](\d{1,2})[./-](\d{4})|(\d{4})-(\d{2})-(\d{2}))(?!\d)")
NAME_HEAD = re.compile(r"\bф\.?\s?и\.?\s?о\b|\bфамили|\bимя\b|\bимена\b", re.IGNORECASE)
BIRTH_HEAD = re.compile(r"рожд|\bг\.?\s?р\.", re.IGNORECASE)
SNILS_HEAD = re.compile(r"снилс|страховой номер", re.IGNORECASE)
PASSPORT_HEAD = re.compile(r"паспорт|удостоверя\w+ личность", re.IGNORECASE)
SERIES_HEAD, NUMBER_HEAD = re.compile(r"\bсерия\b", re.IGNORECASE), re.compile(r"номер|№", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found and in which row; never the number or the name itself."""

    what: str
    row: int


def is_snils(digits: str) -> bool:
    """Whether the last two of eleven digits are the check of the first nine.

    The rule of the Pension Fund: the nine digits weighed 9 to 1, their sum modulo 101, and 100 counts as 00. Numbers
    up to 001-001-998 have no check and are left alone.
    """
    if not re.fullmatch(r"[0-9]{11}", digits) or int(digits[:9]) <= 1_001_998:
        return False
    total = sum(int(digit) * (9 - place) for place, digit in enumerate(digits[:9]))
    return total % 101 % 100 == int(digits[9:])


def in_line(text: str) -> str:
    """What a line holds: "snils", "passport" or ""."""
    for match in SNILS.finditer(text):
        if is_snils("".join(match.groups())):
            return "snils"
    if any(is_snils(match[1]) for match in BARE.finditer(text)):
        return "snils"
    return "passport" if PASSPORT.search(text) else ""


def first_finding(rows: Iterable[Row], today: date) -> Finding | None:
    """The first thing in the rows of one sheet, page or text that must not come in, or None.

    Columns count by their place: a head that speaks of names and one of birth make one row below enough. Days after
    `today` are nobody's birthday.
    """
    heads: dict[int, str] = {}
    people: defaultdict[tuple[int, int], list[tuple[int, date]]] = defaultdict(list)
    for number, cells in rows:
        if what := in_line(" ; ".join(cell for cell in cells if cell)) or _under_heads(cells, heads):
            return Finding(what, number)
        _learn(cells, heads)
        for pair, day in _people(cells):
            if day > today:
                continue
            people[pair].append((number, day))
            if found := _list_of_people(people[pair]):
                return Finding("people", found)
    return None


def _learn(cells: Sequence[str], heads: dict[int, str]) -> None:
    for place, cell in enumerate(cells):
        if not cell or len(cell) > 120 or sum(sign.isdigit() for sign in cell) > 3:
            continue
        for what, pattern in (
            ("snils", SNILS_HEAD), ("passport", PASSPORT_HEAD), ("birth", BIRTH_HEAD), ("series", SERIES_HEAD),
            ("name", NAME_HEAD), ("number", NUMBER_HEAD),
        ):  # fmt: skip
            if pattern.search(cell):
                heads[place] = what
                break


def _under_heads(cells: Sequence[str], heads: dict[int, str]) -> str:
    here = {what: cells[place].strip() for place, what in heads.items() if place < len(cells) and cells[place]}
    if is_snils(re.sub(r"\D", "", here.get("snils", ""))):
        return "snils"
    if re.fullmatch(r"\d{2}\s?\d{2}[\s,№N]*\d{6}", here.get("passport", "")):
        return "passport"
    if re.fullmatch(r"\d{2}\s?\d{2}", here.get("series", "")) and re.fullmatch(r"\d{6}", here.get("number", "")):
        return "passport"
    return "people" if _is_word(here.get("name", "")) and _day(here.get("birth", "")) else ""


def _is_word(cell: str) -> bool:
    return bool(re.match(r"[А-ЯЁA-Z][А-ЯЁа-яёA-Za-z-]+", cell)) and not NAME_HEAD.search(cell)


def _people(cells: Sequence[str]) -> list[tuple[tuple[int, int], date]]:
    """Each full name with each day that stand in the row, by their two columns."""
    named = [place for place, cell in enumerate(cells) if cell and (NAME.search(cell) or SHOUTED.search(cell))]
    if not named:
        return []
    days = [(place, day) for place, cell in enumerate(cells) if cell and (day := _day(cell))]
    return [((name, place), day) for name in named[:3] for place, day in days[:5]]


def _day(cell: str) -> date | None:
    match = DAY.search(cell)
    if match is None:
        return None
    year, month, day = (match[3], match[2], match[1]) if match[1] else (match[4], match[5], match[6])
    try:
        return date(int(year), int(month), int(day)) if int(year) >= 1900 else None
    except ValueError:
        return None


def _list_of_people(found: list[tuple[int, date]]) -> int:
    """The first row of the list, 0 where it is none yet."""
    days = Counter(day for _, day in found)
    if len(days) < ROWS_OF_PEOPLE or (max(days) - min(days)).days < DAYS_APART:
        return 0
    return found[0][0]
