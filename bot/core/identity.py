"""What an item is known by in its source, and what of an answer is new, edited, or known under another id.

Feeds give all their items new ids, move them to new addresses and publish them anew: id, address and words each are enough
to know an item again. One that is known by its id or address but has other words was edited; one without any words was not. Markup, blanks, entities, case,
where links lead and how often something was viewed are not of the words.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from bot.core.model import Item, Kept, Sifted

MOST_EDITS = 12
"""How often an item is read again at once. A page that goes on changing is a live page, whose news stand elsewhere too."""
ONE_MORE = timedelta(hours=6)
"""The age by which an item may be read once more: one that is corrected now and then, for months, is read every time."""
FEW = 5
"""Items of an answer below which it is not believed that the source gave all of them new ids."""
BRIEF = 40
"""Characters below which words are said anew about something else: «Вибухи в Одесі»."""
A_DAY = timedelta(days=1)

_TRACKING = ("utm_", "fbclid", "gclid", "yclid", "ocid", "mc_cid", "mc_eid", "at_medium", "at_campaign")
_MADE_ID = "sha256:"
_INLINE = re.compile(
    r"</?(?:a|b|code|em|font|i|ins|mark|s|span|strong|sub|sup|tg-[a-z]+|u)(?:\s[^<>]*)?/?>", re.IGNORECASE
)
_TAG = re.compile(r"</?[a-zA-Z!][^<>]*>")
_QUERY = re.compile(r"(https?://[^\s?#<>]*)[^\s<>]*")
_COUNTER = re.compile("[\U0001f441\U0001f440\U0001f4ac]\ufe0f?\\s?\\d[\\d.,]*\\s?[kmкм]?")


def canonical(link: str) -> str:
    """Return the link without what changes between two sightings of one page: scheme, "www.", tracking.

    A fragment without "=" stays: it names one entry of a live page. The home page of a site is no item's page.
    """
    try:
        parts = urlsplit(link.strip())
    except ValueError:
        return link.strip()
    query = urlencode(
        [
            (key, value)
            for key, value in parse_qsl(parts.query, keep_blank_values=True)
            if not key.casefold().startswith(_TRACKING)
        ]
    )
    fragment = "" if "=" in parts.fragment else parts.fragment
    path = parts.path.rstrip("/")
    if parts.netloc and not (path or query or fragment):
        return ""
    host = parts.netloc.casefold().removeprefix("www.")
    return urlunsplit(("", "", host + path, query, fragment))


def fingerprint(*texts: str) -> str:
    """Return an id made of the words alone, for entries that have neither id nor link."""
    words = "\x1f".join(" ".join(text.split()) for text in texts)
    return _MADE_ID + hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Identity:
    """What an item is known by in its source. Any of the three seen before means that the item was.

    `words` is its text, for a source that gives all its items new ids and links; None where it has nothing to make one of.
    `brief` ones say that it is the same item only where it was published about the same time.
    """

    guid: str
    link: str | None
    words: str | None
    brief: bool = False

    @property
    def marks(self) -> tuple[str, ...]:
        """What names the item, whatever it says."""
        return (self.guid, self.link) if self.link else (self.guid,)

    @property
    def all(self) -> tuple[str, ...]:
        """All that there is."""
        return (*self.marks, self.words) if self.words else self.marks


@dataclass(frozen=True, slots=True)
class Wording:
    """What takes time to be worked out of an item: the address of its page, the words of its title, and those of all its text."""

    page: str
    title: str
    said: str | None
    brief: bool

    def __reduce__(self) -> tuple[type[Wording], tuple[Any, ...]]:
        """Tell how to copy it into another process, in a third of the time that dataclasses take by themselves."""
        return Wording, (self.page, self.title, self.said, self.brief)


def identify(item: Item) -> Identity:
    """Return what the item is known by."""
    found = wording(item)
    return Identity(item.id, _page(item, found) or None, found.said, brief=found.brief)


def wording(item: Item) -> Wording:
    """Return the wording of an item, worked out once.

    Texts can be made so that it takes seconds; of items of feeds it is worked out where they are parsed, within the limits of
    that, and comes along with them.
    """
    found: Wording | None = item.memo.get(wording)
    if found is None:
        found = item.memo[wording] = _worded(item)
    return found


def keeping_words(item: Item, **changes: Any) -> Item:
    """Return an item with changes that are none of its texts or address: how it is worded is not worked out again."""
    changed = replace(item, **changes)
    if wording in item.memo:
        changed.memo[wording] = item.memo[wording]
    return changed


def _worded(item: Item) -> Wording:
    each = [_words(text) for text in (item.title, item.summary, item.body or "")]
    words = "\x1f".join(each)
    said = hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest() if words.strip("\x1f") else None
    return Wording(canonical(item.url), each[0], said, brief=len(words) < BRIEF)


def _words(text: str) -> str:
    """Return the words of a text in small letters, with their full stops and commas."""
    for _ in range(2):
        text = html.unescape(text) if "&" in text else text
    if "<" in text:
        text = _TAG.sub(" ", _INLINE.sub("", text))
    if "://" in text:
        text = _QUERY.sub(r"\1", text)
    small = text.casefold()
    return " ".join((small if small.isascii() else _COUNTER.sub("", small)).split())


def _page(item: Item, found: Wording) -> str:
    """Return the address of an item's page; what has neither id nor address is known by its title and day."""
    if item.url or not item.id.startswith(_MADE_ID) or not item.title:
        return found.page
    return f"{item.published:%Y-%m-%d} {found.title}"


@dataclass(frozen=True, slots=True)
class Learned:
    """What is to be remembered of a stored item: further marks, and where its words are to count as these."""

    number: int
    marks: tuple[str, ...] = ()
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """What became of an answer, what is to be learned of it, and which tombstones it met."""

    sifted: Sifted
    learned: tuple[Learned, ...] = ()
    met: tuple[str, ...] = ()


Entry: TypeAlias = tuple[Item, Identity]


def may_be_read(kept: Kept, now: datetime) -> bool:
    """Tell whether an item that was edited is read again, or was often enough for its age."""
    return kept.edited < MOST_EDITS + max(0, (now - kept.published) // ONE_MORE)


def sift(answer: Sequence[Entry], kept: Iterable[Kept], now: datetime, buried: Collection[str] = ()) -> Findings:
    """Sort the items of one source's answer that came `now`, given all stored items that share anything with them.

    Where over half of at least `FEW` items come under unknown ids, and over 80 % of those are known by their address or words,
    the source has given all its items new ids: they are learned, and that some were also rewritten is no news.
    Else an item with an id and an address of its own is no other one for words that were said on another day: much is
    written by template.
    """
    kept, graves = tuple(kept), frozenset(buried)
    ids = {mark for each in kept for mark in each.marks} | graves
    strangers = sum(identity.guid not in ids for _, identity in answer)
    if not (kept or graves) or 0 < strangers * 2 <= len(answer):  # neither renamed nor all known, whatever else shows
        return _Sieve(answer, kept, graves, by_day=True).findings(now)
    sieve = _Sieve(answer, kept, graves)
    is_sure = sieve.is_renamed or sieve.familiar == len(answer)
    return (sieve if is_sure else _Sieve(answer, kept, graves, by_day=True)).findings(now)


@dataclass(frozen=True, slots=True)
class _Match:
    """An item that is known."""

    item: Item
    identity: Identity
    kept: Kept

    @property
    def is_by_id(self) -> bool:
        return self.identity.guid in self.kept.marks

    @property
    def is_changed(self) -> bool:
        return self.identity.words is not None and self.kept.words not in (self.identity.words, UNREAD)

    def edited(self) -> Item:
        """Return the item under the id that it is known by, and from the time when it was first published or seen."""
        first = min(self.item.published, self.kept.published)
        return keeping_words(self.item, id=self.kept.guid, published=first)


UNREAD = ""
"""The words of an item that was stored when words were told otherwise: whatever it says now, it is not known to be edited."""


class _Sieve:
    """One answer, sifted. `by_day` words name an item that has an id and an address of its own only about its time."""

    def __init__(
        self, answer: Sequence[Entry], kept: Iterable[Kept], buried: frozenset[str], *, by_day: bool = False
    ) -> None:
        self.buried = buried
        self.by_day = by_day
        self.by_mark: dict[str, Kept] = {}
        self.by_words: dict[str, list[Kept]] = {}
        for each in kept:
            self.by_mark |= dict.fromkeys(each.marks, each)
            if each.words:
                self.by_words.setdefault(each.words, []).append(each)
        self.guids = frozenset(identity.guid for _, identity in answer)
        self.shared = _shared(identity for _, identity in answer)
        self.new: list[Item] = []
        self.matches: list[_Match] = []
        self.met: list[str] = []
        self.familiar, self.strangers, self.recognised, self.total = 0, 0, 0, len(answer)
        self._alike: set[object] = set()
        self._claimed: set[int] = set()
        for item, identity in answer:
            self.take(item, identity)

    @property
    def is_renamed(self) -> bool:
        """Tell whether the source gave all its items new ids."""
        return self.total >= FEW and self.strangers * 2 > self.total and self.recognised > self.strangers * 0.8

    def take(self, item: Item, identity: Identity) -> None:
        """Find out whether the item is known; of two alike in one answer only the first counts."""
        marks = self._marks(identity)
        dated = self._is_dated(item, identity, marks)
        said = (identity.words, item.published.date() if dated else None) if identity.words else None
        alike = {*marks, said} - {None}
        if not self._alike.isdisjoint(alike):
            return
        self._alike |= alike
        kept = self._find(item, identity, marks)
        graves = marks if dated or not identity.words else (*marks, identity.words)
        buried = [] if kept else [each for each in graves if each in self.buried]
        self._count(identity, known=kept is not None or bool(buried))
        self.met += buried
        if kept is None and not buried:
            self.new.append(item)
        elif kept is not None and kept.number not in self._claimed:
            self._claimed.add(kept.number)
            own = identity if marks == identity.marks else replace(identity, link=None)
            self.matches.append(_Match(item, own, kept))

    def findings(self, now: datetime) -> Findings:
        """Return what was found in all."""
        moved = [each for each in self.matches if self._is_moved(each)]
        changed = (each for each in self.matches if each.is_changed and may_be_read(each.kept, now))
        edited = [each for each in changed if each not in moved]
        words = {each.kept.number: each.identity.words for each in self.matches if each.kept.words == UNREAD}
        words |= {each.kept.number: each.identity.words or UNREAD for each in moved}
        learned = (
            Learned(each.kept.number, tuple(m for m in each.identity.marks if m not in each.kept.marks), said)
            for each in self.matches
            for said in (words.get(each.kept.number),)
        )
        sifted = Sifted(tuple(self.new), tuple(each.edited() for each in edited), len(moved))
        return Findings(sifted, tuple(each for each in learned if each.marks or each.words), tuple(self.met))

    def _marks(self, identity: Identity) -> tuple[str, ...]:
        """Return what names the item: an address under which the answer has several names none."""
        return identity.marks if identity.link not in self.shared else (identity.guid,)

    def _find(self, item: Item, identity: Identity, marks: Sequence[str]) -> Kept | None:
        guid, *link = marks
        if guid in self.by_mark:
            return self.by_mark[guid]
        for mark in link:
            there = self.by_mark.get(mark)
            if there and self.guids.isdisjoint(there.marks):  # else that one is in the answer too, and this is another
                return there
        same = self.by_words.get(identity.words or "", ())
        dated = self._is_dated(item, identity, marks)
        near = (each for each in same if not dated or abs(each.published - item.published) <= A_DAY)
        return next(near, None)

    def _is_dated(self, item: Item, identity: Identity, marks: Sequence[str]) -> bool:
        """Tell whether the words are this item's only about the time when it was published."""
        is_named = len(marks) > 1 and not item.id.startswith(_MADE_ID)
        return identity.brief or (self.by_day and is_named)

    def _count(self, identity: Identity, *, known: bool) -> None:
        stranger = identity.guid not in self.by_mark and identity.guid not in self.buried
        self.familiar += not stranger
        self.strangers += stranger
        self.recognised += stranger and known

    def _is_moved(self, match: _Match) -> bool:
        return self.is_renamed and match.is_changed and not match.is_by_id


def _shared(identities: Iterable[Identity]) -> frozenset[str | None]:
    """Return the addresses that stand under several ids."""
    owner: dict[str, str] = {}
    return frozenset(
        each.link for each in identities if each.link and owner.setdefault(each.link, each.guid) != each.guid
    )
