"""Menus and languages."""

from __future__ import annotations

import pytest

from handlers import menu, spoken
from tests.examples import BOOKS
from tests.handlers.asking import COMMANDS as BY_NAME

COMMANDS = tuple(BY_NAME.values())
HIDDEN = {"origins", "timeline"}
"""What the buttons under posts stand for: nobody looks for it in a menu."""
PUBLIC = {command.name for command in COMMANDS if command.role == "reader"} - HIDDEN


@pytest.mark.parametrize("language", ["en", "uk", "ru"])
def test_every_command_is_in_the_menu_of_every_language(language):
    entries = menu(COMMANDS, BOOKS[language], "admin")
    assert {name for name, _ in entries} == {command.name for command in COMMANDS} - HIDDEN
    assert all(1 <= len(line) <= 256 for _, line in entries)


@pytest.mark.parametrize("language", ["en", "uk", "ru"])
def test_the_public_menu_has_nothing_that_only_admins_may(language):
    assert {name for name, _ in menu(COMMANDS, BOOKS[language])} == PUBLIC
    assert {"start", "help", "latest", "subscribe", "settings"} <= PUBLIC
    assert not PUBLIC & {"post", "hold", "reject", "merge", "split", "correct", "undo", "queue", "log"}


def test_a_menu_offers_what_its_place_is_for():
    book = BOOKS["en"]
    offered = {place: {name for name, _ in menu(COMMANDS, book, "reader", place)} for place in ("group", "managers")}
    assert "latest" in offered["group"]
    assert offered["managers"] - offered["group"] >= {"subscribe", "unsubscribe"}
    assert "start" not in offered["managers"]


def test_what_a_button_or_a_link_may_ask_is_everybody_s():
    assert {command.role for command in COMMANDS if command.again or command.linked} == {"reader"}
    assert {command.heading for command in COMMANDS if command.role != "reader"} == {"more"}


def test_an_editor_is_offered_what_editors_may():
    roles = {command.name: command.role for command in COMMANDS}
    names = {name for name, _ in menu(COMMANDS, BOOKS["en"], "editor")}
    assert names > PUBLIC
    assert {roles[name] for name in names} == {"reader", "editor"}


def test_commands_have_places_of_their_own():
    assert len({command.order for command in COMMANDS}) == len(COMMANDS)


@pytest.mark.parametrize(
    ("code", "language"), [("uk", "uk"), ("ru-RU", "ru"), ("be", "ru"), ("de", "en"), (None, "en"), ("", "en")]
)
def test_a_client_is_answered_in_its_language_or_the_nearest(code, language):
    assert spoken(code, BOOKS) == language
