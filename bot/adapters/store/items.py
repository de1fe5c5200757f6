"""Items: which feed entries were seen before."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import CompoundSelect, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store import rows, tables
from bot.adapters.store.engine import insert
from bot.adapters.store.part import Part
from bot.adapters.store.rows import Identity
from bot.core.model import Item

_BATCH = 500


class Items(Part):
    """The items of the Store port."""

    async def unseen(self, items: Sequence[Item]) -> tuple[Item, ...]:
        """Return the items that are new here, in order; of two alike in one feed only the first is new."""
        identities = [rows.identify(item) for item in items]
        async with self._database.read() as connection:
            seen = {digest for batch in _batches(identities) for digest in await connection.scalars(lookup(batch))}
        return tuple(_new(zip(items, identities, strict=True), seen))

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


async def add_item(connection: AsyncConnection, item: Item) -> int | None:
    """Store an item and return its row id, or None where it is stored already."""
    values = rows.item_values(item, rows.identify(item))
    statement = insert(connection, tables.item).on_conflict_do_nothing(index_elements=["identity"])
    added: int | None = await connection.scalar(statement.returning(tables.item.c.id), values)
    return added


def _new(items: Iterable[tuple[Item, Identity]], seen: set[str]) -> Iterator[Item]:
    for item, identity in items:
        if seen.isdisjoint(identity.digests):
            yield item
            seen |= identity.digests


def lookup(identities: Sequence[Identity]) -> CompoundSelect[str]:
    """Return the query for the digests that are stored; one index serves each of its three parts."""
    wanted = {digest for identity in identities for digest in identity.digests}
    columns = (tables.item.c.identity, tables.item.c.link, tables.item.c.fingerprint)
    return union_all(*(select(column).where(column.in_(wanted)) for column in columns))


def _batches(identities: Sequence[Identity]) -> Iterator[Sequence[Identity]]:
    return (identities[start : start + _BATCH] for start in range(0, len(identities), _BATCH))
