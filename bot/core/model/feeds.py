"""What comes in: sources, the questions put to them, their answers, the items in these, and what is remembered of it all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from operator import attrgetter
from typing import Any, Literal, TypeAlias

Tier: TypeAlias = Literal["official", "register", "agency", "outlet", "aggregator"]
Side: TypeAlias = Literal["UA", "RU", "independent", "international"]


@dataclass(frozen=True, slots=True)
class Source:
    """A feed that is polled, and how far it is trusted. `owner` is the group whose outlets count as one voice.

    `wire` is the owner of the agency whose copy its items mostly are, "" where they are its own.
    """

    id: str
    name: str
    type: str
    url: str
    language: str
    tier: Tier = "outlet"
    side: Side = "independent"
    owner: str = ""
    wire: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """One conditional GET, or, where there is a `form`, one POST of it."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Response:
    """What came back: `url` after redirects, header names in lower case, the body inflated and within the cap.

    `moved` is the address to which permanent redirects (301, 308) alone lead, "" where the first was none.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    moved: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a feed. `summary` and `body` may hold HTML as the feed sent it; `body` is None where there is none.

    `published` is the publisher's time, never later than the moment the item was first seen. `via` names the channel or
    outlet that it was passed on from, "" where it says of none; `links` are the web addresses that its text leads to,
    which are not stored: they stand in the text, and nothing is decided by them.
    `page` is the text of its own web page, fetched where the feed has only a teaser, as HTML; it is read, but nothing that
    the item is known by: the feed has the same entry again at the next poll, and that is no edit. `memo` keeps what has been
    worked out of the item, by whoever did; it is no part of the value.
    """

    id: str
    source: Source
    language: str
    url: str
    published: datetime
    title: str
    summary: str = ""
    body: str | None = None
    via: str = ""
    links: tuple[str, ...] = ()
    page: str | None = None
    memo: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __reduce__(self) -> tuple[Callable[..., Item], tuple[Any, ...]]:
        """Tell how to copy the item into another process, in half of the time that it would take field by field."""
        return _copied, (self.memo, *_TOLD(self))

    @property
    def whole(self) -> Item:
        """The item as it is read: with its page as its body, where the feed has none."""
        return replace(self, body=self.page, page=None) if self.page and self.body is None else self


_TOLD = attrgetter(*(each.name for each in fields(Item) if each.init))


def _copied(memo: dict[Any, Any], *told: Any) -> Item:
    """Return an item out of another process, with what was worked out of it there."""
    item = Item(*told)
    item.memo.update(memo)
    return item


@dataclass(frozen=True, slots=True)
class Rest:
    """When a feed asks not to be polled: for `seconds` after an answer, in these `hours` (UTC) and on these `days` (0 is Monday)."""

    seconds: float = 0.0
    hours: frozenset[int] = frozenset()
    days: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Feed:
    """What one answer of a source holds, read.

    `undated` counts the items without a time of their own. `hub` is where changes can be subscribed to by WebSub, and
    `topic` the address under which the feed is known there; "" where it has none. `cut` says that the answer broke off:
    the entry in which it did is left out, and the answer is not what the server calls by its etag.
    """

    items: tuple[Item, ...]
    title: str = ""
    language: str = ""
    rest: Rest = field(default_factory=Rest)
    undated: int = 0
    hub: str = ""
    topic: str = ""
    cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PollState:
    """What is remembered of a source between two polls.

    next_at        when it is polled next; `asked_until` is until when its publisher asked for no poll
    configured     the address that the sources file has for it; another one there starts anew
    address        where the feed lives now, "" where that is the configured address; `moves` are the addresses it had
    moved_to       where permanent redirects lead, `moved_days` on how many days that was seen, `moved_on` the newest of them
    etag, last_modified, body_hash   what the next question is conditional on, and the digest of the body
    rest           what the feed itself said of when it is not to be polled
    rhythm         seconds between its items lately, 0 where unknown; `interval` seconds between two polls
    failures       how many polls failed in a row, `failing_since` when the first of them did, `error` how the last one did
    ended          when the source said that it is gone for good; it is not polled any more
    live_until     how long an event that the source told of counts as going on
    """

    source_id: str
    next_at: datetime
    configured: str = ""
    address: str = ""
    moves: tuple[str, ...] = ()
    moved_to: str = ""
    moved_days: int = 0
    moved_on: date | None = None
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    rest: Rest = field(default_factory=Rest)
    rhythm: float = 0.0
    interval: float = 0.0
    asked_until: datetime | None = None
    polled_at: datetime | None = None
    live_until: datetime | None = None
    failures: int = 0
    failing_since: datetime | None = None
    error: str = ""
    ended: datetime | None = None
    first_success: datetime | None = None
    last_success: datetime | None = None
    last_item: datetime | None = None


@dataclass(frozen=True, slots=True)
class QuietPoll:
    """A poll at the time `at` that changed nothing of a state but when the source is polled next: most polls are of this sort."""

    source_id: str
    at: datetime
    next_at: datetime
    interval: float
    asked_until: datetime | None


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored item as far as an answer is compared with it; `number` is its own in the store.

    `marks` are those ids and addresses of the answer that it is known by, `words` what it said when it was last read, and
    `edited` how often it was read again.
    """

    number: int
    guid: str
    published: datetime
    words: str | None
    edited: int
    marks: frozenset[str]


@dataclass(frozen=True, slots=True)
class Sifted:
    """The items of an answer that are worth reading: new ones, and known ones that were edited.

    An edited item has the id under which it is known, and the time at which it was first published or seen. `moved` counts those
    that the source rewrote while it gave all its items new ids, which is no news.
    """

    new: tuple[Item, ...] = ()
    edited: tuple[Item, ...] = ()
    moved: int = 0


@dataclass(frozen=True, slots=True)
class SourceDay:
    """What one source brought on one day (UTC): new items, how many of them had no time or no link, and reports read."""

    source_id: str
    day: date
    items: int = 0
    undated: int = 0
    unlinked: int = 0
    reports: int = 0
