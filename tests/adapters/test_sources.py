"""The sources file: the bundled one is sound, and every fault is one line with its place and remedy."""

from __future__ import annotations

import importlib.util
from collections import Counter
from pathlib import Path

import pytest

import bot.core.sources
from bot.adapters.sources import SourcesError, load_sources, read_sources, read_text
from bot.core.model import Source
from bot.plugins import discover

TYPES = [source_type.name for source_type in discover(bot.core.sources, "SOURCE")]
ROOT = Path(__file__).parents[2]
spec = importlib.util.spec_from_file_location("sources_table", ROOT / "scripts" / "sources.py")
assert spec is not None
assert spec.loader is not None
script = importlib.util.module_from_spec(spec)
spec.loader.exec_module(script)
FACTS = Path(__file__).parents[3] / "shared" / "facts" / "sources.csv"

GOOD = """
[[source]]
id = "visnyk"
name = "Вісник"
type = "rss"
url = "https://visnyk.example/rss"
language = "uk"
"""


def load(tmp_path: Path, text: str | bytes) -> tuple[Source, ...]:
    path = tmp_path / "sources.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return load_sources(path, TYPES)


def test_a_table_becomes_a_source_with_modest_defaults(tmp_path: Path) -> None:
    assert load(tmp_path, GOOD) == (
        Source("visnyk", "Вісник", "rss", "https://visnyk.example/rss", "uk", "outlet", "independent", ""),
    )


def test_every_field_is_read(tmp_path: Path) -> None:
    more = 'tier = "official"\nside = "UA"\nowner = "state"\nenabled = true\n'
    (source,) = load(tmp_path, GOOD + more)
    assert (source.tier, source.side, source.owner) == ("official", "UA", "state")


@pytest.mark.parametrize("wire", ["Reuters", "REUTERS", "thomson_reuters", "Рейтер"])
def test_a_wire_is_known_by_any_name_of_the_agency(tmp_path: Path, wire: str) -> None:
    (source,) = load(tmp_path, f'{GOOD}wire = "{wire}"\n')
    assert source.wire == "thomson_reuters"


def test_a_source_that_is_switched_off_is_left_out_but_checked(tmp_path: Path) -> None:
    off = GOOD.replace("visnyk", "other") + "enabled = false\n"
    assert [source.id for source in load(tmp_path, GOOD + off)] == ["visnyk"]
    with pytest.raises(SourcesError):
        load(tmp_path, GOOD + off.replace('"rss"', '"fax"'))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (GOOD.replace("name =", "nmae ="), r"\[\[source\]\] 1: unknown field 'nmae'; did you mean 'name'\?"),
        (GOOD.replace('id = "visnyk"', ""), r"\[\[source\]\] 1: 'id' is missing; every source needs id, name"),
        (GOOD.replace('"visnyk"', '" "'), r"\[\[source\]\] 1: 'id' is empty"),
        (GOOD.replace('"visnyk"', "7"), r"\[\[source\]\] 1: 'id' is 7; write it as text in quotes"),
        (GOOD.replace('"rss"', '"fax"'), r"type 'fax' is none of jsonfeed, rss, telegram_web"),
        (GOOD.replace('"uk"', '"ua"'), r"language 'ua' is none of en, ru, uk"),
        (GOOD.replace('"visnyk"', '"a\\u0000b"'), r"\[\[source\]\] 1: 'id' has a control character in it"),
        (GOOD.replace("Вісник", "Я" * 501), r"'name' has 501 characters; 500 are enough"),
        (GOOD.replace("/rss", "/" + "r" * 2000), r"'url' has 2023 characters"),
        (GOOD + 'tier = "best"', r"tier 'best' is none of official, agency, outlet, aggregator"),
        (GOOD + 'side = "EU"', r"side 'EU' is none of UA, RU, independent, international"),
        (GOOD + 'wire = "Reuter"', r"wire 'Reuter' is no agency of bot/data/agencies.toml; did you mean 'reuters'\?"),
        (GOOD + "wire = 7", r"'wire' is 7; write it as text in quotes"),
        (GOOD + 'enabled = "no"', r"'enabled' is 'no'; write true or false"),
        (GOOD.replace("https://", "ftp://"), r"'url' is no web address; it starts with https://"),
        (GOOD.replace("https://visnyk.example", "https://[bad"), r"'url' is no web address"),
        (GOOD + GOOD, r"\[\[source\]\] 2: id 'visnyk' is that of \[\[source\]\] 1 too"),
        (GOOD.replace("[[source]]", "[source]"), r"write \[\[source\]\] with two brackets"),
        (GOOD.replace("[[source]]", "[[sources]]"), r"unknown table 'sources'"),
        ("", r"holds no \[\[source\]\] table"),
        ("id = = 1", r"it is no TOML: .*line 1"),
        (b"\xff\xfe", r"it is no UTF-8 text"),
    ],
)
def test_a_fault_is_one_line_with_place_and_remedy(tmp_path: Path, text: str | bytes, complaint: str) -> None:
    with pytest.raises(SourcesError, match=complaint) as caught:
        load(tmp_path, text)
    assert str(caught.value).startswith(str(tmp_path))
    assert "\n" not in str(caught.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourcesError, match=r"none\.toml: there is no such file; 'vistka sources init' makes it"):
        load_sources(tmp_path / "none.toml", TYPES)


def test_the_bundled_sources_are_sound_and_speak_three_languages() -> None:
    sources = load_sources(None, TYPES)
    languages = Counter(source.language for source in sources)
    assert min(languages[language] for language in ("en", "uk", "ru")) >= 20
    assert {source.tier for source in sources} == {"official", "agency", "outlet", "aggregator"}
    assert len({source.url for source in sources}) == len(sources)
    assert all(source.owner for source in sources)


def test_the_bundled_sources_are_those_of_the_facts_and_on_where_they_were_seen() -> None:
    if not FACTS.exists():
        pytest.skip(f"{FACTS} is not there: the table of facts is no part of the project")
    listed = read_sources("bundled", read_text(None), TYPES)
    assert list(script.differences(FACTS)) == []
    assert (len(listed), sum(each.enabled for each in listed)) == (120, 86)


def test_the_script_tells_what_differs(tmp_path: Path) -> None:
    table = tmp_path / "sources.csv"
    columns = "id,name,type,url,language,owner_group,tier,side,wire,confidence"
    row = "kyiv-independent,Kyiv Independent,rss,https://kyivindependent.com/,en,kyiv_independent,outlet,UA,,likely"
    table.write_text(f"{columns}\n{row}\nnew,,,,,,,,,seen\n", encoding="utf-8")
    told = list(script.differences(table))
    assert "new: it is not in the list" in told
    assert "kyiv-independent: it is on, but its confidence is likely" in told
    assert any(line.startswith("kyiv-independent: url is 'https://kyivindependent.com/news") for line in told)
    assert len(told) == 3 + 119
