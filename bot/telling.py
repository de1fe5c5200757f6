"""Who is to hear of a draft, and why or why not: the policy of `bot.core.policy` over what the store knows of chats.

An item and a ruling are told the same way, so that what an admin decides travels to every copy of the post.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.model import Event, Planned, Posted, Subscription
from bot.core.policy import EDIT_FLOOR, Doubt, Flooding, ask, desk, doubts, is_closed, is_fresh, is_held, plan, why
from bot.joining import Draft
from bot.ports import Clock, Joined, Store


@dataclass(frozen=True, slots=True)
class Told:
    """A draft with who is to hear of it, and in words why, or why nobody is."""

    draft: Draft
    joined: Joined
    reason: str


class Telling:
    """Plans deliveries. `admins` are the users who are asked where something is doubtful, in `language`.

    Digests are those that come after now by `clock`, without one after the news. Two edits of one post are `edit_floor` apart.
    """

    def __init__(
        self,
        store: Store,
        *,
        admins: Sequence[int] = (),
        language: str = "en",
        clock: Clock | None = None,
        edit_floor: timedelta = EDIT_FLOOR,
    ) -> None:
        self._store = store
        self._edit_floor = edit_floor
        self._clock = clock
        self._admins = admins
        self._language = language

    async def tell(
        self,
        drafts: Sequence[Draft],
        *,
        quiet: bool = False,
        flooding: Flooding = "",
        readers: bool = False,
        at: datetime | None = None,
    ) -> tuple[Told, ...]:
        """Return what the store is to write for the drafts; of `quiet` ones nothing but the posts that stand is mended.

        `flooding` says that the source of the events that are told by nobody else has gone mad, `readers` that readers
        complained, `at` when it came about, where that is not when the events were last told of.
        """
        subscriptions = await self._store.subscriptions() if drafts else ()
        posted = {each.event.id: await self._store.posted(each.event.id) if each.event.id else () for each in drafts}
        room = _Room(tuple(drafts), subscriptions, posted, flooding, quiet, readers, at)
        return tuple([await self._one(draft, room) for draft in drafts])

    async def _one(self, draft: Draft, room: _Room) -> Told:
        event, mine = draft.event, room.posted[draft.event.id]
        flooding = room.flooding if draft.alone else ""
        fresh = is_fresh(event)
        held = not flooding and not room.quiet and is_held(event, draft.kind, room.subscriptions, fresh=fresh)
        worries = room.doubts(draft, flooding, held=held)
        change = ask(draft.change, worries)
        husks = room.absorbed(event)
        chats = () if flooding else room.subscriptions
        at = self._clock.now() if self._clock else room.at or event.updated
        readers = plan(change, draft.kind, chats, mine, at=at, fresh=fresh, absorbed=husks, edit_floor=self._edit_floor)
        admins = desk(change, worries, self._admins, mine, self._language)
        planned = room.heard((*await self._under(draft, readers), *admins), husks)
        reason = why(change, planned, quiet=room.quiet, fresh=fresh, posted=mine, flooding=flooding, held=held)
        told = replace(draft, change=change)
        return Told(told, told.joined(planned), reason)

    async def _under(self, draft: Draft, planned: tuple[Planned, ...]) -> tuple[Planned, ...]:
        """Put new posts under the post of the event that this one hangs under: its night, or the stage before it."""
        if not any(each.action == "post" and not each.under for each in planned):
            return planned
        near = await self._store.candidates(draft.kind.kin(draft.event))
        standing = (each for each in near if each.id != draft.event.id and not is_closed(each))
        above = [each for each in standing if draft.kind.hangs(draft.event, each)]
        if not above:
            return planned
        nearest = max(above, key=lambda each: (each.date or draft.event.date, -each.id))
        return tuple(
            replace(each, under=nearest.id) if each.action == "post" and not each.under else each for each in planned
        )


@dataclass(frozen=True, slots=True)
class _Room:
    """What is the same for all drafts that are told in one go."""

    drafts: tuple[Draft, ...]
    subscriptions: Sequence[Subscription]
    posted: Mapping[int, Sequence[Posted]]
    flooding: Flooding
    quiet: bool
    readers: bool
    at: datetime | None

    def doubts(self, draft: Draft, flooding: Flooding, *, held: bool) -> tuple[Doubt, ...]:
        """Return why admins are to look at a draft; of what is older than the horizon nobody is asked."""
        if self.quiet:
            return ()
        return doubts(draft.change, draft.decision, flooding=flooding, held=held, readers=self.readers)

    def heard(self, planned: Iterable[Planned], absorbed: Collection[int]) -> tuple[Planned, ...]:
        """Return what is sent of a plan: of what is older than the horizon only what keeps posts true.

        That is edits, and the post that a pointer points to.
        """
        return tuple(each for each in planned if not self.quiet or each.action == "edit" or each.under in absorbed)

    def absorbed(self, event: Event) -> dict[int, Sequence[Posted]]:
        """Return the posts of the events that are merged into this one."""
        husks = (each.event.id for each in self.drafts if each.event.merged_into == event.id != 0)
        return {number: self.posted[number] for number in husks}
