"""A short story that goes through every step: two events in three languages, told, told again, grown and corrected.

It is told in chapters. Each is what one outlet publishes; an item with the number of an earlier one is that item, edited.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.core.model import Source
from tests.e2e.daemon import Outlet, Story

BEGINS = datetime(2025, 6, 9, 9, tzinfo=UTC)
CHANNEL, SUPERGROUP = -1001000000900, -1001000000500
OUTLETS = (
    Outlet("staff", "Coordination Staff", "en", tier="official", side="UA"),
    Outlet("novyny", "Новини дня", "uk"),
    Outlet("vesti", "Вести", "ru"),
)


@dataclass(frozen=True, slots=True)
class Chapter:
    """What an outlet publishes, so many minutes into the story, as its item of that number."""

    outlet: str
    number: int
    minutes: int
    title: str
    summary: str

    def xml(self) -> str:
        """Return it as an item of RSS."""
        at = BEGINS + timedelta(minutes=self.minutes)
        return Story(self.title, self.summary, published=at).xml(f"https://{self.outlet}.example/{self.number}")


STORY = (
    Chapter(
        "staff",
        1,
        0,
        "Ukraine brings home 205 prisoners of war",
        "Ukraine and Russia carried out a prisoner exchange today. 205 Ukrainian soldiers returned home and 205 Russian "
        "prisoners were handed over to Russia.",
    ),
    Chapter(
        "novyny",
        1,
        2,
        "Вночі дрони атакували Харківську область: троє поранених",
        "Минулої ночі російські дрони вдарили по Чугуєву на Харківщині. Троє людей поранені, повідомили в поліції.",
    ),
    Chapter(
        "vesti",
        1,
        4,
        "Россия и Украина обменялись пленными по формуле 205 на 205",
        "Сегодня состоялся обмен пленными. Кроме того, на родину вернулись 17 гражданских.",
    ),
    Chapter(
        "staff",
        2,
        6,
        "Russian drones hit Chuhuiv in Kharkiv region overnight, five injured",
        "Russian drones struck the city of Chuhuiv in Kharkiv Oblast overnight, injuring five people, police said.",
    ),
    Chapter(
        "novyny",
        1,
        2,
        "Вночі дрони атакували Харківську область: шестеро поранених, двоє загинули",
        "Минулої ночі російські дрони вдарили по Чугуєву на Харківщині. Шестеро людей поранені, двоє загинули, "
        "повідомили в поліції.",
    ),
)


def published(chapters: Sequence[Chapter]) -> dict[str, str]:
    """Return the feed of each outlet after these chapters."""
    items = {(chapter.outlet, chapter.number): chapter for chapter in chapters}
    return {outlet.id: _feed(outlet, [it for it in items.values() if it.outlet == outlet.id]) for outlet in OUTLETS}


def _feed(outlet: Outlet, items: Sequence[Chapter]) -> str:
    told = "".join(item.xml() for item in items)
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{outlet.name}</title>{told}'
        "</channel></rss>"
    )


def sources(feeds: str) -> tuple[Source, ...]:
    """Return the outlets as the daemon knows them; `feeds` is the address of the server that has their feeds."""
    return tuple(
        Source(it.id, it.name, "rss", f"{feeds}/{it.id}", it.language, it.tier, it.side, owner=it.id) for it in OUTLETS
    )
