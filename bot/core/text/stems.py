"""The part of a word that its forms share, near enough for finding headlines: «лікарні» and «лікарню» begin alike."""

from __future__ import annotations

SHORTEST = 4
CYRILLIC = (
    "ами", "ями", "ого", "ому", "ими", "ого", "ему", "ыми", "ах", "ях", "ам", "ям", "ів", "їв", "ов", "ев", "ей", "ом",
    "ем", "єм", "ою", "ею", "єю", "ий", "ый", "ой", "их", "ых", "им", "ым", "а", "я", "у", "ю", "о", "е", "є", "и", "і",
    "ї", "ы", "ь", "й",
)  # fmt: skip
LATIN = ("'s", "es", "s", "ed", "ing")


def stem(word: str) -> str:
    """Return a folded word without its longest usual ending, at least four letters of it."""
    endings = LATIN if word.isascii() else CYRILLIC
    fitting = (word.removesuffix(each) for each in endings if word.endswith(each))
    return next((short for short in fitting if len(short) >= SHORTEST), word)
