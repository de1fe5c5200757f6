"""Which of our languages a piece of text is in, told by its letters."""

from __future__ import annotations

import re

_UKRAINIAN = re.compile("[іїєґІЇЄҐ]")
_RUSSIAN = re.compile("[ыэъёЫЭЪЁ]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LATIN = re.compile("[A-Za-z]")


def language_of(text: str, otherwise: str) -> str:
    """Return "en", "uk" or "ru": by the letters that only one of them has, else the language given.

    Cyrillic text without a telling letter inside an English item is taken as Russian, which has fewer of them.
    """
    cyrillic, latin = len(_CYRILLIC.findall(text)), len(_LATIN.findall(text))
    if latin > cyrillic:
        return "en"
    if not cyrillic:
        return otherwise
    ukrainian, russian = len(_UKRAINIAN.findall(text)), len(_RUSSIAN.findall(text))
    if ukrainian != russian:
        return "uk" if ukrainian > russian else "ru"
    return otherwise if otherwise in {"uk", "ru"} else "ru"
