"""Why an event reads as it does, and the log of what admins decided.

An event is accounted for by its reports and how they came to stand together, by what confirms it, by what was ruled on it,
and by what became of its posts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.model import Event, Logged, Message, Placed, Posted, Revision, Ruling
from bot.core.render.markup import LIMIT, authored, bold, fit, link, quiet, text
from bot.core.render.notice import shown_value, slot_name, state
from bot.core.render.phrases import Phrasebook
from bot.core.render.post import brought_by, headline, tell_change
from bot.core.render.reasons import JOINT, retell
from bot.core.trust import BACKED, confirmed, vouches

REPORTS_BUDGET = LIMIT - 1500
RULINGS_SHOWN = 5
CHANGED = " -> "
"""What a reason has in it that only repeats a change of a value, which is told in the reader's language anyway."""
LOG_BUDGET = LIMIT - 200


@dataclass(frozen=True, slots=True)
class Account:
    """All that is known of how an event came about. `placed`, `rulings` and `revisions` are oldest first."""

    event: Event
    placed: Sequence[Placed] = ()
    rulings: Sequence[Logged] = ()
    revisions: Sequence[Revision] = ()
    posted: Sequence[Posted] = ()


def why(account: Account, book: Phrasebook) -> Message:
    """Return why the event stands as it does. Who ruled is not told: that is for the log of the admins."""
    event = account.event
    parts = [
        bold(authored(book.say("why.title", id=event.id))),
        headline(event, book),
        authored(_confirmation(event, book)),
        authored(state(event, book)),
        *_section("why.reports", _reports(account.placed, book), book),
        *_section("why.rulings", [_ruled(each, event, book) for each in account.rulings[-RULINGS_SHOWN:]], book),
        *_section("why.stage", _stage(account, book), book),
    ]
    return Message("\n".join(parts))


def _section(title: str, lines: Sequence[str], book: Phrasebook) -> list[str]:
    return ["", bold(authored(book.say(title))), *lines] if lines else []


def _confirmation(event: Event, book: Phrasebook) -> str:
    """Return by which rule the event is confirmed, or that it is not."""
    if not event.confirmed:
        return book.say("why.unsure")
    backing = [report for report in event.reports if event.status in BACKED[report.status]]
    turning = next((report for report, sure in zip(backing, confirmed(backing), strict=True) if sure), None)
    if turning is None:
        return book.say("why.sure")
    rule = "official" if vouches(turning) else "second"
    return book.say(f"why.sure_{rule}", name=quiet(turning.origin.name))


def _reports(placed: Sequence[Placed], book: Phrasebook) -> list[str]:
    """Return a numbered line a report: the first one, and of the others the newest that fit."""
    lines = [f"{number}. {_placed(each, book)}" for number, each in enumerate(placed, 1)]
    kept, left = fit(reversed(lines[1:]), REPORTS_BUDGET)
    more = [authored(book.say("more", count=left))] if left else []
    return [*lines[:1], *more, *reversed(kept)]


def _placed(placed: Placed, book: Phrasebook) -> str:
    origin = placed.report.origin
    when = f"{origin.published:%d.%m %H:%M}"
    return f"{when} · {link(origin.name, origin.url)} · {text(_decision(placed, book), 400)}"


def _decision(placed: Placed, book: Phrasebook) -> str:
    decision = placed.decision
    if decision.event_id is None:
        told = book.say("why.opened")
    else:
        told = book.say("why.joined", score=f"{decision.score:.2f}")
    if decision.rival:
        told += ", " + book.say("why.rival", score=f"{decision.rival:.2f}")
    reasons = JOINT.join(retell(reason, placed.report.kind, book) for reason in decision.reasons)
    return f"{told}: {reasons}" if reasons else told


def _stage(account: Account, book: Phrasebook) -> list[str]:
    readers = [each for each in account.posted if each.audience == "readers"]
    told = book.say("why.chats", count=len({each.chat_id for each in readers})) if readers else book.say("why.nowhere")
    edits = sum(each.edits for each in readers)
    lines = [authored(told + (f", {book.say('why.edits', count=edits)}" if edits else ""))]
    if account.revisions:
        last = account.revisions[-1]
        lines.append(f"{authored(book.say('why.last'))}: {_revision(account.event, last, book)}")
        reasons = (reason for reason in last.reasons if CHANGED not in reason)
        lines.append(text(JOINT.join(retell(reason, account.event.kind, book) for reason in reasons), 400))
    return [line for line in lines if line]


def _revision(event: Event, revision: Revision, book: Phrasebook) -> str:
    """Return one stored change of an event: when, what, because of whom, and how much it mattered."""
    told = "; ".join(tell_change(event, change, book) for change in revision.facts)
    source = text(brought_by(revision.facts[-1], book)) if revision.facts else ""
    weight = authored(book.say(f"why.weight.{revision.weight}"))
    return " · ".join(filter(None, (f"{revision.at:%d.%m %H:%M}", told, source, weight)))


def log(entries: Sequence[Logged], book: Phrasebook) -> Message:
    """Return the rulings, given newest first, as a list that ends with the newest: who, when, what, undone by whom."""
    kept, left = fit((_entry(each, book) for each in entries), LOG_BUDGET)
    more = [authored(book.say("more", count=left))] if left else []
    lines = [*more, *reversed(kept)] or [authored(book.say("desk.log_empty"))]
    return Message("\n".join([bold(authored(book.say("desk.log"))), *lines]))


def _entry(logged: Logged, book: Phrasebook) -> str:
    ruling = logged.ruling
    line = f"{ruling.id} · {_moment(ruling.at)} · {ruling.by} · /event_{logged.event_id} · {_what(ruling, book)}"
    return _struck(line, logged, book) + (f" · {logged.undone_by}" if logged.undone_at else "")


def _ruled(logged: Logged, event: Event, book: Phrasebook) -> str:
    line = f"{_moment(logged.ruling.at)} · {_what(logged.ruling, book, event)}"
    return _struck(line, logged, book)


def _struck(line: str, logged: Logged, book: Phrasebook) -> str:
    """Strike a ruling through that was taken back, and say when."""
    if logged.undone_at is None:
        return line
    return f"<s>{line}</s> · {authored(book.say('desk.undone', time=_moment(logged.undone_at)))}"


def _what(ruling: Ruling, book: Phrasebook, event: Event | None = None) -> str:
    """Return in words what was decided: with what it was merged, whose report was split off, what was corrected."""
    kind = event.kind if event else ""
    about = ""
    if ruling.act == "correct" and ruling.value is not None:
        about = f"{slot_name(kind, ruling.slot, book)} {shown_value(kind, ruling.slot, ruling.value, book)}"
    elif ruling.act in ("merge", "split"):
        about = (ruling.other or ruling.report if ruling.act == "merge" else ruling.report)[0]
    return text(": ".join(filter(None, (book.say(f"desk.act.{ruling.act}"), about))))


def _moment(at: datetime) -> str:
    return f"{at:%d.%m %H:%M}"
