"""Events into messages: escaped, within the limits, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core.model import Action, Alarm, Event, FactChange, Message
from bot.core.render.alarm import render_alarms
from bot.core.render.digest import render_digest
from bot.core.render.notice import render_notice
from bot.core.render.phrases import Phrasebook
from bot.core.render.post import render_post, render_reply

FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Renderer:
    """What a delivery shows, with the words of every language bound to it."""

    books: Mapping[str, Phrasebook]

    def __call__(self, event: Event, language: str, action: Action, changes: Sequence[FactChange] = ()) -> Message:
        """Return the post as it should read now, or for a reply the changes alone."""
        if action == "reply":
            return render_reply(event, changes, self._book(language))
        return render_post(event, self._book(language))

    def digest(self, events: Sequence[Event], language: str) -> Message:
        """Return several events in one message."""
        return render_digest(events, self._book(language))

    def notice(self, event: Event, language: str, doubts: Sequence[str], feedback: Mapping[str, int]) -> Message:
        """Return the notice to an admin as it should read now."""
        return render_notice(event, self._book(language), doubts, feedback)

    def alarms(self, alarms: Sequence[Alarm], language: str) -> Message:
        """Return what the admins are to hear of."""
        return render_alarms(alarms, self._book(language))

    def _book(self, language: str) -> Phrasebook:
        return self.books.get(language) or self.books[FALLBACK]
