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


class Redaction(logging.Filter):
    """A log filter that redacts the finished line and its traceback.

    Put it on handlers: filters of a logger do not see what its children log.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Redact the record; it is always let through."""
        record.msg, record.args = redacted(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = redacted(record.exc_text)
        return True


def quiet_libraries() -> None:
    """Let the libraries that log addresses speak only when something is wrong."""
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
