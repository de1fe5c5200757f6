"""What admins hear of: everything that ails the bot and that they were not told of yet, in one message."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.model import Alarm, Message
from bot.core.render.markup import authored, bold, text
from bot.core.render.phrases import Phrasebook

MOST = 10
"""Alarms that one message tells; of the others it says how many there are. So it stays within Telegram's limit."""
LONGEST = 100
"""Characters of each value that fills an alarm in."""


def render_alarms(alarms: Sequence[Alarm], book: Phrasebook) -> Message:
    """Return the message."""
    lines = [_line(alarm, book) for alarm in alarms[:MOST]]
    if len(alarms) > MOST:
        lines.append(authored(book.say("alarm.more", count=len(alarms) - MOST)))
    return Message("\n\n".join([bold(authored(book.say("alarm.title"))), *lines]))


def _line(alarm: Alarm, book: Phrasebook) -> str:
    return book.say(alarm.phrase, **{name: text(value, LONGEST) for name, value in alarm.values.items()})
