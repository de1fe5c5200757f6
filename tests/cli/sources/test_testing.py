"""`vistka sources test`: what the daemon would see of its sources now."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

from bot.adapters.store import open_store
from bot.cli._sources.looking import now
from bot.core.model import PollState
from tests.cli.sources.listed import NOW, Call, paper, remembered, serve_list
from tests.feedserver import FeedServer


def test_sources_are_tested_and_what_is_wrong_is_said(call: Call, own: Path, server: FeedServer) -> None:
    paper(server)
    server.serve("/empty", '<rss version="2.0"><channel><title>E</title></channel></rss>')
    serve_list(own, server, "/rss", "/missing", "/", "/empty")
    result = call("test")
    rows = [line.split("\t") for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert [row[:3] for row in rows] == [
        ["ok", "s0", "rss"],
        ["failed", "s1", "rss"],
        ["failed", "s2", "rss"],
        ["ok", "s3", "rss"],
    ]
    assert "status 404" in rows[1][-1]
    assert "web page" in rows[2][-1]
    assert "it has no items" in rows[3][-1]
    assert int(rows[0][4]) > 0
    assert call("test", "s0", server.url("/atom")).exit_code == 0


def test_how_often_a_source_would_be_asked_follows_its_rhythm(call: Call, own: Path, server: FeedServer) -> None:
    hours = [format_datetime(now() - timedelta(hours=number)) for number in range(1, 9)]
    items = "".join(f"<item><title>{time}</title><pubDate>{time}</pubDate></item>" for time in hours)
    server.serve("/hourly", f'<rss version="2.0"><channel><title>H</title>{items}</channel></rss>')
    serve_list(own, server, "/hourly")
    row = call("test").stdout.rstrip("\n").split("\t")
    assert row[4:] == ["8", "1 hr. ago", "30 min", "none of its items has a link"]


def test_a_source_that_had_ended_is_taken_up_again_where_it_answers(call: Call, own: Path, server: FeedServer) -> None:
    paper(server)
    serve_list(own, server, "/rss", "/missing")
    gone = {"ended": NOW, "failures": 3, "error": "status 410", "next_at": NOW + timedelta(days=9)}
    asyncio.run(remembered(*(PollState(source_id=name, **gone) for name in ("s0", "s1"))))
    assert "s0 had ended; it is polled again" in call("test").stderr

    async def states() -> dict[str, PollState]:
        store = await open_store("sqlite:///vistka.sqlite3")
        try:
            return dict(await store.poll_states())
        finally:
            await store.close()

    after = asyncio.run(states())
    assert (after["s0"].ended, after["s0"].failures, after["s0"].error) == (None, 0, "")
    assert after["s0"].next_at < NOW + timedelta(days=1)
    assert after["s1"].ended == NOW


def test_no_message_shows_the_key_in_an_address(call: Call, own: Path, server: FeedServer) -> None:
    paper(server)
    secret = server.url("/rss").replace("http://", "http://us:pw@") + "?key=SEKRET"
    result = call("add", secret, "--type", "jsonfeed")
    assert result.exit_code != 0
    assert "another type than jsonfeed" in result.stderr
    assert "SEKRET" not in result.stderr + result.stdout
    assert "pw" not in result.stderr + result.stdout
