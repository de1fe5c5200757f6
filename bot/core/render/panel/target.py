"""Whose subscription a panel's button is about, and what it says, in the data that stand behind the button."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.core.model import Button, Subscription
from bot.core.render.buttons import Pressed, button

PREFIX = "set"
_ARGUMENT = re.compile(r"(-?\d{1,20})\.(\d{1,10})\.([^:\r\n]{0,120})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """A chat, or one topic of it."""

    chat_id: int
    thread_id: int = 0

    @classmethod
    def of(cls, subscription: Subscription) -> Place:
        """Return where a subscription brings its posts."""
        return cls(subscription.chat_id, subscription.thread_id)


@dataclass(frozen=True, slots=True)
class Said:
    """What a button says about a place: an act, or the page to show, and with which value."""

    place: Place
    act: str
    value: str = ""


def said(label: str, place: Place, act: str, value: str | int = "") -> Button:
    """Return a button that `read_said` reads back."""
    return button(label, PREFIX, 0, act, f"{place.chat_id}.{place.thread_id}.{value}")


def read_said(pressed: Pressed) -> Said | None:
    """Read what a button of a panel says; None for what no panel carries."""
    found = _ARGUMENT.fullmatch(pressed.argument)
    if found is None:
        return None
    return Said(Place(int(found[1]), int(found[2])), pressed.act, found[3])
