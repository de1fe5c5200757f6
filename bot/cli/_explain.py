"""What the reader made of an item, told to a person: each fact with its words in their sentence, and the rule.

`vistka extract --explain` prints this where its output is a terminal; elsewhere the same reasons are part of the JSON.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Column, Table
from rich.text import Text

from bot.core.extract import Reason, headline, value_of
from bot.core.model import Evidence, Item, Report
from bot.core.text.normalise import clean

AROUND = 30
"""Characters shown before and after the words of a fact."""
WIDEST = 80
"""Columns of the terminal that these words may take."""


def explanation(item: Item, reasons: Sequence[Reason]) -> Group:
    """Return the item's headline, then for each kind its reports as tables of facts, or why it has none."""
    fields = {"title": clean(item.title), "summary": clean(item.summary), "body": clean(item.body or "")}
    told = [part for reason in reasons for part in _reason(reason, fields)]
    origin = f"{item.id} · {item.source.name} · {item.published:%Y-%m-%d %H:%M} UTC"
    return Group(Text(fields["title"], "bold"), Text(origin, "dim"), *told, "")


def show(item: Item, reasons: Sequence[Reason]) -> None:
    """Print the explanation of an item on standard output."""
    Console(highlight=False).print(explanation(item, reasons))


def _reason(reason: Reason, fields: dict[str, str]) -> Sequence[Text | Padding]:
    if not reason.reports:
        return [Text("".join(reason.lines()), "dim")]
    return [part for report in reason.reports for part in (Text(headline(report), "green"), _facts(report, fields))]


def _facts(report: Report, fields: dict[str, str]) -> Padding:
    words = Column(ratio=1, max_width=WIDEST)
    table = Table.grid(Column(no_wrap=True), Column(max_width=24), words, Column(no_wrap=True), padding=(0, 1))
    for number, each in enumerate(report.evidence):
        shown = _in_context(each, fields[each.field])
        again = any(each.slot == before.slot for before in report.evidence[:number])
        fact = ("", "") if again else (each.slot, Text(value_of(report, each.slot), "bold"))
        table.add_row(*fact, shown, Text(each.rule, "dim"))
    return Padding(table, (0, 0, 0, 2))


def _in_context(evidence: Evidence, text: str) -> Text:
    start, end = max(0, evidence.start - AROUND), evidence.end + AROUND
    before, after = text[start : evidence.start], text[evidence.end : end]
    shown = Text(("…" if start else "") + before.replace("\n", " "), "dim")
    shown.append(evidence.text, "not dim underline")
    return shown.append(after.replace("\n", " ") + ("…" if end < len(text) else ""))
