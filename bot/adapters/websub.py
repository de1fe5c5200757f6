"""The callbacks at which hubs reach us: questions are asked there by GET, news are posted."""

from __future__ import annotations

from bot.adapters.http import Asked, Route, Said
from bot.core.websub import challenge_of
from bot.ports import TemporaryError
from bot.ports.hubs import Subscribe
from bot.pushing import FOLDER

LARGEST_PUSH = 8 << 20
"""Bytes, as for a feed that is polled."""
AT_ONCE = 6
"""How many bodies are taken in at the same time, so that they fill no more than 48 MiB."""
EACH = 2
"""How many of them one hub may have on their way, so that one that takes its time leaves places to the others."""
TAKEN, UNKNOWN, LATER = 200, 404, 503


def hub_routes(subscriber: Subscribe) -> tuple[Route, Route]:
    """Return who answers hubs. Whoever does not know a callback is told that there is none."""

    def knows(asked: Asked) -> int:
        return TAKEN if asked.folder == FOLDER and subscriber.known(asked.name) else UNKNOWN

    def admits(asked: Asked) -> int:
        return (TAKEN if subscriber.admits(asked.name) else LATER) if knows(asked) == TAKEN else UNKNOWN

    async def confirm(asked: Asked) -> int | Said:
        said = challenge_of(asked.query)
        meant = await subscriber.answered(asked.name, said)
        return Said(said.word.encode(errors="replace")) if meant else UNKNOWN

    async def take(asked: Asked) -> int:
        try:
            await subscriber.take(asked.name, asked.headers, asked.body)
        except TemporaryError:
            return LATER
        return TAKEN

    return (
        Route(answer=confirm, admit=knows, method="GET"),
        Route(answer=take, admit=admits, most_bytes=LARGEST_PUSH, at_once=AT_ONCE, each=EACH),
    )
