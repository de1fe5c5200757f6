"""`/help`: every command with one example, in the asker's language."""

from __future__ import annotations

from bot.core.model import Message
from bot.core.render.markup import authored, bold
from handlers import Ask, Command


async def answer(ask: Ask) -> Message:
    """List the commands that have a line in the menu; to an admin in private also those of the admins."""
    book = ask.book
    own = book.texts["desk_menu"] if ask.may("editor") and ask.chat_id == ask.user_id else {}
    lines = [f"/{name} — {authored(line)}" for name, line in {**book.texts["menu"], **own}.items()]
    return Message(
        "\n".join([bold(authored(book.say("command.help"))), *lines, "", authored(book.say("command.help_dates"))])
    )


COMMAND: Command = Command("help", 1, answer)
