"""`/settings`: what comes to this chat, or to another one that the asker runs, set up by buttons.

Everything is kept at once and nowhere but in the store, so that a panel goes on after a restart. Whether the asker runs the
chat is proven anew at every press and every word.

proof    who may set up what
acts     what the buttons do
typed    own values, and channels, that are written instead
"""

from __future__ import annotations

from bot.core.model import Message
from bot.core.render.markup import authored
from bot.core.render.panel import PREFIX, Place
from handlers import Ask, Buttons, Command, Texts
from handlers.settings.acts import opened, press
from handlers.settings.proof import sought
from handlers.settings.typed import written


async def answer(ask: Ask) -> Message:
    """Show the panel of this chat, or of the one that is named."""
    if ask.words:
        return await opened(ask, Place(await sought(ask, ask.words[0])))
    if ask.sort == "channel":
        link = f"https://t.me/{ask.desk.username}?start=channels"
        return Message(authored(ask.book.say("panel.in_channel", link=link)))
    return await opened(ask, Place(ask.chat_id, ask.thread_id))


COMMAND: Command = Command("settings", 9, answer, offered=("managers", "private"), heading="get", linked=True)
BUTTONS: Buttons = Buttons(PREFIX, press)
TEXTS: Texts = Texts("settings", 0, written)
