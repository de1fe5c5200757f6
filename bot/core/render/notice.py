"""The notice by which an admin is asked about an event: why, what readers see, who says it, and what can be done.

It is a living message too: whatever happens to the event, and whatever is decided about it, the notice is edited.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from bot.core.model import Button, Event, Fact, Message, Origin, Report
from bot.core.render.answer import event_line
from bot.core.render.buttons import DESK, VOTES, button, report_key, rows
from bot.core.render.markup import LIMIT, authored, bold, fit, folded, link, plain, text, units
from bot.core.render.phrases import Phrasebook
from bot.core.render.post import render_post, told_facts, unique_origins

VERDICTS = ("post", "hold", "reject")
LABEL = 40
"""Characters of an event or report on a button; Telegram shows about as many."""
MOST_CHOICES = 8


def render_notice(
    event: Event, book: Phrasebook, doubts: Sequence[str] = (), feedback: Mapping[str, int] | None = None
) -> Message:
    """Return the notice about an event. `doubts` are codes of why it is asked, `feedback` counts what readers say."""
    head = [bold(authored(book.say("desk.ask"))), *_asked(book, doubts, feedback or {}), authored(state(event, book))]
    post = _without_sources(render_post(event, book, LIMIT - sum(map(units, head)) - 200).text)
    room = LIMIT - sum(map(units, (*head, post))) - 200
    return Message("\n".join(["\n".join(head), "", post, _sources(event, book, room)]).strip(), _buttons(event, book))


def state(event: Event, book: Phrasebook) -> str:
    """Return in words how an event stands with its readers."""
    if event.merged_into:
        return book.say("desk.state.merged", id=event.merged_into)
    if not event.reports:
        return book.say("desk.state.taken_back")
    return book.say(f"desk.state.{event.verdict or ('confirmed' if event.confirmed else 'waiting')}")


def _asked(book: Phrasebook, doubts: Sequence[str], feedback: Mapping[str, int]) -> Iterator[str]:
    known = book.texts["desk"]["doubt"]
    told = [known.get(doubt, doubt) for doubt in dict.fromkeys(doubts)]
    if told:
        yield text(book.say("desk.because", doubts="; ".join(told)), 500)
    said = [f"{book.say(f'feedback.{what}')} × {feedback[what]}" for what in VOTES if feedback.get(what)]
    if said:
        yield text(book.say("desk.readers", said=", ".join(said)))


def _without_sources(post: str) -> str:
    """Return a post without its folded sources: the notice has its own list, which says more of them."""
    before, opened, rest = post.partition("<blockquote")
    after = rest.partition("</blockquote>")[2]
    return before.rstrip("\n") + after if opened else post


def _sources(event: Event, book: Phrasebook, room: int) -> str:
    lines, left = fit((source_line(origin, book) for origin in unique_origins(event)), max(0, room))
    more = [authored(book.say("more", count=left))] if left else []
    return folded([bold(authored(book.say("sources"))), *lines, *more]) if lines or more else ""


def source_line(origin: Origin, book: Phrasebook) -> str:
    """Return who says it, how far it is trusted, and whose side it is on."""
    kind = f"{book.say(f'desk.tier.{origin.tier}')}, {book.say(f'desk.side.{origin.side}')}"
    return f"{link(origin.name, origin.url)} · {text(kind)}"


def _buttons(event: Event, book: Phrasebook) -> tuple[tuple[Button, ...], ...]:
    acts: list[str] = []
    if not event.merged_into and event.reports:
        acts = [*(act for act in VERDICTS if act != event.verdict), "merge", "split", "correct"]
    if len(event.reports) < 2:  # noqa: PLR2004  (there is nothing to split)
        acts = [act for act in acts if act != "split"]
    told = [button(book.say(f"desk.button.{act}"), DESK, event.id, act) for act in (*acts, "why")]
    return rows([*told, *_undo(event, book)], 3)


def _undo(event: Event, book: Phrasebook) -> Iterator[Button]:
    """Yield the button that takes back the newest ruling in force."""
    if event.rulings:
        newest = max(event.rulings, key=lambda ruling: ruling.id)
        label = book.say("desk.button.undo", act=book.say(f"desk.act.{newest.act}"))
        yield button(label, DESK, event.id, "undo", newest.id)


def choose_event(event: Event, others: Sequence[Event], book: Phrasebook) -> Message:
    """Return the question which event this one is the same as, each neighbour a button."""
    shown = others[:MOST_CHOICES]
    asked = book.say("desk.merge_which" if shown else "desk.merge_none", id=event.id)
    lines = [event_line(other, book) for other in shown]
    labels = (f"{other.id} · {_headline(other, book)}" for other in shown)
    buttons = [
        button(_short(label), DESK, event.id, "into", other.id) for label, other in zip(labels, shown, strict=True)
    ]
    return Message("\n".join([authored(asked), *lines]), rows(buttons, 1))


def choose_report(event: Event, book: Phrasebook) -> Message:
    """Return the question which report tells of another event, each report a button with its time and figures."""
    shown = event.reports[-MOST_CHOICES:]
    labels = [_report_line(report, book) for report in shown]
    buttons = [
        button(_short(label), DESK, event.id, "take", report_key(report.id))
        for label, report in zip(labels, shown, strict=True)
    ]
    asked = book.say("desk.split_which", id=event.id)
    return Message("\n".join([authored(asked), *map(text, labels)]), rows(buttons, 1))


def explain_correction(event: Event, book: Phrasebook, *, planned: bool = False) -> Message:
    """Return how a figure of the event is corrected, with the figures as they are; its state where it can be `planned`."""
    kept, left = fit((text(figure) for figure in figures(event.kind, event.facts, book)), LIMIT - 1000)
    more = [authored(book.say("more", count=left))] if left else []
    example = next((slot for slot, value in event.facts.items() if isinstance(value, int)), "")
    figure = f"{book.kinds[event.kind].slot.get(example, example)} 15".strip()
    told = "\n" + book.say("desk.correct_state", id=event.id) if planned else ""
    how = book.say("desk.correct_how", id=event.id, figure=figure, state=told)
    return Message("\n".join([authored(how), *kept, *more]))


def queue(events: Sequence[Event], book: Phrasebook) -> Message:
    """Return the events that wait, given newest first, as a list that ends with the newest, each with what can be done."""
    if not events:
        return Message(authored(book.say("desk.queue_empty")))
    lines = [
        f"{event_line(event, book)}\n/why_{event.id} /post_{event.id} /hold_{event.id} /reject_{event.id}"
        for event in events
    ]
    kept, left = fit(lines, LIMIT - 200)
    more = [authored(book.say("more", count=left))] if left else []
    return Message("\n".join([bold(authored(book.say("desk.queue"))), *more, *reversed(kept)]))


def slot_name(kind: str, slot: str, book: Phrasebook) -> str:
    """Return what a slot, "date" or "status" is called; of any kind that has it where none is given."""
    own = book.texts["desk"]["slot"]
    kinds = [book.kinds[kind]] if kind else book.kinds.values()
    return str(own.get(slot) or next((known.slot[slot] for known in kinds if slot in known.slot), slot))


def shown_value(kind: str, slot: str, value: Fact, book: Phrasebook) -> str:
    """Return a corrected value as a reader would say it."""
    if slot == "status":
        return book.say(f"status.{value}")
    if slot == "date":
        return book.day(date.fromisoformat(str(value)))
    return book.fact(kind or next(iter(book.kinds)), slot, value)


def figures(kind: str, facts: Mapping[str, Fact], book: Phrasebook) -> list[str]:
    """Return facts in words, one by one: "killed: 12"."""
    names = book.kinds[kind].slot
    return [f"{names.get(slot, slot)}: {book.fact(kind, slot, value)}" for slot, value in facts.items()]


def _report_line(report: Report, book: Phrasebook) -> str:
    counts = {slot: value for slot, value in report.facts.items() if isinstance(value, int)}
    told = ", ".join(figures(report.kind, counts, book)) or book.day(report.date)
    return f"{report.origin.name} {book.moment(report.origin.published)} · {told}"


def _headline(event: Event, book: Phrasebook) -> str:
    return book.tell(event.kind, book.kinds[event.kind].headline, told_facts(event), event.ranges)


def _short(label: str) -> str:
    return plain(label, LABEL)
