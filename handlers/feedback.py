"""The two buttons under every post, by which a reader says that it is wrong or a duplicate."""

from __future__ import annotations

from bot.core.render.buttons import READERS, VOTES, Pressed
from handlers import Ask, Buttons, Reaction


async def press(ask: Ask, pressed: Pressed) -> Reaction:
    """Count one vote a person, event and word, and thank for it; a post that was merged away votes for what it became."""
    event = await ask.desk.queries.event(pressed.event_id)
    if event is None or pressed.act not in VOTES:
        raise ask.refusal("press.stale")
    event = await ask.became(event)
    if event.verdict == "reject":
        return Reaction(ask.book.say("feedback.withdrawn"))
    fresh = await ask.desk.rulings.feedback(event.id, ask.user_id, pressed.act)
    return Reaction(ask.book.say("feedback.thanks" if fresh else "feedback.again"))


BUTTONS: Buttons = Buttons(READERS, press)
