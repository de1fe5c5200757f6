"""An item is known again under another address, id or spelling of its link."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.identity import UNREAD, Findings, Identity, Learned, canonical, fingerprint, identify, sift
from bot.core.model import Item, Kept, Sifted, Source

SOURCE = Source("bereg", "Берег", "rss", "https://bereg.example/feed", "uk")

NOW = datetime(2025, 5, 6, tzinfo=UTC)


def entry(**changes: str) -> Item:
    values = {"id": "1", "url": "https://bereg.example/1", "title": "Обмін", "summary": "205 на 205", "body": None}
    return Item(source=SOURCE, language="uk", published=datetime(2025, 5, 6, tzinfo=UTC), **(values | changes))


@given(st.text(max_size=40))
def test_no_address_breaks_the_identity(url: str):
    assert identify(entry(url=url)) == identify(entry(url=url))
    assert canonical(canonical(url)) == canonical(canonical(canonical(url)))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://www.x.example/a/", "http://x.example/a", True),
        ("https://x.example/a?id=1&utm_medium=rss", "https://x.example/a?id=1", True),
        ("https://x.example/a?id=1", "https://x.example/a?id=2", False),
        ("https://x.example/live#one", "https://x.example/live#two", False),
        ("https://x.example/a#xtor=RSS-1", "https://x.example/a", True),
    ],
)
def test_links_are_the_same_where_only_tracking_differs(one: str, other: str, *, same: bool):
    assert (canonical(one) == canonical(other)) is same


def test_the_words_are_the_text_whatever_the_case_and_the_address():
    assert identify(entry(id="2", url="", title="ОБМІН")).words == identify(entry()).words
    assert identify(entry(summary="206 на 206")).words != identify(entry()).words


def test_an_entry_without_link_or_words_is_known_by_its_id_alone():
    bare = identify(entry(url="", title="", summary=""))
    assert (bare.guid, bare.link, bare.words) == ("1", None, None)


LONG = "Ворог уночі атакував місто дронами, загинули п'ятеро людей, ще дванадцятеро поранені"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("<p>Загинули <b>5</b>, ще</p><p>12</p>", "Загинули 5, ще\n12", True),
        ("Загинули&nbsp;5 &amp;quot;осіб&amp;quot;", 'Загинули 5 "осіб"', True),
        ("Див. https://x.example/a?utm_source=tg", "Див. https://x.example/a", True),
        ("Загинули 5 👁 1,2K", "Загинули 5 👁️ 12.3K", True),
        ("Загинули <b>5</b>", "Загинули <b>6</b>", False),
        ("5 < 6 і так", "5 < 7 і так", False),
    ],
)
def test_words_are_the_same_where_only_markup_and_counters_differ(one: str, other: str, *, same: bool):
    assert (identify(entry(summary=one)).words == identify(entry(summary=other)).words) is same


def test_words_are_brief_where_they_are_said_every_week():
    assert identify(entry(title="Вибухи в Одесі", summary="")).brief
    assert not identify(entry(summary=LONG)).brief


def test_the_home_page_of_a_site_is_no_address_of_an_item():
    assert identify(entry(url="https://bereg.example/")).link is None
    assert identify(entry(url="https://bereg.example/?p=1")).link == "bereg.example?p=1"


def test_an_entry_without_id_and_address_is_known_by_its_title_and_day():
    one, edited = (entry(id=fingerprint(text), url="", summary=text) for text in ("одне", "інше"))
    assert identify(one).link == identify(edited).link == "2025-05-06 обмін"
    assert identify(replace(one, title="Інший")).link != identify(one).link


def kept(number: int, *marks: str, words: str | None = "w", **changes: object) -> Kept:
    published = datetime(2025, 5, 6, tzinfo=UTC)
    values = {"guid": f"g{number}", "published": published, "words": words, "edited": 0, "marks": frozenset(marks)}
    return Kept(number=number, **values | changes)


def test_words_of_which_nobody_knows_what_they_were_are_learned_and_no_edit():
    item = entry(id="g1")
    found = sift([(item, Identity("g1", None, "now"))], [kept(1, "g1", words=UNREAD)], NOW)
    assert found == Findings(Sifted(), (Learned(1, (), "now"),))


@pytest.mark.parametrize(
    ("edited", "hours", "is_read"),
    [
        (11, 0, True),
        (12, 0, False),
        (12, 5, False),
        (12, 6, True),
        (20, 24 * 60, True),
        (14, 12, False),
        (12, -48, False),
    ],
)
def test_an_item_is_read_again_as_often_as_it_is_old(edited, hours, is_read):
    stored = kept(1, "g1", words="then", edited=edited)
    item = entry(id="g1")
    found = sift([(item, Identity("g1", None, "now"))], [stored], NOW + timedelta(hours=hours))
    assert bool(found.sifted.edited) is is_read


def test_of_two_entries_that_are_one_stored_item_the_first_counts():
    answer = [(entry(id="g1"), Identity("g1", None, "w")), (entry(id="g2"), Identity("g2", "page", "v"))]
    found = sift(answer, [kept(1, "g1", "g2")], NOW)
    assert found == Findings(Sifted())


@pytest.mark.parametrize(("strangers", "total", "moved"), [(5, 8, 5), (4, 8, 0), (3, 4, 0)])
def test_ids_are_learned_anew_only_where_most_of_an_answer_has_new_ones(strangers, total, moved):
    """Below that, what came under another id with other words is an edit; so it is in an answer of very few items."""
    answer = [
        (
            entry(id=f"g{number}"),
            Identity(f"{'new' if number < strangers else 'g'}{number}", f"page{number}", f"v{number}"),
        )
        for number in range(total)
    ]
    stored = [
        kept(number, f"page{number}", *([] if number < strangers else [f"g{number}"]), words=f"w{number}")
        for number in range(total)
    ]
    found = sift(answer, stored, NOW)
    assert found.sifted.moved == moved
    assert len(found.sifted.edited) == total - moved


def test_what_is_new_among_new_ids_is_news_all_the_same():
    answer = [(entry(id=f"n{n}"), Identity(f"n{n}", f"page{n}", f"v{n}")) for n in range(11)]
    found = sift(answer, [kept(n, f"page{n}", words=f"w{n}") for n in range(9)], NOW)
    assert [item.id for item in found.sifted.new] == ["n9", "n10"]
    assert (found.sifted.edited, found.sifted.moved) == ((), 9)


def test_where_fewer_are_recognised_the_rewritten_are_edits():
    answer = [(entry(id=f"n{n}"), Identity(f"n{n}", f"page{n}", f"v{n}")) for n in range(10)]
    found = sift(answer, [kept(n, f"page{n}", words=f"w{n}") for n in range(8)], NOW)
    assert (len(found.sifted.new), len(found.sifted.edited), found.sifted.moved) == (2, 8, 0)
