"""Keeps the token out of everything that is written down.

Telegram puts the token into the address of every call, so it turns up wherever a library logs or quotes an address.
"""

from __future__ import annotations

import logging
import re

TOKEN = re.compile(r"(?<!\d)\d{5,}:[A-Za-z0-9_-]{20,}")
SECRET = "<token>"  # noqa: S105  (it stands for one)
CHATTY = ("httpx", "httpcore", "telegram")


def redacted(text: str) -> str:
    """Return the text with every bot token replaced."""
    return TOKEN.sub(SECRET, text)


def quiet_libraries() -> None:
    """Let the libraries that log addresses speak only when something is wrong."""
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
