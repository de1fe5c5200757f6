"""What the daemon does at its start."""

from __future__ import annotations

from bot.adapters.memory import Memory
from bot.core.model import Subscription
from bot.daemon import subscribe_channels
from bot.settings import Settings


async def test_configured_channels_are_subscribed_once_and_keep_what_they_chose():
    store = Memory()
    chosen = Subscription(chat_id=-1002, language="ru", kinds=("swap",))
    await store.save(chosen)
    await subscribe_channels(Settings(channels=(-1001, -1002), language="uk"), store)
    assert await store.get(-1001) == Subscription(chat_id=-1001, language="uk")
    assert await store.get(-1002) == chosen
