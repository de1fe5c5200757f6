"""The least that a poller of feeds can be: aiohttp, feedparser and a table, without any guard."""

from __future__ import annotations

import asyncio
import io
import sqlite3
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import aiohttp
import feedparser

from bench.feeds import ITEMS, address
from bench.phases import check, control, phase

AT_ONCE = 64
TABLES = """
PRAGMA journal_mode=WAL;
PRAGMA synchronous=FULL;
CREATE TABLE feed (url TEXT PRIMARY KEY, etag TEXT, modified TEXT);
CREATE TABLE item (feed TEXT, id TEXT, title TEXT, link TEXT, published TEXT, text TEXT, PRIMARY KEY (feed, id));
"""


class Poller:
    """Asks for each feed, and keeps what is in it."""

    def __init__(self, session: aiohttp.ClientSession, path: Path) -> None:
        self._session = session
        self._table = sqlite3.connect(path)
        self._table.executescript(TABLES)

    async def poll(self, url: str) -> None:
        """Ask for a feed if it changed."""
        known = self._table.execute("SELECT etag, modified FROM feed WHERE url = ?", (url,)).fetchone()
        headers = {"If-None-Match": known[0], "If-Modified-Since": known[1]} if known else {}
        async with self._session.get(url, headers=headers) as answer:
            if answer.status == 200:  # noqa: PLR2004
                self._keep(url, answer.headers, await answer.read())

    def _keep(self, url: str, headers: aiohttp.typedefs.LooseHeaders, body: bytes) -> None:
        entries = feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False).entries
        rows = [(url, each.id, each.title, each.link, each.published, each.summary) for each in entries]
        with self._table:
            self._table.execute("REPLACE INTO feed VALUES (?, ?, ?)", (url, headers["etag"], headers["last-modified"]))
            self._table.executemany("INSERT OR IGNORE INTO item VALUES (?, ?, ?, ?, ?, ?)", rows)

    def rows(self) -> int:
        """Return how many items are kept."""
        return int(self._table.execute("SELECT count(*) FROM item").fetchone()[0])


async def everyone(urls: list[str], poll: Callable[[str], Awaitable[None]]) -> None:
    """Poll all of them, some at a time."""
    waiting = iter(urls)

    async def work() -> None:
        for url in waiting:
            await poll(url)

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))


async def main(port: int, feeds: int, folder: str) -> None:
    """Poll in three phases."""
    control(port, "reset")
    urls = [address(number, port) for number in range(feeds)]
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_ONCE)) as session:
        poller = Poller(session, Path(folder) / "script.sqlite3")
        for name in ("cold", "quiet", "changed"):
            if name == "changed":
                control(port, "change/5")
            with phase(name):
                await everyone(urls, poller.poll)
        check(port, feeds, poller.rows(), ITEMS)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
