"""`/hold N`: keep an event from every chat that has not got it."""

from __future__ import annotations

from handlers import Command, verdict

COMMAND: Command = verdict("hold", 22)
