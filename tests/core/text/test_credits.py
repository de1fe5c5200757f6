"""Whose voice an item is that was passed on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.cli._reading import load_reader
from bot.core.model import Item, Origin, Source
from bot.core.text.credits import Author, Credits
from bot.core.trust import depend, vouches

SOURCES = (
    Source("tg-harbour", "Порт Гавань", "telegram_web", "https://t.me/s/Harbour_UA", "uk", owner="harbour"),
    Source("shore", "Берег", "rss", "https://bereg.example/rss", "uk"),
    Source("beach", "Пляж", "rss", "https://beach.example/rss", "uk", owner="harbour"),
)
CREDITS = Credits(names={"reuters": "reuters", "укрінформ": "ua_state"}).knowing(SOURCES)
TOWN = Source("town", "Слобода", "rss", "https://town.example/rss", "uk")


def item(via: str, source: Source = TOWN) -> Item:
    return Item("1", source, "uk", "", datetime(2025, 6, 10, tzinfo=UTC), "x", via=via)


@pytest.mark.parametrize(
    ("via", "voice"),
    [
        ("", ()),
        ("Reuters", ("reuters",)),
        ("Укрінформ (@ukrinform_news)", ("ua_state",)),
        ("Перейменований порт (@harbour_ua)", ("harbour",)),
        ("БЕРЕГ", ("Берег",)),
        ("Пляж", ("harbour",)),
        ("Хтось (@Somebody)", ("@somebody",)),
        ("Хтось", ("хтось",)),
        ("(@x)", ("(@x)",)),
        ("a\nb", ()),
    ],
)
def test_a_passed_on_item_is_the_voice_of_whom_it_is_from(via: str, voice: tuple[str, ...]):
    assert CREDITS.of(item(via), "uk", "") == voice


def test_who_passes_on_from_an_own_channel_has_no_other_voice():
    assert CREDITS.of(item("Порт Гавань (@Harbour_UA)", SOURCES[2]), "uk", "") == ()
    assert CREDITS.of(item("Берег", SOURCES[1]), "uk", "") == ()


def test_the_author_of_an_item_is_known_by_handle_and_name_and_is_not_its_own_source():
    office = Source("office", "Штаб", "telegram_web", "https://t.me/s/hq", "uk", tier="official", side="UA")
    known = CREDITS.knowing([*SOURCES, office])
    assert known.author(item("x (@HQ)")) == Author("Штаб", "official", "UA")
    assert known.author(item("Укрінформ")) == Author("ua_state", "agency")
    assert known.author(item("Хтось (@somebody)")) == Author("@somebody", is_known=False)
    assert known.author(item("")) is None
    assert known.author(item("Штаб (@HQ)", office)) is None
    assert CREDITS.author(item("Слобода (@old_name)")) is None


def test_an_officials_forward_is_not_its_own_word():
    office = Source("office", "Штаб", "telegram_web", "https://t.me/s/hq", "uk", tier="official", side="UA")
    told = replace(item("Хтось (@somebody)", office), language="en", title="Ukraine and Russia exchanged 90 prisoners.")
    for via, tier in (("", "official"), ("Штаб", "official"), ("Хтось (@somebody)", "outlet")):
        (report,) = load_reader().read(replace(told, via=via))
        assert (report.origin.tier, vouches(report)) == (tier, tier == "official")


def test_an_aggregator_is_believed_only_where_it_passes_on_somebody_known():
    portal = Source("portal", "Portal", "rss", "https://portal.example/rss", "uk", tier="aggregator")
    assert CREDITS.of(item("Хтось (@somebody)", portal), "uk", "") == ()
    assert CREDITS.of(item("Берег", portal), "uk", "") == ("Берег",)


def test_a_post_and_those_who_passed_it_on_are_one_voice():
    def said(via: str, source: Source) -> Origin:
        return replace(Origin.of(item(via, source)), credits=CREDITS.of(item(via, source), "uk", ""))

    own, passed, again = said("", SOURCES[0]), said("x (@harbour_ua)", TOWN), said("Пляж", SOURCES[1])
    assert depend(own, passed)
    assert depend(passed, again)
    assert not depend(own, said("", TOWN))


def test_a_report_keeps_whom_its_item_is_from():
    told = Item(
        "1",
        TOWN,
        "en",
        "",
        datetime(2026, 3, 10, tzinfo=UTC),
        "Ukraine and Russia exchanged 90 prisoners each on Tuesday.",
        via="Somebody (@somebody)",
    )
    assert {report.origin.credits for report in load_reader().read(told)} == {("@somebody",)}
