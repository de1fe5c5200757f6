"""The strings that break programs, through every input of text: nothing crashes, and Telegram takes every answer."""

from __future__ import annotations

import html
import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path

import pytest

from bot.cli._reading import load_reader
from bot.core.identity import identify
from bot.core.model import Item, Response, Source
from bot.core.render.markup import LIMIT, link, text, units
from bot.core.sources import NotAFeedError, SourceType, jsonfeed, rss, telegram_web
from bot.core.text.normalise import clean
from bot.settings import SettingsError, load_settings
from handlers import answer
from tests.botapi.markup import parse_html
from tests.examples import exchange, strike
from tests.handlers.asking import ADMIN, COMMANDS, asking, desk, store_with
from tests.naughty import naughty, payloads

NOW = datetime(2025, 6, 10, 12, tzinfo=UTC)
FREE_TEXT = (
    "VISTKA_LANGUAGE",
    "VISTKA_ADMINS",
    "VISTKA_CHANNELS",
    "VISTKA_FETCH_ALLOW",
    "VISTKA_HTTP",
    "VISTKA_CONTACT",
)


@pytest.fixture(scope="module")
def strings() -> tuple[str, ...]:
    return tuple(dict.fromkeys((*naughty(), *payloads())))


def read(body: str, source_type: SourceType) -> Sequence[Item]:
    source = Source("naughty", "Naughty", source_type.name, "https://naughty.example/feed", "en")
    return source_type.parse(source, Response(source.url, 200, {}, body.encode("utf-8", "replace")), NOW).items


def cdata(value: str) -> str:
    return f"<![CDATA[{value.replace(']]>', ']]]]><![CDATA[>')}]]>"


def in_rss(written: str, names: Sequence[str]) -> str:
    return "<item>" + "".join(f"<{name}>{written}</{name}>" for name in names) + "</item>"


def rss_of(items: Sequence[str]) -> str:
    return f"<rss version='2.0'><channel><title>x</title>{''.join(items)}</channel></rss>"


@pytest.mark.parametrize("write", [html.escape, cdata], ids=["escaped", "cdata"])
def test_every_string_may_stand_anywhere_in_rss(strings, write):
    names = ("title", "description", "link", "guid", "pubDate", "source", "language")
    known = [value.encode("utf-8", "replace").decode() for value in strings]
    items = read(rss_of([in_rss(write(value), names) for value in known]), rss.SOURCE)
    assert len(items) == len(strings)
    assert all(item.id and identify(item) for item in items)


def test_markup_that_breaks_out_of_its_item_is_read_or_refused(strings):
    for value in strings:
        try:
            items = read(rss_of([in_rss(value, ("title", "description", "link", "guid"))]), rss.SOURCE)
        except NotAFeedError:
            continue
        assert all(item.id and identify(item) for item in items)


def test_every_string_may_stand_anywhere_in_a_json_feed(strings):
    names = ("title", "summary", "content_text", "url", "id", "date_published", "language")
    items = [dict.fromkeys(names, value) for value in strings]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": strings[3], "items": items}
    found = read(json.dumps(feed), jsonfeed.SOURCE)
    assert len(found) == len(strings)
    for value, item in zip(strings, found, strict=True):
        assert item.id
        kept = "".join(each for each in value.strip() if each in "\t\n\r" or ord(each) not in {*range(32), 127})
        assert item.title.encode() == kept.encode("utf-8", "replace")


def test_every_string_may_be_a_post(strings):
    forwarded = '<a class="tgme_widget_message_forwarded_from_name" href="{0}">{1}</a>'
    said = '<div class="tgme_widget_message_text js-message_text">{1}</div>'
    post = f'<div class="tgme_widget_message" data-post="{{0}}">{forwarded}{said}</div>'
    for value in strings:
        for written in (html.escape(value), value.replace("<frameset", "<b")):
            assert len(read(post.format(html.escape(value), written), telegram_web.SOURCE)) <= 1


def test_every_string_is_read_as_news(strings):
    reader, source = load_reader(), Source("naughty", "Naughty", "rss", "", "en")
    for value in strings:
        news = f"{value} drone strike on Kharkiv, 3 killed"
        item = Item(value, source, "en", value, NOW, value, news, None, value)
        assert isinstance(reader.read(item), tuple)


def test_no_markup_of_others_is_left_in_a_message(strings):
    for value in strings:
        for markup in (text(value), text(clean(value)), link(value, value), link(value, f"https://x.example/{value}")):
            _, entities = parse_html(markup)
            assert {entity.type for entity in entities} <= {"text_link"}, value


@pytest.mark.parametrize("role", ["reader", "admin"])
async def test_every_string_may_be_asked(strings, role):
    house = desk(await store_with(exchange(), strike()))
    names = (
        cycle(sorted(COMMANDS))
        if role == "admin"
        else cycle(("search", "latest", "event", "swaps", "strikes", "stats"))
    )
    for value in strings:
        command = next(names)
        asked = asking(house, value.split(" "), "uk", user=ADMIN if role == "admin" else 2)
        reaction = await answer(COMMANDS[command], asked)
        parse_html(reaction.text)
        assert units(reaction.text) <= LIMIT, (command, value)


def refusal(folder: Path) -> str:
    """Return why the settings are refused, "" where they are not."""
    try:
        load_settings(folder)
    except SettingsError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("name", FREE_TEXT)
def test_every_string_is_a_setting_or_refused_in_one_line(strings, name, tmp_path, monkeypatch):
    for other in list(os.environ):
        if other.startswith("VISTKA_"):
            monkeypatch.delenv(other)
    for value in strings:
        try:
            monkeypatch.setenv(name, value)
        except (ValueError, UnicodeEncodeError):
            continue
        said = refusal(tmp_path)
        assert said == "" or (said.startswith(name) and "\n" not in said), value
