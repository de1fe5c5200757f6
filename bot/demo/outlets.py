"""Invented outlets on the loopback interface: each has a server of its own and publishes its news as time goes by.

They answer as real ones do, in RSS 2.0, Atom or JSON Feed, with ETag and Last-Modified, and with 304 where nothing is new.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from aiohttp import web

from bot.core.model import Source
from bot.ports import Clock

DATA = Path(__file__).parents[1] / "data" / "demo"
SHOWN = 20
"""Entries in a feed at a time, as a news site keeps them."""

ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True)
class Story:
    """One bundled item as its outlet publishes it."""

    outlet: str
    id: str
    url: str
    published: datetime
    title: str
    summary: str
    body: str | None


@dataclass(frozen=True, slots=True)
class Outlet:
    """A news site: the feed's format and what it will publish, oldest first."""

    id: str
    name: str
    language: str
    format: str
    side: Any
    stories: tuple[Story, ...]


def load_outlets() -> tuple[Outlet, ...]:
    """Read the bundled outlets and their fortnight of news."""
    lines = (DATA / "fortnight.jsonl").read_text(encoding="utf-8").splitlines()
    stories = [_story(json.loads(line)) for line in lines]
    tables = tomllib.loads((DATA / "outlets.toml").read_text(encoding="utf-8"))["outlet"]
    return tuple(
        Outlet(**table, stories=tuple(story for story in stories if story.outlet == table["id"])) for table in tables
    )


def _story(entry: dict[str, Any]) -> Story:
    return Story(**entry | {"published": datetime.fromisoformat(entry["published"])})


@asynccontextmanager
async def open_outlets(outlets: Sequence[Outlet], clock: Clock) -> AsyncIterator[tuple[Source, ...]]:
    """Serve each outlet on a port of its own for as long as the context lasts; yield them as sources to poll."""
    async with AsyncExitStack() as stack:
        yield tuple([await _open(outlet, clock, stack) for outlet in outlets])


async def _open(outlet: Outlet, clock: Clock, stack: AsyncExitStack) -> Source:
    async def answer(request: web.Request) -> web.Response:
        published = [story for story in outlet.stories if story.published <= clock.now()][-SHOWN:]
        return _conditional(request, outlet, published)

    application = web.Application()
    application.router.add_get("/feed", answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    kind = "jsonfeed" if outlet.format == "jsonfeed" else "rss"
    url = f"http://127.0.0.1:{port}/feed"
    return Source(outlet.id, outlet.name, kind, url, outlet.language, "outlet", outlet.side, outlet.id)


def _conditional(request: web.Request, outlet: Outlet, stories: Sequence[Story]) -> web.Response:
    """Answer 304 where the reader has the feed as it stands."""
    kind, write = FORMATS[outlet.format]
    tag = hashlib.sha256(repr([story.id for story in stories]).encode()).hexdigest()[:16]
    headers = {"ETag": f'"{tag}"'}
    if stories:
        headers["Last-Modified"] = format_datetime(stories[-1].published)
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return web.Response(status=304, headers=headers)
    return web.Response(body=write(outlet, stories), content_type=kind, charset="utf-8", headers=headers)


def _write_rss(outlet: Outlet, stories: Sequence[Story]) -> bytes:
    root = ET.Element("rss", {"version": "2.0", "xmlns:content": "http://purl.org/rss/1.0/modules/content/"})
    channel = ET.SubElement(root, "channel")
    _texts(channel, title=outlet.name, link=f"https://{outlet.id}.example/", language=outlet.language)
    for story in reversed(stories):
        item = ET.SubElement(channel, "item")
        when = format_datetime(story.published)
        _texts(item, title=story.title, link=story.url, guid=story.id, pubDate=when, description=story.summary)
        if story.body:
            _texts(item, **{"content:encoded": _html(story.body)})
    return _xml(root)


def _write_atom(outlet: Outlet, stories: Sequence[Story]) -> bytes:
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": outlet.language})
    updated = stories[-1].published.isoformat() if stories else "2025-01-01T00:00:00Z"
    _texts(root, title=outlet.name, id=f"https://{outlet.id}.example/", updated=updated)
    for story in reversed(stories):
        entry = ET.SubElement(root, "entry")
        when = story.published.isoformat()
        _texts(entry, title=story.title, id=story.url, published=when, updated=when, summary=story.summary)
        ET.SubElement(entry, "link", {"rel": "alternate", "href": story.url})
        if story.body:
            ET.SubElement(entry, "content", {"type": "html"}).text = _html(story.body)
    return _xml(root)


def _write_json(outlet: Outlet, stories: Sequence[Story]) -> bytes:
    items = [
        {
            "id": story.id,
            "url": story.url,
            "title": story.title,
            "summary": story.summary,
            "content_text": story.body or "",
            "date_published": story.published.isoformat(),
        }
        for story in reversed(stories)
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": outlet.name, "language": outlet.language}
    return json.dumps(feed | {"items": items}, ensure_ascii=False).encode()


def _texts(parent: ET.Element, **texts: str) -> None:
    for name, value in texts.items():
        ET.SubElement(parent, name).text = value


def _html(body: str) -> str:
    escaped = body.replace("&", "&amp;").replace("<", "&lt;")
    return "".join(f"<p>{paragraph}</p>" for paragraph in escaped.split("\n\n"))


def _xml(root: ET.Element) -> bytes:
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


Writer = Callable[[Outlet, Sequence[Story]], bytes]

FORMATS: dict[str, tuple[str, Writer]] = {
    "rss": ("application/rss+xml", _write_rss),
    "atom": ("application/atom+xml", _write_atom),
    "jsonfeed": ("application/feed+json", _write_json),
}
