"""The reader over every kind there is, for the commands that read without a daemon."""

from __future__ import annotations

from functools import cache

import bot.core.kinds
from bot.adapters.lexicons import reader_over
from bot.core.extract import Reader
from bot.plugins import discover


@cache
def load_reader() -> Reader:
    """Return the reader over all kinds, languages and places, loaded once a process; raise LexiconError."""
    return reader_over(discover(bot.core.kinds, "KIND"))
