"""Tables made when they are first asked are made once, and whole for everybody."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from bot.adapters.late import Late

NAMES = {"Kyiv": "Київ", "Kharkiv": "Харків"}


class Maker:
    """Makes a table, and counts how often."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> Mapping[str, str]:
        self.times += 1
        return NAMES


def test_nothing_is_made_before_anybody_asks():
    make = Maker()
    Late(make)
    assert make.times == 0


def test_it_is_the_table_that_was_made():
    names = Late(Maker())
    assert (dict(names), len(names), names["Kyiv"], names.get("Odesa")) == (NAMES, 2, "Київ", None)


def test_it_is_made_once_however_many_threads_ask_at_the_same_time():
    make, start = Maker(), Barrier(4)
    names = Late(make)

    def ask(_: int) -> int:
        start.wait()
        return len(names)

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(ask, range(4))) == [2] * 4
    assert make.times == 1


def test_what_cannot_be_made_is_tried_again_by_the_next_who_asks():
    tries = iter((ValueError("damaged"), NAMES))

    def make() -> Mapping[str, str]:
        found = next(tries)
        if isinstance(found, ValueError):
            raise found
        return found

    names = Late(make)
    with pytest.raises(ValueError, match="damaged"):
        len(names)
    assert names["Kharkiv"] == "Харків"
