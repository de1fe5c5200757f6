"""Dictionary forms from pymorphy3."""

from __future__ import annotations

from bot.adapters.morphology import LONGEST, lemmas_of


def test_all_readings_of_a_word_are_kept_and_folded() -> None:
    assert {"сорок", "сорока"} <= lemmas_of("ru")("сорока")
    assert "полонений" in lemmas_of("uk")("полоненими")
    assert "еще" in lemmas_of("ru")("еще")


def test_a_language_is_loaded_once() -> None:
    assert lemmas_of("uk") is lemmas_of("uk")


def test_an_endless_word_stands_for_itself() -> None:
    word = "а" * (LONGEST + 1)
    assert lemmas_of("ru")(word) == {word}
