"""Many phrases looked for at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.text.phrasebook import Phrasebook

PHRASES = ("полон", "тіл ", "на щиті", "read also", "could not be verified", "by", "a b c", "тіл\n")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("обмін полоненими", ["полон"]),
        ("повернення тіл загиблих", ["тіл "]),
        ("повернення тіл", []),
        ("тіл\nнові", ["тіл\n"]),
        ("загинув на щитіві", ["на щиті"]),
        ("this could not be verified by us", ["could not be verified", "by"]),
        ("xread also", ["read also"]),
        ("", []),
    ],
)
def test_phrases_are_found_wherever_they_stand(text: str, found: list[str]) -> None:
    assert Phrasebook(PHRASES).found(text) == found


@given(st.lists(st.text("ab \n", min_size=1, max_size=6), max_size=6), st.text("ab \n", max_size=30))
def test_a_phrasebook_finds_what_a_search_for_every_phrase_finds(phrases: list[str], text: str) -> None:
    expected = [phrase for phrase in dict.fromkeys(phrases) if phrase.split() and phrase in text]
    assert [each for each in Phrasebook(phrases).found(text) if each.split()] == expected
