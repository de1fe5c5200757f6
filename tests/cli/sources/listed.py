"""A list of two sources, what a database remembers of them, and a site with feeds: the stage of `vistka sources`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.adapters.store import open_store
from bot.cli._sources.looking import now
from bot.core.model import Alarm, PollState
from tests.feedserver import FeedServer

FEEDS = Path(__file__).parents[2] / "feeds"
TYPES = ("jsonfeed", "rss", "telegram_web")
NOW = now()
"""By the clock of the machine, as the command has it."""
LIST = """# Mine.

[[source]]
id = "bereh"
name = "Берег"
type = "rss"
url = "https://bereh.example/rss"
language = "uk"

# Silent since May.
[[source]]
id = "step"
name = "Степ"
type = "telegram_web"
url = "https://t.me/s/step"
language = "uk"
enabled = false
"""
Call = Callable[..., "Outcome"]


@dataclass(frozen=True)
class Outcome:
    """How a command ended and what it printed."""

    exit_code: int
    stdout: str
    stderr: str


def ids(path: Path) -> list[str]:
    return re.findall(r'^id = "(.*)"$', path.read_text(encoding="utf-8"), re.MULTILINE)


async def remembered(*states: PollState) -> None:
    store = await open_store("sqlite:///vistka.sqlite3")
    for state in states:
        await store.save_poll(state)
    await store.raise_alarm(Alarm("source:silent:bereh", "alarm.source.silent", {}, NOW))
    await store.close()


PAGE = """<!doctype html><html><head><link rel="alternate" type="application/rss+xml" title="News" href="/rss">
<link rel="alternate" type="application/atom+xml" title="Everything" href="/atom"></head><body>Hello</body></html>"""


def paper(server: FeedServer) -> str:
    """Serve a page with two feeds and return its address."""
    server.serve("/rss", (FEEDS / "rss/news_en.xml").read_bytes())
    server.serve("/atom", (FEEDS / "rss/atom_uk.xml").read_bytes())
    return server.serve("/", PAGE, headers={"Content-Type": "text/html"})


def serve_list(own: Path, server: FeedServer, *paths: str) -> None:
    """Let the list be feeds of the server."""
    tables = [
        f'[[source]]\nid = "s{number}"\nname = "S"\ntype = "rss"\nurl = "{server.url(path)}"\nlanguage = "en"\n'
        for number, path in enumerate(paths)
    ]
    own.write_text("\n".join(tables), encoding="utf-8")
