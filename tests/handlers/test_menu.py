"""Menus and languages."""

from __future__ import annotations

import pytest

import handlers
from bot.plugins import discover
from handlers import menu, spoken
from tests.examples import BOOKS

COMMANDS = discover(handlers, "COMMAND")


@pytest.mark.parametrize("language", ["en", "uk", "ru"])
def test_every_command_is_in_the_menu_of_every_language(language):
    entries = menu(COMMANDS, BOOKS[language])
    assert {name for name, _ in entries} == {command.name for command in COMMANDS}
    assert all(1 <= len(line) <= 256 for _, line in entries)


def test_commands_have_places_of_their_own():
    assert len({command.order for command in COMMANDS}) == len(COMMANDS)


@pytest.mark.parametrize(
    ("code", "language"), [("uk", "uk"), ("ru-RU", "ru"), ("be", "ru"), ("de", "en"), (None, "en"), ("", "en")]
)
def test_a_client_is_answered_in_its_language_or_the_nearest(code, language):
    assert spoken(code, BOOKS) == language
