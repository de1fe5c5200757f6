"""A chat decides what it gets."""

from __future__ import annotations

import pytest

import handlers.subscribe
import handlers.unsubscribe
from bot.core.model import Subscription
from handlers import answer
from tests.handlers.asking import READER, ask, asking, desk, store_with

SUBSCRIBE, UNSUBSCRIBE = handlers.subscribe.COMMAND, handlers.unsubscribe.COMMAND


async def test_a_subscription_starts_with_every_kind_in_the_askers_language():
    store = await store_with()
    assert "Підписано" in await ask(SUBSCRIBE, store, language="uk")
    assert await store.get(7) == Subscription(chat_id=7, language="uk", kinds=("strike", "swap"), owner=READER)


@pytest.mark.parametrize("word", ["swaps", "swap", "обміни", "Обмены"])
async def test_one_kind_can_be_chosen_in_any_language(word):
    store = await store_with()
    await ask(SUBSCRIBE, store, word)
    assert (await store.get(7)).kinds == ("swap",)


@pytest.mark.parametrize("words", [("confirmed",), ("strikes", "Підтверджені"), ("подтверждённые", "удары")])
async def test_a_chat_may_ask_for_what_is_confirmed_alone_in_any_language(words):
    store = await store_with()
    assert "second source" in await ask(SUBSCRIBE, store, *words)
    assert (await store.get(7)).unconfirmed == "hold"
    assert (await store.get(7)).kinds == (("strike",) if len(words) > 1 else ("strike", "swap"))


async def test_what_is_not_said_again_stays_as_it_was_chosen():
    store = await store_with()
    await ask(SUBSCRIBE, store, "confirmed", "Харківська")
    await ask(SUBSCRIBE, store)
    await ask(SUBSCRIBE, store, "strikes")
    kept = await store.get(7)
    assert (kept.kinds, kept.unconfirmed, kept.regions) == (("strike",), "hold", ("UA-63",))


@pytest.mark.parametrize("words", [("strikes", "confirmed", "Kharkiv"), ("Харківська", "удари", "підтверджені")])
async def test_kinds_a_region_and_sureness_may_be_said_in_any_order(words):
    store = await store_with()
    await ask(SUBSCRIBE, store, *words)
    kept = await store.get(7)
    assert (kept.kinds, kept.unconfirmed, kept.regions) == (("strike",), "hold", ("UA-63",))


async def test_the_panel_follows_where_everything_can_be_changed():
    store = await store_with()
    answered = await answer(SUBSCRIBE, asking(desk(store), language="uk"))
    assert "⚙️ Що приходить сюди" in answered.text
    assert "📍 Області" in [button.label for row in answered.buttons for button in row]


async def test_subscribing_twice_changes_nothing():
    store = await store_with()
    await ask(SUBSCRIBE, store)
    assert "already" in await ask(SUBSCRIBE, store)


async def test_an_unknown_kind_is_refused():
    store = await store_with()
    assert "/subscribe strikes" in await ask(SUBSCRIBE, store, "weather")
    assert await store.get(7) is None


async def test_only_managers_change_a_group():
    store = await store_with()
    assert "admins" in await ask(SUBSCRIBE, store, allowed=False)
    assert await store.get(7) is None
    await ask(SUBSCRIBE, store)
    assert "admins" in await ask(UNSUBSCRIBE, store, allowed=False)
    assert await store.get(7) is not None


async def test_a_subscription_ends_once():
    store = await store_with()
    await ask(SUBSCRIBE, store)
    assert "ended" in await ask(UNSUBSCRIBE, store)
    assert await store.get(7) is None
    assert "no subscription" in await ask(UNSUBSCRIBE, store)
