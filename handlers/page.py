"""The buttons that ask a question again: another page of it, or one of several things that it could have meant."""

from __future__ import annotations

from dataclasses import replace

from bot.core.render.buttons import Pressed
from bot.core.render.pages import PAGE
from handlers import Ask, Buttons, Reaction, answer


async def press(ask: Ask, pressed: Pressed) -> Reaction:
    """Put the answer in the place of the message with the button."""
    command = ask.desk.commands.get(pressed.act)
    if command is None or not command.again:
        return Reaction(ask.book.say("press.stale"), alert=True)
    again = replace(ask, words=tuple(pressed.argument.split()), offset=pressed.event_id)
    return Reaction("", instead=await answer(command, again))


BUTTONS: Buttons = Buttons(PAGE, press)
