"""Who is to hear of a draft: what the policy says over what the store knows of chats."""

from __future__ import annotations

from tests.reports import at, june, strike, swap
from tests.test_rulings import ADMIN, CAREFUL, CHANNEL, house

STAGE_ONE = swap("Берег", at(9), june(9), facts={"to_ukraine": 25})
STAGE_TWO = swap("Берег", at(10), june(10), facts={"to_ukraine": 30})
NIGHT = strike("Слобода", at(9, 6), june(9), facts={"region": "UA", "drones": 479})
REGION = strike("Вестник", at(9, 7), june(9), facts={"killed": 3})


async def under(made, number: int) -> dict[int, int]:
    """Return by chat under which message the post of an event is to go."""
    claimed = [each for each in await made.store.claim(at(12), 100) if each.event_id == number]
    return {each.chat_id: each.message_id for each in claimed if each.action == "post"}


async def test_the_second_stage_of_a_deal_goes_under_the_first():
    made = await house(STAGE_ONE)
    await made.take(STAGE_TWO)
    assert (await under(made, 2))[CHANNEL.chat_id] > 500


async def test_a_region_goes_under_the_night_of_the_country():
    made = await house(NIGHT)
    await made.take(REGION)
    assert (await under(made, 2))[CHANNEL.chat_id] > 500


async def test_what_hangs_under_nothing_stands_alone():
    made = await house(REGION)
    await made.take(STAGE_ONE)
    assert (await under(made, 2))[CHANNEL.chat_id] == 0


async def test_an_admin_is_asked_about_what_somebody_holds_back_and_no_reader_hears_of_it():
    made = await house()
    await made.take(REGION)
    told = await made.sent()
    assert ("post", 1, ADMIN) in told
    assert ("post", 1, CAREFUL.chat_id) not in told


async def test_the_notice_is_kept_true_and_not_sent_again():
    made = await house(REGION)
    await made.take(strike("Берег", at(9, 9), june(9), facts={"killed": 7}))
    told = await made.sent()
    assert ("edit", 1, ADMIN) in told
    assert ("post", 1, CAREFUL.chat_id) in told
    assert ("post", 1, ADMIN) not in told


async def test_what_is_older_than_the_horizon_mends_posts_and_makes_no_sound():
    made = await house(REGION)
    await made.take(strike("Берег", at(9, 9), june(9), facts={"killed": 7}), quiet_before=at(10))
    assert await made.sent() == [("edit", 1, CHANNEL.chat_id), ("edit", 1, ADMIN)]
    await made.take(STAGE_ONE, quiet_before=at(10))
    assert await made.sent() == []
