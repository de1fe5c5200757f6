"""`/subscribe [swaps|strikes] [confirmed]`: posts come to this chat from now on."""

from __future__ import annotations

from collections.abc import Iterator

from bot.core.model import Message, Subscription
from bot.core.render.markup import authored
from bot.core.text.arguments import NotUnderstoodError
from handlers import Ask, Command

CONFIRMED = "confirmed"


async def answer(ask: Ask) -> Message:
    """Add or change the chat's subscription, in the asker's language."""
    if not await ask.may_manage():
        return Message(authored(ask.book.say("command.not_admin")))
    wanted = _wanted(ask)
    titles = ask.book.listing([ask.book.kinds[kind].title for kind in wanted.kinds])
    if await ask.desk.subscriptions.get(ask.chat_id, ask.thread_id) == wanted:
        return Message(authored(ask.book.say("command.already", kinds=titles)))
    await ask.desk.subscriptions.save(wanted)
    told = [ask.book.say("command.subscribed", kinds=titles)]
    if wanted.unconfirmed == "hold":
        told.append(ask.book.say("command.subscribed_confirmed"))
    return Message(authored("\n".join(told)))


def _wanted(ask: Ask) -> Subscription:
    """Read what is asked for, in any language: all kinds where none is named, also the unconfirmed unless told otherwise."""
    known = dict(_known(ask))
    unknown = [word for word in ask.words if word.casefold() not in known]
    if unknown:
        raise NotUnderstoodError("command.bad_kind", unknown[0])
    asked = {known[word.casefold()] for word in ask.words}
    return Subscription(
        chat_id=ask.chat_id,
        thread_id=ask.thread_id,
        language=ask.language,
        kinds=tuple(sorted(asked - {CONFIRMED} or set(ask.book.kinds))),
        unconfirmed="hold" if CONFIRMED in asked else "mark",
    )


def _known(ask: Ask) -> Iterator[tuple[str, str]]:
    """Yield every word that says something here, with what it says."""
    for book in ask.desk.books.values():
        yield from ((word.casefold(), CONFIRMED) for word in book.texts["command"]["confirmed_asked"])
        yield from ((word, kind) for kind, phrases in book.kinds.items() for word in phrases.asked)


COMMAND: Command = Command("subscribe", 8, answer, offered=("managers", "private"))
