"""Events into messages: escaped, within the limits, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.model import Action, Event, FactChange, Message
from bot.core.render.phrases import Phrasebook
from bot.core.render.post import is_first_zero, render_post, render_reply

FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Renderer:
    """What a delivery shows, with the words of every language bound to it."""

    books: Mapping[str, Phrasebook]

    def __call__(self, event: Event, language: str, action: Action) -> Message:
        """Return the post as it should read now, or for a reply the news alone."""
        book = self.books.get(language) or self.books[FALLBACK]
        if action != "reply":
            return render_post(event, book)
        return render_reply(event, [change for change in event.news if _is_told(change)], book)


def _is_told(change: FactChange) -> bool:
    """Tell news from mere details: that a list grew, a word was said for the first time, or that there were none."""
    if isinstance(change.after, tuple) or is_first_zero(change):
        return False
    return change.before is not None or isinstance(change.after, int)
