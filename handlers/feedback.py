"""The two buttons under every post, by which a reader says that it is wrong or a duplicate.

Each of them asks the admins to look, so that it counts only from a chat that has the post, and from one person a few times
an hour.
"""

from __future__ import annotations

from bot.core.model import Event
from bot.core.render.buttons import READERS, VOTES, Pressed
from handlers import Ask, Buttons, Reaction


async def press(ask: Ask, pressed: Pressed) -> Reaction:
    """Count one vote a person, event and word, and thank for it; a post that was merged away votes for what it became."""
    found = await ask.desk.queries.event(pressed.event_id)
    if found is None or pressed.act not in VOTES or not await _is_posted(ask, found):
        raise ask.refusal("press.stale")
    event = await ask.became(found)
    if event.verdict == "reject":
        return Reaction(ask.book.say("feedback.withdrawn"))
    if not ask.desk.patience.take(ask.user_id, ask.now):
        return Reaction(ask.book.say("feedback.enough"))
    fresh = await ask.desk.rulings.feedback(event.id, ask.user_id, pressed.act)
    if not fresh:
        ask.desk.patience.give_back(ask.user_id)
    return Reaction(ask.book.say("feedback.thanks" if fresh else "feedback.again"))


async def _is_posted(ask: Ask, event: Event) -> bool:
    """Tell whether the chat has a post of the event: who changes a client can send a press for any number."""
    posted = await ask.desk.queries.posted(event.id)
    return any(each.chat_id == ask.chat_id and each.audience == "readers" for each in posted)


BUTTONS: Buttons = Buttons(READERS, press)
