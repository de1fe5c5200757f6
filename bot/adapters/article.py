"""The `Article` port: the story of a web page, without menus, captions and what else there is to read.

Pages are read in a worker process of their own: what somebody shows may harm neither the daemon nor the reading of feeds.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import date
from typing import Final

from bot.adapters.http import shown
from bot.adapters.workers import Limits, OverLimitError, Workers
from bot.core.bounds import LONGEST_PAGE, OutOfBoundsError, page_within
from bot.core.model import Response
from bot.core.text.cutting import unbroken, within
from bot.ports import Page, PermanentError

LIMITS: Final = Limits(seconds=10.0, processor=0.9, memory=60 << 20)
LONGEST = 100_000
"""Characters of the text; no news is longer."""
END: Final = 4096
"""Bytes in which the end of a page stands; counters and comments are put behind it."""
_SAMPLE = (
    b"<html><body><article><h1>Sample</h1><p>A page that is read once, so that all it takes is loaded.</p></article>"
)


class NoArticleError(ValueError):
    """There is no story on the page."""


class Articles:
    """Reads pages in a worker process."""

    def __init__(self, limits: Limits) -> None:
        self._workers = Workers(1, limits, _read_once)

    async def article(self, response: Response) -> Page:
        """Return what a page tells; raise PermanentError for what is no article or breaks a limit."""
        place = shown(response.url)
        try:
            return await self._workers.run(read_article, response.body)
        except (NoArticleError, OutOfBoundsError) as error:
            raise PermanentError(f"{place}: {error}") from None
        except OverLimitError as error:
            raise PermanentError(f"{place}: reading the page failed, {error}") from None
        except Exception as error:
            raise PermanentError(f"{place}: the page cannot be read ({type(error).__name__})") from error

    async def close(self) -> None:
        """End the worker and wait until it is gone."""
        await self._workers.close()


@asynccontextmanager
async def open_articles(limits: Limits | None = None) -> AsyncIterator[Articles]:
    """Open what reads pages; its process starts with the first page."""
    articles = Articles(limits or LIMITS)
    try:
        yield articles
    finally:
        await articles.close()


def read_article(body: bytes) -> Page:
    """Return what a page tells; raise NoArticleError where that is nothing."""
    import trafilatura  # noqa: PLC0415  (only the worker needs it, and it is large)

    found = trafilatura.bare_extraction(
        page_within(body), fast=True, with_metadata=True, include_comments=False, include_tables=False
    )
    if found is None or isinstance(found, dict) or not found.text or not found.text.strip():
        raise NoArticleError("there is no article on the page")
    text = within(unbroken(found.text) if _breaks_off(body) else found.text, LONGEST)
    if not text.strip():
        raise NoArticleError("the page breaks off before its story")
    return Page(title=(found.title or "").strip(), text=text, day=_day(found.date))


def _breaks_off(body: bytes) -> bool:
    """Tell whether a page ends before its end, or is longer than what is read of it: its last line may be half of one."""
    return len(body) > LONGEST_PAGE or not any(end in body[-END:].lower() for end in (b"</html", b"</body"))


def _read_once() -> None:
    with suppress(NoArticleError):
        read_article(_SAMPLE)


def _day(written: str | None) -> date | None:
    try:
        return date.fromisoformat(written or "")
    except ValueError:
        return None
