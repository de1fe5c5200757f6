"""English dictionary forms."""

from __future__ import annotations

import pytest

from bot.core.text.english import english_lemmas

LEMMAS = english_lemmas({"men": "man", "struck": "strike"})


@pytest.mark.parametrize(
    ("word", "lemma"),
    [
        ("prisoners", "prisoner"),
        ("bodies", "body"),
        ("crashes", "crash"),
        ("injured", "injure"),
        ("wounded", "wound"),
        ("carried", "carry"),
        ("freed", "free"),
        ("swapped", "swap"),
        ("exchanging", "exchange"),
        ("hitting", "hit"),
        ("killing", "kill"),
        ("men", "man"),
        ("struck", "strike"),
        ("ukraine's", "ukraine"),
        ("prisoners'", "prisoner"),
        ("men's", "man"),
        ("glass", "glass"),
        ("a", "a"),
        ("ing", "ing"),
    ],
)
def test_every_form_leads_to_its_dictionary_form(word: str, lemma: str) -> None:
    assert lemma in LEMMAS(word)


def test_a_word_that_ends_in_double_s_is_no_plural() -> None:
    assert LEMMAS("glass") == {"glass"}
