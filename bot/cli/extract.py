"""`vistka extract`: read reports out of items given as JSON Lines on standard input."""

from __future__ import annotations

import sys
from typing import Any

import click

from bot.cli._lines import ItemLines, complain, report_fields, write_line
from bot.cli._progress import progress
from bot.cli._reading import load_reader
from bot.core.extract import Reader
from bot.core.model import Item


@click.command()
@click.option("--explain", is_flag=True, help="Add why each item does or does not report an event.")
@click.pass_context
def extract(context: click.Context, *, explain: bool) -> None:
    """Read items (JSON Lines with at least id, title and published) and print what each one reports.

    A line that is no item is named on standard error and skipped; the exit code is then 1.
    """
    reader = load_reader()
    lines = ItemLines(sys.stdin.buffer, complain)
    for item in progress(lines, "reading"):
        try:
            entry = _entry(reader, item, explain=explain)
        except Exception as error:  # noqa: BLE001  the lines after it are still to be read
            lines.bad += 1
            complain(
                f"item {item.id}: cannot be read ({type(error).__name__}: {error}); please report it with the item"
            )
            entry = {"id": item.id, "reports": []}
        write_line(entry)
    if lines.bad:
        context.exit(1)


def _entry(reader: Reader, item: Item, *, explain: bool) -> dict[str, Any]:
    kinds = {kind.name: kind for kind in reader.kinds}
    reasons = reader.explain(item)
    reports = [report_fields(report, kinds[report.kind]) for reason in reasons for report in reason.reports]
    why = {"reasons": [line for reason in reasons for line in reason.lines()]} if explain else {}
    return {"id": item.id, "reports": reports, **why}


COMMAND: click.Command = extract
