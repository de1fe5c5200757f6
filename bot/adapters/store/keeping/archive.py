"""The archive: what was read in a month, as lines that `vistka replay` takes, written before it is forgotten.

A file has the items first seen in its month, those that reported something among them, and whatever older ones are about to be
forgotten. Where it is there already, as after a run that was killed between writing and forgetting, another part is written: a
replay takes an item that comes twice for one.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import URL, Connection, or_, select

from bot.adapters.store import tables
from bot.adapters.store.keeping.backup import Told, streamed
from bot.adapters.store.keeping.files import written
from bot.adapters.store.pruning import prunable, silent, telling
from bot.adapters.store.rows import item_of
from bot.adapters.store.schema import looking
from bot.core.model import Item, Source
from bot.core.render.lines import item_fields
from bot.ports import PermanentError

_ITEM = tables.item.c


def archive(
    url: URL, folder: Path, since: datetime, before: datetime, *, sources: Mapping[str, Source], told: Told
) -> Path | None:
    """Write the items of a month, and all others that may be forgotten; None where there is nothing to forget.

    Raises PermanentError, leaving no file, where it cannot be written.
    """
    with looking(url) as connection:
        if connection.execute(prunable(before).limit(1)).first() is None:
            return None
    path = _free(folder, since)
    with written(path, before) as stream:
        with looking(url) as connection, closing(_items(connection, since, before)) as items:
            lines = _write(items, stream, sources, told)
        _verify(path, stream, lines)
    return path


def _free(folder: Path, month: datetime) -> Path:
    name = f"items-{month:%Y-%m}"
    names = (f"{name}.jsonl.gz" if part == 1 else f"{name}.{part}.jsonl.gz" for part in count(1))
    return next(path for each in names if not (path := folder / each).exists())


def _items(connection: Connection, since: datetime, before: datetime) -> Generator[Sequence[Item], None, None]:
    """Yield the items in the order in which they were published."""
    wanted = select(tables.item).where(or_(silent(before), telling(since, before)))
    asked = wanted.order_by(_ITEM.published, _ITEM.id)
    with streamed(connection, asked) as found:
        for batch in found.partitions():
            yield [item_of(row) for row in batch]


def _write(batches: Iterable[Sequence[Item]], stream: BinaryIO, sources: Mapping[str, Source], told: Told) -> int:
    lines = 0
    with gzip.GzipFile(fileobj=stream, mode="wb", mtime=0) as packed:
        for batch in batches:
            packed.write("".join(_line(item, sources) for item in batch).encode())
            lines += len(batch)
            told(lines, 0)
    return lines


def _line(item: Item, sources: Mapping[str, Source]) -> str:
    known = replace(item, source=sources.get(item.source.id, item.source))
    return json.dumps(item_fields(known), ensure_ascii=False) + "\n"


def _verify(path: Path, stream: BinaryIO, lines: int) -> None:
    """Read what was written again: what is about to be forgotten is nowhere else."""
    stream.seek(0)
    try:
        with gzip.GzipFile(fileobj=stream) as packed:
            found = sum(1 for _ in packed)
    except (EOFError, gzip.BadGzipFile):
        found = -1
    if found != lines:
        raise PermanentError(f"{path}: it does not hold what was written; check the disk")
