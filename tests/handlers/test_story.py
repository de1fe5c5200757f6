"""The buttons under a post that tell more of it, and the commands they stand for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.render.buttons import STORIES
from handlers import Reaction, react
from tests.examples import exchange, strike
from tests.handlers.asking import BUTTONS, COMMANDS, READER, ask, asking, desk, store_with

GROUP = -1001000000500


async def pressed(data: str, *, chat: int = READER, username: str = "vistka_bot") -> Reaction:
    house = replace(desk(await store_with(exchange(), strike())), username=username)
    return await react(BUTTONS, data, asking(house, (), "uk", chat))


@pytest.mark.parametrize("act", STORIES)
async def test_in_a_private_chat_they_answer_beside_the_post(act):
    reaction = await pressed(f"show:1:{act}")
    assert reaction.message is not None
    assert "1" in reaction.message.text
    assert (reaction.url, reaction.instead, reaction.notice) == ("", None, "")


@pytest.mark.parametrize("act", STORIES)
async def test_in_a_group_they_open_the_private_chat_of_who_pressed(act):
    reaction = await pressed(f"show:1:{act}", chat=GROUP)
    assert reaction == Reaction("", url=f"https://t.me/vistka_bot?start={act}_1")


async def test_a_bot_that_does_not_know_its_name_says_what_to_send():
    reaction = await pressed("show:1:origins", chat=GROUP, username="")
    assert "/origins_1" in reaction.notice


async def test_a_page_is_turned_in_its_own_message():
    reaction = await pressed("show:1:timeline:2")
    assert reaction.instead is not None
    assert reaction.message is None


@pytest.mark.parametrize("data", ["show:1:dance", "show:1:origins:x", "show:99:origins", "show:1:timeline:٣x"])
async def test_a_button_that_is_stale_or_forged_is_answered_kindly(data):
    reaction = await pressed(data)
    assert reaction.alert
    assert 5 < len(reaction.notice) <= 200


@pytest.mark.parametrize(("name", "said"), [("origins", "Северный"), ("timeline", "1 207")])
async def test_the_commands_tell_it_as_well(name, said):
    told = await ask(COMMANDS[name], await store_with(exchange()), "1", language="uk")
    assert said.replace(" ", "\u00a0") in told or said in told
    assert "12" in await ask(COMMANDS[name], await store_with(exchange()), language="uk")
