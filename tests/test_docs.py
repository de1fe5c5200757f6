"""What the documents name exists, and what exists is named."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from dataclasses import fields
from pathlib import Path

import pytest

import bot.cli
import handlers
from bot.core.kinds import Kind, Slot
from bot.plugins import discover
from bot.settings import PREFIX, SECRETS, Settings
from handlers import Command

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"


def test_the_example_names_every_setting_and_no_other():
    named = set(re.findall(r"VISTKA_\w+(?==)", (ROOT / ".env.example").read_text(encoding="utf-8")))
    settings = {PREFIX + name.upper() for name in Settings.model_fields}
    assert named == settings | {f"{PREFIX}{name}_FILE" for name in SECRETS}


def test_the_readme_names_every_command_of_the_program():
    text = README.read_text(encoding="utf-8")
    for path in Path(bot.cli.__file__).parent.glob("[a-z]*.py"):
        assert f"vistka {path.stem}" in text


def test_the_readme_names_every_command_of_the_chat():
    text = README.read_text(encoding="utf-8")
    for plug in discover(handlers, *handlers.PLUG_INS):
        assert not isinstance(plug, Command) or f"/{plug.name}" in text


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("*.md")) + sorted(ROOT.glob("docs/**/*.md")) + sorted(ROOT.glob("deploy/*.md")), ids=str
)
def test_a_link_to_a_file_leads_somewhere(path):
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), f"{path.name} links to {target}"


def test_the_index_leads_to_every_document():
    docs = ROOT / "docs"
    linked = set(re.findall(r"\]\(([^)#]+)", (docs / "README.md").read_text(encoding="utf-8")))
    assert {str(path.relative_to(docs)) for path in docs.rglob("*.md")} - {"README.md"} <= linked


def test_the_howto_names_everything_that_a_kind_and_its_slots_bring():
    text = (ROOT / "docs" / "howto" / "add-a-kind.md").read_text(encoding="utf-8")
    for field in (*fields(Kind), *fields(Slot)):
        assert re.search(rf"`{field.name}\b", text), field.name


def test_the_readme_names_every_module_beside_the_folders():
    text = README.read_text(encoding="utf-8")
    for path in (ROOT / "bot").glob("[a-z]*.py"):
        assert path.name in text or path.stem in ("plugins", "ports", "settings"), path.name


def test_what_is_said_of_the_log_is_what_it_says():
    logged = logged_events()
    named: set[str] = set()
    for events, levels, values in table_of_events():
        for event in events:
            said = [logged[level, event] for level in levels if (level, event) in logged]
            assert said, f"{event} is logged at none of {levels}"
            given = set().union(*said)
            assert "**" in given or values <= given, f"{event} has no {values - given}"
        named |= events
    assert {event for level, event in logged if level == "error"} <= named


def table_of_events():
    """Return of each row of the table of events what they are called, at which levels, and with which values."""
    text = (ROOT / "docs" / "howto" / "watch.md").read_text(encoding="utf-8").partition("## Logs")[2]
    rows = [line.split("|")[1:4] for line in text.splitlines() if line.startswith("| `")][1:]
    return [
        (set(re.findall("`([^`]+)`", events)), set(re.findall(r"\w+", levels)), set(re.findall("`([^`]+)`", values)))
        for events, levels, values in rows
    ]


def logged_events():
    """Return the names of the values that each event is logged with, by level and event; `**` where they are gathered elsewhere."""
    logged = defaultdict(set)
    for path in (path for folder in ("bot", "handlers") for path in (ROOT / folder).rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "structlog" not in text:
            continue
        for call in (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call) and node.args):
            if isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value).lower() == "log":
                event = ast.literal_eval(call.args[0])
                logged[call.func.attr, event] |= {keyword.arg or "**" for keyword in call.keywords}
    return logged


def test_no_lock_file_names_a_registry():
    for lock in ROOT.glob("requirements*.lock"):
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text
        pins = re.split(r"(?m)^(?=\S+==)", text)[1:]
        assert pins
        assert [pin for pin in pins if "--hash=sha256:" not in pin] == []


def test_every_picture_of_the_readme_is_there_small_and_told_in_words():
    shown = dict(re.findall(r'<img src="([^"]+)"[^>]*? alt="([^"]+)"', README.read_text(encoding="utf-8")))
    assert {path.name for path in (ROOT / "docs" / "pictures").iterdir()} == {Path(name).name for name in shown}
    assert all((ROOT / name).stat().st_size <= 150 * 1024 for name in shown)
    assert all(len(alt) > 80 for alt in shown.values())
