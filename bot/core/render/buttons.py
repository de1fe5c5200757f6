"""The buttons under messages: what each says, and the data that Telegram hands back when one is pressed.

The data is `prefix:event:act` or `prefix:event:act:argument`. What stands under a post is at most 64 bytes and comes back
from outside, so that reading it is as careful as reading a command; what stands under an answer is kept here and may be
longer. Who may press what is checked where it is read.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from bot.core.model import Button, Event, Message, ReportId
from bot.core.render.phrases import Phrasebook

DESK, READERS, STORY = "desk", "say", "show"
"""The prefixes of the admins' buttons, of the readers' votes, and of what tells more about an event."""

VOTES = ("wrong", "duplicate")
STORIES = ("origins", "timeline")
"""What can be told of an event beside its post: the commands that do."""
SHARE = "https://t.me/share/url?url="
ROW = 2
_DATA = re.compile(r"([a-z]{1,12}):([0-9]{1,9}):([a-z]{1,12})(?::([^:\r\n]{1,200}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a button stands for: whose it is, the event it is about, what to do, and with what."""

    prefix: str
    event_id: int
    act: str
    argument: str = ""


def read_press(data: str) -> Pressed | None:
    """Read a button's data; None for what no button of ours carries."""
    found = _DATA.fullmatch(data)
    return Pressed(found[1], int(found[2]), found[3], found[4] or "") if found else None


def button(label: str, prefix: str, event_id: int, act: str, argument: str | int = "") -> Button:
    """Return a button that is read back by `read_press`."""
    parts = (prefix, str(event_id), act, *([str(argument)] if argument else []))
    return Button(label, ":".join(parts))


def post_buttons(event: Event, book: Phrasebook) -> tuple[tuple[Button, ...], ...]:
    """Return what stands under a post: where it is from, how it went, how to pass it on; and two by which readers complain."""
    if event.merged_into or event.verdict == "reject" or not event.id:
        return ()
    more = [button(book.say(f"post.button.{act}"), STORY, event.id, act) for act in STORIES]
    share = Button(book.say("post.button.share"), query=str(event.id))
    votes = (button(book.say(f"feedback.{what}"), READERS, event.id, what) for what in VOTES)
    return ((*more, share), tuple(votes))


def report_key(report: ReportId) -> str:
    """Return a short name of a report that stays the same whatever comes in beside it."""
    return hashlib.sha256("\0".join(map(str, report)).encode()).hexdigest()[:12]


def rows(buttons: list[Button], width: int = ROW) -> tuple[tuple[Button, ...], ...]:
    """Lay buttons out in rows."""
    return tuple(tuple(buttons[first : first + width]) for first in range(0, len(buttons), width))


def keyboard(message: Message, username: str = "", *, inline: bool = False) -> dict[str, Any]:
    """Return a message's buttons as the Bot API takes them; no rows take the buttons away.

    A button that starts the inline mode shares a link to the bot where there is none (`inline`), and is left out where
    there is nothing to link to.
    """
    wired = ([_wire(each, username, inline=inline) for each in row] for row in message.buttons)
    return {"inline_keyboard": [kept for row in wired if (kept := [each for each in row if each])]}


def event_link(username: str, event_id: int | str, story: str = "event") -> str:
    """Return the address that opens the private chat with the bot and asks there for an event, or more about it."""
    return f"https://t.me/{username}?start={story}_{event_id}"


def _wire(button: Button, username: str, *, inline: bool) -> dict[str, str]:
    if button.url or button.data:
        return {"text": button.label, **({"url": button.url} if button.url else {"callback_data": button.data})}
    if inline:
        return {"text": button.label, "switch_inline_query": button.query}
    if not username or not button.query.isdecimal():
        return {}
    return {"text": button.label, "url": SHARE + quote(event_link(username, button.query), safe="")}
