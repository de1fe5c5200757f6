"""Whatever is in an event, its post and its replies are messages that Telegram takes whole."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
import tdjson
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model import Claim, Decision, Event, FactChange, Message, Origin, Placed, Report, Speaker
from bot.core.render.answer import one_event
from bot.core.render.buttons import keyboard
from bot.core.render.markup import CAPTION, ENTITIES, LIMIT, units
from bot.core.render.notice import render_notice
from bot.core.render.post import render_post, render_reply
from bot.core.render.story import origins, timeline
from tests.examples import BOOKS

LONG = "".join(chr(0x1F600 + index % 60) for index in range(400))
NASTY = st.sampled_from(
    [
        "<b>",
        "</blockquote>",
        "&amp;",
        "@everyone",
        "#tag",
        "/start",
        "https://x.example",
        "\u202e",
        "😀" * 90,
        LONG,
        "{time}",
        "",
    ]
)
WORDS = st.text(max_size=40) | NASTY
MOMENTS = st.datetimes(datetime(1960, 1, 1), datetime(2100, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
COUNTS = st.integers(0, 10**9)
SETS = st.lists(WORDS, max_size=40).map(tuple)
SIDES = st.sampled_from(["UA", "RU", "independent", "international"])
SLOTS = {
    "strike": ("killed", "injured", "drones", "missiles", "drones_downed", "missiles_downed"),
    "swap": ("to_ukraine", "to_russia", "to_ukraine_civilians", "to_russia_civilians", "ordinal"),
}
FACTS = {
    "strike": {
        "attacker": st.sampled_from(["RU", "UA"]),
        "region": WORDS | st.sampled_from(["UA", "UA-63"]),
        "places": SETS,
        "targets": SETS,
    },
    "swap": {"subtype": st.sampled_from(["prisoners", "bodies"]), "categories": SETS, "mediators": SETS},
}
ORIGINS = st.builds(
    Origin,
    item_id=WORDS,
    source_id=WORDS,
    name=WORDS,
    tier=st.sampled_from(["official", "register", "agency", "outlet", "aggregator"]),
    side=SIDES,
    owner=WORDS,
    language=st.just("uk"),
    url=WORDS | st.just("https://a.example/" + "x" * 2000) | WORDS.map(lambda word: f"https://a.example/{word}"),
    published=MOMENTS,
)
SPEAKERS = st.none() | st.builds(Speaker, office=WORDS | st.sampled_from(["police", "air_force"]), side=SIDES)


@st.composite
def changes(draw: st.DrawFn, kind: str) -> FactChange:
    slot = draw(st.sampled_from([*SLOTS[kind], "confirmed", "disputed", "status", "verdict", "merged_into"]))
    value = st.sampled_from(["announced", "carried_out", "postponed"]) if slot == "status" else COUNTS
    if slot == "verdict":
        value = st.sampled_from(["", "post", "hold", "reject"])
    return FactChange(slot, draw(value), draw(value), draw(MOMENTS), draw(WORDS), draw(st.booleans()))


@st.composite
def events(draw: st.DrawFn) -> Event:
    kind = draw(st.sampled_from(["strike", "swap"]))
    counts = draw(st.dictionaries(st.sampled_from(SLOTS[kind]), COUNTS))
    facts = {**counts, **draw(st.fixed_dictionaries({}, optional=FACTS[kind]))}
    origins = draw(st.lists(ORIGINS, min_size=1, max_size=30))
    claims = {
        slot: tuple(Claim(slot, draw(st.just(value) | COUNTS), origin, draw(SPEAKERS)) for origin in origins[:6])
        for slot, value in counts.items()
    }
    return Event(
        id=draw(st.integers(1, 10**9)),
        kind=kind,
        date=draw(st.none() | st.dates(date(1990, 1, 1), date(2100, 1, 1))),
        status=draw(st.sampled_from(["announced", "carried_out", "postponed"])),
        disputed=draw(st.booleans()),
        confirmed=draw(st.booleans()),
        facts=facts,
        claims=claims,
        reports=tuple(Report(kind=kind, origin=origin) for origin in origins),
        opened=draw(MOMENTS),
        updated=draw(MOMENTS),
        history=tuple(draw(st.lists(changes(kind), max_size=5))),
        verdict=draw(st.sampled_from(["", "post", "hold", "reject"])),
        ranges={slot: (1, value + 1) for slot, value in counts.items() if draw(st.booleans())},
        merged_into=draw(st.sampled_from([0, 0, 0, 7])),
    )


LANGUAGES = st.sampled_from(sorted(BOOKS))


def ask(request: dict[str, object]) -> dict[str, object]:
    answer: dict[str, object] = json.loads(tdjson.td_execute(json.dumps(request).encode()) or b"{}")
    return answer


def taken(message: Message) -> tuple[str, int]:
    """Return what Telegram shows of a message, and how many pieces of it are formatted, what it finds itself included."""
    markup = {"@type": "parseTextEntities", "text": message.text, "parse_mode": {"@type": "textParseModeHTML"}}
    parsed = ask(markup)
    assert parsed["@type"] == "formattedText", parsed
    found = ask({"@type": "getTextEntities", "text": parsed["text"]})
    return str(parsed["text"]), len(parsed["entities"]) + len(found["entities"])


@pytest.fixture(autouse=True, scope="module")
def quiet() -> None:
    tdjson.td_execute(b'{"@type": "setLogVerbosityLevel", "new_verbosity_level": 0}')


def test_the_oracle_counts_what_telegram_formats_by_itself():
    assert taken(Message("<b>x</b> #tag /help https://x.example"))[1] == 4


@given(events(), LANGUAGES, st.sampled_from([LIMIT, CAPTION]))
def test_a_post_is_taken_whole_as_a_message_or_as_a_caption(event, language, limit):
    message = render_post(event, BOOKS[language], limit)
    shown, formatted = taken(message)
    assert 0 < units(shown) <= limit
    assert formatted <= ENTITIES
    assert str(event.id) in shown


@given(events(), LANGUAGES, st.data())
def test_a_reply_is_taken_whole(event, language, data):
    told = data.draw(st.lists(changes(event.kind), max_size=60))
    shown, formatted = taken(render_reply(event, told, BOOKS[language]))
    assert 0 < units(shown) <= LIMIT
    assert formatted <= ENTITIES


@given(events(), LANGUAGES, st.lists(WORDS, max_size=9), COUNTS)
def test_a_notice_is_taken_whole(event, language, doubts, count):
    shown, formatted = taken(render_notice(event, BOOKS[language], doubts, {"wrong": count, "duplicate": count}))
    assert 0 < units(shown) <= LIMIT
    assert formatted <= ENTITIES


@given(events(), LANGUAGES, st.integers(1, 5))
def test_what_is_told_beside_a_post_is_taken_whole(event, language, page):
    placed = tuple(Placed(report, Decision(None, 0.0)) for report in event.reports)
    for message in (origins(event, BOOKS[language], page), timeline(event, placed, (), BOOKS[language], page)):
        shown, formatted = taken(message)
        assert 0 < units(shown) <= LIMIT
        assert formatted <= ENTITIES


@given(events(), LANGUAGES, st.booleans())
def test_the_buttons_under_a_post_are_such_as_telegram_takes(event, language, inline):
    rows = keyboard(render_post(event, BOOKS[language]), "vistka_bot", inline=inline)["inline_keyboard"]
    for button in (button for row in rows for button in row):
        assert 0 < len(button["text"]) <= 40
        assert len(button) == 2
        assert len(button.get("callback_data", "").encode()) <= 64


@given(
    events(), st.lists(st.tuples(st.sampled_from(["night", "stage", "in_night", "next_stage"]), events())), LANGUAGES
)
def test_an_event_with_all_that_is_known_of_it_is_taken_whole(event, kin, language):
    shown, formatted = taken(one_event(event, BOOKS[language], kin=kin, asked=event.id + 1))
    assert 0 < units(shown) <= LIMIT
    assert formatted <= ENTITIES
