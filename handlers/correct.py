"""`/correct N slot value`: a figure, the day, the region or the state of an event is another one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.core.model import Event, Fact, Message
from bot.core.render.markup import quiet
from bot.core.render.notice import shown_value, slot_name
from bot.core.render.phrases import Phrasebook
from bot.core.text.arguments import NotUnderstoodError, read_figure, read_region, read_span
from handlers import Ask, Command

LARGEST = 10_000_000
"""More people, bodies or drones than an event can have."""
A_YEAR = timedelta(days=366)
"""How far from what is known of it the day of an event can be: a wrong year is corrected, a slip of the hand is not taken."""


@dataclass(frozen=True, slots=True)
class Correctable:
    """What can be corrected in an event: slots by every name they have."""

    names: Mapping[str, str]

    @classmethod
    def of(cls, event: Event, ask: Ask) -> Correctable:
        """Return what can be corrected in events of that kind: the state only where there is more than one."""
        kind = ask.desk.kinds[event.kind]
        slots = [slot.name for slot in kind.slots if slot.type == "count" or slot.name == "region"]
        names = _names(event.kind, (*slots, "date", *(["status"] if kind.planned else [])), ask.desk.books.values())
        return cls({name.casefold(): slot for name, slot in names})


async def answer(ask: Ask) -> Message:
    """Set the right value, which stands until the correction is taken back."""
    event = await ask.subject("desk.correct_usage")
    slot, words = _slot(ask, event)
    value = _value(ask, event, slot, words)
    ruled = await ask.desk.rulings.rule("correct", event.id, ask.user_id, slot=slot, value=value)
    shown = shown_value(event.kind, slot, value, ask.book)
    return ask.done(
        ruled.ruling, "desk.done_correct", event.id, slot=slot_name(event.kind, slot, ask.book), value=shown
    )


def _names(kind: str, slots: Iterable[str], books: Iterable[Phrasebook]) -> Iterator[tuple[str, str]]:
    """Yield every name of the slots: the key, and what each language calls it."""
    known = tuple(books)
    for slot in slots:
        yield slot, slot
        for book in known:
            yield slot_name(kind, slot, book), slot


def _slot(ask: Ask, event: Event) -> tuple[str, Sequence[str]]:
    """Take the name of a slot, of one word or several, from behind the number; return the slot and the words after it."""
    correctable, words = Correctable.of(event, ask), ask.words[1:]
    if len(words) < 2:  # noqa: PLR2004  (a name and a value)
        raise NotUnderstoodError("desk.correct_usage", "")
    for length in range(len(words) - 1, 0, -1):
        slot = correctable.names.get(" ".join(words[:length]).casefold())
        if slot:
            return slot, words[length:]
    known = dict.fromkeys(slot_name(event.kind, slot, ask.book) for slot in correctable.names.values())
    raise ask.refusal("desk.bad_slot", id=event.id, text=quiet(" ".join(words[:-1]), 40), slots=", ".join(known))


def _value(ask: Ask, event: Event, slot: str, words: Sequence[str]) -> Fact:
    """Read the value: a day, a state, a region, or a count."""
    said, book = " ".join(words), ask.book
    value: Fact | None
    match slot:
        case "date":
            value = _day(said, event)
        case "status":
            value = _status(said, ask.desk.books.values())
        case "region":
            value = _region(words, ask.desk.region_names)
        case _:
            value = read_figure(words, LARGEST)
    if value is None:
        states = ", ".join(book.texts["status"].values())
        hint = book.say(f"desk.wanted.{slot if slot in book.texts['desk']['wanted'] else 'count'}", words=states)
        name = slot_name(event.kind, slot, book)
        raise ask.refusal("desk.bad_value", text=quiet(said, 40), slot=name, wanted=hint)
    return value


def _day(said: str, event: Event) -> Fact | None:
    """Return the day, if it is near the event's own day or one of its reports."""
    span = read_span(said)
    if not span or not span.first or span.first != span.last:
        return None
    near = {event.date or event.opened.date(), *(report.origin.published.date() for report in event.reports)}
    return span.first.isoformat() if any(abs(span.first - day) <= A_YEAR for day in near) else None


def _status(said: str, books: Iterable[Phrasebook]) -> Fact | None:
    names = {name.casefold(): status for book in books for status, name in book.texts["status"].items()}
    known: str | None = names.get(said.casefold()) or next((each for each in names.values() if each == said), None)
    return known


def _region(words: Sequence[str], names: Mapping[str, str]) -> Fact | None:
    try:
        code, rest = read_region(words, names)
    except NotUnderstoodError:
        return None
    return code if code and not rest else None


COMMAND: Command = Command("correct", 26, answer, "editor")
