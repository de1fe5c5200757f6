"""What is written instead of pressed: an own value, or which channel to set up."""

from __future__ import annotations

import asyncio

from bot.core.model import Awaited, Message
from bot.core.render.buttons import read_press
from bot.core.render.markup import quiet
from bot.core.render.panel import AFTER, Said, Zones, after, read_said, read_typed, show, summary
from bot.core.text.arguments import NotUnderstoodError
from handlers import Ask, Reaction, Shown
from handlers.settings.acts import kept, panel_of
from handlers.settings.proof import named, prove

LONGEST = 60
"""Characters of an own value; what is longer is news that somebody shows, whatever was asked before."""
ECHO = 40


async def written(ask: Ask, shown: Shown) -> Message | Reaction | None:
    """Take a message for the answer to what was asked, where it may be one."""
    if shown.shared:
        return await ask.command("settings", shown.shared)
    awaited = await ask.desk.dialogues.awaited(ask.chat_id, ask.user_id) if ask.user_id else None
    pressed = read_press(awaited.about) if awaited and awaited.expires > ask.now else None
    what = read_said(pressed) if pressed else None
    if awaited is None or what is None:
        return None
    if what.act == "channel":
        return await _channel(ask, shown)
    if shown.forwarded or not shown.text or len(shown.text) > LONGEST:
        return None
    return await _own(ask, what, shown.text, awaited)


async def _channel(ask: Ask, shown: Shown) -> Message | None:
    chat = str(shown.forwarded or shown.text.strip())
    if not named(chat):
        return None
    panel = await ask.command("settings", chat)
    await ask.desk.dialogues.answered(ask.chat_id, ask.user_id)
    return panel


async def _own(ask: Ask, what: Said, text: str, awaited: Awaited) -> Message | Reaction:
    """Keep an own value, say so, and let the panel that asked show it.

    The names of all cities take half a second the first time, in which the loop has other things to do.
    """
    title = await prove(ask, what.place)
    subscription = await ask.desk.subscriptions.get(what.place.chat_id, what.place.thread_id)
    if subscription is None:
        raise ask.refusal("panel.not_begun")
    zones = Zones(ask.desk.books)
    try:
        act, value = await asyncio.to_thread(read_typed, what.value, text, zones)
    except NotUnderstoodError:
        near = await asyncio.to_thread(zones.near, text) if what.value == "clock" else ()
        if not near:
            raise
        told = ask.book.say("panel.which_zone", text=quiet(text, ECHO))
        return show(panel_of(ask, subscription, title, told), "zones", "=".join(near))
    panel = panel_of(ask, await kept(ask, what.place, act, value), title)
    await ask.desk.dialogues.answered(ask.chat_id, ask.user_id)
    notice = ask.book.say("panel.kept", value=summary(panel)[AFTER[act]])
    return Reaction(notice, instead=after(panel, act, value), at=awaited.message_id)
