"""Old news are in the archive, as a replay reads them, before they are forgotten."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.store import open_store
from bot.adapters.store.engine import parse
from bot.adapters.store.keeping import BackupFolder, archive
from bot.cli._lines import item_of
from bot.jobs.prune import month_of
from bot.ports import PermanentError, TemporaryError
from tests.adapters.store.test_keeping import nothing
from tests.adapters.store.values import BEREG, NOW, entry, record_new

BEFORE = month_of(NOW + timedelta(days=31))
SINCE = month_of(NOW)
LATER = BEFORE + timedelta(hours=1)


@pytest.fixture
async def store(store_url):
    """A store with an item that reports something, one that does not, and one that was seen after the month."""
    store = await open_store(store_url)
    await record_new(store, 1)
    await store.remember([entry(2, body="Хліб\nподорожчав")], (), NOW)
    await store.remember([entry(3, published=LATER)], (), LATER)
    yield store
    await store.close()


def write(url, folder, told=nothing):
    return archive(parse(url), folder, SINCE, BEFORE, sources={BEREG.id: BEREG}, told=told)


def lines(path) -> list[str]:
    with gzip.open(path) as packed:
        return [item_of(line).id for line in packed]


async def test_a_month_is_written_with_what_told_and_what_did_not(store, store_url, tmp_path):
    path = write(store_url, tmp_path)
    assert path == tmp_path / f"items-{SINCE:%Y-%m}.jsonl.gz"
    assert path.stat().st_mode & 0o777 == 0o600
    assert lines(path) == ["guid-1", "guid-2"]
    with gzip.open(path) as packed:
        known = item_of(packed.read().splitlines()[1])
    assert known == replace(entry(2, body="Хліб\nподорожчав"), source=replace(BEREG, type="lines", url=""))


async def test_what_was_written_and_not_forgotten_is_another_part(store, store_url, tmp_path):
    write(store_url, tmp_path)
    assert write(store_url, tmp_path) == tmp_path / f"items-{SINCE:%Y-%m}.2.jsonl.gz"
    assert sum([gone async for gone in store.prune(BEFORE, LATER)]) == 1
    assert write(store_url, tmp_path) is None
    assert [item.id async for item in store.items()] == ["guid-1", "guid-3"]


async def test_a_full_disk_leaves_no_file(store, store_url, tmp_path):
    def full(*_):
        raise OSError(28, "No space left on device")

    with pytest.raises(PermanentError, match="make room there"):
        write(store_url, tmp_path / "kept", full)
    assert list((tmp_path / "kept").iterdir()) == []


async def test_the_folder_is_filled_beside_the_loop_and_ends_with_the_daemon(store, store_url, tmp_path):
    stops = []
    folder = BackupFolder(parse(store_url), tmp_path, {}, lambda: bool(stops))
    path = await folder.make(NOW)
    assert await folder.made() == (NOW,)
    assert lines(await folder.write(SINCE, BEFORE)) == ["guid-1", "guid-2"]
    assert await folder.thin(()) == 1
    stops.append(True)
    with pytest.raises(TemporaryError, match="the daemon stops"):
        await folder.make(NOW)
    assert path.endswith(".zip")
    assert not [each for each in tmp_path.iterdir() if each.suffix in (".zip", ".part")]
