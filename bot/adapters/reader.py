"""The reading port over the reader: milliseconds of work, done in a thread so that the loop stays free.

What the reader knows takes a second or two to load. Nobody waits for that who has nothing to read yet: feeds are asked
meanwhile, and at a start people are answered before news is read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from bot.core.extract import Reader
from bot.core.model import Item, Report, Source


class ThreadedRead:
    """Implements `bot.ports.Read`, `ReadAll` and `Gate`. `load` returns the reader; it is called once, in a thread."""

    def __init__(self, load: Callable[[], Reader]) -> None:
        self._load = load
        self._loading: asyncio.Task[Reader] | None = None
        self._sources: Sequence[Source] | None = None
        self._wanted: asyncio.Future[None] | None = None

    def hold(self) -> None:
        """Let whoever has something to read wait until somebody asks for `ready`: what is more urgent is loaded before."""
        self._wanted = asyncio.get_running_loop().create_future()

    def give_up(self) -> None:
        """Cut off who still waits, since nobody will ask for `ready` any more."""
        if self._wanted is not None:
            self._wanted.cancel()

    async def ready(self) -> Reader:
        """Return the reader, loaded when it is first asked for; raise what the loading raises, to everybody who asks."""
        if self._wanted is not None and not self._wanted.done():
            self._wanted.set_result(None)
        if self._loading is None:
            self._loading = asyncio.create_task(self._made())
        return await asyncio.shield(self._loading)

    def know(self, sources: Sequence[Source]) -> None:
        """Let these from now on be the sources that items may be passed on from."""
        self._sources = sources
        if self._loading is not None:
            self._loading = asyncio.create_task(self._knowing(self._loading, sources))

    async def _made(self) -> Reader:
        reader, sources = await asyncio.to_thread(self._load), self._sources
        return reader if sources is None else await asyncio.to_thread(reader.knowing, sources)

    @staticmethod
    async def _knowing(loading: asyncio.Task[Reader], sources: Sequence[Source]) -> Reader:
        reader = await asyncio.shield(loading)
        return await asyncio.to_thread(reader.knowing, sources)

    async def _reader(self) -> Reader:
        if self._wanted is not None:
            await asyncio.shield(self._wanted)
        return await self.ready()

    async def promising(self, items: Sequence[Item]) -> tuple[bool, ...]:
        """Tell of each of the items whether it may be about an event."""
        reader = await self._reader()
        return await asyncio.to_thread(lambda: tuple(map(reader.promising, items)))

    async def read_all(self, items: Sequence[Item]) -> tuple[tuple[Report, ...] | Exception, ...]:
        """Return what each of the items says, or why it cannot be read, after one way to the thread and back."""
        reader = await self._reader()
        return await asyncio.to_thread(lambda: tuple(_read(reader, item) for item in items))

    async def read(self, item: Item) -> tuple[Report, ...]:
        """Return what the item says, main news and background."""
        reader = await self._reader()
        return await asyncio.to_thread(reader.read, item)


def _read(reader: Reader, item: Item) -> tuple[Report, ...] | Exception:
    try:
        return reader.read(item)
    except Exception as error:  # noqa: BLE001  (one item that fails holds up no other)
        return error
