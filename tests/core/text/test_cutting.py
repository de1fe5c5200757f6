"""Where texts that are too long, or broke off, end: never within a number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.text.cutting import NEAR, between_words, unbroken, within


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Обстріл тривав. Загинули 1|200 осіб.", "Обстріл тривав."),
        ("Обстріл тривав\nЗагинули 1| 200 осіб.", "Обстріл тривав\n"),
        ("<p>Обстріл тривав</p><p>Загинули 1| 200", "<p>Обстріл тривав</p><p>"),
        ("Усі «вдома». «Їх 1| 200», сказали", "Усі «вдома»."),
        ("The toll of the strike rose to 1|,200", "The toll of the strike rose"),
        ("росіяни випустили 1 200| дронів", "росіяни"),
        ("12 345 |678", ""),
        ("цілеслово|", "цілеслово"),
    ],
)
def test_a_text_that_is_too_long_is_cut_within_no_number(text: str, kept: str) -> None:
    longest = text.index("|")
    whole = text.replace("|", "")
    assert within(whole, longest) == (kept if len(whole) > longest else whole)
    assert within(whole, len(whole)) == whole


@given(st.text(alphabet="А. 1\n<p>", max_size=60), st.integers(0, 70))
def test_a_cut_is_a_beginning_that_fits_and_ends_within_no_figure(text: str, longest: int) -> None:
    cut = within(text, longest)
    assert text.startswith(cut)
    assert len(cut) <= max(longest, 0)
    assert cut == text or not (cut[-1:].isdecimal() and text[len(cut)].isdecimal())


def test_an_end_is_looked_for_near_the_limit_alone() -> None:
    assert within("Так. А " + "я" * 2 * NEAR, 2 * NEAR) == "Так. А " + "я" * (2 * NEAR - 7)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Вдома 307.\n30", "Вдома 307."),
        ("Вдома 307. Серед них 1 2", "Вдома 307."),
        ("Вдома 307.\nСеред них поранені.", "Вдома 307.\nСеред них поранені."),
        ("Вдома 307.\n«Так», каже він. Усього 1", "Вдома 307.\n«Так», каже він."),
        ("30", ""),
    ],
)
def test_what_broke_off_ends_with_its_last_whole_line_or_sentence(text: str, kept: str) -> None:
    assert unbroken(text) == kept


def test_a_row_of_figures_is_no_place_to_cut() -> None:
    assert between_words("слово 12 345 678", 0, 14) == 5
    assert between_words("12 345 678", 0, 8) == 8
