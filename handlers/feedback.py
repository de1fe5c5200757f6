"""The two buttons under every post, by which a reader says that it is wrong or a duplicate.

Each of them asks the admins to look, so that it counts from one person a few times an hour only. That a press comes from
under the event's own post is proven before it gets here.
"""

from __future__ import annotations

from bot.core.render.buttons import READERS, VOTES, Pressed
from handlers import Ask, Buttons, Reaction


async def press(ask: Ask, pressed: Pressed) -> Reaction:
    """Count one vote a person, event and word, and thank for it; a post that was merged away votes for what it became."""
    found = await ask.desk.queries.event(pressed.event_id)
    if found is None or pressed.act not in VOTES:
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


BUTTONS: Buttons = Buttons(READERS, press)
