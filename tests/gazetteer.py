"""The places that the real gazetteer finds in a sentence, for tests."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.adapters.places import load_gazetteer
from bot.core.text.document import Place, Token, TokenKind

GAZETTEER = load_gazetteer()
WORD = re.compile(r"[^\W\d_]+(?:['’ʼ\-][^\W\d_]+)*|\d+|[^\w\s]")


def tokens(text: str) -> list[Token]:
    """Cut a sentence into tokens without lemmas, which places do not ask for."""
    return [Token(m.group(), m.group().casefold(), frozenset(), kind(m.group())) for m in WORD.finditer(text)]


def kind(text: str) -> TokenKind:
    """Tell words, numbers and marks apart."""
    return "word" if text[0].isalpha() else "number" if text[0].isdigit() else "punctuation"


def find(text: str, language: str) -> tuple[Place, ...]:
    """Find the places of a sentence."""
    return GAZETTEER.find(tokens(text), language)


def short(places: Iterable[Place]) -> str:
    """Write places so that a table can be read: name, region or country, kind."""
    return "; ".join(f"{place.name} {place.region or place.country} {place.kind}" for place in places)
