"""Sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.text.segment import LONGEST, sentences


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "Lt. Gen. Kyrylo Budanov spoke.|It was 10 a.m. Monday in Kyiv."),
        ("en", "It began at 10 a.m. Tuesday and ended at 4 p.m.|The mayor said so."),
        ("en", "“We are home.”|He wept.|The U.S. Embassy was silent..."),
        ("en", "J. Smith paid $2.5 million.|Why?|No one knows!"),
        ("uk", "У Харківській обл. Куп'янськ обстріляли.|Вивезли 2 тис. людей."),
        ("uk", "Це було ще навесні 2025 р.|Унаслідок удару горів склад."),
        ("uk", "У 2025 р. Росія вдарила.|О. Синєгубов повідомив, що в м. Дніпро та с. Липці тихо."),
        ("uk", "На вул. Т. Шевченка, буд. 5 пошкоджено.|Поранено 5 осіб.|12 дронів збито за 5 млн. грн."),
        ("uk", "О 9 год. 30 хв. ранку.|Загинули двоє.|Поранені троє…|Ще один помер...|Все."),
        ("uk", "• Харків: двоє.|• Суми: троє|• Одеса: один"),
        ("en", "No. 5 school was hit.|Two died.|Gov. Oleh Syniehubov and Maj. Gen. Smith came."),
        ("en", "Russia hit Kyiv… and Lviv.|The U.K. agreed.|It was 5 p.m. in St. Petersburg."),
        ("en", "Kharkiv: two.|▪ Sumy: three|▪ Odesa: one"),
        ("ru", "В 2025 г. Россия ударила.|В. Гладков сообщил, что на ул. Ленина, д. 5 тихо."),
        ("ru", "Это было ещё весной 2025 г.|В результате удара горел склад за 5 млн. руб."),
        ("ru", "• Харьков: двое.|• Сумы: трое|• Одесса: один"),
        ("uk", "«Ми вдома!»|Він плакав.|Вул. Т. Шевченка пошкоджено."),
        ("ru", "В г. Белгород и пос. Маслова Пристань тихо.|Погибших нет."),
        ("ru", "Им. Ленина завод встал.|Это 3,5 тыс. рабочих."),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(engine, code: str, text: str) -> None:
    language = engine.language(code)
    whole = text.replace("|", " ")
    found = [whole[start:end] for start, end in sentences(whole, language.abbreviations, language.starters)]
    assert found == text.split("|")


@pytest.mark.parametrize(
    "text", ["Kyiv was hit.|Two died.", "Загинули двоє.|Поранені троє.", "Погибли двое!|Ранены трое."]
)
def test_a_lost_blank_does_not_glue_sentences(text: str) -> None:
    whole = text.replace("|", "")
    assert [whole[start:end] for start, end in sentences(whole, ())] == text.split("|")


def test_an_endless_sentence_is_cut() -> None:
    lengths = [end - start for start, end in sentences("слово " * 1_000 + "я" * 2 * LONGEST, ())]
    assert max(lengths) <= LONGEST
    assert sum(lengths) >= 5 * 1_000 + 2 * LONGEST


def test_an_endless_sentence_is_cut_within_no_number() -> None:
    for shift in range(20):
        text = "я" * shift + " слово 12 345 678" * 200
        assert {text[end - 3 : end] for _, end in sentences(text, ())} <= {"ово", "678"}


@given(st.text(alphabet="Aa. !?…»”)\n1\u00a0", max_size=200))
def test_sentences_lose_nothing_but_blanks(text: str) -> None:
    kept = "".join(text[start:end] for start, end in sentences(text, {"a"}))
    assert "".join(kept.split()) == "".join(text.split())
