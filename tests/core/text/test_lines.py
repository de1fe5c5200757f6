"""Tables kept as one text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.text.lines import Lines

WORDS = st.text(st.characters(exclude_characters="\t\n", exclude_categories=["Cs"]), max_size=6)


@given(st.dictionaries(WORDS, WORDS), WORDS)
def test_lines_are_a_dict(table: dict[str, str], other: str) -> None:
    lines = Lines(table.items())
    assert dict(lines.items()) == table
    assert all(lines[key] == value for key, value in table.items())
    assert lines.get(other) == table.get(other)


@pytest.mark.parametrize("key", ["Ки", "Київ\tKy", "\ud800", ""])
def test_what_only_looks_like_a_key_is_none(key: str) -> None:
    assert key not in Lines([("Київ", "Kyiv"), ("Харків", "Kharkiv")])
