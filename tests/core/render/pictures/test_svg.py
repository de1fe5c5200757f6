"""SVG as text."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.render.pictures.palette import PALETTES, SMALL
from bot.core.render.pictures.svg import fitting, number, picture, width, words


@given(st.text())
def test_whatever_is_said_the_picture_stays_well_formed(said):
    root = ET.fromstring(picture([words(said, 1, 2)], PALETTES["light"], ""))
    assert len(list(root)) == 3


def test_markup_in_words_is_shown_and_not_followed():
    assert "&lt;script&gt;" in words("<script>", 0, 0)


@example(-0.5)
@example(-0.01)
@given(st.floats(-(10**4), 10**4))
def test_lengths_are_short_and_true_to_a_tenth(value):
    assert abs(float(number(value)) - value) <= 0.051
    assert len(number(value)) <= 8


def test_a_line_that_is_too_long_is_set_smaller_but_never_too_small_to_read():
    assert fitting("short", 46, 1000) == 46
    assert SMALL < fitting("a rather long heading of a picture", 46, 600) < 46
    assert fitting("x" * 500, 46, 600) == SMALL


def test_wide_letters_are_wider():
    assert width("Щ", 10) > width("о", 10) > width("і", 10)
