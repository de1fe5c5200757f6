"""Atom (RFC 4287), element by element."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from bot.core.export import ATTRIBUTION, LICENCE, LICENCE_URL
from bot.core.syndication import TITLE, Channel, FeedForm, Told


def write(channel: Channel, entries: Sequence[Told]) -> bytes:
    """Return the feed."""
    feed = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": channel.book.language})
    _say(feed, "id", channel.id)
    _say(feed, "title", TITLE)
    _say(feed, "subtitle", channel.book.say("profile.short"))
    _say(feed, "updated", channel.updated.isoformat())
    _say(SubElement(feed, "author"), "name", TITLE)
    _say(feed, "generator", TITLE)
    _say(feed, "rights", f"{ATTRIBUTION}. {LICENCE}")
    SubElement(feed, "link", rel="license", href=LICENCE_URL)
    if channel.url:
        SubElement(feed, "link", rel="self", href=channel.url, type=FEED.type)
    for each in entries:
        _add(feed, each)
    indent(feed)
    made: bytes = tostring(feed, "UTF-8", xml_declaration=True)
    return made


def _add(feed: Element, told: Told) -> None:
    entry = SubElement(feed, "entry")
    _say(entry, "id", told.id)
    _say(entry, "title", told.title)
    _say(entry, "content", told.html, type="html")
    _say(entry, "published", told.published.isoformat())
    _say(entry, "updated", told.changed.isoformat())
    for tag in told.tags:
        SubElement(entry, "category", term=tag)
    if told.link:
        SubElement(entry, "link", rel="alternate", href=told.link)


def _say(parent: Element, name: str, text: str, **attributes: str) -> None:
    SubElement(parent, name, attributes).text = text


FEED: FeedForm = FeedForm("atom", "application/atom+xml", write)
