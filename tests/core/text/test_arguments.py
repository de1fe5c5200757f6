"""What people write after a command."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.text.arguments import (
    Command,
    NotUnderstoodError,
    Period,
    read_command,
    read_count,
    read_region,
    read_span,
)

NAMES = {
    "kharkiv oblast": "UA-63",
    "kharkiv": "UA-63",
    "харківська область": "UA-63",
    "київ": "UA-30",
    "київська": "UA-32",
}


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        ("/swaps", Command("swaps", ())),
        ("/swaps@VistkaBot 2025-05  2025-06", Command("swaps", ("2025-05", "2025-06"))),
        ("/EVENT_12", Command("event", ("12",))),
        ("/event_12@vistkabot", Command("event", ("12",))),
        ("/event12", Command("event", ("12",))),
        ("/strikes\nХарків", Command("strikes", ("Харків",))),
        ("/swaps@OtherBot", None),
        ("swaps", None),
        ("/", None),
        ("/нове", None),
    ],
)
def test_a_command_is_its_name_and_words(message, wanted):
    assert read_command(message, "VistkaBot") == wanted


@given(st.text())
def test_no_message_breaks_the_reading_of_commands(message):
    read_command("/" + message, "VistkaBot")


@pytest.mark.parametrize(
    ("word", "first", "last"),
    [
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2025-06-09", date(2025, 6, 9), date(2025, 6, 9)),
        ("9.06.2025", date(2025, 6, 9), date(2025, 6, 9)),
    ],
)
def test_a_span_is_a_day_a_month_or_a_year(word, first, last):
    assert read_span(word) == Period(first, last)


@pytest.mark.parametrize("word", ["soon", "2025-13", "31.02.2025", "1812", ""])
def test_what_is_no_span_is_none(word):
    assert read_span(word) is None


@pytest.mark.parametrize(
    ("words", "code", "rest"),
    [
        ((), "", ()),
        (("2025-05",), "", ("2025-05",)),
        (("Kharkiv", "2025-05"), "UA-63", ("2025-05",)),
        (("Kharkiv", "Oblast"), "UA-63", ()),
        (("харків",), "UA-63", ()),
    ],
)
def test_a_region_is_taken_from_the_front(words, code, rest):
    assert read_region(words, NAMES) == (code, rest)


@pytest.mark.parametrize("word", ["київс", "Atlantis", "kha"])
def test_a_region_that_is_unknown_or_too_short_is_refused(word):
    if word == "київс":
        assert read_region((word,), NAMES) == ("UA-32", ())
        return
    with pytest.raises(NotUnderstoodError):
        read_region((word,), NAMES)


def test_a_beginning_that_fits_two_regions_is_refused():
    with pytest.raises(NotUnderstoodError):
        read_region(("орло",), {"орловская": "RU-ORL", "орлова земля": "RU-XX"})


def test_a_count_has_a_default_and_a_ceiling():
    assert (read_count((), 5, 30), read_count(("7",), 5, 30), read_count(("9" * 40,), 5, 30)) == (5, 7, 30)
    for word in ("0", "-1", "five", "²"):
        with pytest.raises(NotUnderstoodError):
            read_count((word,), 5, 30)
