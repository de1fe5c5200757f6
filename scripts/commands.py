"""Writes docs/reference/commands.md from the code and the words: what people can ask, press and type, and who answers it.

python scripts/commands.py          writes the page
python scripts/commands.py --check  says whether it is in step
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import handlers  # noqa: E402
from bot.adapters.phrases import load_phrasebooks  # noqa: E402
from handlers import Buttons, Command, Inline, Texts  # noqa: E402

PAGE = ROOT / "docs" / "reference" / "commands.md"
PARITY = PAGE.with_name("parity.toml")
LANGUAGES = ("en", "uk", "ru")
ROLES = {"reader": "everyone", "editor": "editors and admins", "admin": "admins"}
PLACES = {"private": "private chat", "group": "group", "managers": "group (its admins)"}
UNDER = {
    "page": ("swaps", "strikes", "digest", "search", "latest", "stats", "sources", "map", "chart"),
    "set": ("subscribe", "settings", "channel", "channels"),
    "show": ("origins", "timeline"),
    "desk": ("queue", "post", "hold", "reject", "merge", "split", "correct"),
}
"""The families of buttons that stand under the answers of commands."""
HEAD = """# Commands

What people can ask the bot, in which words, and what they get. This page is written by `scripts/commands.py` from the code and
the words in `bot/data/<language>/ui`; a test fails when it is out of step.

Days, regions, towns and kinds are read in English, Ukrainian and Russian, in any order and case, whatever language the answer
is in; one slip of the keyboard is put right and said so, and what may be two things is asked back with buttons. The words are in
`bot/data/<language>/asking.toml`.

A command is answered wherever it is asked; "menu" says where it is offered. Channels have no menu: what is written there as the
channel is answered there, and everything about them is set up from the private chat with one of their admins (`/channel`). Buttons
of an answer work for who asked, in that chat, under that message, for 48 hours.
"""


def modules() -> Iterator[ModuleType]:
    """Yield the modules of the commands and buttons."""
    for found in sorted(pkgutil.iter_modules(handlers.__path__), key=lambda each: each.name):
        if not found.name.startswith("_"):
            yield importlib.import_module(f"handlers.{found.name}")


def plugs(module: ModuleType) -> Iterator[Any]:
    """Yield what a module brings."""
    yield from (getattr(module, name) for name in handlers.PLUG_INS if hasattr(module, name))


def told(module: ModuleType) -> tuple[str, str]:
    """Return how a command is written and what it does, as the module's first line says."""
    line = (module.__doc__ or "").splitlines()[0]
    usage, _, what = line.partition("`: ")
    return usage.lstrip("`"), what.rstrip(".")


def render() -> str:
    """Return the page."""
    named = sorted(
        ((plug, module) for module in modules() for plug in plugs(module) if isinstance(plug, Command)),
        key=lambda pair: pair[0].order,
    )
    parts = [HEAD]
    for role, heading in (("reader", "For everyone"), ("editor", "For editors"), ("admin", "For admins")):
        own = [pair for pair in named if pair[0].role == role]
        parts += [f"## {heading}\n", *(_command(plug, module) for plug, module in own)] if own else []
    return "\n".join([*parts, _buttons(), _others(), _parity()]).rstrip() + "\n"


def _command(command: Command, module: ModuleType) -> str:
    usage, what = told(module)
    lines = [f"### /{command.name}\n", f"`{usage}`: {what}.\n"]
    for language in LANGUAGES:
        texts = BOOKS[language].texts
        line = {**texts["menu"], **texts["desk_menu"]}.get(command.name)
        examples = texts["question"]["example"].get(command.name, ())
        said = [*([line] if line else []), *(f"`{example}`" for example in examples)]
        lines += [f"- {language}: {' · '.join(said)}"] if said else []
    menus = (
        ", ".join(PLACES[place] for place in PLACES if place in command.offered)
        if line
        else "none (a button leads here)"
    )
    under = ", ".join(f"`{family}:`" for family, names in UNDER.items() if command.name in names)
    buttons = f"; buttons: {under}" if under else ""
    return "\n".join([*lines, f"- who: {ROLES[command.role]}; menu: {menus}{buttons}\n"])


def _buttons() -> str:
    rows = ["## Buttons\n", "| family | what they do | who | in |", "|---|---|---|---|"]
    for module in modules():
        for plug in plugs(module):
            if isinstance(plug, Buttons):
                what = (module.__doc__ or "").splitlines()[0].replace("|", "\\|").rstrip(".")
                rows.append(f"| `{plug.prefix}:` | {what} | {ROLES[plug.role]} | `{_path(module)}` |")
    return "\n".join([*rows, ""])


def _others() -> str:
    rows = ["## Without a command\n"]
    for module in modules():
        for plug in plugs(module):
            if isinstance(plug, Inline | Texts):
                sort = "inline mode, in any chat" if isinstance(plug, Inline) else "messages that are no commands"
                rows.append(f"- {sort} (`{_path(module)}`): {(module.__doc__ or '').splitlines()[0]}")
    return "\n".join([*rows, ""])


def _path(module: ModuleType) -> str:
    return str(Path(str(module.__file__)).relative_to(ROOT))


def _parity() -> str:
    """Return what people ask of such bots, and where it is answered."""
    rows = [
        "## What people ask of such bots, and where it is answered\n",
        "| wish | asked for | here | see |",
        "|---|---|---|---|",
    ]
    for row in tomllib.loads(PARITY.read_text(encoding="utf-8"))["row"]:
        where = ", ".join(f"`{each}`" for each in row["where"])
        rows.append(f"| {row['wish']} | {row['asked']} | {row['here']} | {where} |")
    return "\n".join([*rows, ""])


BOOKS = load_phrasebooks({}, {})

if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(PAGE.read_text(encoding="utf-8") != render())
    PAGE.write_text(render(), encoding="utf-8")
