"""What a password must be: long, and not made of what is tried first. Nothing else is demanded of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator

from portal.kit.errors import Problem
from portal.kit.i18n import LANGUAGES, Text, say
from portal.kit.numbers import Unreadable
from portal.people.person.rules import canonical_email

SHORTEST, LONGEST = 12, 1024
LEAST_EFFORT = 8
"""So many signs must be left when each guessable piece counts as one."""
DEMONSTRATION = "try-the-portal"
"""The password of everybody in the demonstration, known to all: outside it, it opens nothing."""

# What is tried first, in both alphabets, as it comes out in the wrong one (gfhjkm is пароль), and what the portal is
# about. Written for this portal, as NIST SP 800-63B, 3.1.1.2, asks; the last line is what of the 3,000 commonest in the
# list of zxcvbn (Dropbox, MIT) length and walks do not refuse by themselves, but for one that is not fit to print.
TRIED_FIRST = """
password passwort passw0rd passwd parol admin administrator root user login guest letmein welcome hello iloveyou
love dragon monkey master shadow sunshine princess football baseball superman batman michael secret test qwerty
qwertyuiop asdfgh zxcvbn trustno1 starwars computer internet access portal foundation fond fund grant region
programme program family families children moscow russia kamchatka spring summer autumn winter january february
march april june july august september october november december monday friday vesna leto osen zima privet
natasha nastya marina sergey andrey aleksandr alexander dmitry svetlana tatiana olga elena ivan maria anna spartak
gfhjkm ghbdtn flvby k.,jdm cnfhn yfnfif cthutq vfrcbv
пароль парол админ администратор пользователь логин привет любовь солнышко любимая любимый секрет тест йцукен
йцукенг фыва фывапр ячсмить портал фонд грант регион программа семья семьи дети детей поддержка комплекс комплексы
конкурс заявка отчёт отчет москва россия камчатка камчатский край область весна лето осень зима январь февраль
март апрель июнь июль август сентябрь октябрь ноябрь декабрь понедельник пятница наташа настя марина сергей андрей
александр дмитрий светлана татьяна ольга елена иван мария анна спартак максим
leavemealone mailcreated5240 sojdlg123aljg
"""
WORDS = frozenset(TRIED_FIRST.split())
# A walk along a row of keys, of the alphabet or of the figures, in either direction.
ROWS = tuple(
    way
    for row in (
        "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./", "1234567890", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0",
        "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "1qazxsw23edcvfr4", "qazwsxedcrfvtgbyhnujmik",
        "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю", "abcdefghijklmnopqrstuvwxyz", "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "1й2ц3у4к5е6н7г8ш9щ0з",
    )
    for way in (row, row[::-1])
)  # fmt: skip
WALK = 3
LEET = str.maketrans("@4301!$57", "aaeoiisst")
DATES = re.compile(r"(?:19|20)[0-9]{2}|[0-9]{6,8}")
REPEATS = re.compile(r"(.{1,24}?)\1+", re.DOTALL)


def as_typed_once(password: str) -> str:
    """The password as it is hashed: a letter typed as one sign or as two is the same letter."""
    return unicodedata.normalize("NFC", password)


def is_too_long(password: str) -> bool:
    """Whether the password is refused before it costs anything."""
    return len(password) > LONGEST


def _lower(text: str) -> str:
    return "".join(sign.lower() if len(sign.lower()) == 1 else sign for sign in text)  # As many signs as before.


def _pieces(text: str, words: Collection[str]) -> Iterator[tuple[int, int]]:
    for spelt in {text, text.translate(LEET)}:
        for word in words:
            start = spelt.find(word)
            while start >= 0:
                yield start, start + len(word)
                start = spelt.find(word, start + 1)
    for match in DATES.finditer(text):
        yield match.span()
    for match in REPEATS.finditer(text):
        if match.end() - match.start() > 2:
            yield match.end(1), match.end()
    for start in range(len(text) - WALK + 1):
        if any(text[start : start + WALK] in row for row in ROWS):
            yield start, start + WALK


def effort(password: str, words: Collection[str] = ()) -> int:
    """How many signs a guesser has to guess: words tried first, walks, dates and repeats count as one each."""
    text = _lower(as_typed_once(password))
    ends: list[list[int]] = []
    for start, end in sorted(_pieces(text, {*WORDS, *words})):
        if ends and start < ends[-1][1]:
            ends[-1][1] = max(ends[-1][1], end)
        else:
            ends.append([start, end])
    return len(text) - sum(end - start - 1 for start, end in ends)


def why_not_password(password: str, email: str) -> Text | None:
    """Why a new password would not do. Length is what counts; no signs of several kinds are demanded."""
    if len(password) < SHORTEST:
        return say("The password is too short: take %(least)s characters or more.", least=SHORTEST)
    if is_too_long(password):
        return say("The password is too long: take no more than %(most)s characters.", most=LONGEST)
    own = [word for word in re.split(r"[^a-z]+", email.lower()) if len(word) > 3]
    if effort(password, own) < LEAST_EFFORT:
        return say("This password is easy to guess. Take several words that do not belong together.")
    return None


def read_person(email: str, name_ru: str, language: str) -> tuple[str, list[Problem]]:
    """The e-mail in its one form, and everything that is wrong with what is said of a new person."""
    problems: list[Problem] = []
    address = ""
    try:
        address = canonical_email(email)
    except Unreadable as unreadable:
        problems.append(Problem("email", unreadable.reason))
    if not name_ru.strip():
        problems.append(Problem("name_ru", say("Write the name.")))
    if language not in LANGUAGES:
        problems.append(Problem("language", say("Choose one of the languages of the portal.")))
    return address, problems
