"""An item as the line that a replay reads."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from bot.core.model import Item, Source

SOURCE_FIELDS = tuple(field.name for field in fields(Source) if field.name not in ("type", "url", "language"))
"""What a line says of an item's source: how far it is trusted, and not how it is polled."""


def item_fields(item: Item) -> dict[str, Any]:
    """Return an item as an object that a line is written of, with how far its source is trusted."""
    source = {name: getattr(item.source, name) for name in SOURCE_FIELDS}
    return {
        "id": item.id,
        "outlet": item.source.name,
        "lang": item.language,
        "url": item.url,
        "published": item.published.isoformat(),
        "title": item.title,
        "summary": item.summary,
        "body": item.whole.body,
        **({"via": item.via} if item.via else {}),
        "source": {name: value for name, value in source.items() if value},
    }
