"""The command line `vistka`: finds the commands in `bot/cli/`, turns expected failures into one line and an exit code.

Exit codes: 0 done, 1 an operation failed, 2 wrong usage or settings. Commands are imported only when they are run, so that
`vistka --help` is quick.
"""

from __future__ import annotations

import ast
import errno
import importlib
import os
import pkgutil
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

import bot.cli
from bot.ports import VistkaError

UNWRITABLE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG})


class Commands(click.Group):
    """The modules of `bot/cli`, each a command that ends in `COMMAND`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands by their modules."""
        del ctx
        return sorted(module.name for module in pkgutil.iter_modules(bot.cli.__path__) if module.name[0] != "_")

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command; None where there is no such module."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module: Any = importlib.import_module(f"bot.cli.{cmd_name}")
        command: click.Command = module.COMMAND
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with their lines."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, _summary(name)) for name in self.list_commands(ctx)])


def _summary(name: str) -> str:
    """Take a command's line out of its module's docstring, which help reads without importing the module."""
    source = (Path(bot.cli.__file__).parent / f"{name}.py").read_text(encoding="utf-8")
    first = (ast.get_docstring(ast.parse(source)) or "").splitlines()[0]
    line = first.partition(": ")[2]
    return line[:1].upper() + line[1:]


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("vistka"), prog_name="vistka")
def vistka() -> None:
    """Vistka reads news of prisoner swaps and strikes and keeps one living Telegram post per event."""


def main() -> None:
    """Run the command line; print an expected failure as one line."""
    if sys.stdin is None or sys.stdout is None:
        click.echo("vistka: standard input or output is closed; use /dev/null where it is not wanted", err=True)
        sys.exit(2)
    try:
        vistka()
    except VistkaError as error:
        click.echo(f"vistka: {error}", err=True)
        sys.exit(error.exit_code)
    except OSError as error:
        if error.errno not in UNWRITABLE:
            raise
        click.echo(f"vistka: the output cannot be written ({error.strerror}); make room there", err=True)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what is still buffered has nowhere to go at the exit
        sys.exit(1)


if __name__ == "__main__":
    main()
