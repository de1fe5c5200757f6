"""`vistka sources list`: the sources there are, and how they do."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path

from bot.core.model import PollState
from tests.cli.sources.listed import LIST, NOW, Call, remembered


def test_the_sources_are_listed_with_tabs_for_programs(call: Call, own: Path) -> None:
    result = call("list")
    assert result.exit_code == 0
    assert [line.split("\t") for line in result.stdout.splitlines()] == [
        ["on", "bereh", "rss", "uk", "outlet", "independent", "never", "", "Берег"],
        ["off", "step", "telegram_web", "uk", "outlet", "independent", "off", "", "Степ"],
    ]
    assert not Path("vistka.sqlite3").exists()


def test_the_bundled_list_is_there_without_a_file(call: Call) -> None:
    assert len(call("list").stdout.splitlines()) == 120


def test_what_the_database_knows_is_listed_too(call: Call, own: Path) -> None:
    asyncio.run(remembered(PollState(source_id="bereh", next_at=NOW, last_success=NOW)))
    first, second = map(json.loads, call("list", "--json").stdout.splitlines())
    assert (first["does"], first["last_success"]) == ("silent", NOW.isoformat(timespec="seconds"))
    assert (second["does"], second["last_success"]) == ("off", None)
    assert [json.loads(line)["id"] for line in call("list", "--json", "--trouble").stdout.splitlines()] == ["bereh"]


def test_a_list_shows_no_key_and_nothing_that_turns_a_terminal_around(call: Call, own: Path) -> None:
    text = LIST.replace('"Берег"', '"Бе\u202eрег\u200b"')
    url = re.search('url = "(.*)"', text)[1]
    own.write_text(text.replace(url, "https://us:pw@bereh.example/rss?key=SEKRET"), encoding="utf-8")
    lines, rows = call("list").stdout, call("list", "--json").stdout
    assert "Берег" in lines
    for sign in ("\u202e", "\u200b", "SEKRET", "pw"):
        assert sign not in lines + rows
    first = json.loads(rows.splitlines()[0])
    assert (first["name"], first["url"]) == ("Бе\u202eрег\u200b", "https://bereh.example/rss")
