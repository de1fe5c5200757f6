"""`@bot swaps May 2025`, `@bot 12`, `@bot`: events as cards that can be sent into any chat."""

from __future__ import annotations

from dataclasses import replace

from bot.core.model import Button, Event, Message
from bot.core.render import Renderer
from bot.core.render.answer import card_line, card_title
from bot.core.text.arguments import NotUnderstoodError
from bot.listing import wanted_by
from bot.ports import Wanted
from handlers import Ask, Card, Cards, Inline

MOST = 20
LAST_OFFSET = 500
MOST_WORDS = 20


async def answer(ask: Ask, offset: str) -> Cards:
    """Return the events that are asked for from an offset on, newest first.

    Raise NotUnderstoodError for what means nothing or finds nothing: the hint stands above the empty list.
    """
    start = min(int(offset), LAST_OFFSET) if offset.isdecimal() and len(offset) < 6 else 0  # noqa: PLR2004
    events = await _events(replace(ask, words=ask.words[:MOST_WORDS]), start)
    if not events and not start:
        raise NotUnderstoodError("question.inline.empty", "")
    cards = tuple(_card(event, ask) for event in events[:MOST])
    return Cards(cards, str(start + MOST) if len(events) > MOST else "")


async def _events(ask: Ask, start: int) -> tuple[Event, ...]:
    """Return one event more than a page has, where there are more."""
    asked, queries = ask.asked(), ask.desk.queries
    if asked.words:
        raise NotUnderstoodError("question.inline.unknown", " ".join(asked.words))
    if asked.numbers:
        return () if start else await _numbered(ask, asked.numbers)
    wanted = wanted_by(asked)
    if wanted == Wanted():
        return await queries.latest(MOST + 1, offset=start)
    return await queries.listed(wanted, MOST + 1, start)


async def _numbered(ask: Ask, numbers: tuple[int, ...]) -> tuple[Event, ...]:
    found = [await ask.desk.queries.event(number) for number in numbers[:MOST]]
    became = {event.id: event for each in found if each is not None and (event := await ask.became(each))}
    return tuple(event for event in became.values() if event.verdict != "reject" and not event.merged_into)


def _card(event: Event, ask: Ask) -> Card:
    """Return an event as its post, with the way to the bot under it."""
    post = Renderer(ask.desk.books)(event, ask.language, "post")
    open_ = Button(ask.book.say("question.inline.open"), url=f"https://t.me/{ask.desk.username}?start=event_{event.id}")
    message = Message(post.text, ((open_,),) if ask.desk.username else ())
    return Card(str(event.id), card_title(event, ask.book), card_line(event, ask.book), message)


INLINE: Inline = Inline("events", answer)
