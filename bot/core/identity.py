"""What an item is known by in its source: its id, the address of its page, its words.

Feeds give all their items new ids, move them to new addresses and publish them anew; one of the three is enough.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from bot.core.model import Item

_TRACKING = ("utm_", "fbclid", "gclid", "yclid", "ocid", "mc_cid", "mc_eid", "at_medium", "at_campaign")


def canonical(link: str) -> str:
    """Return the link without what changes between two sightings of one page: scheme, "www.", tracking.

    A fragment without "=" stays: it names one entry of a live page.
    """
    try:
        parts = urlsplit(link.strip())
    except ValueError:
        return link.strip()
    query = [
        (key, value)
        for key, value in parse_qsl(parts.query, keep_blank_values=True)
        if not key.casefold().startswith(_TRACKING)
    ]
    fragment = "" if "=" in parts.fragment else parts.fragment
    host = parts.netloc.casefold().removeprefix("www.")
    return urlunsplit(("", "", host + parts.path.rstrip("/"), urlencode(query), fragment))


def fingerprint(*texts: str) -> str:
    """Return an id made of the words alone, for entries that have neither id nor link."""
    words = "\x1f".join(" ".join(text.split()) for text in texts)
    return "sha256:" + hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Identity:
    """What an item is known by in its source. Any of the three seen before means that the item was.

    `words` is its text, for a source that gives all its items new ids and links; None where it has nothing to make one of.
    """

    guid: str
    link: str | None
    words: str | None


def identify(item: Item) -> Identity:
    """Return what the item is known by."""
    texts = (item.title.casefold(), item.summary.casefold(), (item.body or "").casefold())
    return Identity(item.id, canonical(item.url) or None, fingerprint(*texts) if any(texts) else None)
