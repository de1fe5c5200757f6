"""Whatever a feed sends is read without an exception, and in time that grows with its length."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from functools import cache

import pytest

from bot.cli._reading import load_reader
from bot.core.extract import Reader
from bot.core.model import Item, Source
from bot.core.text.boilerplate import Boilerplate
from bot.core.text.normalise import clean, fold
from bot.core.text.segment import sentences
from bot.core.text.tokens import split

pytestmark = pytest.mark.no_cover

ITEM = Item("1", Source("pier", "Pier", "rss", "", "en"), "en", "", datetime(2025, 6, 10, 9, tzinfo=UTC), "")
NEWS = {
    "en": "Ukraine and Russia exchanged 205 prisoners of war each on Friday, officials in Kyiv said. ",
    "uk": "Уночі росіяни атакували Харків 12 дронами, загинули двоє людей, ще 7 поранено. ",
    "ru": "В ночь на 9 июня беспилотники атаковали НПЗ в Рязанской области, сбито 11 дронов. ",
}
HOSTILE = {
    "ordinary news": NEWS["uk"],
    "one giant sentence": "росіяни атакували Харків і 12 дронів та ",
    "one endless word": "удар",
    "brackets in brackets": "(атака [«",
    "number words in a row": "двісті тисяч сорок п'ять ",
    "figures in a row": "12 дронів, 1 000, 205 на 205, ",
    "days in a row": "9 червня, у ніч на 10 червня, у понеділок, ",
    "places in a row": "Харків, Одеська область, Усть-Луга, Київ та Нікополь, ",
    "words of the kinds in a row": "обмін полонених удар дрони загинули звільнено тіла ",
    "prepositions in a row": "in of the at to ",
    "tags": "<p>Strike <b>on</b> Kyiv</p><br/>",
    "open tags and blanks": "<b > \t &amp; < ",
    "stops": "Удар. 1. А. ... ?! ",
    "lines": "Удар\n\n \n",
    "invisible signs": "у\u200bд\u00adар\u0301 ",
}


@cache
def reader() -> Reader:
    return load_reader()


def _item(text: str, language: str = "uk", **changes) -> Item:
    return replace(ITEM, language=language, title="Удар strike обмін", summary="", body=text, **changes)


@pytest.mark.parametrize("language", ["en", "uk", "ru", "el", ""])
@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t\u200b",
        "Ρωσικά drones έπληξαν το Κίεβο, δύο νεκροί, 12 τραυματίες. Ανταλλαγή 205 αιχμαλώτων.",
        "俄罗斯无人机袭击基辅，造成2人死亡、12人受伤。drone strike 俄乌交换205名战俘。",
        "Rosyjskie drony uderzyły w Kijów, zginęły 2 osoby, 12 rannych. Wymiana 205 jeńców.",
        "Russian drones вдарили по Харкову, погибли двое, 7 injured. Обмен 205 на 205, prisoners додому.",
        "Strike on Kyiv \ud800 kills 2, обмін \udfff полонених \ud83d",
        "Уда\ufffd\ufffd по Хар\ufffdкову: 2 загиблих, 205 полоне\ufffdих",
        f"{'9' * 400} drones struck Kyiv, killing {'1' * 400} people; {'8' * 400} for {'7' * 400} prisoners exchanged.",
        "On 31 December 9999 Russia struck Kyiv with 12 drones. У ніч на 1 січня 9999 обмін. 30.02.2025, 99.99.9999, 31.02",
        "Обмін 0 на 0, 00 загиблих, -5 дронів, 1/0, 1e9 ракет, ½ полонених, ٣ удари, ² удар",
        "\x00\x01\x02 удар \x1b[31m обмін \x7f",
    ],
)
def test_any_text_is_read(text: str, language: str) -> None:
    for item in (_item(text, language), replace(ITEM, language=language, title=text, summary=text)):
        assert isinstance(reader().read(item), tuple)


@pytest.mark.parametrize(
    "published",
    [
        datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
        datetime.min.replace(tzinfo=timezone(-timedelta(hours=12))),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=14))),
        datetime.max.replace(tzinfo=timezone(-timedelta(hours=12))),
        datetime.min.replace(tzinfo=UTC),
        datetime.max.replace(tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, tzinfo=UTC),
        datetime(1, 1, 1, tzinfo=UTC),
    ],
    ids=str,
)
def test_an_item_may_come_from_the_ends_of_the_calendar(published: datetime) -> None:
    days = (
        "Tonight, tomorrow, two weeks ago, last Monday and overnight into Tuesday Russia struck Kyiv with 12 drones. "
    )
    text = days + "".join(NEWS.values()) + "Вчора, завтра, у понеділок, в ніч на вівторок удар по Харкову, 3 загиблих."
    for language in NEWS:
        assert isinstance(reader().read(_item(text, language, published=published)), tuple)


@pytest.mark.parametrize("text", [*(news * 12_000 for news in NEWS.values()), "x" * 1_000_000, "5 на 5 " * 150_000])
def test_a_megabyte_is_read(text: str) -> None:
    assert isinstance(reader().read(_item(text)), tuple)
    assert isinstance(reader().read(replace(_item(""), title=text, summary=text)), tuple)


def test_an_empty_item_says_nothing() -> None:
    assert reader().read(replace(ITEM, title="")) == ()


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_twice_the_text_takes_twice_the_steps(text: str) -> None:
    """Steps are calls of functions, which no other work on the machine changes."""
    once, twice = (_steps(_cut(text, length)) for length in (7_000, 14_000))
    assert twice <= 2.6 * once + 5_000


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize(
    "work",
    [
        clean,
        split,
        fold,
        lambda text: list(sentences(text, ("обл",))),
        lambda text: list(Boilerplate().story().paragraphs(text)),
        lambda text: bool(reader()._gates.found(text)),
        lambda text: reader().document.__self__.alphabets.language_of(text, "uk"),
    ],
    ids=["clean", "split", "fold", "sentences", "boilerplate", "gate", "language"],
)
def test_twice_the_text_takes_no_more_than_three_times_as_long(work: Callable[[str], object], text: str) -> None:
    """Over texts that take long enough for a clock; what is quadratic takes four times as long, whenever it is tried."""
    length = 40_000
    while (once := _seconds(work, _cut(text, length))) < 0.01 and length < 1_000_000:
        length *= 2
    for _ in range(5):
        once = min(once, *(_seconds(work, _cut(text, length)) for _ in range(2)))
        if _seconds(work, _cut(text, 2 * length)) <= 3.2 * once + 0.003:
            return
    pytest.fail(f"{length} letters take {once:.3f} s, and twice as many more than three times as long")


def _cut(text: str, length: int) -> str:
    return (text * (length // len(text) + 1))[:length]


def _steps(text: str) -> int:
    item = _item(text)
    reader().read(item)
    count = 0

    def step(*_: object) -> None:
        nonlocal count
        count += 1

    before = sys.getprofile()
    sys.setprofile(step)
    try:
        reader().read(item)
    finally:
        sys.setprofile(before)
    return count


def _seconds(work: Callable[[str], object], text: str) -> float:
    began = time.process_time()
    work(text)
    return time.process_time() - began
