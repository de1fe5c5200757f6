"""The mother of all lives: a process that has loaded everything, and forks one for each line that it is sent.

A life is born within milliseconds, so that hundreds can be killed in minutes; each is a process of its own all the same.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
import traceback

from bot.adapters.logs import set_up_logs
from tests.faults.life import Life, born, live, load_once


def main(feeds: str) -> None:
    """Load everything, say so, and bring forth until nobody asks any more; each life says its number first."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    load_once(feeds)
    gc.collect()
    gc.freeze()
    _say("loaded")
    for line in sys.stdin:
        life = born(line)
        number = os.fork()
        if not number:
            _begin(life)
        _say(str(number))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _begin(life: Life) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    code = 0
    try:
        set_up_logs((life.token,))
        asyncio.run(live(life))
    except BaseException:  # noqa: BLE001  (what ends a life too early is told by its stage)
        traceback.print_exc()
        code = 1
    finally:
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main(sys.argv[1])
