"""`/search words`: events by town, region, word of a headline, number, or the number of an exchange."""

from __future__ import annotations

from collections.abc import Iterable

from bot.core.model import Event, Message, Outline
from bot.core.render.pages import Found, nothing, page
from bot.core.text.arguments import NotUnderstoodError
from bot.core.text.asking import Asked
from bot.listing import find
from bot.ports import Wanted
from handlers import Ask, Command

MOST_NUMBERS = 5


async def answer(ask: Ask) -> Message:
    """Return what is found under the words as they are; where that is nothing, under what they may have been meant for."""
    asked = ask.asked(guess=False)
    if asked == Asked():
        raise NotUnderstoodError("question.search_usage", "")
    found = await _found(ask, asked)
    if not found.events:
        guessed = ask.asked()
        asked, found = (guessed, await _found(ask, guessed)) if guessed.guesses else (asked, found)
    if found.events:
        return page("search", asked, found, ask.book)
    near = [name for word in asked.words for name in ask.desk.dictionary.near_places(word)]
    return nothing("search", asked, ask.book, [*near, *ask.desk.dictionary.around(asked.places)])


async def _found(ask: Ask, asked: Asked) -> Found:
    """Return the events of the numbers where there are any, else those of the words."""
    if not asked.numbers and not asked.ordinals:
        return await find(ask.desk.queries, asked, ask.offset)
    numbered = [await ask.desk.queries.event(number) for number in asked.numbers[:MOST_NUMBERS]]
    shown = [await ask.became(event) for event in numbered if event is not None]
    swaps = "swap" in asked.kinds or bool(asked.ordinals)
    shown += [*await _ordinal(ask, {*asked.ordinals, *asked.numbers})] if swaps else []
    events = {event.id: event for event in shown if event.verdict != "reject"}
    return Found(tuple(events.values())[:10], tuple(map(_short, events.values())))


async def _ordinal(ask: Ask, ordinals: Iterable[int]) -> tuple[Event, ...]:
    """Return the exchanges that officials gave one of these numbers."""
    wanted = frozenset(ordinals)
    outlines = await ask.desk.queries.outlines(Wanted(kinds=("swap",)))
    ids = [each.id for each in outlines if each.facts.get("ordinal") in wanted][-10:]
    found = [await ask.desk.queries.event(number) for number in ids]
    return tuple(event for event in reversed(found) if event is not None)


def _short(event: Event) -> Outline:
    return Outline(event.id, event.kind, event.date, event.status, event.facts, event.updated)


COMMAND: Command = Command("search", 12, answer, heading="ask", again=True)
