"""The panel: what each page shows, what its buttons mean, and what may be written in their place."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import bot.core.kinds
from bot.adapters.names import load_region_names
from bot.adapters.phrases import load_phrasebooks
from bot.core.model import Quiet, Subscription, Timetable
from bot.core.render.buttons import read_press
from bot.core.render.markup import LIMIT, units, unmarked
from bot.core.render.panel import (
    AFTER,
    CHOICES,
    PAGES,
    Known,
    Panel,
    Place,
    UnfitError,
    Week,
    Zones,
    after,
    asking,
    begin,
    choose,
    list_channels,
    pick_channel,
    preview,
    read_said,
    read_typed,
    said,
    show,
    summary,
)
from bot.core.text.arguments import NotUnderstoodError
from bot.plugins import discover
from tests.golden_files import assert_golden

BOOKS = load_phrasebooks(load_region_names(), {})
KINDS = {kind.name: kind for kind in discover(bot.core.kinds, "KIND")}
KNOWN = Known(KINDS.keys(), BOOKS["en"].regions.keys(), BOOKS.keys())
ZONES = Zones(BOOKS)
FRESH = Subscription(chat_id=7)
CHOOSY = Subscription(
    chat_id=-1001000000900,
    thread_id=7,
    language="uk",
    regions=("RU-BEL", "UA-32", "UA-63"),
    least={"strike": 5, "swap": 1},
    sides=("UA", "international"),
    unconfirmed="hold",
    updates="silent",
    zone="Europe/Berlin",
    digest=Timetable(8 * 60 + 30, (0, 1, 2, 3, 4)),
    quiet=Quiet(22 * 60, 7 * 60),
    title="Вільна <рада>",
)
EVERY_PAGE = [*((page, "") for page in PAGES), ("regions", "UA=1"), ("regions", "RU=99"), ("zones", "Europe/Lisbon")]


def panel(subscription, language="en", **more):
    now = datetime(2025, 6, 15, 12, tzinfo=UTC)
    return Panel(subscription=subscription, book=BOOKS[language], books=BOOKS, kinds=KINDS, now=now, **more)


def drawn(message):
    rows = ("  ".join(f"[{button.label}]" for button in row) for row in message.buttons)
    return "\n".join([message.text, *rows, *([f"({message.pick})"] if message.pick else [])])


def all_pages(subscription, language, **more):
    one = panel(subscription, language, **more)
    week = Week({"strike": 21, "swap": 2}, 9, ("<b>newest</b>", "older"))
    yield from (show(one, page, value) for page, value in EVERY_PAGE)
    yield from (asking(one, what, grouped=True) for what in ("least=strike", "time", "hush", "clock"))
    yield from (begin(one), preview(one, week), preview(one, Week({}, 0, ())))
    yield list_channels(BOOKS[language], Place(7), [(subscription, True), (FRESH, False)])
    yield list_channels(BOOKS[language], Place(7), [])
    yield pick_channel(BOOKS[language])


@pytest.mark.parametrize("language", ["en", "uk", "ru"])
def test_every_page_reads_well(language):
    fresh = drawn(show(panel(FRESH, language, channels=True)))
    pages = [drawn(each) for each in all_pages(CHOOSY, language, title=CHOOSY.title)]
    assert_golden(f"{language}/panel.txt", "\n\n".join([fresh, *pages]))


@pytest.mark.parametrize("language", ["en", "uk", "ru"])
def test_every_page_fits_into_what_telegram_takes(language):
    for message in all_pages(CHOOSY, language):
        assert 0 < units(unmarked(message.text)) <= LIMIT
        assert sum(map(len, message.buttons)) <= 100
        assert all(len(row) <= 8 for row in message.buttons)


def buttons_of(message):
    return [button for row in message.buttons for button in row]


def test_every_button_is_read_back_and_leads_on():
    for message in all_pages(CHOOSY, "uk"):
        for button in buttons_of(message):
            what = read_said(read_press(button.data))
            assert what.place in {Place.of(CHOOSY), Place(7)}
            assert what.act in {*PAGES, *CHOICES, "own", "preview", "begin", "end", "channels", "add"}


def chosen_or_none(subscription, act, value):
    """Return what a choice makes of a subscription, None where it is refused, in words of every language."""
    try:
        return choose(subscription, act, value, KNOWN)
    except UnfitError as refused:
        reason = str(refused)
    assert all(book.say(reason) for book in BOOKS.values())
    return None


@given(presses=st.lists(st.integers(0, 999), max_size=30), fresh=st.booleans())
@example(presses=[700, 260, 321], fresh=False)
def test_whatever_is_pressed_in_whatever_order_is_a_subscription_that_can_be_shown(presses, fresh):
    subscription, page, value = FRESH if fresh else CHOOSY, "main", ""
    for number in presses:
        shown = buttons_of(show(panel(subscription), page, value))
        what = read_said(read_press(shown[number % len(shown)].data))
        if what.act in PAGES:
            page, value = what.act, what.value
        elif what.act in CHOICES:
            chosen = chosen_or_none(subscription, what.act, what.value)
            if chosen is None:
                continue
            assert choose(chosen, what.act, what.value, KNOWN) == chosen
            assert after(panel(chosen), what.act, what.value).text
            subscription, page, value = chosen, AFTER[what.act], ""
    assert subscription.kinds
    assert set(summary(panel(subscription))) >= set(AFTER.values()) - {"main"}


@given(act=st.sampled_from(sorted(CHOICES)), value=st.text(max_size=20))
def test_a_value_that_no_button_has_changes_nothing(act, value):
    try:
        chosen = choose(CHOOSY, act, value, KNOWN)
    except UnfitError:
        return
    assert choose(chosen, act, value, KNOWN) == chosen
    assert show(panel(chosen)).text


@given(data=st.text(max_size=80))
def test_what_no_panel_carries_is_not_read(data):
    pressed = read_press(f"set:0:kind:{data}")
    what = read_said(pressed) if pressed else None
    assert what is None or said("x", what.place, what.act, what.value).data.startswith("set:0:kind:")


def test_a_country_takes_the_place_of_its_regions_and_a_region_that_of_its_country():
    country = choose(CHOOSY, "region", "UA=on", KNOWN)
    assert country.regions == ("RU-BEL", "UA")
    assert choose(country, "region", "UA-63=on", KNOWN).regions == ("RU-BEL", "UA-63")


def test_all_sides_are_the_same_as_anybody():
    three = Subscription(chat_id=7, sides=("UA", "RU", "independent"))
    assert choose(three, "side", "international=on", KNOWN).sides == ()


def test_after_a_region_its_own_page_stands():
    chosen = choose(FRESH, "region", "UA-77=on", KNOWN)
    labels = [button.label for button in buttons_of(after(panel(chosen, "uk"), "region", "UA-77=on"))]
    assert "✅ Чернівецька область" in labels


def test_ukrainian_names_stand_in_the_order_of_the_ukrainian_alphabet():
    names = [
        button.label
        for number in range(3)
        for button in buttons_of(show(panel(FRESH, "uk"), "regions", f"UA={number}"))
        if "область" in button.label
    ]
    assert (
        names.index("Запорізька область") < names.index("Івано-Франківська область") < names.index("Київська область")
    )


@pytest.mark.parametrize(
    ("what", "text", "value"),
    [
        ("least=strike", "17", ("least", "strike=17")),
        ("least=swap", "1 000", ("least", "swap=1000")),
        ("time", "9", ("time", "540")),
        ("time", "21:30", ("time", "1290")),
        ("time", "7.05", ("time", "425")),
        ("time", "9 pm", ("time", "1260")),
        ("time", "12am", ("time", "0")),
        ("time", "24:00", ("time", "0")),
        ("hush", "22-7", ("hush", "1320-420")),
        ("hush", "22:30–6:45", ("hush", "1350-405")),
        ("hush", "з 22 до 7", ("hush", "1320-420")),
        ("hush", "с 23 до 8", ("hush", "1380-480")),
        ("hush", "from 11 pm to 7 am", ("hush", "1380-420")),
        ("clock", "Львів", ("clock", "Europe/Kyiv")),
        ("clock", " киев ", ("clock", "Europe/Kyiv")),
        ("clock", "New York", ("clock", "America/New_York")),
        ("clock", "europe/lisbon", ("clock", "Europe/Lisbon")),
        ("clock", "Праг", ("clock", "Europe/Prague")),
        ("clock", "Тбілісі", ("clock", "Asia/Tbilisi")),
    ],
)
def test_own_values_are_read_as_people_write_them(what, text, value):
    assert read_typed(what, text, ZONES) == value


@pytest.mark.parametrize(
    ("what", "text", "phrase"),
    [
        ("least=strike", "many", "panel.bad_number"),
        ("least=strike", "100001", "panel.bad_number"),
        ("least=strike", "-1", "panel.bad_number"),
        ("time", "25", "panel.bad_time"),
        ("time", "9:60", "panel.bad_time"),
        ("time", "13 pm", "panel.bad_time"),
        ("time", "увечері", "panel.bad_time"),
        ("hush", "22", "panel.bad_hours"),
        ("hush", "22-25", "panel.bad_hours"),
        ("clock", "Нарнія", "panel.bad_zone"),
        ("clock", "", "panel.bad_zone"),
        ("clock", "../../etc/passwd", "panel.bad_zone"),
    ],
)
def test_what_is_no_value_is_refused_with_an_example(what, text, phrase):
    with pytest.raises(NotUnderstoodError) as refusal:
        read_typed(what, text, ZONES)
    assert refusal.value.phrase == phrase
    assert BOOKS["uk"].say(phrase, text=text)


@given(what=st.sampled_from(["least=strike", "time", "hush", "clock"]), text=st.text(max_size=60))
def test_whatever_is_written_is_a_choice_or_not_understood(what, text):
    try:
        act, value = read_typed(what, text, ZONES)
    except NotUnderstoodError:
        return
    assert chosen_or_none(FRESH, act, value) or what == "hush"


def test_a_misspelt_city_has_neighbours():
    assert ZONES.near("Лисабон")[0] == "Europe/Lisbon"
    assert ZONES.near("x") == ()


def test_the_clock_of_a_zone_is_shown_as_it_is_on_that_day():
    winter = datetime(2025, 1, 15, 12, tzinfo=UTC)
    one = Panel(subscription=FRESH, book=BOOKS["uk"], books=BOOKS, kinds=KINDS, now=winter)
    assert summary(one)["zones"] == "🕰 Час: Київ, зараз 14:00 (UTC+2)"
    assert "15:00 (UTC+3)" in summary(panel(FRESH, "uk"))["zones"]
