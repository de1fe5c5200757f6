"""`vistka replay`: run items given as JSON Lines through the whole pipeline, the clock being theirs.

Items go in by the time they were published, whatever order the lines have, because that is how they would have come in;
predictions are printed in the order of the lines. Every line counts as new, even where an outlet repeats a link or a
title; only a repeated id of one outlet is answered like its first.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import count
from typing import Any, TextIO

import click

from bot.adapters.memory import Memory
from bot.adapters.names import load_place_names, load_region_names
from bot.adapters.phrases import load_phrasebooks
from bot.adapters.reader import ThreadedRead
from bot.cli._lines import ItemLines, complain, event_fields, report_fields, write_line
from bot.cli._progress import progress
from bot.cli._reading import load_reader
from bot.core.kinds import Kind
from bot.core.model import Delivery, Item, Message, Subscription
from bot.core.render import Renderer
from bot.intake import Intake, Taken
from bot.jobs.deliver import digest

CHAT = 1
"""The preview's only chat."""

_OUTPUT = click.File("w", encoding="utf-8", errors="backslashreplace", lazy=False)


class Stream(Memory):
    """A store to which every item of the input is new."""

    async def unseen(self, items: Sequence[Item]) -> tuple[Item, ...]:
        """Return the items as they are."""
        return tuple(items)


class Preview:
    """Delivers to a chat that is a file: one JSON line for each message sent or edited."""

    def __init__(self, store: Memory, render: Renderer, output: TextIO) -> None:
        self._store = store
        self._render = render
        self._output = output
        self._numbers = count(1)

    async def deliver(self, now: datetime) -> None:
        """Send everything that waits."""
        while claimed := await self._store.claim(now, 100):
            for delivery in claimed:
                await self._send(delivery, now)

    async def _send(self, delivery: Delivery, now: datetime) -> None:
        event = await self._store.event(delivery.event_id)
        assert event is not None, "nothing removes events here"
        message = self._render(event, delivery.language, delivery.action)
        shown = digest(message) if delivery.action != "reply" else delivery.content
        number = delivery.message_id if delivery.action == "edit" else next(self._numbers)
        if delivery.action != "edit" or shown != delivery.content:
            self._output.write(json.dumps(_sent(delivery, message, number, now), ensure_ascii=False) + "\n")
        await self._store.sent(delivery, number, shown)


@click.command()
@click.option("--posts", type=_OUTPUT, help="Write the messages it would have sent, as JSON Lines.")
@click.option("--events", type=_OUTPUT, help="Write the events as they stand at the end, as JSON Lines.")
@click.pass_context
def replay(context: click.Context, posts: TextIO | None, events: TextIO | None) -> None:
    """Read items (JSON Lines with at least id, title and published), join them and print reports with event ids.

    A line that is no item is named on standard error and skipped; the exit code is then 1.
    """
    lines = ItemLines(sys.stdin.buffer, complain)
    items = list(lines)
    reader = load_reader()
    store = Stream()
    preview = Preview(store, _renderer(), posts) if posts else None
    taken = asyncio.run(_take(items, Intake(ThreadedRead(reader), store, reader.kinds), store, preview))
    kinds = {kind.name: kind for kind in reader.kinds}
    for item in items:
        write_line(_prediction(item, taken[_identity(item)], kinds))
    if events:
        events.writelines(asyncio.run(_final(store, kinds)))
    errors = [each.error for each in taken.values() if each.error]
    for error in errors:
        complain(error)
    if lines.bad or errors:
        context.exit(1)


async def _take(
    items: Sequence[Item], intake: Intake, store: Memory, preview: Preview | None
) -> dict[tuple[str, str], Taken]:
    if preview:
        await store.save(Subscription(chat_id=CHAT))
    first = {_identity(item): item for item in reversed(items)}
    ordered = sorted(first.values(), key=lambda item: item.published)
    taken: dict[tuple[str, str], Taken] = {}
    for item in progress(ordered, "replaying", len(ordered)):
        summary = await intake.take([item])
        taken[_identity(item)] = summary.taken[0]
        if preview:
            await preview.deliver(item.published)
    return taken


def _renderer() -> Renderer:
    return Renderer(load_phrasebooks(load_region_names(), load_place_names()))


async def _final(store: Memory, kinds: Mapping[str, Kind]) -> Iterator[str]:
    events = [event for kind in kinds.values() for event in await store.between(kind.name, None, None)]
    ordered = sorted(events, key=lambda event: event.id)
    return (json.dumps(event_fields(event, kinds[event.kind]), ensure_ascii=False) + "\n" for event in ordered)


def _identity(item: Item) -> tuple[str, str]:
    return item.source.id, item.id


def _prediction(item: Item, taken: Taken, kinds: Mapping[str, Kind]) -> dict[str, Any]:
    reports = [
        {"event": joining.event.id, **report_fields(joining.report, kinds[joining.report.kind])}
        for joining in taken.joinings
    ]
    return {"id": item.id, "reports": reports}


def _sent(delivery: Delivery, message: Message, number: int, now: datetime) -> dict[str, Any]:
    return {
        "at": now.isoformat(),
        "action": delivery.action,
        "event": delivery.event_id,
        "revision": delivery.revision,
        "message": number,
        "reply_to": delivery.message_id if delivery.action == "reply" else None,
        "silent": message.silent,
        "text": message.text,
    }


COMMAND: click.Command = replay
