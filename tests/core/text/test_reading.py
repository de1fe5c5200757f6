"""Items into documents."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.model import Item, Source
from bot.core.text.document import Document, Place
from bot.core.text.normalise import clean
from bot.core.text.reading import LONGEST_FIELD, Reading, days_of

SOURCE = Source("pier", "Pier", "rss", "", "en")
SUMMER = timezone(timedelta(hours=3))


def _places(tokens, language) -> tuple[Place, ...]:
    return tuple(
        Place("Kyiv", "UA-30", "UA", "settlement", at, at + 2)
        for at, token in enumerate(tokens)
        if token.fold in {"kyiv", "київ"} and at + 1 < len(tokens)
    )


@pytest.fixture(scope="module")
def reading(engine) -> Reading:
    languages = {code: engine.language(code) for code in ("en", "uk", "ru")}
    return Reading(languages, _places, engine.alphabets(), engine.boilerplate())


def _item(title: str, summary: str = "", body: str | None = None, code: str = "en", at: datetime | None = None) -> Item:
    return Item("1", SOURCE, code, "", at or datetime(2025, 6, 10, 9, tzinfo=SUMMER), title, summary, body)


def test_fields_paragraphs_and_sentences_are_counted(reading: Reading) -> None:
    document = reading.document(_item("Headline one", "<p>First. Second.</p>", "Body."))
    assert [(each.field, each.paragraph, each.index, each.text) for each in document.sentences] == [
        ("title", 0, 0, "Headline one"),
        ("summary", 0, 1, "First."),
        ("summary", 0, 2, "Second."),
        ("body", 0, 3, "Body."),
    ]


def test_each_sentence_has_its_own_language(reading: Reading) -> None:
    document = reading.document(_item("Prisoners came home", "Полонені повернулися. Это новый обмен.", code="uk"))
    assert [each.language for each in document.sentences] == ["en", "uk", "ru"]


def test_a_language_that_is_not_known_is_read_with_the_first_one(engine) -> None:
    document = Reading({"en": engine.language("en")}, _places).document(_item("Полонені"))
    assert [each.language for each in document.sentences] == ["en"]


def test_figures_of_dates_places_and_measures_are_no_counts(reading: Reading) -> None:
    (sentence,) = reading.document(_item("On 9 June 40 drones, 5 km from Kyiv 3, hurt two")).sentences
    assert [number.value for number in sentence.numbers] == [40, 2]
    assert [str(mention.day) for mention in sentence.dates] == ["2025-06-09"]
    assert [place.name for place in sentence.places] == ["Kyiv"]


@pytest.mark.parametrize(
    ("code", "at", "day"),
    [
        ("uk", datetime(2025, 6, 9, 22, 30, tzinfo=UTC), "2025-06-10"),
        ("en", datetime(2025, 6, 9, 22, 30, tzinfo=UTC), "2025-06-09"),
        ("ru", datetime(2025, 6, 10, 0, 30, tzinfo=SUMMER), "2025-06-10"),
    ],
)
def test_today_is_the_publishers_day(reading: Reading, code: str, at: datetime, day: str) -> None:
    text = {"uk": "Сьогодні їх обміняли", "en": "Today they were swapped", "ru": "Сегодня их обменяли, это всё"}[code]
    assert str(reading.document(_item(text, code=code, at=at)).sentences[0].dates[0].day) == day


@pytest.mark.parametrize(
    ("at", "text", "day"),
    [
        # an American evening: the war has the next day, and from three o'clock there its night is the one told of
        ("2025-06-09T20:30:00-04:00", "today", "2025-06-09"),
        ("2025-06-09T20:30:00-04:00", "overnight", "2025-06-10"),
        ("2025-06-09T20:30:00-04:00", "tonight", "2025-06-10"),
        ("2025-06-09T20:30:00-04:00", "on Tuesday", "2025-06-10"),
        ("2025-06-09T20:30:00-04:00", "on Monday", "2025-06-09"),
        ("2025-06-09T19:30:00-04:00", "overnight", "2025-06-09"),
        ("2025-06-10T00:30:00-05:00", "overnight", "2025-06-10"),
        # around midnight in Greenwich
        ("2025-06-09T23:30:00+00:00", "today", "2025-06-09"),
        ("2025-06-09T23:30:00+00:00", "yesterday", "2025-06-08"),
        ("2025-06-09T23:30:00+00:00", "on Tuesday", "2025-06-10"),
        ("2025-06-09T22:30:00+00:00", "overnight", "2025-06-09"),
        ("2025-06-10T00:30:00+00:00", "overnight", "2025-06-10"),
        ("2025-06-10T00:30:00+00:00", "today", "2025-06-10"),
        # around midnight in Kyiv
        ("2025-06-09T23:30:00+03:00", "overnight", "2025-06-09"),
        ("2025-06-09T23:30:00+03:00", "today", "2025-06-09"),
        ("2025-06-10T00:30:00+03:00", "overnight", "2025-06-10"),
        ("2025-06-10T00:30:00+03:00", "on Monday", "2025-06-09"),
        # an Asian morning: the war still has the day before
        ("2025-06-10T02:00:00+08:00", "overnight", "2025-06-09"),
        ("2025-06-10T02:00:00+08:00", "today", "2025-06-09"),
        ("2025-06-10T02:00:00+08:00", "on Monday", "2025-06-09"),
        # the ends of the calendar
        ("9999-12-31T23:30:00+00:00", "tomorrow", "9999-12-31"),
        ("0001-01-01T00:30:00+14:00", "yesterday", "0001-01-01"),
    ],
)
def test_days_are_counted_by_the_outlets_and_the_wars_clock(reading: Reading, at: str, text: str, day: str) -> None:
    (sentence,) = reading.document(_item(f"They were hit {text}", at=datetime.fromisoformat(at))).sentences
    assert [str(mention.day) for mention in sentence.dates] == [day]


@given(st.datetimes(timezones=st.sampled_from([timezone(timedelta(hours=each)) for each in (-11, -5, 0, 3, 9, 14)])))
def test_the_days_of_an_item_lie_side_by_side(reading: Reading, at: datetime) -> None:
    for language in reading.languages.values():
        days = days_of(_item("x", at=at), language)
        assert days.latest - days.today in (timedelta(0), timedelta(days=1))
        assert days.night in (days.today, days.latest)


def test_an_endless_field_is_read_up_to_its_limit(reading: Reading) -> None:
    document = reading.document(_item("x", "", "слово і діло. " * (LONGEST_FIELD // 5)))
    assert sum(len(each.text) for each in document.sentences) <= LONGEST_FIELD


def _consistent(document: Document, item: Item) -> None:
    fields = {"title": item.title, "summary": item.summary, "body": item.body or ""}
    for sentence in document.sentences:
        assert clean(fields[sentence.field])[sentence.start :].startswith(sentence.text)
        for at, token in enumerate(sentence.tokens):
            start, end = sentence.extent(at, at + 1)
            assert sentence.text[start:end] == token.text
        for span in (*sentence.numbers, *sentence.dates, *sentence.places):
            assert 0 <= span.first < span.last <= len(sentence.tokens)


WORDS = st.sampled_from(
    [
        "In",
        "Kyiv",
        "on",
        "9",
        "June",
        "overnight",
        "1,000",
        "for",
        "prisoners",
        "two",
        "hundred",
        ".",
        ",",
        "«",
        "У",
        "ніч",
        "проти",
        "тисячу",
        "обмін",
        "20:30",
        "\n",
        "<p>",
        "&amp;",
        "Х-101",
        "семью",
        "среду",
        "66-й",
        "a.m.",
        "ночью",
        "года",
        "2024",
        "of",
        "and",
        "the",
        "half",
        "a",
        "dozen",
        "п’ять́",
        "\u200b",
        ";",
        "–",
    ]
)


@settings(deadline=None)
@given(st.sampled_from(["en", "uk", "ru"]), st.lists(WORDS).map(" ".join), st.text(max_size=80))
def test_every_document_fits_its_item(reading: Reading, code: str, words: str, noise: str) -> None:
    item = _item(words, noise, words + noise, code)
    _consistent(reading.document(item), item)
