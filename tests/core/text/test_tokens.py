"""Tokens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.text.tokens import Tokenizer, figure_keys, split, tokens


def _same(word: str) -> frozenset[str]:
    return frozenset({word})


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a 1,000-for-1,000 swap", "a|1,000|-|for|-|1,000|swap"),
        ("обмін 175-на-175", "обмін|175|-|на|-|175"),
        ("July 3-4", "July|3|-|4"),
        ("8–9 червня", "8|–|9|червня"),
        ("1 212 тіл, 57-річний", "1 212|тіл|,|57-річний"),
        ("the 66th, 66-й, 20-ти", "the|66th|,|66-й|,|20-ти"),
        ("Shahed-136 and Х-101", "Shahed-136|and|Х-101"),
        ("at 20:30 on 09.06.2025", "at|20:30|on|09.06.2025"),
        ("2025-06-09 2,5 тис.", "2025-06-09|2,5|тис|."),
        ("п’ять дронів-камікадзе", "п’ять|дронів-камікадзе"),
        ("10 a.m. in the U.S.", "10|a.m.|in|the|U.S."),
        ("т.зв. «республіка»...", "т.зв.|«|республіка|»|..."),
        ("$5 40% №3 57-year-old", "$|5|40|%|№|3|57-year-old"),
        ("6,000 killed, 3", "6,000|killed|,|3"),
    ],
)
def test_text_falls_into_words_figures_and_signs(text: str, parts: str) -> None:
    assert [part for part, _, _ in split(text)] == parts.split("|")


def test_tokens_know_their_spelling_and_forms() -> None:
    first, second = tokens("Ракетно-дронова U.S.", _same)
    assert (first.fold, first.lemmas, first.kind) == (
        "ракетно-дронова",
        {"ракетно-дронова", "ракетно", "дронова"},
        "word",
    )
    assert (second.text, second.fold) == ("U.S.", "u.s")


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("9", {"$day"}),
        ("9th", {"$day"}),
        ("9-го", {"$day"}),
        ("32", set()),
        ("2025", {"$year"}),
        ("09.06.2025", {"$date"}),
        ("09.06", {"$daymonth"}),
        ("Kyiv", {"$cap"}),
        ("kyiv", set()),
    ],
)
def test_figures_and_capitals_are_elements_by_their_looks(text: str, keys: set[str]) -> None:
    assert set(figure_keys(tokens(text, _same)[0])) == keys


@given(st.text())
def test_tokens_lose_nothing_but_blanks(text: str) -> None:
    assert "".join("".join(part for part, _, _ in split(text)).split()) == "".join(text.split())


@given(
    st.lists(st.sampled_from(["1", "12", "212", "2123", "п'ять", "U.S.", "3-4,", "Х-101", "\u00a0", "\n", "-"])).map(
        " ".join
    )
)
def test_a_text_is_split_the_same_piece_by_piece(text: str) -> None:
    assert [token.text for token in Tokenizer(_same)(text)] == [part for part, _, _ in split(text)]
