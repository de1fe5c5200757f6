"""Items: which feed entries were seen before, under which ids and with which words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Insert,
    Select,
    Update,
    bindparam,
    delete,
    literal_column,
    select,
    union_all,
    update,
)

from bot.adapters.recording import MET_AGAIN, MOST_ALIASES
from bot.adapters.store import rows, tables
from bot.adapters.store.engine import insert, insert_in, unbroken
from bot.adapters.store.lookup import Written
from bot.adapters.store.part import Part
from bot.adapters.store.repeated import Repeated
from bot.core.identity import Identity, Learned, keeping_words, sift
from bot.core.model import Item, Kept, Sifted

_ITEM, _ALIAS, _STONE = tables.item.c, tables.alias.c, tables.tombstone.c
Wanted: TypeAlias = Collection[str] | Select[Any]
"""Digests, or the query for them."""
_COMPARED = (_ITEM.id, _ITEM.guid, _ITEM.published, _ITEM.fingerprint, _ITEM.edited, _ITEM.link)


class Items(Part):
    """The items of the Store port."""

    async def sift(self, items: Sequence[Item], now: datetime) -> Sifted:
        """Return which items of one source are new and which were edited, in their order; what is learned of others is stored."""
        answer = [(item, rows.identify(item)) for item in items]
        found = await self._known([identity for _, identity in answer])
        buried = {row.mark: row.published for row in found if not row.id}
        marks = frozenset(mark for _, identity in answer for mark in identity.marks)
        findings = sift(answer, _kept((row for row in found if row.id), marks), now, buried)
        stones = [mark for mark in findings.met if buried[mark] < now - MET_AGAIN]
        if findings.learned or stones:
            await self._learn(findings.learned, stones, now)
        return await self._with_pages(findings.sifted)

    async def remember(self, new: Sequence[Item], edited: Sequence[Item], at: datetime) -> None:
        """Store items that report nothing, and what edited ones say that report what they did.

        What is remembered of several sources at about the same time is one transaction.
        """
        values = [rows.item_values(item, at) for item in new]
        await self._gathering.add(_remember, (values, [_edition(item) for item in edited]))

    async def items(self, first: datetime | None = None, last: datetime | None = None) -> AsyncIterator[Item]:
        """Yield the items published between two times, both included, in the order in which they were published.

        Of their sources only the ids are stored.
        """
        published = tables.item.c.published
        ends = (*(() if first is None else (published >= first,)), *(() if last is None else (published <= last,)))
        wanted = select(tables.item).where(*ends).order_by(published, tables.item.c.id)
        async with self._database.read() as connection, connection.stream(wanted) as found:
            async for row in found:
                yield rows.item_of(row)

    async def _with_pages(self, sifted: Sifted) -> Sifted:
        """Return edited items with the pages that they had: those are asked for again, but may not be had."""
        if not sifted.edited:
            return sifted
        digests = [rows.guid_digest(item.source.id, item.id) for item in sifted.edited]
        wanted = select(_ITEM.guid, _ITEM.page).where(_ITEM.identity.in_(digests), _ITEM.page.is_not(None))
        async with self._database.read() as connection:
            pages = {row.guid: row.page for row in await connection.execute(wanted)}
        return replace(sifted, edited=tuple(keeping_words(item, page=pages.get(item.id)) for item in sifted.edited))

    async def _known(self, answer: Sequence[Identity]) -> list[Any]:
        """Return what is known by any mark of an answer. Most items stand where they stood, of which their ids alone tell."""
        own = await self._ask(_SAME, {each.guid for each in answer})
        links = {row.mark: row.link for row in own}
        others = [each for each in answer if each.guid not in links or each.link not in (None, links[each.guid])]
        return own + await self._ask(_KNOWN, *asked_of(others)) if others else own

    async def _ask(self, question: Written, *digests: Collection[str]) -> list[Any]:
        if self._lookup:
            return self._lookup.ask(lambda driver: question.ask(driver, *digests))
        async with self._database.read() as connection:
            return list(await connection.execute(question.build(*map(sorted, digests))))

    @unbroken
    async def _learn(self, learned: Sequence[Learned], stones: Collection[str], now: datetime) -> None:
        """Store further ids and addresses of items, how the words of some are told now, and which tombstones were met."""
        marks = [{"digest": mark, "item_id": each.number, "at": now} for each in learned for mark in each.marks]
        words = [{"number": each.number, "words": each.words} for each in learned if each.words is not None]
        async with self._database.write() as connection:
            if marks:
                adding = insert(connection, tables.alias)
                given = {name: adding.excluded[name] for name in ("item_id", "at")}
                await connection.execute(adding.on_conflict_do_update(index_elements=["digest"], set_=given), marks)
                numbers = sorted({each.number for each in learned if each.marks})
                await connection.execute(_TRIMMING, [{"number": number} for number in numbers])
            if words:
                await connection.execute(_REWORDING, words)
            if stones:
                await connection.execute(update(tables.tombstone).where(_STONE.digest.in_(stones)).values(at=now))


def _remember(connection: Connection, several: Sequence[tuple[list[rows.Values], list[rows.Values]]]) -> None:
    """Store new items and editions of known ones, both as they are given in each pair."""
    _ADDING.execute(connection, [values for fresh, _ in several for values in fresh])
    _EDITING_ALL.execute(connection, [values for _, editions in several for values in editions])


def add_item(connection: Connection, item: Item, at: datetime) -> int | None:
    """Store an item that was seen at a time and return its row id, or None where it is stored already."""
    statement = _adding(connection.dialect.name).returning(_ITEM.id)
    added: int | None = connection.scalar(statement, rows.item_values(item, at))
    return added


@cache
def _adding(dialect: str) -> Insert:
    return insert_in(dialect, tables.item).on_conflict_do_nothing(index_elements=["identity"])


def edit_item(connection: Connection, item: Item) -> bool:
    """Store what an edited item says now, and return whether it is stored at all."""
    edited = connection.execute(_EDITING, _edition(item))
    return edited.rowcount == 1


def asked_of(answer: Sequence[Identity]) -> tuple[Collection[str], ...]:
    """Return the digests by which to look for what is known: addresses, words, those that name an item, and all there are."""
    return (
        {each.link for each in answer if each.link},
        {each.words for each in answer if each.words},
        {mark for each in answer for mark in each.marks},
        {mark for each in answer for mark in each.all},
    )


def known(links: Wanted, words: Wanted, marks: Wanted, everything: Wanted) -> CompoundSelect[Any]:
    """Return the query for what is known by one of the digests, but by the id of an item (`same`).

    One index serves each of its four parts. A tombstone has no number, and the time at which it was met last.
    """
    own = (_under(_ITEM.link, links), _under(_ITEM.fingerprint, words))
    later = select(_ALIAS.digest, *_COMPARED).join_from(tables.alias, tables.item).where(_ALIAS.digest.in_(marks))
    nothing: tuple[Any, ...] = (
        literal_column("0"),
        literal_column("''"),
        _STONE.at,
        literal_column("NULL"),
        literal_column("0"),
        literal_column("NULL"),
    )
    return union_all(*own, later, select(_STONE.digest, *nothing).where(_STONE.digest.in_(everything)))


def same(wanted: Wanted) -> Select[Any]:
    """Return the query for items that stand under the ids of these digests."""
    return _under(_ITEM.identity, wanted)


def _under(digest: ColumnElement[Any], wanted: Wanted) -> Select[Any]:
    return select(digest.label("mark"), *_COMPARED).where(digest.in_(wanted))


def _kept(found: Iterable[Any], asked: frozenset[str]) -> list[Kept]:
    marks: defaultdict[int, set[str]] = defaultdict(set)
    stored = {}
    for row in found:
        stored[row.id] = row
        marks[row.id] |= asked & {row.mark, row.link}
    return [
        Kept(number, row.guid, row.published, row.fingerprint, row.edited, frozenset(marks[number]))
        for number, row in stored.items()
    ]


def _edition(item: Item) -> rows.Values:
    known = rows.identify(item)
    return {
        "known_by": known.guid,
        **{f"new_{name}": value for name, value in rows.edition_values(item, known).items()},
    }


def _editing() -> Update:
    names = ("language", "url", "title", "summary", "body", "page", "via", "fingerprint")
    given: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names} | {"edited": _ITEM.edited + 1}
    return update(tables.item).where(_ITEM.identity == bindparam("known_by")).values(given)


def _newest_aliases() -> Select[Any]:
    other = tables.alias.alias("other").c
    mine = select(other.digest).where(other.item_id == bindparam("number"))
    return mine.order_by(other.at.desc(), other.digest).limit(MOST_ALIASES)


_KNOWN, _SAME = Written(known, 4), Written(same)
_EDITING = _editing()
_ADDING, _EDITING_ALL = Repeated(_adding), Repeated(lambda _: _EDITING)
_TRIMMING = delete(tables.alias).where(_ALIAS.item_id == bindparam("number"), _ALIAS.digest.not_in(_newest_aliases()))
_REWORDING = update(tables.item).where(_ITEM.id == bindparam("number")).values(fingerprint=bindparam("words"))
