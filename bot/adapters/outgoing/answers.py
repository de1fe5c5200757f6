"""An answer as it is kept and as it is said: whole, compressed, or only that nothing has changed (RFC 9110, 9111)."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import partial
from typing import Final

from bot.adapters.http import Asked, Said
from bot.core.export import LICENCE_URL

KEEP_FOR: Final = 60
"""Seconds for which others may keep an answer without asking."""
SMALL: Final = 1_000
"""Bytes below which nothing is gained by compressing them."""
OK, UNCHANGED = 200, 304
REFUSED: Final = frozenset({"q=0", "q=0.0", "q=0.00", "q=0.000"})


@dataclass(frozen=True, slots=True)
class Made:
    """An answer: its bytes plain and, where that is worth it, compressed; its tag; when it was made; what belongs to it."""

    body: bytes
    gzipped: bytes
    type: str
    tag: str
    at: datetime
    links: Mapping[str, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many bytes are kept."""
        return len(self.body) + len(self.gzipped)


async def pressed(body: bytes, media: str, at: datetime, links: Mapping[str, str] | None = None) -> Made:
    """Return an answer that was made at a time. The same bytes have the same tag, whoever makes them."""
    pack = partial(gzip.compress, body, 6, mtime=0)
    gzipped = await asyncio.to_thread(pack) if len(body) >= SMALL else b""
    tag = hashlib.sha256(body).hexdigest()[:32]
    return Made(body, gzipped, media, f'W/"{tag}"', at.replace(microsecond=0), links or {})


def said(made: Made, asked: Asked) -> Said:
    """Return an answer as who asks takes it: nothing of it where he has it, compressed where he can read that."""
    headers = {
        "ETag": made.tag,
        "Last-Modified": format_datetime(made.at.astimezone(UTC), usegmt=True),
        "Cache-Control": f"public, max-age={KEEP_FOR}",
        "Vary": "Accept-Encoding",
        "Access-Control-Allow-Origin": "*",
        "Link": ", ".join(_links({"license": LICENCE_URL, **made.links})),
    }
    if _has(made, asked.headers):
        return Said(b"", UNCHANGED, made.type, headers)
    if made.gzipped and _takes_gzip(asked.headers.get("accept-encoding", "")):
        return Said(made.gzipped, OK, made.type, {**headers, "Content-Encoding": "gzip"})
    return Said(made.body, OK, made.type, headers)


def _links(links: Mapping[str, str]) -> list[str]:
    return [f'<{address}>; rel="{relation}"' for relation, address in links.items() if address]


def _has(made: Made, headers: Mapping[str, str]) -> bool:
    """Tell whether who asks has the answer; where he names a tag no time counts."""
    if "if-none-match" in headers:
        tags = {tag.strip().removeprefix("W/") for tag in headers["if-none-match"].split(",")}
        return "*" in tags or made.tag.removeprefix("W/") in tags
    try:
        since = parsedate_to_datetime(headers.get("if-modified-since", ""))
    except (ValueError, OverflowError):
        return False
    return since.tzinfo is not None and made.at <= since


def _takes_gzip(accepted: str) -> bool:
    """Tell whether `Accept-Encoding` names gzip without refusing it."""
    for part in accepted.lower().split(","):
        name, _, weight = part.partition(";")
        if name.strip() == "gzip":
            return weight.replace(" ", "") not in REFUSED
    return False
