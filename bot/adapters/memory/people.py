"""What is kept about people: buttons handed out, questions asked, alarms raised, updates pushed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from operator import itemgetter

from bot.adapters.memory.tables import Part, Pushed
from bot.adapters.recording import DONE_KNOWN_FOR, EXPIRED_KNOWN_FOR, MOST_HANDLES
from bot.core.model import Alarm, Awaited, Handle


class People(Part):
    """The ports Handles, Dialogues and Alarms, and the updates that were pushed."""

    async def issue(self, handles: Sequence[Handle], now: datetime) -> None:
        """Keep what the buttons of one message mean, before it is sent; what expired more than a day ago is forgotten.

        Of one person in one chat the oldest give way.
        """
        known = (handle for handle in self._tables.handles.values() if handle.expires >= now - EXPIRED_KNOWN_FOR)
        self._tables.handles = {handle.token: handle for handle in (*known, *handles)}
        for place in {(handle.chat_id, handle.user_id) for handle in handles}:
            own = [each.token for each in self._tables.handles.values() if (each.chat_id, each.user_id) == place]
            for token in own[:-MOST_HANDLES]:
                del self._tables.handles[token]

    async def bind(self, tokens: Collection[str], message_id: int) -> None:
        """Say under which message the buttons stand; tokens that nobody knows are passed over."""
        for token in self._tables.handles.keys() & set(tokens):
            self._tables.handles[token] = replace(self._tables.handles[token], message_id=message_id)

    async def handle(self, token: str) -> Handle | None:
        """Return what a button means."""
        return self._tables.handles.get(token)

    async def awaited(self, chat_id: int, user_id: int) -> Awaited | None:
        """Return what the person was asked last in that chat and has not answered."""
        return self._tables.awaited.get((chat_id, user_id))

    async def expect(self, awaited: Awaited) -> None:
        """Remember what was asked, in the place of what was asked before."""
        self._tables.awaited[awaited.chat_id, awaited.user_id] = awaited

    async def answered(self, chat_id: int, user_id: int) -> None:
        """Forget the question."""
        self._tables.awaited.pop((chat_id, user_id), None)

    async def raise_alarm(self, alarm: Alarm) -> bool:
        """Let an alarm stand; return False where one with its key does already, which gets the new values."""
        standing = self._tables.alarms.get(alarm.key)
        self._tables.alarms[alarm.key] = replace(standing, values=alarm.values) if standing else alarm
        if standing is None:
            self._tables.untold.append(alarm.key)
        return standing is None

    async def standing(self, prefix: str) -> frozenset[str]:
        """Return the keys, beginning so, of the alarms that stand."""
        return frozenset(key for key in self._tables.alarms if key.startswith(prefix))

    async def clear(self, key: str) -> bool:
        """End an alarm; return whether one stood."""
        if key in self._tables.untold:
            self._tables.untold.remove(key)
        return self._tables.alarms.pop(key, None) is not None

    async def untold(self) -> tuple[Alarm, ...]:
        """Return the alarms that stand and that nobody was told of, oldest first."""
        waiting = (self._tables.alarms[key] for key in self._tables.untold)
        return tuple(sorted(waiting, key=lambda alarm: (alarm.at, alarm.key)))

    async def told(self, keys: Collection[str]) -> None:
        """Remember that the admins were told."""
        self._tables.untold = [key for key in self._tables.untold if key not in keys]

    async def receive(self, update_id: int, raw: str, at: datetime) -> bool:
        """Keep an update that was pushed; return False for one that is known already. What was done long ago is forgotten."""
        kept = self._tables.inbox.items()
        self._tables.inbox = {number: each for number, each in kept if not each.done or each.at >= at - DONE_KNOWN_FOR}
        fresh = update_id not in self._tables.inbox
        if fresh:
            self._tables.inbox[update_id] = Pushed(raw, at)
        return fresh

    async def received(self, limit: int) -> tuple[tuple[int, str, datetime], ...]:
        """Return the updates that were kept and are not done, oldest first, with their numbers and when they came."""
        waiting = (
            (number, pushed.raw, pushed.at)
            for number, pushed in sorted(self._tables.inbox.items(), key=itemgetter(0))
            if not pushed.done
        )
        return tuple(waiting)[:limit]

    async def done(self, update_id: int) -> None:
        """Remember that a kept update has been handled."""
        if update_id in self._tables.inbox:
            self._tables.inbox[update_id] = replace(self._tables.inbox[update_id], raw="", done=True)
