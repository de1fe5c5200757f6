"""The pages of settings and of the command line are what the code makes them."""

from __future__ import annotations

import re

import click
import pytest

from bot.__main__ import vistka
from bot.settings import SECRETS, Settings
from tests.deploy.files import ROOT, loaded


@pytest.mark.parametrize("name", ["settings", "cli"])
def test_the_page_is_in_step_with_the_code(name):
    script = loaded(f"scripts/{name}.py")
    assert script.PAGE.read_text(encoding="utf-8") == script.page(), f"run python scripts/{name}.py"


def test_every_setting_says_what_it_means():
    assert all(field.description and field.description.endswith(".") for field in Settings.model_fields.values())
    assert {name.lower() for name in SECRETS} <= Settings.model_fields.keys()


def shown():
    """Yield every command line of the program that a page shows in a block of code, with the page."""
    for path in (ROOT / "README.md", *ROOT.glob("deploy/*.md"), *ROOT.glob("docs/**/*.md")):
        for line in code(path.read_text(encoding="utf-8")):
            found = re.search(r"(?:^|[\s/])vistka ([a-z]+\b[^|<>#&;]*)", line.rstrip("\\"))
            if found and "=" not in line.partition("vistka ")[0]:
                yield pytest.param(found[1].split(), id=f"{path.name}: {found[0].strip()}")


def code(text):
    """Yield the lines of a page that are in a block of code."""
    fenced = False
    for line in text.splitlines():
        fenced ^= line.strip().startswith("```")
        if fenced or line.startswith("    "):
            yield line


@pytest.mark.parametrize("words", list(shown()))
def test_a_command_that_a_page_shows_is_taken_as_it_stands(words):
    command, name = vistka, words[0]
    while isinstance(command, click.Group):
        name, *words = words
        command = command.get_command(click.Context(command), name)
        assert command is not None, name
    command.make_parser(click.Context(command)).parse_args(words)  # raises where there is no such option


def test_pages_show_commands():
    assert len(list(shown())) >= 15
