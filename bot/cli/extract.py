"""`vistka extract`: read reports out of items given as JSON Lines on standard input."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial

import click

from bot.cli._explain import show
from bot.cli._lines import ItemLines, complain, report_fields, write_line
from bot.cli._progress import progress
from bot.cli._reading import load_reader
from bot.core.extract import Reader, Reason
from bot.core.kinds import Kind
from bot.core.model import Item


@click.command()
@click.option("--explain", is_flag=True, help="Add why each item does or does not report an event.")
@click.pass_context
def extract(context: click.Context, *, explain: bool) -> None:
    """Read items (JSON Lines with at least id, title and published) and print what each one reports.

    A line that is no item is named on standard error and skipped; the exit code is then 1. In a terminal, --explain
    prints for each fact its words and the rule that read them; elsewhere this is the list "reasons" of the JSON.
    """
    reader = load_reader()
    lines = ItemLines(sys.stdin.buffer, complain)
    tell = show if explain and sys.stdout.isatty() else partial(_write, reader.kinds, explain=explain)
    for item in progress(lines, "reading"):
        tell(item, _read(reader, item, lines))
    if lines.bad:
        context.exit(1)


def _read(reader: Reader, item: Item, lines: ItemLines) -> Sequence[Reason]:
    try:
        return reader.explain(item)
    except Exception as error:  # noqa: BLE001  the lines after it are still to be read
        lines.bad += 1
        complain(f"item {item.id}: cannot be read ({type(error).__name__}: {error}); please report it with the item")
        return ()


def _write(kinds: Sequence[Kind], item: Item, reasons: Sequence[Reason], *, explain: bool) -> None:
    known = {kind.name: kind for kind in kinds}
    reports = [report_fields(report, known[report.kind]) for reason in reasons for report in reason.reports]
    why = {"reasons": [line for reason in reasons for line in reason.lines()]} if explain else {}
    write_line({"id": item.id, "reports": reports, **why})


COMMAND: click.Command = extract
