"""`vistka replay`: run items given as JSON Lines through the whole pipeline, the clock being theirs.

Items go in by the time they were published (of one time by source and id), whatever order the lines have, because that
is how they would have come in; so the same items give the same bytes, in whatever order they stand and however often.
Predictions are printed in the order of the lines, with the event in which each report stands after the last item. Every
line is answered and every item counts as new, even where an outlet repeats a link or a title. Whose word one is that was
passed on (`via`) is told by the same sources as in the daemon (VISTKA_SOURCES, or the bundled list).
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TextIO, TypeAlias

import click

import bot.core.sources
from bot.adapters.logs import set_up_logs
from bot.adapters.names import load_place_names, load_region_names
from bot.adapters.phrases import load_phrasebooks
from bot.adapters.sources import load_sources
from bot.cli._lines import ItemLines, complain, event_fields, report_fields, write_line
from bot.cli._preview import Preview, Stream
from bot.cli._progress import progress
from bot.cli._reading import load_reader
from bot.cli._recorded import Identity, Recorded
from bot.core.kinds import Kind
from bot.core.model import Event, Item, Source, Subscription
from bot.core.render import Renderer
from bot.intake import Intake
from bot.plugins import discover
from bot.ports import Read
from bot.settings import load_settings

Answers: TypeAlias = Mapping[Identity, Sequence[dict[str, Any]]]

CHAT = 1
"""The preview's only chat."""

_OUTPUT = click.File("w", encoding="utf-8", errors="backslashreplace", lazy=False)


@click.command()
@click.option("--posts", type=_OUTPUT, help="Write the messages it would have sent, as JSON Lines.")
@click.option("--events", type=_OUTPUT, help="Write the events as they stand at the end, as JSON Lines.")
@click.pass_context
def replay(context: click.Context, posts: TextIO | None, events: TextIO | None) -> None:
    """Read items (JSON Lines with at least id, title and published), join them and print reports with event ids.

    A line that is no item is named on standard error and skipped; the exit code is then 1. `vistka items` prints such
    lines out of the database.
    """
    lines = ItemLines(sys.stdin.buffer, complain)
    reader = load_reader().knowing(_sources())
    kinds = {kind.name: kind for kind in reader.kinds}
    with Recorded(reader, complain) as recorded:
        recorded.add(progress(lines, "reading"))
        final = asyncio.run(join_all(recorded.ordered(), recorded, kinds, posts))
        answers = answers_of(final, kinds)
        for identity in recorded.lines():
            write_line({"id": identity[1], "reports": answers.get(identity, [])})
    if events:
        events.writelines(_event_lines(final, kinds))
    if lines.bad or recorded.failed:
        context.exit(1)


def _sources() -> tuple[Source, ...]:
    """Return the sources that an item may have been passed on from: those that the daemon would know."""
    types = [source_type.name for source_type in discover(bot.core.sources, "SOURCE")]
    return load_sources(load_settings().sources, types)


async def join_all(
    items: Sequence[Item], read: Read, kinds: Mapping[str, Kind], posts: TextIO | None = None
) -> Sequence[Event]:
    """Take the items in, one after the other; return the events as they stand then."""
    store = Stream()
    intake = Intake(read, store, kinds.values())
    preview = await _preview(store, intake, posts) if posts else None
    for item in progress(items, "joining", len(items)):
        if preview:
            await preview.pass_until(item.published)
        await intake.take([item])
        if preview:
            await preview.deliver()
    if preview:
        await preview.end()
    events = [event for kind in kinds for event in await store.between(kind, None, None)]
    return sorted(events, key=lambda event: event.id)


async def _preview(store: Stream, intake: Intake, posts: TextIO) -> Preview:
    set_up_logs(level=logging.ERROR)
    renderer = Renderer(load_phrasebooks(load_region_names(), load_place_names()))
    await store.save(Subscription(chat_id=CHAT))
    return Preview(store, intake, renderer, posts)


def answers_of(events: Sequence[Event], kinds: Mapping[str, Kind]) -> Answers:
    """Return what each item reports, in its own order, with the event that each report stands in."""
    answers: defaultdict[Identity, list[dict[str, Any]]] = defaultdict(list)
    placed = [(report, event) for event in events for report in event.reports]
    for report, event in sorted(placed, key=lambda pair: (pair[0].id, pair[1].id)):
        source, item, _ = report.id
        answers[source, item].append({"event": event.id, **report_fields(report, kinds[event.kind])})
    return answers


def _event_lines(events: Sequence[Event], kinds: Mapping[str, Kind]) -> Iterator[str]:
    return (json.dumps(event_fields(event, kinds[event.kind]), ensure_ascii=False) + "\n" for event in events)


COMMAND: click.Command = replay
