"""The buttons of the admins' notices. Most of them are a command in another guise, and are carried out as that command.

post, hold, reject   the verdicts; the notice itself is edited as any post is, so that pressing changes nothing here
merge, split         ask which; the answer's buttons are `into` another event and `take` a report
correct, why         answered beside the notice
undo, revert         take a ruling back: on a notice, and on a message that told of the ruling, which is then done with
"""

from __future__ import annotations

from bot.core.kinds import Kind
from bot.core.model import Event, Message
from bot.core.render.buttons import DESK, Pressed
from bot.core.render.markup import unmarked
from bot.core.render.notice import choose_event, choose_report, explain_correction
from handlers import Ask, Buttons, Reaction

COMMANDS = {act: act for act in ("post", "hold", "reject", "undo")} | {
    "revert": "undo",
    "into": "merge",
    "take": "split",
}
SETTLES = frozenset({"revert", "into", "take"})
"""The acts after which the message with the button has nothing left to ask."""


async def press(ask: Ask, pressed: Pressed) -> Reaction:
    """Do what the button says, or ask what is still to be known."""
    name = COMMANDS.get(pressed.act)
    if name is None:
        return Reaction("", message=await _beside(ask, pressed))
    number = [] if name == "undo" else [pressed.event_id]
    message = await ask.command(name, *number, pressed.argument)
    said = unmarked(message.text).splitlines()[0]
    return Reaction(said, instead=message if pressed.act in SETTLES else None)


async def _beside(ask: Ask, pressed: Pressed) -> Message:
    return await ask.command("why", pressed.event_id) if pressed.act == "why" else await _question(ask, pressed)


async def _question(ask: Ask, pressed: Pressed) -> Message:
    """Return what an admin has to say yet, before an event is merged, split or corrected."""
    event = await ask.desk.queries.event(pressed.event_id)
    if event is None or event.merged_into or not event.reports:
        raise ask.refusal("press.stale")
    match pressed.act:
        case "merge":
            return choose_event(event, await _neighbours(ask, event), ask.book)
        case "split":
            return choose_report(event, ask.book)
        case "correct":
            return explain_correction(event, ask.book, planned=ask.desk.kinds[event.kind].planned)
    raise ask.refusal("press.stale")


async def _neighbours(ask: Ask, event: Event) -> list[Event]:
    """Return the events of the kind on the days around, those that are most alike first."""
    kind: Kind = ask.desk.kinds[event.kind]
    found = await ask.desk.queries.candidates(kind.around(event.reports[0]) | kind.kin(event))
    others = [each for each in found if each.id != event.id and each.kind == event.kind and each.verdict != "reject"]
    return sorted(others, key=lambda each: _unlike(kind, event, each))


def _unlike(kind: Kind, event: Event, other: Event) -> tuple[bool, float, int, int, int]:
    compared = kind.compare(event.reports[0], other)
    shared = sum(event.facts.get(slot.name) == other.facts.get(slot.name) for slot in kind.slots if slot.identity)
    apart = abs(((event.date or event.opened.date()) - (other.date or other.opened.date())).days)
    return compared.veto, -compared.score, -shared, apart, -other.id


BUTTONS: Buttons = Buttons(DESK, press, "editor")
