"""The languages as the house loads them, once for all tests of the text engine."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from bot.adapters.languages import load_alphabets, read_languages
from bot.adapters.lexicons import load_boilerplate, load_language
from bot.core.text.boilerplate import Boilerplate
from bot.core.text.counting import counts
from bot.core.text.dates import Days
from bot.core.text.document import Sentence
from bot.core.text.language import Alphabets
from bot.core.text.numbers import find
from bot.core.text.reading import Language
from bot.core.text.tokens import tokens

TODAY = date(2025, 6, 10)  # a Tuesday


@cache
def language(code: str) -> Language:
    return load_language(code)


@cache
def boilerplate() -> Boilerplate:
    return load_boilerplate({code: language(code) for code in read_languages()})


class Engine:
    """Short ways to what the tests ask of a text."""

    def language(self, code: str) -> Language:
        return language(code)

    def alphabets(self) -> Alphabets:
        return load_alphabets()

    def boilerplate(self) -> Boilerplate:
        return boilerplate()

    def sentence(self, code: str, text: str) -> Sentence:
        words = language(code)
        parts = tokens(text, words.lemmas)
        return Sentence("title", 0, 0, text, 0, code, parts, find(parts, words.numbers))

    def numbers(self, code: str, text: str) -> list[str]:
        sentence = self.sentence(code, text)
        kept = counts(sentence.numbers, sentence.tokens, language(code).numbers)
        return [f"{number.value}{'th' if number.ordinal else ''}" for number in kept]

    def dates(self, code: str, text: str, today: date = TODAY) -> list[str]:
        found = language(code).dates.find(self.sentence(code, text), Days.on(today))
        return [
            f"{each.rule} {each.day}"
            + (f"/{each.last_day}" if each.last_day != each.day else "")
            + " night" * each.night
            for each in found
        ]


@pytest.fixture(scope="session")
def engine() -> Engine:
    return Engine()
