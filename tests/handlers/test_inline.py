"""`@bot words` in any chat: cards of events."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.memory import Memory
from bot.core.render.markup import LIMIT, units
from bot.core.text.arguments import NotUnderstoodError
from handlers import Cards, Inline
from handlers.inline import INLINE, MOST
from tests.botapi.markup import parse_html
from tests.examples import exchange, strike
from tests.handlers.asking import asking, desk, store_with


async def inline(store: Memory, words: str, offset: str = "", language: str = "en") -> Cards:
    place = replace(desk(store), username="VistkaBot")
    return await INLINE.answer(asking(place, words.split(), language), offset)


async def test_alone_it_shows_the_newest():
    assert isinstance(INLINE, Inline)
    cards = await inline(await store_with(strike(), exchange()), "")
    assert [card.id for card in cards.cards] == ["2", "1"]
    assert cards.after == ""


async def test_a_card_is_the_post_in_the_askers_language_with_the_way_to_the_bot():
    (card,) = (await inline(await store_with(strike(), exchange()), "обміни червень 2025", language="uk")).cards
    assert card.title == "🕊 Обмін полоненими: 1 207 на 1 195"
    assert card.line.startswith("9 червня 2025")
    assert "<b>🕊 Обмін полоненими" in card.message.text
    (button,) = card.message.buttons[0]
    assert (button.url, button.data) == ("https://t.me/VistkaBot?start=event_2", "")


async def test_a_number_shows_that_event_or_says_that_there_is_none():
    assert [card.id for card in (await inline(await store_with(strike(), exchange()), "2")).cards] == ["2"]
    with pytest.raises(NotUnderstoodError):
        await inline(await store_with(strike()), "77")


async def test_all_events_come_page_by_page_none_twice():
    store = await store_with(*(strike() for _ in range(45)))
    shown, offset = [], ""
    for _ in range(3):
        cards = await inline(store, "strikes", offset)
        assert len(cards.cards) <= MOST <= 50
        shown += [card.id for card in cards.cards]
        offset = cards.after
    assert offset == ""
    assert len(shown) == len(set(shown)) == 45


@pytest.mark.parametrize("words", ["05/06", "zorch", "strikes yesterday"])
async def test_what_is_not_understood_or_finds_nothing_says_so(words):
    with pytest.raises(NotUnderstoodError):
        await inline(await store_with(strike()), words)


@given(words=st.text(max_size=256), offset=st.text(max_size=64), language=st.sampled_from(("en", "uk", "ru")))
async def test_whatever_is_typed_is_answered_with_cards_that_telegram_takes(words, offset, language):
    try:
        cards = await inline(await store_with(strike(), exchange()), words, offset, language)
    except NotUnderstoodError:
        return
    assert len(cards.after.encode()) <= 64
    for card in cards.cards:
        told, entities = parse_html(card.message.text)
        assert 0 < units(told) <= LIMIT
        assert len(entities) <= 100
        assert card.title
        assert 0 < len(card.id) <= 64
