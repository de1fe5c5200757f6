"""The buttons that tell more about an event: under its post, and under a page of what they told.

In a private chat they answer beside the post. In a group or channel nobody else is to be bothered: they open the private
chat of who pressed.
"""

from __future__ import annotations

from bot.core.render.buttons import STORIES, STORY, Pressed, event_link
from handlers import Ask, Buttons, Reaction


async def press(ask: Ask, pressed: Pressed) -> Reaction:
    """Tell what was asked for: under a post beside it, from page to page in the same message."""
    if pressed.act not in STORIES or not (pressed.argument or "1").isdecimal():
        raise ask.refusal("press.stale")
    if not is_private(ask):
        return elsewhere(ask, pressed)
    message = await ask.command(pressed.act, pressed.event_id, *([pressed.argument] if pressed.argument else ()))
    return Reaction("", instead=message) if pressed.argument else Reaction("", message=message)


def elsewhere(ask: Ask, pressed: Pressed) -> Reaction:
    """Open the private chat with who pressed; say what to send there while the bot does not know its own name yet."""
    if not ask.desk.username:
        return Reaction(ask.book.say("post.in_private", command=f"/{pressed.act}_{pressed.event_id}"), alert=True)
    return Reaction("", url=event_link(ask.desk.username, pressed.event_id, pressed.act))


def is_private(ask: Ask) -> bool:
    """Tell whether the press came from a chat with one person: those have the person's own number."""
    return ask.chat_id > 0


BUTTONS: Buttons = Buttons(STORY, press)
