"""Feeds that others collected, and what their collections say is in them.

An expectation is what a collection states of one of the fields that we keep: the number of items, the name and language of
the feed, and of an item its id, link, title, summary, body and time. Statements about anything else are left out. The
expressions of feedparser's collection are read, never run.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.core.model import Feed, Response, Source
from bot.core.sources import NotAFeedError, SourceType, jsonfeed, rss
from tests.naughty import files

NOW = datetime(2030, 1, 1, tzinfo=UTC)
SERVER = "http://127.0.0.1:8097/"
"""Where feedparser's collection assumes its files to be served."""

Path_ = tuple[str | int, ...]
FIELDS = ("id", "url", "title", "summary", "body", "published")


@dataclass(frozen=True)
class Case:
    """One file of a collection: how it arrives, and what is expected of it by the place of the field."""

    name: str
    body: bytes
    address: str = SERVER
    headers: Mapping[str, str] = field(default_factory=dict)
    expected: Mapping[str, object] = field(default_factory=dict)
    type: SourceType = rss.SOURCE

    def read(self) -> Feed | None:
        """Return the feed as our own path reads it, None where it is none."""
        source = Source("third", "Third", self.type.name, self.address, "")
        try:
            return self.type.parse(source, Response(self.address, 200, self.headers, self.body), NOW)
        except NotAFeedError:
            return None


def found(feed: Feed | None, place: str) -> object:
    """Return what we have at a place: `items`, `title`, or `3.title` for the title of the fourth item."""
    if feed is None:
        return "no feed"
    if place == "items":
        return len(feed.items)
    number, _, name = place.rpartition(".")
    if not number:
        return getattr(feed, name)
    if int(number) >= len(feed.items):
        return "no such item"
    item = feed.items[int(number)]
    kept_once = name == "summary" and not item.summary
    return getattr(item, "body" if kept_once else name) or ""


def feedparser_cases() -> Iterator[Case]:
    """Yield every file of feedparser's collection."""
    for name, body in files("feedparser").items():
        if name.endswith(".xml"):
            comment = _comment(body)
            served = re.findall(r"^Header:\s*([\w-]+):\s*(.*?)\s*$", comment, re.MULTILINE)
            stated = re.search(r"Expect:\s*(.*)", comment, re.DOTALL)
            headers = {key.lower(): value for key, value in served}
            yield Case(name, body, SERVER + name, headers, dict(_stated(stated[1])) if stated else {})


def _comment(body: bytes) -> str:
    """Return the first comment, in whatever encoding of Unicode the file is."""
    for encoding in ("utf-32", "utf-16", "utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be", "latin-1", "cp037"):
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "<!--" in text and "Description:" in text:
            return text.partition("<!--")[2].partition("-->")[0]
    return ""


def _stated(expression: str) -> Iterator[tuple[str, object]]:
    """Yield the fields that an expression over feedparser's result compares with a constant."""
    for node in ast.walk(ast.parse(expression.strip(), mode="eval")):
        if isinstance(node, ast.Compare) and all(isinstance(each, ast.Eq) for each in node.ops):
            *paths, constant = node.left, *node.comparators
            try:
                value = ast.literal_eval(constant)
            except ValueError:
                value = _joined(constant)
            for path in paths:
                yield from _field(_path(path), value)


def _joined(node: ast.expr) -> object:
    """Return the sum of literal texts."""
    if isinstance(node, ast.BinOp):
        return str(_joined(node.left)) + str(_joined(node.right))
    return node.value if isinstance(node, ast.Constant) else None


def _path(node: ast.expr) -> Path_:
    if isinstance(node, ast.Name):
        return (node.id,)
    if isinstance(node, ast.Attribute):
        return (*_path(node.value), node.attr)
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return (*_path(node.value), node.slice.value)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "len":
        return ("len", *_path(node.args[0]))
    return ()


_NAMES = {
    ("id",): "id",
    ("guid",): "id",
    ("link",): "url",
    ("title",): "title",
    ("title_detail", "value"): "title",
    ("summary",): "summary",
    ("description",): "summary",
    ("summary_detail", "value"): "summary",
    ("content", 0, "value"): "body",
    ("published_parsed",): "published",
    ("source", "title"): "via",
}


def _field(path: Path_, value: object) -> Iterator[tuple[str, object]]:
    match path:
        case ("len", "entries"):
            yield "items", value
        case ("feed", "title") | ("channel", "title"):
            yield "title", value
        case ("feed", "language"):
            yield "language", str(value)[:2].lower()
        case ("entries", int(number), *rest) if name := _NAMES.get(tuple(rest)):
            time = isinstance(value, tuple) and datetime(*value[:6], tzinfo=UTC)
            yield f"{number}.{name}", time if name == "published" else value


def gofeed_cases() -> Iterator[Case]:
    """Yield every feed of gofeed's collection."""
    collection = files("gofeed")
    for name, body in collection.items():
        stem, _, suffix = name.rpartition(".")
        if suffix == "xml":
            yield Case(name, body, expected=_of_json(collection.get(f"{stem}.json")))
        elif ("/json/" in name and not stem.endswith("_expected")) or name.startswith("testdata/parser/universal"):
            yield Case(name, body, expected=_of_json(collection.get(f"{stem}_expected.json")), type=jsonfeed.SOURCE)


def _of_json(expected: bytes | None) -> dict[str, object]:
    """Return what gofeed expects, in its common model, or in that of one format."""
    if expected is None:
        return {}
    feed: dict[str, Any] = json.loads(expected)
    items = feed.get("items") or feed.get("entries") or []
    stated: dict[str, object] = {"items": len(items), "title": feed.get("title", "")}
    if "language" in feed:
        stated["language"] = feed["language"][:2].lower()
    for number, item in enumerate(items):
        stated |= {f"{number}.{name}": value for name, value in _of_item(item) if value is not None}
    return stated


def _of_item(item: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    guid, content, links = item.get("guid"), item.get("content"), item.get("links")
    link = next((link.get("href") for link in links or () if isinstance(link, dict)), None)
    time = next((item[key] for key in ("publishedParsed", "pubDateParsed", "date_published") if key in item), None)
    yield "id", item.get("id") or (guid.get("value") if isinstance(guid, dict) else guid)
    yield "url", item.get("link") or item.get("url") or link
    yield "title", item.get("title")
    yield "summary", item.get("description") or item.get("summary")
    yield "body", content.get("value") if isinstance(content, dict) else content or item.get("content_html")
    yield "published", datetime.fromisoformat(time).astimezone(UTC) if time else None


def validator_cases() -> Iterator[Case]:
    """Yield every feed of the W3C validator's collection; one without any error has all its entries."""
    for name, body in files("feedvalidator").items():
        if name.endswith(".xml"):
            entries = len(re.findall(rb"<(?:\w+:)?(?:item|entry)[\s>/]", body))
            valid = re.search(rb"Expect:\s*!Error", body) is not None
            yield Case(name, body, expected={"items": entries} if valid else {})
