"""Feeds for the polling benchmark, and the server that has them, on many addresses of this machine.

Each feed is in English, Ukrainian or Russian. One item in `TELLING` tells of an exchange or a strike, in the words of the
demo's fortnight; the others are ordinary news. All of it is our own text. `python bench/feeds.py PORT FEEDS [HOSTS]` serves
until it is ended:

    /N.xml          feed N, with ETag, Last-Modified and 304; 50 items, the newest first
    /ctl/change/P   P per cent of the feeds, others each time, get one item more      /ctl/reset   all as at the start
    /ctl/seen       how many answers were whole, and how many 304
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import tomllib
from email.utils import formatdate
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Final

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bench.ordinary import ORDINARY  # noqa: E402

ITEMS: Final = 50
TELLING: Final = 100
START: Final = 1_749_470_400
"""Noon of 9 June 2025: when the first items of each feed are the news of the last hours."""
APART: Final = 1_200
LATER: Final = 6 * 3600
"""Seconds between two items at the start, and between those that come later."""
LANGUAGES: Final = ("en", "uk", "ru")
HOSTS: Final = 200
A_NET: Final = 250


def address(feed: int, port: int, hosts: int = HOSTS) -> str:
    """Return where a feed is: the feeds of a host stand next to each other in no list."""
    return f"http://{host(feed % hosts)}:{port}/{feed}.xml"


def host(number: int) -> str:
    """Return the address of a host of this machine."""
    return f"127.0.{number // A_NET}.{number % A_NET + 1}"


@lru_cache
def _telling(language: str) -> list[tuple[str, str]]:
    demo = ROOT / "bot/data/demo"
    outlets = tomllib.loads((demo / "outlets.toml").read_text(encoding="utf-8"))["outlet"]
    speaking = {outlet["id"] for outlet in outlets if outlet["language"] == language}
    items = map(json.loads, (demo / "fortnight.jsonl").read_text(encoding="utf-8").splitlines())
    return [(item["title"], item.get("summary") or "") for item in items if item["outlet"] in speaking]


def _story(language: str, dice: random.Random) -> tuple[str, str]:
    """Return a headline and what it tells; the number makes each text another one."""
    if not dice.randrange(TELLING):
        title, told = dice.choice(_telling(language))
    else:
        title, _, _ = dice.choice(ORDINARY[language]).partition(". ")
        told = " ".join(text.partition(". ")[2] for text in dice.sample(ORDINARY[language], 3))
    return title, f"{told} ({dice.randrange(10**9)})"


def item(feed: int, number: int) -> str:
    """Return one item, the same at each call."""
    dice = random.Random(feed * 1_000_003 + number)
    title, told = _story(LANGUAGES[feed % 3], dice)
    age = (ITEMS - number) * (APART if number <= ITEMS else LATER)
    return (
        f"<item><title>{escape(title)}</title><link>https://outlet{feed}.example/news/{number}</link>"
        f'<guid isPermaLink="false">outlet{feed}:{number}</guid><pubDate>{formatdate(START - age, usegmt=True)}</pubDate>'
        f"<category>news</category><description><![CDATA[<p>{told}</p>]]></description></item>\n"
    )


def feed(number: int, more: int = 0) -> bytes:
    """Return a feed of which `more` items came since the start."""
    newest = ITEMS + more
    items = "".join(item(number, each) for each in range(newest, newest - ITEMS, -1))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>'
        f"<title>Outlet {number}</title><link>https://outlet{number}.example/</link><description>News</description>"
        f"<language>{LANGUAGES[number % 3]}</language>\n{items}</channel></rss>\n"
    ).encode()


class Outlets:
    """What the server has: how many items came to each feed since the start."""

    def __init__(self, feeds: int) -> None:
        self.more = [0] * feeds
        self.seen = [0, 0]
        self._bodies = [feed(number) for number in range(feeds)]
        self._first = list(self._bodies)
        self._turn = 0

    def control(self, command: str) -> str:
        """Do what a poller asked for; return what there is to say."""
        name, _, given = command.partition("/")
        if name == "reset":
            self.more, self._bodies, self.seen, self._turn = [0] * len(self.more), list(self._first), [0, 0], 0
        if name == "change":
            every = round(100 / float(given))
            for number in range(self._turn % every, len(self.more), every):
                self.more[number] += 1
                self._bodies[number] = feed(number, self.more[number])
            self._turn += 1
        return " ".join(map(str, self.seen))

    def answer(self, number: int, head: bytes) -> bytes:
        """Return the whole answer to a question for a feed."""
        tag = b'"%d-%d"' % (number, self.more[number])
        dated = formatdate(START + self.more[number] * LATER, usegmt=True).encode()
        known = b"\r\netag: %b\r\nlast-modified: %b\r\n" % (tag, dated)
        if b"\r\nif-none-match: " + tag in head.lower():
            self.seen[1] += 1
            return b"HTTP/1.1 304 Not Modified" + known + b"\r\n"
        self.seen[0] += 1
        body = self._bodies[number]
        kind = b"content-type: application/rss+xml; charset=utf-8\r\ncontent-length: %d\r\n\r\n" % len(body)
        return b"HTTP/1.1 200 OK" + known + kind + body


class Connection(asyncio.Protocol):
    """One connection, kept open as long as the other side wishes."""

    def __init__(self, outlets: Outlets) -> None:
        self._outlets = outlets
        self._waiting = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        *heads, self._waiting = (self._waiting + data).split(b"\r\n\r\n")
        for head in heads:
            path = head.split(b" ", 2)[1].decode().strip("/")
            self._transport.write(self._said(path, head))
            if b"\r\nconnection: close" in head.lower():
                self._transport.close()

    def _said(self, path: str, head: bytes) -> bytes:
        if path.startswith("ctl/"):
            text = self._outlets.control(path.removeprefix("ctl/")).encode()
            return b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(text) + text
        return self._outlets.answer(int(path.removesuffix(".xml")), head)


async def serve(port: int, feeds: int, hosts: int) -> None:
    """Serve until the process is ended."""
    outlets = Outlets(feeds)
    listening = [host(number) for number in range(hosts)]
    server = await asyncio.get_running_loop().create_server(lambda: Connection(outlets), listening, port, backlog=1024)
    print("ready", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2]), int((*sys.argv, HOSTS)[3])))
