"""What the decisions need from the outside, as Protocols, and the ways in which the outside fails.

Jobs and handlers are given these ports by `bot.app` and never learn which adapter stands behind one.
"""

from __future__ import annotations

from bot.ports.asking import (
    Alarms,
    Choice,
    Dialogues,
    Handles,
    Queries,
    Recognise,
    Recognised,
    Stats,
    Subscriptions,
    Updates,
    Wanted,
)
from bot.ports.diary import Diary
from bot.ports.edge import Article, Clock, Complete, Draw, Fetch, Gate, Page, Parse, Publish, Read, ReadAll
from bot.ports.exports import Exports, Version
from bot.ports.failures import (
    LeaseLostError,
    MigratedError,
    PermanentError,
    StoreError,
    TemporaryError,
    UnknownOutcomeError,
    UnreadLanguageError,
    VistkaError,
)
from bot.ports.hubs import HubLeases, Hubs, Subscribe
from bot.ports.keeping import Archive, Backups
from bot.ports.leases import Leases
from bot.ports.newsroom import Joined, Outbox, Revised, Rule, Ruled, Store
from bot.ports.polling import Polls, Queue

__all__ = [
    "Alarms",
    "Archive",
    "Article",
    "Backups",
    "Choice",
    "Clock",
    "Complete",
    "Dialogues",
    "Diary",
    "Draw",
    "Exports",
    "Fetch",
    "Gate",
    "Handles",
    "HubLeases",
    "Hubs",
    "Joined",
    "LeaseLostError",
    "Leases",
    "MigratedError",
    "Outbox",
    "Page",
    "Parse",
    "PermanentError",
    "Polls",
    "Publish",
    "Queries",
    "Queue",
    "Read",
    "ReadAll",
    "Recognise",
    "Recognised",
    "Revised",
    "Rule",
    "Ruled",
    "Stats",
    "Store",
    "StoreError",
    "Subscribe",
    "Subscriptions",
    "TemporaryError",
    "UnknownOutcomeError",
    "UnreadLanguageError",
    "Updates",
    "Version",
    "VistkaError",
    "Wanted",
]
