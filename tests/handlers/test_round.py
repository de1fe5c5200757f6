"""The whole round through Telegram: news come in, an admin is asked and presses, posts change, and all can be undone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from telegram import Update

from bot.adapters.memory import Memory
from bot.adapters.store import SqlStore, open_store
from bot.adapters.telegram import Limiter, TelegramPublisher, build_application
from bot.core.model import Item, Subscription
from bot.core.render import Renderer
from bot.intake import Intake
from bot.jobs import Ports
from bot.jobs.deliver import Deliver
from bot.rulings import Rulings
from handlers._telegram import register
from tests.botapi import BotApi, bot_api
from tests.botapi.world import Message
from tests.examples import BOOKS
from tests.handlers.asking import ADMIN, PLUGS, READER, desk
from tests.newsroom import Clock, Script, a_source
from tests.reports import KINDS, at

CAREFUL, OPEN = -1001000000900, -1001000000901
DAY = date(2025, 6, 9)


class Round:
    """A bot between its outlets and the Bot API server, whose time passes at once."""

    def __init__(self, api: BotApi, store: Memory | SqlStore) -> None:
        self.api, self.store, self.clock, self.script = api, store, Clock(), Script()
        self.intake = Intake(self.script, self.store, KINDS.values(), admins=(ADMIN,), language="en")
        rulings = Rulings(self.intake, self.store, self.store, self.clock)
        self.application = build_application(api.token, api.url, Limiter(clock=self._seconds, sleep=self._wait))
        register(self.application, PLUGS, desk(self.store, rulings=rulings))
        self._passed, self._next = 0.0, 0

    def _seconds(self) -> float:
        """Return a time that goes on with every look: a job that waits for it is not kept waiting."""
        self._passed += 0.05
        return self._passed

    async def _wait(self, seconds: float) -> None:
        self._passed += seconds

    async def tell(self, outlet: str, minute: int, killed: int, region: str = "UA-63", **source: Any) -> None:
        """Let an outlet tell of a strike, and bring it to the chats."""
        title = f"{outlet} {minute}"
        self.script.says[title] = {"day": DAY, "facts": {"region": region, "killed": killed}}
        published = at(9) + timedelta(minutes=minute)
        self.clock.time = max(self.clock.time, published)
        text = f"{outlet} {title} has words of its own about {killed} at {minute}"
        await self.intake.take(
            [Item(title, a_source(outlet, **source), "uk", f"https://x.example/{minute}", published, title, text)]
        )
        await self.deliver()

    async def deliver(self) -> None:
        unused: Any = None
        ports = Ports(
            clock=self.clock,
            fetch=unused,
            store=self.store,
            outbox=self.store,
            queries=self.store,
            subscriptions=self.store,
            alarms=self.store,
            diary=self.store,
            kinds=KINDS,
            publish=TelegramPublisher(self.application.bot),
            render=Renderer(BOOKS),
            sources=(),
            polling=unused,
            queue=unused,
        )
        for _ in range(3):
            await Deliver().run(ports)
            self.clock.time += timedelta(minutes=10)

    async def press(self, message: Message, act: str, user: int = ADMIN) -> str:
        """Press the button of a message that does something, and return what the presser is told."""
        buttons = [each for row in message.markup["inline_keyboard"] for each in row]
        carried = [each["callback_data"] for each in buttons if "callback_data" in each]
        meant = {await self.meaning(data): data for data in carried}
        return await self.send(message, next(meant[data] for data in meant if data.split(":")[2] == act), user)

    async def meaning(self, carried: str) -> str:
        """Return what a button means: itself under a post or notice, what is kept of it under an answer."""
        handle = None if ":" in carried else await self.store.handle(carried)
        return handle.data if handle else carried

    async def send(self, message: Message, data: str, user: int = ADMIN) -> str:
        """Send a press with any data, as a changed client may, and return what the presser is told."""
        query = self.api.press(message.chat_id, message.message_id, data, user)
        await self.handle()
        return str(self.api.methods.answers[query].get("text", ""))

    async def say(self, text: str, user: int = ADMIN) -> str:
        """Write to the bot in private, and return its answer."""
        before = len(self.api.shown(user))
        self.api.say(user, text, user)
        await self.handle()
        return self.api.shown(user)[before].text

    async def handle(self) -> None:
        for raw in await self.api.updates.poll(self._next):
            self._next = raw["update_id"] + 1
            await self.application.process_update(Update.de_json(raw, self.application.bot))
        await self.deliver()

    def posts(self, chat: int) -> list[Message]:
        return [message for message in self.api.shown(chat) if not message.reply_to]


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with bot_api() as server:
        server.person(ADMIN, "Admin", language="en")
        server.person(READER, "Reader", language="uk")
        server.channel(CAREFUL)
        server.channel(OPEN)
        yield server


@pytest.fixture(params=["memory", "sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Memory | SqlStore]:
    store = Memory() if request.param == "memory" else await open_store(f"sqlite:///{tmp_path / 'vistka.sqlite3'}")
    yield store
    if isinstance(store, SqlStore):
        await store.close()


@pytest.fixture
async def bot(api: BotApi, store: Memory | SqlStore) -> AsyncIterator[Round]:
    bot = Round(api, store)
    await bot.store.save(Subscription(chat_id=CAREFUL, language="en", unconfirmed="hold"))
    await bot.store.save(Subscription(chat_id=OPEN, language="uk", unconfirmed="mark"))
    async with bot.application:
        yield bot


async def test_a_held_event_is_posted_by_an_admin_and_that_can_be_undone(bot: Round) -> None:
    await bot.tell("Берег", 0, killed=3)
    (notice,) = bot.api.shown(ADMIN)
    assert "one source so far" in notice.text
    assert bot.posts(CAREFUL) == []
    assert "goes out" in await bot.press(notice, "post")
    (post,) = bot.posts(CAREFUL)
    assert "3 killed" in post.text
    assert "let out by an editor" in notice.text
    assert bot.api.shown(ADMIN) == [notice]
    assert "taken back" in await bot.press(notice, "undo")
    assert "not confirmed" in notice.text
    assert [logged.ruling.act for logged in await bot.store.rulings() if logged.undone_by == ADMIN] == ["post"]
    assert bot.posts(CAREFUL) == [post]


async def test_pressing_twice_does_nothing_twice(bot: Round) -> None:
    await bot.tell("Берег", 0, killed=3)
    (notice,) = bot.api.shown(ADMIN)
    for _ in range(3):
        await bot.send(notice, "desk:1:post")
    assert len(bot.posts(CAREFUL)) == len(await bot.store.rulings()) == 1
    for _ in range(3):
        await bot.send(notice, "desk:1:undo:1")
    assert len(await bot.store.rulings()) == 1


async def test_what_is_no_event_is_withdrawn_in_every_copy_and_restored_by_an_undo(bot: Round) -> None:
    await bot.tell("Рада", 0, killed=3, tier="official", side="UA")
    before = [bot.posts(chat)[0].html for chat in (CAREFUL, OPEN)]
    assert "withdrawn" in await bot.say("/reject 1")
    for chat in (CAREFUL, OPEN):
        (post,) = bot.posts(chat)
        assert "<s>" in post.html
    answer = bot.api.shown(ADMIN)[-1]
    await bot.press(answer, "revert")
    assert "taken back" in answer.text
    assert answer.buttons == []
    assert [bot.posts(chat)[0].html for chat in (CAREFUL, OPEN)] == before


async def test_two_events_are_merged_through_the_neighbours_and_parted_by_an_undo(bot: Round) -> None:
    await bot.tell("Рада", 0, killed=3, tier="official", side="UA")
    await bot.tell("Сусіди", 5, killed=4, region="UA-59", tier="official", side="UA")
    before = [post.html for post in bot.posts(OPEN)]
    await bot.send(bot.posts(OPEN)[1], "say:2:duplicate", READER)
    (notice,) = bot.api.shown(ADMIN)
    await bot.press(notice, "merge")
    question = bot.api.shown(ADMIN)[-1]
    assert question.reply_to == notice.message_id
    assert "event 1" in await bot.press(question, "into")
    assert "/event_1" in bot.posts(OPEN)[1].html
    await bot.press(question, "revert")
    assert [post.html for post in bot.posts(OPEN)] == before


async def test_a_report_is_split_off_and_its_event_posted(bot: Round) -> None:
    await bot.tell("Берег", 0, killed=3)
    await bot.tell("Слобода", 5, killed=3)
    (post,) = bot.posts(OPEN)
    assert "2. " in await bot.say("/why 1")
    assert "event 2" in await bot.say("/split 1 2")
    assert len(bot.posts(OPEN)) == 2
    assert "Слобода" not in post.text
    await bot.say("/undo")
    assert "Слобода" in post.text


async def test_a_figure_is_corrected_in_every_copy_and_marked(bot: Round) -> None:
    await bot.tell("Рада", 0, killed=33, tier="official", side="UA")
    before = bot.posts(CAREFUL)[0].html
    assert "killed: 3" in await bot.say("/correct 1 killed 3")
    assert "3 killed" in bot.posts(CAREFUL)[0].text
    assert "corrected" in bot.posts(CAREFUL)[0].text
    assert "виправила редакція" in bot.posts(OPEN)[0].text
    await bot.say("/undo")
    assert bot.posts(CAREFUL)[0].html == before


async def test_a_reader_complains_once_and_the_admin_hears_of_it(bot: Round) -> None:
    await bot.tell("Рада", 0, killed=3, tier="official", side="UA")
    (post,) = bot.posts(OPEN)
    assert len(post.buttons) == 5
    assert "Дякую. Хтось" in await bot.press(post, "wrong", READER)
    (notice,) = bot.api.shown(ADMIN)
    assert "readers complain" in notice.text
    assert "wrong × 1" in notice.text
    assert "вже" in await bot.press(post, "wrong", READER)
    await bot.press(post, "duplicate", READER)
    assert "duplicate × 1" in notice.text
    assert bot.api.shown(ADMIN) == [notice]


async def test_nobody_else_presses_a_notice_wherever_it_stands(bot: Round) -> None:
    await bot.tell("Берег", 0, killed=3)
    (notice,) = bot.api.shown(ADMIN)
    (post,) = bot.posts(OPEN)
    assert await bot.send(notice, "desk:1:post", READER) == "Це можуть лише редактори бота."
    assert "застаріла" in await bot.send(post, "desk:1:post", READER)
    assert bot.posts(CAREFUL) == []
    assert "редактори" in await bot.say("/post 1", READER)


async def test_what_a_notice_carries_is_believed_under_that_notice_alone(bot: Round) -> None:
    await bot.tell("Берег", 0, killed=3)
    await bot.say("/why 1")
    for elsewhere in (bot.posts(OPEN)[0], bot.api.shown(ADMIN)[-1]):
        assert "out of date" in await bot.send(elsewhere, "desk:1:post")
    assert bot.posts(CAREFUL) == []


async def test_a_press_that_is_too_old_to_be_answered_is_acted_on(bot: Round) -> None:
    await bot.tell("Берег", 0, killed=3)
    (notice,) = bot.api.shown(ADMIN)
    query = bot.api.press(ADMIN, notice.message_id, "desk:1:post", ADMIN)
    bot.api.methods.queries.discard(query)
    await bot.handle()
    assert len(bot.posts(CAREFUL)) == 1


async def test_a_button_of_a_notice_that_is_gone_does_its_work(bot: Round) -> None:
    await bot.tell("Берег", 0, killed=3)
    (notice,) = bot.api.shown(ADMIN)
    del bot.api.world.chats[ADMIN].messages[notice.message_id]
    assert "goes out" in await bot.send(notice, "desk:1:post")
    bot.api.press(ADMIN, 999, "desk:1:hold", ADMIN)
    await bot.handle()
    assert len(await bot.store.rulings()) == 1
