"""The one door to the network: what is fetched through a guard, and what is served to others."""

from __future__ import annotations

from bot.adapters.http.fetching import BlockedAddressError, Guard, HttpFetch, is_public, open_fetch, shown
from bot.adapters.http.serving import Answer, Asked, open_server

__all__ = [
    "Answer",
    "Asked",
    "BlockedAddressError",
    "Guard",
    "HttpFetch",
    "is_public",
    "open_fetch",
    "open_server",
    "shown",
]
