"""One post an event, seen from its chat: what rings, when, and what it tells. Everything runs as in the daemon, but the clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.adapters.store import open_store
from bot.core.policy import MOST_EDITS, RING_FLOOR
from tests.newsroom import ADMINS, CAREFUL, OPEN, Newsroom, a_source
from tests.reports import at

GOVERNOR = a_source("Голова області", tier="official", side="UA")
OPEN_CHAT = OPEN.chat_id


@pytest.fixture(params=["memory", "sqlite"])
async def newsroom(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Newsroom]:
    if request.param == "memory":
        yield await Newsroom().open()
        return
    store = await open_store(f"sqlite:///{tmp_path / 'vistka.db'}")
    yield await Newsroom(store).open()
    await store.close()


def toll(killed: int, **more: object) -> dict[str, object]:
    return {"day": at(9).date(), "facts": {"region": "UA-59", "killed": killed, **more}}


def heard(newsroom: Newsroom, chat: int = OPEN_CHAT) -> list[str]:
    """Return what stands in a chat, oldest first."""
    return [text for (place, _), text in sorted(newsroom.chats.texts.items()) if place == chat]


async def test_a_burst_of_tolls_rings_once_more_and_tells_the_whole_way(newsroom):
    for minute, killed in enumerate((1, 4, 9, 15, 22)):
        await newsroom.tell(GOVERNOR, minute, **toll(killed))
        await newsroom.deliver()
    assert len(heard(newsroom)) == 1
    assert "22" in heard(newsroom)[0]
    await newsroom.spread()
    assert len(heard(newsroom)) == 2
    assert "1 → 22" in heard(newsroom)[1]
    assert newsroom.store.delivered[OPEN_CHAT, "edit"] == 4


async def test_the_ring_waits_for_as_long_as_it_should(newsroom):
    await newsroom.tell(GOVERNOR, 0, **toll(1))
    await newsroom.deliver()
    posted = newsroom.clock.time
    await newsroom.tell(GOVERNOR, 1, **toll(9))
    while len(heard(newsroom)) < 2:
        newsroom.clock.time += RING_FLOOR / 20
        await newsroom.deliver()
    assert newsroom.clock.time - posted == RING_FLOOR


async def test_what_was_changed_back_meanwhile_does_not_ring(newsroom):
    await newsroom.tell(GOVERNOR, 0, **toll(9))
    await newsroom.deliver()
    for minute, killed in ((1, 30), (2, 9)):
        await newsroom.tell(GOVERNOR, minute, **toll(killed))
        await newsroom.deliver()
    told = await newsroom.spread()
    assert (told[OPEN_CHAT, "edit"], told[OPEN_CHAT, "reply"]) == (2, 0)
    assert "9" in heard(newsroom)[0].splitlines()[0]


async def test_a_post_that_is_late_tells_all_and_needs_no_reply(newsroom):
    for minute, killed in enumerate((1, 4, 9)):
        await newsroom.tell(GOVERNOR, minute, **toll(killed))
    told = await newsroom.spread()
    assert (told[OPEN_CHAT, "post"], told[OPEN_CHAT, "reply"]) == (1, 0)


async def test_repetition_edits_a_post_so_often_and_no_more(newsroom):
    await newsroom.tell(GOVERNOR, 0, **toll(1))
    for number in range(MOST_EDITS + 5):
        await newsroom.tell(f"Outlet{number}", number, **toll(1))
        await newsroom.deliver()
    assert newsroom.store.delivered[OPEN_CHAT, "edit"] == MOST_EDITS
    await newsroom.tell(GOVERNOR, 90, **toll(9))
    await newsroom.spread()
    assert newsroom.store.delivered[OPEN_CHAT, "edit"] == MOST_EDITS + 1
    assert "9" in heard(newsroom)[0]


async def test_a_toll_that_creeps_rings_too_and_its_post_is_never_frozen(newsroom):
    await newsroom.tell(GOVERNOR, 0, **toll(10))
    await newsroom.deliver()
    for step in range(1, 40):
        await newsroom.tell(GOVERNOR, 15 * step, **toll(10 + step))
        await newsroom.spread(hours=0)
    assert "49" in heard(newsroom)[0]
    replies = [text for text in heard(newsroom)[1:] if "→" in text]
    assert [text.splitlines()[1] for text in replies[:2]] == ["погибли: 10 → 13", "погибли: 13 → 16"]
    assert len(replies) == 7


async def test_a_night_of_strikes_rings_an_admin_now_and_then(newsroom):
    for number in range(15):
        region = (
            f"UA-{('05', '07', '12', '14', '18', '23', '26', '32', '35', '46', '48', '51', '53', '56', '59')[number]}"
        )
        await newsroom.tell("Слобода", 0, day=at(9).date(), facts={"region": region, "killed": 1})
        await newsroom.deliver()
        newsroom.clock.time += timedelta(minutes=3)
    notices = [number for chat, number in newsroom.chats.texts if chat == ADMINS[0]]
    assert len([number for number in notices if number not in newsroom.chats.silent]) <= 5


async def test_what_is_ruled_out_is_withdrawn_everywhere_at_once(newsroom):
    await newsroom.tell(GOVERNOR, 0, **toll(1))
    await newsroom.deliver()
    await newsroom.rulings.rule("reject", 1, 71)
    await newsroom.deliver()
    told = newsroom.store.delivered
    assert [told[chat, "reply"] for chat in (CAREFUL.chat_id, OPEN_CHAT)] == [1, 1]
    await newsroom.tell(GOVERNOR, 20, **toll(30))
    assert Counter(await newsroom.spread()) == told


async def test_what_an_admin_posts_reaches_those_who_hold_back(newsroom):
    await newsroom.tell("Слобода", 0, **toll(1))
    assert await newsroom.posts() == (0, 1)
    await newsroom.rulings.rule("post", 1, 71)
    assert await newsroom.posts() == (1, 1)
    assert await newsroom.notices() == (1, 1)


async def test_a_region_goes_under_its_night(newsroom):
    night = {"day": at(9).date(), "facts": {"region": "UA", "drones": 80}}
    await newsroom.tell(GOVERNOR, 0, **night)
    await newsroom.deliver()
    await newsroom.tell(GOVERNOR, 5, **toll(3))
    await newsroom.spread()
    first, second = (number for chat, number in sorted(newsroom.chats.texts) if chat == OPEN_CHAT)
    assert newsroom.chats.under[second] == first


async def test_two_events_that_turn_out_to_be_one_leave_no_chat_without_it(newsroom):
    """A chat that had only the event that was merged away gets the one that stays under it, without a sound."""
    await newsroom.store.save(replace(OPEN, chat_id=-3, regions=("UA-63",)))
    await newsroom.tell("Слобода", 0, **toll(1))
    await newsroom.tell("Берег", 1, day=at(9).date(), facts={"region": "UA-63", "killed": 5})
    await newsroom.deliver()
    assert (len(heard(newsroom)), len(heard(newsroom, -3))) == (2, 1)
    await newsroom.rulings.rule("merge", 2, 71, other=1)
    told = await newsroom.spread()
    assert (told[OPEN_CHAT, "post"], told[-3, "post"], told[-3, "reply"]) == (2, 2, 0)
    pointer, heir = (number for chat, number in sorted(newsroom.chats.texts) if chat == -3)
    assert newsroom.chats.under[heir] == pointer
    assert newsroom.chats.silent & {number for chat, number in newsroom.chats.texts if chat < 0} == {heir}


async def test_an_undo_leaves_the_posts_as_they_were(newsroom):
    await newsroom.tell(GOVERNOR, 0, **toll(3))
    await newsroom.spread()
    before = heard(newsroom)
    await newsroom.rulings.rule("reject", 1, 71)
    await newsroom.spread()
    assert heard(newsroom)[0] != before[0]
    await newsroom.rulings.undo(71)
    told = await newsroom.spread()
    assert heard(newsroom)[0] == before[0]
    assert told[OPEN_CHAT, "reply"] == 2


async def test_a_region_that_an_admin_corrects_is_shown_and_taken_back_without_a_trace(newsroom):
    await newsroom.tell(GOVERNOR, 0, **toll(3))
    await newsroom.spread()
    before = heard(newsroom)
    await newsroom.rulings.rule("correct", 1, 71, slot="region", value="UA-63")
    await newsroom.spread()
    assert "Харьковская" in heard(newsroom)[0].splitlines()[0]
    await newsroom.tell("Вестник", 200, **toll(3))
    await newsroom.spread()
    assert "Харьковская" in heard(newsroom)[0].splitlines()[0]
    await newsroom.rulings.undo(71)
    await newsroom.spread()
    assert heard(newsroom)[0].splitlines()[0] == before[0].splitlines()[0]
    assert [event.id for event in await newsroom.events()] == [1]
