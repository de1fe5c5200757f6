"""Items as they lie in memory: what each is known by, and what is left of those that were pruned."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.adapters.recording import BRIEF, MOST_ALIASES
from bot.core.identity import Identity, Learned, identify, keeping_words
from bot.core.model import Item, Kept


@dataclass(slots=True)
class Shelf:
    """The items by number, with all that each is known by, whose they are, and when they were seen first.

    `later` are the marks that an item had later, and since when.
    """

    numbers: int = 0
    items: dict[int, Kept] = field(default_factory=dict)
    owners: dict[int, tuple[str, str]] = field(default_factory=dict)
    seen_at: dict[int, datetime] = field(default_factory=dict)
    later: dict[int, dict[str, datetime]] = field(default_factory=dict)
    by_mark: dict[str, int] = field(default_factory=dict)
    by_words: dict[str, set[int]] = field(default_factory=dict)
    tombstones: dict[str, datetime] = field(default_factory=dict)
    pages: dict[str, str | None] = field(default_factory=dict)
    """The texts of items' own pages, by their ids."""

    def number_of(self, item: Item) -> int | None:
        """Return the number under which an item is stored, None where it is not."""
        return self.by_mark.get(marked(item).guid)

    def add(self, item: Item, at: datetime) -> None:
        """Store a new item."""
        self.numbers += 1
        number, known = self.numbers, marked(item)
        self.items[number] = Kept(number, item.id, item.published, None, 0, frozenset(known.marks))
        self.owners[number] = (item.source.id, item.id)
        self.by_mark |= dict.fromkeys(known.marks, number)
        self.seen_at[number] = at
        self.pages[known.guid] = item.page
        self._say(number, known.words)

    def edit(self, item: Item) -> bool:
        """Store what an edited item says now, and return whether it is stored at all."""
        number = self.number_of(item)
        if number is None:
            return False
        self._say(number, marked(item).words)
        self.pages[marked(item).guid] = item.page
        self.items[number] = replace(self.items[number], edited=self.items[number].edited + 1)
        return True

    def known(self, identities: Iterable[Identity]) -> list[Kept]:
        """Return the items that share anything with these."""
        numbers: set[int] = set()
        for identity in identities:
            numbers |= {self.by_mark[mark] for mark in identity.marks if mark in self.by_mark}
            numbers |= self.by_words.get(identity.words or "", set())
        return [self.items[number] for number in sorted(numbers)]

    def learn(self, learned: Learned, now: datetime) -> None:
        """Remember further marks of an item, the newest of them."""
        number = learned.number
        later = self.later.get(number, {}) | dict.fromkeys(learned.marks, now)
        newest = sorted(sorted(later), key=later.__getitem__, reverse=True)[:MOST_ALIASES]
        self._unmark(number, later.keys() - newest)
        self.later[number] = {mark: later[mark] for mark in newest}
        self.by_mark |= dict.fromkeys(newest, number)
        self.items[number] = replace(self.items[number], marks=self.items[number].marks.union(newest))
        if learned.words is not None:
            self._say(number, learned.words)

    def with_page(self, item: Item) -> Item:
        """Return an item with the page that it had."""
        return keeping_words(item, page=self.pages.get(marked(item).guid))

    def old(self, before: datetime, reporting: Collection[tuple[str, str]]) -> list[int]:
        """Return the items seen first before a time, without those that report anything."""
        return [each for each, at in self.seen_at.items() if at < before and self.owners[each] not in reporting]

    def bury(self, number: int, now: datetime) -> None:
        """Forget an item, but for what it is known by."""
        kept = self.items[number]
        lasting = (kept.words,) if kept.words and not kept.words.startswith(BRIEF) else ()
        for mark in (*kept.marks, *lasting):
            self.tombstones.setdefault(mark, now)
        self._say(number, None)
        self._unmark(number, kept.marks)
        for mark in kept.marks:
            self.pages.pop(mark, None)
        del self.items[number], self.owners[number], self.seen_at[number]
        self.later.pop(number, None)

    def _unmark(self, number: int, marks: Iterable[str]) -> None:
        """Let an item no longer be known by some of its marks."""
        dropped = frozenset(marks)
        self.items[number] = replace(self.items[number], marks=self.items[number].marks - dropped)
        for mark in dropped:
            if self.by_mark.get(mark) == number:
                del self.by_mark[mark]

    def _say(self, number: int, words: str | None) -> None:
        """Let an item be known by other words."""
        self.by_words.get(self.items[number].words or "", set()).discard(number)
        if words:
            self.by_words.setdefault(words, set()).add(number)
        self.items[number] = replace(self.items[number], words=words)


def marked(item: Item) -> Identity:
    """Return what an item is known by, among the items of all sources."""
    known, source = identify(item), item.source.id
    return Identity(
        guid=f"guid\n{source}\n{known.guid}",
        link=f"link\n{source}\n{known.link}" if known.link else None,
        words=BRIEF * known.brief + f"words\n{source}\n{known.words}" if known.words else None,
        brief=known.brief,
    )
