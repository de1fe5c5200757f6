"""How a backlog leaves: the daemon as it is, on SQLite, against a Telegram with limits in another process.

(a) 1,000 posts for 50 groups and channels and 500 people: how near it comes to the least time that the limits allow.
(b) The same while the server answers 429 and 502, cuts connections before and after it accepted, and holds for 8 s.
(c) 10,000 posts for 1,000 people, while four people a second ask and another floods.
`python bench/delivery.py [a|b|c]`, `c 70` to stop after 70 s; see docs/delivery.md.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import structlog
from pydantic import SecretStr
from telegram.ext import ApplicationBuilder

import bot.daemon
from bench.town import CHANNEL, SUPERGROUP, Far, Plan, Tally, far_town, least_seconds, part, stamp
from bot.adapters.store import SqlStore, open_store
from bot.adapters.telegram.lost import MARK
from bot.core.model import Planned
from bot.settings import Settings
from tests.adapters.records import opened
from tests.botapi.server import TOKEN

NO_FEED = """[[source]]
id = "nobody"
name = "Nobody"
type = "rss"
url = "http://127.0.0.1:9/rss"
language = "uk"
tier = "outlet"
side = "UA"
"""
PATIENCE = 1500.0
AT_ONCE = 24
ENOUGH = float(sys.argv[2]) if len(sys.argv) > 2 else PATIENCE  # noqa: PLR2004
"""Seconds after which (c) is not waited for."""


async def fill(store: SqlStore, events: int, chats: Callable[[int], list[int]]) -> Counter[int]:
    """Store events with a post for each of their chats, and return how many each chat is to get."""
    wanted: Counter[int] = Counter()
    for number in range(events):
        plan = tuple(Planned(chat_id, 0, "uk", "post") for chat_id in chats(number))
        wanted.update(each.chat_id for each in plan)
        await opened(store, number, plan, subtype="prisoners", to_ukraine=1000 + number)
    return wanted


@asynccontextmanager
async def daemon(url: str, folder: Path) -> AsyncIterator[None]:
    """Run the daemon as long as the context lasts."""
    (folder / "sources.toml").write_text(NO_FEED)
    settings = Settings(
        telegram_token=SecretStr(TOKEN),
        telegram_api=url,
        database_url=SecretStr(f"sqlite:///{folder}/vistka.sqlite3"),
        sources=folder / "sources.toml",
    )
    stop = asyncio.Event()
    running = asyncio.create_task(bot.daemon.serve(settings, TOKEN, stop))
    try:
        yield
    finally:
        stop.set()
        await running


async def drained(store: SqlStore, town: Far, seconds: float = PATIENCE) -> Tally:
    """Wait until nothing waits any more, and return what the server saw."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while await store.pending():  # noqa: ASYNC110  (another process empties it)
                await asyncio.sleep(1.0)
    tally: Tally = await town.ask("tally")
    return tally


def rate(tally: Tally, wanted: Counter[int]) -> tuple[float, float, float]:
    """Return how long it took, the least that it could, and their ratio."""
    took, least = tally.counted[-1] - tally.counted[0], least_seconds(wanted)
    return took, least, least / took


def two_kinds(plan: Plan) -> Callable[[int], list[int]]:
    """Return the chats of each of ten events: all groups and channels, and a tenth of the people."""
    return lambda number: [*plan.shared, *plan.alone[number::10]]


async def played(
    plan: Plan,
    events: int,
    chats: Callable[[int], list[int]],
    meanwhile: Callable[[Far], Awaitable[None]] | None = None,
    *,
    seconds: float = PATIENCE,
    known: bool = False,
) -> tuple[Tally, Counter[int]]:
    """Fill an outbox, run the daemon until it is empty, and return what the server saw and what was wanted.

    Where the groups and channels are `known`, the bot has met a message there before, as it has after its first day.
    """
    with far_town(plan) as town, tempfile.TemporaryDirectory() as folder:
        url = await town.ask("open")
        store = await open_store(f"sqlite:///{folder}/vistka.sqlite3")
        wanted = await fill(store, events, chats)
        for chat_id in plan.shared if known else ():
            await store.seen(chat_id, 1)
        async with daemon(url, Path(folder)):
            if meanwhile:
                await meanwhile(town)
            tally = await drained(store, town, seconds)
        await store.close()
        return tally, wanted


async def allowed() -> None:
    """Measure (a), and two others on the same load: python-telegram-bot's own limiter, and none at all."""
    plan = Plan()
    tally, wanted = await played(plan, 10, two_kinds(plan), known=True)
    print(f"\n(a) {wanted.total():,} posts for {len(plan.shared)} groups and channels and {len(plan.alone)} people")
    print(f"{'':34}{'seconds':>9}{'of what is allowed':>20}{'429':>7}{'arrived':>9}")
    _row("Vistka, the whole daemon", tally, wanted)
    limiter = _their_limiter()
    if limiter is not None:
        _row("python-telegram-bot, AIORateLimiter", await _bare(plan, wanted, limiter), wanted)
    _row("python-telegram-bot, no limiter", await _bare(plan, wanted, None), wanted)
    print(f"{'the least time that the limits allow':34}{least_seconds(wanted):9.1f}")


def _row(name: str, tally: Tally, wanted: Counter[int]) -> None:
    took, _, share = rate(tally, wanted)
    arrived = sum(map(len, tally.shown.values()))
    print(f"{name:35}{took:8.1f}{share:19.1%}{tally.refused.total():8}{arrived:9}")


def _their_limiter() -> object | None:
    """Return the library's own limiter, which asks for another library; None where that is not installed."""
    try:
        from telegram.ext import AIORateLimiter  # noqa: PLC0415

        return AIORateLimiter(max_retries=20)
    except RuntimeError:
        print("pip install aiolimiter to see AIORateLimiter beside it")
        return None


async def _bare(plan: Plan, wanted: Counter[int], limiter: object | None) -> Tally:
    """Send as many messages with the library alone, again where it was refused, as the server says."""
    with far_town(plan) as town:
        builder = ApplicationBuilder().token(TOKEN).base_url(f"{await town.ask('open')}/bot").job_queue(None)
        application = (builder.rate_limiter(limiter) if limiter else builder).updater(None).build()  # type: ignore[arg-type]
        rounds = [chat for number in range(max(wanted.values())) for chat in wanted if wanted[chat] > number]
        waiting = iter(rounds)

        async def work() -> None:
            for chat in waiting:
                await _sent(application.bot, chat)

        async with application:
            await asyncio.gather(*(work() for _ in range(AT_ONCE)))
        tally: Tally = await town.ask("tally")
        return tally


async def _sent(bot: object, chat: int) -> None:
    from telegram.error import RetryAfter  # noqa: PLC0415

    while True:
        try:
            await bot.send_message(chat, "x" * 240)  # type: ignore[attr-defined]
        except RetryAfter as refusal:
            wait = refusal.retry_after
            await asyncio.sleep(wait.total_seconds() if isinstance(wait, timedelta) else wait)
        else:
            return


async def hard_times() -> None:
    """Measure (b)."""
    plan = Plan(seed=7)
    start = stamp()
    tally, wanted = await played(plan, 10, two_kinds(plan))
    print(f"\n(b) the same with {dict(tally.happened)} at random, settled in {stamp() - start:.0f} s")
    print(f"{'':34}{'wanted':>9}{'arrived':>9}{'lost':>6}{'twice':>7}{'429 of our own':>16}")
    kinds: dict[str, Callable[[int], bool]] = {
        "channels": lambda chat: chat <= CHANNEL,
        "supergroups": lambda chat: CHANNEL < chat <= SUPERGROUP,
        "basic groups": lambda chat: SUPERGROUP < chat < 0,
        "private chats": lambda chat: chat > 0,
    }
    for name, is_such in kinds.items():
        some = [chat for chat in wanted if is_such(chat)]
        whole = sum(wanted[chat] for chat in some)
        stand = [Counter(text for text in tally.shown[chat] if text != MARK.text) for chat in some]
        kept = sum(map(len, stand))
        twice = sum(count - 1 for texts in stand for count in texts.values())
        print(f"{name:34}{whole:9}{kept:9}{whole - kept:6}{twice:7}{tally.refused.total():16}")
    print(f"marks left behind: {sum(texts.count(MARK.text) for texts in tally.shown.values())}")


async def busy_hour() -> None:
    """Measure (c)."""
    plan = Plan(private=1000, groups=0, supergroups=0, channels=0, flood=1000)

    async def meanwhile(town: Far) -> None:
        await asyncio.sleep(5.0)
        await town.ask("live", 60.0)

    tally, wanted = await played(plan, 10, lambda _: plan.alone, meanwhile, seconds=ENOUGH)
    took = tally.counted[-1] - tally.counted[0]
    late = sum(wait == float("inf") for wait in tally.waits)
    print(f"\n(c) {wanted.total():,} posts for {len(wanted):,} people; {tally.flooded:,} updates of one person in 60 s")
    print(
        f"{len(tally.waits)} questions of others: p50 {part(tally.waits, 0.5):.2f} s, p99 {part(tally.waits, 0.99):.2f} s,"
    )
    print(f"  longest {max(tally.waits):.2f} s, without an answer {late}")
    print(f"{len(tally.counted):,} posts and answers left in {took:.0f} s, {len(tally.counted) / took:.1f} a second")
    print(f"{sum(tally.calls.values()):,} requests, 429: {tally.refused.total()} {dict(tally.refused)}")


if __name__ == "__main__":
    import logging

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    logging.disable(logging.CRITICAL)
    gc.set_threshold(50_000)
    chosen = sys.argv[1:2] or ["a", "b", "c"]
    for letter, measure in (("a", allowed), ("b", hard_times), ("c", busy_hour)):
        if letter in chosen:
            asyncio.run(measure())
