"""`/subscribe [swaps|strikes]`: posts come to this chat from now on."""

from __future__ import annotations

from bot.core.model import Message, Subscription
from bot.core.render.markup import authored
from bot.core.text.arguments import NotUnderstoodError
from handlers import Ask, Command


async def answer(ask: Ask) -> Message:
    """Add or change the chat's subscription, in the asker's language."""
    if not await ask.may_manage():
        return Message(authored(ask.book.say("command.not_admin")))
    kinds = _kinds(ask)
    wanted = Subscription(chat_id=ask.chat_id, thread_id=ask.thread_id, language=ask.language, kinds=kinds)
    titles = ask.book.listing([ask.book.kinds[kind].title for kind in kinds])
    if await ask.desk.subscriptions.get(ask.chat_id, ask.thread_id) == wanted:
        return Message(authored(ask.book.say("command.already", kinds=titles)))
    await ask.desk.subscriptions.save(wanted)
    return Message(authored(ask.book.say("command.subscribed", kinds=titles)))


def _kinds(ask: Ask) -> tuple[str, ...]:
    """Read the kinds asked for, in any language; all of them where none is named."""
    known = {word: kind for book in ask.desk.books.values() for kind, said in book.kinds.items() for word in said.asked}
    unknown = [word for word in ask.words if word.casefold() not in known]
    if unknown:
        raise NotUnderstoodError("command.bad_kind", unknown[0])
    return tuple(sorted({known[word.casefold()] for word in ask.words} or set(ask.book.kinds)))


COMMAND: Command = Command("subscribe", 8, answer)
