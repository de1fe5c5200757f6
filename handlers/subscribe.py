"""`/subscribe [swaps|strikes] [confirmed] [region]`: posts come to this chat from now on, and its panel changes what comes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.core.model import Message, Subscription
from bot.core.render.markup import authored
from bot.core.text.arguments import NotUnderstoodError, read_region
from bot.ports import Choice
from handlers import Ask, Command

CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is said behind the command; what is not said stays as it is."""

    kinds: tuple[str, ...] = ()
    confirmed: bool = False
    regions: tuple[str, ...] = ()


async def answer(ask: Ask) -> Message:
    """Add the chat's subscription, in the asker's language, or change what is said of it; then show the panel."""
    if not await ask.may_manage():
        return Message(authored(ask.book.say("command.not_admin")))
    before, wish = await ask.desk.subscriptions.get(ask.chat_id, ask.thread_id), _wish(ask)
    choice = Choice(lambda each: _granted(each, wish), ask.desk.kinds, ask.now)
    wanted = await ask.desk.subscriptions.change(ask.chat_id, ask.thread_id, choice)
    if wanted is None:
        wanted = _granted(await _fresh(ask), wish)
        await ask.desk.subscriptions.save(wanted)
    titles = ask.book.listing([ask.book.kinds[kind].title for kind in wanted.kinds])
    told = [ask.book.say("command.already" if wanted == before else "command.subscribed", kinds=titles)]
    if wanted.unconfirmed == "hold" and wanted != before:
        told.append(ask.book.say("command.subscribed_confirmed"))
    panel = await ask.command("settings")
    return replace(panel, text=authored("\n".join(told)) + "\n\n" + panel.text)


async def _fresh(ask: Ask) -> Subscription:
    venue = None if ask.private or not ask.user_id else await ask.venue(ask.chat_id)
    return Subscription(
        chat_id=ask.chat_id,
        thread_id=ask.thread_id,
        language=ask.language,
        kinds=tuple(sorted(ask.book.kinds)),
        owner=ask.user_id,
        title=venue.title if venue else "",
    )


def _granted(subscription: Subscription, wish: Wish) -> Subscription:
    return replace(
        subscription,
        kinds=wish.kinds or subscription.kinds,
        regions=wish.regions or subscription.regions,
        unconfirmed="hold" if wish.confirmed else subscription.unconfirmed,
    )


def _wish(ask: Ask) -> Wish:
    """Read what is asked for, in any language and order; what is neither a kind nor "confirmed" has to be one region."""
    known = dict(_known(ask))
    said = {known[word.casefold()] for word in ask.words if word.casefold() in known}
    rest = [word for word in ask.words if word.casefold() not in known]
    return Wish(tuple(sorted(said - {CONFIRMED})), CONFIRMED in said, _regions(ask, rest))


def _regions(ask: Ask, words: list[str]) -> tuple[str, ...]:
    if not words:
        return ()
    try:
        code, beyond = read_region(words, ask.desk.region_names)
    except NotUnderstoodError:
        raise NotUnderstoodError("command.bad_kind", " ".join(words)) from None
    if beyond:
        raise NotUnderstoodError("command.bad_kind", beyond[0])
    return (code,)


def _known(ask: Ask) -> Iterator[tuple[str, str]]:
    """Yield every word that says something here, with what it says."""
    for book in ask.desk.books.values():
        yield from ((word.casefold(), CONFIRMED) for word in book.texts["command"]["confirmed_asked"])
        yield from ((word, kind) for kind, phrases in book.kinds.items() for word in phrases.asked)


COMMAND: Command = Command("subscribe", 8, answer, offered=("managers", "private"), heading="get")
