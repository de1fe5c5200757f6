"""`/channel @name`: sets a channel up from the private chat with one of its admins; alone it tells how."""

from __future__ import annotations

from datetime import timedelta

from bot.core.model import Awaited, Message
from bot.core.render.panel import Place, pick_channel, said
from handlers import Ask, Command

PATIENCE = timedelta(hours=1)


async def answer(ask: Ask) -> Message:
    """Show the channel's panel, or ask which channel: by name, by a post of it, or by a button."""
    if ask.words:
        return await ask.command("settings", ask.words[0])
    if not ask.private:
        raise ask.refusal("panel.private_only")
    about = said("", Place(ask.chat_id), "channel").data
    await ask.desk.dialogues.expect(
        Awaited(chat_id=ask.chat_id, user_id=ask.user_id, about=about, message_id=0, expires=ask.now + PATIENCE)
    )
    return pick_channel(ask.book)


COMMAND: Command = Command("channel", 16, answer, offered=("private",), heading="get")
