"""How a reason is read in a list of errors: what is wrong, and what to do."""

import pytest

from portal.kit.errors import wrong_and_advice
from portal.kit.i18n import say


@pytest.mark.parametrize(
    ("reason", "wrong", "advice"),
    [
        ("Заполните поле «Регион».", "Заполните поле «Регион».", ""),
        ("Доля 19,3 % меньше 20 %. Увеличьте её. Ещё раз.", "Доля 19,3 % меньше 20 %.", "Увеличьте её. Ещё раз."),
        ("Приём закрыт 20 ноября 2026\u00a0г. «Учебный конкурс» идёт.", "Приём закрыт 20 ноября 2026\u00a0г.",
         "«Учебный конкурс» идёт."),
        ("Текст изменил А. Б. Попов.", "Текст изменил А. Б. Попов.", ""),
        ("Application No. 2027-001 is closed.", "Application No. 2027-001 is closed.", ""),
    ],
)  # fmt: skip
def test_the_first_sentence_says_what_is_wrong(reason: str, wrong: str, advice: str) -> None:
    assert wrong_and_advice(say(reason)) == (wrong, advice)
