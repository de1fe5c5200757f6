"""What stands beside the pages of a panel: its beginning, questions for own values, the preview, the list of channels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core.model import Message, Subscription
from bot.core.render.buttons import rows
from bot.core.render.markup import authored, bold, text
from bot.core.render.panel.target import Place, said
from bot.core.render.panel.view import JOINT, TITLE, Panel
from bot.core.render.phrases import Phrasebook


@dataclass(frozen=True, slots=True)
class Week:
    """What the last seven days would have brought: how many events of each kind, in how many messages; the newest, as HTML."""

    counts: Mapping[str, int]
    messages: int
    lines: tuple[str, ...]


def preview(panel: Panel, week: Week) -> Message:
    """Return what the last week would have brought."""
    counts = [panel.book.counted(panel.book.kinds[kind].name, count) for kind, count in week.counts.items() if count]
    some = {"events": panel.book.listing(counts), "count": week.messages}
    told = panel.say("week", **some) if counts else panel.say("no_week")
    newest = ["", authored(panel.say("newest")), *week.lines] if week.lines else []
    lines = [bold(authored(panel.say("button.preview"))), authored(told), *newest]
    return Message("\n".join(lines), ((panel.button("back", "main"),),))


def asking(panel: Panel, what: str, *, grouped: bool) -> Message:
    """Ask for an own value; in a group the answer has to be a reply, or the bot does not see it."""
    name = what.partition("=")[0]
    lines = [authored(panel.say(f"ask.{name}"))]
    lines += [authored(panel.say("by_reply"))] if grouped else []
    return Message("\n".join(lines), ((panel.button("back", "main"),),))


def begin(panel: Panel) -> Message:
    """Offer a subscription to who has none."""
    there = (
        panel.say("begin_there", title=text(panel.title, TITLE)) if panel.title else authored(panel.say("begin_here"))
    )
    told = [f"{authored(panel.told)}\n"] if panel.told else []
    buttons = [(panel.button("yes_begin", "begin"),)]
    if panel.channels:
        buttons.append((panel.button("button.channels", "channels"),))
    return Message("\n".join([*told, there]), tuple(buttons))


def list_channels(book: Phrasebook, own: Place, known: Sequence[tuple[Subscription, bool]]) -> Message:
    """List the chats that a person set up, each with whether that person is still seen to run it."""
    lines = [bold(authored(book.say("panel.button.channels")))]
    lines += [_chat_line(book, each, proven=proven) for each, proven in known]
    lines.append(authored(book.say("panel.about.channels" if known else "panel.no_channels")))
    buttons = [said(_titled(each), Place.of(each), "main") for each, proven in known if proven]
    add = said(book.say("panel.add"), own, "add")
    return Message("\n".join(lines), (*rows(buttons, 1), (add,), (said(book.say("panel.back"), own, "main"),)))


def _chat_line(book: Phrasebook, subscription: Subscription, *, proven: bool) -> str:
    kinds = JOINT.join(book.kinds[kind].title for kind in subscription.kinds if kind in book.kinds)
    phrase = "panel.managed" if proven else "panel.unproven"
    return book.say(phrase, title=text(_titled(subscription), TITLE), kinds=authored(kinds))


def _titled(subscription: Subscription) -> str:
    name = subscription.title or str(subscription.chat_id)
    return f"{name} · {subscription.thread_id}" if subscription.thread_id else name


def pick_channel(book: Phrasebook) -> Message:
    """Tell how a channel is set up, with a button by which it can be picked."""
    return Message(authored(book.say("panel.ask.channel")), pick=book.say("panel.pick"))
