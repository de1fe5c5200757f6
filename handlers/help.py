"""`/help`: the commands by what they are for, in the asker's language; in a group a line of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from bot.core.model import Message
from bot.core.render.markup import authored, bold
from bot.core.render.phrases import Phrasebook
from handlers import Ask, Command, Heading


async def answer(ask: Ask) -> Message:
    """List the commands that have a line in the menu; to an editor in private also those of the editors."""
    if ask.chat_id < 0:
        return _short(ask)
    book = ask.book
    menu: Mapping[str, str] = book.texts["menu"]
    known = {name: line for name, line in menu.items() if name in ask.desk.commands}
    parts = [bold(authored(book.say("question.help.title")))]
    for heading in get_args(Heading):
        under = {name: line for name, line in known.items() if ask.desk.commands[name].heading == heading}
        parts += _group(heading, under, book)
    if ask.may("editor") and ask.chat_id == ask.user_id:
        parts += _group("edit", book.texts["desk_menu"], book)
    hints = [book.say("question.help.hint")]
    if ask.desk.username:
        hints.append(book.say("question.help.inline", username=ask.desk.username))
    return Message("\n".join([*parts, "", *map(authored, hints)]))


def _group(heading: str, lines: Mapping[str, str], book: Phrasebook) -> list[str]:
    title = bold(authored(book.say(f"question.help.{heading}")))
    return ["", title, *(f"/{name} — {authored(line)}" for name, line in lines.items())] if lines else []


def _short(ask: Ask) -> Message:
    names = " ".join(f"/{name}" for name in ask.book.texts["menu"] if _is_asked(name, ask))
    said = [ask.book.say("question.help.group", commands=names), ask.book.say("question.help.hint")]
    return Message(authored("\n".join(said)))


def _is_asked(name: str, ask: Ask) -> bool:
    return name in ask.desk.commands and ask.desk.commands[name].heading == "ask"


COMMAND: Command = Command("help", 1, answer, linked=True)
