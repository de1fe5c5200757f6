"""`/correct N slot value`: a figure, the day or the state of an event is another one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.core.model import Event, Fact, Message
from bot.core.render.notice import shown_value, slot_name
from bot.core.render.phrases import Phrasebook
from bot.core.text.arguments import NotUnderstoodError, read_span
from handlers import Ask, Command

LARGEST = 10_000_000
"""More people, bodies or drones than an event can have."""


@dataclass(frozen=True, slots=True)
class Correctable:
    """What can be corrected in an event: slots by every name they have, and which of them are counts."""

    names: Mapping[str, str]
    counts: tuple[str, ...]

    @classmethod
    def of(cls, event: Event, ask: Ask) -> Correctable:
        """Return what can be corrected in events of that kind."""
        counts = tuple(slot.name for slot in ask.desk.kinds[event.kind].slots if slot.type == "count")
        names = _names(event.kind, (*counts, "date", "status"), ask.desk.books.values())
        return cls({name.casefold(): slot for name, slot in names}, counts)


async def answer(ask: Ask) -> Message:
    """Set the right value, which stands until the correction is taken back."""
    event = await ask.subject("desk.correct_usage")
    slot, words = _slot(ask, event)
    value = _value(ask, slot, words)
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
    raise ask.refusal("desk.bad_slot", id=event.id, text=" ".join(words[:-1])[:40], slots=", ".join(known))


def _value(ask: Ask, slot: str, words: Sequence[str]) -> Fact:
    """Read the value: a day, a state, or a count."""
    said, book = " ".join(words), ask.book
    wanted = {"date": _day, "status": _status}.get(slot, _count)
    value = wanted(said, ask.desk.books.values())
    if value is None:
        states = ", ".join(book.texts["status"].values())
        hint = book.say(f"desk.wanted.{slot if slot in book.texts['desk']['wanted'] else 'count'}", words=states)
        raise ask.refusal("desk.bad_value", text=said[:40], slot=slot_name("", slot, book), wanted=hint)
    return value


def _day(said: str, _: Iterable[Phrasebook]) -> Fact | None:
    span = read_span(said)
    return span.first.isoformat() if span and span.first and span.first == span.last else None


def _status(said: str, books: Iterable[Phrasebook]) -> Fact | None:
    names = {name.casefold(): status for book in books for status, name in book.texts["status"].items()}
    known: str | None = names.get(said.casefold()) or next((each for each in names.values() if each == said), None)
    return known


def _count(said: str, _: Iterable[Phrasebook]) -> Fact | None:
    digits = "".join(sign for sign in said if sign not in " ,.\u00a0\u202f")
    return int(digits) if digits.isdecimal() and len(digits) < len(str(LARGEST)) else None


COMMAND: Command = Command("correct", 26, answer, admins=True)
