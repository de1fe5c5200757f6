"""Atom (RFC 4287), by feedgen."""

from __future__ import annotations

from collections.abc import Sequence

from feedgen.feed import FeedGenerator

from bot.core.export import ATTRIBUTION, LICENCE, LICENCE_URL
from bot.core.syndication import TITLE, Channel, FeedForm, Told


def write(channel: Channel, entries: Sequence[Told]) -> bytes:
    """Return the feed."""
    feed = FeedGenerator()
    feed.id(channel.id)
    feed.title(TITLE)
    feed.subtitle(channel.book.say("profile.short"))
    feed.language(channel.book.language)
    feed.author(name=TITLE)
    feed.generator(TITLE)
    feed.updated(channel.updated)
    feed.rights(f"{ATTRIBUTION}. {LICENCE}")
    feed.link(href=LICENCE_URL, rel="license")
    if channel.url:
        feed.link(href=channel.url, rel="self", type=FEED.type)
    for each in entries:
        _add(feed, each)
    made: bytes = feed.atom_str(pretty=True)
    return made


def _add(feed: FeedGenerator, told: Told) -> None:
    entry = feed.add_entry(order="append")
    entry.id(told.id)
    entry.title(told.title)
    entry.content(told.html, type="html")
    entry.published(told.published)
    entry.updated(told.changed)
    entry.category([{"term": tag} for tag in told.tags])
    if told.link:
        entry.link(href=told.link, rel="alternate")


FEED: FeedForm = FeedForm("atom", "application/atom+xml", write)
