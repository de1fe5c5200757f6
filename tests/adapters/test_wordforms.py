"""Dictionary forms without the library's long way round."""

from __future__ import annotations

from functools import cache

import pymorphy3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.wordforms import WordForms

LETTERS = "абвгдежзиклмнопрстуфхцчшщьюяіїєґёыэъ'-"


@cache
def analyzer(language: str) -> pymorphy3.MorphAnalyzer:
    return pymorphy3.MorphAnalyzer(lang=language)


@cache
def forms(language: str) -> WordForms:
    return WordForms(analyzer(language))


@pytest.mark.parametrize(
    ("language", "word"),
    [
        ("uk", "полонених"),
        ("uk", "києві"),
        ("uk", "грунт"),
        ("uk", "людей"),
        ("uk", "п'ять"),
        ("ru", "пленных"),
        ("ru", "еще"),
        ("ru", "самолетов"),
        ("ru", "стали"),
        ("ru", "все"),
    ],
)
def test_a_known_word_has_the_forms_that_the_library_gives(language: str, word: str) -> None:
    assert forms(language).normal_forms(word) == {parse.normal_form for parse in analyzer(language).parse(word)}


@pytest.mark.parametrize("word", ["щщщщ", "x", "", "шахед-136", "\x01", "полонених\x01"])
def test_an_unknown_word_has_none(word: str) -> None:
    assert forms("uk").normal_forms(word) == set()


@given(st.sampled_from(["uk", "ru"]), st.text(LETTERS, min_size=2, max_size=5))
def test_any_word_that_is_found_has_the_forms_that_the_library_gives(language: str, word: str) -> None:
    if found := forms(language).normal_forms(word):
        assert found == {parse.normal_form for parse in analyzer(language).parse(word)}
