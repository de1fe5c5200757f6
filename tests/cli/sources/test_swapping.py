"""`vistka sources import` and `export`: lists from and for other readers."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.adapters.opml import read_outlines
from bot.adapters.sources import load_sources
from tests.cli.sources.listed import LIST, TYPES, Call, ids


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
