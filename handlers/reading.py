"""News that somebody pastes or forwards, or a link to it: what the bot reads there, and which event that is.

Nothing of what people show is kept or logged.
"""

from __future__ import annotations

import re
from datetime import datetime

from bot.core.model import Message
from bot.core.render.reading import Finding, read_out, sorry
from bot.ports import PermanentError, Recognised, TemporaryError, UnreadLanguageError
from handlers import Ask, Shown, Texts

FEWEST = 25
"""Letters from which on a message may be news and is no greeting."""
_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*://|www\.)\S+", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*(?=:)", re.IGNORECASE)
_TELEGRAM_OWN = re.compile(r"(?:https?://)?(?:www\.)?(?:t|telegram)\.(?:me|dog)/(?:c/|\+|joinchat/)", re.IGNORECASE)


async def answer(ask: Ask, shown: Shown) -> Message | None:
    """Return what was read in a text, or behind the first of its links where it has no words of its own."""
    words = _without_addresses(shown)
    if sum(map(str.isalpha, words)) >= FEWEST:
        return await _read(ask, shown.text, shown.at or ask.now)
    links = shown.links or tuple(_ADDRESS.findall(shown.text))
    if links:
        return await _follow(ask, links[0], shown.at or ask.now)
    return None if shown.text or shown.shared else sorry("no_text", ask.book)


def _without_addresses(shown: Shown) -> str:
    """Return the words of a message without the addresses that are written out in it."""
    words = _ADDRESS.sub(" ", shown.text)
    for link in shown.links:
        words = words.replace(link, " ")
    return words


async def _read(ask: Ask, text: str, written: datetime) -> Message:
    try:
        found = await ask.desk.recognise.text(text, min(written, ask.now))
    except UnreadLanguageError:
        return sorry("other_language", ask.book)
    except TemporaryError:
        return sorry("too_long", ask.book)
    return _told(ask, found)


async def _follow(ask: Ask, link: str, written: datetime) -> Message:
    scheme = _SCHEME.match(link) if "://" in link else None
    if scheme and scheme[0].lower() not in ("http", "https"):
        return sorry("no_page", ask.book)
    if _TELEGRAM_OWN.match(link):
        return sorry("private_post", ask.book)
    try:
        url, asker = link if scheme else f"https://{link}", ask.user_id or ask.chat_id
        found = await ask.desk.recognise.page(url, min(written, ask.now), asker)
    except UnreadLanguageError:
        return sorry("other_language", ask.book)
    except TemporaryError:
        return sorry("no_answer", ask.book)
    except PermanentError:
        return sorry("no_page", ask.book)
    return _told(ask, found)


def _told(ask: Ask, found: tuple[Recognised, ...]) -> Message:
    findings = [Finding(each.event, each.known, each.decision, each.in_passing) for each in found]
    return read_out(findings, ask.book)


TEXTS: Texts = Texts("reading", 90, answer)
