"""The language of a text by its letters."""

from __future__ import annotations

import pytest

from bot.core.text.language import language_of


@pytest.mark.parametrize(
    ("text", "otherwise", "language"),
    [
        ("Prisoners came home", "uk", "en"),
        ("Полонені повернулися", "ru", "uk"),
        ("Пленники вернулись, их много", "uk", "uk"),
        ("Вернулись пленные бойцы", "uk", "ru"),
        ("Удар по Харкову", "ru", "ru"),
        ("Удар по Харкову", "uk", "uk"),
        ("Удар по Харкову", "en", "ru"),
        ("2025: 1 212", "uk", "uk"),
        ("Shahed вдарив по Одесі", "en", "uk"),
    ],
)
def test_letters_tell_the_language_and_the_item_decides_the_rest(text: str, otherwise: str, language: str) -> None:
    assert language_of(text, otherwise) == language
