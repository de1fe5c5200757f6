"""Datelines, by-lines and stamps at the beginning of a paragraph."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("dateline", "news"),
    [
        ("KYIV, June 9 (Reuters) -", " Russia fired"),
        ("KYIV, Ukraine (AP) —", " A drone hit"),
        ("WASHINGTON/KYIV, June 9 (Reuters) -", " Two men said"),
        ("MOSCOW, May 31. /TASS/.", " The ministry said"),
        ("Kyiv, 10 June (Ukrinform).", " The mayor said"),
        ("KYIV, Ukraine —", " Russia fired"),
        ("LONDON —", " Ministers met"),
        ("(Reuters) -", " Ukraine said"),
        ("Kyiv, March 1 (Harbour Wire) –", " Over the months"),
        ("YEREVAN, JANUARY 4, HARBOURPRESS.", " The Emirates had mediated"),
        ("MOSCOW (Harbour Wire) -", " Ukrainian drones"),
        ("КИЇВ. 9 червня. УНН.", " Росіяни вдарили"),
        ("КИЇВ, 9 червня 2025 р. —", " Росія вдарила"),
        ("КИЕВ. 10 июня. ИНТЕРФАКС-УКРАИНА –", " Пять человек"),
        ("МОСКВА, 9 июн — РИА Новости.", " ВСУ ударили"),
        ("МОСКВА, 6 мая. /ТАСС/.", " Россия вернула"),
        ("Київ • УНН", ""),
        ("By Anna BELL and Ivan Petrenko, Associated Press", ""),
        ("By Anna Bell and Ivan Reed KYIV (Reuters) -", "Russia fired"),
        ("09.06.2025 | 08:15 |", " Росіяни вдарили"),
        ("14:20", " Вибухи в Харкові"),
        ("14:20 —", " вибухи в Харкові"),
        ("23 червня 2024, 09:15", " Росіяни вдарили"),
        ("[UPDATED 10:15]", " Russia fired"),
        ("Оновлено о 12:40:", " кількість зросла"),
        ("Обновлено 9.10.", " По данным"),
        ("20.06 ⚡", " Вибухи в Києві"),
        ("date 2025-08-25", " 21 дрон збили"),
        ("Updated 09.06.2025, 10:15:", " 21 drones"),
        ("14:20 КИЇВ. УНН.", " Росіяни вдарили"),
    ],
)
def test_a_dateline_ends_where_the_news_begins(engine, dateline: str, news: str) -> None:
    length = engine.boilerplate().datelines.head(dateline + news).length()
    assert ((dateline + news)[:length], (dateline + news)[length:]) == (dateline, news)


@pytest.mark.parametrize(
    "text",
    [
        "9 червня росіяни вдарили по Харкову",
        "9 червня о 14:20 росіяни вдарили",
        "Харків, 9 червня — 5 поранених",
        "ХАРКІВ — 5 поранених",
        "June 9: Russia hit Kharkiv",
        "Sunday, June 8, 2025, saw fighting",
        "KHARKIV UNDER ATTACK - 5 KILLED",
        "By Saturday, 12 people had died",
        "Ukraine's General Staff (AFU) said",
        "Київ. Повітряні сили збили",
        "Moscow: Russia said on Monday",
        "О 05:50 стало відомо",
        "Сегодня, 9 июня, ВСУ ударили",
        "2025 brought more of it",
        "",
    ],
)
def test_what_tells_when_something_happened_is_no_dateline(engine, text: str) -> None:
    assert engine.boilerplate().datelines.head(text).length() == 0


@pytest.mark.parametrize(
    ("text", "stamp"),
    [
        ("Понеділок 06 жовтня 2025 02:00", True),
        ("Reuters | Updated: 07-03-2023 21:04 IST | Created: 07-03-2023 21:04 IST", True),
        ("сегодня в 09:32", True),
        ("16.02.2024 13:59", True),
        ("14:20 Вибухи в Харкові", False),
        ("9 червня", False),
        ("Обмін 205 на 205", False),
        ("", False),
    ],
)
def test_a_stamp_is_a_paragraph_of_nothing_but_times(engine, text: str, stamp: bool) -> None:
    assert engine.boilerplate().datelines.head(text).is_stamp() is stamp


def test_a_city_with_a_colon_is_a_dateline_before_the_first_paragraph_only(engine) -> None:
    datelines = engine.boilerplate().datelines
    assert datelines.head("MOSCOW: A Ukrainian drone fell").length(first=True) == len("MOSCOW:")
    assert datelines.head("ODESA: A Russian drone fell").length() == 0


def test_in_a_title_only_stamps_are_cut(engine) -> None:
    assert engine.boilerplate().datelines.head("КИЇВ. 9 червня. УНН. Удар").length(title=True) == 0
    assert engine.boilerplate().datelines.head("14:20 Удар").length(title=True) == 5


@given(st.text(alphabet="KYIVkyiv ,.()/—-:|0129июня\nReutersУНН", max_size=120))
def test_a_dateline_is_never_longer_than_its_paragraph(engine, text: str) -> None:
    assert 0 <= engine.boilerplate().datelines.head(text).length() <= len(text)


@pytest.mark.parametrize("piece", ["KYIV, ", "9 червня ", "(", "By Anna and ", "14:20 "])
def test_endless_names_and_dates_take_no_time(engine, piece: str) -> None:
    started = time.process_time()
    engine.boilerplate().datelines.head(piece * 20_000).length()
    assert time.process_time() - started < 0.5
