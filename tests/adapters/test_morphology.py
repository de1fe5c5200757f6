"""Dictionary forms from pymorphy3."""

from __future__ import annotations

import pytest

from bot.adapters.morphology import lemmas_of


def test_all_readings_of_a_word_are_kept_and_folded() -> None:
    assert {"сорок", "сорока"} <= lemmas_of("ru")("сорока")
    assert "полонений" in lemmas_of("uk")("полоненими")
    assert "еще" in lemmas_of("ru")("еще")


def test_a_language_is_loaded_once() -> None:
    assert lemmas_of("uk") is lemmas_of("uk")


@pytest.mark.parametrize("word", ["а" * 41, "shahed", "𗀀", "т90м"])
def test_a_word_beyond_the_dictionary_stands_for_itself(word: str) -> None:
    assert lemmas_of("ru")(word) == {word}
