"""Subscribes to the hubs that feeds name, and takes what they push (W3C WebSub).

What is pushed goes the way of what is polled: `bot.polling` parses it in a worker and hands it on. Polls go on as a net, more
rarely for as long as nothing slips through. The leases are few, one a source at most, and kept in memory beside the store:
one process both serves the callbacks and asks the hubs.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlsplit

import structlog

from bot.core import websub
from bot.core.model import Feed, Response, Source
from bot.core.text.teaser import same_site
from bot.core.websub import Challenge, HubLease
from bot.ports import Clock, Fetch, PermanentError, TemporaryError, VistkaError
from bot.ports.hubs import HubLeases

log = structlog.get_logger()

FOLDER = "websub"
"""The last part but one of every callback."""
ASKED_AT_ONCE = 20
"""How many hubs are asked in one round."""
MOST_WAITING = 2
"""How many pushes of one source are read or wait to be; more are to come again, so that others get their turn."""
MOST_PUSHES, WITHIN = 60, timedelta(minutes=10)
"""How many pushes of one source are taken in which time: ten times as many as the busiest agency publishes."""
DISTRUSTED_FOR = timedelta(days=1)
"""How long polls keep their pace after one brought what a hub had not pushed."""
NEWEST_PUSH = timedelta(days=7)
"""A hub that has pushed nothing for longer is not relied upon."""


class Receive(Protocol):
    """The part of `bot.polling` that takes what is pushed."""

    @property
    def sources(self) -> Mapping[str, Source]:
        """The sources that are polled, by id."""
        ...

    async def pushed(self, source_id: str, response: Response) -> None:
        """Take what a hub sent of a source; raise VistkaError."""
        ...


class Subscriber:
    """Implements `bot.ports.hubs.Subscribe`. `public_url` is where we are reached; `token` is another one at each call.

    A hub on the site of a feed in the networks of the operator (`is_inside`) is asked by `fetch`, any other by `fetch_abroad`,
    which knows none of them: whoever writes a feed may name a hub in it.
    """

    def __init__(  # noqa: PLR0913  (a push goes through all of these)
        self,
        leases: HubLeases,
        receive: Receive,
        *,
        fetch: Fetch,
        fetch_abroad: Fetch,
        is_inside: Callable[[str], bool],
        clock: Clock,
        public_url: str,
        token: Callable[[], str],
    ) -> None:
        self._store = leases
        self._receive = receive
        self._fetch = fetch
        self._fetch_abroad = fetch_abroad
        self._is_inside = is_inside
        self._clock = clock
        self._public_url = public_url
        self._token = token
        self._leases: dict[str, HubLease] = {}
        self._of_source: dict[str, str] = {}
        self._loaded = False
        self._loading = asyncio.Lock()
        self._waiting: defaultdict[str, int] = defaultdict(int)
        self._pushes: defaultdict[str, deque[datetime]] = defaultdict(lambda: deque(maxlen=MOST_PUSHES))
        self._distrusted: dict[str, datetime] = {}

    def callback(self, lease: HubLease) -> str:
        """Return the address at which a hub reaches us for a lease."""
        return f"{self._public_url}/{FOLDER}/{lease.key}"

    async def load(self) -> None:
        """Take up what was kept, once. Leases for another public address are made anew: nothing arrives there any more."""
        async with self._loading:
            if self._loaded:
                return
            for lease in await self._store.hub_leases():
                if lease.key.endswith(self._mark()):
                    self._keep(lease)
                else:
                    await self._store.end_hub_lease(lease.key)
                    await self._seek(lease.source_id, lease.hub, lease.topic)
            self._loaded = True

    async def learn(self, source: Source, feed: Feed, now: datetime) -> None:
        """Remember which hub a feed names, to be asked in the next round; give back the lease of one that it names no more."""
        await self.load()
        lease = self._leases.get(self._of_source.get(source.id, ""))
        topic = feed.topic or source.url
        if lease is not None:
            if websub.settled(lease, feed.hub, topic, now):
                return
            await self._save(websub.ending(lease, now))
        if feed.hub:
            await self._seek(source.id, feed.hub, topic)

    def pushing(self, source_id: str, now: datetime) -> bool:
        """Tell whether the hub of a source has pushed lately, will go on, and has left nothing to a poll."""
        lease = self._leases.get(self._of_source.get(source_id, ""))
        if lease is None or lease.pushed_at is None or self._distrusted.get(source_id, now) > now:
            return False
        return lease.stands(now) and now - lease.pushed_at < NEWEST_PUSH

    def missed(self, source_id: str, now: datetime) -> None:
        """Rely on the hub of a source no more for a while."""
        self._distrusted[source_id] = now + DISTRUSTED_FOR

    async def tend(self) -> None:
        """Give back the leases that nothing needs, and ask hubs for what is due, the longest due first."""
        await self.load()
        now = self._clock.now()
        for lease in tuple(self._leases.values()):
            if lease.wish == "subscribe" and not self._needs(lease):
                await self._save(websub.ending(lease, now))
        due = sorted((lease for lease in self._leases.values() if lease.next_at <= now), key=lambda each: each.next_at)
        for lease in due[:ASKED_AT_ONCE]:
            await self._ask(lease.key, now)

    def _needs(self, lease: HubLease) -> bool:
        """Tell whether a lease is the one of a source that is polled."""
        return lease.source_id in self._receive.sources and self._of_source.get(lease.source_id) == lease.key

    def known(self, key: str) -> bool:
        """Tell whether a hub was given this callback."""
        return key in self._leases

    async def answered(self, key: str, said: Challenge) -> bool:
        """Take what a hub asks back, or that it will not; return whether that fits what it was asked."""
        lease, now = self._leases[key], self._clock.now()
        after = websub.denied(lease, said, now) or websub.confirmed(lease, said, now)
        if after is None:
            log.warning("hub asks for what it was not asked", source=lease.source_id, mode=said.mode[:20])
            return False
        if after.wish == "unsubscribe":
            await self._end(after)
        else:
            await self._save(after)
        log.info(
            "hub answered", source=lease.source_id, hub=urlsplit(lease.hub).hostname, mode=said.mode, until=after.until
        )
        return True

    def admits(self, key: str) -> bool:
        """Tell whether something may be pushed now: neither too many under way nor too many lately."""
        source_id = self._leases[key].source_id
        lately = self._pushes[source_id]
        flooded = len(lately) == MOST_PUSHES and self._clock.now() - lately[0] < WITHIN
        return not flooded and self._waiting[source_id] < MOST_WAITING

    async def take(self, key: str, headers: Mapping[str, str], body: bytes) -> None:
        """Have signed news of a source that we want read and handed on; drop anything else."""
        lease, now = self._leases.get(key), self._clock.now()
        if lease is None or lease.wish != "subscribe" or lease.source_id not in self._receive.sources:
            return
        if not websub.signed(lease.secret, headers.get("x-hub-signature", ""), body):
            log.warning("push dropped", source=lease.source_id, reason="it is not signed with the secret of its hub")
            return
        self._pushes[lease.source_id].append(now)
        self._waiting[lease.source_id] += 1
        try:
            await self._hand_on(lease, headers, body)
        finally:
            self._waiting[lease.source_id] -= 1

    async def _hand_on(self, lease: HubLease, headers: Mapping[str, str], body: bytes) -> None:
        told = {name: headers[name] for name in ("content-type",) if name in headers}
        source = self._receive.sources[lease.source_id]
        try:
            await self._receive.pushed(lease.source_id, Response(source.url, 200, told, body))
        except PermanentError as error:
            log.warning("push dropped", source=lease.source_id, reason=str(error))
            return
        if lease.key in self._leases:
            await self._save(replace(self._leases[lease.key], pushed_at=self._clock.now()))

    async def _ask(self, key: str, now: datetime) -> None:
        """Ask a hub, if that is still due; its answer comes by the callback, perhaps before it has even taken the question."""
        lease = self._leases.get(key)
        if lease is None or lease.next_at > now:
            return
        if websub.over(lease, now):
            await self._end(lease)
            return
        lease = websub.asked(lease, now)
        await self._save(lease)
        try:
            await self._door(lease).fetch(websub.question(lease, self.callback(lease)))
        except VistkaError as error:
            log.warning("hub refuses", source=lease.source_id, mode=lease.wish, error=str(error))
            delay = error.delay if isinstance(error, TemporaryError) else None
            current = self._leases.get(key)
            if current is not None and current.wish == lease.wish:
                await self._save(websub.refused(current, str(error), now, delay))

    def _door(self, lease: HubLease) -> Fetch:
        """Return the door for a hub; where the source is gone, the one through which the hub was reached before."""
        source = self._receive.sources.get(lease.source_id)
        near = same_site(lease.hub, source.url) if source else lease.until is not None
        return self._fetch if near and self._is_inside(source.url if source else lease.hub) else self._fetch_abroad

    async def _seek(self, source_id: str, hub: str, topic: str) -> None:
        """Put down that a hub is to be asked for the news of a source."""
        key = f"{self._token()}-{self._mark()}"
        now = self._clock.now()
        lease = HubLease(
            key=key, source_id=source_id, hub=hub, topic=topic, secret=self._token(), wish="subscribe", next_at=now
        )
        await self._save(lease)

    def _mark(self) -> str:
        """Return what tells keys of this public address from those of another."""
        return hashlib.sha256(self._public_url.encode()).hexdigest()[:8]

    async def _save(self, lease: HubLease) -> None:
        self._keep(lease)
        await self._store.save_hub_lease(lease)

    def _keep(self, lease: HubLease) -> None:
        self._leases[lease.key] = lease
        if lease.wish == "subscribe":
            self._of_source[lease.source_id] = lease.key
        elif self._of_source.get(lease.source_id) == lease.key:
            del self._of_source[lease.source_id]

    async def _end(self, lease: HubLease) -> None:
        self._leases.pop(lease.key, None)
        if self._of_source.get(lease.source_id) == lease.key:
            del self._of_source[lease.source_id]
        await self._store.end_hub_lease(lease.key)
