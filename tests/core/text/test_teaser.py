"""What counts as a teaser, and which page is an item's own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.core.model import Item, Source
from bot.core.text.normalise import clean
from bot.core.text.teaser import LONGEST_PAGE, LONGEST_TEASER, is_teaser, paragraphs, same_site, tells

SOURCE = Source("bereg", "Берег", "rss", "https://rss.bereg.example/all.xml", "uk")
TITLE = "Відбувся обмін полоненими: додому повернулися 307 захисників"
ITEM = Item("1", SOURCE, "uk", "https://www.bereg.example/1", datetime(2025, 6, 12, tzinfo=UTC), TITLE)


@pytest.mark.parametrize(
    ("changes", "teaser"),
    [
        ({}, True),
        ({"summary": "Подробиці <a href='/1'>читайте на сайті</a>."}, True),
        ({"summary": "x" * (LONGEST_TEASER - 1)}, True),
        ({"summary": "x" * LONGEST_TEASER}, False),
        ({"summary": f"<img src='{'x' * LONGEST_TEASER}'>"}, True),
        ({"body": ""}, False),
        ({"page": "<p>text</p>"}, False),
        ({"url": ""}, False),
        ({"url": "https://t.me/bereg/7"}, False),
        ({"url": "https://elsewhere.example/1"}, False),
    ],
)
def test_a_teaser_is_short_without_a_body_and_its_page_on_the_site_of_the_feed(changes, teaser):
    assert is_teaser(replace(ITEM, **changes)) is teaser


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://www.bereg.example/1", "http://bereg.example:8080/2", True),
        ("https://rss.bereg.example/all", "https://www.bereg.example/2", True),
        ("https://m.bereg.example/1", "https://AMP.bereg.example/1", True),
        ("https://bereg.example./1", "https://bereg.example/1", True),
        ("https://bereg.example/1", "https://notbereg.example/1", False),
        ("https://bereg.example/1", "https://bereg.example.evil.example/1", False),
        ("https://bereg.example/1", "https://example/1", False),
        ("https://one.host.example/1", "https://two.host.example/1", False),
        ("https://bereg.example/1", "", False),
        ("", "", False),
        ("http://[", "http://[", False),
    ],
)
def test_a_site_is_a_host_and_those_under_it(one, other, same):
    assert same_site(one, other) is same
    assert same_site(other, one) is same


STORY = "12 червня відбувся черговий обмін полоненими у форматі 307 на 307: повернулися захисники з різних областей."
COOKIES = "Ми використовуємо файли cookie, щоб покращити роботу сайту. Натисніть «Погоджуюсь», щоб продовжити читання."


@pytest.mark.parametrize(
    ("changes", "text", "own"),
    [
        ({}, STORY, True),
        ({}, COOKIES, False),
        ({}, f"{TITLE}\n{STORY}", True),
        ({}, f"{TITLE}\n{COOKIES}", False),
        ({}, "", False),
        ({"summary": STORY}, STORY, False),
        ({"summary": STORY}, f"{STORY} Серед них поранені.", True),
        ({"title": "Обмін"}, STORY, True),
        ({"title": "Обмін"}, COOKIES, False),
        ({"title": "307"}, COOKIES, True),
        ({"title": "Exchange: 307 prisoners return home to Ukraine"}, "Log in to read this. 307 offers.", False),
        ({"title": "Обмен пленными: домой вернулись 307 человек"}, "12 июня прошёл обмен: домой вернулись 307.", True),
    ],
)
def test_a_page_is_the_items_own_where_it_says_what_the_teaser_says_and_more(changes, text, own):
    assert tells(text, replace(ITEM, **changes)) is own


def test_lines_become_paragraphs_that_read_as_they_were():
    marked = paragraphs("Обмін <307> & більше\n\n  Другий рядок  \n")
    assert marked == "<p>Обмін &lt;307&gt; &amp; більше</p><p>Другий рядок</p>"
    assert clean(marked) == "Обмін <307> & більше\nДругий рядок"
    assert paragraphs("") == ""
    assert len(clean(paragraphs("слово " * LONGEST_PAGE))) <= LONGEST_PAGE
