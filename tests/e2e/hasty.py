"""The daemon with leases that run out in seconds, and that looks for lost posts at once: run as a program of its own."""

from __future__ import annotations

import asyncio
import signal
from datetime import timedelta

import bot.jobs.deliver
from bot.adapters.logs import set_up_logs
from bot.daemon import serve
from bot.settings import load_settings
from bot.tenure import Pace

HASTY = Pace(renew=0.25, trust=2.0, lasts=5.0, look=0.2)


async def main() -> None:
    """Run until told to stop."""
    settings, stop = load_settings(), asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    assert settings.telegram_token
    await serve(settings, settings.telegram_token.get_secret_value(), stop, pace=HASTY)


if __name__ == "__main__":
    bot.jobs.deliver.SETTLE = timedelta(seconds=1)
    set_up_logs(())
    asyncio.run(main())
