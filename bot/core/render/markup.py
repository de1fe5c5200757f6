"""Text that Telegram accepts: escaped, neutral to mentions and directions, within the limit.

Telegram parses a small HTML; a bare "<" or an unbalanced tag loses the whole post, so outside text never reaches a
message unescaped, and messages are shortened by whole lines before they become markup, never by cutting markup.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape, unescape
from urllib.parse import urlsplit

LIMIT, CAPTION = 4096, 1024
"""Characters of a message, and of a picture's caption, after markup is parsed, in UTF-16 units (core.telegram.org/bots/api)."""

ENTITIES = 100
"""How many pieces of a message may be formatted; Telegram drops the formatting of those behind them."""

YEAR_2038 = 1 << 31
"""Telegram's moments are 32-bit numbers of seconds."""

_TAG = re.compile(r"<[^<>]*>")
ZERO_WIDTH_SPACE = "\u200b"
_INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad")
_DIRECTIONS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def plain(text: str, limit: int = 200) -> str:
    """Return outside text as harmless plain text on one line, at most `limit` characters."""
    kept = "".join(
        " " if character.isspace() else character
        for character in text
        if character not in _INVISIBLE and character not in _DIRECTIONS and (not _is_control(character))
    )
    line = " ".join(kept.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cs", "Co"} and not character.isspace()


def authored(value: str) -> str:
    """Return a phrase of our own as HTML; its commands stay clickable."""
    return escape(value, quote=False)


def quiet(value: str, limit: int = 200) -> str:
    """Return outside text in which mentions, hashtags and commands do nothing."""
    line = plain(value, limit)
    for sign in "@#/":
        line = line.replace(sign, sign + ZERO_WIDTH_SPACE)
    return line


def text(value: str, limit: int = 200) -> str:
    """Return outside text as HTML, made quiet and escaped."""
    return escape(quiet(value, limit), quote=False)


def link(label: str, url: str) -> str:
    """Return a link, or the bare label where the address is not http or https."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return text(label)
    if parts.scheme not in {"http", "https"} or not parts.netloc or any(map(_is_control, url)):
        return text(label)
    return f'<a href="{escape(url, quote=True)}">{text(label)}</a>'


def bold(markup: str) -> str:
    """Return markup in bold."""
    return f"<b>{markup}</b>"


def italic(markup: str) -> str:
    """Return markup in italics."""
    return f"<i>{markup}</i>"


def own_time(at: datetime, shown: str, form: str) -> str:
    """Return a moment that clients show in their reader's own zone and language; who has an old one reads `shown`.

    `form` has of "w" (day of the week), "d" or "D" (short or long date), "t" or "T" (time) what is to be shown, in this order.
    """
    unix = int(at.timestamp())
    return f'<tg-time unix="{unix}" format="{form}">{text(shown)}</tg-time>' if 0 < unix < YEAR_2038 else text(shown)


def struck(markup: str) -> str:
    """Return markup struck through."""
    return f"<s>{markup}</s>"


def folded(lines: Sequence[str]) -> str:
    """Return lines in a quote that the reader can unfold."""
    return "<blockquote expandable>" + "\n".join(lines) + "</blockquote>"


def units(value: str) -> int:
    """Return the length in UTF-16 units, as Telegram counts."""
    return len(value.encode("utf-16-le", "surrogatepass")) // 2


def fit(lines: Iterable[str], limit: int) -> tuple[list[str], int]:
    """Return the first lines that fit into `limit` units, markup counted as text, and how many are left out."""
    kept: list[str] = []
    used = left = 0
    for line in lines:
        used += units(line) + 1
        if used > limit or left:
            left += 1
        else:
            kept.append(line)
    return kept, left


def unmarked(markup: str) -> str:
    """Return HTML text without its markup."""
    return unescape(_TAG.sub("", markup))
