"""Whatever is sent or pressed: an answer that Telegram takes, and no ruling that nobody asked for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.core.render.buttons import button, read_press
from bot.core.render.markup import LIMIT, units
from tests.examples import exchange, strike
from tests.handlers.asking import ADMIN, COMMANDS, READER, press, rule
from tests.handlers.ruling import Judge

ACTS = ("post", "hold", "reject", "merge", "split", "correct", "why", "undo", "revert", "into", "take", "wrong", "")
PARTS = st.one_of(st.sampled_from((*ACTS, "desk", "say", "12", "13", "99", "0")), st.text(max_size=12))
DATA = st.one_of(st.text(max_size=64), st.lists(PARTS, max_size=5).map(":".join))
WORDS = st.lists(
    st.one_of(st.sampled_from(("12", "13", "killed", "date", "status", "0", "-1", "1e9")), st.text(max_size=20)),
    max_size=5,
)


def two_events():
    return Judge.over(exchange(), strike(), strike(id=14))


@given(data=DATA, user=st.sampled_from((ADMIN, READER)))
async def test_every_press_is_answered_within_the_limit(data, user):
    judge = two_events()
    reaction = await press(judge, data, user=user, language="uk")
    assert len(reaction.notice) <= 400
    assert reaction.notice or reaction.message
    assert user == ADMIN or judge.log == []


@given(
    name=st.sampled_from(sorted(name for name, command in COMMANDS.items() if command.role != "reader")), words=WORDS
)
async def test_every_command_of_an_admin_is_answered_and_refused_to_others(name, words):
    judge = two_events()
    assert 0 < units(await rule(judge, name, *words)) <= LIMIT
    other = two_events()
    assert "editors" in await rule(other, name, *words, user=READER)
    assert other.log == []


@given(
    number=st.integers(1, 999_999_999),
    act=st.sampled_from(ACTS[:-1]),
    argument=st.from_regex(r"[0-9A-Za-z]{0,24}", fullmatch=True),
)
def test_what_is_written_on_a_button_is_read_back(number, act, argument):
    pressed = read_press(button("x", "desk", number, act, argument).data)
    assert (pressed.prefix, pressed.event_id, pressed.act, pressed.argument) == ("desk", number, act, argument)
