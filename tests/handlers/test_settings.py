"""A chat's panel: every press is kept at once, by those alone who may, also after a restart."""

from __future__ import annotations

import pytest

from bot.adapters.memory import Memory
from bot.adapters.store import open_store
from bot.core.model import Quiet, Subscription, Timetable
from tests.botapi import bot_api
from tests.examples import strike
from tests.handlers.asking import store_with
from tests.handlers.chatting import CHANNEL, FORUM, GROUP, OLENA, TARAS, Clock, carried, chatting, people


@pytest.fixture
async def api():
    async with bot_api() as server:
        people(server)
        yield server


@pytest.fixture(params=["memory", "sqlite"])
async def store(request, tmp_path):
    if request.param == "memory":
        yield Memory()
        return
    opened = await open_store(f"sqlite:///{tmp_path / 'panel.sqlite3'}")
    yield opened
    await opened.close()


@pytest.fixture
async def bot(api, store):
    async with chatting(api, store) as running:
        yield running


async def test_subscribing_shows_the_panel_whose_presses_are_kept_at_once(bot, store):
    (panel,) = await bot.say(OLENA, "/subscribe")
    assert "✅ Підписано" in panel.text
    assert await bot.press(panel, "📰") == ""
    assert await bot.press(panel, "Обміни") == "Збережено."
    assert (await store.get(OLENA)).kinds == ("strike",)
    await bot.press(panel, "‹ Назад")
    await bot.press(panel, "Лише підтверджене")
    assert (await store.get(OLENA)).unconfirmed == "hold"
    assert len(bot.api.sent(OLENA)) == 1
    assert "лише підтверджене" in panel.text


async def test_everything_can_be_chosen_by_presses(bot, store):
    (panel,) = await bot.say(OLENA, "/subscribe")
    for labels in (
        ("📍", "Області України", "Харківська", "‹ Назад"),
        ("🔢", "від 5 загиблих", "‹ Назад"),
        ("🗣", "українські джерела", "міжнародні джерела", "‹ Назад"),
        ("🕘", "18:00", "нд", "‹ Назад"),
        ("🌙", "22:00–07:00", "‹ Назад"),
        ("🔔", "відповідь без звуку", "‹ Назад"),
        ("🌐", "English", "‹ Назад"),
        ("🕰", "Варшава"),
    ):
        for label in labels:
            await bot.press(panel, label)
    assert await store.get(OLENA) == Subscription(
        chat_id=OLENA,
        language="en",
        kinds=("strike", "swap"),
        regions=("UA-63",),
        least={"strike": 5},
        sides=("UA", "international"),
        updates="silent",
        zone="Europe/Warsaw",
        digest=Timetable(18 * 60, (0, 1, 2, 3, 4, 5)),
        quiet=Quiet(22 * 60, 7 * 60),
        owner=OLENA,
    )


async def test_a_restart_in_mid_dialogue_loses_nothing(api, store):
    clock = Clock()
    async with chatting(api, store, clock) as before:
        (panel,) = await before.say(OLENA, "/subscribe")
        await before.press(panel, "🔢")
        await before.press(panel, "Своє число: Удари")
        assert "Від якого числа" in panel.text
    async with chatting(api, store, clock) as after:
        after.offset = before.offset
        (told,) = await after.say(OLENA, "17")
        assert told.text == "✅ Збережено: 🔢 Масштаб: від 17 загиблих"
        assert (await store.get(OLENA)).least == {"strike": 17}
        assert "✅ Своє число: Удари…" in panel.buttons
        assert await after.press(panel, "від 50 загиблих") == "Збережено."
    assert (await store.get(OLENA)).least == {"strike": 50}


@pytest.mark.parametrize(
    ("way", "words", "kept"),
    [
        (("🕘", "Свій час"), "8.30", {"digest": Timetable(510)}),
        (("🌙", "Свої години"), "з 23 до 6:15", {"quiet": Quiet(23 * 60, 375)}),
        (("🕰", "Інше місто"), "Торонто", {"zone": "America/Toronto"}),
        (("🕰", "Інше місто"), "Europe/Lisbon", {"zone": "Europe/Lisbon"}),
    ],
)
async def test_own_values_are_written(bot, store, way, words, kept):
    (panel,) = await bot.say(OLENA, "/subscribe")
    for button in way:
        await bot.press(panel, button)
    await bot.say(OLENA, words)
    subscription = await store.get(OLENA)
    assert {name: getattr(subscription, name) for name in kept} == kept


async def test_what_is_no_value_is_told_so_and_asked_on(bot, store):
    (panel,) = await bot.say(OLENA, "/subscribe")
    await bot.press(panel, "🌙")
    await bot.press(panel, "Свої години")
    (told,) = await bot.say(OLENA, "увечері")
    assert "увечері" in told.text
    await bot.say(OLENA, "22-7")
    assert (await store.get(OLENA)).quiet == Quiet(22 * 60, 7 * 60)


async def test_a_misspelt_city_is_offered_by_buttons(bot, store):
    (panel,) = await bot.say(OLENA, "/subscribe")
    await bot.press(panel, "🕰")
    await bot.press(panel, "Інше місто")
    (offer,) = await bot.say(OLENA, "Лисабон")
    await bot.press(offer, "Лісабон")
    assert (await store.get(OLENA)).zone == "Europe/Lisbon"


async def test_a_command_and_a_press_end_the_question(bot, store):
    (panel,) = await bot.say(OLENA, "/subscribe")
    for change_of_mind in ("/about", ""):
        await bot.press(panel, "🔢")
        await bot.press(panel, "Своє число: Удари")
        await (bot.say(OLENA, change_of_mind) if change_of_mind else bot.press(panel, "‹ Назад"))
        await bot.say(OLENA, "17")
        assert (await store.get(OLENA)).least == {}
        await bot.press(panel, "‹ Назад") if change_of_mind else None


async def test_a_question_is_open_for_an_hour(bot, store):
    (panel,) = await bot.say(OLENA, "/subscribe")
    await bot.press(panel, "🔢")
    await bot.press(panel, "Своє число: Удари")
    bot.clock.pass_by(hours=1)
    await bot.say(OLENA, "17")
    assert (await store.get(OLENA)).least == {}


async def test_unsubscribing_is_asked_once_more(bot, store):
    (panel,) = await bot.say(OLENA, "/subscribe")
    await bot.press(panel, "🛑")
    assert await store.get(OLENA) is not None
    await bot.press(panel, "Так")
    assert await store.get(OLENA) is None
    (offer,) = await bot.say(OLENA, "/settings")
    await bot.press(offer, "▶️")
    assert (await store.get(OLENA)).language == "uk"


async def test_the_last_kind_and_the_last_day_stay(bot, store):
    (panel,) = await bot.say(OLENA, "/subscribe удари")
    await bot.press(panel, "📰")
    assert "Хоч щось одне" in await bot.press(panel, "Удари")
    await bot.press(panel, "‹ Назад")
    await bot.press(panel, "🕘")
    await bot.press(panel, "09:00")
    for day in ("пн", "вт", "ср", "чт", "пт", "сб"):
        await bot.press(panel, day)
    assert "Хоч один день" in await bot.press(panel, "нд")
    assert (await store.get(OLENA)).digest == Timetable(540, (6,))


async def test_the_preview_counts_what_the_policy_would_have_brought(api):
    store = await store_with(strike(), strike(facts={"attacker": "RU", "region": "UA-63", "killed": 1}))
    async with chatting(api, store) as bot:
        (panel,) = await bot.say(OLENA, "/subscribe")
        await bot.press(panel, "👀")
        assert "2\u00a0удари, 2 повідомленнями" in panel.text
        await bot.press(panel, "‹ Назад")
        await bot.press(panel, "🔢")
        await bot.press(panel, "від 100 загиблих")
        await bot.press(panel, "‹ Назад")
        await bot.press(panel, "👀")
        assert "не прийшло б нічого" in panel.text


async def test_a_group_is_set_up_by_its_admins_alone_and_a_demoted_one_loses_the_panel(bot, store, api):
    (panel,) = await bot.say(GROUP, "/subscribe")
    assert "не" not in await bot.press(panel, "📰")
    assert "whoever asked" in await bot.press(panel, "Обміни", TARAS)
    api.world.chats[GROUP].admins = frozenset()
    assert "адміністратори" in await bot.press(panel, "Обміни")
    kept = await store.get(GROUP)
    assert (kept.kinds, kept.owner, kept.title) == (("strike", "swap"), OLENA, "Supergroup")


async def test_who_is_no_admin_of_a_group_gets_no_panel(bot, store):
    (refusal,) = await bot.say(GROUP, "/settings", TARAS)
    assert "admins" in refusal.text
    assert refusal.buttons == []


async def test_an_anonymous_admin_asks_and_any_admin_presses(bot, store, api):
    (panel,) = await bot.say(GROUP, "/subscribe", anonymous=True)
    assert "admins" in await bot.press(panel, "📰", TARAS)
    await bot.press(panel, "📰", OLENA)
    await bot.press(panel, "Обміни", OLENA)
    assert (await store.get(GROUP)).kinds == ("strike",)


async def test_in_a_group_an_own_value_is_a_reply(bot, store):
    (panel,) = await bot.say(GROUP, "/subscribe")
    await bot.press(panel, "🔢")
    await bot.press(panel, "Своє число: Удари")
    assert await bot.say(GROUP, "17") == []
    assert await bot.say(GROUP, "18", reply_to=panel.message_id, user=TARAS) == []
    await bot.say(GROUP, "19", reply_to=panel.message_id)
    assert (await store.get(GROUP)).least == {"strike": 19}


async def test_each_topic_has_a_subscription_and_a_panel_of_its_own(bot, store):
    (panel,) = await bot.say(FORUM, "/subscribe удари", thread_id=7)
    assert panel.thread_id == 7
    (general,) = await bot.say(FORUM, "/subscribe обміни")
    assert general.thread_id == 0
    assert [(await store.get(FORUM, thread)).kinds for thread in (7, 0)] == [("strike",), ("swap",)]
    await bot.press(panel, "🛑")
    await bot.press(panel, "Так")
    assert [await store.get(FORUM, thread) is None for thread in (7, 0)] == [True, False]


async def test_a_channel_is_set_up_from_the_private_chat(bot, store):
    (offer,) = await bot.say(OLENA, "/channel @vilna")
    assert "«Channel»" in offer.text
    await bot.press(offer, "▶️")
    await bot.press(offer, "📰")
    await bot.press(offer, "Обміни")
    kept = await store.get(CHANNEL)
    assert (kept.kinds, kept.owner, kept.title, kept.language) == (("strike",), OLENA, "Channel", "uk")
    assert bot.api.shown(CHANNEL) == []
    (listed,) = await bot.say(OLENA, "/channels")
    assert "📣 Channel: Удари" in listed.text
    await bot.press(listed, "Channel")
    assert "Що приходить до «Channel»" in listed.text


async def test_a_channel_is_picked_by_a_button_or_by_a_post_of_it(bot, api):
    (asked,) = await bot.say(OLENA, "/channel")
    assert "/channel @" in asked.text
    api.share(OLENA, CHANNEL, request_id=1)
    await bot.handle()
    assert "«Channel»" in api.shown(OLENA)[-1].text
    await bot.say(OLENA, "/channel")
    (offer,) = await bot.say(OLENA, "новина", origin=api.origin_of_channel(CHANNEL))
    assert "«Channel»" in offer.text


async def test_who_lets_the_bot_into_a_channel_is_asked_once(bot, api, store):
    api.world.chats[CHANNEL].standing = "left"
    api.stand(CHANNEL, "administrator", OLENA)
    await bot.handle()
    (offer,) = api.shown(OLENA)
    await bot.press(offer, "▶️")
    assert (await store.get(CHANNEL)).owner == OLENA
    api.stand(CHANNEL, "left", OLENA)
    api.stand(CHANNEL, "administrator", OLENA)
    await bot.handle()
    assert api.shown(OLENA) == [offer]


async def test_who_has_shut_the_bot_out_is_not_asked(bot, api):
    api.stand(OLENA, "stranger")
    api.world.chats[CHANNEL].standing = "left"
    api.stand(CHANNEL, "administrator", OLENA)
    await bot.handle()
    assert api.shown(OLENA) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"admins": frozenset()}, "лише його адміністратори"),
        ({"posts": False, "edits_others": True}, "Мені не можна там писати"),
        ({"standing": "left"}, "Мені не можна там писати"),
        ({"username": "other"}, "Я не бачу цього чату"),
    ],
)
async def test_a_channel_is_proven_when_it_is_named(bot, api, change, told):
    for name, value in change.items():
        setattr(api.world.chats[CHANNEL], name, value)
    (refusal,) = await bot.say(OLENA, "/channel @vilna")
    assert told in refusal.text
    assert refusal.buttons == []


@pytest.mark.parametrize("change", [{"admins": frozenset()}, {"posts": False, "edits_others": True}])
async def test_a_channel_is_proven_at_every_press_and_word(bot, api, store, change):
    (panel,) = await bot.say(OLENA, "/channel @vilna")
    await bot.press(panel, "▶️")
    await bot.press(panel, "🔢")
    await bot.press(panel, "Своє число: Удари")
    before = await store.get(CHANNEL)
    for name, value in change.items():
        setattr(api.world.chats[CHANNEL], name, value)
    await bot.say(OLENA, "17")
    assert await bot.press(panel, "‹ Назад")
    (listed,) = await bot.say(OLENA, "/channels")
    assert "⚠️ Channel" in listed.text
    assert not any(label.startswith("Channel") for label in listed.buttons)
    assert await store.get(CHANNEL) == before


async def test_a_channel_can_be_left_where_the_bot_may_not_post_any_more(bot, api, store):
    (panel,) = await bot.say(OLENA, "/channel @vilna")
    await bot.press(panel, "▶️")
    await bot.press(panel, "🛑")
    api.world.chats[CHANNEL].posts, api.world.chats[CHANNEL].edits_others = False, True
    await bot.press(panel, "Так")
    assert await store.get(CHANNEL) is None


async def test_another_persons_private_chat_is_nobodys_channel(bot, store):
    await store.save(Subscription(chat_id=TARAS, owner=OLENA, title="Taras"))
    (refusal,) = await bot.say(OLENA, f"/settings {TARAS}")
    assert "приватний чат" in refusal.text
    (listed,) = await bot.say(OLENA, "/channels")
    assert "⚠️ Taras" in listed.text


async def test_in_a_channel_the_panel_is_not_for_everybody_to_see(bot, api):
    (told,) = await bot.say(CHANNEL, "/settings")
    assert "https://t.me/vistka_bot?start=channels" in told.text
    assert told.buttons == []
    (listed,) = await bot.say(OLENA, "/start channels")
    assert "➕ Додати канал" in listed.buttons


async def test_a_panel_is_its_askers_its_chats_and_its_messages(bot, api, store):
    (panel,) = await bot.say(OLENA, "/subscribe")
    (theirs,) = await bot.say(TARAS, "/subscribe")
    token = carried(panel, "Лише підтверджене")
    (other,) = await bot.say(OLENA, "/about")
    for message, user in ((theirs, TARAS), (other, OLENA)):
        assert await bot.send(message, token, user) in (
            "Ця кнопка застаріла. Запитайте ще раз і матимете свіжу.",
            "This button is out of date. Ask again and you get a fresh one.",
        )
    bot.clock.pass_by(hours=48)
    assert "застаріла" in await bot.send(panel, token)
    assert {(await store.get(chat)).unconfirmed for chat in (OLENA, TARAS)} == {"mark"}


async def test_a_press_that_comes_twice_says_the_same(bot, store):
    (panel,) = await bot.say(OLENA, "/subscribe")
    token = carried(panel, "Лише підтверджене")
    for _ in range(2):
        assert await bot.send(panel, token) == "Збережено."
    assert (await store.get(OLENA)).unconfirmed == "hold"
