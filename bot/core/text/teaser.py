"""Whether a feed has the text of an item or only a teaser, and whether a page has the rest of it.

A page that is asked for may be another: the question for consent, a login, an offer to subscribe, the front page. It is
taken for the item's own only where it stands on the site of the feed and says in its text what the teaser says.
"""

from __future__ import annotations

import html
import re

from bot.core.model import Item
from bot.core.text.addresses import TELEGRAM, host_of
from bot.core.text.cutting import within
from bot.core.text.normalise import clean, fold
from bot.core.text.stems import stem

LONGEST_TEASER = 600
"""Characters: excerpts that systems cut by themselves have 55 words or about 300 characters; the shortest news, told in
full, have half as many again."""
LONGEST_WRITTEN = 16 * LONGEST_TEASER
"""Characters of a teaser with its markup and headline; what is longer is not looked at, since cleaning it takes time."""
LONGEST_PAGE = 60_000
"""Characters of a page that are kept; no news is longer."""
LEAST_SHARE = 0.2
"""Share of the teaser's words that its page has to have. Of 586 articles with their headlines in three languages nine in
ten have more of them; a page about cookies, passwords or prices has none."""
LEAST_WORDS = 2
_WORD = re.compile(r"[^\W\d_]{4,}")
_USUAL = ("www.", "m.", "amp.")


def is_teaser(item: Item) -> bool:
    """Tell whether the feed has so little of an item that its page may have more. A Telegram post is always whole."""
    if item.body is not None or item.page is not None or not item.url or _site(item.url) in TELEGRAM:
        return False
    if len(item.title) + len(item.summary) > LONGEST_WRITTEN:
        return False
    return same_site(item.url, item.source.url) and len(clean(item.summary)) < LONGEST_TEASER


def same_site(one: str, other: str) -> bool:
    """Tell whether two addresses are on one site: the same host, or one under the other, as `rss.` and `www.` are."""
    first, second = _site(one), _site(other)
    return bool(first and second) and (_under(first, second) or _under(second, first))


def tells(text: str, item: Item) -> bool:
    """Tell whether a page's text is the item's: longer than its teaser, and below the headline with enough of its words."""
    headline, short = clean(item.title), clean(item.summary)
    wanted = _words(f"{headline}\n{short}")
    below = "\n".join(line for line in text[:LONGEST_PAGE].splitlines() if line.strip() != headline)
    found = len(wanted & _words(below))
    return len(below) > len(short) and found >= max(min(LEAST_WORDS, len(wanted)), LEAST_SHARE * len(wanted))


def paragraphs(text: str) -> str:
    """Return plain text as the HTML of its paragraphs, a line each."""
    kept = within(text, LONGEST_PAGE).splitlines()
    lines = (html.escape(line.strip(), quote=False) for line in kept if line.strip())
    return "".join(f"<p>{line}</p>" for line in lines)


def _words(text: str) -> set[str]:
    return {stem(fold(word)) for word in _WORD.findall(text)}


def _site(url: str) -> str:
    """Return the host of an address without what hosts of one site usually begin with, "" where there is none."""
    host = host_of(url)
    return next((host.removeprefix(each) for each in _USUAL if host.startswith(each)), host)


def _under(host: str, other: str) -> bool:
    return host == other or (host.endswith(f".{other}") and "." in other)
