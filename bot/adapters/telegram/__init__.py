"""Telegram: posts out, updates in, never faster than it likes, and never with the token in a log.

application = build_application(token, api)
async with application:
    publisher = TelegramPublisher(application.bot)
    await UpdateLoop(application.bot, store, Dispatcher(application.bot, store, handing_to(application), ...)).run(stop)
"""

from __future__ import annotations

import os

os.environ.setdefault("PTB_TIMEDELTA", "1")  # python-telegram-bot warns at every 429 unless durations are timedeltas

from bot.adapters.secrecy import quiet_libraries, redacted
from bot.adapters.telegram.addresses import learn_names
from bot.adapters.telegram.application import AnyApplication, build_application, connect, pushing, whoami
from bot.adapters.telegram.dispatcher import Dispatcher
from bot.adapters.telegram.flood import Floodgate
from bot.adapters.telegram.guard import Guard
from bot.adapters.telegram.handing import handing_to, patient
from bot.adapters.telegram.limiter import Limiter
from bot.adapters.telegram.membership import follow_membership
from bot.adapters.telegram.menus import About, Menus, Profile, publish_profile
from bot.adapters.telegram.numbers import Numbers
from bot.adapters.telegram.pacing import Pacing
from bot.adapters.telegram.publish import TelegramPublisher
from bot.adapters.telegram.updates import UpdateLoop
from bot.adapters.telegram.webhook import Address, Webhook, derived_secret

__all__ = [
    "About",
    "Address",
    "AnyApplication",
    "Dispatcher",
    "Floodgate",
    "Guard",
    "Limiter",
    "Menus",
    "Numbers",
    "Pacing",
    "Profile",
    "TelegramPublisher",
    "UpdateLoop",
    "Webhook",
    "build_application",
    "connect",
    "derived_secret",
    "follow_membership",
    "handing_to",
    "learn_names",
    "patient",
    "publish_profile",
    "pushing",
    "quiet_libraries",
    "redacted",
    "whoami",
]
