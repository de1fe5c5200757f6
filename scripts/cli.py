"""Writes docs/reference/cli.md from the commands of the program: what each is called, takes and does.

python scripts/cli.py
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import click  # noqa: E402

from bot.__main__ import vistka  # noqa: E402

PAGE = ROOT / "docs" / "reference" / "cli.md"
HEAD = """# The command line

`vistka COMMAND --help` says the same. Exit codes: 0 done, 1 an operation failed, 2 wrong usage or settings; errors are one line on
standard error that says what, where and the remedy, below a hint at the usage where a command was misspelt. Settings come from [the environment or `.env`](settings.md). This page is
written by `scripts/cli.py`; a test fails when it is out of step.
"""


def commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    """Yield every command below a group with the words that call it."""
    with click.Context(group) as context:
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            if isinstance(command, click.Group):
                yield from commands(command, f"{path} {name}")
            elif command is not None:
                yield f"{path} {name}", command


def section(path: str, command: click.Command) -> str:
    """Return what is said of a command."""
    with click.Context(command, info_name=path) as context:
        usage = " ".join(command.collect_usage_pieces(context))
        told = [each.get_help_record(context) for each in command.params if isinstance(each, click.Option)]
    text = "\n\n".join(" ".join(part.split()) for part in (command.help or "").split("\n\n"))
    options = "".join(f"- `{name}`: {says}\n" for name, says in filter(None, told))
    return f"\n## {path}\n\n`{path} {usage}`\n\n{text}\n" + (f"\n{options}" if options else "")


def page() -> str:
    """Return the page."""
    return HEAD + "".join(section(path, command) for path, command in commands(vistka, "vistka"))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
