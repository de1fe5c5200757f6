"""`vistka demo`: a fortnight of bundled news through the daemon's own jobs, shown as a reader would see it."""

from __future__ import annotations

import asyncio
import logging
import signal
from types import FrameType

import click

from bot.adapters.languages import spoken_languages
from bot.adapters.logs import set_up_logs
from bot.adapters.terminal import Terminal
from bot.demo.play import play


@click.command()
@click.option("--language", type=click.Choice(spoken_languages()), default="en", help="Language of the posts.")
def demo(language: str) -> None:
    """Play a fortnight of news (May and June 2025) through the bot: no token and no network needed.

    Invented outlets on this machine publish in English, Ukrainian and Russian; the daemon's own jobs poll, read, join
    and post, and the terminal shows each new post, silent edit and ringing reply.
    """
    set_up_logs(level=logging.ERROR)
    signal.signal(signal.SIGTERM, _interrupt)
    asyncio.run(play(Terminal(highlight=False), language))


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """End as Ctrl-C does, so that the servers, workers and files of the demo go too."""
    signal.raise_signal(signal.SIGINT)


COMMAND: click.Command = demo
