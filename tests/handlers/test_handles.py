"""Who may do what: every command and button by role, and presses that are forged, foreign, late, mutated or old."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.memory import Memory
from bot.core.model import Button, Message
from bot.core.render.buttons import Pressed
from handlers import ROLES, RefusedError, answer, react
from handlers._telegram.handles import LIFE, handled, redeemed
from tests.handlers.asking import BUTTONS, COMMANDS, asking, desk
from tests.handlers.chatting import CHANNEL, GROUP, OLENA, TARAS

PEOPLE = {1: "reader", 2: "editor", 3: "admin"}
CHATS = {"private": OLENA, "group": GROUP, "channel": CHANNEL}
REFUSED = "Only the bot's editors can do that."


def asked_by(user, sort="private"):
    house = replace(desk(Memory()), roles={who: role for who, role in PEOPLE.items() if role != "reader"})
    return replace(asking(house, chat=CHATS[sort], user=user, allowed=False), sort=sort)


@pytest.mark.parametrize("sort", CHATS)
@pytest.mark.parametrize("user", PEOPLE, ids=PEOPLE.values())
@pytest.mark.parametrize("name", sorted(COMMANDS))
async def test_a_command_is_refused_to_whom_it_is_not_for_in_every_kind_of_chat(name, user, sort):
    said = (await answer(COMMANDS[name], asked_by(user, sort))).text
    below = ROLES.index(PEOPLE[user]) < ROLES.index(COMMANDS[name].role)
    assert (said == REFUSED) == below


@pytest.mark.parametrize("sort", CHATS)
@pytest.mark.parametrize("user", PEOPLE, ids=PEOPLE.values())
@pytest.mark.parametrize("prefix", sorted(BUTTONS))
async def test_a_family_of_buttons_is_refused_to_whom_it_is_not_for(prefix, user, sort):
    reaction = await react(BUTTONS, f"{prefix}:1:post", asked_by(user, sort))
    below = ROLES.index(PEOPLE[user]) < ROLES.index(BUTTONS[prefix].role)
    assert (reaction.notice == REFUSED) == below


async def test_who_does_not_run_a_group_changes_nothing_by_any_button_of_its_panel():
    asked = asked_by(1, "group")
    for act in ("begin", "main", "kind", "end", "own", "preview"):
        with pytest.raises(RefusedError):
            await BUTTONS["set"].press(asked, Pressed("set", 0, act, f"{GROUP}.0.strike=off"))
    assert await asked.desk.subscriptions.get(GROUP) is None


async def given_out(user=OLENA, chat=OLENA, message_id=50):
    """Hand out two buttons under a message, and return the ask of who gets them and what they carry."""
    numbers = iter(("alpha", "beta"))
    ask = replace(asking(desk(Memory()), chat=chat, user=user), under=message_id)
    message = Message("?", ((Button("a", "page:1:next"), Button("b", "set:0:main:100.0.")),))
    dressed, handles = handled(message, ask, lambda: next(numbers), message_id)
    await ask.desk.handles.issue(handles, ask.now)
    return ask, [button.data for button in dressed.buttons[0]]


async def test_a_button_carries_nothing_of_what_it_means():
    ask, carried = await given_out()
    assert carried == ["alpha", "beta"]
    assert [await redeemed(ask, each) for each in carried] == ["page:1:next", "set:0:main:100.0."]


@given(
    token=st.one_of(
        st.sampled_from(["alpha", "beta", "ALPHA", "alpha ", "", "page:1:next", "set:0:main:100.0."]),
        st.text(max_size=64),
    ),
    user=st.sampled_from([OLENA, TARAS, 0]),
    chat=st.sampled_from([OLENA, TARAS, GROUP]),
    under=st.sampled_from([50, 51, 0]),
    hours=st.sampled_from([0, 1, 47, 48, 100]),
)
async def test_a_press_counts_only_as_it_was_handed_out(token, user, chat, under, hours):
    ask, carried = await given_out()
    pressed = replace(ask, user_id=user, chat_id=chat, under=under, now=ask.now + timedelta(hours=hours))
    rightly = (token in carried, user, chat, under) == (True, OLENA, OLENA, 50) and timedelta(hours=hours) < LIFE
    if rightly:
        assert await redeemed(pressed, token)
    else:
        with pytest.raises(RefusedError):
            await redeemed(pressed, token)


async def test_where_nobody_asked_in_person_anybody_may_press():
    ask, carried = await given_out(user=0, chat=GROUP)
    for user in (OLENA, TARAS):
        assert await redeemed(replace(ask, user_id=user), carried[0]) == "page:1:next"


async def test_a_button_whose_message_was_not_known_yet_is_held_to_the_first_one_it_is_pressed_under():
    ask, carried = await given_out(message_id=0)
    assert await redeemed(replace(ask, under=60), carried[0]) == "page:1:next"
    with pytest.raises(RefusedError):
        await redeemed(replace(ask, under=61), carried[0])


async def test_nobody_fills_the_table():
    ask = asking(desk(Memory()), chat=OLENA, user=OLENA)
    page = Message("?", (tuple(Button("x", f"page:{number}:next") for number in range(100)),))
    first: list[str] = []
    for turn in range(8):
        _, handles = handled(page, ask, iter(f"t{turn}-{number}" for number in range(100)).__next__, 50)
        first = first or [each.token for each in handles]
        await ask.desk.handles.issue(handles, ask.now + timedelta(seconds=turn))
    assert [await ask.desk.handles.handle(token) for token in first] == [None] * 100
