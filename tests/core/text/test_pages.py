"""Whole pages: what stands around a story changes nothing of what is read in it."""

from __future__ import annotations

import html
from datetime import datetime

import pytest

from bot.cli._reading import load_reader
from bot.core.extract import Reader
from bot.core.model import Item, Source

SOURCE = Source("pier", "Pier", "rss", "", "en")
STORIES = {
    "en": (
        "Russian drones hit Kharkiv, five people injured",
        "Russian forces attacked Kharkiv with drones overnight, injuring five people, Mayor Ihor Terekhov said.",
        "A residential building was damaged. Rescuers are working at the scene.",
    ),
    "uk": (
        "Росіяни вдарили дронами по Харкову, п'ятеро поранених",
        "Уночі російські війська атакували Харків дронами, поранено п'ятьох людей, повідомив мер Ігор Терехов.",
        "Пошкоджено житловий будинок. На місці працюють рятувальники.",
    ),
    "ru": (
        "Россияне ударили дронами по Харькову, пятеро раненых",
        "Ночью российские войска атаковали Харьков дронами, ранены пять человек, сообщил мэр Игорь Терехов.",
        "Повреждён жилой дом. На месте работают спасатели.",
    ),
}
BEFORE = {
    "en": [
        "World",
        "Tuesday, June 10, 2025, 09:15",
        "By Anna Bell, Reuters",
        "FILE PHOTO: a strike on Odesa. REUTERS/Ann Reed",
        "Advertisement",
    ],
    "uk": ["Війна", "10 червня 2025, 09:15", "Автор: Іван Петренко", "Наслідки удару по Одесі / Фото: ДСНС", "Реклама"],
    "ru": [
        "Война",
        "10 июня 2025, 09:15",
        "Автор: Иван Петренко",
        "Последствия удара по Одессе / Фото: МЧС",
        "Реклама",
    ],
}
BEHIND = {
    "en": [
        "Read also: Missile hits Odesa, 12 killed",
        "Subscribe to our Telegram channel.",
        "Related articles",
        "Drones strike Sumy, 7 dead",
        "Russia and Ukraine swap 205 prisoners each",
    ],
    "uk": [
        "Читайте також: Ракета влучила в Одесу, 12 загиблих",
        "Підписуйтесь на наш Telegram-канал.",
        "Популярні новини",
        "Дрони вдарили по Сумах, 7 загиблих",
        "Росія та Україна обмінялися полоненими 205 на 205",
    ],
    "ru": [
        "Читайте также: Ракета попала в Одессу, 12 погибших",
        "Подписывайтесь на наш Telegram-канал.",
        "Популярные новости",
        "Дроны ударили по Сумам, 7 погибших",
        "Россия и Украина обменялись пленными 205 на 205",
    ],
}
DATELINES = {"en": "KYIV, June 10 (Reuters) - ", "uk": "КИЇВ. 10 червня. УНН. ", "ru": "КИЕВ. 10 июня. УНН. "}


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load_reader()


def _facts(reader: Reader, code: str, title: str, body: str) -> list[object]:
    at = datetime.fromisoformat("2025-06-10T09:20:00+03:00")
    reports = reader.read(Item("1", SOURCE, code, "", at, title, "", body))
    return [(report.kind, report.role, report.date, report.facts) for report in reports]


def _clean(reader: Reader, code: str) -> list[object]:
    title, *body = STORIES[code]
    return _facts(reader, code, title, "\n".join(body))


@pytest.mark.parametrize("code", STORIES)
def test_a_clean_story_is_one_strike_with_its_figure(reader: Reader, code: str) -> None:
    ((kind, role, day, facts),) = _clean(reader, code)
    assert (kind, role, str(day), facts["region"], facts["injured"]) == ("strike", "main", "2025-06-10", "UA-63", 5)


@pytest.mark.parametrize("code", STORIES)
def test_what_stands_around_a_story_changes_nothing(reader: Reader, code: str) -> None:
    title, *body = STORIES[code]
    page = "\n".join((*BEFORE[code], title, *body, *BEHIND[code]))
    assert _facts(reader, code, title, page) == _clean(reader, code)


@pytest.mark.parametrize("code", STORIES)
def test_datelines_change_nothing(reader: Reader, code: str) -> None:
    title, lead, more = STORIES[code]
    assert _facts(reader, code, title, f"{DATELINES[code]}{lead}\n14:20 {more}") == _clean(reader, code)


@pytest.mark.parametrize("code", STORIES)
def test_the_lead_twice_counts_nobody_twice(reader: Reader, code: str) -> None:
    title, lead, more = STORIES[code]
    assert _facts(reader, code, title, f"{lead}\n{lead}\n{more}\n{title}") == _clean(reader, code)


@pytest.mark.parametrize("code", STORIES)
def test_markup_changes_nothing(reader: Reader, code: str) -> None:
    title, *body = STORIES[code]
    marked = "".join(f"<p>{part.replace('. ', '.&nbsp;')}</p>" for part in body)
    assert _facts(reader, code, title, marked) == _clean(reader, code)
    assert _facts(reader, code, title, html.escape(marked)) == _clean(reader, code)


@pytest.mark.parametrize("code", ["uk", "ru"])
def test_look_alike_and_invisible_letters_change_nothing(reader: Reader, code: str) -> None:
    mixed = str.maketrans({"о": "o", "а": "a", "е": "e", "і": "i", "р": "p", "с": "c"})
    title, lead, more = STORIES[code]
    words = [part[0] + part[1:].translate(mixed) for part in lead.split(" ")]
    assert _facts(reader, code, title, "\n".join((" ".join(words), more))) == _clean(reader, code)
    assert _facts(reader, code, title, "\n".join(("\u200b".join(lead), more))) == _clean(reader, code)


@pytest.mark.parametrize("code", STORIES)
def test_a_text_cut_off_in_its_figure_gives_no_figure(reader: Reader, code: str) -> None:
    killed = {
        "en": "The strike killed 1...",
        "uk": "Удар по Харкову: загинули 1...",
        "ru": "Удар по Харькову: погибли 1...",
    }[code]
    title, lead, _ = STORIES[code]
    assert _facts(reader, code, title, f"{lead}\n{killed}")[0][3].get("killed") is None  # type: ignore[index]
