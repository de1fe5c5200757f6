"""What of a page is the story."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.languages import read_languages
from bot.adapters.lexicons import DATA
from bot.core.text.boilerplate import Boilerplate, lowered

TITLE = "Росіяни вдарили по Харкову, п'ятеро поранених"


def _told(words: Boilerplate, body: str, title: str = TITLE) -> str:
    return "|".join(_pieces(words, body, title))


def _pieces(words: Boilerplate, body: str, title: str) -> Iterator[str]:
    story = words.story()
    list(story.paragraphs(title, title=True))
    for pieces in story.paragraphs(body):
        yield "+".join(body[start:end].strip() for start, end in pieces)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("Двоє загинули.\nЧитайте також: Удар по Одесі\nЩе троє поранені.", "Двоє загинули.|Ще троє поранені."),
        (
            "Двоє загинули.\nЧитайте також\nУдар по Одесі\nОбмін 205 на 205\nЩе троє поранені.",
            "Двоє загинули.|Ще троє поранені.",
        ),
        ("Двое погибли.\nЧИТАЙТЕ ТАКЖЕ: Удар по Одессе", "Двое погибли."),
        ("Двое погибли.\nПопулярные статьи сейчас\nУдар по Одессе\nЧто случилось ночью?", "Двое погибли."),
        ("Two died.\nRead also: Odesa hit by 40 drones\nThree are hurt.", "Two died.|Three are hurt."),
        (
            "Two died.\nRelated Articles\nOdesa hit by 40 drones\nWhat to know about it\nThree are hurt.",
            "Two died.|Three are hurt.",
        ),
        ("Two died. Read more: Odesa hit by drones. Three are hurt.", "Two died.+Three are hurt."),
        (
            "Relatives of the dead came.\nMore from the scene was heard.",
            "Relatives of the dead came.|More from the scene was heard.",
        ),
        ("Двоє загинули.\nФото: ДСНС\nЩе троє поранені.", "Двоє загинули.|Ще троє поранені."),
        ("Наслідки удару по Одесі / Фото: ДСНС України\nДвоє загинули.", "Двоє загинули."),
        ("Rescuers at the site of a strike on Odesa. Photo: Getty Images\nTwo died.", "Two died."),
        ("FILE PHOTO: a man walks by a ruin in Odesa\nTwo died.", "Two died."),
        ("Двоє загинули. Фото: ДСНС", "Двоє загинули."),
        ("World\nMykolaiv\nTwo died in Kharkiv.\nKharkiv", "Two died in Kharkiv.|Kharkiv"),
        ("Wednesday\n11 September, 2024\n28636\nTwo died in Kharkiv.", "Two died in Kharkiv."),
        ("Two died.\nAndrii Marienko / AP\n(Efrem Lukatsky / Associated Press)", "Two died."),
        ("Двое погибли.\nМэр Москвы © Антон Воробьев / ТАСС", "Двое погибли."),
        (
            "Two died.\nRelated Moscow says its troops push ahead near Kharkiv\nThree are hurt.",
            "Two died.|Three are hurt.",
        ),
        ("KRAMATORSK, Ukraine (AP) — A missile hit a station.", "KRAMATORSK, Ukraine+A missile hit a station."),
        ("KHARKIV, June 9 (Reuters) - A missile hit a station.", "KHARKIV+A missile hit a station."),
        ("БЕЛГОРОД, 9 июн — РИА Новости. Двое погибли.", "БЕЛГОРОД+Двое погибли."),
        ("KYIV, June 9 (Reuters) - A missile hit a station.", "A missile hit a station."),
        ("Зеленський показав фото: «Наші вдома».\nЇх 205.", "Зеленський показав фото: «Наші вдома».|Їх 205."),
        ("He posted a photo: men on a bus.\nThey are 205.", "He posted a photo: men on a bus.|They are 205."),
        ("Автор: Іван Петренко\nДвоє загинули.\nПоділитися\nКоментарів немає", "Двоє загинули."),
        ("Двое погибли.\nРеклама\nПодписывайтесь на наш канал", "Двое погибли."),
        ("Advertisement · Scroll to continue\nTwo died.\nShare this article", "Two died."),
        ("Головна » Новини » Війна\nПонеділок 06 жовтня 2025 02:00\nДвоє загинули.", "Двоє загинули."),
        ("КИЇВ. 9 червня. УНН. Двоє загинули.\n14:20 Ще один помер.", "Двоє загинули.|Ще один помер."),
        (f"{TITLE}\nДвоє загинули.", "Двоє загинули."),
        (f"Новини України - {TITLE} {TITLE}\nДвоє загинули.", "Двоє загинули."),
        (
            f"{TITLE}. Про це повідомив мер міста, який приїхав на місце удару вранці, і рятувальники.",
            f"{TITLE}. Про це повідомив мер міста, який приїхав на місце удару вранці, і рятувальники.",
        ),
        ("Двоє загинули. Читати далі", "Двоє загинули."),
        ("Загинули 2 людини, поранені 1...", "Загинули 2 людини, поранені"),
        ("Кількість зросла до 12 …", "Кількість зросла до 12 …"),
        ("Нагадаємо, напередодні був обмін.", "Нагадаємо, напередодні був обмін."),
        ("Автором удару назвали Росію.", "Автором удару назвали Росію."),
        ("• Двоє загинули", "Двоє загинули"),
        ("24 травня\nОбміняли 307.\n25 травня\nОбміняли 303.", "Обміняли 307.|25 травня|Обміняли 303."),
    ],
)
def test_only_the_story_is_told(engine, body: str, told: str) -> None:
    assert _told(engine.boilerplate(), body) == told


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("Russia strikes Kharkiv with 20 drones | The Moscow Times", "Russia strikes Kharkiv with 20 drones"),
        ("Росіяни вдарили по Харкову дронами — УНН", "Росіяни вдарили по Харкову дронами"),
        ("Двоє загинули у Харкові - Терехов", "Двоє загинули у Харкові - Терехов"),
        ("Фото: ДСНС України", ""),
        ("14:20 Вибухи в Харкові", "Вибухи в Харкові"),
        ("Харків | 5 поранених", "Харків | 5 поранених"),
    ],
)
def test_a_title_loses_outlets_stamps_and_credits(engine, title: str, kept: str) -> None:
    pieces = [piece for each in engine.boilerplate().story().paragraphs(title, title=True) for piece in each]
    assert "".join(title[start:end] for start, end in pieces).strip() == kept


@pytest.mark.parametrize(
    "notice",
    [
        "Reuters could not independently verify the report.",
        "The special military operation began on February 24, 2022.",
        "Підписуйтесь на наш Telegram-канал.",
        "ДАННОЕ СООБЩЕНИЕ (МАТЕРИАЛ) СОЗДАНО ИНОСТРАННЫМ СРЕДСТВОМ МАССОВОЙ ИНФОРМАЦИИ, ВЫПОЛНЯЮЩИМ ФУНКЦИИ АГЕНТА.",
        "The post Two dead in Kharkiv appeared first on The Pier.",
    ],
)
def test_a_notice_is_no_news(engine, notice: str) -> None:
    assert not engine.boilerplate().story().is_news(notice)


def test_a_sentence_is_news_once(engine) -> None:
    story = engine.boilerplate().story()
    assert story.is_news("Two people died in Kharkiv.")
    assert not story.is_news("«Two people died, in Kharkiv»")
    assert story.is_news("Two died.")
    assert story.is_news("Two died.")


def test_every_language_has_the_same_lists() -> None:
    keys = {tuple(sorted(tomllib.loads((DATA / code / "boilerplate.toml").read_text()))) for code in read_languages()}
    assert len(keys) == 1


def test_all_words_are_in_small_letters(engine) -> None:
    for each in engine.boilerplate().words:
        assert all(word == lowered(word) for word in each)


@given(
    st.lists(
        st.sampled_from(
            ["Фото:", "Читайте також", "КИЇВ. УНН.", "Двоє загинули.", "\n", "14:20", "read more", "...", "7...", "•"]
        )
    )
)
def test_what_is_told_stands_in_the_text_in_its_order(engine, words: list[str]) -> None:
    text = " ".join(words)
    spans = [piece for pieces in engine.boilerplate().story().paragraphs(text) for piece in pieces]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


@pytest.mark.parametrize("piece", ["Фото: ", "Читайте також: ", "read more ", "1...", "14:20 ", "Двоє\n", " | "])
def test_a_hostile_page_is_cut_in_linear_time(engine, piece: str) -> None:
    started = time.process_time()
    list(engine.boilerplate().story().paragraphs(piece * (30_000 // len(piece))))
    assert time.process_time() - started < 2
