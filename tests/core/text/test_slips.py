"""Words that are one slip apart, and words without their endings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.text.slips import Known, is_slip
from bot.core.text.stems import SHORTEST, stem

WORD = st.text(alphabet="абв", min_size=1, max_size=6)


def slipped(word: str) -> set[str]:
    """Return everything that is one slip from a word of these letters, by trying all of them."""
    places = range(len(word) + 1)
    others = {word[:at] + word[at + 1 :] for at in places}
    others |= {word[:at] + letter + word[at + rest :] for at in places for letter in "абв" for rest in (0, 1)}
    others |= {word[:at] + word[at : at + 2][::-1] + word[at + 2 :] for at in places}
    return others - {word, ""}


@given(one=WORD, other=WORD)
def test_a_slip_is_one_letter_more_less_other_or_two_changed_round(one, other):
    assert is_slip(one, other) == (other in slipped(one)) == is_slip(other, one)


@given(word=WORD, known=st.lists(WORD, max_size=40, unique=True))
def test_what_is_near_is_found_and_the_same_first_letter_goes_first(word, known):
    near = {each for each in known if each in slipped(word)}
    alike = {each for each in near if each[0] == word[0]}
    assert set(Known(known).near(word)) == (alike or near)


@pytest.mark.parametrize(
    ("one", "other"), [("лікарня", "лікарнею"), ("больница", "больницу"), ("школа", "школі"), ("hospitals", "hospital")]
)
def test_the_forms_of_a_word_have_one_beginning(one, other):
    assert stem(one) == stem(other)


@given(word=st.text(min_size=1, max_size=20))
def test_a_stem_is_a_beginning_and_never_too_short(word):
    assert word.startswith(stem(word))
    assert len(stem(word)) >= min(SHORTEST, len(word))
