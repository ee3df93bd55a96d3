"""A value in Russian and, where somebody wrote it, in English."""

from __future__ import annotations

from dataclasses import dataclass

from portal.kit.i18n import language


@dataclass(frozen=True, slots=True)
class Bilingual:
    """Two texts that mean the same; `str()` gives the reader's, and the Russian one where there is no English."""

    ru: str
    en: str = ""

    def __str__(self) -> str:
        return self.en if language.get() == "en" and self.en else self.ru

    def __bool__(self) -> bool:
        return bool(self.ru)

    @property
    def language(self) -> str:
        """The language in which `str()` answers now, for the `lang` attribute."""
        return "en" if language.get() == "en" and self.en else "ru"


UNSAID = Bilingual("")
"""What nobody has written in either language."""
