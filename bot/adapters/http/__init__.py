"""The one door to the network: what is fetched through a guard, and what is served to others."""

from __future__ import annotations

from bot.adapters.http.fetching import HttpFetch, open_fetch, shown
from bot.adapters.http.guard import BlockedAddressError, Guard, Network, is_inside, is_public
from bot.adapters.http.serving import Asked, Listener, Route, Said, open_listener
from bot.adapters.http.turns import Turns

__all__ = [
    "Asked",
    "BlockedAddressError",
    "Guard",
    "HttpFetch",
    "Listener",
    "Network",
    "Route",
    "Said",
    "Turns",
    "is_inside",
    "is_public",
    "open_fetch",
    "open_listener",
    "shown",
]
