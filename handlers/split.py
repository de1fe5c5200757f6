"""`/split N K`: report K of event N tells of another event."""

from __future__ import annotations

from bot.core.model import Event, Message, ReportId
from bot.core.render.buttons import report_key
from bot.core.text.arguments import read_number
from handlers import Ask, Command


async def answer(ask: Ask) -> Message:
    """Keep a report out of the event; it finds another one, or makes its own."""
    event = await ask.subject("desk.split_usage")
    report = await _report(ask, event)
    if len(event.reports) == 1:
        raise ask.refusal("desk.only_report", id=event.id)
    ruled = await ask.desk.rulings.rule("split", event.id, ask.user_id, report=report)
    holders = (each.id for each in ruled.events if report in {held.id for held in each.reports})
    return ask.done(ruled.ruling, "desk.done_split", next(holders, event.id))


async def _report(ask: Ask, event: Event) -> ReportId:
    """Return the report that is meant: by its number in `/why N`, or by its key, which a button carries."""
    placed = await ask.desk.queries.placed(event.id)
    reports = [each.report.id for each in placed]
    keyed = {report_key(report): report for report in reports}
    word = ask.words[1] if len(ask.words) > 1 else ""
    if word in keyed:
        return keyed[word]
    number = read_number([word], "desk.split_usage")
    if not 1 <= number <= len(reports):
        raise ask.refusal("desk.no_report", id=event.id, count=len(reports))
    return reports[number - 1]


COMMAND: Command = Command("split", 25, answer, "editor")
