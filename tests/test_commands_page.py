"""The page of all commands is what the code and the words make it, and names only what there is."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from pathlib import Path

import pytest

from handlers import answer
from tests.examples import BOOKS, exchange, strike
from tests.handlers.asking import BUTTONS, COMMANDS, asking, desk, store_with

ROOT = Path(__file__).parents[1]
SCRIPT, PAGE = ROOT / "scripts" / "commands.py", ROOT / "docs" / "reference" / "commands.md"
ROWS = tomllib.loads(PAGE.with_name("parity.toml").read_text(encoding="utf-8"))["row"]


spec = importlib.util.spec_from_file_location("commands_page", SCRIPT)
assert spec is not None
assert spec.loader is not None
script = importlib.util.module_from_spec(spec)
spec.loader.exec_module(script)


def test_the_page_is_in_step_with_the_code_and_the_words():
    assert PAGE.read_text(encoding="utf-8") == script.render(), "run python scripts/commands.py"


def test_the_page_has_every_command_and_family_once():
    text = PAGE.read_text(encoding="utf-8")
    assert sorted(re.findall(r"^### /(\w+)$", text, re.MULTILINE)) == sorted(COMMANDS)
    assert sorted(re.findall(r"^\| `(\w+):` \|", text, re.MULTILINE)) == sorted(BUTTONS)


def test_the_buttons_that_are_named_are_there():
    assert set(script.UNDER) <= set(BUTTONS)
    assert {name for names in script.UNDER.values() for name in names} <= set(COMMANDS)


async def test_the_lists_have_the_buttons_that_the_page_names():
    store = await store_with(*(strike() for _ in range(11)), *(exchange() for _ in range(11)))
    for name, words in (("swaps", ()), ("strikes", ()), ("digest", ("2025",)), ("search", ("2025",)), ("stats", ())):
        message = await answer(COMMANDS[name], asking(desk(store), words))
        assert {button.data.split(":")[0] for row in message.buttons for button in row} == {"page"}, name


def test_every_command_says_how_it_is_written_and_what_it_does():
    text = PAGE.read_text(encoding="utf-8")
    for name in COMMANDS:
        assert re.search(rf"^### /{name}\n\n`/{name}\b[^`]*`: .+\.$", text, re.MULTILINE), name


@pytest.mark.parametrize("row", ROWS, ids=[row["wish"] for row in ROWS])
def test_what_the_parity_table_names_exists(row):
    assert row["where"]
    for named in row["where"]:
        assert named[1:] in COMMANDS if named.startswith("/") else (ROOT / named).exists(), named


def test_the_parity_table_is_no_short_list():
    assert len(ROWS) >= 20


@pytest.mark.parametrize("language", ["en", "uk", "ru"])
async def test_every_example_is_answered(language):
    store, phrases = await store_with(strike(), exchange()), BOOKS[language].texts["question"]
    refusals = (phrases["unknown"], phrases["many_numbers"], phrases["search_usage"], phrases["which"])
    for examples in phrases["example"].values():
        for example in examples:
            name, *words = example.split()
            text = (await answer(COMMANDS[name[1:]], asking(desk(store), words, language))).text
            assert not any(text.startswith(refusal[:12]) for refusal in refusals if refusal[0] not in "“«"), example
            assert "{" not in text
