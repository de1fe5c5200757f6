"""The panel of a subscription: one message with buttons, changed in place, and what its buttons mean.

target   whose subscription a button is about, and what it says
choices  what a press makes of a subscription
view     a panel as a value, and its choices in words
pages    what each page shows
asides   its beginning, questions, the preview, the list of channels
typed    own values, written instead of pressed
zones    time zones by the names of cities

Every button says what shall be, never "the other way round": pressed twice, or late, it does the same.
"""

from __future__ import annotations

from bot.core.render.panel.asides import Week, asking, begin, list_channels, pick_channel, preview
from bot.core.render.panel.choices import CHOICES, Known, UnfitError, choose
from bot.core.render.panel.pages import AFTER, PAGES, after, show
from bot.core.render.panel.target import PREFIX, Place, Said, read_said, said
from bot.core.render.panel.typed import read_typed
from bot.core.render.panel.view import Panel, summary
from bot.core.render.panel.zones import Zones

__all__ = [
    "AFTER",
    "CHOICES",
    "PAGES",
    "PREFIX",
    "Known",
    "Panel",
    "Place",
    "Said",
    "UnfitError",
    "Week",
    "Zones",
    "after",
    "asking",
    "begin",
    "choose",
    "list_channels",
    "pick_channel",
    "preview",
    "read_said",
    "read_typed",
    "said",
    "show",
    "summary",
]
