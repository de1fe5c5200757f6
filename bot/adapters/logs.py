"""Logs on standard error: for people in a terminal, JSON lines otherwise, and never with a secret in them.

The libraries' own logs take the same way. Secrets known at the start are blotted out wherever they turn up, in a message,
a value or a traceback, because the Bot API carries the token in its address and libraries like to print addresses.
"""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Collection
from typing import IO, Any

import structlog
from structlog.types import EventDict, Processor

from bot.adapters.secrecy import TOKEN, quiet_libraries

BLOT = "[secret]"
_USERINFO = re.compile(r"(?<=://)[^/\s:@]+:[^/\s@]+(?=@)")
CHATTY = ("aiosqlite", "alembic", "pymorphy3")
WARNS_OF_THE_USUAL = "apscheduler"
"""It warns of every tick that finds the last one still running, which is how long work looks here."""


class Blotter(logging.Formatter):
    """A formatter that blots the known secrets, and whatever looks like one, out of another's lines."""

    def __init__(self, inner: logging.Formatter, secrets: Collection[str]) -> None:
        super().__init__()
        self._inner = inner
        self._secrets = tuple(secret for secret in secrets if secret)

    def format(self, record: logging.LogRecord) -> str:
        """Return the line without secrets."""
        return self.blot(self._inner.format(record))

    def blot(self, line: str) -> str:
        """Blot secrets out of a text."""
        for secret in self._secrets:
            line = line.replace(secret, BLOT)
        return _USERINFO.sub(BLOT, TOKEN.sub(BLOT, line))


def set_up_logs(secrets: Collection[str] = (), stream: IO[str] | None = None, level: int = logging.INFO) -> None:
    """Send every log through one handler. Colours only in a terminal, and not where NO_COLOR is set."""
    stream = stream or sys.stderr
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    final = _for_people(stream) if stream.isatty() else _for_machines()
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *final]
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Blotter(formatter, secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    quiet_libraries()
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger(WARNS_OF_THE_USUAL).setLevel(logging.ERROR)


def _for_people(stream: IO[str]) -> list[Processor]:
    colours = stream.isatty() and not os.environ.get("NO_COLOR")
    plain = structlog.dev.plain_traceback
    return [structlog.dev.ConsoleRenderer(colors=colours, exception_formatter=plain)]


def _for_machines() -> list[Processor]:
    return [structlog.processors.format_exc_info, _readable, structlog.processors.JSONRenderer(ensure_ascii=False)]


def _readable(_logger: Any, _name: str, event: EventDict) -> EventDict:
    """Turn values that JSON does not know into text."""
    return {key: value if isinstance(value, str | int | float | None) else str(value) for key, value in event.items()}
