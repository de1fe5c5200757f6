"""`/post N`: let an event out to every chat that would want it, confirmed or not."""

from __future__ import annotations

from handlers import Command, verdict

COMMAND: Command = verdict("post", 21)
