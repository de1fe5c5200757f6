"""A small Telegram: a Bot API server on loopback that asks of the bot what the real one asks.

async with bot_api() as api:
    channel = api.channel()
    ... point the bot at api.url with api.token ...
    await api.until(lambda: api.shown(channel.id))
"""

from tests.botapi.server import BotApi, bot_api

__all__ = ["BotApi", "bot_api"]
