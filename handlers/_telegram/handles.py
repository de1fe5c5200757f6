"""Buttons that say nothing: what they mean stays here, and what comes back is looked up, never believed.

Each button of an answer carries a random handle, bound to who asked, the chat, the message and a time. Under posts and
notices, which many people have, the data themselves travel; they count where the outbox knows that very message.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TypeAlias

from bot.core.model import Button, Handle, Message
from bot.core.render.buttons import DESK, read_press
from handlers import Ask

LIFE = timedelta(hours=48)
"""How long the buttons of an answer work."""
Token: TypeAlias = Callable[[], str]


def handled(message: Message, ask: Ask, token: Token, message_id: int = 0) -> tuple[Message, tuple[Handle, ...]]:
    """Return the message with a handle in the place of each button's data, and what the handles mean.

    Where nobody asked in person anybody may press: what the press does is checked against who did.
    """
    handles: list[Handle] = []

    def given(button: Button) -> Button:
        if not button.data:
            return button
        handles.append(
            Handle(
                token=token(),
                data=button.data,
                user_id=ask.user_id,
                chat_id=ask.chat_id,
                expires=ask.now + LIFE,
                message_id=message_id,
            )
        )
        return replace(button, data=handles[-1].token)

    rows = tuple(tuple(given(button) for button in row) for row in message.buttons)
    return replace(message, buttons=rows), tuple(handles)


async def redeemed(ask: Ask, carried: str) -> str:
    """Return the data that a pressed button stands for; raise RefusedError where it is out of date or not the presser's."""
    if ":" in carried:
        if not await _stands_under(ask, carried):
            raise ask.refusal("press.stale")
        return carried
    handle = await ask.desk.handles.handle(carried)
    if handle is None or handle.chat_id != ask.chat_id or handle.expires <= ask.now:
        raise ask.refusal("edge.expired")
    if handle.user_id not in (0, ask.user_id):
        raise ask.refusal("edge.not_yours")
    await _bind(ask, handle)
    return handle.data


async def _bind(ask: Ask, handle: Handle) -> None:
    """Hold a handle to its message; one that was pressed before its message was known learns it now."""
    if not handle.message_id:
        await ask.desk.handles.bind([handle.token], ask.under)
    elif handle.message_id != ask.under:
        raise ask.refusal("edge.expired")


async def _stands_under(ask: Ask, data: str) -> bool:
    """Tell whether the pressed message is the chat's post, or the admin's notice, of the event that the data name.

    Of a post that has only just left, or whose fate is unknown, the chat alone is known; then that has to do.
    """
    pressed = read_press(data)
    if pressed is None or not ask.under:
        return False
    audience = "admins" if pressed.prefix == DESK else "readers"
    posted = await ask.desk.queries.posted(pressed.event_id)
    here = [each.message_id for each in posted if (each.chat_id, each.audience) == (ask.chat_id, audience)]
    return ask.under in here or 0 in here
